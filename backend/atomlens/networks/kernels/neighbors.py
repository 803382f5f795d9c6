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


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def nearest(points, positions, radii):  # type: ignore[no-untyped-def]
    """Distance of every point to the nearest atom, and to the nearest sphere of the atoms' radii (negative inside).

    points: (n_points, 3), positions: (n_atoms, 3), radii: (n_atoms,), Å. Returns (n_points,) twice, Å.
    """
    n_points = points.shape[0]
    to_atom, to_sphere = np.empty(n_points), np.empty(n_points)
    for i in numba.prange(n_points):
        square, above = np.inf, np.inf
        for j in range(positions.shape[0]):
            d2 = 0.0
            for k in range(3):
                d2 += (points[i, k] - positions[j, k]) ** 2
            square = min(square, d2)
            above = min(above, np.sqrt(d2) - radii[j])
        to_atom[i], to_sphere[i] = np.sqrt(square), above
    return to_atom, to_sphere
