"""SchNet: continuous-filter convolutions on learned element vectors.

Schütt, Sauceda, Kindermans, Tkatchenko, Müller, J. Chem. Phys. 148, 241722 (2018):

    x_i⁰ = a_{Z_i};   v_i^t = W₂ ssp(W₁ Σ_j (W_in x_j^{t−1}) ∘ W_t(d_ij));   x_i^t = x_i^{t−1} + v_i^t;
    output_i = out(x_i^T),   ssp(x) = ln(½ eˣ + ½)

All linear maps except W_in have biases. The filters W_t(d), a network on a Gaussian expansion of the distance
times the cutoff function ½(cos(πd/d_c) + 1), are sampled once and kept as splines (`networks.spline`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from atomlens.networks.activation import shifted_softplus
from atomlens.networks.convolution import MoleculePairs, convolve
from atomlens.networks.filters import filter_tables
from atomlens.networks.half_gradients import interact
from atomlens.networks.protocol import Mixture
from atomlens.networks.spline import collocation


@dataclass(frozen=True)
class SchNetSettings:
    """Hyperparameters; cutoff in Å; `intervals`: of the filter table; `embedding_scale`: sd of initial a_Z."""

    features: int = 128
    interactions: int = 6
    gaussians: int = 50
    cutoff: float = 5.0
    intervals: int = 256
    embedding_scale: float = 0.1

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return asdict(self)


class Interaction(nn.Module):
    """One interaction: filter network, convolution, two atom-wise layers."""

    def __init__(self, settings: SchNetSettings) -> None:
        super().__init__()
        n = settings.features
        self.filter_first = nn.Linear(settings.gaussians, n)
        self.filter_second = nn.Linear(n, n)
        self.inward = nn.Linear(n, n, bias=False)
        self.first = nn.Linear(n, n)
        self.second = nn.Linear(n, n)
        for layer in (self.filter_first, self.filter_second, self.inward, self.first, self.second):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def filters(self, expansion: torch.Tensor, envelope: torch.Tensor) -> torch.Tensor:
        """W_t at sampled distances: (n_sites, n_features)."""
        hidden = shifted_softplus(self.filter_first(expansion))
        return cast(torch.Tensor, self.filter_second(hidden)) * envelope

    def update(self, x: torch.Tensor, summed: torch.Tensor) -> torch.Tensor:
        """x + v with v = W₂ ssp(W₁ · + b₁) + b₂ of the convolution's sum."""
        hidden = shifted_softplus(self.first(summed))
        # in place: one pass over memory less than x + second(hidden)
        return (x + self.second.bias).addmm_(hidden, self.second.weight.t())


class SchNet(nn.Module):
    """One network. `elements`: atomic numbers it knows, ascending."""

    def __init__(self, settings: SchNetSettings, elements: tuple[int, ...]) -> None:
        super().__init__()
        self.settings, self.elements = settings, elements
        self._at_sites: tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None = None
        self.embedding = nn.Parameter(torch.randn(len(elements), settings.features) * settings.embedding_scale)
        self.interactions = nn.ModuleList(Interaction(settings) for _ in range(settings.interactions))
        self.out_first = nn.Linear(settings.features, settings.features // 2)
        self.out_second = nn.Linear(settings.features // 2, 1)
        for layer in (self.out_first, self.out_second):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    @property
    def cutoff(self) -> float:
        """Å."""
        return self.settings.cutoff

    def expand(self, distances: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Gaussians (n, n_gaussians) and cutoff function (n, 1) of distances in Å."""
        s = self.settings
        centres = torch.linspace(0.0, s.cutoff, s.gaussians, dtype=distances.dtype)
        width = s.cutoff / (s.gaussians - 1)
        gaussians = torch.exp(-0.5 * ((distances.unsqueeze(-1) - centres) / width) ** 2)
        envelope = 0.5 * (torch.cos(math.pi * distances / s.cutoff) + 1.0) * (distances < s.cutoff)
        return gaussians, envelope.unsqueeze(-1)

    def tables(self) -> list[torch.Tensor]:
        """Spline coefficients of every interaction's filter: (intervals + 3, n_features) each."""
        first, second = ([getattr(layer, name) for layer in self.layers] for name in ("filter_first", "filter_second"))
        return filter_tables(*self.at_sites(), first, second)

    def at_sites(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Expansion and cutoff function at the sites of the splines, and the matrix that gives their coefficients."""
        like = self.embedding
        if self._at_sites is None or self._at_sites[0].dtype != like.dtype or self._at_sites[0].device != like.device:
            sites, matrix = collocation(self.settings.intervals, self.settings.cutoff)
            expansion, envelope = self.expand(torch.from_numpy(sites).to(like.dtype))
            solve = torch.from_numpy(matrix).to(like)
            self._at_sites = (expansion.to(like.device), envelope.to(like.device), solve)
        return self._at_sites

    def forward(
        self,
        species: torch.Tensor,
        distances: torch.Tensor,
        pairs: MoleculePairs,
        tables: list[torch.Tensor] | None = None,
    ) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Representations: returns x^T (n_atoms, n_features) and the inputs [x⁰, …, x^{T−1}].

        species: (n_atoms,) index into `elements`; distances: (n_pairs,) Å.
        """
        tables = self.tables() if tables is None else tables
        x = self.embedding[species]
        inputs: list[torch.Tensor] = []
        for layer, table in zip(self.layers, tables, strict=True):
            # before the first interaction atoms of one element are alike: the map is needed once an element
            inward = layer.inward(x) if inputs else layer.inward(self.embedding)[species]
            inputs.append(x)
            x = layer.update(x, convolve(inward, table, distances, pairs, self.cutoff))
        return x, inputs

    def with_half_gradients(self, species: torch.Tensor, distances: torch.Tensor, pairs: MoleculePairs) -> torch.Tensor:
        """x^T as `forward` gives it in single precision, for training; see `half_gradients.interact`."""
        x: torch.Tensor = self.embedding
        kinds: torch.Tensor | None = nn.functional.one_hot(species, len(self.elements)).to(x.dtype)
        for layer, table in zip(self.layers, self.tables(), strict=True):
            first, second = ((linear.weight, linear.bias) for linear in (layer.first, layer.second))
            x = interact(x, layer.inward.weight, table, first, second, distances, pairs, self.cutoff, kinds)
            kinds = None
        return x

    def begun(self, mixture: Mixture) -> torch.Tensor:
        """(n_atoms, n_features): as much of both elements' vectors a_Z as there is of them."""
        batch = mixture.batch
        first, second = (self.embedding[species_index(n, self.elements)] for n in (batch.numbers, mixture.others))
        return torch.lerp(first, second, torch.from_numpy(mixture.shares).to(first.dtype).unsqueeze(-1))

    def mixed(
        self,
        initial: torch.Tensor,
        weights: torch.Tensor,
        distances: torch.Tensor,
        pairs: MoleculePairs,
        tables: list[torch.Tensor],
    ) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """x^T of atoms that begin as `initial` (n_atoms, n_features) and whose messages count `weights` (n_atoms,).

        Returns them and the messages of every interaction, (n_atoms, n_features) each.
        """
        x, messages = initial, []
        for layer, table in zip(self.layers, tables, strict=True):
            messages.append(layer.inward(x) * weights.unsqueeze(-1))
            x = layer.update(x, convolve(messages[-1], table, distances, pairs, self.cutoff))
        return x, messages

    def output(self, x: torch.Tensor) -> torch.Tensor:
        """Raw output of each representation: (n,)."""
        return self.after_first_output(self.first_output(x))

    @property
    def first_output(self) -> nn.Linear:
        """First layer of the output network."""
        return self.out_first

    def after_first_output(self, values: torch.Tensor) -> torch.Tensor:
        """The output network from the values of its first layer on: (n,)."""
        return cast(torch.Tensor, self.out_second(shifted_softplus(values))).squeeze(-1)

    def scale_output(self, factor: float) -> None:
        """Multiply all outputs by a factor, in place."""
        with torch.no_grad():
            self.out_second.weight.mul_(factor)
            self.out_second.bias.mul_(factor)

    @property
    def layers(self) -> list[Interaction]:
        """The interactions, first to last."""
        return cast(list[Interaction], list(self.interactions))


def species_index(numbers: np.ndarray[Any, np.dtype[np.int64]], elements: tuple[int, ...]) -> torch.Tensor:
    """Index of every atom's element in `elements`; the caller has checked that all are known."""
    return torch.from_numpy(np.searchsorted(np.asarray(elements), numbers))
