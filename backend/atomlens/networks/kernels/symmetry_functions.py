"""Weighted atom-centred symmetry functions (Gastegger et al., J. Chem. Phys. 148, 241709 (2018)), compiled.

exp(−η(d−μ)²) f_c(d) is needed per pair, not per triple: the factors between the atoms of a molecule are
tabulated once, those of a centre once a centre.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(inline="always")
def _cutoff(d, d_c):  # type: ignore[no-untyped-def]
    return 0.5 * (np.cos(np.pi * d / d_c) + 1.0) if d < d_c else 0.0


@numba.njit(fastmath=True, cache=True, nogil=True)
def _pair_factors(positions, start, stop, shells, cutoff):  # type: ignore[no-untyped-def]
    n = stop - start
    distances = np.zeros((n, n))
    factors = np.zeros((n, n, shells.shape[0]))
    for j in range(n):
        for k in range(j):
            d2 = 0.0
            for c in range(3):
                d2 += (positions[start + j, c] - positions[start + k, c]) ** 2
            d = np.sqrt(d2)
            distances[j, k] = distances[k, j] = d
            f_c = _cutoff(d, cutoff)
            if f_c > 0.0:
                for a in range(shells.shape[0]):
                    value = np.exp(-shells[a, 0] * (d - shells[a, 1]) ** 2) * f_c
                    factors[j, k, a] = value
                    factors[k, j, a] = value
    return distances, factors


@numba.njit(fastmath=True, cache=True, nogil=True)
def _centre(out, own, weights, d_centre, distances, factors, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Functions of one centre among n atoms; `own` is its index among them, or −1 for a point in space."""
    n = weights.shape[0]
    n_radial, n_shells, n_powers = radial.shape[0], shells.shape[0], powers.shape[0]
    near = np.empty(n, np.int64)
    count = 0
    mine = np.empty((n, n_shells))
    for j in range(n):
        d = d_centre[j]
        if j == own or d >= cutoff:
            continue
        f_c = _cutoff(d, cutoff)
        for r in range(n_radial):
            out[r] += weights[j] * np.exp(-radial[r, 0] * (d - radial[r, 1]) ** 2) * f_c
        for a in range(n_shells):
            mine[j, a] = np.exp(-shells[a, 0] * (d - shells[a, 1]) ** 2) * f_c * weights[j]
        near[count] = j
        count += 1
    for first in range(count):
        j = near[first]
        for second in range(first):
            k = near[second]
            d_jk = distances[j, k]
            if d_jk >= cutoff:
                continue
            product = d_centre[j] * d_centre[k]
            cosine = 1.0
            if product > 1e-12:
                cosine = (d_centre[j] ** 2 + d_centre[k] ** 2 - d_jk**2) / (2.0 * product)
                cosine = min(1.0, max(-1.0, cosine))
            for q in range(n_powers):
                zeta = powers[q, 0]
                angle = 2.0 ** (1.0 - zeta) * (1.0 + powers[q, 1] * cosine) ** int(zeta)
                for a in range(n_shells):
                    out[n_radial + q * n_shells + a] += angle * mine[j, a] * mine[k, a] * factors[j, k, a]


@numba.njit(parallel=True, cache=True, nogil=True)
def molecule_functions(numbers, positions, offsets, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Features of every atom of a batch: (n_atoms, n_radial + n_powers n_shells) float64.

    radial, shells: rows (η, μ); powers: rows (ζ, λ), ζ a whole number.
    """
    n_features = radial.shape[0] + shells.shape[0] * powers.shape[0]
    out = np.zeros((positions.shape[0], n_features))
    for m in numba.prange(offsets.shape[0] - 1):
        start, stop = offsets[m], offsets[m + 1]
        distances, factors = _pair_factors(positions, start, stop, shells, cutoff)
        weights = numbers[start:stop].astype(np.float64)
        for i in range(stop - start):
            _centre(out[start + i], i, weights, distances[i], distances, factors, radial, shells, powers, cutoff)
    return out


@numba.njit(parallel=True, cache=True, nogil=True)
def point_functions(points, numbers, positions, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Features of points in space among the atoms of one molecule: (n_points, n_features) float64."""
    n_features = radial.shape[0] + shells.shape[0] * powers.shape[0]
    n_atoms = positions.shape[0]
    out = np.zeros((points.shape[0], n_features))
    distances, factors = _pair_factors(positions, 0, n_atoms, shells, cutoff)
    weights = numbers.astype(np.float64)
    for i in numba.prange(points.shape[0]):
        d = np.empty(n_atoms)
        for j in range(n_atoms):
            d2 = 0.0
            for c in range(3):
                d2 += (points[i, c] - positions[j, c]) ** 2
            d[j] = np.sqrt(d2)
        _centre(out[i], -1, weights, d, distances, factors, radial, shells, powers, cutoff)
    return out
