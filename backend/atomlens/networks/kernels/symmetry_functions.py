"""Weighted atom-centred symmetry functions (Gastegger et al., J. Chem. Phys. 148, 241709 (2018)), compiled.

exp(−η(d−μ)²) f_c(d) is needed per pair, not per triple: the factors between the atoms of a molecule are
tabulated once, those of a centre once a centre.
"""

from __future__ import annotations

import numba
import numpy as np

from atomlens.networks.kernels.convolution import POINTS_A_BLOCK, basis
from atomlens.networks.kernels.neighbors import within_reach


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
def _angular(out, count, near, d_centre, mine, distances, factors, powers, products, angles, cutoff):  # type: ignore[no-untyped-def]
    """Add the angular functions of a centre with `count` neighbours to out.

    mine: (n_atoms, n_shells) factors between centre and neighbours, with their weights; products (n_shells,) and angles
    (n_powers,): room.
    """
    n_shells, n_powers = mine.shape[1], powers.shape[0]
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
            for a in range(n_shells):
                products[a] = mine[j, a] * mine[k, a] * factors[j, k, a]
            for q in range(n_powers):
                if q >= 2 and powers[q, 0] == 2.0 * powers[q - 2, 0] and powers[q, 1] == powers[q - 2, 1]:
                    # as sets are spaced: the last power of this sign, squared
                    angles[q] = 0.5 * angles[q - 2] ** 2
                else:
                    zeta = powers[q, 0]
                    angles[q] = 2.0 ** (1.0 - zeta) * (1.0 + powers[q, 1] * cosine) ** int(zeta)
                sums = out[q * n_shells : (q + 1) * n_shells]
                for a in range(n_shells):
                    sums[a] += angles[q] * products[a]


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def molecule_functions(weights, positions, offsets, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Features of every atom of a batch: (n_atoms, n_radial + n_powers n_shells) float64.

    weights: (n_atoms,) Z, float64; radial, shells: rows (η, μ); powers: rows (ζ, λ), ζ a whole number.
    """
    n_radial, n_shells, n_powers = radial.shape[0], shells.shape[0], powers.shape[0]
    out = np.zeros((positions.shape[0], n_radial + n_shells * n_powers))
    for m in numba.prange(offsets.shape[0] - 1):
        start, n = offsets[m], offsets[m + 1] - offsets[m]
        distances, factors = _pair_factors(positions, start, start + n, shells, cutoff)
        near, mine = np.empty(n, np.int64), np.empty((n, n_shells))
        products, angles = np.empty(n_shells), np.empty(n_powers)
        for i in range(n):
            row, count = out[start + i], 0
            for j in range(n):
                d, weight = distances[i, j], weights[start + j]
                if j == i or d >= cutoff:
                    continue
                f_c = _cutoff(d, cutoff)
                for r in range(n_radial):
                    row[r] += weight * np.exp(-radial[r, 0] * (d - radial[r, 1]) ** 2) * f_c
                for a in range(n_shells):
                    mine[j, a] = weight * factors[i, j, a]
                near[count] = j
                count += 1
            _angular(
                row[n_radial:], count, near, distances[i], mine, distances, factors, powers, products, angles, cutoff
            )
    return out


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def point_functions(points, numbers, positions, coefficients, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Features of points in space among the atoms of one molecule: (n_points, n_features) float64.

    coefficients: (n_knots + 3, n_radial + n_shells) splines of exp(−η(d−μ)²) f_c(d), as in `kernels.convolution`: the
    exponential of every function and pair would take most of the time. Points that follow one another should be near
    one another.
    """
    n_points, n_atoms = points.shape[0], positions.shape[0]
    n_shells, n_powers = shells.shape[0], powers.shape[0]
    n_both, intervals = coefficients.shape[1], coefficients.shape[0] - 3
    n_radial, spacing = n_both - n_shells, cutoff / intervals
    out = np.zeros((n_points, n_radial + n_shells * n_powers))
    distances, factors = _pair_factors(positions, 0, n_atoms, shells, cutoff)
    for block in numba.prange((n_points + POINTS_A_BLOCK - 1) // POINTS_A_BLOCK):
        first, last = block * POINTS_A_BLOCK, min(n_points, (block + 1) * POINTS_A_BLOCK)
        candidates, near, d = np.empty(n_atoms, np.int64), np.empty(n_atoms, np.int64), np.empty(n_atoms)
        both, mine = np.empty(n_both), np.empty((n_atoms, n_shells))
        products, angles = np.empty(n_shells), np.empty(n_powers)
        n_candidates = within_reach(points[first:last], positions, cutoff, candidates)
        for i in range(first, last):
            row, count = out[i], 0
            for c in range(n_candidates):
                j = candidates[c]
                d2 = 0.0
                for k in range(3):
                    d2 += (points[i, k] - positions[j, k]) ** 2
                d[j] = np.sqrt(d2)
                s = d[j] / spacing
                m = int(s)
                if m >= intervals:
                    continue
                w0, w1, w2, w3 = basis(s - m)
                c0, c1, c2, c3 = coefficients[m], coefficients[m + 1], coefficients[m + 2], coefficients[m + 3]
                weight = float(numbers[j])
                for f in range(n_both):
                    both[f] = weight * (w0 * c0[f] + w1 * c1[f] + w2 * c2[f] + w3 * c3[f])
                for r in range(n_radial):
                    row[r] += both[r]
                for a in range(n_shells):
                    mine[j, a] = both[n_radial + a]
                near[count] = j
                count += 1
            _angular(row[n_radial:], count, near, d, mine, distances, factors, powers, products, angles, cutoff)
    return out


@numba.njit(fastmath=True, cache=True, nogil=True)
def shares_of_pairs(weights, positions, slopes, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Σ slopes · ∂(functions)/∂s_ij of one molecule: (n_atoms, n_atoms), symmetric.

    slopes: (n_atoms, n_features); s_ij multiplies f_c(d_ij). Every term of a function is linear in each of its cutoff
    functions, so its derivative at s = 1 is the term itself: for the pair of a radial term, the three of an angular.
    """
    n, n_radial, n_shells, n_powers = positions.shape[0], radial.shape[0], shells.shape[0], powers.shape[0]
    out = np.zeros((n, n))
    distances, factors = _pair_factors(positions, 0, n, shells, cutoff)
    near, mine = np.empty(n, np.int64), np.empty((n, n_shells))
    products, angles, sums = np.empty(n_shells), np.empty(n_powers), np.empty(n_shells * n_powers)
    two = np.empty(2, np.int64)
    for i in range(n):
        count = 0
        for j in range(n):
            d = distances[i, j]
            if j == i or d >= cutoff:
                continue
            f_c, share = _cutoff(d, cutoff), 0.0
            for r in range(n_radial):
                share += slopes[i, r] * np.exp(-radial[r, 0] * (d - radial[r, 1]) ** 2)
            out[i, j] += share * f_c * weights[j]
            for a in range(n_shells):
                mine[j, a] = weights[j] * factors[i, j, a]
            near[count] = j
            count += 1
        for first in range(count):
            for second in range(first):
                two[0], two[1] = near[first], near[second]
                sums[:] = 0.0
                _angular(sums, 2, two, distances[i], mine, distances, factors, powers, products, angles, cutoff)
                share = 0.0
                for f in range(n_shells * n_powers):
                    share += slopes[i, n_radial + f] * sums[f]
                out[i, two[0]] += share
                out[i, two[1]] += share
                out[two[0], two[1]] += share
    return out + out.T
