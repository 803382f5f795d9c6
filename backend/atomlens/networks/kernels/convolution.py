"""Continuous-filter convolution over a tabulated filter, fused: look up, interpolate, multiply, add.

A filter W(d) depends on a distance alone, so it is kept as the coefficients C of a uniform cubic B-spline
(see `networks.spline`): W_f(d) = Σ_k b_k(t) C[m + k, f], with m = ⌊d/h⌋, t = d/h − m, k = 0..3. Pairs stand in
rows: the neighbours of centre i are offsets[i]:offsets[i + 1].

Inside molecules a pair stands once and acts both ways: see `kernels.pairs`.
"""

from __future__ import annotations

import numba
import numpy as np


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


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def convolve_points(features, coefficients, offsets, neighbours, distances, spacing):  # type: ignore[no-untyped-def]
    """Σ_j x_j ∘ W(d_ij) for every point i: (n_points, n_features); pairs act one way.

    features: (n_atoms, n_features); coefficients: (n_knots + 3, n_features); distances: (n_pairs,), Å;
    spacing: h, Å. Distances beyond the table count as zero.
    """
    n_points = offsets.shape[0] - 1
    n_features = features.shape[1]
    intervals = coefficients.shape[0] - 3
    out = np.zeros((n_points, n_features), features.dtype)
    one = features.dtype.type(1.0)
    for i in numba.prange(n_points):
        row = out[i]
        for p in range(offsets[i], offsets[i + 1]):
            s = distances[p] / spacing
            m = int(s)
            if m >= intervals:
                continue
            b0, b1, b2, b3 = basis(s - m)
            w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
            x = features[neighbours[p]]
            c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
            for f in range(n_features):
                row[f] += x[f] * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])
    return out


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
