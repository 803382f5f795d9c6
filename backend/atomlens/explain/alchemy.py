"""Alchemical paths: a molecule turns into another, λ from 0 to 1, and every model says what that costs.

- change of element at a site, A → B: SchNet begins with (1−λ) a_A + λ a_B; Behler–Parrinello lets the site count
  (1−λ) Z_A + λ Z_B in its neighbours' functions, and takes (1−λ) E_A(G) + λ E_B(G) at the site; references
  (1−λ) ε_A + λ ε_B.
- an atom fades: its messages (its weight in every symmetry function) and its own energy count w, from 1 to 0 or from
  0 to 1. Charges are q_i = w_i [raw_i − (Σ_j w_j raw_j − Q) / Σ_j w_j].

Both ends are real molecules, and the path gives exactly what the models give for them.
Source: arXiv:1806.10349.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.charges import dipole_vectors, masses_of
from atomlens.networks.protocol import AtomicModel, Batch, Mixture

Fade = Literal["out", "in"]

#: Steps of a path, both ends included.
MIN_STEPS, MAX_STEPS = 2, 201


@dataclass(frozen=True)
class Change:
    """What happens to one atom: it becomes another element, or it fades. atom: counted from 0; to: atomic number."""

    atom: int
    to: int | None = None
    fade: Fade | None = None


@dataclass(frozen=True, eq=False)
class Path:
    """Changes of a molecule, all at once. end_positions: (n_atoms, 3) Å at λ = 1, or None where nothing moves."""

    molecule: Molecule
    changes: tuple[Change, ...]
    steps: int
    end_positions: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Raises `MalformedInput` for a path that is none."""
        n = len(self.molecule)
        if not self.changes:
            raise MalformedInput("A path needs at least one change.", field="changes")
        if not MIN_STEPS <= self.steps <= MAX_STEPS:
            raise MalformedInput(f"A path has {MIN_STEPS} to {MAX_STEPS} steps.", field="steps")
        atoms = [change.atom for change in self.changes]
        for change in self.changes:
            if not 0 <= change.atom < n:
                raise MalformedInput(f"There is no atom {change.atom}: atoms count from 0 to {n - 1}.", field="changes")
            if (change.to is None) == (change.fade is None):
                raise MalformedInput(
                    f"Atom {change.atom} either becomes another element (to) or fades (out or in).", field="changes"
                )
        if len(set(atoms)) < len(atoms):
            raise MalformedInput("An atom changes once on a path.", field="changes")
        for fade, end in (("out", "end"), ("in", "beginning")):
            if sum(change.fade == fade for change in self.changes) == n:
                raise MalformedInput(f"No atom is left at the {end} of the path.", field="changes")
        if self.end_positions is not None and (
            self.end_positions.shape != (n, 3) or not np.isfinite(self.end_positions).all()
        ):
            raise MalformedInput(f"The end positions are {n} rows of three numbers, Å.", field="end_positions")

    @property
    def elements(self) -> tuple[int, ...]:
        """Atomic numbers at either end."""
        others = [change.to for change in self.changes if change.to is not None]
        return tuple(sorted({*self.molecule.numbers.tolist(), *others}))

    @property
    def lambdas(self) -> NDArray[np.float64]:
        """(steps,) 0 to 1."""
        return np.linspace(0.0, 1.0, self.steps)

    def mixture(self, lambdas: NDArray[np.float64] | None = None) -> Mixture:
        """The molecule at every λ as one batch; `lambdas`: in place of the path's own."""
        n, lambdas = len(self.molecule), self.lambdas if lambdas is None else lambdas
        others = self.molecule.numbers.copy()
        shares, weights = np.zeros((len(lambdas), n)), np.ones((len(lambdas), n))
        for change in self.changes:
            if change.to is not None:
                others[change.atom] = change.to
                shares[:, change.atom] = lambdas
            else:
                weights[:, change.atom] = lambdas if change.fade == "in" else 1.0 - lambdas
        start = self.molecule.positions
        end = start if self.end_positions is None else self.end_positions
        positions = (1.0 - lambdas)[:, None, None] * start + lambdas[:, None, None] * end
        batch = Batch(
            np.tile(self.molecule.numbers, len(lambdas)),
            positions.reshape(-1, 3),
            np.arange(len(lambdas) + 1, dtype=np.int64) * n,
            np.full(len(lambdas), self.molecule.charge, dtype=np.int64),
        )
        return Mixture(batch, np.tile(others, len(lambdas)), shares.reshape(-1), weights.reshape(-1))


@dataclass(frozen=True, eq=False)
class PathPrediction:
    """One model's answer along a path.

    totals: (steps,) eV with references, or debye; excess: (steps,) totals less the straight line between the ends;
    contributions: (steps, n_atoms) eV or e, each times the weight of its atom; references: likewise, eV, None for a
    dipole model; vectors: (steps, 3) debye, None for an energy model; spread: (steps,) standard deviation of the
    members' totals, None for one member.
    """

    model: str
    checkpoint: str
    quantity: str
    totals: NDArray[np.float64]
    contributions: NDArray[np.float64]
    references: NDArray[np.float64] | None
    vectors: NDArray[np.float64] | None
    spread: NDArray[np.float64] | None

    @property
    def excess(self) -> NDArray[np.float64]:
        """References of elements differ by hundreds of eV: what is left of the curve without its straight line."""
        lambdas = np.linspace(0.0, 1.0, len(self.totals))
        straight: NDArray[np.float64] = (1.0 - lambdas) * self.totals[0] + lambdas * self.totals[-1]
        return self.totals - straight

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Alchemy)."""

        def listed(values: NDArray[np.float64] | None) -> list[Any] | None:
            return None if values is None else values.tolist()

        energy = self.quantity == "energy"
        return {
            "model": self.model,
            "checkpoint": self.checkpoint,
            "property": self.quantity,
            "unit": "eV" if energy else "debye",
            "contribution_unit": "eV" if energy else "e",
            "energies": listed(self.totals) if energy else None,
            "dipoles": None if energy else listed(self.totals),
            "excess": listed(self.excess),
            "contributions": listed(self.contributions),
            "references": listed(self.references),
            "vectors": listed(self.vectors),
            "spread": listed(self.spread),
        }


def follow(model: AtomicModel, path: Path) -> PathPrediction:
    """Total and contributions along a path, in double precision; raises `UnknownElement`."""
    mixture, shape = path.mixture(), (path.steps, len(path.molecule))
    found = model.mixed(mixture)
    weights = mixture.weights
    references = vectors = None
    if model.quantity == "energy":
        first, second = (model.reference_energies[n] for n in (mixture.batch.numbers, mixture.others))
        references = (weights * ((1.0 - mixture.shares) * first + mixture.shares * second)).reshape(shape)
        members = weights * found.outputs
        totals = members.reshape(-1, *shape).sum(2) + references.sum(1)
        contributions = found.weights @ members
        total = contributions.reshape(shape).sum(1) + references.sum(1)
    else:
        members, masses = _charges(found.outputs, mixture), _masses(mixture)
        contributions = found.weights @ members
        totals = np.linalg.norm(dipole_vectors(members, mixture.batch, masses), axis=2)
        vectors = dipole_vectors(contributions[None], mixture.batch, masses)[0]
        total = np.linalg.norm(vectors, axis=1)
    return PathPrediction(
        model=model.name,
        checkpoint=model.checkpoint_hash,
        quantity=model.quantity,
        totals=total,
        contributions=contributions.reshape(shape),
        references=references,
        vectors=vectors,
        spread=totals.std(0, ddof=1) if model.n_members > 1 else None,
    )


def _charges(raw: NDArray[np.float64], mixture: Mixture) -> NDArray[np.float64]:
    """(n_members, n_atoms) q_i = w_i [raw_i − (Σ_j w_j raw_j − Q) / Σ_j w_j]."""
    starts, sizes = mixture.batch.offsets[:-1], np.diff(mixture.batch.offsets)
    weights = mixture.weights
    surplus = np.add.reduceat(weights * raw, starts, axis=1) - mixture.batch.charges
    correction = surplus / np.add.reduceat(weights, starts)
    charges: NDArray[np.float64] = weights * (raw - np.repeat(correction, sizes, axis=1))
    return charges


def _masses(mixture: Mixture) -> NDArray[np.float64]:
    """(n_atoms,) as much of both elements' masses as there is of the atom; the moment of an ion depends on them."""
    first, second = masses_of(mixture.batch.numbers), masses_of(mixture.others)
    mixed: NDArray[np.float64] = mixture.weights * ((1.0 - mixture.shares) * first + mixture.shares * second)
    return mixed


def describe(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """JSON-ready form of changes: `{"atom", "to"}` or `{"atom", "fade"}`."""
    return [
        {"atom": change.atom, "to": SYMBOLS[change.to]}
        if change.to is not None
        else {"atom": change.atom, "fade": change.fade}
        for change in changes
    ]
