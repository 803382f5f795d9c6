"""A SchNet interaction whose gradients come from half-precision factors, for training.

Two thirds of a training step's arithmetic are the products that give gradients. With factors rounded to bfloat16 and
sums kept in single precision they take half the time on processors that have such an instruction; the rounding (a part
in 500 of each term, of either sign) is small beside the noise of a batch. Outputs stay in single precision. Sources:
Micikevicius et al., Mixed Precision Training, arXiv:1710.03740; Kalamkar et al., A Study of BFLOAT16 for Deep Learning
Training, arXiv:1905.12322.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import torch
from llvmlite.binding import get_host_cpu_features
from numpy.typing import NDArray

from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.kernels import half as kernel
from atomlens.networks.kernels import pairs as pair_kernel


def half_gradients_pay() -> bool:
    """Whether this processor has an instruction for products of bfloat16 numbers; without, they are slow."""
    features = get_host_cpu_features()
    return any(features.get(name, False) for name in ("avx512bf16", "amx-bf16", "bf16"))


def interact(
    x: torch.Tensor,
    inward: torch.Tensor,
    table: torch.Tensor,
    first: tuple[torch.Tensor, torch.Tensor],
    second: tuple[torch.Tensor, torch.Tensor],
    distances: torch.Tensor,
    pairs: MoleculePairs,
    cutoff: float,
    kinds: torch.Tensor | None = None,
) -> torch.Tensor:
    """One interaction, as `schnet.Interaction` has it: (n_atoms, n_features) float32. Once differentiable.

    x: (n_atoms, n_features); or with `kinds` (n_atoms, n_elements), one in the column of each atom's element, a row for
    each element, since before the first interaction its atoms are alike; inward: (n_features, n_features);
    table: (n_knots + 3, n_features); first, second: weight and bias; distances: (n_pairs,), Å, without gradient.
    """
    arguments = (x.contiguous(), inward, table.contiguous(), *first, *second)
    result: torch.Tensor = _Interaction.apply(*arguments, distances, pairs, cutoff, kinds)  # type: ignore[no-untyped-call]
    return result


def _bits(half: torch.Tensor) -> NDArray[np.uint16]:
    """The same memory as the kernels see it."""
    return half.view(torch.int16).numpy().view(np.uint16)


class _Interaction(torch.autograd.Function):
    """Forward in single precision; what the backward pass multiplies is kept in half."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        inward: torch.Tensor,
        table: torch.Tensor,
        first_weight: torch.Tensor,
        first_bias: torch.Tensor,
        second_weight: torch.Tensor,
        second_bias: torch.Tensor,
        distances: torch.Tensor,
        pairs: MoleculePairs,
        cutoff: float,
        kinds: torch.Tensor | None,
    ) -> torch.Tensor:
        messages, ctx.kinds = torch.mm(x, inward.t()), kinds
        if kinds is not None:
            messages, rows, x = torch.mm(kinds, messages), x, torch.mm(kinds, x)
        spacing = cutoff / (len(table) - 3)
        ctx.rows = (pairs.molecules, pairs.offsets, pairs.neighbours, distances.numpy(), spacing)
        summed = torch.from_numpy(pair_kernel.convolve_molecules(messages.numpy(), table.numpy(), *ctx.rows))
        hidden = torch.mm(summed, first_weight.t())
        half_hidden, slope, half_x = (torch.empty(x.shape, dtype=torch.bfloat16) for _ in range(3))
        kernel.soften(hidden.numpy(), first_bias.numpy(), _bits(half_hidden), _bits(slope))
        out = torch.empty_like(x)
        kernel.shift(x.numpy(), second_bias.numpy(), out.numpy(), _bits(half_x))
        out.addmm_(hidden, second_weight.t())
        ctx.inward = (half_x, inward.bfloat16()) if kinds is None else (rows, inward)
        kept = (summed.bfloat16(), half_hidden, slope, first_weight.bfloat16(), second_weight.bfloat16())
        ctx.save_for_backward(messages, table, *kept)
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        messages, table, summed, hidden, slope, first, second = ctx.saved_tensors
        x, inward = ctx.inward
        gradient = gradients[0].contiguous()
        half = torch.empty(gradient.shape, dtype=torch.bfloat16)
        by_second_bias = torch.from_numpy(kernel.round_and_sum(gradient.numpy(), _bits(half)))
        by_second = torch.mm(half.t(), hidden).float()
        half = torch.mm(half, second)
        by_first_bias = torch.from_numpy(kernel.scale_and_sum(_bits(half), _bits(slope)))
        by_first = torch.mm(half.t(), summed).float()
        by_sum = torch.mm(half, first).float()
        arguments = (messages.numpy(), by_sum.numpy(), table.numpy(), *ctx.rows, numba.get_num_threads())
        by_messages, by_table = (torch.from_numpy(array) for array in pair_kernel.molecule_gradients(*arguments))
        if ctx.kinds is None:
            half = by_messages.bfloat16()
            by_inward = torch.mm(half.t(), x).float()
            by_x = torch.from_numpy(kernel.add(gradient.numpy(), _bits(torch.mm(half, inward))))
        else:
            by_element = torch.mm(ctx.kinds.t(), by_messages)
            by_inward = torch.mm(by_element.t(), x)
            by_x = torch.mm(ctx.kinds.t(), gradient).addmm_(by_element, inward)
        by_weights = (by_inward, by_table, by_first, by_first_bias, by_second, by_second_bias)
        return by_x, *by_weights, None, None, None, None
