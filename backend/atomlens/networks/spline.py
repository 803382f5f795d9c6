"""Uniform cubic B-splines: a filter, sampled once, becomes a smooth (C²) table.

On [0, cutoff] with n intervals of width h a cubic spline has n + 3 coefficients. They follow from the filter's
values at n + 3 sites (all knots, and the middles of the first and the last interval) by a constant matrix, so
the table is differentiable in the filter's weights; its error falls as h⁴, and forces are smooth.
Source: de Boor, A Practical Guide to Splines (Springer, 1978), chapters IX and XIII.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray


def basis(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """The four B-splines that do not vanish on an interval, at t in [0, 1]: (..., 4)."""
    u = 1.0 - t
    return (
        np.stack(
            [u**3, 3 * t**3 - 6 * t**2 + 4, 3 * u**3 - 6 * u**2 + 4, t**3],
            axis=-1,
        )
        / 6.0
    )


@lru_cache(maxsize=8)
def collocation(intervals: int, cutoff: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sites (n + 3,), Å, and the matrix (n + 3, n + 3) that turns values there into coefficients."""
    h = cutoff / intervals
    sites = np.sort(np.concatenate([np.arange(intervals + 1) * h, [0.5 * h, cutoff - 0.5 * h]]))
    interval = np.minimum((sites / h + 1e-9).astype(np.int64), intervals - 1)
    values = np.zeros((intervals + 3, intervals + 3))
    values[np.arange(intervals + 3)[:, None], interval[:, None] + np.arange(4)] = basis(sites / h - interval)
    inverse = np.linalg.inv(values).astype(np.float64)
    return sites, inverse


def evaluate(coefficients: torch.Tensor, distances: torch.Tensor, cutoff: float) -> torch.Tensor:
    """Plain torch reference: the spline at `distances` (n,), zero beyond the cutoff: (n, n_features)."""
    intervals = len(coefficients) - 3
    s = distances / (cutoff / intervals)
    m = s.detach().floor().long().clamp(max=intervals - 1)
    t = s - m
    u = 1.0 - t
    weights = torch.stack([u**3, 3 * t**3 - 6 * t**2 + 4, 3 * u**3 - 6 * u**2 + 4, t**3], dim=-1) / 6.0
    table = coefficients[m.unsqueeze(-1) + torch.arange(4)]
    inside = (distances < cutoff).to(coefficients.dtype).unsqueeze(-1)
    return (weights.unsqueeze(-1) * table).sum(1) * inside
