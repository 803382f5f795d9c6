"""Kernels of triton for SchNet's convolution on a graphics processor.

What a pair of atoms does takes more time in a step than everything else, and all of it waits for memory: as operations
of torch, filters and messages of every pair are written out and read again, several times for each interaction. Here a
program adds up the messages of one atom, with the filter evaluated from its spline's coefficients on the way, so that
nothing of a pair's width is ever written.

`pairs`: of `convolution.Pairs`, indices as int32; `table`: (intervals + 3, F) coefficients of `networks.spline`; all
floats in single precision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
import triton
import triton.language as tl

from atomlens.training.accelerated.convolution import Pairs

#: Pairs of one interval that a program adds up before it adds them to the gradient of the table.
_CHUNK = 64


@triton.jit
def _interval(distance, scale, last: tl.constexpr):
    return tl.minimum((distance * scale).to(tl.int32), last)


@triton.jit
def _values(t):
    """The four B-splines that do not vanish, of `spline.basis`."""
    u = 1.0 - t
    return (
        u * u * u / 6.0,
        ((3.0 * t - 6.0) * t * t + 4.0) / 6.0,
        ((3.0 * u - 6.0) * u * u + 4.0) / 6.0,
        t * t * t / 6.0,
    )


@triton.jit
def _slopes(t):
    """Their derivatives."""
    u = 1.0 - t
    return -0.5 * u * u, (1.5 * t - 2.0) * t, (2.0 - 1.5 * u) * u, 0.5 * t * t


@triton.jit
def _convolve(
    values,
    changes,
    table,
    pointer,
    neighbours,
    distances,
    rates,
    out,
    out_changes,
    scale,
    n_features,
    last: tl.constexpr,
    block: tl.constexpr,
    dual: tl.constexpr,
):
    atom = tl.program_id(0)
    columns = tl.program_id(1) * block + tl.arange(0, block)
    total = tl.zeros((block,), tl.float32)
    change = tl.zeros((block,), tl.float32)
    for p in range(tl.load(pointer + atom), tl.load(pointer + atom + 1)):
        distance = tl.load(distances + p)
        k = _interval(distance, scale, last)
        t = distance * scale - k
        v0, v1, v2, v3 = _values(t)
        row = table + k * n_features + columns
        c0 = tl.load(row)
        c1 = tl.load(row + n_features)
        c2 = tl.load(row + 2 * n_features)
        c3 = tl.load(row + 3 * n_features)
        weight = v0 * c0 + v1 * c1 + v2 * c2 + v3 * c3
        at = tl.load(neighbours + p) * n_features + columns
        theirs = tl.load(values + at)
        total += weight * theirs
        if dual:
            s0, s1, s2, s3 = _slopes(t)
            slope = (s0 * c0 + s1 * c1 + s2 * c2 + s3 * c3) * (scale * tl.load(rates + p))
            change += weight * tl.load(changes + at) + slope * theirs
    tl.store(out + atom * n_features + columns, total)
    if dual:
        tl.store(out_changes + atom * n_features + columns, change)


@triton.jit
def _slopes_of_distances(
    values,
    gradient,
    table,
    pointer,
    neighbours,
    distances,
    out,
    scale,
    n_features,
    n_pairs,
    last: tl.constexpr,
    block: tl.constexpr,
):
    atom = tl.program_id(0)
    columns = tl.program_id(1) * block + tl.arange(0, block)
    mine = tl.load(gradient + atom * n_features + columns)
    for p in range(tl.load(pointer + atom), tl.load(pointer + atom + 1)):
        distance = tl.load(distances + p)
        k = _interval(distance, scale, last)
        s0, s1, s2, s3 = _slopes(distance * scale - k)
        row = table + k * n_features + columns
        slope = s0 * tl.load(row) + s1 * tl.load(row + n_features)
        slope += s2 * tl.load(row + 2 * n_features) + s3 * tl.load(row + 3 * n_features)
        theirs = tl.load(values + tl.load(neighbours + p) * n_features + columns)
        tl.store(out + tl.program_id(1) * n_pairs + p, tl.sum(mine * theirs * slope) * scale)


@triton.jit
def _gradient_of_table(
    values,
    changes,
    gradient,
    gradient_changes,
    centres,
    neighbours,
    distances,
    rates,
    order,
    n_real,
    out,
    scale,
    n_features,
    last: tl.constexpr,
    block: tl.constexpr,
    chunk: tl.constexpr,
    dual: tl.constexpr,
):
    columns = tl.program_id(1) * block + tl.arange(0, block)
    first = tl.program_id(0) * chunk
    stop = tl.minimum(first + chunk, tl.load(n_real))
    a0 = tl.zeros((block,), tl.float32)
    a1 = tl.zeros((block,), tl.float32)
    a2 = tl.zeros((block,), tl.float32)
    a3 = tl.zeros((block,), tl.float32)
    current = 0
    for q in range(first, stop):
        p = tl.load(order + q)
        distance = tl.load(distances + p)
        k = _interval(distance, scale, last)
        if (k != current) & (q > first):
            row = out + current * n_features + columns
            tl.atomic_add(row, a0, sem="relaxed")
            tl.atomic_add(row + n_features, a1, sem="relaxed")
            tl.atomic_add(row + 2 * n_features, a2, sem="relaxed")
            tl.atomic_add(row + 3 * n_features, a3, sem="relaxed")
            a0 = tl.zeros((block,), tl.float32)
            a1 = tl.zeros((block,), tl.float32)
            a2 = tl.zeros((block,), tl.float32)
            a3 = tl.zeros((block,), tl.float32)
        current = k
        t = distance * scale - k
        v0, v1, v2, v3 = _values(t)
        i = tl.load(centres + p) * n_features + columns
        j = tl.load(neighbours + p) * n_features + columns
        theirs = tl.load(values + j)
        weight = tl.load(gradient + i) * theirs
        if dual:
            mine = tl.load(gradient_changes + i)
            weight += mine * tl.load(changes + j)
            slope = mine * theirs * (scale * tl.load(rates + p))
            s0, s1, s2, s3 = _slopes(t)
            a0 += s0 * slope
            a1 += s1 * slope
            a2 += s2 * slope
            a3 += s3 * slope
        a0 += v0 * weight
        a1 += v1 * weight
        a2 += v2 * weight
        a3 += v3 * weight
    if stop > first:
        row = out + current * n_features + columns
        tl.atomic_add(row, a0, sem="relaxed")
        tl.atomic_add(row + n_features, a1, sem="relaxed")
        tl.atomic_add(row + 2 * n_features, a2, sem="relaxed")
        tl.atomic_add(row + 3 * n_features, a3, sem="relaxed")


def _layout(n_features: int) -> tuple[int, int]:
    """Features a program, programs an atom."""
    block = min(n_features & -n_features, 128)
    return block, n_features // block


def convolve(x: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float) -> torch.Tensor:
    """(N, F): `convolution.convolved`; differentiable once, in x (N, F), the table and the distances."""
    found: torch.Tensor = _Convolution.apply(x, table, pairs.distances, pairs, cutoff)
    return found


def convolve_changes(both: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float) -> torch.Tensor:
    """(2, N, F): `convolution.convolved_changes`; differentiable once, in both and the table."""
    return torch.stack(_DualConvolution.apply(both[0], both[1], table, pairs, cutoff))


def soften_changes(raw: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """(2, N, F): `convolution.softened_changes`; differentiable once, in both."""
    found: torch.Tensor = _DualSoftened.apply(raw, bias)
    return found


class _Convolution(torch.autograd.Function):
    """Σ_j W(d_ij) ∘ x_j."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, table: torch.Tensor, distances: torch.Tensor, pairs: Pairs, cutoff: float
    ) -> torch.Tensor:
        ctx.save_for_backward(x, table)
        ctx.pairs, ctx.cutoff = replace(pairs, distances=distances.detach()), cutoff
        return _convolved(x, None, table, ctx.pairs, cutoff)[0]

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        x, table = ctx.saved_tensors
        gradient, pairs, cutoff = gradients[0].contiguous(), ctx.pairs, ctx.cutoff
        of_x = of_table = of_distances = None
        if ctx.needs_input_grad[0]:
            # pairs stand both ways: what an atom received from another, the other receives from it
            of_x = _convolved(gradient, None, table, pairs, cutoff)[0]
        if ctx.needs_input_grad[1]:
            of_table = _table_gradient(x, None, gradient, None, table, pairs, cutoff)
        if ctx.needs_input_grad[2]:
            of_distances = _distance_gradient(x, gradient, table, pairs, cutoff)
        return of_x, of_table, of_distances, None, None


class _DualConvolution(torch.autograd.Function):
    """The same, and how it changes as x and the distances do."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, change: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        ctx.save_for_backward(x, change, table)
        ctx.pairs, ctx.cutoff = pairs, cutoff
        out, changed = _convolved(x, change, table, pairs, cutoff)
        assert changed is not None
        return out, changed

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        x, change, table = ctx.saved_tensors
        gradient, of_change = (given.contiguous() for given in gradients)
        back: tuple[torch.Tensor | None, torch.Tensor | None] = (None, None)
        if ctx.needs_input_grad[0]:
            # the transposed map is the same one with value and change in each other's place
            changed, values = _convolved(of_change, gradient, table, ctx.pairs, ctx.cutoff)
            back = (values, changed)
        of_table = _table_gradient(x, change, gradient, of_change, table, ctx.pairs, ctx.cutoff)
        return (*back, of_table, None, None)


def _convolved(
    x: torch.Tensor, change: torch.Tensor | None, table: torch.Tensor, pairs: Pairs, cutoff: float
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """(N, F) sums, and how they change if x does."""
    n_atoms, n_features = x.shape
    block, blocks = _layout(n_features)
    intervals = len(table) - 3
    out = torch.empty_like(x)
    changed = None if change is None else torch.empty_like(x)
    _convolve[(n_atoms, blocks)](
        x,
        x if change is None else change,
        table,
        pairs.pointer,
        pairs.neighbours,
        pairs.distances,
        pairs.distances if pairs.rates is None else pairs.rates,
        out,
        out if changed is None else changed,
        intervals / cutoff,
        n_features,
        last=intervals - 1,
        block=block,
        dual=change is not None,
        num_warps=max(1, block // 64),
    )
    return out, changed


def _distance_gradient(
    x: torch.Tensor, gradient: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float
) -> torch.Tensor:
    n_atoms, n_features = x.shape
    block, blocks = _layout(n_features)
    intervals, n_pairs = len(table) - 3, len(pairs.distances)
    out = x.new_zeros((blocks, n_pairs))
    _slopes_of_distances[(n_atoms, blocks)](
        x,
        gradient,
        table,
        pairs.pointer,
        pairs.neighbours,
        pairs.distances,
        out,
        intervals / cutoff,
        n_features,
        n_pairs,
        last=intervals - 1,
        block=block,
        num_warps=max(1, block // 64),
    )
    return out.sum(0)


def _table_gradient(
    x: torch.Tensor,
    change: torch.Tensor | None,
    gradient: torch.Tensor,
    of_change: torch.Tensor | None,
    table: torch.Tensor,
    pairs: Pairs,
    cutoff: float,
) -> torch.Tensor:
    n_features = x.shape[1]
    block, blocks = _layout(n_features)
    intervals, n_pairs = len(table) - 3, len(pairs.distances)
    out = torch.zeros_like(table)
    _gradient_of_table[(triton.cdiv(n_pairs, _CHUNK), blocks)](
        x,
        x if change is None else change,
        gradient,
        gradient if of_change is None else of_change,
        pairs.centres,
        pairs.neighbours,
        pairs.distances,
        pairs.distances if pairs.rates is None else pairs.rates,
        pairs.order,
        pairs.pointer[-1:],
        out,
        intervals / cutoff,
        n_features,
        last=intervals - 1,
        block=block,
        chunk=_CHUNK,
        dual=change is not None,
        num_warps=max(1, block // 64),
    )
    return out


@triton.jit
def _softened(raw, bias, out, n, n_features, block: tl.constexpr):
    at = tl.program_id(0) * block + tl.arange(0, block)
    inside = at < n
    u = tl.load(raw + at, mask=inside) + tl.load(bias + at % n_features, mask=inside)
    small = tl.exp(-tl.abs(u))
    rise = tl.where(u >= 0.0, 1.0, small) / (1.0 + small)
    tl.store(out + at, tl.maximum(u, 0.0) + tl.log(1.0 + small) - 0.6931471805599453, mask=inside)
    tl.store(out + n + at, rise * tl.load(raw + n + at, mask=inside), mask=inside)


@triton.jit
def _softened_back(raw, bias, gradient, out, n, n_features, block: tl.constexpr):
    at = tl.program_id(0) * block + tl.arange(0, block)
    inside = at < n
    u = tl.load(raw + at, mask=inside) + tl.load(bias + at % n_features, mask=inside)
    small = tl.exp(-tl.abs(u))
    rise = tl.where(u >= 0.0, 1.0, small) / (1.0 + small)
    of_value = tl.load(gradient + at, mask=inside)
    of_change = tl.load(gradient + n + at, mask=inside)
    bent = rise * (1.0 - rise) * tl.load(raw + n + at, mask=inside)
    tl.store(out + at, of_value * rise + of_change * bent, mask=inside)
    tl.store(out + n + at, of_change * rise, mask=inside)


class _DualSoftened(torch.autograd.Function):
    """ssp of raw[0] + bias, and its change."""

    @staticmethod
    def forward(ctx: Any, raw: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(raw, bias)
        out = torch.empty_like(raw)
        n = raw[0].numel()
        _softened[(triton.cdiv(n, 1024),)](raw, bias, out, n, raw.shape[2], block=1024)
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        raw, bias = ctx.saved_tensors
        out = torch.empty_like(raw)
        n = raw[0].numel()
        _softened_back[(triton.cdiv(n, 1024),)](raw, bias, gradients[0].contiguous(), out, n, raw.shape[2], block=1024)
        return out, out[0].sum(0)
