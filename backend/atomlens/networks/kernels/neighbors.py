"""Neighbours by brute force: quick for molecules, whose atoms mostly see one another anyway."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(parallel=True, cache=True, nogil=True)
def molecule_pairs(positions, offsets, cutoff):  # type: ignore[no-untyped-def]
    """Pairs within `cutoff` inside each molecule of a batch, each once, in the row of its first atom.

    positions: (n_atoms, 3), Å; offsets: (n_molecules + 1,). Returns (row offsets (n_atoms + 1,), neighbours
    (n_pairs,), distances (n_pairs,)).
    """
    n_atoms = positions.shape[0]
    counts = np.zeros(n_atoms + 1, np.int64)
    limit = cutoff * cutoff
    for m in numba.prange(offsets.shape[0] - 1):
        for i in range(offsets[m], offsets[m + 1]):
            for j in range(i + 1, offsets[m + 1]):
                d2 = 0.0
                for k in range(3):
                    d2 += (positions[i, k] - positions[j, k]) ** 2
                if d2 < limit:
                    counts[i + 1] += 1
    rows = np.cumsum(counts)
    neighbours = np.empty(rows[-1], np.int64)
    distances = np.empty(rows[-1], np.float64)
    for m in numba.prange(offsets.shape[0] - 1):
        for i in range(offsets[m], offsets[m + 1]):
            place = rows[i]
            for j in range(i + 1, offsets[m + 1]):
                d2 = 0.0
                for k in range(3):
                    d2 += (positions[i, k] - positions[j, k]) ** 2
                if d2 < limit:
                    neighbours[place] = j
                    distances[place] = np.sqrt(d2)
                    place += 1
    return rows, neighbours, distances


# infinities mean something here, so not all of fastmath
@numba.njit(parallel=True, fastmath={"contract", "reassoc"}, cache=True, nogil=True)
def nearest(points, positions, radii, reach):  # type: ignore[no-untyped-def]
    """Distance of every point to the nearest atom, and to the nearest sphere of the atoms' radii (negative inside).

    points: (n_points, 3), positions: (n_atoms, 3), radii: (n_atoms,), Å. Atoms farther than `reach` (Å) from the box of
    a block of points, which should be near one another, are not looked at. Returns (n_points,) twice, Å, infinite where
    no atom was looked at.
    """
    n_points, n_atoms = points.shape[0], positions.shape[0]
    to_atom, to_sphere = np.empty(n_points), np.empty(n_points)
    for block in numba.prange((n_points + 255) // 256):
        first, last = block * 256, min(n_points, block * 256 + 256)
        candidates = np.empty(n_atoms, np.int64)
        count = within_reach(points[first:last], positions, reach, candidates)
        for i in range(first, last):
            square, above = np.inf, np.inf
            for c in range(count):
                j = candidates[c]
                d2 = 0.0
                for k in range(3):
                    d2 += (points[i, k] - positions[j, k]) ** 2
                square = min(square, d2)
                above = min(above, np.sqrt(d2) - radii[j])
            to_atom[i], to_sphere[i] = np.sqrt(square), above
    return to_atom, to_sphere


@numba.njit(fastmath={"contract", "reassoc"}, cache=True, nogil=True)
def within_reach(points, positions, reach, candidates):  # type: ignore[no-untyped-def]
    """Number of atoms that are within `reach` (Å) of the box around some points; they stand first in candidates."""
    below, above = np.full(3, np.inf), np.full(3, -np.inf)
    for i in range(points.shape[0]):
        for k in range(3):
            below[k], above[k] = min(below[k], points[i, k]), max(above[k], points[i, k])
    count = 0
    for j in range(positions.shape[0]):
        beyond = 0.0
        for k in range(3):
            gap = max(below[k] - positions[j, k], positions[j, k] - above[k], 0.0)
            beyond += gap * gap
        if beyond < reach * reach:
            candidates[count] = j
            count += 1
    return count
