"""Behler–Parrinello: one feed-forward network per element on symmetry functions of its environment.

Behler & Parrinello, Phys. Rev. Lett. 98, 146401 (2007), with the weighted functions of `networks.wacsf`.
Features are standardized per element over the training set; functions that are constant there are left out, and
those that hardly vary are not amplified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens.networks.activation import shifted_softplus
from atomlens.networks.wacsf import SymmetryFunctions

#: A function whose spread over the training atoms of an element is below this share of its mean is constant.
CONSTANT = 1e-6


@dataclass(frozen=True)
class BehlerParrinelloSettings:
    """Hyperparameters: the symmetry functions and the widths of the two hidden layers."""

    functions: SymmetryFunctions
    hidden: int = 128

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {"functions": self.functions.to_dict(), "hidden": self.hidden}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> BehlerParrinelloSettings:
        """Inverse of `to_dict`."""
        return cls(SymmetryFunctions.from_dict(data["functions"]), int(data["hidden"]))


class ElementNetwork(nn.Module):
    """Two hidden layers, shifted softplus."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1)
        for layer in (self.first, self.second, self.out):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def hidden(self, features: torch.Tensor) -> torch.Tensor:
        """(n, n_functions) → (n, n_hidden), the last hidden layer."""
        return shifted_softplus(self.second(shifted_softplus(self.first(features))))

    def output(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, n_hidden) → (n,)."""
        return cast(torch.Tensor, self.out(hidden)).squeeze(-1)


class BehlerParrinello(nn.Module):
    """One network per element. `elements`: atomic numbers it knows, ascending."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, settings: BehlerParrinelloSettings, elements: tuple[int, ...]) -> None:
        super().__init__()
        self.settings, self.elements = settings, elements
        n = len(settings.functions)
        self.networks = nn.ModuleList(ElementNetwork(n, settings.hidden) for _ in elements)
        self.register_buffer("mean", torch.zeros(len(elements), n))
        self.register_buffer("scale", torch.ones(len(elements), n))

    @property
    def cutoff(self) -> float:
        """Å."""
        return self.settings.functions.cutoff

    def standardize(self, species: NDArray[np.int64], features: NDArray[np.floating]) -> None:
        """Take mean and 1/sd per element from the training atoms (0 for functions that are constant there).

        A function that varies less than most counts as varying like their median: in units of its own spread it would
        be blown up where it is large at last, at a probe atom in places that no atom of the training takes.
        """
        for index in range(len(self.elements)):
            mine = features[species == index].astype(np.float64)
            spread = mine.std(0)
            varies = spread > CONSTANT * (1.0 + np.abs(mine.mean(0)))
            unit = np.maximum(spread, np.median(spread[varies])) if varies.any() else np.ones_like(spread)
            self.mean[index] = torch.from_numpy(mine.mean(0))
            self.scale[index] = torch.from_numpy(np.where(varies, 1.0 / unit, 0.0))

    def restandardize(self, mean: torch.Tensor, scale: torch.Tensor) -> None:
        """Take other means and units (n_elements, n_functions), in place; the first layers follow, so that atoms keep
        their outputs. A function that is constant by `scale` (0) is taken to have that mean."""
        with torch.no_grad():
            units = torch.where(scale > 0.0, self.scale / scale.clamp(min=1e-30), torch.zeros_like(scale))
            shift = (mean - self.mean) * self.scale
            for network, unit, offset in zip(
                cast(list[ElementNetwork], list(self.networks)), units, shift, strict=True
            ):
                first = network.first
                first.bias.add_((first.weight.double() @ offset.double()).float())
                first.weight.mul_(unit)
            self.mean.copy_(mean)
            self.scale.copy_(scale)

    def standardized(self, species: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Features from their mean over the training atoms of the element, in the units of `standardize`."""
        return (features - self.mean[species]) * self.scale[species]

    def scale_output(self, factor: float) -> None:
        """Multiply all outputs by a factor, in place."""
        with torch.no_grad():
            for network in cast(list[ElementNetwork], list(self.networks)):
                network.out.weight.mul_(factor)
                network.out.bias.mul_(factor)

    def forward(self, species: torch.Tensor, standardized: torch.Tensor) -> torch.Tensor:
        """Raw output of every atom: (n_atoms,)."""
        return self.layers(species, standardized)[0]

    def layers(self, species: torch.Tensor, standardized: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Raw output (n_atoms,) and last hidden layer (n_atoms, n_hidden) of every atom's own network."""
        # atoms are sorted by element once, so that each network works on one piece
        order = torch.argsort(species)
        counts: list[int] = torch.bincount(species, minlength=len(self.elements)).tolist()
        pieces = torch.split(standardized[order], counts)
        networks = cast(list[ElementNetwork], list(self.networks))
        hidden = [network.hidden(piece) for network, piece in zip(networks, pieces, strict=True)]
        outputs = [network.output(piece) for network, piece in zip(networks, hidden, strict=True)]
        back = torch.argsort(order)
        return torch.cat(outputs)[back], torch.cat(hidden)[back]
