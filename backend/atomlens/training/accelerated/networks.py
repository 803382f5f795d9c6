"""Raw outputs of both families for a gathered batch, in operations of torch, differentiable any number of times."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import nn

from atomlens.networks.behler_parrinello import BehlerParrinello, ElementNetwork
from atomlens.networks.schnet import SchNet, SchNetSettings
from atomlens.training.accelerated.tables import Gathered


def softened(x: torch.Tensor) -> torch.Tensor:
    """ssp(x) = ln(½ eˣ + ½)."""
    return nn.functional.softplus(x) - math.log(2.0)


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


def schnet_outputs(network: SchNet, batch: Gathered, distances: torch.Tensor) -> torch.Tensor:
    """(N,) raw outputs, with the filters read from their splines as everywhere else.

    All that is done for a pair are matrix products: of the few splines that do not vanish at its distance, as a row
    of zeros and these, with the coefficients of all interactions. A network at every pair takes several times as many
    operations, each with derivatives of its own.
    """
    s, n_pairs = network.settings, len(distances)
    filters = (_splines(distances, batch.paired, s) @ _coefficients(network)).chunk(s.interactions, dim=1)
    # every pair in both directions
    centre, neighbour = torch.cat([batch.first, batch.second]), torch.cat([batch.second, batch.first])
    # as a product: its gradient has as many terms a row as there are atoms of an element
    kinds = batch.species.unsqueeze(1) == torch.arange(len(network.elements), device=batch.species.device)
    x = kinds.to(distances.dtype) @ network.embedding
    for layer, mine in zip(network.layers, filters, strict=True):
        messages = layer.inward(x)
        passed = taken(messages, neighbour).view(2, n_pairs, s.features) * mine
        summed = torch.zeros_like(messages).index_add(0, centre, passed.flatten(0, 1))
        x = x + layer.second(softened(layer.first(summed)))
    return cast(torch.Tensor, network.out_second(softened(network.out_first(x)))).squeeze(1)


def _coefficients(network: SchNet) -> torch.Tensor:
    """(n_sites, interactions · features), differentiable any number of times; see `SchNet.tables`."""
    expansion, envelope, solve = network.at_sites()
    filters = [layer.filter_second(softened(layer.filter_first(expansion))) * envelope for layer in network.layers]
    return solve @ torch.cat(filters, dim=1)


def _splines(distances: torch.Tensor, paired: torch.Tensor, settings: SchNetSettings) -> torch.Tensor:
    """(E, intervals + 3) values of all B-splines at (E,) Å; zero where nothing is paired."""
    scaled = distances * (settings.intervals / settings.cutoff)
    interval = scaled.detach().floor().long().clamp(max=settings.intervals - 1)
    t = scaled - interval
    u = 1.0 - t
    # Horner's form of `spline.basis`
    four = torch.stack([u * u * u, (3.0 * t - 6.0) * t * t + 4.0, (3.0 * u - 6.0) * u * u + 4.0, t * t * t], dim=1)
    four = four * (paired.to(four.dtype) / 6.0).unsqueeze(1)
    columns = interval.unsqueeze(1) + torch.arange(4, device=distances.device)
    return four.new_zeros(len(distances), settings.intervals + 3).scatter(1, columns, four)


class ElementStack(nn.Module):
    """The networks of all elements in one: weights (n_elements, ...) of the three layers.

    On a graphics processor every atom passes through the networks of all elements, so that shapes are fixed, and its
    own answer is taken; on the processor, where that costs, atoms are sorted by element.
    """

    def __init__(self, network: BehlerParrinello) -> None:
        super().__init__()
        self.n_elements = len(network.elements)
        members = cast(list[ElementNetwork], list(network.networks))
        for name in ("first", "second", "out"):
            layers = [getattr(member, name) for member in members]
            self.register_parameter(f"{name}_weight", nn.Parameter(torch.stack([x.weight.detach() for x in layers])))
            self.register_parameter(f"{name}_bias", nn.Parameter(torch.stack([x.bias.detach() for x in layers])))

    def outputs(
        self, species: torch.Tensor, features: torch.Tensor, changes: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Outputs (N,) of standardized functions (N, n_functions).

        And how they change, (R, N), where the functions change by `changes` (R, N, n_functions).
        """
        if species.is_cuda:
            out, change = self._through(slice(None), features, changes)
            own = species.unsqueeze(0)
            if change is not None:
                change = change.gather(0, own.unsqueeze(1).expand(1, change.shape[1], -1)).squeeze(0)
            return out.gather(0, own).squeeze(0), change
        order = torch.argsort(species)
        counts: list[int] = torch.bincount(species, minlength=self.n_elements).tolist()
        parts, back = [], torch.argsort(order)
        rows = torch.split(order, counts)
        for element, mine in enumerate(rows):
            apart = None if changes is None else changes.index_select(1, mine)
            parts.append(self._through(slice(element, element + 1), features[mine], apart))
        out = torch.cat([part[0][0] for part in parts])[back]
        if changes is None:
            return out, None
        return out, torch.cat([cast(torch.Tensor, part[1])[0] for part in parts], dim=1)[:, back]

    def _through(
        self, elements: slice, features: torch.Tensor, changes: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """All atoms through the networks of some elements: (n_elements, N), (n_elements, R, N)."""
        n_elements, n_atoms = len(range(self.n_elements)[elements]), len(features)
        hidden, slopes = features.expand(n_elements, *features.shape), None
        if changes is not None:
            slopes = changes.reshape(1, -1, changes.shape[-1]).expand(n_elements, -1, -1)
        for name in ("first", "second"):
            weight, bias = self._layer(name, elements)
            inner = torch.baddbmm(bias.unsqueeze(1), hidden, weight.transpose(1, 2))
            hidden = softened(inner)
            if slopes is not None and changes is not None:
                along = torch.bmm(slopes, weight.transpose(1, 2)).view(n_elements, len(changes), *inner.shape[1:])
                slopes = (along * torch.sigmoid(inner).unsqueeze(1)).flatten(1, 2)
        weight, bias = self._layer("out", elements)
        last = weight.transpose(1, 2)
        out = torch.baddbmm(bias.unsqueeze(1), hidden, last).squeeze(2)
        if slopes is None or changes is None:
            return out, None
        return out, torch.bmm(slopes, last).view(n_elements, len(changes), n_atoms)

    def _layer(self, name: str, elements: slice) -> tuple[torch.Tensor, torch.Tensor]:
        return getattr(self, f"{name}_weight")[elements], getattr(self, f"{name}_bias")[elements]

    def write_to(self, network: BehlerParrinello, state: dict[str, torch.Tensor]) -> None:
        """Weights of `state` (of this module) into the networks of the elements."""
        with torch.no_grad():
            for place, member in enumerate(cast(list[ElementNetwork], list(network.networks))):
                for name in ("first", "second", "out"):
                    getattr(member, name).weight.copy_(state[f"{name}_weight"][place])
                    getattr(member, name).bias.copy_(state[f"{name}_bias"][place])
