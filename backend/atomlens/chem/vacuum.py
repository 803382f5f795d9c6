"""Molecules in vacuum: a cell so large that they are far from their images, as programs with plane waves need it.

Such a cell is a crystal in form alone. Networks of crystals were trained on dense ones and have not learned it;
networks of molecules have, without the cell. In a crystal atoms touch those of the next molecule, at 2 to 4 Å, and in
the widest metals (caesium, 5.2 Å) neighbours are near by their covalent radii.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.connections import TOLERANCE_ANGSTROM
from atomlens.chem.molecule import Molecule

#: Atoms that are farther apart than this do not touch, unless they are so large that they are bound.
APART_ANGSTROM: Final = 5.0


def with_vacuum_noted(crystal: Molecule) -> Molecule:
    """The crystal, with a warning where its cell holds nothing but molecules far from each other and all images.

    Atoms alone are left as they are, unless there is one: several are rather a crystal that was blown up.
    """
    if crystal.cell is None or _shortest(crystal.cell) < APART_ANGSTROM:
        return crystal
    first, second, offsets, bound = _neighbours(crystal.numbers, crystal.positions, crystal.cell)
    if _count_parts(len(crystal), first, second, offsets) is None:
        return crystal
    molecules = _count_parts(len(crystal), first[bound], second[bound], offsets[bound])
    if molecules is None or 1 < molecules == len(crystal):
        return crystal
    what = "one molecule" if len(crystal) > 1 else "one atom"
    warning = (
        f"The cell holds {what}, more than {APART_ANGSTROM:g} Å from all images: networks of crystals have not learned "
        'such. For networks of molecules open it in one piece and without its cell, as XYZ or with pbc="F F F".'
        if molecules == 1
        else f"The cell holds {molecules} molecules, more than {APART_ANGSTROM:g} Å from all images: networks of "
        'crystals have not learned such. For networks of molecules open one alone, as XYZ or with pbc="F F F".'
    )
    return replace(crystal, warnings=(*crystal.warnings, warning))


def _shortest(cell: NDArray[np.float64]) -> float:
    """Å from an atom to an image of itself, by vectors of the cell and their sums and differences."""
    steps = np.array(list(product((-1, 0, 1), repeat=3)))
    return float(np.linalg.norm(steps[steps.any(axis=1)] @ cell, axis=1).min())


def _neighbours(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], cell: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Pairs of atoms that touch, images included, both ways: first and second (n_pairs,), lattice vectors from the
    second to the image that is meant (n_pairs, 3), and whether they are bound (n_pairs,)."""
    from ase.data import covalent_radii  # whoever reads a SMILES need not load it
    from ase.neighborlist import primitive_neighbor_list

    radii = covalent_radii[numbers]
    reach = max(APART_ANGSTROM, 2.0 * float(radii.max()) + TOLERANCE_ANGSTROM)
    first, second, distances, offsets = primitive_neighbor_list("ijdS", (True, True, True), cell, positions, reach)
    bound = distances < radii[first] + radii[second] + TOLERANCE_ANGSTROM
    near = bound | (distances < APART_ANGSTROM)
    return first[near], second[near], offsets[near], bound[near]


def _count_parts(
    n_atoms: int, first: NDArray[np.int64], second: NDArray[np.int64], offsets: NDArray[np.int64]
) -> int | None:
    """How many parts the pairs connect the atoms to; None where one reaches its own image, and so has no end."""
    around: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in range(n_atoms)]
    for one, other, offset in zip(first.tolist(), second.tolist(), offsets.tolist(), strict=True):
        around[one].append((other, tuple(offset)))
    # the image of each atom that is in the part of the first one met
    image: dict[int, tuple[int, ...]] = {}
    count = 0
    for start in range(n_atoms):
        if start in image:
            continue
        count += 1
        image[start] = (0, 0, 0)
        todo = [start]
        while todo:
            atom = todo.pop()
            for other, offset in around[atom]:
                there = tuple(a + b for a, b in zip(image[atom], offset, strict=True))
                if other not in image:
                    image[other] = there
                    todo.append(other)
                elif image[other] != there:
                    return None
    return count
