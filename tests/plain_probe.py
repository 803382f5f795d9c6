"""A probe atom the plain way, in double precision, with nothing tabulated: what the engine is measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from atomlens.networks.activation import shifted_softplus
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet


def plain_probe(network: Any, molecule: Batch, points: np.ndarray, species: list[int]) -> np.ndarray:
    """Raw outputs (n_elements, n_points) of one network (double precision) for probes of these elements."""
    with torch.no_grad():
        if isinstance(network, SchNet):
            return _schnet(network, molecule, points, species)
        return np.stack([_behler_parrinello(network, molecule, point, species) for point in points], axis=1)


def _messages(layer: Any, x: torch.Tensor, distances: torch.Tensor, network: Any) -> torch.Tensor:
    """Σ_j (W_in x_j) ∘ W(d_ij): distances (n_centres, n_atoms), infinite where there is no pair."""
    n_centres, n_atoms = distances.shape
    filters = layer.filters(*network.expand(distances.clamp(max=1e3).reshape(-1))).view(n_centres, n_atoms, -1)
    return (layer.inward(x)[None] * filters).sum(1)


def _update(layer: Any, messages: torch.Tensor) -> torch.Tensor:
    return layer.second(shifted_softplus(layer.first(messages)))


def _schnet(network: Any, molecule: Batch, points: np.ndarray, species: list[int]) -> np.ndarray:
    positions = torch.from_numpy(molecule.positions)
    among = torch.cdist(positions, positions) + torch.diag(torch.full((len(positions),), torch.inf))
    away = torch.cdist(torch.from_numpy(points), positions)
    x = network.embedding[np.searchsorted(network.elements, molecule.numbers)]
    total = torch.zeros((len(points), x.shape[1]), dtype=x.dtype)
    for layer in network.interactions:
        total = total + _update(layer, _messages(layer, x, away, network))
        x = x + _update(layer, _messages(layer, x, among, network))
    return np.stack([network.output(network.embedding[element] + total).numpy() for element in species])


def _behler_parrinello(network: Any, molecule: Batch, point: np.ndarray, species: list[int]) -> np.ndarray:
    # the point stands last among the atoms; its own functions do not depend on its own weight
    numbers = torch.from_numpy(np.append(molecule.numbers, 1))
    positions = torch.from_numpy(np.vstack([molecule.positions, point]))
    functions = network.settings.functions.reference(numbers, positions)[-1:]
    kinds = torch.tensor(species)
    return network(kinds, network.standardized(kinds, functions.expand(len(species), -1))).numpy()
