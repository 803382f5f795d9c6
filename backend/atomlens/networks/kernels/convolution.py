"""Continuous-filter convolution over a tabulated filter, fused: look up, interpolate, multiply, add.

A filter W(d) depends on a distance alone, so it is kept as the coefficients C of a uniform cubic B-spline
(see `networks.spline`): W_f(d) = Σ_k b_k(t) C[m + k, f], with m = ⌊d/h⌋, t = d/h − m, k = 0..3. Pairs stand in
rows: the neighbours of centre i are offsets[i]:offsets[i + 1].
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(inline="always")
def _basis(t):  # type: ignore[no-untyped-def]
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
def convolve(features, coefficients, offsets, neighbours, distances, spacing):  # type: ignore[no-untyped-def]
    """Σ_j x_j ∘ W(d_ij) for every centre i: (n_centres, n_features).

    features: (n_atoms, n_features); coefficients: (n_knots + 3, n_features); distances: (n_pairs,), Å;
    spacing: h, Å. Distances beyond the table count as zero.
    """
    n_centres = offsets.shape[0] - 1
    n_features = features.shape[1]
    intervals = coefficients.shape[0] - 3
    out = np.zeros((n_centres, n_features), features.dtype)
    one = features.dtype.type(1.0)
    for i in numba.prange(n_centres):
        row = out[i]
        for p in range(offsets[i], offsets[i + 1]):
            s = distances[p] / spacing
            m = int(s)
            if m >= intervals:
                continue
            b0, b1, b2, b3 = _basis(s - m)
            w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
            x = features[neighbours[p]]
            c0, c1, c2, c3 = (
                coefficients[m],
                coefficients[m + 1],
                coefficients[m + 2],
                coefficients[m + 3],
            )
            for f in range(n_features):
                row[f] += x[f] * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])
    return out


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def coefficient_gradient(  # type: ignore[no-untyped-def]
    features, gradient, n_coefficients, offsets, neighbours, distances, spacing, n_threads
):
    """Gradient of Σ gradient · convolve with respect to the coefficients, scattered into one table a thread."""
    n_centres = offsets.shape[0] - 1
    n_features = features.shape[1]
    tables = np.zeros((n_threads, n_coefficients, n_features), features.dtype)
    one = features.dtype.type(1.0)
    for thread in numba.prange(n_threads):
        table = tables[thread]
        for i in range(n_centres * thread // n_threads, n_centres * (thread + 1) // n_threads):
            g = gradient[i]
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m >= n_coefficients - 3:
                    continue
                b0, b1, b2, b3 = _basis(s - m)
                w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
                x = features[neighbours[p]]
                c0, c1, c2, c3 = table[m], table[m + 1], table[m + 2], table[m + 3]
                for f in range(n_features):
                    v = g[f] * x[f]
                    c0[f] += w0 * v
                    c1[f] += w1 * v
                    c2[f] += w2 * v
                    c3[f] += w3 * v
    total = tables[0]
    for thread in range(1, n_threads):
        total += tables[thread]
    return total


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def distance_gradient(  # type: ignore[no-untyped-def]
    features, gradient, coefficients, offsets, neighbours, distances, spacing
):
    """Gradient of Σ gradient · convolve with respect to every distance: (n_pairs,)."""
    n_centres = offsets.shape[0] - 1
    n_features = features.shape[1]
    intervals = coefficients.shape[0] - 3
    out = np.zeros(distances.shape[0], features.dtype)
    for i in numba.prange(n_centres):
        g = gradient[i]
        for p in range(offsets[i], offsets[i + 1]):
            s = distances[p] / spacing
            m = int(s)
            if m >= intervals:
                continue
            w0, w1, w2, w3 = _basis_slope(s - m)
            x = features[neighbours[p]]
            c0, c1, c2, c3 = (
                coefficients[m],
                coefficients[m + 1],
                coefficients[m + 2],
                coefficients[m + 3],
            )
            total = 0.0
            for f in range(n_features):
                total += g[f] * x[f] * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])
            out[p] = total / spacing
    return out
