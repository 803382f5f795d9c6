"""Gaussian cube files: lengths in bohr with positive voxel counts, energies in hartree, charges in e."""

from __future__ import annotations

from typing import TextIO

import numpy as np

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.explain.field import Field
from atomlens.units import BOHR_ANGSTROM, HARTREE_EV

#: What the values are, and their unit in the file.
DESCRIPTIONS = {
    "potential": ("local chemical potential relative to infinity", "Ha"),
    "charge": ("probe charge", "e"),
}


def write_cube(file: TextIO, field: Field, element: int, molecule: Molecule, model: str) -> None:
    """Write one element's field; a potential in Ha, a charge in e. Raises `InputError` for an element not in it."""
    values = field.of(element).astype(np.float64)
    if field.quantity == "potential":
        values = values / HARTREE_EV
    what, unit = DESCRIPTIONS[field.quantity]
    title = " ".join((molecule.name or molecule.formula).split())
    grid = field.grid
    file.write(f"{title}: {what} of a {SYMBOLS[element]} probe by {model}, {unit}\n")
    file.write("atomlens; lengths in bohr, values in C order, z fastest\n")
    file.write(f"{len(molecule):5d}{_row(np.array(grid.origin) / BOHR_ANGSTROM)}\n")
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = grid.spacing[axis] / BOHR_ANGSTROM
        file.write(f"{grid.shape[axis]:5d}{_row(step)}\n")
    for z, position in zip(molecule.numbers, molecule.positions / BOHR_ANGSTROM, strict=True):
        file.write(f"{z:5d}{_row(np.array([z, *position]))}\n")
    for line in values.reshape(-1, grid.shape[2]):
        for first in range(0, len(line), 6):
            file.write("".join(f" {value:13.6E}" for value in line[first : first + 6]) + "\n")


def _row(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    # a space of its own keeps columns apart however far from the origin a molecule lies
    return "".join(f" {number:13.8f}" for number in numbers)
