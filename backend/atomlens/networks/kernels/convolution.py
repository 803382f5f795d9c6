"""Continuous-filter convolution over a tabulated filter, fused: look up, interpolate, multiply, add.

A filter W(d) depends on a distance alone, so it is kept as the coefficients C of a uniform cubic B-spline
(see `networks.spline`): W_f(d) = Σ_k b_k(t) C[m + k, f], with m = ⌊d/h⌋, t = d/h − m, k = 0..3. Pairs stand in
rows: the neighbours of centre i are offsets[i]:offsets[i + 1].

Inside molecules a pair stands once and acts both ways: its filter is looked up once. No pair leaves its molecule,
so molecules, not atoms, are shared out among the threads.

The inner loops are short and many on purpose: LLVM vectorizes a loop only while the arrays that it writes need few
checks against the others (two written arrays are within its limit, four are not). One loop that does all is slower
by half.
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
            b0, b1, b2, b3 = _basis(s - m)
            w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
            x = features[neighbours[p]]
            c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
            for f in range(n_features):
                row[f] += x[f] * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])
    return out


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def convolve_molecules(  # type: ignore[no-untyped-def]
    features, coefficients, molecules, offsets, neighbours, distances, spacing
):
    """Σ_j x_j ∘ W(d_ij) for every atom i: (n_atoms, n_features); each pair stands once and acts both ways.

    molecules: (n_molecules + 1,) atoms of molecule m are molecules[m]:molecules[m + 1]; else as `convolve_points`.
    """
    n_features = features.shape[1]
    intervals = coefficients.shape[0] - 3
    out = np.zeros_like(features)
    one = features.dtype.type(1.0)
    for molecule in numba.prange(molecules.shape[0] - 1):
        w = np.empty(n_features, features.dtype)
        for i in range(molecules[molecule], molecules[molecule + 1]):
            x_i, out_i = features[i], out[i]
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m >= intervals:
                    continue
                b0, b1, b2, b3 = _basis(s - m)
                w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
                c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
                x_j, out_j = features[neighbours[p]], out[neighbours[p]]
                for f in range(n_features):
                    w[f] = w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f]
                for f in range(n_features):
                    out_i[f] += w[f] * x_j[f]
                    out_j[f] += w[f] * x_i[f]
    return out


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def molecule_gradients(  # type: ignore[no-untyped-def]
    features, gradient, coefficients, molecules, offsets, neighbours, distances, spacing, n_threads
):
    """Gradients of Σ gradient · convolve_molecules: by the features, and by the coefficients.

    Returns (n_atoms, n_features) and (n_knots + 3, n_features); the second is scattered into one table a thread.
    """
    n_features = features.shape[1]
    n_molecules = molecules.shape[0] - 1
    intervals = coefficients.shape[0] - 3
    out = np.zeros_like(features)
    tables = np.zeros((n_threads, coefficients.shape[0], n_features), features.dtype)
    one = features.dtype.type(1.0)
    for thread in numba.prange(n_threads):
        table = tables[thread]
        w = np.empty(n_features, features.dtype)
        v = np.empty(n_features, features.dtype)
        first, last = n_molecules * thread // n_threads, n_molecules * (thread + 1) // n_threads
        for i in range(molecules[first], molecules[last]):
            x_i, g_i, out_i = features[i], gradient[i], out[i]
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m >= intervals:
                    continue
                b0, b1, b2, b3 = _basis(s - m)
                w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
                c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
                t0, t1, t2, t3 = table[m], table[m + 1], table[m + 2], table[m + 3]
                j = neighbours[p]
                x_j, g_j, out_j = features[j], gradient[j], out[j]
                for f in range(n_features):
                    w[f] = w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f]
                for f in range(n_features):
                    out_i[f] += w[f] * g_j[f]
                    out_j[f] += w[f] * g_i[f]
                for f in range(n_features):
                    v[f] = g_i[f] * x_j[f] + g_j[f] * x_i[f]
                for f in range(n_features):
                    t0[f] += w0 * v[f]
                    t1[f] += w1 * v[f]
                for f in range(n_features):
                    t2[f] += w2 * v[f]
                    t3[f] += w3 * v[f]
    total = tables[0]
    for thread in range(1, n_threads):
        total += tables[thread]
    return out, total


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def distance_gradient(  # type: ignore[no-untyped-def]
    features, gradient, coefficients, molecules, offsets, neighbours, distances, spacing
):
    """Gradient of Σ gradient · convolve_molecules by every distance: (n_pairs,), both directions together."""
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
