"""What a model learned from and was tested on, and molecules of another kind to judge it by: the one place that knows
data sets by the name on a card (``data.name``). Another data set is another entry of `_SOURCES` and, where there are
molecules of another kind for its models, of `_FOREIGN`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.bonds import perceive
from atomlens.chem.constitution import Bonds
from atomlens.errors import InputError
from atomlens.networks.card import Card
from atomlens.networks.protocol import Batch
from atomlens.training.conformer_pairs import Conformers, read_openff
from atomlens.training.datasets import Examples
from atomlens.training.qm9 import read_qm9, read_smiles

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Sample:
    """Molecules of a data set. ids and smiles: one a molecule, no SMILES where none is known; bonds: of molecule m."""

    batch: Batch
    ids: tuple[str, ...]
    smiles: tuple[str, ...]
    bonds: Callable[[int], Bonds]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Source:
    """Training and test molecules of a model; name and licence of the data set."""

    name: str
    licence: str
    train: Sample
    test: Sample


@dataclass(frozen=True, eq=False)
class Foreign:
    """Conformers of another kind than a model's data, with energies; name: of the set; level: of its energies."""

    name: str
    level: str
    conformers: Conformers


def source_of(card: Card, data: Path) -> Source:
    """The molecules of the model's data set, from the folder `data`.

    Raises `InputError` for a model whose data set is not known here, `CheckpointError` where its files are missing.
    """
    return _entry(_SOURCES, card)(card, data)


def foreign_of(card: Card, data: Path) -> Foreign:
    """Molecules of another kind for an energy model; raises as `source_of`."""
    return _entry(_FOREIGN, card)(card, data)


def _entry(entries: dict[str, Callable[[Card, Path], T]], card: Card) -> Callable[[Card, Path], T]:
    name = card.raw.get("data", {}).get("name")
    if name not in entries:
        known = ", ".join(entries)
        raise InputError(
            f"There is no reader of the molecules that {card.name} learned from: {name or 'its card names none'}.",
            code="unknown_data",
            hint=f"There are readers for models of {known}.",
        )
    return entries[name]


def _qm9(card: Card, data: Path) -> Source:
    splits = read_qm9(data, card.quantity)
    return Source("QM9", "CC0", _qm9_sample(data, splits.train), _qm9_sample(data, splits.test))


def _qm9_sample(data: Path, examples: Examples) -> Sample:
    """Bonds are perceived from the geometry, when they are asked for: some milliseconds each."""
    batch = examples.batch

    def bonds(m: int) -> Bonds:
        atoms = slice(batch.offsets[m], batch.offsets[m + 1])
        return perceive(batch.numbers[atoms], batch.positions[atoms]).bonds

    ids = tuple(f"gdb_{number}" for number in examples.ids.tolist())
    return Sample(batch, ids, tuple(read_smiles(data, examples.ids)), bonds)


def _openff(card: Card, data: Path) -> Foreign:
    """Neutral molecules of the model's elements, most of them larger than any of QM9."""
    conformers = read_openff(data, np.array(card.elements))
    return Foreign("OpenFF industry set, neutral molecules of the model's elements", "B3LYP-D3BJ/DZVP", conformers)


_SOURCES: dict[str, Callable[[Card, Path], Source]] = {"QM9": _qm9}
_FOREIGN: dict[str, Callable[[Card, Path], Foreign]] = {"QM9": _openff}


def spaced(n: int, wanted: int) -> NDArray[np.int64]:
    """At most `wanted` of n indices, evenly spaced."""
    return np.unique(np.linspace(0, n - 1, min(wanted, n)).astype(np.int64))
