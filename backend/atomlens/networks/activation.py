"""The activation function of both families as a torch operation: ssp(x) = ln(½ eˣ + ½).

Source: SchNet, J. Chem. Phys. 148, 241722 (2018), section II.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from atomlens.networks.kernels import activation as kernel


class _ShiftedSoftplus(torch.autograd.Function):
    """Single precision: value and slope from one compiled pass."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        out, slope = kernel.shifted_softplus(x.detach().numpy().reshape(-1))
        ctx.save_for_backward(torch.from_numpy(slope).view_as(x))
        return torch.from_numpy(out).view_as(x)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        (slope,) = ctx.saved_tensors
        return gradients[0] * slope


def shifted_softplus(x: torch.Tensor) -> torch.Tensor:
    """ssp(x), element by element. In single precision to 1e-6 and once differentiable; in double exact."""
    if x.dtype == torch.float32:
        result: torch.Tensor = _ShiftedSoftplus.apply(x.contiguous())  # type: ignore[no-untyped-call]
        return result
    return nn.functional.softplus(x) - math.log(2.0)


def soften(x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """ssp(x + bias) in place of x: (n, m), without history; bias: (m,)."""
    if x.dtype == torch.float32:
        kernel.soften(x.numpy(), bias.numpy())
        return x
    return x.copy_(nn.functional.softplus(x.add_(bias)) - math.log(2.0))
