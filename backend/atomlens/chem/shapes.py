"""Which angles and bond lengths molecules at rest have.

`shapes.json` has them as QM9's training molecules have them (`python -m atomlens.training.shapes` writes it): of every
kind of angle and of bond that is common, the range that holds all but one in ten thousand at either side. An angle's
kind is the element of the atom at its corner, with how many others that is bonded, and the ring of three or four atoms
that it is part of, if it is; a bond's kind is the elements of its ends, each with how many others that is bonded.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

FILE: Final = "shapes.json"
#: Degrees and Å by which minima of other levels of theory than QM9's may lie beyond its ranges: acetylene's C–H bond,
#: of which there is hardly more than one length in QM9, is 0.01 Å longer elsewhere.
ANGLE_SLACK, LENGTH_SLACK = 2.0, 0.02
#: Kind of an angle: element and neighbours of its corner, size of its ring or 0. Kind of a bond: of both ends, ordered.
Angle = tuple[int, int, int]
Bond = tuple[tuple[int, int], tuple[int, int]]


def angles_and_bonds(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], bonded: NDArray[np.bool_]
) -> tuple[list[tuple[int, Angle, float]], list[tuple[int, int, Bond, float]]]:
    """Each angle (corner, kind, degrees) and bond (first, second, kind, Å) of a geometry.

    numbers: (n_atoms,); positions: (n_atoms, 3), Å; bonded: (n_atoms, n_atoms), symmetric.
    """
    count = bonded.sum(1)
    angles, bonds = [], []
    for corner in np.flatnonzero(count > 1).tolist():
        ends = np.flatnonzero(bonded[corner])
        sides = positions[ends] - positions[corner]
        sides = sides / np.linalg.norm(sides, axis=1)[:, None]
        degrees = np.degrees(np.arccos(np.clip(sides @ sides.T, -1.0, 1.0)))
        for i, first in enumerate(ends.tolist()):
            for j, second in enumerate(ends[:i].tolist()):
                ring = 3 if bonded[first, second] else 4 if (bonded[first] & bonded[second]).sum() > 1 else 0
                angles.append((corner, (int(numbers[corner]), int(count[corner]), ring), float(degrees[i, j])))
    for first, second in np.argwhere(np.triu(bonded)).tolist():
        near, far = sorted((int(numbers[end]), int(count[end])) for end in (first, second))
        bonds.append((first, second, (near, far), float(np.linalg.norm(positions[first] - positions[second]))))
    return angles, bonds


def distorted_atoms(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], bonded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(n_atoms,) whether an angle at the atom, or a bond of it, is as in no molecule at rest; arguments as above."""
    found = np.zeros(len(numbers), dtype=np.bool_)
    angles, bonds = angles_and_bonds(numbers, positions, bonded)
    known_angles, known_bonds = _ranges()
    for corner, angle, degrees in angles:
        if angle in known_angles and _beyond(known_angles[angle], degrees, ANGLE_SLACK):
            found[corner] = True
    for first, second, bond, length in bonds:
        if bond in known_bonds and _beyond(known_bonds[bond], length, LENGTH_SLACK):
            found[[first, second]] = True
    return found


def _beyond(known: tuple[float, float], value: float, slack: float) -> bool:
    low, high = known
    return not low - slack <= value <= high + slack


@cache
def _ranges() -> tuple[dict[Angle, tuple[float, float]], dict[Bond, tuple[float, float]]]:
    known = json.loads((files("atomlens.chem") / FILE).read_text(encoding="utf-8"))
    angles = {(z, n, ring): (low, high) for z, n, ring, low, high in known["angles"]}
    bonds = {((z1, n1), (z2, n2)): (low, high) for z1, n1, z2, n2, low, high in known["bonds"]}
    return angles, bonds
