"""Shifted softplus and its slope in one pass, in single precision.

ssp(x) = ln(½ eˣ + ½) = max(x, 0) + ln(1 + e^{−|x|}) − ln 2; its slope is the logistic function. The library
functions for e^{−|x|} and ln(1 + ·) do not vectorize; the polynomials below do, and err by less than 3e-7:

    e^{−a} = 2ⁿ 2^f, n = ⌊−a / ln 2⌋, 2^f on [0, 1) by its Taylor series in f ln 2;
    ln(1 + y) = 2 artanh(y / (2 + y)), a series in z = y / (2 + y) ≤ ⅓.
"""

from __future__ import annotations

import numba
import numpy as np

_LOG2E = np.float32(1.4426950408889634)
_LN2 = np.float32(0.6931471805599453)
#: Below 2^−126 a single is no longer normal: e^{−|x|} counts as that.
_SMALLEST = np.float32(-126.0)
_TAYLOR = tuple(np.float32(0.6931471805599453**k / f) for k, f in enumerate((1, 1, 2, 6, 24, 120, 720, 5040)))
_ATANH = tuple(np.float32(2.0 / k) for k in (1, 3, 5, 7, 9, 11, 13))


@numba.njit(inline="always")
def exponential(x):  # type: ignore[no-untyped-def]
    """e^{−|x|}."""
    power = max(-abs(x) * _LOG2E, _SMALLEST)
    whole = np.floor(power)
    f = power - whole
    t = _TAYLOR
    y = t[0] + f * (t[1] + f * (t[2] + f * (t[3] + f * (t[4] + f * (t[5] + f * (t[6] + f * t[7]))))))
    return y * np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)


@numba.njit(inline="always")
def logarithm(y):  # type: ignore[no-untyped-def]
    """ln(1 + y) for y in [0, 1]."""
    z = y / (np.float32(2.0) + y)
    q = z * z
    c = _ATANH
    return z * (c[0] + q * (c[1] + q * (c[2] + q * (c[3] + q * (c[4] + q * (c[5] + q * c[6]))))))


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def shifted_softplus(x):  # type: ignore[no-untyped-def]
    """x: (n,) float32. Returns ssp(x) and its slope, (n,) float32 each."""
    n = x.shape[0]
    out, slope = np.empty_like(x), np.empty_like(x)
    one = np.float32(1.0)
    for i in numba.prange(n):
        y = exponential(x[i])
        out[i] = max(x[i], np.float32(0.0)) + logarithm(y) - _LN2
        slope[i] = (one if x[i] >= 0 else y) / (one + y)
    return out, slope


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)
def soften(x, bias):  # type: ignore[no-untyped-def]
    """ssp(x + bias) in place of x: (n, m) float32; bias: (m,) float32."""
    for i in numba.prange(x.shape[0]):
        row = x[i]
        for f in range(x.shape[1]):
            value = row[f] + bias[f]
            row[f] = max(value, np.float32(0.0)) + logarithm(exponential(value)) - _LN2
