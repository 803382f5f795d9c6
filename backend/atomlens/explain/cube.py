"""Gaussian cube files: lengths in bohr with positive voxel counts, energies in hartree."""

from __future__ import annotations

from typing import TextIO

import numpy as np

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.explain.field import Field
from atomlens.units import BOHR_ANGSTROM, HARTREE_EV


def write_cube(file: TextIO, field: Field, element: int, molecule: Molecule, model: str) -> None:
    """Write one element's field; a potential in Ha, a charge in e."""
    values = field.values[field.elements.index(element)].astype(np.float64)
    potential = field.quantity == "potential"
    unit = "Ha" if potential else "e"
    what = "local chemical potential relative to infinity" if potential else "probe charge"
    file.write(f"{molecule.name or molecule.formula}: {what} of {SYMBOLS[element]} by {model}, {unit}\n")
    file.write("atomlens; lengths in bohr; C order, z fastest\n")
    grid = field.grid
    origin = np.array(grid.origin) / BOHR_ANGSTROM
    file.write(f"{len(molecule):5d}{origin[0]:14.8f}{origin[1]:14.8f}{origin[2]:14.8f}\n")
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = grid.spacing[axis] / BOHR_ANGSTROM
        file.write(f"{grid.shape[axis]:5d}{step[0]:14.8f}{step[1]:14.8f}{step[2]:14.8f}\n")
    for z, position in zip(molecule.numbers, molecule.positions / BOHR_ANGSTROM, strict=True):
        file.write(f"{z:5d}{float(z):14.8f}{position[0]:14.8f}{position[1]:14.8f}{position[2]:14.8f}\n")
    if potential:
        values = values / HARTREE_EV
    for row in values.reshape(-1, grid.shape[2]):
        for first in range(0, len(row), 6):
            file.write("".join(f"{value:14.6E}" for value in row[first : first + 6]) + "\n")
