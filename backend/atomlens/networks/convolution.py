"""The continuous-filter convolution as a torch operation around the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.kernels import convolution as kernel
from atomlens.networks.kernels import neighbors
from atomlens.networks.spline import evaluate


@dataclass(frozen=True, eq=False)
class Pairs:
    """Directed pairs in rows: the neighbours of centre i are offsets[i]:offsets[i + 1].

    offsets: (n_centres + 1,); neighbours: (n_pairs,); distances: (n_pairs,) float64, Å.
    """

    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int64]
    distances: NDArray[np.float64]

    @classmethod
    def within(cls, positions: NDArray[np.float64], offsets: NDArray[np.int64], cutoff: float) -> Pairs:
        """All pairs nearer than `cutoff` (Å) inside each molecule; symmetric."""
        return cls(*neighbors.molecule_pairs(np.ascontiguousarray(positions, np.float64), offsets, cutoff))

    @classmethod
    def around(cls, points: NDArray[np.float64], positions: NDArray[np.float64], cutoff: float) -> Pairs:
        """Atoms nearer than `cutoff` (Å) to each point."""
        return cls(*neighbors.point_pairs(np.ascontiguousarray(points, np.float64), positions, cutoff))

    @property
    def centres(self) -> NDArray[np.int64]:
        """(n_pairs,) the centre of every pair."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


class _Convolution(torch.autograd.Function):
    """Fused forward and backward; the pairs must be symmetric where gradients are asked for."""

    @staticmethod
    def forward(
        ctx: Any,
        features: torch.Tensor,
        coefficients: torch.Tensor,
        distances: torch.Tensor,
        pairs: Pairs,
        cutoff: float,
    ) -> torch.Tensor:
        ctx.save_for_backward(features, coefficients, distances)
        ctx.pairs, ctx.spacing = pairs, cutoff / (len(coefficients) - 3)
        out = kernel.convolve(
            features.detach().numpy(),
            coefficients.detach().numpy(),
            pairs.offsets,
            pairs.neighbours,
            distances.detach().numpy(),
            ctx.spacing,
        )
        return torch.from_numpy(out)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        features, coefficients, distances = (tensor.detach().numpy() for tensor in ctx.saved_tensors)
        gradient = gradients[0].contiguous().numpy()
        pairs, spacing = ctx.pairs, ctx.spacing
        rows = (pairs.offsets, pairs.neighbours, distances, spacing)
        by_features = by_coefficients = by_distances = None
        if ctx.needs_input_grad[0]:
            by_features = torch.from_numpy(kernel.convolve(gradient, coefficients, *rows))
        if ctx.needs_input_grad[1]:
            by_coefficients = torch.from_numpy(
                kernel.coefficient_gradient(features, gradient, len(coefficients), *rows, numba.get_num_threads())
            )
        if ctx.needs_input_grad[2]:
            slopes = kernel.distance_gradient(features, gradient, coefficients, *rows)
            by_distances = torch.from_numpy(slopes).to(ctx.saved_tensors[2].dtype)
        return by_features, by_coefficients, by_distances, None, None


def convolve(
    features: torch.Tensor,
    coefficients: torch.Tensor,
    distances: torch.Tensor,
    pairs: Pairs,
    cutoff: float,
) -> torch.Tensor:
    """Σ_j x_j ∘ W(d_ij), W the spline with `coefficients`: (n_centres, n_features).

    Source: SchNet, J. Chem. Phys. 148, 241722 (2018), equation 5. Once differentiable.
    """
    result: torch.Tensor = _Convolution.apply(  # type: ignore[no-untyped-call]
        features.contiguous(), coefficients.contiguous(), distances.contiguous(), pairs, cutoff
    )
    return result


def convolve_reference(
    features: torch.Tensor,
    coefficients: torch.Tensor,
    distances: torch.Tensor,
    pairs: Pairs,
    cutoff: float,
) -> torch.Tensor:
    """The same in plain torch operations, any number of times differentiable."""
    filters = evaluate(coefficients, distances.to(features.dtype), cutoff)
    messages = features[torch.from_numpy(pairs.neighbours)] * filters
    out = torch.zeros((len(pairs.offsets) - 1, features.shape[1]), dtype=features.dtype)
    return out.index_add(0, torch.from_numpy(pairs.centres), messages)
