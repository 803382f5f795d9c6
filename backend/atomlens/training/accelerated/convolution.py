"""SchNet's convolution over the pairs of a gathered batch, and what a displacement does to it.

Two ways: operations of torch, anywhere, differentiable any number of times; `kernels`, on a graphics processor,
differentiable once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn

from atomlens.training.accelerated.tables import Gathered


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a batch in both directions, sorted by their centre; E rows, the last of them empty.

    centres, neighbours: (E,) rows of atoms; pointer: (N + 1,) int32, the pairs of atom i are pointer[i]:pointer[i + 1];
    paired: (E,) which count; distances: (E,) Å, possibly with a gradient; rates: (E,) their change where atoms are
    displaced, else None; order: (E,) pairs by interval of the spline, empty rows last, for the kernels alone;
    splines: of the distances (`_splines`), for operations of torch alone.
    """

    centres: torch.Tensor
    neighbours: torch.Tensor
    pointer: torch.Tensor
    paired: torch.Tensor
    distances: torch.Tensor
    rates: torch.Tensor | None
    order: torch.Tensor | None = None
    splines: tuple[torch.Tensor, torch.Tensor] | None = None


def pairs_of(
    batch: Gathered,
    positions: torch.Tensor,
    cutoff: float,
    intervals: int,
    displacements: torch.Tensor | None = None,
) -> Pairs:
    """Of a batch whose atoms are at `positions` (N, 3), possibly with a gradient; displacements: (N, 3), those along
    which distances change."""
    distances, rates = pair_distances(batch, positions, cutoff), None
    if displacements is not None:
        apart = taken(positions, batch.second) - taken(positions, batch.first)
        moved = taken(displacements, batch.second) - taken(displacements, batch.first)
        rates = torch.where(batch.paired, (apart * moved).sum(1) / distances, 0.0)
    n_atoms = len(batch.atoms)
    # the pairs of every atom stand together, and nothing that counts comes after an empty row
    keys = torch.where(batch.paired, batch.first, n_atoms)
    pointer = torch.searchsorted(keys, torch.arange(n_atoms + 1, device=keys.device)).int()
    if _on_kernels(distances):
        order = order_by_interval(distances.detach(), batch.paired, cutoff, intervals)
        return Pairs(batch.first.int(), batch.second.int(), pointer, batch.paired, distances, rates, order)
    splines = _splines(distances, batch.paired, cutoff, intervals)
    return Pairs(batch.first, batch.second, pointer, batch.paired, distances, rates, splines=splines)


def order_by_interval(distances: torch.Tensor, paired: torch.Tensor, cutoff: float, intervals: int) -> torch.Tensor:
    """`Pairs.order`: (E,) int32."""
    interval = (distances * (intervals / cutoff)).to(torch.int32).clamp(max=intervals - 1)
    return torch.sort(torch.where(paired, interval, intervals).to(torch.int16)).indices.int()


def pair_distances(batch: Gathered, positions: torch.Tensor, cutoff: float) -> torch.Tensor:
    """(E,) Å, the cutoff where there is no pair. positions: (N, 3), possibly with a gradient."""
    if batch.distances is not None:
        return torch.where(batch.paired, batch.distances, cutoff)
    apart = taken(positions, batch.second) - taken(positions, batch.first)
    # an empty row may have length zero, where the root has no derivative
    square = torch.where(batch.paired, (apart * apart).sum(1), cutoff * cutoff)
    return torch.sqrt(square)


def taken(values: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """values[rows], of which the gradient is added up in any order (`index_add`), not row by row after a sort."""
    return torch.index_select(values, 0, rows)


def softened(x: torch.Tensor) -> torch.Tensor:
    """ssp(x) = ln(½ eˣ + ½)."""
    return nn.functional.softplus(x) - math.log(2.0)


def convolved(x: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float) -> torch.Tensor:
    """(N, F): Σ_j W(d_ij) ∘ x_j. x: (N, F); table: (intervals + 3, F) coefficients of the filter."""
    if _on_kernels(x):
        from atomlens.training.accelerated import kernels

        return kernels.convolve(x, table, pairs, cutoff)
    assert pairs.splines is not None
    filters = pairs.splines[0] @ table
    return torch.zeros_like(x).index_add(0, pairs.centres, taken(x, pairs.neighbours) * filters)


def convolved_changes(both: torch.Tensor, table: torch.Tensor, pairs: Pairs, cutoff: float) -> torch.Tensor:
    """(2, N, F): the same of both[0], and how it changes as x does by both[1] and the distances by `pairs.rates`."""
    assert pairs.rates is not None
    if _on_kernels(both):
        from atomlens.training.accelerated import kernels

        return kernels.convolve_changes(both, table, pairs, cutoff)
    assert pairs.splines is not None
    values, slopes = pairs.splines
    filters, changes = values @ table, (slopes * pairs.rates.unsqueeze(1)) @ table
    x, change = taken(both[0], pairs.neighbours), taken(both[1], pairs.neighbours)
    messages = torch.stack([filters * x, filters * change + changes * x])
    return torch.zeros_like(both).index_add(1, pairs.centres, messages)


def softened_changes(raw: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """(2, N, F): ssp(raw[0] + bias), and how it changes as raw[0] does by raw[1]."""
    if _on_kernels(raw):
        from atomlens.training.accelerated import kernels

        return kernels.soften_changes(raw, bias)
    inner = raw[0] + bias
    return torch.stack([softened(inner), torch.sigmoid(inner) * raw[1]])


def _on_kernels(values: torch.Tensor) -> bool:
    return values.is_cuda


def _splines(
    distances: torch.Tensor, paired: torch.Tensor, cutoff: float, intervals: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """(E, intervals + 3) values of all B-splines at the distances, and their derivatives; zero in empty rows."""
    scaled = distances * (intervals / cutoff)
    interval = scaled.detach().floor().long().clamp(max=intervals - 1)
    t = scaled - interval
    u = 1.0 - t
    # Horner's form of `spline.basis`
    values = torch.stack([u * u * u, (3.0 * t - 6.0) * t * t + 4.0, (3.0 * u - 6.0) * u * u + 4.0, t * t * t], dim=1)
    slopes = torch.stack([-0.5 * u * u, (1.5 * t - 2.0) * t, (2.0 - 1.5 * u) * u, 0.5 * t * t], dim=1)
    columns = interval.unsqueeze(1) + torch.arange(4, device=interval.device)
    here = paired.to(values.dtype).unsqueeze(1)
    empty = values.new_zeros(len(values), intervals + 3)
    return (
        empty.scatter(1, columns, values * (here / 6.0)),
        empty.scatter(1, columns, slopes * (here * (intervals / cutoff))),
    )
