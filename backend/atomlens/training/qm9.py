"""QM9: molecules of H, C, N, O with up to nine heavy atoms, B3LYP/6-31G(2df,p).

Files: ``qm9.npz``, concatenated molecules with one array a target; ``qm9_split.npz``, ids of train, validation, test;
``qm9_mp2_10k.npz``, MP2 densities of some of them. NaN is no value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Quantity
from atomlens.training.breakdown import by_group, by_size
from atomlens.training.datasets import DataSet, Examples, Figure, Splits, Target, concatenated, require
from atomlens.units import ATOMIC_UNIT_DEBYE, EV_KCAL_PER_MOL, FREE_ATOM_ENERGIES_B3LYP_EV, HARTREE_EV

LEVEL = "B3LYP/6-31G(2df,p)"


def read_qm9(folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
    """QM9 on the fixed split; molecules without an energy may train other targets, never be tested on.

    folder: holds ``qm9.npz`` and ``qm9_split.npz``; auxiliary: whether molecules that have only a G4MP2 energy of
    atomization (0 K, negative, with the zero-point energy) train too. Raises `CheckpointError` where the files are
    missing.
    """
    table, split = folder / "qm9.npz", folder / "qm9_split.npz"
    require(table, split)
    with np.load(table) as file:
        data = {key: file[key] for key in ("ids", "n_atoms", "numbers", "positions")}
        column, factor = ("energy_b3lyp", HARTREE_EV) if quantity == "energy" else ("dipole_b3lyp_debye", 1.0)
        targets = file[column].astype(np.float64) * factor
        other = file["g4mp2_atomization_0K"].astype(np.float64) * HARTREE_EV if auxiliary else targets * np.nan
    with np.load(split) as file:
        parts = {key: file[key].astype(np.int64) for key in ("train", "validation", "test")}
    everything = Examples(concatenated(data), targets, other, data["ids"].astype(np.int64))
    known = np.isfinite(targets)
    held_out = np.isin(everything.ids, np.concatenate([parts["validation"], parts["test"]]))
    return Splits(
        everything.select(np.flatnonzero((known | np.isfinite(other)) & ~held_out)),
        everything.select(np.flatnonzero(known & np.isin(everything.ids, parts["validation"]))),
        everything.select(np.flatnonzero(known & np.isin(everything.ids, parts["test"]))),
    )


def read_smiles(folder: Path, ids: NDArray[np.int64]) -> list[str]:
    """SMILES of QM9 molecules, perceived from their geometry, without stereo; empty where none was found."""
    with np.load(folder / "qm9.npz") as file:
        known = dict(zip(file["ids"].tolist(), file["smiles_derived"].tolist(), strict=True))
    return [known[number] for number in ids.tolist()]


def read_dipole_vectors(folder: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids (M,) and MP2 dipole vectors (M, 3) in debye, in the frame of QM9's positions."""
    with np.load(folder / "qm9_mp2_10k.npz") as file:
        return file["ids"].astype(np.int64), file["dipole_mp2_au"].astype(np.float64) * ATOMIC_UNIT_DEBYE


def read_dipole_components(folder: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids (M,) and dipole moments (M, 3) in debye in the standard orientation of Gaussian, which is not kept."""
    with np.load(folder / "qm9.npz") as file:
        components = file["dipole_vector_standard_orientation_debye"].astype(np.float64)
        known = np.isfinite(components).all(1)
        return file["ids"].astype(np.int64)[known], components[known]


def read_mulliken_charges(folder: Path, molecules: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mulliken charges (e) of the relaxed MP2 density, concatenated for the molecules with these indices."""
    with np.load(folder / "qm9_mp2_10k.npz") as file:
        offsets = np.concatenate([[0], np.cumsum(file["n_atoms"].astype(np.int64))])
        charges = file["mulliken_mp2"].astype(np.float64)
    return np.concatenate([charges[offsets[m] : offsets[m + 1]] for m in molecules])


def _breakdown(folder: Path, test: Examples, errors: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "by_heavy_atoms": by_size(errors, test.batch),
        "by_group": by_group(errors, read_smiles(folder, test.ids)),
    }


def _published(schnet: float, bp: float, unit: str, target: str) -> dict[str, dict[str, Any]]:
    """Of SchNetPack, for 110,000 training molecules."""
    source = "SchNetPack, J. Chem. Theory Comput. 15, 448 (2019)"
    rest = {"unit": unit, "target": target, "train": 110000, "source": source}
    return {"schnet": {"mae": schnet, **rest}, "bp": {"mae": bp, **rest}}


_LIMITS = (
    "Neutral closed-shell molecules of H, C, N, O; trained on molecules of at most nine heavy atoms.",
    f"Trained on minima of {LEVEL}: stretched bonds and strained geometries lie outside.",
    "Only the sum over atoms is trained: the split among atoms is the model's own.",
)

QM9 = DataSet(
    key="qm9",
    title="QM9",
    level=LEVEL,
    licence="CC0",
    source="Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1, 140022 (2014)",
    split="fixed, by QM9 identifiers",
    read=read_qm9,
    targets={
        "energy": Target(
            noun="electronic energy",
            target="electronic energy, U0 − ZPVE",
            figure=Figure(EV_KCAL_PER_MOL, "kcal/mol"),
            limits=_LIMITS,
            published=_published(0.26, 0.43, "kcal/mol", "U0"),
        ),
        "dipole": Target(
            noun="dipole moment",
            target="magnitude of the dipole moment, and of its components along principal axes",
            figure=Figure(1.0, "debye"),
            limits=(*_LIMITS, "Trained on the dipole moment without its sign, which is fixed by MP2 vectors."),
            published=_published(0.020, 0.064, "debye", "dipole moment"),
        ),
    },
    auxiliary={
        "target": "G4MP2 energy of atomization at 0 K",
        "source": "Ward et al., MRS Commun. 9, 891 (2019)",
    },
    free_atom_energies=FREE_ATOM_ENERGIES_B3LYP_EV,
    breakdown=_breakdown,
    dipole_vectors=read_dipole_vectors,
    dipole_components=read_dipole_components,
    charges=read_mulliken_charges,
)
