"""Weighted atom-centred symmetry functions (Gastegger et al., J. Chem. Phys. 148, 241709 (2018)), compiled.

exp(−η(d−μ)²) f_c(d) is needed per pair, not per triple: the factors between the atoms of a molecule are
tabulated once, those of a centre once a centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from atomlens.networks.kernels.convolution import POINTS_A_BLOCK, basis
from atomlens.networks.kernels.neighbors import within_reach

#: Shells that one vector instruction takes.
LANES = 16
#: Pairs of neighbours whose angles are computed at a time: enough for long loops, few enough for the nearest cache.
TRIPLES = 256
_FAST = ("fast",)
_INDEX = ir.IntType(64)


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


class _Vectors:
    """Reads and writes `LANES` numbers at a time in the arrays among an intrinsic's arguments.

    Plain loops are no match: LLVM cannot know that what is written is apart from what is read, and one or two vectors
    are too few for what it makes of longer loops.
    """

    def __init__(self, context: Any, builder: Any, kinds: Sequence[Any], arguments: Sequence[Any]) -> None:
        self.builder = builder
        self.arrays = [context.make_array(k)(context, builder, a) for k, a in zip(kinds, arguments, strict=True)]
        self.bytes = kinds[0].dtype.bitwidth // 8
        self.kind = ir.VectorType(context.get_value_type(kinds[0].dtype), LANES)

    def shape(self, array: int, axis: int) -> Any:
        """Length of an axis."""
        return self.builder.extract_value(self.arrays[array].shape, axis)

    def place(self, array: int, i: Any, j: Any) -> Any:
        """Of one number."""
        row = self.builder.mul(i, self.shape(array, 1))
        return self.builder.gep(self.arrays[array].data, [self.builder.add(row, j)])

    def load(self, array: int, i: Any, j: Any) -> Any:
        """Numbers [i, j] to [i, j + LANES - 1]."""
        place = self.builder.bitcast(self.place(array, i, j), self.kind.as_pointer())
        return self.builder.load(place, align=self.bytes)

    def add(self, array: int, i: Any, j: Any, gain: Any) -> None:
        """Add to them."""
        total = self.builder.fadd(self.load(array, i, j), gain, flags=_FAST)
        place = self.builder.bitcast(self.place(array, i, j), self.kind.as_pointer())
        self.builder.store(total, place, align=self.bytes)

    def times(self, vector: Any, other: Any) -> Any:
        """Product of two vectors, or of a vector and a number."""
        if other.type != self.kind:
            nothing, zeros = ir.Constant(self.kind, ir.Undefined), ir.VectorType(ir.IntType(32), LANES)([0] * LANES)
            other = self.builder.insert_element(nothing, other, ir.IntType(32)(0))
            other = self.builder.shuffle_vector(other, nothing, zeros)
        return self.builder.fmul(vector, other, flags=_FAST)

    def chunks(self, length: Any) -> Any:
        """A loop over the first places of vectors in so many numbers."""
        return cgutils.for_range_slice(self.builder, _INDEX(0), length, _INDEX(LANES), intp=_INDEX)


@intrinsic
def _add_splines(typing, out, row, to, table, m, start, length, w0, w1, w2, w3):  # type: ignore[no-untyped-def]
    """out[row, to + a] += Σ_k w_k table[m + k, start + a] for a < length, a multiple of `LANES`."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kinds = signature.args
        out, row, to, table, m, start, length, *weights = arguments
        vectors = _Vectors(context, builder, (kinds[0], kinds[3]), (out, table))
        with vectors.chunks(length) as (a, _):
            first = builder.add(start, a)
            knots = [vectors.load(1, builder.add(m, _INDEX(k)), first) for k in range(len(weights))]
            value = vectors.times(knots[0], weights[0])
            for knot, weight in zip(knots[1:], weights[1:], strict=True):
                value = builder.fadd(value, vectors.times(knot, weight), flags=_FAST)
            vectors.add(0, row, builder.add(to, a), value)
        return context.get_dummy_value()

    index, real = types.int64, out.dtype
    return types.void(out, index, index, table, index, index, index, real, real, real, real), generate


@intrinsic
def _add_triples(typing, out, row, column, angles, mine, factors, triples, count):  # type: ignore[no-untyped-def]
    """Angular functions of a centre, of the first `count` pairs of its neighbours, into a row of out from a column on.

    out[row, column + q n_shells + a] += angles[q, t] mine[j, a] mine[k, a] factors[p, a] with j, k, p = triples[t];
    n_shells is a multiple of `LANES`.
    """

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        _, row, column, _, _, _, _, count = arguments
        arrays = (0, 3, 4, 5, 6)
        out, angles, mine, factors, triples = range(5)
        vectors = _Vectors(context, builder, [signature.args[p] for p in arrays], [arguments[p] for p in arrays])
        n_powers, n_shells = vectors.shape(angles, 0), vectors.shape(mine, 1)
        with cgutils.for_range(builder, count, intp=_INDEX) as triple:
            t = triple.index
            j, k, pair = (builder.load(vectors.place(triples, t, _INDEX(c))) for c in range(3))
            with vectors.chunks(n_shells) as (a, _):
                product = vectors.times(vectors.load(mine, j, a), vectors.load(mine, k, a))
                product = vectors.times(product, vectors.load(factors, pair, a))
                with cgutils.for_range(builder, n_powers, intp=_INDEX) as power:
                    angle = builder.load(vectors.place(angles, power.index, t))
                    shell = builder.add(builder.add(column, builder.mul(power.index, n_shells)), a)
                    vectors.add(out, row, shell, vectors.times(product, angle))
        return context.get_dummy_value()

    index = types.int64
    return types.void(out, index, index, angles, mine, factors, triples, index), generate


@numba.njit(inline="always")
def _angles(angles, cosines, count, powers):  # type: ignore[no-untyped-def]
    """angles[q, t] = 2^{1−ζ} (1 + λ cos θ_t)^ζ for t < count."""
    one, half = cosines.dtype.type(1.0), cosines.dtype.type(0.5)
    for q in range(powers.shape[0]):
        row = angles[q]
        if q >= 2 and powers[q, 0] == 2.0 * powers[q - 2, 0] and powers[q, 1] == powers[q - 2, 1]:
            # as sets are spaced: the last power of this sign, squared
            before = angles[q - 2]
            for t in range(count):
                row[t] = half * before[t] * before[t]
        else:
            zeta, sign = int(powers[q, 0]), cosines.dtype.type(powers[q, 1])
            scale = cosines.dtype.type(2.0 ** (1.0 - powers[q, 0]))
            for t in range(count):
                row[t] = scale * (one + sign * cosines[t]) ** zeta


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def point_functions(points, weights, positions, coefficients, n_radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Features of points in space among the atoms of one molecule: (n_points, n_radial + n_powers n_columns).

    coefficients: (n_knots + 3, n_radial + n_columns) splines of exp(−η(d−μ)²) f_c(d), as in `kernels.convolution`, in
    whose precision everything is summed: the exponential of every function and pair would take most of the time.
    weights: (n_atoms,) Z, float64; n_radial, n_columns: the numbers of radial functions and of shells, filled up with
    zeros to multiples of `LANES`.
    Points that follow one another should be near one another.
    """
    n_points, n_atoms = points.shape[0], positions.shape[0]
    n_shells, n_powers = shells.shape[0], powers.shape[0]
    n_both, intervals = coefficients.shape[1], coefficients.shape[0] - 3
    n_columns, spacing, real = n_both - n_radial, cutoff / intervals, coefficients.dtype
    out = np.zeros((n_points, n_radial + n_columns * n_powers), real)
    distances, all_factors = _pair_factors(positions, 0, n_atoms, shells, cutoff)
    one, two, tiny = real.type(1.0), real.type(2.0), real.type(1e-12)
    squares = (distances * distances).astype(real).reshape(-1)
    factors = np.zeros((n_atoms * n_atoms, n_columns), real)
    for j in range(n_atoms):
        for k in range(n_atoms):
            for a in range(n_shells):
                factors[j * n_atoms + k, a] = all_factors[j, k, a]
    for block in numba.prange((n_points + POINTS_A_BLOCK - 1) // POINTS_A_BLOCK):
        first, last = block * POINTS_A_BLOCK, min(n_points, (block + 1) * POINTS_A_BLOCK)
        candidates, near = np.empty(n_atoms, np.int64), np.empty(n_atoms, np.int64)
        d, mine = np.empty(n_atoms, real), np.empty((n_atoms, n_columns), real)
        triples, angles = np.empty((TRIPLES, 3), np.int64), np.empty((n_powers, TRIPLES), real)
        cosines, products = np.empty(TRIPLES, real), np.empty(TRIPLES, real)
        n_candidates = within_reach(points[first:last], positions, cutoff, candidates)
        for i in range(first, last):
            count = 0
            for c in range(n_candidates):
                j = candidates[c]
                d2 = 0.0
                for k in range(3):
                    d2 += (points[i, k] - positions[j, k]) ** 2
                distance = np.sqrt(d2)
                s = distance / spacing
                m = int(s)
                if m >= intervals:
                    continue
                b0, b1, b2, b3 = basis(s - m)
                w = real.type(weights[j])
                w0, w1, w2, w3 = w * real.type(b0), w * real.type(b1), w * real.type(b2), w * real.type(b3)
                mine[count] = 0.0
                _add_splines(out, i, 0, coefficients, m, 0, n_radial, w0, w1, w2, w3)  # type: ignore[call-arg]
                _add_splines(mine, count, 0, coefficients, m, n_radial, n_columns, w0, w1, w2, w3)
                d[count], near[count] = distance, j  # type: ignore[unreachable]
                count += 1
            found = 0
            for j in range(count):
                for k in range(j):
                    pair = near[j] * n_atoms + near[k]
                    triples[found, 0], triples[found, 1], triples[found, 2] = j, k, pair
                    products[found] = two * d[j] * d[k]
                    cosines[found] = d[j] * d[j] + d[k] * d[k] - squares[pair]
                    found += 1
                    if found == TRIPLES or (j == count - 1 and k == j - 1):
                        for t in range(found):
                            # a neighbour on the centre counts as ahead
                            cosine = cosines[t] / max(products[t], tiny)
                            cosines[t] = one if products[t] <= tiny else min(one, max(-one, cosine))
                        _angles(angles, cosines, found, powers)
                        _add_triples(out, i, n_radial, angles, mine, factors, triples, found)  # type: ignore[call-arg]
                        found = 0  # type: ignore[unreachable]
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


@numba.njit(fastmath=True, cache=True, nogil=True)
def _radial_slopes(out, distances, weights, slopes, radial, shells, cutoff):  # type: ignore[no-untyped-def]
    """Add Σ slopes · ∂(radial functions)/∂d to out (n_atoms, n_atoms); ∂(factors of the shells)/∂d of every pair."""
    n, n_shells = distances.shape[0], shells.shape[0]
    changes = np.zeros((n, n, n_shells))
    for j in range(n):
        for k in range(n):
            d = distances[j, k]
            if j == k or d >= cutoff:
                continue
            f_c, slope_c = _cutoff(d, cutoff), -0.5 * np.pi / cutoff * np.sin(np.pi * d / cutoff)
            for a in range(n_shells):
                eta, away = shells[a, 0], d - shells[a, 1]
                changes[j, k, a] = np.exp(-eta * away**2) * (slope_c - 2.0 * eta * away * f_c)
            for r in range(radial.shape[0]):
                eta, away = radial[r, 0], d - radial[r, 1]
                change = np.exp(-eta * away**2) * (slope_c - 2.0 * eta * away * f_c)
                out[j, k] += slopes[j, r] * weights[k] * change
    return changes


@numba.njit(fastmath=True, cache=True, nogil=True)
def slopes_by_distance(weights, positions, slopes, radial, shells, powers, cutoff):  # type: ignore[no-untyped-def]
    """Σ slopes · ∂(functions)/∂d_ij of one molecule: (n_atoms, n_atoms), symmetric, and the distances.

    slopes: (n_atoms, n_features). The angle at i depends on distances too: with a = d_ij, b = d_ik, c = d_jk,
    ∂cos θ/∂a = 1/b − cos θ/a, ∂cos θ/∂b = 1/a − cos θ/b, ∂cos θ/∂c = −c/(ab).
    """
    n, n_radial, n_shells, n_powers = positions.shape[0], radial.shape[0], shells.shape[0], powers.shape[0]
    out = np.zeros((n, n))
    distances, factors = _pair_factors(positions, 0, n, shells, cutoff)
    near, sums, bends = np.empty(n, np.int64), np.empty(n_shells), np.empty(n_shells)
    changes = _radial_slopes(out, distances, weights, slopes, radial, shells, cutoff)
    for i in range(n):
        count = 0
        for j in range(n):
            if j != i and distances[i, j] < cutoff:
                near[count] = j
                count += 1
        for first in range(count):
            for second in range(first):
                j, k = near[first], near[second]
                a_side, b_side, c_side = distances[i, j], distances[i, k], distances[j, k]
                if c_side >= cutoff:
                    continue
                cosine = (a_side**2 + b_side**2 - c_side**2) / (2.0 * a_side * b_side)
                cosine = min(1.0, max(-1.0, cosine))
                sums[:], bends[:] = 0.0, 0.0
                for q in range(n_powers):
                    zeta, base = powers[q, 0], 1.0 + powers[q, 1] * cosine
                    scale = 2.0 ** (1.0 - zeta)
                    angle, bend = scale * base ** int(zeta), scale * zeta * powers[q, 1] * base ** (int(zeta) - 1)
                    for a in range(n_shells):
                        slope = slopes[i, n_radial + q * n_shells + a]
                        sums[a] += slope * angle
                        bends[a] += slope * bend
                by_a, by_b, by_c, by_angle = 0.0, 0.0, 0.0, 0.0
                for a in range(n_shells):
                    m_a, m_b, m_c = factors[i, j, a], factors[i, k, a], factors[j, k, a]
                    by_a += sums[a] * changes[i, j, a] * m_b * m_c
                    by_b += sums[a] * m_a * changes[i, k, a] * m_c
                    by_c += sums[a] * m_a * m_b * changes[j, k, a]
                    by_angle += bends[a] * m_a * m_b * m_c
                both = weights[j] * weights[k]
                out[i, j] += both * (by_a + by_angle * (1.0 / b_side - cosine / a_side))
                out[i, k] += both * (by_b + by_angle * (1.0 / a_side - cosine / b_side))
                out[j, k] += both * (by_c - by_angle * c_side / (a_side * b_side))
    return out + out.T, distances
