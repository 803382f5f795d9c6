"""A probe atom in the field of a molecule, for SchNet.

The probe never enters its own convolution, so its representation is x(Z, r) = a_Z + Σ_t v_t(r), and of all of it only
the output network's first layer A is needed:

    A x(Z, r) = A (a_Z + Σ_t b₂ᵗ) + Σ_t A W₂ᵗ ssp(W₁ᵗ s_t(r) + b₁ᵗ),   s_t(r) = Σ_j (W_inᵗ x_jᵗ⁻¹) ∘ W_t(|r − r_j|)

One pass over the neighbours serves all interactions and elements, and A W₂ᵗ is one matrix half as wide as W₂ᵗ.
Source of v_t: arXiv:1806.10349.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.activation import soften
from atomlens.networks.convolution import MoleculePairs, convolve_points
from atomlens.networks.protocol import Batch, Mixture
from atomlens.networks.schnet import SchNet, species_index

#: Points whose arrays are in memory together, and mostly in cache.
POINTS_A_BLOCK = 2048


class SchNetProbe:
    """What a probe needs of a network, made once. The network is frozen; results are in its precision.

    double: the same network in double precision, from which products of its weights are made.
    """

    def __init__(self, network: SchNet, double: SchNet) -> None:
        self.network, dtype = network, network.embedding.dtype
        self.tables = [table.to(dtype) for table in double.tables()]
        layers, first = double.layers, double.first_output
        self._coefficients = torch.cat(self.tables, 1)
        self._first_bias = torch.cat([layer.first.bias for layer in layers]).to(dtype)
        self._second = torch.cat([(first.weight @ layer.second.weight).t() for layer in layers]).to(dtype)
        shift = double.embedding + torch.stack([layer.second.bias for layer in layers]).sum(0)
        self._of_element = first(shift).to(dtype)
        self._last: tuple[Batch | Mixture, torch.Tensor] | None = None

    def values(
        self, molecule: Batch | Mixture, points: NDArray[np.float64], species: Sequence[int]
    ) -> NDArray[np.floating]:
        """Raw outputs of probes of these elements (indices among the network's) at points (n, 3), Å: (len(species), n).

        Points that follow one another should be near one another.
        """
        network, width, features = self.network, self.network.settings.features, self._features(molecule)
        layers = network.layers
        positions = (molecule.batch if isinstance(molecule, Mixture) else molecule).positions
        values = np.empty((len(species), len(points)), dtype=features.numpy().dtype)
        # used again for every block: fresh memory costs as much as what is written to it
        room = torch.empty((2, min(POINTS_A_BLOCK, len(points)), features.shape[1]), dtype=features.dtype)
        for start in range(0, len(points), POINTS_A_BLOCK):
            block = slice(start, start + POINTS_A_BLOCK)
            sums, hidden = room[:, : len(points[block])]
            convolve_points(points[block], positions, features, self._coefficients, network.cutoff, sums)
            for place, layer in enumerate(layers):
                columns = slice(place * width, (place + 1) * width)
                torch.mm(sums[:, columns], layer.first.weight.t(), out=hidden[:, columns])
            common = soften(hidden, self._first_bias) @ self._second
            for place, element in enumerate(species):
                values[place, block] = network.after_first_output(common + self._of_element[element]).numpy()
        return values

    def _features(self, molecule: Batch | Mixture) -> torch.Tensor:
        """The messages W_in x_j of every interaction side by side: (n_atoms, n_interactions · n_features)."""
        # a field asks block by block, each time with the same molecule
        if self._last is not None and self._last[0] is molecule:
            return self._last[1]
        network, dtype = self.network, self._coefficients.dtype
        batch = molecule.batch if isinstance(molecule, Mixture) else molecule
        pairs = MoleculePairs.of(batch, network.cutoff)
        distances = torch.from_numpy(pairs.distances)
        if isinstance(molecule, Mixture):
            weights = torch.from_numpy(molecule.weights).to(dtype)
            _, messages = network.mixed(network.begun(molecule), weights, distances, pairs, self.tables)
        else:
            _, inputs = network(species_index(batch.numbers, network.elements), distances, pairs, self.tables)
            messages = [layer.inward(x) for layer, x in zip(network.layers, inputs, strict=True)]
        features = torch.cat(messages, 1)
        self._last = (molecule, features)
        return features

    def at_infinity(self, species: Sequence[int]) -> NDArray[np.floating]:
        """The same with an empty neighbour sum: (len(species),)."""
        common = soften(torch.zeros((1, len(self._first_bias)), dtype=self._first_bias.dtype), self._first_bias)
        values: NDArray[np.floating] = self.network.after_first_output(
            common @ self._second + self._of_element[list(species)]
        ).numpy()
        return values
