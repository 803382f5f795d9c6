"""Whether a crystal takes as much room as its elements do in the crystals that a model has learned from.

A model of relaxed crystals has seen none that is blown up or pressed: its energy there falls or rises by chance, and
its members agree. Elements have no volume of their own: magnesium's atom takes 23 Å³ in the metal, and 19 with an
oxygen. Lengths of bonds are more constant, once it is counted how many there are: the sum of bond valences of a site,

    s_i = Σ_j w_ij exp((R_ij − d_ij) / b),   R_ij = r_i + r_j + δ_ij,

is an element's own (Pauling, J. Am. Chem. Soc. 69, 542 (1947), for metals; Brown, Altermatt, Acta Cryst. B41, 244
(1985), for salts, with b = 0.37 Å for all pairs). Here it need not be a number of electrons: r, δ and the usual ln s
are what fits the training crystals best (`training.volumes`). Neighbours that a third atom stands before have no bond:
w_ij is the screening of Baskes, Mater. Chem. Phys. 50, 152 (1997). So b (ln s − ln s_i) is by how much bonds of a site
are longer than usual, and the mean over the sites, as a share of the mean distance of nearest neighbours, how much a
crystal is stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.sites import nearest

#: Å, of bond valences.
SOFTNESS = 0.37
#: Neighbours of a site that are looked at; those beyond have others before them.
NEIGHBOURS = 24
#: The ellipse through a third atom (C of Baskes): below the first the bond is screened, from the second on it is not.
#: Cations of rock salt have C = 1 for the anion between them, second neighbours in bcc and CsCl have 2.
SCREENED, FREE = 1.2, 1.6


@dataclass(frozen=True, eq=False)
class Volumes:
    """radii: (119,) r in Å by atomic number, NaN for unknown ones; sums: (119,) the usual b ln s, Å; pairs: (119, 119)
    δ in Å; stretches: between the first two a stretch is usual, beyond the last two it is outside.
    """

    radii: NDArray[np.float64]
    sums: NDArray[np.float64]
    pairs: NDArray[np.float64]
    stretches: tuple[float, float, float, float]

    def stretch(self, numbers: NDArray[np.int64], positions: NDArray[np.float64], cell: NDArray[np.float64]) -> float:
        """1, and the share of their length by which bonds of a crystal are longer than usual; NaN for unknown elements.

        numbers: (n_atoms,); positions: (n_atoms, 3); cell: (3, 3) Å.
        """
        neighbours, distances, weights = bonds(positions, cell)
        other = numbers[neighbours]
        usual = self.radii[numbers][:, None] + self.radii[other] + self.pairs[numbers[:, None], other]
        longer = self.sums[numbers] - SOFTNESS * log_sums(usual - distances, weights)
        return float(1.0 + longer.sum() / distances[:, 0].sum())

    def grade(self, numbers: NDArray[np.int64], positions: NDArray[np.float64], cell: NDArray[np.float64]) -> int:
        """0 for a usual volume, 1 for an unusual one, 2 for one outside of all; arguments as above."""
        stretch = self.stretch(numbers, positions, cell)
        low, high, least, most = self.stretches
        if low <= stretch <= high:
            return 0
        return 1 if least <= stretch <= most else 2


def bonds(
    positions: NDArray[np.float64], cell: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Of every site the neighbours, nearest first, their distances in Å and what weight their bonds have: (n_atoms,
    NEIGHBOURS) each. positions: (n_atoms, 3); cell: (3, 3) Å."""
    neighbours, distances, vectors = nearest(positions, cell, NEIGHBOURS)
    return neighbours, distances, np.clip((_ellipses(distances, vectors) - SCREENED) / (FREE - SCREENED), 0.0, 1.0)


def log_sums(longer: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_atoms,) ln Σ_j w_ij exp(x_ij / b). longer: (n_atoms, NEIGHBOURS) x in Å; weights: as many."""
    top = longer[:, :1]
    sums = (weights * np.exp((longer - top) / SOFTNESS)).sum(1)
    return np.asarray(np.log(np.maximum(sums, np.finfo(float).tiny)) + top[:, 0] / SOFTNESS)


def _ellipses(distances: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_atoms, n) C of every bond, for the third atom that is most between its ends; infinite where none is.

    distances: (n_atoms, n) Å; vectors: (n_atoms, n, 3) Å, to the neighbours.
    """
    squares = distances**2
    # of bond j and the third atom k, squared distances of k from both ends by that between these
    here = squares[:, None, :] / squares[:, :, None]
    there = 1.0 + here - 2.0 * np.einsum("njx,nkx->njk", vectors, vectors) / squares[:, :, None]
    apart = (here - there) ** 2
    beside = apart < 1.0 - 1e-9
    found = np.where(beside, (2.0 * (here + there) - apart - 1.0) / np.where(beside, 1.0 - apart, 1.0), np.inf)
    own = np.arange(distances.shape[1])
    found[:, own, own] = np.inf
    return np.asarray(found.min(2))
