"""The plan: the anchors about which geometries are displaced.

Sources: `small` molecules that a class knows (relaxed with GFN2-xTB, their energy from `dft`), `conformer` and
`large`: conformers of the OpenFF set up to 25 atoms and beyond, with the set's energies, `piece`: pieces cut from
training conformers of the set, and `qm9`: molecules of QM9; the last two without an energy of the set's level.
`simple`: the small molecules of up to four atoms once more, whose few bonds are to be known at every length.
`cage`: other molecules of QM9, with rings of three; there are more ways to strain them than `qm9` has of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.names import entries
from atomlens.chem.pieces import pieces
from atomlens.chem.smiles import read_smiles, without_stereochemistry
from atomlens.errors import InputError
from atomlens.training.datasets import TRAIN
from atomlens.training.labels.anchors import ELEMENTS, Anchor, Plan
from atomlens.training.labels.recipe import LabelRecipe
from atomlens.training.openff import Conformers, read_conformers, split_of

#: Atoms up to which a conformer is a small one, and above which none is displaced.
SMALL, LARGEST = 25, 50
#: Atoms of a molecule that is simple.
SIMPLE = 4
#: Heavy atoms of a piece, and bonds that are cut at a time.
PIECE_SIZES, CUTS = range(2, 10), 4


def make_plan(recipe: LabelRecipe) -> Plan:
    """The anchors of a recipe; the small molecules are relaxed here, which takes some minutes."""
    conformers = read_conformers(recipe.data)
    rng = np.random.default_rng(recipe.seed)
    parts = {
        "small": lambda: _small(recipe),
        "conformer": lambda: _conformers(conformers, "conformer", range(SMALL + 1), rng),
        "large": lambda: _conformers(conformers, "large", range(SMALL + 1, LARGEST + 1), rng),
        "piece": lambda: _pieces(conformers, rng),
        "qm9": lambda: _qm9(recipe.data, rng),
    }
    anchors: list[Anchor] = []
    for source in (source for source in recipe.counts if source in parts):
        anchors.extend(islice(parts[source](), _wanted(recipe, source)))
    mixed = [anchors[k] for k in rng.permutation(len(anchors))]
    # behind the others, with random numbers of their own: those stay what they are where a recipe asks for these
    cages = islice(
        caged_molecules(recipe.data, mixed, np.random.default_rng([recipe.seed, 1])), _wanted(recipe, "cage")
    )
    return Plan([*mixed, *_simple(mixed)[: _wanted(recipe, "simple")], *cages])


def _wanted(recipe: LabelRecipe, source: str) -> int:
    return recipe.counts.get(source, {"anchors": 0})["anchors"]


def _simple(anchors: list[Anchor]) -> list[Anchor]:
    chosen = (a for a in anchors if a.source == "small" and len(a.numbers) <= SIMPLE)
    return [replace(anchor, source="simple") for anchor in chosen]


def _small(recipe: LabelRecipe) -> Iterator[Anchor]:
    from atomlens.training.labels.xtb import NoLabel, relaxed

    done: set[str] = set()
    for smiles in (*recipe.molecules, *(entry.smiles for entry in entries())):
        plain = without_stereochemistry(smiles)
        if plain in done:
            continue
        done.add(plain)
        try:
            molecule = read_smiles(smiles, SMALL)
        except InputError:
            continue  # a salt, a radical, or without a geometry: none of them can be drawn in the page either
        heavy = int((molecule.numbers > 1).sum())
        if heavy > recipe.heavy_atoms or not set(molecule.numbers.tolist()) <= ELEMENTS or molecule.charge:
            continue
        try:
            positions = relaxed(molecule.numbers, molecule.positions)
        except NoLabel:
            positions = molecule.positions
        bonds = np.array([row[:2] for row in molecule.bonds], dtype=np.int64).reshape(-1, 2)
        yield Anchor("small", plain, molecule.numbers, positions, bonds)


def _conformers(conformers: Conformers, source: str, sizes: range, rng: np.random.Generator) -> Iterator[Anchor]:
    """One conformer of every molecule first, then further ones."""
    order = rng.permutation(np.flatnonzero(np.isin(conformers.n_atoms, list(sizes))))
    rounds = np.zeros(len(order), dtype=np.int64)
    seen: dict[int, int] = {}
    for place, k in enumerate(order.tolist()):
        molecule = int(conformers.molecule[k])
        rounds[place] = seen[molecule] = seen.get(molecule, -1) + 1
    for k in order[np.argsort(rounds, kind="stable")].tolist():
        yield _conformer(conformers, source, k)


def _conformer(conformers: Conformers, source: str, k: int) -> Anchor:
    atoms = slice(conformers.offsets[k], conformers.offsets[k + 1])
    bonds = slice(conformers.bond_offsets[k], conformers.bond_offsets[k + 1])
    return Anchor(
        source,
        conformers.smiles[conformers.molecule[k]],
        conformers.numbers[atoms],
        conformers.positions[atoms],
        conformers.bonds[bonds, :2],
        float(conformers.energies[k]),
        int(conformers.ids[k]),
    )


def _pieces(conformers: Conformers, rng: np.random.Generator) -> Iterator[Anchor]:
    """Those with the rarer elements first."""
    _, first = np.unique(conformers.molecule, return_index=True)
    found: dict[str, Anchor] = {}
    for k in first[conformers.split[first] == TRAIN].tolist():
        atoms = slice(conformers.offsets[k], conformers.offsets[k + 1])
        bonds = slice(conformers.bond_offsets[k], conformers.bond_offsets[k + 1])
        cut = pieces(
            conformers.numbers[atoms],
            conformers.positions[atoms],
            conformers.bonds[bonds],
            conformers.formal_charges[atoms],
            rng,
            heavy_atoms=PIECE_SIZES,
            cuts=CUTS,
        )
        for piece in cut:
            if piece.smiles not in found and len(piece.numbers) <= SMALL:
                found[piece.smiles] = Anchor("piece", piece.smiles, piece.numbers, piece.positions, piece.bonds)
    common = {1, 6, 7, 8}
    yield from sorted(found.values(), key=lambda anchor: set(anchor.numbers.tolist()) <= common)


def _qm9(folder: Path, rng: np.random.Generator) -> Iterator[Anchor]:
    with np.load(folder / "qm9.npz") as file:
        data = {key: file[key] for key in ("ids", "n_atoms", "numbers", "positions", "smiles_derived")}
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))])
    for k in rng.permutation(len(data["ids"])).tolist():
        text = str(data["smiles_derived"][k])
        if not text or "." in text:
            continue
        atoms = slice(offsets[k], offsets[k + 1])
        numbers, positions = data["numbers"][atoms].astype(np.int64), data["positions"][atoms].astype(np.float64)
        yield Anchor(
            "qm9",
            without_stereochemistry(text),
            numbers,
            positions,
            near_bonds(numbers, positions),
            np.nan,
            int(data["ids"][k]),
        )


def caged_molecules(folder: Path, others: Sequence[Anchor], rng: np.random.Generator) -> Iterator[Anchor]:
    """Molecules of QM9 (qm9.npz in the folder) with rings of three, none of the constitution of one of the others."""
    taken = {anchor.smiles for anchor in others}
    for anchor in _qm9(folder, rng):
        if anchor.smiles not in taken and _has_triangle(len(anchor.numbers), anchor.bonds):
            yield replace(anchor, source="cage")


def _has_triangle(n_atoms: int, bonds: NDArray[np.int64]) -> bool:
    bonded = np.zeros((n_atoms, n_atoms), dtype=np.int64)
    bonded[bonds[:, 0], bonds[:, 1]] = bonded[bonds[:, 1], bonds[:, 0]] = 1
    return bool(np.trace(bonded @ bonded @ bonded) > 0)


def near_bonds(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n_bonds, 2): atoms within 1.25 times the sum of their covalent radii (ase; Cordero et al. 2008)."""
    from ase.data import covalent_radii

    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    reach = 1.25 * (covalent_radii[numbers][:, None] + covalent_radii[numbers][None])
    return np.argwhere(np.triu(distances < reach, 1)).astype(np.int64)


def splits(plan: Plan) -> NDArray[np.int64]:
    """(n_anchors,) which part each belongs to, by its constitution."""
    return np.array([split_of(anchor.smiles) for anchor in plan.anchors], dtype=np.int64)
