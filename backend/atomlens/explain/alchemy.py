"""Alchemical paths: a molecule turns into another, λ from 0 to 1, and every model says what that costs.

- change of element at a site, A → B: SchNet begins with (1−λ) a_A + λ a_B; Behler–Parrinello lets the site count
  (1−λ) Z_A + λ Z_B in its neighbours' functions, and takes (1−λ) E_A(G) + λ E_B(G) at the site; references
  (1−λ) ε_A + λ ε_B.
- an atom fades: its messages (its weight in every symmetry function) and its own energy count w, from 1 to 0 or from
  0 to 1. Charges are q_i = w_i [raw_i − (Σ_j w_j raw_j − Q) / Σ_j w_j].

A path may have several stages, one after another; at their borders too it passes through real molecules. There the path
gives exactly what the models give for them.
Source: arXiv:1806.10349.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.check import check_closed_shell, check_no_crystal
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import EDITED, Geometry, Molecule, check_positions
from atomlens.errors import InputError, MalformedInput, UnsupportedMolecule
from atomlens.explain.prediction import explain_all
from atomlens.networks.charges import dipole_vectors, masses_of
from atomlens.networks.grades import Trust
from atomlens.networks.protocol import AtomicModel, Batch, Mixture

Fade = Literal["out", "in"]

#: Steps of a path, both ends included.
MIN_STEPS, MAX_STEPS = 2, 201
#: One after another.
MAX_STAGES = 8


@dataclass(frozen=True)
class Change:
    """What happens to one atom in a stage of a path: it becomes another element, or it fades.

    atom, stage: counted from 0; to: atomic number.
    """

    atom: int
    to: int | None = None
    fade: Fade | None = None
    stage: int = 0


@dataclass(frozen=True, eq=False)
class Path:
    """Changes of a molecule, those of a stage all at once; every stage takes an equal part of λ from 0 to 1.

    end_positions: (n_atoms, 3) Å at λ = 1, or None where nothing moves.
    """

    molecule: Molecule
    changes: tuple[Change, ...]
    steps: int
    end_positions: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Raises `MalformedInput` for a path that is none, `UnsupportedMolecule` for a crystal."""
        check_no_crystal(self.molecule)
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
        if len({(change.atom, change.stage) for change in self.changes}) < len(self.changes):
            raise MalformedInput("An atom changes once in a stage.", field="changes")
        stages = {change.stage for change in self.changes}
        if stages != set(range(len(stages))) or len(stages) > MAX_STAGES:
            raise MalformedInput(
                f"The stages of a path count from 0 without a gap, and are at most {MAX_STAGES}.", field="changes"
            )
        for atom in set(atoms):
            self._check_atom([change for change in self._in_order if change.atom == atom])
        there = self._borders()[1]
        if not there.any(axis=1).all():
            raise MalformedInput(
                f"No atom is left at the {self._place(int(np.argmin(there.any(axis=1))))} of the path.", field="changes"
            )
        if self.end_positions is not None and (
            self.end_positions.shape != (n, 3) or not np.isfinite(self.end_positions).all()
        ):
            raise MalformedInput(f"The end positions are {n} rows of three numbers, Å.", field="end_positions")
        if self.end_positions is not None:
            self._check_positions(there)

    def _check_positions(self, there: NDArray[np.bool_]) -> None:
        """Raise `MalformedInput` where atoms coincide at the border of a stage; there: as of `_borders`."""
        # of two atoms that trade places one may be where the other was
        for border in range(1, self.n_stages + 1):
            remain = np.flatnonzero(there[border])
            try:
                check_positions(self._positions(border / self.n_stages)[remain], remain)
            except InputError as error:
                field = "end_positions"
                raise MalformedInput(error.message, code=error.code, field=field, hint=error.hint) from error

    @staticmethod
    def _check_atom(changes: Sequence[Change]) -> None:
        """Raise `MalformedInput` where what an atom does in later stages does not follow from the earlier ones."""
        for place, change in enumerate(changes):
            before = changes[place - 1].fade if place else None
            fades_in_late = change.fade == "in" and place > 0 and before != "out"
            if fades_in_late or (before == "out" and change.fade != "in"):
                raise MalformedInput(
                    f"Atom {change.atom} fades in where it is there already, or changes where it is not.",
                    field="changes",
                )

    def _place(self, border: int) -> str:
        """Of `_borders`, in words."""
        return "beginning" if border == 0 else "end" if border == self.n_stages else f"end of stage {border - 1}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Where on the way there is no molecule that the networks could know: electrons are left unpaired."""
        found = []
        for border, (numbers, there) in enumerate(zip(*self._borders(), strict=True)):
            try:
                check_closed_shell(numbers[there], self.molecule.charge)
            except UnsupportedMolecule as error:
                note = f"At the {self._place(border)} of the path: {error.message}"
                found.append(note)
        return tuple(found)

    @property
    def _in_order(self) -> list[Change]:
        return sorted(self.changes, key=lambda change: change.stage)

    @property
    def n_stages(self) -> int:
        """One or more."""
        return 1 + max(change.stage for change in self.changes)

    def _borders(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Atomic numbers, and which atoms are there, at the borders of the stages: (n_stages + 1, n_atoms) each."""
        numbers = np.tile(self.molecule.numbers, (self.n_stages + 1, 1))
        there = np.ones(numbers.shape, dtype=np.bool_)
        for change in self._in_order:
            after = slice(change.stage + 1, None)
            if change.to is not None:
                numbers[after, change.atom] = change.to
            elif change.fade == "out":
                there[after, change.atom] = False
            else:
                if not any(other.atom == change.atom and other.stage < change.stage for other in self.changes):
                    there[: change.stage + 1, change.atom] = False
                there[after, change.atom] = True
        return numbers, there

    def molecules(self) -> list[Molecule]:
        """Those at the borders of the stages, without bonds where atoms have changed: nobody says which remain."""
        found = []
        for border, (numbers, there) in enumerate(zip(*self._borders(), strict=True)):
            positions = self._positions(border / self.n_stages)
            same = there.all() and np.array_equal(numbers, self.molecule.numbers)
            if same and np.array_equal(positions, self.molecule.positions):
                found.append(self.molecule)
                continue
            bare = replace(self.molecule, bonds=(), smiles="", name="", geometry=Geometry(EDITED))
            found.append(replace(bare, numbers=numbers[there], positions=positions[there]))
        return found

    def _positions(self, share: float) -> NDArray[np.float64]:
        """(n_atoms, 3) Å at λ = share, of all atoms, there or not."""
        if self.end_positions is None:
            return self.molecule.positions
        between: NDArray[np.float64] = (1.0 - share) * self.molecule.positions + share * self.end_positions
        return between

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
        numbers, there = self._borders()
        stage = np.minimum((lambdas * self.n_stages).astype(np.int64), self.n_stages - 1)
        part = (lambdas * self.n_stages - stage)[:, None]
        first, second = numbers[stage], numbers[stage + 1]
        shares = np.where(first == second, 0.0, part)
        weights = (1.0 - part) * there[stage] + part * there[stage + 1]
        positions = np.stack([self._positions(share) for share in lambdas.tolist()])
        batch = Batch(
            first.reshape(-1),
            positions.reshape(-1, 3),
            np.arange(len(lambdas) + 1, dtype=np.int64) * n,
            np.full(len(lambdas), self.molecule.charge, dtype=np.int64),
        )
        return Mixture(batch, second.reshape(-1), shares.reshape(-1), weights.reshape(-1))


@dataclass(frozen=True, eq=False)
class PathPrediction:
    """One model's answer along a path.

    stages: of the path; totals: (steps,) eV with references, or debye; excess: (steps,) totals less the straight lines
    between the molecules at the ends of the stages;
    contributions: (steps, n_atoms) eV or e, each times the weight of its atom; references: likewise, eV, None for a
    dipole model; vectors: (steps, 3) debye, None for an energy model; spread: (steps,) standard deviation of the
    members' totals, None for one member; border_trust: of the molecules at the borders of the stages, each None where
    the model grades nothing. On the way there are no molecules that could be graded.
    """

    model: str
    checkpoint: str
    quantity: str
    stages: int
    totals: NDArray[np.float64]
    contributions: NDArray[np.float64]
    references: NDArray[np.float64] | None
    vectors: NDArray[np.float64] | None
    spread: NDArray[np.float64] | None
    border_trust: tuple[Trust | None, ...]

    @property
    def excess(self) -> NDArray[np.float64]:
        """References of elements differ by hundreds of eV: what is left of the curve without its straight lines."""
        lambdas, borders = np.linspace(0.0, 1.0, len(self.totals)), np.linspace(0.0, 1.0, self.stages + 1)
        straight = np.interp(lambdas, borders, np.interp(borders, lambdas, self.totals))
        excess: NDArray[np.float64] = self.totals - straight
        return excess

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
            "border_trust": [None if trust is None else trust.of_molecule() for trust in self.border_trust],
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
        stages=path.n_stages,
        totals=total,
        contributions=contributions.reshape(shape),
        references=references,
        vectors=vectors,
        spread=totals.std(0, ddof=1) if model.n_members > 1 else None,
        border_trust=tuple(found.trust for found in explain_all(model, path.molecules())),
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
    """JSON-ready form of changes: `{"atom", "to"}` or `{"atom", "fade"}`, with "stage" after the first."""
    return [
        {
            "atom": change.atom,
            **({"fade": change.fade} if change.to is None else {"to": SYMBOLS[change.to]}),
            **({"stage": change.stage} if change.stage else {}),
        }
        for change in changes
    ]
