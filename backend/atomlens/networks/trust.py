"""The error that is to be expected of an energy, from what its model says of itself.

Two signs go together: that the members of an ensemble disagree, and that environments are unlike those of the training
data. With S the calibrated spread of the members' totals, s_i the spread of a contribution, d_i the distance of an
environment to the training environments and D_Z the 99 % quantile of that distance among held-out atoms of the element
(`networks.environments`), the variance of the error is taken to be

    σ² = a S² + b Σ_i (d_i / D_Z)⁴ = Σ_i ε_i²,    ε_i² = a S² s_i² / Σ_j s_j² + b (d_i / D_Z)⁴.

a and b are fitted on molecules of another kind than the training data (`training.trust`) and stand on the model's card:
on differences of conformers, in which what the members disagree about is mostly common to both. Of a total the spread
is the error to be expected among molecules like the training data, so that no total is expected to err less, σ ≥ S.
A model of geometries at rest alone says of its own accord nothing about what a geometry that is no minimum costs. How
wrong it is in those of a force field was measured (`training.strain`): an error whose standard deviation grows with the
number of atoms n, which is added to that of every geometry that is not known to be a minimum,

    σ² = ... + c² n².

Errors are taken to follow Laplace's distribution of that standard deviation, for they have long tails: one beyond x has
the probability exp(−√2 x / σ).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Of the distance, in units of D_Z.
POWER = 4
#: Energies beyond which an error is one, kcal/mol.
ERROR = 5.0
#: Probabilities of an error beyond it up to which a molecule counts as like the training data, or as unusual.
LIKELY = (0.05, 0.25)
#: Quantile of the held-out distances that is D_Z.
FAMILIAR = 0.99


@dataclass(frozen=True)
class ErrorScales:
    """spread: a; distance: b, eV²; atoms: of a molecule of the data set, on average; strain: c, eV, of models of
    geometries at rest alone.
    """

    spread: float
    distance: float
    atoms: float
    strain: float = 0.0


@dataclass(frozen=True, eq=False)
class ExpectedError:
    """In eV²: what the ensemble's spread and the distances of environments add to σ², by atom (n_atoms,); least: S²;
    strain: of the whole.
    """

    spread: NDArray[np.float64]
    distance: NDArray[np.float64]
    least: float
    strain: float = 0.0

    @classmethod
    def of(
        cls,
        scales: ErrorScales,
        spread: float,
        spreads: NDArray[np.float64],
        ratios: NDArray[np.float64],
        at_rest: bool = True,
    ) -> ExpectedError:
        """spread: S in eV; spreads: (n_atoms,) s_i in eV, zeros for one member; ratios: (n_atoms,) d_i / D_Z; at_rest:
        whether the geometry may be a minimum.
        """
        shares = spreads**2 / max(float((spreads**2).sum()), 1e-300)
        strain = 0.0 if at_rest else (scales.strain * len(ratios)) ** 2
        return cls(scales.spread * spread**2 * shares, scales.distance * ratios**POWER, spread**2, strain)

    @property
    def atoms(self) -> NDArray[np.float64]:
        """(n_atoms,) ε_i, eV."""
        return np.sqrt(self.spread + self.distance)

    @property
    def total(self) -> float:
        """σ of the total, eV."""
        return float(np.sqrt(max(self.announced, self.least) + self.strain))

    @property
    def announced(self) -> float:
        """Σ ε_i², eV²."""
        return float(self.spread.sum() + self.distance.sum())


def beyond(sigma: NDArray[np.float64] | float, error: float) -> NDArray[np.float64]:
    """Probability that an error of standard deviation sigma is larger than this; both of one unit."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(-np.sqrt(2.0) * error / np.asarray(sigma, dtype=np.float64)))
