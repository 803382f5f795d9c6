"""Forces without second derivatives: energies a little to both sides of a geometry.

Along a direction u of all atoms the energy rises by −F · u, which energies at x + h u and x − h u tell, with nothing
but the first derivatives by the weights that the compiled kernels give.

SchNet: a loss of forces falls fastest where they change by −∂loss/∂F; so with u that displacement, ∂(E(x + h u) −
E(x − h u)) / 2h by the weights is the gradient of the loss, all components of all forces at once. The forces
themselves, which say where to go, take a pass without weights.

Behler–Parrinello: the functions at both sides are G ± h dG/du, of a few random directions that are chosen once, along
which slopes are compared.

The gradients of both sides nearly cancel: rounded to half precision (`networks.half_gradients`) their difference would
be noise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.protocol import Batch, rows_of_pieces
from atomlens.networks.schnet import species_index
from atomlens.training.accelerated.functions import changes_along, directions, slopes_along
from atomlens.training.accelerated.objective import component_loss
from atomlens.training.inputs import BehlerParrinelloInputs, SchNetInputs
from atomlens.training.objective import summed
from atomlens.training.whitening import Whitening

#: Å. The mean of both sides is off by ½ h² uᵀHu, some hundredths of a kcal/mol.
STEP = 2e-3
#: Directions a configuration for which symmetry functions' changes are kept.
DIRECTIONS = 3


@dataclass(frozen=True, eq=False)
class Sides:
    """energies: (K,) eV, the mean of both sides where there are two; loss: eV/Å, of forces (`component_loss`)."""

    energies: torch.Tensor
    loss: torch.Tensor


class TwoSided(Protocol):
    """A data set that shows itself from both sides."""

    def sides(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Sides:
        """Of these configurations."""


class SchNetSides:
    """Molecules moved as their errors say. forces: (n_atoms, 3) eV/Å; forced: (M,) which have them."""

    def __init__(self, inputs: SchNetInputs, forces: NDArray[np.float32], forced: NDArray[np.bool_]) -> None:
        self.inputs, self.forces, self.forced = inputs, forces, forced

    def sides(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Sides:
        """See `TwoSided`."""
        forced = np.flatnonzero(self.forced[rows])
        chosen = self.inputs.batch.select(rows)
        if not len(forced):
            atoms = self.inputs.of(chosen)
            energies = summed(atoms.raw, atoms.batch)
            return Sides(energies, energies.new_zeros(()))
        part = chosen.select(forced)
        found = torch.from_numpy(self.forces_at(part)).requires_grad_(True)
        target = torch.from_numpy(_rows_of(self.forces, self.inputs.batch, rows[forced]))
        loss = component_loss(found, target)
        (pull,) = torch.autograd.grad(loss, found)
        sizes = np.diff(part.offsets)
        # every molecule is moved equally far, and counts by how far it is to be moved
        lengths = np.sqrt(np.add.reduceat((pull.numpy() ** 2).sum(1), part.offsets[:-1]) / sizes).astype(np.float64)
        along = -pull.numpy() / np.repeat(np.maximum(lengths, 1e-30), sizes)[:, None]
        everywhere = np.zeros_like(chosen.positions)
        everywhere[np.repeat(self.forced[rows], np.diff(chosen.offsets))] = along
        ahead = replace(chosen, positions=chosen.positions + STEP * everywhere)
        behind = replace(part, positions=part.positions - STEP * along)
        atoms = self.inputs.of(ahead.followed_by(behind))
        energies, slopes = _of_both(summed(atoms.raw, atoms.batch), len(rows), forced)
        change = (slopes * torch.from_numpy(lengths.astype(np.float32))).sum()
        # the gradient of the one, the value of the other
        return Sides(energies, change - change.detach() + loss.detach())

    def forces_at(self, batch: Batch) -> NDArray[np.float32]:
        """(n_atoms, 3) eV/Å of the network as it is, in single precision."""
        network = self.inputs.network
        pairs = MoleculePairs.of(batch, network.cutoff)
        distances = torch.from_numpy(pairs.distances).requires_grad_(True)
        with torch.enable_grad():
            tables = [table.detach() for table in network.tables()]
            x, _ = network(species_index(batch.numbers, network.elements), distances, pairs, tables)
            (slopes,) = torch.autograd.grad(network.output(x).sum() * self.inputs.scale, distances)
        centres, neighbours = pairs.centres, pairs.neighbours
        apart = batch.positions[neighbours] - batch.positions[centres]
        pulls = (slopes.numpy() / pairs.distances)[:, None] * apart
        forces = np.zeros_like(batch.positions)
        for axis in range(3):
            forces[:, axis] += np.bincount(centres, pulls[:, axis], len(forces))
            forces[:, axis] -= np.bincount(neighbours, pulls[:, axis], len(forces))
        return forces.astype(np.float32)


class BehlerParrinelloSides:
    """Symmetry functions and their changes along `DIRECTIONS` directions, kept in half precision."""

    def __init__(
        self,
        inputs: BehlerParrinelloInputs,
        whitening: Whitening | None,
        forces: NDArray[np.float32],
        forced: NDArray[np.bool_],
        seed: int,
    ) -> None:
        self.inputs, self.forced, batch = inputs, forced, inputs.batch
        known = np.flatnonzero(forced)
        part = batch.select(known)
        along = directions(part, DIRECTIONS, seed)
        own = inputs.species[torch.from_numpy(np.repeat(forced, np.diff(batch.offsets)))]
        self.changes = []
        for direction in along:
            change = torch.from_numpy(changes_along(inputs.network.settings.functions, part, direction[None])[0])
            change *= inputs.network.scale[own]
            if whitening is not None:
                change = whitening.apply(own, change)
            # pressed bonds change by more than half precision holds, and are not looked at that closely
            self.changes.append(change.clamp(-6e4, 6e4).half())
        self.targets = slopes_along(part, _rows_of(forces, batch, known).astype(np.float64), along)
        self.begins = np.zeros(len(batch), dtype=np.int64)
        self.begins[known] = part.offsets[:-1]
        self.places = np.zeros(len(batch), dtype=np.int64)
        self.places[known] = np.arange(len(known))

    def sides(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Sides:
        """See `TwoSided`."""
        k = int(rng.integers(DIRECTIONS))
        forced = np.flatnonzero(self.forced[rows])
        batch = self.inputs.batch
        chosen, sizes = batch.select(rows), np.diff(batch.offsets)
        atoms = torch.from_numpy(rows_of_pieces(batch.offsets[rows], sizes[rows]))
        features = self.inputs.features[atoms]
        mine = torch.from_numpy(np.flatnonzero(np.repeat(self.forced[rows], sizes[rows])))
        kept = torch.from_numpy(rows_of_pieces(self.begins[rows[forced]], sizes[rows[forced]]))
        change = self.changes[k][kept].float() * STEP
        behind = features[mine] - change
        features[mine] += change
        both = self.inputs.of(
            chosen.followed_by(chosen.select(forced)),
            torch.cat([atoms, atoms[mine]]),
            torch.cat([features, behind]),
        )
        targets = torch.from_numpy(self.targets[self.places[rows[forced]], k].astype(np.float32))
        energies, slopes = _of_both(summed(both.raw, both.batch), len(rows), forced)
        # of a component of the force, as far as one direction tells: a slope grows with the root of their number
        degrees = torch.from_numpy(np.sqrt(3.0 * sizes[rows[forced]]).astype(np.float32))
        return Sides(energies, component_loss((slopes / degrees)[:, None], (targets / degrees)[:, None]))


def _of_both(energies: torch.Tensor, count: int, forced: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
    """(count,) energies in the middle and (k,) slopes; energies: of all configurations ahead, and of those behind."""
    ahead, behind = energies[:count], energies[count:]
    places = torch.from_numpy(forced)
    middle = ahead.index_copy(0, places, 0.5 * (ahead[places] + behind))
    return middle, (ahead[places] - behind) / (2.0 * STEP)


def _rows_of(values: NDArray[np.float32], batch: Batch, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return values[rows_of_pieces(batch.offsets[rows], np.diff(batch.offsets)[rows])]
