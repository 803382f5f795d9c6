"""Neighbours by brute force: quick for molecules and small cells, whose atoms mostly see one another anyway."""

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


@numba.njit(cache=True, nogil=True)
def _images(start, cell, inverse, widths, cutoff, same, neighbour, place, neighbours, distances):  # type: ignore[no-untyped-def]
    """Number of lattice translations that bring the vector `start` (3,) within the cutoff.

    same: it is of an atom to itself; of both opposite translations one counts. Unless place is negative, the neighbour
    and the distances are written from there on.
    """
    count, limit = 0, cutoff * cutoff
    lowest, highest = np.empty(3, np.int64), np.empty(3, np.int64)
    for k in range(3):
        # between two lattice planes a fraction is that share of their distance
        share = start[0] * inverse[0, k] + start[1] * inverse[1, k] + start[2] * inverse[2, k]
        lowest[k], highest[k] = np.ceil(-share - cutoff / widths[k]), np.floor(-share + cutoff / widths[k])
    for a in range(max(lowest[0], 0) if same else lowest[0], highest[0] + 1):
        for b in range(lowest[1], highest[1] + 1):
            for c in range(lowest[2], highest[2] + 1):
                if same and (a == 0 and (b < 0 or (b == 0 and c <= 0))):
                    continue
                d2 = 0.0
                for k in range(3):
                    d2 += (start[k] + a * cell[0, k] + b * cell[1, k] + c * cell[2, k]) ** 2
                if d2 < limit:
                    if place >= 0:
                        neighbours[place + count], distances[place + count] = neighbour, np.sqrt(d2)
                    count += 1
    return count


@numba.njit(parallel=True, cache=True, nogil=True)
def crystal_pairs(positions, offsets, cells, inverses, widths, cutoff):  # type: ignore[no-untyped-def]
    """Pairs within `cutoff` inside each crystal of a batch, images included, each once, in the row of its first atom.

    A pair of atoms stands once for every image that is near enough, an atom and its own image once for both opposite
    translations. positions: (n_atoms, 3), Å; offsets: (n_crystals + 1,); cells: (n_crystals, 3, 3), rows lattice
    vectors, Å; inverses: their inverses; widths: (n_crystals, 3) distances between lattice planes, Å. Returns as
    `molecule_pairs` does.
    """
    n_atoms = positions.shape[0]
    counts = np.zeros(n_atoms + 1, np.int64)
    nothing, none = np.empty(0, np.int64), np.empty(0, np.float64)
    for m in numba.prange(offsets.shape[0] - 1):
        for i in range(offsets[m], offsets[m + 1]):
            for j in range(i, offsets[m + 1]):
                start = positions[j] - positions[i]
                counts[i + 1] += _images(start, cells[m], inverses[m], widths[m], cutoff, i == j, j, -1, nothing, none)
    rows = np.cumsum(counts)
    neighbours = np.empty(rows[-1], np.int64)
    distances = np.empty(rows[-1], np.float64)
    for m in numba.prange(offsets.shape[0] - 1):
        for i in range(offsets[m], offsets[m + 1]):
            place = rows[i]
            for j in range(i, offsets[m + 1]):
                start = positions[j] - positions[i]
                place += _images(
                    start, cells[m], inverses[m], widths[m], cutoff, i == j, j, place, neighbours, distances
                )
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
