"""What a network of each family sees of a batch while it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens.errors import CheckpointError
from atomlens.networks.behler_parrinello import BehlerParrinello, BehlerParrinelloSettings
from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.protocol import Batch, rows_of_pieces
from atomlens.networks.schnet import SchNet, SchNetSettings, species_index
from atomlens.networks.wacsf import SymmetryFunctions
from atomlens.training.whitening import Whitening


@dataclass(frozen=True, eq=False)
class Atoms:
    """A network's answer for a batch, atom by atom.

    raw: (n_atoms,) outputs; hidden: (n_atoms, n_hidden) what its last layers see; species: (n_atoms,) index of the
    element among those of the network.
    """

    batch: Batch
    species: torch.Tensor
    raw: torch.Tensor
    hidden: torch.Tensor


class Inputs(Protocol):
    """A data set in the form that a network eats."""

    def atoms(self, molecules: NDArray[np.int64]) -> Atoms:
        """What the network makes of these molecules."""

    def raw(self, molecules: NDArray[np.int64]) -> tuple[torch.Tensor, Batch]:
        """Raw per-atom outputs (n_atoms,) of these molecules, and the molecules."""


class SchNetInputs:
    """Neighbours of a batch are found when it is needed: 0.2 ms."""

    def __init__(self, network: SchNet, batch: Batch, *, scale: float, half_gradients: bool) -> None:
        self.network, self.batch, self.scale = network, batch, scale
        self.half_gradients = half_gradients

    def atoms(self, molecules: NDArray[np.int64]) -> Atoms:
        """See `Inputs`; hidden is the representation x^T."""
        return self.of(self.batch.select(molecules))

    def of(self, chosen: Batch) -> Atoms:
        """What the network makes of any molecules."""
        pairs = MoleculePairs.of(chosen, self.network.cutoff)
        species = species_index(chosen.numbers, self.network.elements)
        distances = torch.from_numpy(pairs.distances)
        if self.half_gradients and torch.is_grad_enabled():
            x = self.network.with_half_gradients(species, distances, pairs)
        else:
            x, _ = self.network(species, distances, pairs)
        return Atoms(chosen, species, self.network.output(x) * self.scale, x)

    def raw(self, molecules: NDArray[np.int64]) -> tuple[torch.Tensor, Batch]:
        """See `Inputs`."""
        atoms = self.atoms(molecules)
        return atoms.raw, atoms.batch


class BehlerParrinelloInputs:
    """Symmetry functions of a fixed data set are computed once."""

    def __init__(
        self, network: BehlerParrinello, batch: Batch, *, standardize: int, whitening: Whitening | None, scale: float
    ) -> None:
        if batch.cells is not None:
            raise CheckpointError('Symmetry functions are of molecules: crystals take family = "schnet".')
        self.network, self.batch, self.scale = network, batch, scale
        self.trained = slice(0, int(batch.offsets[standardize]))
        functions = network.settings.functions
        species = species_index(batch.numbers, network.elements)
        features = np.empty((len(batch.numbers), len(functions)), dtype=np.float32)
        block = 4096
        for first in range(0, len(batch), block):
            part = batch.select(np.arange(first, min(first + block, len(batch))))
            start = batch.offsets[first]
            features[start : start + len(part.numbers)] = functions.of_molecules(
                part.numbers, part.positions, part.offsets
            )
        if standardize:
            network.standardize(species.numpy()[self.trained], features[self.trained])
        self.species = species
        self.features = network.standardized(species, torch.from_numpy(features))
        if whitening is not None:
            self.features = whitening.apply(species, self.features)

    def whiten(self, floor: float) -> Whitening:
        """Decorrelate the functions of these atoms in place, and say how others are to be."""
        trained, n_elements = self.trained, len(self.network.elements)
        whitening = Whitening.of(self.species[trained], self.features[trained], n_elements, floor)
        self.features = whitening.apply(self.species, self.features)
        return whitening

    def atoms(self, molecules: NDArray[np.int64]) -> Atoms:
        """See `Inputs`; hidden is the last hidden layer of the element's network."""
        chosen = self.batch.select(molecules)
        sizes = np.diff(chosen.offsets)
        atoms = torch.from_numpy(rows_of_pieces(self.batch.offsets[molecules], sizes))
        return self.of(chosen, atoms, self.features[atoms])

    def of(self, chosen: Batch, atoms: torch.Tensor, features: torch.Tensor) -> Atoms:
        """Of molecules whose atoms are these of the data set, with functions of other values than there."""
        species = self.species[atoms]
        raw, hidden = self.network.layers(species, features)
        return Atoms(chosen, species, raw * self.scale, hidden)

    def raw(self, molecules: NDArray[np.int64]) -> tuple[torch.Tensor, Batch]:
        """See `Inputs`."""
        atoms = self.atoms(molecules)
        return atoms.raw, atoms.batch


def build_network(family: str, settings: dict[str, Any], elements: tuple[int, ...]) -> SchNet | BehlerParrinello:
    """A fresh network from a recipe's [network] table."""
    if family == "schnet":
        return SchNet(SchNetSettings(**settings), elements)
    spaced = {key: value for key, value in settings.items() if key != "hidden"}
    if "zetas" in spaced:
        spaced["zetas"] = tuple(spaced["zetas"])
    functions = SymmetryFunctions.spaced(**spaced)
    return BehlerParrinello(BehlerParrinelloSettings(functions, int(settings.get("hidden", 128))), elements)


def prepare(
    network: nn.Module,
    batch: Batch,
    *,
    standardize: int = 0,
    whitening: Whitening | None = None,
    scale: float = 1.0,
    half_gradients: bool = False,
) -> Inputs:
    """Inputs of a data set.

    standardize: on the first so many molecules the network's inputs are standardized, once; whitening: as the network
    is trained with; scale: factor of its outputs; half_gradients: see `networks.half_gradients` (SchNet).
    """
    if isinstance(network, SchNet):
        return SchNetInputs(network, batch, scale=scale, half_gradients=half_gradients)
    if isinstance(network, BehlerParrinello):
        return BehlerParrinelloInputs(network, batch, standardize=standardize, whitening=whitening, scale=scale)
    raise TypeError(f"no inputs for {type(network).__name__}")
