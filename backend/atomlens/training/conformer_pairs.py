"""Conformers of drug-like molecules at B3LYP-D3BJ/DZVP (OpenFF industry set, MIT), as pairs of one molecule each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Batch
from atomlens.training.openff import FILE, HIGHEST
from atomlens.units import EV_KCAL_PER_MOL, HARTREE_EV


@dataclass(frozen=True, eq=False)
class Conformers:
    """Two conformers of each molecule, the lower first: those of molecule k are 2 k and 2 k + 1 of `batch`.

    energies: (2 n_molecules,) eV.
    """

    batch: Batch
    energies: NDArray[np.float64]


def read_openff(folder: Path, elements: NDArray[np.int64]) -> Conformers:
    """The lowest and one other conformer (by a fixed seed) of every neutral molecule of these elements that has two.

    folder: holds the file; raises `CheckpointError` where it does not.
    """
    path = folder / FILE
    if not path.is_file():
        raise CheckpointError(f"The data {path} is not there.", hint="--data names its folder.")
    with np.load(path) as file:
        names = ("n_atoms", "numbers", "positions", "molecule_index", "energy_hartree", "total_charge")
        data = {key: file[key] for key in names}
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))]).astype(np.int64)
    foreign = np.add.reduceat(~np.isin(data["numbers"], elements), offsets[:-1])
    energies = data["energy_hartree"] * HARTREE_EV
    chosen = _pairs(data["molecule_index"], energies, np.flatnonzero((foreign == 0) & (data["total_charge"] == 0)))
    charges = np.zeros(len(offsets) - 1, dtype=np.int64)
    everything = Batch(data["numbers"].astype(np.int64), data["positions"].astype(np.float64), offsets, charges)
    return Conformers(everything.select(chosen), energies[chosen])


def _pairs(molecules: NDArray[np.int32], energies: NDArray[np.float64], usable: NDArray[np.int64]) -> NDArray[np.int64]:
    rng = np.random.default_rng(0)
    order = usable[np.lexsort((energies[usable], molecules[usable]))]
    pairs = []
    for mine in np.split(order, np.flatnonzero(np.diff(molecules[order])) + 1):
        near = mine[energies[mine] - energies[mine[0]] < HIGHEST / EV_KCAL_PER_MOL]
        if len(near) > 1:
            pairs += [near[0], rng.choice(near[1:])]
    return np.array(pairs, dtype=np.int64)
