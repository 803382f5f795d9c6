"""The continuous-filter convolution as a torch operation around the compiled kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.kernels import convolution as kernel
from atomlens.networks.kernels import neighbors
from atomlens.networks.kernels import pairs as pair_kernel
from atomlens.networks.protocol import Batch
from atomlens.networks.spline import evaluate


@dataclass(frozen=True, eq=False)
class MoleculePairs:
    """Pairs of atoms of one molecule; each stands once, in the row of its first atom, and acts both ways.

    In a crystal a pair stands once for every image within the cutoff, and an atom may be its own neighbour.

    offsets: (n_atoms + 1,) the neighbours of atom i are offsets[i]:offsets[i + 1]; neighbours: (n_pairs,);
    distances: (n_pairs,) float64, Å; molecules: (n_molecules + 1,) atoms of molecule m are
    molecules[m]:molecules[m + 1]; no pair leaves one.
    """

    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int64]
    distances: NDArray[np.float64]
    molecules: NDArray[np.int64]

    @property
    def centres(self) -> NDArray[np.int64]:
        """(n_pairs,) the first atom of every pair."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    @classmethod
    def within(cls, positions: NDArray[np.float64], molecules: NDArray[np.int64], cutoff: float) -> MoleculePairs:
        """All pairs nearer than `cutoff` (Å) inside each molecule."""
        rows, found, distances = neighbors.molecule_pairs(
            np.ascontiguousarray(positions, np.float64), molecules, cutoff
        )
        return cls(rows, found, distances, molecules)

    @classmethod
    def of(cls, batch: Batch, cutoff: float) -> MoleculePairs:
        """All pairs nearer than `cutoff` (Å) inside each molecule or crystal of a batch."""
        if batch.cells is None:
            return cls.within(batch.positions, batch.offsets, cutoff)
        cells = np.ascontiguousarray(batch.cells, np.float64)
        inverses = np.linalg.inv(cells)
        # column k of the inverse is normal to the planes of the other two vectors, one over their distance long
        widths = 1.0 / np.linalg.norm(inverses, axis=1)
        positions = np.ascontiguousarray(batch.positions, np.float64)
        arguments = (positions, batch.offsets, cells, inverses, widths, cutoff)
        rows, found, distances = neighbors.crystal_pairs(*arguments)
        return cls(rows, found, distances, batch.offsets)


class _MoleculeConvolution(torch.autograd.Function):
    """Fused forward and backward over the pairs of molecules."""

    @staticmethod
    def forward(
        ctx: Any,
        features: torch.Tensor,
        coefficients: torch.Tensor,
        distances: torch.Tensor,
        pairs: MoleculePairs,
        cutoff: float,
    ) -> torch.Tensor:
        ctx.save_for_backward(features, coefficients, distances)
        rows = (pairs.molecules, pairs.offsets, pairs.neighbours, distances.detach().numpy())
        ctx.rows = (*rows, cutoff / (len(coefficients) - 3))
        return torch.from_numpy(
            pair_kernel.convolve_molecules(features.detach().numpy(), coefficients.detach().numpy(), *ctx.rows)
        )

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Any) -> Any:
        features, coefficients, _ = (tensor.detach().numpy() for tensor in ctx.saved_tensors)
        gradient = gradients[0].contiguous().numpy()
        by_features = by_coefficients = by_distances = None
        if ctx.needs_input_grad[1]:
            # one pass gives both: training always asks for both
            arguments = (features, gradient, coefficients, *ctx.rows, numba.get_num_threads())
            both = pair_kernel.molecule_gradients(*arguments)
            by_features, by_coefficients = (torch.from_numpy(array) for array in both)
        elif ctx.needs_input_grad[0]:
            by_features = torch.from_numpy(pair_kernel.convolve_molecules(gradient, coefficients, *ctx.rows))
        if ctx.needs_input_grad[2]:
            slopes = kernel.distance_gradient(features, gradient, coefficients, *ctx.rows)
            by_distances = torch.from_numpy(slopes).to(ctx.saved_tensors[2].dtype)
        return by_features, by_coefficients, by_distances, None, None


def convolve(
    features: torch.Tensor,
    coefficients: torch.Tensor,
    distances: torch.Tensor,
    pairs: MoleculePairs,
    cutoff: float,
) -> torch.Tensor:
    """Σ_j x_j ∘ W(d_ij), W the spline with `coefficients`: (n_atoms, n_features). Once differentiable.

    features: (n_atoms, n_features); coefficients: (n_knots + 3, n_features); distances: (n_pairs,), Å.
    Source: SchNet, J. Chem. Phys. 148, 241722 (2018), equation 5.
    """
    arguments = (features.contiguous(), coefficients.contiguous(), distances.contiguous())
    result: torch.Tensor = _MoleculeConvolution.apply(*arguments, pairs, cutoff)  # type: ignore[no-untyped-call]
    return result


def convolve_points(
    points: NDArray[np.float64],
    positions: NDArray[np.float64],
    features: torch.Tensor,
    coefficients: torch.Tensor,
    cutoff: float,
    out: torch.Tensor,
) -> torch.Tensor:
    """The same around points in space, which feel the atoms and are not felt, into `out`: (n_points, n_features).

    points: (n_points, 3) and positions: (n_atoms, 3), Å; features: (n_atoms, n_features). Without history.
    """
    spacing = cutoff / (len(coefficients) - 3)
    arrays = (np.ascontiguousarray(points, np.float64), np.ascontiguousarray(positions, np.float64))
    kernel.convolve_points(*arrays, features.numpy(), coefficients.numpy(), spacing, out.numpy())
    return out


def convolve_reference(
    features: torch.Tensor,
    coefficients: torch.Tensor,
    distances: torch.Tensor,
    pairs: MoleculePairs,
    cutoff: float,
    scales: torch.Tensor | None = None,
) -> torch.Tensor:
    """`convolve` in plain torch operations, any number of times differentiable.

    scales: (n_pairs,) that multiply the filters of pairs.
    """
    filters = evaluate(coefficients, distances.to(features.dtype), cutoff)
    if scales is not None:
        filters = filters * scales.unsqueeze(-1)
    centres, neighbours = torch.from_numpy(pairs.centres), torch.from_numpy(pairs.neighbours)
    out = torch.zeros((len(pairs.offsets) - 1, features.shape[1]), dtype=features.dtype)
    out = out.index_add(0, centres, features[neighbours] * filters)
    return out.index_add(0, neighbours, features[centres] * filters)
