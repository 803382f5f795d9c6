"""The file that ``atomlens label`` makes (`training.labels`): configurations, energies, forces, dipole moments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch, Quantity, rows_of_pieces
from atomlens.training.datasets import TEST, TRAIN, concatenated, require

FILE = "organic.npz"


@dataclass(frozen=True, eq=False)
class Labelled:
    """Configurations as `labels.assemble` lays them out, or some of them.

    batch: (M,) configurations; energy: eV; absolute, group, cost, kind, split, molecule, ids: (M,); dipole: (M, 3)
    debye; forces: (n, 3) eV/Å; charges: (n,) e; smiles: of all molecules.
    """

    batch: Batch
    energy: NDArray[np.float64]
    absolute: NDArray[np.bool_]
    group: NDArray[np.int64]
    cost: NDArray[np.float64]
    kind: NDArray[np.int64]
    split: NDArray[np.int64]
    molecule: NDArray[np.int64]
    ids: NDArray[np.int64]
    dipole: NDArray[np.float64]
    forces: NDArray[np.float32]
    charges: NDArray[np.float32]
    smiles: NDArray[Any]

    def __len__(self) -> int:
        return len(self.energy)

    def select(self, rows: NDArray[np.int64]) -> Labelled:
        """Those with these indices."""
        part = self.batch.select(rows)
        atoms = rows_of_pieces(self.batch.offsets[rows], np.diff(part.offsets))
        return Labelled(
            part,
            energy=self.energy[rows],
            absolute=self.absolute[rows],
            group=self.group[rows],
            cost=self.cost[rows],
            kind=self.kind[rows],
            split=self.split[rows],
            molecule=self.molecule[rows],
            ids=self.ids[rows],
            dipole=self.dipole[rows],
            forces=self.forces[atoms],
            charges=self.charges[atoms],
            smiles=self.smiles,
        )


def read_labelled(folder: Path) -> Labelled:
    """Everything in the file of labels; raises `CheckpointError` where it is missing."""
    path = folder / FILE
    require(path)
    with np.load(path) as file:
        data = {key: file[key] for key in file.files}
    whole = ("group", "kind", "split", "molecule", "ids")
    return Labelled(
        concatenated(data),
        energy=data["energy"],
        absolute=data["absolute"],
        cost=data["cost"].astype(np.float64),
        dipole=data["dipole"].astype(np.float64),
        forces=data["forces"],
        charges=data["charges"].astype(np.float32),
        smiles=data["smiles"],
        **{name: data[name].astype(np.int64) for name in whole},
    )


def training_rows(labelled: Labelled) -> NDArray[np.int64]:
    """Indices of everything that trains."""
    return np.flatnonzero(labelled.split == TRAIN)


def trained_rows(labelled: Labelled, quantity: Quantity) -> NDArray[np.int64]:
    """Indices of what a fit sees, its validation included."""
    known = np.ones(len(labelled), dtype=bool) if quantity == "energy" else np.isfinite(labelled.dipole).all(1)
    return np.flatnonzero(known & (labelled.split != TEST))


def anchored(labelled: Labelled) -> NDArray[np.bool_]:
    """(M,) whether a row is a conformer whose total the data set itself gives."""
    return labelled.absolute & (labelled.ids >= 0)
