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
from atomlens.training.datasets import TEST, TRAIN, Examples
from atomlens.training.labelled import Labelled, read_labelled
from atomlens.training.labels.kinds import KINDS, MOVED
from atomlens.training.organic import ORGANIC, ORGANIC_DIPOLE
from atomlens.training.qm9 import read_qm9, read_smiles

T = TypeVar("T")
#: Displaced geometries that organic models are judged by, and how much they may cost, eV.
FOREIGN_PAIRS, FOREIGN_COST_EV = 3000, 6.0


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
    """Geometries, in pairs, of another kind than a model's data, with energies.

    name: of the set; level: of its energies; what: of which difference of each pair the error is measured.
    """

    name: str
    level: str
    what: str
    conformers: Conformers


def source_of(card: Card, data: Path) -> Source:
    """The molecules of the model's data set, from the folder `data`.

    Raises `InputError` for a model whose data set is not known here, `CheckpointError` where its files are missing.
    """
    return entry_of(_SOURCES, card)(card, data)


def foreign_of(card: Card, data: Path) -> Foreign:
    """Molecules of another kind for an energy model; raises as `source_of`."""
    return entry_of(_FOREIGN, card)(card, data)


def entry_of(entries: dict[str, T], card: Card) -> T:
    """What there is for the model's data set; raises `InputError` where it is not among the entries."""
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
    ids = tuple(f"gdb_{number}" for number in examples.ids.tolist())
    return Sample(examples.batch, ids, tuple(read_smiles(data, examples.ids)), _perceived(examples.batch))


def _perceived(batch: Batch) -> Callable[[int], Bonds]:
    """Bonds of molecule m by its geometry."""

    def bonds(m: int) -> Bonds:
        atoms = slice(batch.offsets[m], batch.offsets[m + 1])
        return perceive(batch.numbers[atoms], batch.positions[atoms]).bonds

    return bonds


def _openff(card: Card, data: Path) -> Foreign:
    """Neutral molecules of the model's elements, most of them larger than any of QM9."""
    conformers = read_openff(data, np.array(card.elements))
    return Foreign(
        "OpenFF industry set, neutral molecules of the model's elements",
        "B3LYP-D3BJ/DZVP",
        "energy of a conformer relative to the lowest of its molecule",
        conformers,
    )


def _organic(card: Card, data: Path) -> Source:
    """One geometry of every molecule that is near a minimum; of test molecules up to three conformers."""
    labelled = read_labelled(data)
    # what is displaced is no environment to show; a free atom is none
    near = np.flatnonzero((labelled.cost == 0.0) & (np.diff(labelled.batch.offsets) > 1))
    near = near[~np.isin(labelled.kind[near], [KINDS.index("dimer")])]
    if card.quantity == "dipole":
        near = near[np.isfinite(labelled.dipole[near]).all(1)]
    train, test = (_first(labelled, near[labelled.split[near] == split], n) for split, n in ((TRAIN, 1), (TEST, 3)))
    name = "OpenFF conformers and small molecules"
    return Source(name, "MIT", _organic_sample(labelled, train), _organic_sample(labelled, test))


def _first(labelled: Labelled, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The first `count` of these rows of every molecule."""
    order = rows[np.argsort(labelled.molecule[rows], kind="stable")]
    molecule = labelled.molecule[order]
    starts = np.flatnonzero(np.r_[True, molecule[1:] != molecule[:-1]])
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return np.sort(order[place < count])


def _organic_sample(labelled: Labelled, rows: NDArray[np.int64]) -> Sample:
    part = labelled.select(rows)
    smiles = tuple(str(labelled.smiles[m]) for m in part.molecule)
    ids = tuple(
        f"openff_{record}" if record >= 0 else name for record, name in zip(part.ids.tolist(), smiles, strict=True)
    )
    return Sample(part.batch, ids, smiles, _perceived(part.batch))


def _displaced(card: Card, data: Path) -> Foreign:
    """Held-out molecules beside their displaced geometries, up to bonds half torn."""
    labelled = read_labelled(data)
    # totals too are compared: where the anchor has none of the data's level, there is nothing to compare
    held = (labelled.split != TRAIN) & labelled.absolute
    anchors = np.flatnonzero(held & (labelled.kind == KINDS.index("anchor")))
    anchor_of = dict(zip(labelled.group[anchors].tolist(), anchors.tolist(), strict=True))
    moved = held & np.isin(labelled.kind, MOVED)
    rows = np.flatnonzero(moved & (labelled.cost < FOREIGN_COST_EV) & np.isin(labelled.group, list(anchor_of)))
    rows = rows[spaced(len(rows), FOREIGN_PAIRS)]
    pairs = np.stack([[anchor_of[g] for g in labelled.group[rows].tolist()], rows], 1).reshape(-1)
    energies = labelled.energy[pairs]
    batch = labelled.select(pairs).batch
    return Foreign(
        "held-out molecules and their displaced geometries",
        "GFN2-xTB",
        "what a displacement costs above its anchor",
        Conformers(batch, energies),
    )


_SOURCES: dict[str, Callable[[Card, Path], Source]] = {
    "QM9": _qm9,
    ORGANIC.title: _organic,
    ORGANIC_DIPOLE.title: _organic,
}
_FOREIGN: dict[str, Callable[[Card, Path], Foreign]] = {"QM9": _openff, ORGANIC.title: _displaced}


def spaced(n: int, wanted: int) -> NDArray[np.int64]:
    """At most `wanted` of n indices, evenly spaced."""
    return np.unique(np.linspace(0, n - 1, min(wanted, n)).astype(np.int64))
