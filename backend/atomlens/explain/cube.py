"""Gaussian cube files: lengths in bohr with positive voxel counts, energies in hartree, charges in e.

Readers take the first axis as the slowest, and lengths as bohr where the counts are positive (Gaussian, cubegen).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.explain.field import FieldQuantity
from atomlens.explain.grid import Grid
from atomlens.units import BOHR_ANGSTROM, HARTREE_EV

#: What the values are, and their unit in the file.
DESCRIPTIONS = {
    "potential": ("local chemical potential relative to infinity", "Ha"),
    "charge": ("probe charge", "e"),
}


def write_cube(
    file: TextIO,
    grid: Grid,
    values: NDArray[np.floating],
    molecule: Molecule,
    *,
    quantity: FieldQuantity,
    element: int,
    model: str,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Write one element's field (nx, ny, nz) in eV or e; in the file a potential is in Ha, a charge in e.

    look: called between planes, may raise.
    """
    what, unit = DESCRIPTIONS[quantity]
    factor = 1.0 / HARTREE_EV if quantity == "potential" else 1.0
    title = " ".join((molecule.name or molecule.formula).split())
    file.write(f"{title}: {what} of a probe atom {SYMBOLS[element]} by {model}, {unit}\n")
    file.write(f"atomlens; lengths in bohr, values in {unit} in C order, z fastest\n")
    file.write(f"{len(molecule):5d}{_row(np.array(grid.origin) / BOHR_ANGSTROM)}\n")
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = grid.spacing[axis] / BOHR_ANGSTROM
        file.write(f"{grid.shape[axis]:5d}{_row(step)}\n")
    for z, position in zip(molecule.numbers, molecule.positions / BOHR_ANGSTROM, strict=True):
        file.write(f"{z:5d}{_row(np.array([z, *position]))}\n")
    n = grid.shape[2]
    # six to a line, and every row of the z axis begins a new one
    line = " %13.6E" * 6 + "\n"
    rest = " %13.6E" * (n % 6) + "\n" if n % 6 else ""
    rows = (line * (n // 6) + rest) * grid.shape[1]
    for plane in values:
        look()
        file.write(rows % tuple((plane.astype(np.float64) * factor).ravel().tolist()))


def _row(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    # a space of its own keeps columns apart however far from the origin a molecule lies
    return "".join(f" {number:13.8f}" for number in numbers)
