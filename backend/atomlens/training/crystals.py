"""Crystals of many elements, by whose formation energies SchNet finds the periodic table in its element vectors.

Three sets, each with its own reference states, never to be mixed. Files: concatenated structures as for molecules,
and ``cell`` (M, 3, 3), rows lattice vectors in Å; ``formation_energy_eV_per_atom`` (M,). The target is the total,
that times the number of atoms; errors and loss are per atom. Each set is split at random, 80, 10 and 10 %, with a fixed
seed; structures that are the same one (elpasolites with A and B exchanged), or have one composition (Materials
Project), stay in one part.

What a network has to beat is an additive model: a coefficient for each element on each kind of site, by ridge
regression of the energy per atom. Its coefficients are element vectors too, and stand on the card beside the error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Quantity
from atomlens.training.datasets import (
    DataSet,
    Examples,
    Figure,
    Splits,
    Target,
    concatenated,
    element_counts,
    require,
)

#: Of the random split.
SEED = 1806
VALIDATION = TEST = 0.1

Table = dict[str, NDArray[Any]]
#: (M,) or (M, n): rows that are equal stay in one part.
Groups = Callable[[Table], NDArray[Any]]
#: Of every atom, the kind of site that it stands on: (n_atoms,).
Sites = Callable[[Table], NDArray[np.int64]]
#: Of the ridge regression of the additive model, in structures.
RIDGE = 1.0


@dataclass(frozen=True)
class _Reader:
    """See `datasets.Reader`. file: name in the folder; groups: what must not be torn apart; sites: kinds of them."""

    file: str
    groups: Groups
    sites: Sites

    def __call__(self, folder: Path, quantity: Quantity, *, auxiliary: bool = False) -> Splits:
        """Random parts of a fixed seed; ids are places in the file."""
        if quantity != "energy" or auxiliary:
            raise CheckpointError(f"{self.file} has formation energies alone.")
        data = self.table(folder)
        batch = replace(concatenated(data), cells=data["cell"].astype(np.float64))
        targets = data["formation_energy_eV_per_atom"].astype(np.float64) * np.diff(batch.offsets)
        everything = Examples(batch, targets, np.full(len(batch), np.nan), np.arange(len(batch)))
        return Splits(*(everything.select(part) for part in random_parts(self.groups(data))))

    def table(self, folder: Path) -> Table:
        """The arrays of the file."""
        require(folder / self.file)
        with np.load(folder / self.file) as file:
            return {key: file[key] for key in file.files}

    def additive(self, folder: Path) -> dict[str, Any]:
        """The additive model: error on the test structures, eV/atom, and coefficients of each element, one a site."""
        data = self.table(folder)
        train, _, test = random_parts(self.groups(data))
        elements, place = np.unique(data["numbers"], return_inverse=True)
        sites = self.sites(data)
        sizes = data["n_atoms"].astype(np.int64)
        shares = np.zeros((len(sizes), len(elements) * (int(sites.max()) + 1)))
        np.add.at(shares, (np.repeat(np.arange(len(sizes)), sizes), sites * len(elements) + place), 1.0)
        shares /= sizes[:, None]
        energies = data["formation_energy_eV_per_atom"].astype(np.float64)
        mean, rows = energies[train].mean(), shares[train]
        matrix = rows.T @ rows + RIDGE * np.eye(rows.shape[1]) / len(elements)
        coefficients = np.linalg.solve(matrix, rows.T @ (energies[train] - mean))
        errors = shares[test] @ coefficients + mean - energies[test]
        vectors = coefficients.reshape(-1, len(elements)).T
        return {
            "mae": round(float(np.abs(errors).mean()), 4),
            "coefficients": {SYMBOLS[z]: row.round(4).tolist() for z, row in zip(elements, vectors, strict=True)},
        }


def random_parts(groups: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Places (M,) of training, validation and test; equal rows of `groups` (M,) or (M, n) go to one part."""
    _, group = np.unique(groups, axis=0, return_inverse=True)
    group = group.reshape(-1)
    n_groups = int(group.max()) + 1
    place = np.empty(n_groups, dtype=np.int64)
    place[np.random.default_rng(SEED).permutation(n_groups)] = np.arange(n_groups)
    held_out, test = round(n_groups * (1.0 - VALIDATION - TEST)), round(n_groups * (1.0 - TEST))
    part = np.digitize(place[group], [held_out, test])
    train, validation, last = (np.flatnonzero(part == k) for k in range(3))
    return train, validation, last


def _sites(data: Table) -> NDArray[Any]:
    """Elpasolites: sites A and B are equivalent."""
    sites = data["sites_ABCD"].astype(np.int64)
    return np.concatenate([np.sort(sites[:, :2], axis=1), sites[:, 2:]], axis=1)


def _itself(data: Table) -> NDArray[Any]:
    return np.arange(len(data["n_atoms"]))


def _composition(data: Table) -> NDArray[Any]:
    """Reduced: how many atoms of each element, by their greatest common divisor."""
    counts = element_counts(concatenated(data))[1].astype(np.int64)
    reduced: NDArray[np.int64] = counts // np.gcd.reduce(counts, axis=1)[:, None]
    return reduced


def _of_elpasolites(data: Table) -> NDArray[np.int64]:
    """A and B are one kind."""
    return np.tile([0, 0, 1, 1, 2, 2, 2, 2, 2, 2], len(data["n_atoms"]))


def _of_oxides(data: Table) -> NDArray[np.int64]:
    return np.tile([0, 1, 2, 2, 2], len(data["n_atoms"]))


def _all_alike(data: Table) -> NDArray[np.int64]:
    return np.zeros(len(data["numbers"]), dtype=np.int64)


def _crystals(
    key: str, title: str, level: str, licence: str, source: str, split: str, read: _Reader, limits: tuple[str, ...]
) -> DataSet:
    def breakdown(folder: Path, test: Examples, errors: NDArray[np.float64]) -> dict[str, Any]:
        return {"additive": read.additive(folder)}

    return DataSet(
        key=key,
        title=title,
        level=level,
        licence=licence,
        source=source,
        split=split,
        read=read,
        targets={
            "energy": Target(
                noun="formation energy",
                target="formation energy of all atoms of the cell",
                figure=Figure(1.0, "eV/atom", per_atom=True),
                limits=(*limits, "Only the sum over atoms is trained: the split among atoms is the model's own."),
            )
        },
        periodic=True,
        breakdown=breakdown,
    )


_UNLICENSED = "not stated by the source: cite the paper; the data are not redistributed here"
_AT_RANDOM = "random, 80/10/10 %, fixed seed"

ELPASOLITES = _crystals(
    "elpasolites",
    "Elpasolites ABC2D6",
    "PBE",
    _UNLICENSED,
    "Faber, Lindmaa, von Lilienfeld, Armiento, Phys. Rev. Lett. 117, 135502 (2016)",
    f"{_AT_RANDOM}; A and B exchanged counts as the same structure",
    _Reader("elpasolites_faber2016.npz", _sites, _of_elpasolites),
    (
        "Crystals ABC2D6 of main-group elements in the elpasolite structure: other structures lie outside.",
        "Every structure was given one ideal cell (a = 8.4 Å), while energies are of relaxed ones: only which element "
        "is where carries information, and the answer for another cell means nothing.",
    ),
)

OXIDES = _crystals(
    "oxides",
    "Oxides ABO3 (OQMD)",
    "PBE, in part with U (OQMD)",
    "CC BY 4.0 (OQMD)",
    "Emery, Wolverton, Sci. Data 4, 170153 (2017)",
    _AT_RANDOM,
    _Reader("abo3_emery_wolverton.npz", _itself, _of_oxides),
    (
        "Oxides ABO3 near the cubic perovskite structure: other compositions and structures lie outside.",
        "Cells are cubic ones of the right volume; the true structure of distorted perovskites is not known here.",
    ),
)

MATERIALS_PROJECT = _crystals(
    "mp",
    "Materials Project, up to 20 atoms",
    "PBE, in part with U, with corrections (Materials Project)",
    "CC BY 4.0 (Materials Project)",
    "Jain et al., APL Mater. 1, 011002 (2013); selection MP-20: Xie et al., ICLR 2022, arXiv:2110.06197",
    f"{_AT_RANDOM}; one composition in one part",
    _Reader("mp20_subset_slices.npz", _composition, _all_alike),
    (
        "Crystals near the convex hull, in relaxed geometries of at most 20 atoms a cell: others lie outside.",
        "Trained on some four thousand structures of 88 elements, a few of which occur in hardly any.",
    ),
)

#: All of them.
CRYSTALS = (ELPASOLITES, OXIDES, MATERIALS_PROJECT)
