"""What a training asks of a data set: molecules with targets in three parts, and what a card says of them.

A data set is a module of its own that describes itself as a `DataSet` (`training.qm9`, `training.crystals`); the
recipe names it, ``[data] set = "qm9"``, and `training.catalogue` knows it by that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch, Quantity

#: Parts of a data set, where a file numbers them.
TRAIN, VALIDATION, TEST = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Examples:
    """Molecules with their targets.

    batch: the molecules; targets: (M,) energy in eV, or |μ| in debye; auxiliary: (M,) energy of another level in eV,
    of energies alone; ids: (M,) of the source. NaN is no value.
    """

    batch: Batch
    targets: NDArray[np.float64]
    auxiliary: NDArray[np.float64]
    ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.targets)

    def select(self, molecules: NDArray[np.int64]) -> Examples:
        """Those with these indices."""
        return Examples(
            self.batch.select(molecules), self.targets[molecules], self.auxiliary[molecules], self.ids[molecules]
        )


@dataclass(frozen=True, eq=False)
class Splits:
    """The three parts of a data set. Figures are reported on `test`, selection uses `validation` alone."""

    train: Examples
    validation: Examples
    test: Examples


@dataclass(frozen=True)
class Figure:
    """How errors are reported: times `factor` (from eV or debye), in `unit`; per atom, they are trained so too."""

    factor: float
    unit: str
    per_atom: bool = False

    def shares(self, batch: Batch) -> NDArray[np.float64]:
        """(M,) what the error of each total counts: 1, or 1 over its number of atoms."""
        return 1.0 / np.diff(batch.offsets) if self.per_atom else np.ones(len(batch))

    def scales(self, batch: Batch) -> NDArray[np.float64]:
        """(M,) factors by which errors of the totals (eV or debye) are multiplied to be reported."""
        return self.factor * self.shares(batch)


class Reader(Protocol):
    """Reads the parts of a data set in a folder; raises `CheckpointError` where a file is missing."""

    def __call__(self, folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
        """auxiliary: whether molecules that have only the auxiliary target train too."""


@dataclass(frozen=True, eq=False)
class Target:
    """One quantity of a data set, as cards describe it.

    noun: for the description of a model; target: what exactly it is; limits: what models of it cannot do; published:
    of each family, a figure by others (mae, unit, target, train, source).
    """

    noun: str
    target: str
    figure: Figure
    limits: tuple[str, ...]
    published: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def _no_more(folder: Path, test: Examples, errors: NDArray[np.float64]) -> dict[str, Any]:
    return {}


def _totals_alone(
    folder: Path, model: TrainedModel, validation: Examples, errors: NDArray[np.float64]
) -> NDArray[np.float64]:
    return errors


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set that describes itself.

    key: its name in recipes; title: its name on cards, by which a released model finds it again; level: of theory;
    split: how its parts were made; targets: the quantities that it has; auxiliary: the auxiliary target (target,
    source), where it has one; free_atom_energies: eV by atomic number, of its own level, empty where unknown;
    breakdown: figures from the errors (folder, test examples, signed errors as reported); further: figures that ask the
    model for more (model, folder); judged: by what the members of an ensemble are weighed, (n_members, M') errors from
    (folder, model, validation examples, (n_members, M) signed errors of the totals); dipole_vectors: of some molecules
    (ids, debye vectors in the frame of the positions), by which the sign of charges is fixed where |μ| alone is
    trained; dipole_components: of some molecules (ids, (M, 3) debye along the axes of
    `training.dipole_components.charge_axes`, of unknown sign); charges: reference charges (folder, indices among the
    molecules of dipole_vectors); periodic: whether it is of crystals.
    """

    key: str
    title: str
    level: str
    licence: str
    source: str
    split: str
    read: Reader
    targets: Mapping[Quantity, Target]
    auxiliary: Mapping[str, str] | None = None
    free_atom_energies: Mapping[int, float] = field(default_factory=dict)
    breakdown: Callable[[Path, Examples, NDArray[np.float64]], dict[str, Any]] = _no_more
    further: Callable[[TrainedModel, Path], dict[str, Any]] | None = None
    judged: Callable[[Path, TrainedModel, Examples, NDArray[np.float64]], NDArray[np.float64]] = _totals_alone
    dipole_vectors: Callable[[Path], tuple[NDArray[np.int64], NDArray[np.float64]]] | None = None
    dipole_components: Callable[[Path], tuple[NDArray[np.int64], NDArray[np.float64]]] | None = None
    charges: Callable[[Path, NDArray[np.int64]], NDArray[np.float64]] | None = None
    periodic: bool = False

    def target(self, quantity: Quantity) -> Target:
        """Of that quantity; raises `CheckpointError` where the data set has none."""
        try:
            return self.targets[quantity]
        except KeyError:
            raise CheckpointError(f"{self.title} has no {quantity}: it has {', '.join(self.targets)}.") from None


def require(*paths: Path) -> None:
    """Raise `CheckpointError` for the first file that is not there."""
    for path in paths:
        if not path.is_file():
            raise CheckpointError(
                f"The training data {path} is not there.", hint="Set `folder` under [data] in the recipe."
            )


def concatenated(data: Mapping[str, NDArray[np.generic]]) -> Batch:
    """A file's concatenated molecules: ``n_atoms`` (M,), ``numbers`` (sum n,), ``positions`` (sum n, 3) in Å."""
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))]).astype(np.int64)
    return Batch(
        data["numbers"].astype(np.int64),
        data["positions"].astype(np.float64),
        offsets,
        np.zeros(len(offsets) - 1, dtype=np.int64),
    )


def element_counts(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Atomic numbers (n_elements,), and how many atoms of each every molecule has (M, n_elements)."""
    elements = np.unique(batch.numbers)
    molecule = np.repeat(np.arange(len(batch)), np.diff(batch.offsets))
    counts = np.zeros((len(batch), len(elements)))
    np.add.at(counts, (molecule, np.searchsorted(elements, batch.numbers)), 1.0)
    return elements, counts


def reference_energies(batch: Batch, energies: NDArray[np.float64]) -> NDArray[np.float64]:
    """ε_Z in eV by atomic number (119,), NaN for absent elements: least squares over compositions.

    energies: (M,) eV; molecules without one (NaN) are left out. Where compositions leave the references
    undetermined, the solution of minimum norm.
    """
    known = np.isfinite(energies)
    elements, counts = element_counts(batch)
    solution = np.linalg.lstsq(counts[known], energies[known], rcond=None)[0]
    references = np.full(119, np.nan)
    references[elements] = solution
    return references
