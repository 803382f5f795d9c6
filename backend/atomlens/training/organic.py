"""The data of the `organic` models: conformers at B3LYP-D3BJ/DZVP, geometries away from them by GFN2-xTB.

The file is made by ``atomlens label`` (`training.labels`). Energies and dipole moments are two sets: they are of two
levels of theory, and the second knows fewer molecules.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Quantity
from atomlens.training import openff
from atomlens.training.datasets import TEST, TRAIN, VALIDATION, DataSet, Examples, Figure, Splits, Target
from atomlens.training.labelled import anchored, read_labelled, training_rows
from atomlens.training.organic_figures import away_from_minima, by_all_figures, of_conformers, of_vectors
from atomlens.units import EV_KCAL_PER_MOL


def read_energies(folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
    """Everything that trains; of validation and test the conformers, whose totals the OpenFF set itself gives."""
    labelled = read_labelled(folder)
    minima = anchored(labelled)

    def part(rows: NDArray[np.int64]) -> Examples:
        chosen = labelled.select(rows)
        targets = np.where(chosen.absolute, chosen.energy, np.nan)
        return Examples(chosen.batch, targets, np.full(len(rows), np.nan), rows)

    held_out = (np.flatnonzero(minima & (labelled.split == split)) for split in (VALIDATION, TEST))
    return Splits(part(training_rows(labelled)), *(part(rows) for rows in held_out))


def read_dipoles(folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
    """|μ| of every configuration that has one."""
    labelled = read_labelled(folder)
    known = np.isfinite(labelled.dipole).all(1)

    def part(split: int) -> Examples:
        rows = np.flatnonzero(known & (labelled.split == split))
        chosen = labelled.select(rows)
        lengths = np.linalg.norm(chosen.dipole, axis=1)
        return Examples(chosen.batch, lengths, np.full(len(rows), np.nan), rows)

    return Splits(part(TRAIN), part(VALIDATION), part(TEST))


#: eV of the free atoms at B3LYP/DZVP, spin-unrestricted, by `labels.dft.free_atoms`.
FREE_ATOM_ENERGIES_EV: Final = MappingProxyType(
    {
        1: -13.62024156,
        6: -1030.02989458,
        7: -1485.59235657,
        8: -2043.07990867,
        9: -2714.35927662,
        15: -9285.48424322,
        16: -10832.28856700,
        17: -12520.15365053,
        35: -70032.57458244,
    }
)
_LEVEL = "B3LYP-D3BJ/DZVP"
_SPLIT = "by molecule: a hash of its constitution"
_XTB = "GFN2-xTB, Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 15, 1652 (2019)"
_LIMITS = (
    "Neutral closed-shell molecules of H, C, N, O, F, P, S, Cl, Br; no ions, no radicals, no metals.",
    "Only the sum over atoms is trained: the split among atoms is the model's own.",
)

ORGANIC = DataSet(
    key="organic",
    title="OpenFF conformers, displaced by GFN2-xTB",
    level=f"{_LEVEL}; away from the minima what GFN2-xTB says of the difference, and its forces",
    licence="MIT (OpenFF conformers); the rest is computed",
    source=f"{openff.SOURCE}; {_XTB}",
    split=_SPLIT,
    read=read_energies,
    targets={
        "energy": Target(
            noun="electronic energy with dispersion",
            target=f"electronic energy, {_LEVEL}",
            figure=Figure(EV_KCAL_PER_MOL, "kcal/mol"),
            limits=(
                *_LIMITS,
                "Two levels of theory: totals and conformers at their minima are density-functional, what stretching, "
                "bending and turning cost is GFN2-xTB's.",
                "A bond that is pulled apart stays closed-shell, as in GFN2-xTB: the limit is not two free atoms.",
                # Dunning, Peterson, Wilson, J. Chem. Phys. 114, 9244 (2001)
                "Sulfoxides, sulfones, phosphine oxides and their like: at B3LYP/DZVP itself, which lacks tight d "
                "functions, they are formed with far too little energy.",
            ),
        ),
    },
    free_atom_energies=FREE_ATOM_ENERGIES_EV,
    breakdown=of_conformers,
    further=away_from_minima,
    judged=by_all_figures,
)

ORGANIC_DIPOLE = DataSet(
    key="organic-dipole",
    title="GFN2-xTB dipole moments",
    level="GFN2-xTB",
    licence="computed, at geometries of the OpenFF set (MIT), of pieces of them, and of QM9 (CC0)",
    source=_XTB,
    split=_SPLIT,
    read=read_dipoles,
    targets={
        "dipole": Target(
            noun="dipole moment",
            target="vector of the dipole moment",
            figure=Figure(1.0, "debye"),
            limits=(*_LIMITS, "The dipole moments are GFN2-xTB's, which has atomic dipoles beside its charges."),
        ),
    },
    further=of_vectors,
)
