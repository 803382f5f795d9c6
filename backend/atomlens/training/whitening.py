"""Decorrelated symmetry functions, in which the first layers of Behler–Parrinello networks are trained.

Neighbouring symmetry functions say nearly the same, so what tells environments apart lies in directions of small
variance, which gradient descent reaches late. Training therefore sees x' = x (C + floor)^{−1/2}, with x the
standardized functions of the training atoms of an element and C their covariance; the symmetric root, for it is
unique. Afterwards the factor is folded into the weights: the released network takes standardized functions.
Source: ZCA whitening, Kessy, Lewin, Strimmer, Am. Stat. 72, 309 (2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch

from atomlens.networks.behler_parrinello import BehlerParrinello, ElementNetwork


@dataclass(frozen=True, eq=False)
class Whitening:
    """matrices: (n_elements, n_functions, n_functions), symmetric, float32."""

    matrices: torch.Tensor

    @classmethod
    def of(cls, species: torch.Tensor, standardized: torch.Tensor, n_elements: int, floor: float) -> Whitening:
        """From the training atoms. species: (n_atoms,); standardized: (n_atoms, n_functions); floor: variance below
        which a direction is not amplified further (of standardized functions, whose own variance is 1)."""
        matrices = []
        for element in range(n_elements):
            mine = standardized[species == element].double()
            variances, directions = torch.linalg.eigh(mine.T @ mine / max(len(mine), 1))
            matrices.append((directions / torch.sqrt(variances.clamp(min=0.0) + floor)) @ directions.T)
        return cls(torch.stack(matrices).float())

    def apply(self, species: torch.Tensor, standardized: torch.Tensor) -> torch.Tensor:
        """(n_atoms, n_functions) whitened."""
        whitened = torch.empty_like(standardized)
        for element, matrix in enumerate(self.matrices):
            mine = species == element
            whitened[mine] = standardized[mine] @ matrix
        return whitened

    def fold(self, network: BehlerParrinello) -> None:
        """Change a network of whitened functions into the same network of standardized ones, in place."""
        with torch.no_grad():
            for own, matrix in zip(network.networks, self.matrices, strict=True):
                weight = cast(ElementNetwork, own).first.weight
                weight.copy_((weight.double() @ matrix.double()).float())

    def unfold(self, network: BehlerParrinello) -> None:
        """The inverse of `fold`, in place."""
        with torch.no_grad():
            for own, matrix in zip(network.networks, self.matrices, strict=True):
                weight = cast(ElementNetwork, own).first.weight
                weight.copy_(torch.linalg.solve(matrix.double(), weight.double(), left=False).float())
