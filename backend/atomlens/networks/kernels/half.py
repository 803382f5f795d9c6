"""What stands between the matrix products of a SchNet interaction when their gradients take half-precision factors.

Half precision is bfloat16, the upper half of a single, kept here as uint16. Each kernel is one pass over memory that
rounds as it goes, in place of one pass for the arithmetic and one for the rounding.
"""

from __future__ import annotations

import numba
import numpy as np

from atomlens.networks.kernels.activation import exponential, logarithm

_LN2 = np.float32(0.6931471805599453)
#: Rows that a thread takes at a time.
_ROWS = 64


@numba.njit(inline="always")
def _rounded(x):  # type: ignore[no-untyped-def]
    """The nearest bfloat16 of a finite single, ties to even."""
    bits = np.float32(x).view(np.uint32)
    odd = (bits >> np.uint32(16)) & np.uint32(1)
    return np.uint16((bits + np.uint32(0x7FFF) + odd) >> np.uint32(16))


@numba.njit(inline="always")
def _single(h):  # type: ignore[no-untyped-def]
    """The single that a bfloat16 is."""
    return np.uint32(np.uint32(h) << np.uint32(16)).view(np.float32)


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def shift(x, bias, out, half):  # type: ignore[no-untyped-def]
    """out = x + bias, and half = x rounded: (n, m) each; bias: (m,)."""
    for i in numba.prange(x.shape[0]):
        for f in range(x.shape[1]):
            out[i, f] = x[i, f] + bias[f]
            half[i, f] = _rounded(x[i, f])


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def soften(x, bias, half, slope):  # type: ignore[no-untyped-def]
    """x = ssp(x + bias) in place, half = that rounded, slope = the rounded slope of ssp: (n, m) each; bias: (m,)."""
    one, zero = np.float32(1.0), np.float32(0.0)
    for i in numba.prange(x.shape[0]):
        for f in range(x.shape[1]):
            value = x[i, f] + bias[f]
            y = exponential(value)
            softened = max(value, zero) + logarithm(y) - _LN2
            x[i, f] = softened
            half[i, f] = _rounded(softened)
            slope[i, f] = _rounded((one if value >= zero else y) / (one + y))


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def round_and_sum(x, half):  # type: ignore[no-untyped-def]
    """half = x rounded: (n, m); returns the sums of the columns of x, (m,) float32."""
    n, m = x.shape
    chunks = (n + _ROWS - 1) // _ROWS
    sums = np.zeros((chunks, m), np.float32)
    for chunk in numba.prange(chunks):
        total = sums[chunk]
        for i in range(chunk * _ROWS, min(n, (chunk + 1) * _ROWS)):
            for f in range(m):
                half[i, f] = _rounded(x[i, f])
                total[f] += x[i, f]
    return sums.sum(axis=0)


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def scale_and_sum(half, slope):  # type: ignore[no-untyped-def]
    """half = half · slope in place: (n, m) rounded both; returns the sums of the columns, (m,) float32."""
    n, m = half.shape
    chunks = (n + _ROWS - 1) // _ROWS
    sums = np.zeros((chunks, m), np.float32)
    for chunk in numba.prange(chunks):
        total = sums[chunk]
        for i in range(chunk * _ROWS, min(n, (chunk + 1) * _ROWS)):
            for f in range(m):
                value = _single(half[i, f]) * _single(slope[i, f])
                half[i, f] = _rounded(value)
                total[f] += value
    return sums.sum(axis=0)


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def add(x, half):  # type: ignore[no-untyped-def]
    """x + half: (n, m) float32."""
    out = np.empty_like(x)
    for i in numba.prange(x.shape[0]):
        for f in range(x.shape[1]):
            out[i, f] = x[i, f] + _single(half[i, f])
    return out
