"""The cell of a crystal: three lattice vectors, in whose translations its atoms are repeated.

A cell that cannot be right is refused: vectors that are not finite, that lie in a plane, or that span layers thinner
than any atom; atoms that coincide with an image of another. So whatever a network sums over images has an end. A cell
that is only askew gives way to the reduced one of the same lattice (Minkowski; Nguyen, Stehlé, ACM Trans. Algorithms 5,
46 (2009)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import InputError

#: Distance between neighbouring lattice planes below which no atom has room (H2 under the pressure of planets has 1 Å).
THINNEST_ANGSTROM = 0.8
#: Longer vectors are a mistake of units.
LONGEST_ANGSTROM = 1000.0


def checked_cell(cell: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cell (3, 3), rows lattice vectors in Å, as read-only float64, reduced where it is askew.

    Raises `InputError`, code "bad_cell".
    """
    checked = np.array(cell, dtype=np.float64)
    if checked.shape != (3, 3) or not np.isfinite(checked).all():
        raise _wrong("it is not three vectors of three finite numbers")
    if np.abs(checked).max() > LONGEST_ANGSTROM:
        raise _wrong(f"a lattice vector is longer than {LONGEST_ANGSTROM:,.0f} Å")
    if _thinnest(checked) < THINNEST_ANGSTROM:
        checked = _reduced(checked)
    thinnest = _thinnest(checked)
    if thinnest < THINNEST_ANGSTROM:
        raise _wrong(f"its lattice planes are {thinnest:.3f} Å apart, closer than {THINNEST_ANGSTROM} Å")
    checked.setflags(write=False)
    return checked


def _thinnest(cell: NDArray[np.float64]) -> float:
    """Å between the nearest lattice planes; 0 for vectors in a plane."""
    volume = abs(float(np.linalg.det(cell)))
    areas = np.array([np.linalg.norm(np.cross(cell[k - 2], cell[k - 1])) or np.inf for k in range(3)])
    return float((volume / areas).min())


def _reduced(cell: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shortest vectors of the same lattice; the cell as it is where there is none."""
    from ase.geometry import minkowski_reduce

    if abs(float(np.linalg.det(cell))) < 1e-6:
        return cell
    try:
        return np.asarray(minkowski_reduce(cell)[0], dtype=np.float64)
    except (RuntimeError, np.linalg.LinAlgError):
        return cell  # vectors too far apart in length: what is thin stays so


def check_images(positions: NDArray[np.float64], cell: NDArray[np.float64], least: float) -> None:
    """Raise `InputError`, code "coincident_atoms", for an atom nearer than `least` (Å) to an image of another.

    positions: (n_atoms, 3), Å; least: at most half of the distance between lattice planes.
    """
    first, second, distance = nearest_pair(positions, cell)
    if distance < least:
        raise InputError(
            f"Atoms {first + 1} and {second + 1}, or an image of one, are {distance:.3f} Å apart: they coincide.",
            code="coincident_atoms",
            field="positions",
            hint=f"Keep every pair of atoms at least {least} Å apart, images included.",
        )


def nearest_pair(positions: NDArray[np.float64], cell: NDArray[np.float64]) -> tuple[int, int, float]:
    """The two atoms that are nearest to each other, or to an image, and their distance in Å, true where it is below
    half of that between lattice planes; infinite for one atom. positions: (n_atoms, 3), Å."""
    fractions = positions @ np.linalg.inv(cell)
    first, second = np.triu_indices(len(positions), 1)
    if not len(first):
        return 0, 0, np.inf
    between = fractions[second] - fractions[first]
    # a vector shorter than half of the distance between planes has no share beyond one half: rounding leaves it alone
    distances = np.linalg.norm((between - np.round(between)) @ cell, axis=1)
    pair = int(distances.argmin())
    return int(first[pair]), int(second[pair]), float(distances[pair])


def _wrong(reason: str) -> InputError:
    return InputError(
        f"The cell cannot be that of a crystal: {reason}.",
        code="bad_cell",
        field="cell",
        hint="Give three lattice vectors in Å that span a volume, and as short ones as the crystal has.",
    )
