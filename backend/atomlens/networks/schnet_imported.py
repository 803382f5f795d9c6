"""SchNet as other programs build it: any Gaussians, any depth and activation of the output network.

The interactions are those of `networks.schnet`. What differs is kept beside the weights: centre and width of every
Gaussian of the distance's expansion (they may have been trained), and on the card the widths and the activation of
the output network's hidden layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import torch
from torch import nn

from atomlens.networks.activation import shifted_softplus
from atomlens.networks.schnet import SchNet, SchNetSettings

#: Activations of an output network, by the name on the card.
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "ssp": shifted_softplus,
    "silu": nn.functional.silu,
}


@dataclass(frozen=True)
class ImportedSettings(SchNetSettings):
    """Hyperparameters; `output_hidden`: widths of the output network's hidden layers, `output_activation`: theirs."""

    output_hidden: tuple[int, ...] = ()
    output_activation: str = "silu"

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ImportedSettings:
        """Inverse of `to_dict`."""
        return cls(**{**data, "output_hidden": tuple(data["output_hidden"])})


class ImportedSchNet(SchNet):
    """A SchNet with the parts that other programs leave to choice."""

    centres: torch.Tensor
    widths: torch.Tensor

    def __init__(self, settings: ImportedSettings, elements: tuple[int, ...]) -> None:
        super().__init__(settings, elements)
        self._activation = ACTIVATIONS[settings.output_activation]
        sizes = (settings.features, *settings.output_hidden, 1)
        del self.out_first, self.out_second
        self.output_layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.register_buffer("centres", torch.linspace(0.0, settings.cutoff, settings.gaussians))
        self.register_buffer("widths", torch.full((settings.gaussians,), settings.cutoff / (settings.gaussians - 1)))

    def expand(self, distances: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """See `SchNet.expand`; exp(−½ ((d − centre)/width)²)."""
        gaussians = torch.exp(-0.5 * ((distances.unsqueeze(-1) - self.centres) / self.widths) ** 2)
        envelope = 0.5 * (torch.cos(math.pi * distances / self.cutoff) + 1.0) * (distances < self.cutoff)
        return gaussians, envelope.unsqueeze(-1)

    def at_sites(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """See `SchNet._sites`; never kept, for centres and widths come with the weights."""
        self._at_sites = None
        return super().at_sites()

    @property
    def first_output(self) -> nn.Linear:
        """See `SchNet.first_output`."""
        return cast(nn.Linear, self.output_layers[0])

    def after_first_output(self, values: torch.Tensor) -> torch.Tensor:
        """See `SchNet.after_first_output`."""
        for layer in list(self.output_layers)[1:]:
            values = layer(self._activation(values))
        return values.squeeze(-1)
