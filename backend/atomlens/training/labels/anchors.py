"""Anchors: the molecules, at a geometry, about which others are displaced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.training.labels.recipe import SOURCES

#: Elements of the models.
ELEMENTS = frozenset({1, 6, 7, 8, 9, 15, 16, 17, 35})


@dataclass(frozen=True, eq=False)
class Anchor:
    """A molecule at the geometry that others are displaced from.

    numbers: (n,); positions: (n, 3) Å; bonds: (n_bonds, 2); smiles: plain constitution; energy: eV at the set's level,
    NaN where unknown; identifier: of the source, -1 without one.
    """

    source: str
    smiles: str
    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    bonds: NDArray[np.int64]
    energy: float = np.nan
    identifier: int = -1


@dataclass(frozen=True, eq=False)
class Plan:
    """All anchors, in the order in which they are worked on."""

    anchors: list[Anchor]

    def write(self, path: Path) -> None:
        """One npz file."""
        listed = self.anchors
        arrays = {
            "source": np.array([SOURCES.index(a.source) for a in listed], dtype=np.uint8),
            "smiles": np.array([a.smiles for a in listed]),
            "n_atoms": np.array([len(a.numbers) for a in listed], dtype=np.int32),
            "numbers": np.concatenate([a.numbers for a in listed]).astype(np.uint8),
            "positions": np.concatenate([a.positions for a in listed]).astype(np.float64),
            "n_bonds": np.array([len(a.bonds) for a in listed], dtype=np.int32),
            "bonds": np.concatenate([a.bonds.reshape(-1, 2) for a in listed]).astype(np.int32),
            "energy": np.array([a.energy for a in listed]),
            "identifier": np.array([a.identifier for a in listed], dtype=np.int64),
        }
        temporary = path.with_suffix(".part.npz")
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
        temporary.replace(path)

    @classmethod
    def read(cls, path: Path) -> Plan:
        """Inverse of `write`."""
        with np.load(path) as file:
            data = {key: file[key] for key in file.files}
        atoms = np.concatenate([[0], np.cumsum(data["n_atoms"])])
        bonds = np.concatenate([[0], np.cumsum(data["n_bonds"])])
        return cls(
            [
                Anchor(
                    SOURCES[int(data["source"][k])],
                    str(data["smiles"][k]),
                    data["numbers"][atoms[k] : atoms[k + 1]].astype(np.int64),
                    data["positions"][atoms[k] : atoms[k + 1]],
                    data["bonds"][bonds[k] : bonds[k + 1]].astype(np.int64),
                    float(data["energy"][k]),
                    int(data["identifier"][k]),
                )
                for k in range(len(data["source"]))
            ]
        )
