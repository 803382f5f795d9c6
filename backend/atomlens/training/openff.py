"""The OpenFF industry set: conformers of drug-like molecules, B3LYP-D3BJ/DZVP minima (MIT).

Split by molecule: its constitution, without stereochemistry, decides, wherever the molecule comes from, so that a
held-out molecule is unseen in every source. The simplest molecules all train: each is a kind of its own, from which
nothing is held out that another would tell, and everybody asks for them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.smiles import without_stereochemistry
from atomlens.errors import CheckpointError
from atomlens.networks.protocol import rows_of_pieces
from atomlens.training.datasets import TEST, TRAIN, VALIDATION
from atomlens.units import HARTREE_EV

FILE = "openff_industry_b3lypd3bj_dzvp.npz"
SOURCE = "OpenFF industry benchmark, D'Amore et al., J. Chem. Inf. Model. 62, 6094 (2022)"
#: Shares of molecules, by a hash of the constitution.
TEST_SHARE, VALIDATION_SHARE = 0.058, 0.03
#: Atoms other than hydrogen up to which a molecule is always trained.
SIMPLEST = 3
_HEAVY = re.compile(r"Cl|Br|[CNOFPScnops]")
#: kcal/mol above a molecule's best conformer beyond which a conformer is left out: a few are other molecules.
HIGHEST = 30.0


@dataclass(frozen=True, eq=False)
class Conformers:
    """Neutral conformers.

    n_atoms: (M,); numbers: (n,); positions: (n, 3) Å; offsets: (M + 1,); energies: (M,) eV; molecule: (M,) index into
    `smiles`; smiles: plain constitution of each molecule; split: (M,) `TRAIN`, `VALIDATION` or `TEST`; ids: (M,) of
    the source; bonds: (n_bonds, 3) first, second, order; bond_offsets: (M + 1,); formal_charges: (n,).
    """

    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    offsets: NDArray[np.int64]
    energies: NDArray[np.float64]
    molecule: NDArray[np.int64]
    smiles: list[str]
    split: NDArray[np.int64]
    ids: NDArray[np.int64]
    bonds: NDArray[np.int64]
    bond_offsets: NDArray[np.int64]
    formal_charges: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.energies)

    @property
    def n_atoms(self) -> NDArray[np.int64]:
        """(M,)."""
        return np.diff(self.offsets)


def split_of(smiles: str) -> int:
    """Which part a constitution (plain SMILES of the elements of the set) belongs to."""
    if len(_HEAVY.findall(smiles)) <= SIMPLEST:
        return TRAIN
    place = int.from_bytes(hashlib.sha256(smiles.encode()).digest()[:8]) / 2.0**64
    if place < TEST_SHARE:
        return TEST
    return VALIDATION if place < TEST_SHARE + VALIDATION_SHARE else TRAIN


def read_conformers(folder: Path) -> Conformers:
    """All neutral conformers not more than `HIGHEST` above their molecule's best; raises `CheckpointError`."""
    path = folder / FILE
    if not path.is_file():
        raise CheckpointError(f"The training data {path} is not there.", hint="Set `folder` under [data].")
    with np.load(path) as file:
        data = {key: file[key] for key in file.files}
    names = [without_stereochemistry(text) for text in data["smiles"].tolist()]
    unique = sorted(set(names))
    index = {name: k for k, name in enumerate(unique)}
    same = np.array([index[name] for name in names])
    molecule = data["molecule_index"].astype(np.int64)
    neutral = data["total_charge"] == 0
    lowest = np.full(len(names), np.inf)
    np.minimum.at(lowest, molecule[neutral], data["energy_kcal"][neutral])
    kept = np.flatnonzero(neutral & (data["energy_kcal"] - lowest[molecule] < HIGHEST))
    splits = np.array([split_of(name) for name in unique])
    atoms, offsets = _pieces(data["n_atoms"], kept)
    bonds, bond_offsets = _pieces(data["n_bonds"], kept)
    return Conformers(
        numbers=data["numbers"][atoms].astype(np.int64),
        positions=data["positions"][atoms].astype(np.float64),
        offsets=offsets,
        energies=data["energy_hartree"][kept] * HARTREE_EV,
        molecule=same[molecule[kept]],
        smiles=unique,
        split=splits[same[molecule[kept]]],
        ids=data["record_id"][kept].astype(np.int64),
        bonds=data["bonds"][bonds].astype(np.int64),
        bond_offsets=bond_offsets,
        formal_charges=data["formal_charge"][atoms].astype(np.int64),
    )


def _pieces(counts: NDArray[np.integer], kept: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the kept pieces in a concatenated table, and where each begins among the kept rows."""
    starts = np.concatenate([[0], np.cumsum(counts.astype(np.int64))])
    sizes = counts[kept].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    return rows_of_pieces(starts[kept], sizes), offsets
