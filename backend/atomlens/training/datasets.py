"""Quantum-chemistry data sets, as files of concatenated molecules.

Layout of a file: ``n_atoms`` (M,), ``numbers`` (sum n,), ``positions`` (sum n, 3) in Å, and one array a target;
NaN is no value. The split of QM9 (ids of train, validation, test) stands in a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Batch, Quantity
from atomlens.units import HARTREE_EV


@dataclass(frozen=True, eq=False)
class Examples:
    """Molecules with their targets.

    batch: the molecules; targets: (M,) electronic energy in eV, or |μ| in debye; auxiliary: (M,) G4MP2 energy of
    atomization at 0 K in eV (negative, with the zero-point energy), of energies alone; ids: (M,) of the source.
    NaN is no value.
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


def read_qm9(folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
    """QM9 on the fixed split; molecules without an energy may train other targets, never be tested on.

    folder: holds ``qm9.npz`` and ``qm9_split.npz``; auxiliary: whether molecules that have only a G4MP2 energy train
    too. Raises `CheckpointError` where the files are missing.
    """
    table, split = folder / "qm9.npz", folder / "qm9_split.npz"
    for path in (table, split):
        if not path.is_file():
            raise CheckpointError(
                f"The training data {path} is not there.", hint="Set `folder` under [data] in the recipe."
            )
    with np.load(table) as file:
        data = {key: file[key] for key in ("ids", "n_atoms", "numbers", "positions")}
        column, factor = ("energy_b3lyp", HARTREE_EV) if quantity == "energy" else ("dipole_b3lyp_debye", 1.0)
        targets = file[column].astype(np.float64) * factor
        other = file["g4mp2_atomization_0K"].astype(np.float64) * HARTREE_EV if auxiliary else targets * np.nan
    with np.load(split) as file:
        parts = {key: file[key].astype(np.int64) for key in ("train", "validation", "test")}
    everything = Examples(_batch(data), targets, other, data["ids"].astype(np.int64))
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


def read_dipole_vectors(path: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """MP2 dipole vectors (M, 3) in debye, in the frame of QM9's positions, with their ids (M,)."""
    from atomlens.units import ATOMIC_UNIT_DEBYE

    with np.load(path) as file:
        return file["ids"].astype(np.int64), file["dipole_mp2_au"].astype(np.float64) * ATOMIC_UNIT_DEBYE


def read_mulliken_charges(path: Path, molecules: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mulliken charges (e) of the relaxed MP2 density, concatenated for the molecules with these indices."""
    with np.load(path) as file:
        offsets = np.concatenate([[0], np.cumsum(file["n_atoms"].astype(np.int64))])
        charges = file["mulliken_mp2"].astype(np.float64)
    return np.concatenate([charges[offsets[m] : offsets[m + 1]] for m in molecules])


def _batch(data: dict[str, NDArray[np.generic]]) -> Batch:
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))]).astype(np.int64)
    return Batch(
        data["numbers"].astype(np.int64),
        data["positions"].astype(np.float64),
        offsets,
        np.zeros(len(offsets) - 1, dtype=np.int64),
    )


def reference_energies(batch: Batch, energies: NDArray[np.float64]) -> NDArray[np.float64]:
    """ε_Z in eV by atomic number (119,), NaN for absent elements: least squares over compositions.

    energies: (M,) eV; molecules without one (NaN) are left out. Where compositions leave the references
    undetermined, the solution of minimum norm.
    """
    known = np.isfinite(energies)
    elements = np.unique(batch.numbers)
    molecule = np.repeat(np.arange(len(batch)), np.diff(batch.offsets))
    counts = np.zeros((len(batch), len(elements)))
    np.add.at(counts, (molecule, np.searchsorted(elements, batch.numbers)), 1.0)
    solution = np.linalg.lstsq(counts[known], energies[known], rcond=None)[0]
    references = np.full(119, np.nan)
    references[elements] = solution
    return references
