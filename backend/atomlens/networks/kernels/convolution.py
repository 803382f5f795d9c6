"""Continuous-filter convolution over a tabulated filter, fused: look up, interpolate, multiply, add.

A filter W(d) depends on a distance alone, so it is kept as the coefficients C of a uniform cubic B-spline
(see `networks.spline`): W_f(d) = Σ_k b_k(t) C[m + k, f], with m = ⌊d/h⌋, t = d/h − m, k = 0..3.

Here points in space feel the atoms of a molecule; inside molecules, where a pair acts both ways, see `kernels.pairs`.
"""

from __future__ import annotations

import numba
import numpy as np

#: Points whose neighbours are found together.
POINTS_A_BLOCK = 64


@numba.njit(inline="always")
def basis(t):  # type: ignore[no-untyped-def]
    """The four B-splines that do not vanish on an interval, at t in [0, 1)."""
    u = 1.0 - t
    return (
        u * u * u / 6.0,
        (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
        (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0,
        t * t * t / 6.0,
    )


@numba.njit(inline="always")
def _basis_slope(t):  # type: ignore[no-untyped-def]
    u = 1.0 - t
    return (-0.5 * u * u, 1.5 * t * t - 2.0 * t, -1.5 * u * u + 2.0 * u, 0.5 * t * t)


@numba.njit(fastmath=True, cache=True, nogil=True)
def _neighbours(points, positions, spacing, intervals, candidates, offsets, atoms, intervals_of, weights):  # type: ignore[no-untyped-def]
    """Atoms within the table of some points near one another, in rows as in `MoleculePairs`, with their splines."""
    reach = spacing * intervals
    count = 0
    for j in range(positions.shape[0]):
        beyond = 0.0
        for k in range(3):
            below, above = np.inf, -np.inf
            for i in range(points.shape[0]):
                below, above = min(below, points[i, k]), max(above, points[i, k])
            gap = max(below - positions[j, k], positions[j, k] - above, 0.0)
            beyond += gap * gap
        if beyond < reach * reach:
            candidates[count] = j
            count += 1
    place = 0
    for i in range(points.shape[0]):
        offsets[i] = place
        for c in range(count):
            j = candidates[c]
            d2 = 0.0
            for k in range(3):
                d2 += (points[i, k] - positions[j, k]) ** 2
            if d2 < reach * reach:
                s = np.sqrt(d2) / spacing
                m = int(s)
                if m < intervals:
                    atoms[place], intervals_of[place] = j, m
                    weights[place, 0], weights[place, 1], weights[place, 2], weights[place, 3] = basis(s - m)
                    place += 1
    offsets[points.shape[0]] = place


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def convolve_points(points, positions, features, coefficients, spacing, out):  # type: ignore[no-untyped-def]
    """Σ_j x_j ∘ W(|r − r_j|) for every point r into out (n_points, n_features). Atoms do not feel the points.

    points: (n_points, 3) and positions: (n_atoms, 3), Å; features: (n_atoms, n_features); coefficients:
    (n_knots + 3, n_features); spacing: h, Å. Atoms beyond the table count as zero. Points that follow one another
    should be near one another: atoms that none of a block sees are left out together.
    """
    n_points, n_atoms, n_features = points.shape[0], positions.shape[0], features.shape[1]
    intervals = coefficients.shape[0] - 3
    for block in numba.prange((n_points + POINTS_A_BLOCK - 1) // POINTS_A_BLOCK):
        first = block * POINTS_A_BLOCK
        last = min(n_points, first + POINTS_A_BLOCK)
        most = (last - first) * n_atoms
        # neighbours first, sums afterwards: in one loop both are slower by a factor of two
        candidates, offsets = np.empty(n_atoms, np.int64), np.empty(last - first + 1, np.int64)
        atoms, intervals_of = np.empty(most, np.int64), np.empty(most, np.int64)
        weights = np.empty((most, 4), features.dtype)
        _neighbours(
            points[first:last], positions, spacing, intervals, candidates, offsets, atoms, intervals_of, weights
        )
        for i in range(first, last):
            row = out[i]
            row[:] = 0.0
            for p in range(offsets[i - first], offsets[i - first + 1]):
                m, x = intervals_of[p], features[atoms[p]]
                w0, w1, w2, w3 = weights[p, 0], weights[p, 1], weights[p, 2], weights[p, 3]
                c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
                for f in range(n_features):
                    row[f] += x[f] * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def distance_gradient(  # type: ignore[no-untyped-def]
    features, gradient, coefficients, molecules, offsets, neighbours, distances, spacing
):
    """Gradient of Σ gradient · `pairs.convolve_molecules` by every distance: (n_pairs,), both directions together."""
    n_features = features.shape[1]
    intervals = coefficients.shape[0] - 3
    out = np.zeros(distances.shape[0], features.dtype)
    for molecule in numba.prange(molecules.shape[0] - 1):
        for i in range(molecules[molecule], molecules[molecule + 1]):
            x_i, g_i = features[i], gradient[i]
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m >= intervals:
                    continue
                w0, w1, w2, w3 = _basis_slope(s - m)
                j = neighbours[p]
                x_j, g_j = features[j], gradient[j]
                c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
                total = 0.0
                for f in range(n_features):
                    slope = w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f]
                    total += (g_i[f] * x_j[f] + g_j[f] * x_i[f]) * slope
                out[p] = total / spacing
    return out
