"""Continuous-filter convolution over a tabulated filter, fused: look up, interpolate, multiply, add.

A filter W(d) depends on a distance alone, so it is kept as the coefficients C of a uniform cubic B-spline
(see `networks.spline`): W_f(d) = Σ_k b_k(t) C[m + k, f], with m = ⌊d/h⌋, t = d/h − m, k = 0..3.

Here points in space feel the atoms of a molecule; inside molecules, where a pair acts both ways, see `kernels.pairs`.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from atomlens.networks.kernels.neighbors import within_reach

#: Points whose neighbours are found together.
POINTS_A_BLOCK = 64
#: Features in a register, and registers whose sums are made together.
_LANES, _VECTORS = 16, 2

_INDEX = ir.IntType(64)
_FAST = ("fast",)


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
    count = within_reach(points, positions, reach, candidates)
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


def _sum_function(module: Any, real: Any, bytes_each: int) -> Any:
    """The function (first, last, n_features, atoms, intervals, weights, features, coefficients, row).

    It writes Σ_p x[atoms_p] ∘ Σ_k w_pk C[intervals_p + k] over the neighbours p = first … last − 1 into a row, some
    features at a time, whose sums stay in registers. LLVM makes no such code of a loop over neighbours and features.
    """
    name = f"atomlens_sum_{real}"
    if name in module.globals:
        return module.globals[name]
    numbers, reals = _INDEX.as_pointer(), real.as_pointer()
    kinds = [_INDEX, _INDEX, _INDEX, numbers, numbers, reals, reals, reals, reals]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    function.linkage = "internal"
    first, last, n_features, atoms, intervals, weights, features, coefficients, row = function.args
    for pointer in function.args[3:]:
        pointer.add_attribute("noalias")
    builder = ir.IRBuilder(function.append_basic_block())

    def row_of(array: Any, index: Any, feature: Any) -> Any:
        return builder.gep(array, [builder.add(builder.mul(index, n_features), feature)])

    def sums(feature: Any, kind: Any, count: int) -> None:
        """Of `count` values of that kind, which follow one another."""
        lanes = getattr(kind, "count", 1)

        def place(start: Any, at: int) -> Any:
            return builder.bitcast(builder.gep(start, [_INDEX(at * lanes)]), kind.as_pointer())

        def load(start: Any, at: int) -> Any:
            value = builder.load(place(start, at))
            value.align = bytes_each
            return value

        def spread(value: Any) -> Any:
            if lanes == 1:
                return value
            undefined, word = ir.Constant(kind, ir.Undefined), ir.IntType(32)
            one = builder.insert_element(undefined, value, word(0))
            return builder.shuffle_vector(one, undefined, ir.Constant(ir.VectorType(word, lanes), [0] * lanes))

        totals = [cgutils.alloca_once(builder, kind) for _ in range(count)]  # type: ignore[no-untyped-call]
        for total in totals:
            builder.store(spread(real(0.0)), total)
        with cgutils.for_range(builder, last, start=first, intp=_INDEX) as loop:
            atom, interval = (builder.load(builder.gep(array, [loop.index])) for array in (atoms, intervals))
            fours = builder.gep(weights, [builder.mul(loop.index, _INDEX(4))])
            w = [spread(builder.load(builder.gep(fours, [_INDEX(k)]))) for k in range(4)]
            x = row_of(features, atom, feature)
            table = [row_of(coefficients, builder.add(interval, _INDEX(k)), feature) for k in range(4)]
            for at, total in enumerate(totals):
                products = [builder.fmul(w[k], load(table[k], at), flags=_FAST) for k in range(4)]
                value = reduce(lambda a, b: builder.fadd(a, b, flags=_FAST), products)
                value = builder.fmul(value, load(x, at), flags=_FAST)
                builder.store(builder.fadd(builder.load(total), value, flags=_FAST), total)
        for at, total in enumerate(totals):
            stored = builder.store(builder.load(total), place(builder.gep(row, [feature]), at))
            stored.align = bytes_each

    step = _INDEX(_LANES * _VECTORS)
    whole = builder.mul(builder.sdiv(n_features, step), step)
    with cgutils.for_range_slice(builder, _INDEX(0), whole, step, intp=_INDEX) as (feature, _):
        sums(feature, ir.VectorType(real, _LANES), _VECTORS)
    with cgutils.for_range(builder, n_features, start=whole, intp=_INDEX) as loop:
        sums(loop.index, real, 1)
    builder.ret_void()
    return function


@intrinsic
def _sum_neighbours(  # type: ignore[no-untyped-def]
    typing, out, features, coefficients, weights, atoms, intervals, i, first, last
):
    """Row i of out: the sum over the neighbours first … last − 1, see `_sum_function`."""
    arrays = (out, features, coefficients, weights, atoms, intervals)
    if not all(isinstance(array, types.Array) and array.layout == "C" for array in arrays):
        raise TypingError("rows are taken from arrays in C order")

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        made = [context.make_array(k)(context, builder, a) for k, a in zip(arrays, arguments[:6], strict=True)]
        n_features = builder.extract_value(made[0].shape, 1)
        i, first, last = arguments[6:]
        function = _sum_function(builder.module, context.get_value_type(out.dtype), out.dtype.bitwidth // 8)
        row = builder.gep(made[0].data, [builder.mul(i, n_features)])
        pointers = [made[place].data for place in (4, 5, 3, 1, 2)]
        builder.call(function, [first, last, n_features, *pointers, row])
        return context.get_dummy_value()

    return types.void(*arrays, types.int64, types.int64, types.int64), generate


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def convolve_points(points, positions, features, coefficients, spacing, out):  # type: ignore[no-untyped-def]
    """Σ_j x_j ∘ W(|r − r_j|) for every point r into out (n_points, n_features). Atoms do not feel the points.

    points: (n_points, 3) and positions: (n_atoms, 3), Å; features: (n_atoms, n_features); coefficients:
    (n_knots + 3, n_features); spacing: h, Å. Atoms beyond the table count as zero. Points that follow one another
    should be near one another: atoms that none of a block sees are left out together.
    """
    n_points, n_atoms = points.shape[0], positions.shape[0]
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
            start, stop = offsets[i - first], offsets[i - first + 1]
            _sum_neighbours(out, features, coefficients, weights, atoms, intervals_of, i, start, stop)  # type: ignore[call-arg]


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
