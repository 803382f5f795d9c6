"""The convolution of `kernels.convolution` inside molecules, and its gradients.

A pair stands once and acts both ways: its filter is looked up once. No pair leaves its molecule, so molecules, not
atoms, are shared out among the threads.

A pair touches up to fourteen rows: of the filter's table, and of its two atoms in features, gradient and results. In a
plain loop over features LLVM cannot know that the written rows are apart from the others, and does not vectorize it;
here that loop is a function of its own, whose rows are declared `noalias`. It is half again as fast as several plain
loops that write two rows each. (The intrinsics stand beside the kernels because numba's cache of a kernel is renewed
when the kernel's own file changes.)

In a crystal an atom may be its own neighbour, as an image in another cell: then both rows are one, and a plain loop
adds what the pair gives in both directions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from atomlens.networks.kernels.convolution import basis

_INDEX = ir.IntType(64)
_FAST = ("fast",)


def _sum_of_products(builder: Any, *factors: tuple[Any, Any]) -> Any:
    products = [builder.fmul(a, b, flags=_FAST) for a, b in factors]
    total = products[0]
    for product in products[1:]:
        total = builder.fadd(total, product, flags=_FAST)
    return total


def _forward(builder: Any, read: Sequence[Any], weights: Sequence[Any]) -> Sequence[Any]:
    """What rows i and j of the result gain."""
    *table, x_i, x_j = read
    w = _sum_of_products(builder, *zip(weights, table, strict=True))
    return _sum_of_products(builder, (w, x_j)), _sum_of_products(builder, (w, x_i))


def _backward(builder: Any, read: Sequence[Any], weights: Sequence[Any]) -> Sequence[Any]:
    """What rows i and j of the gradient by features gain, and four rows of the gradient by coefficients."""
    *table, x_i, x_j, g_i, g_j = read
    w = _sum_of_products(builder, *zip(weights, table, strict=True))
    v = _sum_of_products(builder, (g_i, x_j), (g_j, x_i))
    by_features = (_sum_of_products(builder, (w, g_j)), _sum_of_products(builder, (w, g_i)))
    return (*by_features, *(_sum_of_products(builder, (weight, v)) for weight in weights))


def _loop(module: Any, real: Any, n_read: int, n_written: int, gains: Callable[..., Sequence[Any]]) -> Any:
    """The function (n_features, rows read, rows written, four weights): each written row gains what `gains` says."""
    name = f"atomlens{gains.__name__}_{real}"
    if name in module.globals:
        return module.globals[name]
    kinds = [_INDEX, *[real.as_pointer()] * (n_read + n_written), *[real] * 4]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    function.linkage = "internal"
    n_features, *rows = function.args[:-4]
    for row in rows:
        row.add_attribute("noalias")
    builder = ir.IRBuilder(function.append_basic_block())
    with cgutils.for_range(builder, n_features, intp=_INDEX) as loop:
        places = [builder.gep(row, [loop.index]) for row in rows]
        values = [builder.load(place) for place in places]
        gained = gains(builder, values[:n_read], function.args[-4:])
        for place, value, gain in zip(places[n_read:], values[n_read:], gained, strict=True):
            builder.store(builder.fadd(value, gain, flags=_FAST), place)
    builder.ret_void()
    return function


def _check(*arrays: Any) -> None:
    if not all(isinstance(array, types.Array) and array.layout == "C" and array.ndim == 2 for array in arrays):
        raise TypingError("rows are taken from two-dimensional arrays in C order")


class _Rows:
    """Pointers to rows of the arrays that stand first among an intrinsic's arguments."""

    def __init__(self, context: Any, builder: Any, kinds: Sequence[Any], arguments: Sequence[Any]) -> None:
        self.builder = builder
        self.arrays = [context.make_array(k)(context, builder, a) for k, a in zip(kinds, arguments, strict=True)]
        self.n_features = builder.extract_value(self.arrays[0].shape, 1)

    def of(self, array: int, index: Any, after: int = 0) -> Any:
        """Row index + after of an array."""
        row = self.builder.add(index, ir.Constant(_INDEX, after))
        return self.builder.gep(self.arrays[array].data, [self.builder.mul(row, self.n_features)])

    def four(self, array: int, first: Any) -> list[Any]:
        """Rows first to first + 3."""
        return [self.of(array, first, after) for after in range(4)]


@intrinsic
def _add_pair(typing, out, features, coefficients, i, j, m, w0, w1, w2, w3):  # type: ignore[no-untyped-def]
    """out_i += x_j ∘ W, out_j += x_i ∘ W with W = Σ_k w_k coefficients[m + k]."""
    _check(out, features, coefficients)
    index, real = types.int64, out.dtype

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        rows = _Rows(context, builder, signature.args[:3], arguments[:3])
        i, j, m, *weights = arguments[3:]
        read = [*rows.four(2, m), rows.of(1, i), rows.of(1, j)]
        loop = _loop(builder.module, context.get_value_type(real), len(read), 2, _forward)
        builder.call(loop, [rows.n_features, *read, rows.of(0, i), rows.of(0, j), *weights])
        return context.get_dummy_value()

    return types.void(out, features, coefficients, index, index, index, real, real, real, real), generate


@intrinsic
def _add_pair_gradients(  # type: ignore[no-untyped-def]
    typing, out, table, features, gradient, coefficients, i, j, m, w0, w1, w2, w3
):
    """The gradients of `_add_pair`: by features into rows i and j of out, by coefficients into rows m to m + 3."""
    _check(out, table, features, gradient, coefficients)
    index, real = types.int64, out.dtype

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        rows = _Rows(context, builder, signature.args[:5], arguments[:5])
        i, j, m, *weights = arguments[5:]
        read = [*rows.four(4, m), rows.of(2, i), rows.of(2, j), rows.of(3, i), rows.of(3, j)]
        written = [rows.of(0, i), rows.of(0, j), *rows.four(1, m)]
        loop = _loop(builder.module, context.get_value_type(real), len(read), len(written), _backward)
        builder.call(loop, [rows.n_features, *read, *written, *weights])
        return context.get_dummy_value()

    arrays = (out, table, features, gradient, coefficients)
    return types.void(*arrays, index, index, index, real, real, real, real), generate


@numba.njit(inline="always")
def _add_own_image(out, features, coefficients, i, m, w0, w1, w2, w3):  # type: ignore[no-untyped-def]
    """`_add_pair` of an atom and its own image."""
    for f in range(out.shape[1]):
        w = (
            w0 * coefficients[m, f]
            + w1 * coefficients[m + 1, f]
            + w2 * coefficients[m + 2, f]
            + w3 * coefficients[m + 3, f]
        )
        out[i, f] += (w + w) * features[i, f]


@numba.njit(inline="always")
def _add_own_image_gradients(out, table, features, gradient, coefficients, i, m, w0, w1, w2, w3):  # type: ignore[no-untyped-def]
    """`_add_pair_gradients` of an atom and its own image."""
    _add_own_image(out, gradient, coefficients, i, m, w0, w1, w2, w3)
    for f in range(out.shape[1]):
        v = gradient[i, f] * features[i, f]
        v += v
        table[m, f] += w0 * v
        table[m + 1, f] += w1 * v
        table[m + 2, f] += w2 * v
        table[m + 3, f] += w3 * v


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def convolve_molecules(  # type: ignore[no-untyped-def]
    features, coefficients, molecules, offsets, neighbours, distances, spacing
):
    """Σ_j x_j ∘ W(d_ij) for every atom i: (n_atoms, n_features); each pair stands once and acts both ways.

    features: (n_atoms, n_features); coefficients: (n_knots + 3, n_features); molecules: (n_molecules + 1,) atoms of
    molecule m are molecules[m]:molecules[m + 1]; offsets, neighbours, distances (Å): pairs in rows, the neighbours of
    atom i are offsets[i]:offsets[i + 1]; spacing: h, Å. Distances beyond the table count as zero.
    """
    intervals = coefficients.shape[0] - 3
    out = np.zeros_like(features)
    one = features.dtype.type(1.0)
    for molecule in numba.prange(molecules.shape[0] - 1):
        for i in range(molecules[molecule], molecules[molecule + 1]):
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m < intervals:
                    b0, b1, b2, b3 = basis(s - m)
                    w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
                    if neighbours[p] == i:
                        _add_own_image(out, features, coefficients, i, m, w0, w1, w2, w3)
                    else:
                        _add_pair(out, features, coefficients, i, neighbours[p], m, w0, w1, w2, w3)  # type: ignore[call-arg]
    return out


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def molecule_gradients(  # type: ignore[no-untyped-def]
    features, gradient, coefficients, molecules, offsets, neighbours, distances, spacing, n_threads
):
    """Gradients of Σ gradient · convolve_molecules: by the features, and by the coefficients.

    Returns (n_atoms, n_features) and (n_knots + 3, n_features); the second is scattered into one table a thread.
    """
    n_molecules = molecules.shape[0] - 1
    intervals = coefficients.shape[0] - 3
    out = np.zeros_like(features)
    tables = np.zeros((n_threads, coefficients.shape[0], features.shape[1]), features.dtype)
    one = features.dtype.type(1.0)
    for thread in numba.prange(n_threads):
        table = tables[thread]
        first, last = n_molecules * thread // n_threads, n_molecules * (thread + 1) // n_threads
        for i in range(molecules[first], molecules[last]):
            for p in range(offsets[i], offsets[i + 1]):
                s = distances[p] / spacing
                m = int(s)
                if m < intervals:
                    b0, b1, b2, b3 = basis(s - m)
                    w0, w1, w2, w3 = one * b0, one * b1, one * b2, one * b3
                    if neighbours[p] == i:
                        _add_own_image_gradients(out, table, features, gradient, coefficients, i, m, w0, w1, w2, w3)
                    else:
                        _add_pair_gradients(  # type: ignore[call-arg]
                            out, table, features, gradient, coefficients, i, neighbours[p], m, w0, w1, w2, w3
                        )
    total = tables[0]
    for thread in range(1, n_threads):
        total += tables[thread]
    return out, total
