"""The filter networks of all interactions as spline tables, at once and with their gradients.

Each interaction's network alone is too small to be worth a call, and autograd's bookkeeping for a dozen small
operations costs a noticeable part of a training step of a small network.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from atomlens.networks.kernels import activation as kernel


def filter_tables(
    expansion: torch.Tensor,
    envelope: torch.Tensor,
    solve: torch.Tensor,
    first: Sequence[nn.Linear],
    second: Sequence[nn.Linear],
) -> list[torch.Tensor]:
    """solve · (envelope ∘ (W₂ ssp(W₁ expansion + b₁) + b₂)) of every interaction: (n_sites, n_features) each.

    expansion: (n_sites, n_gaussians); envelope: (n_sites, 1); solve: (n_sites, n_sites); none of them with a gradient.
    Once differentiable by the weights.
    """
    weights = [p for layers in (first, second) for layer in layers for p in (layer.weight, layer.bias)]
    return list(_Tables.apply(expansion, envelope, solve, *weights))  # type: ignore[no-untyped-call]


class _Tables(torch.autograd.Function):
    """All interactions side by side: (n_sites, n_interactions · n_features)."""

    @staticmethod
    def forward(
        ctx: Any, expansion: torch.Tensor, envelope: torch.Tensor, solve: torch.Tensor, *weights: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        n = len(weights) // 4
        first, second = weights[: 2 * n], weights[2 * n :]
        inner = torch.addmm(torch.cat(first[1::2]), expansion, torch.cat(first[::2]).t())
        hidden, slope = _soften(inner)
        outer = torch.stack(second[::2])
        filters = torch.baddbmm(torch.stack(second[1::2]).unsqueeze(1), _apart(hidden, n), outer.transpose(1, 2))
        tables = solve @ _side_by_side(filters * envelope)
        ctx.save_for_backward(expansion, envelope, solve, hidden, slope, outer)
        return tuple(_apart(tables, n).contiguous().unbind(0))

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        expansion, envelope, solve, hidden, slope, outer = ctx.saved_tensors
        n = len(outer)
        by_filters = (solve.t() @ torch.cat(gradients, 1)) * envelope
        apart = _apart(by_filters, n)
        by_outer = torch.bmm(apart.transpose(1, 2), _apart(hidden, n))
        by_inner = _side_by_side(torch.bmm(apart, outer)) * slope
        by_first = (by_inner.t() @ expansion).chunk(n)
        by_first_bias, by_second_bias = by_inner.sum(0).chunk(n), by_filters.sum(0).chunk(n)
        pairs = (zip(by_first, by_first_bias, strict=True), zip(by_outer.unbind(0), by_second_bias, strict=True))
        return (None, None, None, *(gradient for layers in pairs for both in layers for gradient in both))


def _apart(wide: torch.Tensor, n: int) -> torch.Tensor:
    """(n_sites, n · n_features) → (n, n_sites, n_features), the same memory."""
    return wide.view(len(wide), n, -1).transpose(0, 1)


def _side_by_side(deep: torch.Tensor) -> torch.Tensor:
    """(n, n_sites, n_features) → (n_sites, n · n_features)."""
    return deep.transpose(0, 1).reshape(deep.shape[1], -1)


def _soften(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """ssp(x) and its slope."""
    if x.dtype == torch.float32:
        value, slope = kernel.shifted_softplus(x.numpy().reshape(-1))
        return torch.from_numpy(value).view_as(x), torch.from_numpy(slope).view_as(x)
    return nn.functional.softplus(x) - math.log(2.0), torch.sigmoid(x)
