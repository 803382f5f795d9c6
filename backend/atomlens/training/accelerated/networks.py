"""Raw outputs of both families for a gathered batch, in operations of torch, differentiable any number of times."""

from __future__ import annotations

from typing import cast

import torch
from torch import nn

from atomlens.networks.behler_parrinello import BehlerParrinello, ElementNetwork
from atomlens.networks.schnet import SchNet
from atomlens.training.accelerated.convolution import Pairs, convolved, convolved_changes, softened, softened_changes
from atomlens.training.accelerated.tables import Gathered


def schnet_tables(network: SchNet) -> list[torch.Tensor]:
    """(intervals + 3, features) coefficients of every interaction, differentiable any number of times; see
    `SchNet.tables`."""
    expansion, envelope, solve = network.at_sites()
    filters = [layer.filter_second(softened(layer.filter_first(expansion))) * envelope for layer in network.layers]
    return [solve @ values for values in filters]


def schnet_outputs(network: SchNet, batch: Gathered, pairs: Pairs, tables: list[torch.Tensor]) -> torch.Tensor:
    """(N,) raw outputs, with the filters read from their splines as everywhere else."""
    x = _begun(network, batch)
    for layer, table in zip(network.layers, tables, strict=True):
        summed = convolved(layer.inward(x), table, pairs, network.cutoff)
        x = x + layer.second(softened(layer.first(summed)))
    return cast(torch.Tensor, network.out_second(softened(network.out_first(x)))).squeeze(1)


def schnet_changes(
    network: SchNet, batch: Gathered, pairs: Pairs, tables: list[torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """(N,) raw outputs, and how they change as the distances of the pairs do (`Pairs.rates`).

    The gradient of a loss of forces is that of the change of the energy along one displacement of all atoms: so the
    network is gone through forwards with its change, and backwards once, in place of twice.
    """
    x = _begun(network, batch)
    both = torch.stack([x, torch.zeros_like(x)])
    for layer, table in zip(network.layers, tables, strict=True):
        summed = convolved_changes(both @ layer.inward.weight.T, table, pairs, network.cutoff)
        hidden = softened_changes(summed @ layer.first.weight.T, layer.first.bias)
        both = both + _linear(hidden, layer.second)
    hidden = softened_changes(both @ network.out_first.weight.T, network.out_first.bias)
    raw, change = _linear(hidden, network.out_second).squeeze(2)
    return raw, change


def _begun(network: SchNet, batch: Gathered) -> torch.Tensor:
    # as a product: its gradient has as many terms a row as there are atoms of an element
    kinds = batch.species.unsqueeze(1) == torch.arange(len(network.elements), device=batch.species.device)
    return kinds.to(network.embedding.dtype) @ network.embedding


def _linear(both: torch.Tensor, layer: nn.Linear) -> torch.Tensor:
    """(2, N, ·): the layer of the first part, its linear part of the second."""
    out = both @ layer.weight.T
    return torch.cat([(out[0] + layer.bias).unsqueeze(0), out[1:]])


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
