"""One file of everything that the `organic` models are trained on and tested with.

Rows are configurations: first the OpenFF conformers (kind `conformer`), then the small molecules whose energy `dft`
computed, the free atoms, and what was displaced. Layout of ``NAME.npz``: that of the other data sets (``n_atoms``,
``numbers``, ``positions``), and

=================  ==========  ======================================================================================
name               shape       meaning
=================  ==========  ======================================================================================
energy             (M,)        eV: of the anchor's level, plus what xTB says the displacement costs; where the anchor
                               has no energy of that level, what xTB says alone
absolute           (M,)        whether `energy` is a total, or good for differences within its group alone
group              (M,)        configurations whose differences mean something: conformers of one molecule, or an
                               anchor and its displaced geometries
cost               (M,)        eV above the anchor, by xTB; 0 for anchors and conformers
forces             (sum n, 3)  eV/Å, xTB; NaN where none are known
dipole             (M, 3)      debye, xTB; NaN where none is known
charges            (sum n,)    e, xTB; NaN likewise
kind, split        (M,)        place in `kinds.KINDS`; 0 train, 1 validation, 2 test, by the molecule
smiles, molecule   (K,), (M,)  plain constitutions, and which of them each row is (a pair: the first one's)
ids                (M,)        record of the OpenFF set, or -1
=================  ==========  ======================================================================================
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.networks.protocol import rows_of_pieces
from atomlens.training.datasets import TRAIN
from atomlens.training.labels.anchors import Plan
from atomlens.training.labels.kinds import DISPLACED, KINDS
from atomlens.training.openff import Conformers, split_of

#: eV above the anchor beyond which a geometry is nothing that anybody draws; eV/Å of the largest force likewise.
HIGHEST_COST, LARGEST_FORCE = 100.0, 1000.0
#: Molecules of so few atoms have the whole of their curves, up to forces of so many eV/Å: where it is not said what a
#: pressed bond costs, a second minimum would stand.
FEW_ATOMS, STEEPEST = 4, 30_000.0


@dataclass
class _Rows:
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, **values: Any) -> None:
        for key, value in values.items():
            self.columns.setdefault(key, []).append(value)


def assemble(
    plan: Plan, conformers: Conformers, chunks: list[Path], small: dict[str, float], free_atoms: dict[int, float]
) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
    """The arrays of the file, and how many rows there are of each kind and how many were left out, and why.

    small: eV by constitution; free_atoms: eV by atomic number.
    """
    names = sorted({a.smiles for a in plan.anchors} | set(conformers.smiles) | {SYMBOLS[z] for z in free_atoms})
    place = {name: k for k, name in enumerate(names)}
    splits = np.array([split_of(name) for name in names])
    parts, counts = [_conformer_rows(conformers, place)], {"no answer from xTB": 0, "too high or too steep": 0}
    parts.append(_atom_rows(free_atoms, place, group=len(names)))
    computed = {"small", "simple"}
    anchor_energy = np.array([small.get(a.smiles, np.nan) if a.source in computed else a.energy for a in plan.anchors])
    anchor_molecule = np.array([place[a.smiles] for a in plan.anchors])
    for path in chunks:
        part, dropped = _displaced_rows(path, anchor_energy, anchor_molecule, first_group=len(names) + len(free_atoms))
        counts["no answer from xTB"] += dropped[0]
        counts["too high or too steep"] += dropped[1]
        parts.append(part)
    data = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    data["split"] = splits[data["molecule"]].astype(np.uint8)
    data["split"][data["kind"] == KINDS.index("atom")] = TRAIN
    data["smiles"] = np.array(names)
    counts |= {kind: int((data["kind"] == k).sum()) for k, kind in enumerate(KINDS)}
    counts["with at most 25 atoms"] = int(((data["kind"] < len(DISPLACED)) & (data["n_atoms"] <= 25)).sum())
    return data, counts


def presentable(
    cost: NDArray[np.float64], steepest: NDArray[np.float64], n_atoms: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(M,) which geometries train. cost: (M,) eV above the anchor; steepest: (M,) eV/Å, the largest component."""
    within = (cost < HIGHEST_COST) & (steepest < LARGEST_FORCE)
    return np.asarray(within | ((n_atoms <= FEW_ATOMS) & (steepest < STEEPEST)))


def write(path: Path, data: dict[str, NDArray[Any]], counts: dict[str, int]) -> None:
    """The file, and beside it ``counts.json``."""
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, **data)  # type: ignore[arg-type]
    temporary.replace(path)
    path.with_name("counts.json").write_text(json.dumps(counts, indent=2) + "\n")


def _conformer_rows(conformers: Conformers, place: dict[str, int]) -> dict[str, NDArray[Any]]:
    m, n = len(conformers), len(conformers.numbers)
    molecule = np.array([place[name] for name in conformers.smiles])[conformers.molecule]
    return {
        **_geometry(conformers.n_atoms, conformers.numbers, conformers.positions),
        **_unlabelled(m, n),
        "energy": conformers.energies,
        "absolute": np.ones(m, dtype=bool),
        "group": molecule.astype(np.int32),
        "kind": np.full(m, KINDS.index("conformer"), dtype=np.uint8),
        "molecule": molecule.astype(np.int32),
        "ids": conformers.ids,
    }


def _atom_rows(free_atoms: dict[int, float], place: dict[str, int], group: int) -> dict[str, NDArray[Any]]:
    m = len(free_atoms)
    return {
        **_geometry(np.ones(m), np.array(list(free_atoms)), np.zeros((m, 3))),
        **_unlabelled(m, m),
        "energy": np.array(list(free_atoms.values())),
        "absolute": np.ones(m, dtype=bool),
        "group": (group + np.arange(m)).astype(np.int32),
        "kind": np.full(m, KINDS.index("atom"), dtype=np.uint8),
        "molecule": np.array([place[SYMBOLS[z]] for z in free_atoms], dtype=np.int32),
        "ids": np.full(m, -1, dtype=np.int64),
    }


def _displaced_rows(
    path: Path, anchor_energy: NDArray[np.float64], anchor_molecule: NDArray[np.int64], first_group: int
) -> tuple[dict[str, NDArray[Any]], tuple[int, int]]:
    with np.load(path) as file:
        data = {key: file[key] for key in file.files}
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))])
    steepest = np.maximum.reduceat(np.abs(data["forces"]).max(1), offsets[:-1])
    kept = np.flatnonzero(presentable(data["difference"], steepest, data["n_atoms"]))
    sizes = data["n_atoms"][kept].astype(np.int64)
    rows = rows_of_pieces(offsets[kept], sizes)
    anchor, partner = data["anchor"][kept], data["partner"][kept]
    zero = anchor_energy[anchor] + np.where(partner >= 0, anchor_energy[partner], 0.0)
    absolute, difference = np.isfinite(zero), data["difference"][kept]
    # two molecules that met are compared with one another, not with the one alone
    group = first_group + 2 * anchor.astype(np.int64) + (partner >= 0)
    found = {
        **_geometry(sizes, data["numbers"][rows], data["positions"][rows]),
        "energy": np.where(absolute, zero, 0.0) + difference,
        "absolute": absolute,
        "group": group.astype(np.int32),
        "cost": np.maximum(difference, 0.0).astype(np.float32),
        "forces": data["forces"][rows],
        "dipole": data["dipole"][kept],
        "charges": data["charges"][rows],
        "kind": data["kind"][kept],
        "molecule": anchor_molecule[anchor].astype(np.int32),
        "ids": np.full(len(kept), -1, dtype=np.int64),
    }
    return found, (int(data["failed"]), len(data["kind"]) - len(kept))


def _geometry(
    sizes: NDArray[Any], numbers: NDArray[np.integer], positions: NDArray[np.floating]
) -> dict[str, NDArray[Any]]:
    return {
        "n_atoms": sizes.astype(np.int16),
        "numbers": numbers.astype(np.uint8),
        "positions": positions.astype(np.float32),
    }


def _unlabelled(m: int, n: int) -> dict[str, NDArray[Any]]:
    return {
        "cost": np.zeros(m, dtype=np.float32),
        "forces": np.full((n, 3), np.nan, dtype=np.float32),
        "dipole": np.full((m, 3), np.nan, dtype=np.float32),
        "charges": np.full(n, np.nan, dtype=np.float16),
    }
