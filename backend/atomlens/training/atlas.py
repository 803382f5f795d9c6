"""The atlas of a model (`networks.atlas`), made from the test and training molecules of its data.

Distributions are of all atoms of the test molecules. The training atoms kept are a sample: of each molecule at most one
atom of an environment, and of each environment of an element as many as `ATOMS` atoms allow, at most `OF_A_GROUP`, so
that rare ones stand beside common ones. Molecules whose constitution is not known are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.atom_groups import ATOM_GROUPS, OTHER, groups_of_atoms
from atomlens.chem.constitution import Bonds
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.rings import RINGS
from atomlens.chem.smiles import read_smiles, without_stereochemistry
from atomlens.errors import InputError
from atomlens.networks.atlas import ATLAS, PERCENTS, atlas_bytes
from atomlens.networks.card import CARD, Card
from atomlens.networks.checkpoint import load
from atomlens.networks.environments import elements, reduced
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.training.in_blocks import blocks
from atomlens.training.sources import Sample, Source, source_of, spaced

#: Training atoms kept in all, and of one environment.
ATOMS, OF_A_GROUP = 10_000, 250
#: Training molecules among which they are chosen, evenly spaced.
TRAINING_MOLECULES = 4_000
BINS = 48
Progress = Callable[[float], None]


def make_atlas(folder: Path, data: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Make the atlas of the model in `folder` and put it beside its card; what the card says of it.

    data: folder of the data sets. Raises `InputError` for a model without statistics of its training environments, or
    whose data set nobody here can read.
    """
    return write_atlas(folder, source_of(Card.read(folder), data), progress)


def write_atlas(folder: Path, source: Source, progress: Progress = lambda _: None) -> dict[str, Any]:
    """The same, of the molecules given."""
    model = load(folder)
    if not elements(model.environments):
        raise InputError(
            f"{model.name} keeps no statistics of its environments.", hint=f"atomlens environments {model.name}"
        )
    test = _Typed.of(model, source.test, range(len(source.test)), lambda share: progress(0.55 * share))
    rings = _ring_molecules(model, source.train, source.test)
    chosen = spaced(len(source.train), TRAINING_MOLECULES).tolist()
    train = _Typed.of(model, source.train, chosen, lambda share: progress(0.55 + 0.45 * share))
    kept = _thinned(train)
    molecules = np.unique(train.molecule[kept])
    place = train.place[kept]
    shown, there = [train.molecules[m] for m in molecules], [train.source[m] for m in molecules]
    ids, smiles = [source.train.ids[m] for m in there], [source.train.smiles[m] for m in there]
    for name, (sample, m) in rings.items():
        shown.append(_molecule(sample, m))
        ids.append(sample.ids[m])
        smiles.append(RINGS[name])
    groups = {symbol: [*ATOM_GROUPS.get(symbol, {}), OTHER] for symbol in (SYMBOLS[z] for z in model.elements)}
    codes = [groups[SYMBOLS[z]].index(g) for z, g in zip(train.numbers[kept], train.groups[kept], strict=True)]
    atoms = np.stack([train.numbers[kept], np.array(codes), np.searchsorted(molecules, train.molecule[kept]), place], 1)
    meta = {
        "model": model.name,
        "checkpoint": model.checkpoint_hash,
        "unit": model.card.contribution_unit,
        "data": source.name,
        "licence": source.licence,
        "molecules": len(test.molecules),
        "groups": groups,
        "elements": {SYMBOLS[z]: _distribution(test, z) for z in np.unique(test.numbers).tolist()},
        "ids": ids,
        "smiles": smiles,
        "rings": {name: len(molecules) + k for k, name in enumerate(rings)},
    }
    file = atlas_bytes(meta, atoms, train.values[kept], train.reduced[kept], shown)
    (folder / ATLAS).write_bytes(file)
    return _on_card(folder, model.card, source.name, source.licence, len(atoms), len(shown), file)


def _on_card(
    folder: Path, card: Card, name: str, licence: str, n_atoms: int, n_molecules: int, file: bytes
) -> dict[str, Any]:
    entry = {
        "sha256": hashlib.sha256(file).hexdigest(),
        "checkpoint": card.checkpoint_hash,
        "bytes": len(file),
        "training_atoms": n_atoms,
        "molecules": n_molecules,
        "contains": f"identifiers and coordinates of {name} ({licence}), answers of the model; no reference energies",
    }
    # as it is now: making the atlas took minutes
    text = json.dumps({**Card.read(folder).raw, "atlas": entry}, indent=2, ensure_ascii=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")
    return entry


class _Typed:
    """Atoms of some molecules with their environments and what the model makes of them.

    source: (n_molecules,) indices of the molecules in their sample.
    numbers, groups, values, molecule (index among `molecules`), place: (n_atoms,); reduced: (n_atoms, k).
    """

    def __init__(
        self, model: TrainedModel, batch: Batch, source: list[int], molecules: list[tuple[Any, Any, Bonds]]
    ) -> None:
        self.source, self.molecules = source, molecules
        self.numbers = batch.numbers
        self.molecule = np.repeat(np.arange(len(batch)), np.diff(batch.offsets))
        self.place = np.arange(len(batch.numbers)) - batch.offsets[self.molecule]
        self.groups = np.array([name for numbers, _, bonds in molecules for name in groups_of_atoms(numbers, bonds)])
        values, places = [], []
        for part in blocks(batch):
            outputs = model.outputs(part)
            values.append(_contributions(model, part, outputs.mean))
            places.append(reduced(model.environments, part.numbers, outputs.representation))
        self.values, self.reduced = np.concatenate(values), np.concatenate(places)

    @classmethod
    def of(cls, model: TrainedModel, sample: Sample, molecules: Iterable[int], progress: Progress) -> _Typed:
        """Those of these molecules whose constitution is known."""
        chosen = [m for m in molecules if sample.smiles[m]]
        read = []
        for k, m in enumerate(chosen):
            read.append(_molecule(sample, m))
            progress((k + 1) / len(chosen))
        return cls(model, sample.batch.select(chosen), chosen, read)


def _molecule(sample: Sample, m: int) -> tuple[NDArray[np.int64], NDArray[np.float64], Bonds]:
    atoms = slice(sample.batch.offsets[m], sample.batch.offsets[m + 1])
    return sample.batch.numbers[atoms], sample.batch.positions[atoms], sample.bonds(m)


def _contributions(model: TrainedModel, batch: Batch, outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """e_i in eV, or charges in e made neutral."""
    if model.quantity == "energy":
        return outputs
    sizes = np.diff(batch.offsets)
    excess = np.add.reduceat(outputs, batch.offsets[:-1]) - batch.charges
    return outputs - np.repeat(excess / sizes, sizes)


def _thinned(train: _Typed) -> NDArray[np.int64]:
    """Indices of the training atoms that are kept."""
    kinds = [f"{z} {group}" for z, group in zip(train.numbers.tolist(), train.groups.tolist(), strict=True)]
    _, kind = np.unique(kinds, return_inverse=True)
    # one atom of a kind from each molecule, the molecules in an order that means nothing
    order = np.random.default_rng(0).permutation(len(train.molecules))[train.molecule]
    _, first = np.unique(np.stack([kind, order]), axis=1, return_index=True)
    counts = np.bincount(kind[first])
    most = OF_A_GROUP
    while most > 1 and np.minimum(counts, most).sum() > ATOMS:
        most -= 1
    kept = [mine[:most] for mine in np.split(first, np.cumsum(counts)[:-1])]
    return np.sort(np.concatenate(kept))


def _distribution(test: _Typed, z: int) -> dict[str, Any]:
    mine = test.numbers == z
    values, groups = test.values[mine], test.groups[mine]
    low, high = np.quantile(values, [0.001, 0.999]).tolist()
    edges = np.linspace(low, high, BINS + 1)
    tables = []
    for name in [*ATOM_GROUPS.get(SYMBOLS[z], {}), OTHER]:
        chosen = values[groups == name]
        if len(chosen):
            smarts = ATOM_GROUPS.get(SYMBOLS[z], {}).get(name)
            tables.append({"name": name, "smarts": smarts, **_table(chosen, edges)})
    return {"edges": _digits(edges), **_table(values, edges), "groups": tables}


def _table(values: NDArray[np.float64], edges: NDArray[np.float64]) -> dict[str, Any]:
    # the few beyond the ends count in the first and the last step
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    return {
        "n": len(values),
        "mean": _digits(values.mean()),
        "sd": _digits(values.std()),
        "quantiles": _digits(np.percentile(values, PERCENTS)),
        "counts": counts.tolist(),
    }


def _digits(values: Any) -> Any:
    return np.round(values, 5).tolist()


def _ring_molecules(model: TrainedModel, *samples: Sample) -> dict[str, tuple[Sample, int]]:
    """The rings of `chem.rings` that the data set has, by name."""
    rings = {name: read_smiles(smiles, max_atoms=100) for name, smiles in RINGS.items()}
    wanted = {ring.smiles: name for name, ring in rings.items() if set(ring.numbers.tolist()) <= set(model.elements)}
    sizes = {len(ring) for ring in rings.values()}
    found: dict[str, tuple[Sample, int]] = {}
    for sample in samples:
        for m in np.flatnonzero(np.isin(np.diff(sample.batch.offsets), list(sizes))).tolist():
            name = wanted.get(without_stereochemistry(sample.smiles[m])) if sample.smiles[m] else None
            if name is not None:
                found.setdefault(name, (sample, m))
    return found
