"""Forces without second derivatives: energies a little to both sides of a geometry.

Along a random direction u of all atoms the energy rises by −F · u. A network whose energies at x + h u and x − h u
differ by −2 h F · u for ever new u has these forces, and needs nothing but the first derivatives by its weights that
the compiled kernels give. For Behler–Parrinello networks the functions at both sides are G ± h dG/du, of a few
directions that are chosen once; for SchNet the molecule itself is moved. The gradients of both sides nearly cancel:
rounded to half precision (`networks.half_gradients`) their difference would be noise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch, rows_of_pieces
from atomlens.training.accelerated.functions import changes_along, directions, slopes_along
from atomlens.training.inputs import BehlerParrinelloInputs, SchNetInputs
from atomlens.training.objective import summed
from atomlens.training.whitening import Whitening

#: Å. The mean of both sides is off by ½ h² uᵀHu, some hundredths of a kcal/mol.
STEP = 2e-3
#: Directions a configuration for which symmetry functions' changes are kept.
DIRECTIONS = 3


@dataclass(frozen=True, eq=False)
class Sides:
    """energies: (K,) eV, the mean of both sides where there are two; slopes, targets: (k,) eV/Å along u, of the
    network and of the data, of those with forces; degrees: (k,) the square root of their degrees of freedom, which a
    slope grows with."""

    energies: torch.Tensor
    slopes: torch.Tensor
    targets: torch.Tensor
    degrees: torch.Tensor


class TwoSided(Protocol):
    """A data set that shows itself from both sides."""

    def sides(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Sides:
        """Of these configurations."""


class SchNetSides:
    """Molecules moved along a new direction each time. forces: (n_atoms, 3) eV/Å; forced: (M,) which have them."""

    def __init__(self, inputs: SchNetInputs, forces: NDArray[np.float32], forced: NDArray[np.bool_]) -> None:
        self.inputs, self.forces, self.forced = inputs, forces, forced

    def sides(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Sides:
        """See `TwoSided`."""
        forced = np.flatnonzero(self.forced[rows])
        chosen = self.inputs.batch.select(rows)
        along = rng.normal(size=chosen.positions.shape)
        sizes = np.diff(chosen.offsets)
        moved = np.repeat(self.forced[rows], sizes)
        along[~moved] = 0.0
        behind = replace(chosen, positions=chosen.positions - STEP * along).select(forced)
        ahead = replace(chosen, positions=chosen.positions + STEP * along)
        atoms = self.inputs.of(ahead.followed_by(behind))
        work = (_rows_of(self.forces, self.inputs.batch, rows) * along)[moved].sum(1)
        begins = np.concatenate([[0], np.cumsum(sizes[forced])[:-1]]).astype(np.int64)
        targets = -np.add.reduceat(work, begins) if len(forced) else np.zeros(0)
        return _sides(summed(atoms.raw, atoms.batch), len(rows), forced, targets, sizes[forced])


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
        targets = self.targets[self.places[rows[forced]], k]
        return _sides(summed(both.raw, both.batch), len(rows), forced, targets, sizes[rows[forced]])


def _sides(
    energies: torch.Tensor,
    count: int,
    forced: NDArray[np.int64],
    targets: NDArray[np.float64],
    sizes: NDArray[np.int64],
) -> Sides:
    ahead, behind = energies[:count], energies[count:]
    places = torch.from_numpy(forced)
    slopes = (ahead[places] - behind) / (2.0 * STEP)
    middle = ahead.index_copy(0, places, 0.5 * (ahead[places] + behind))
    degrees = torch.from_numpy(np.sqrt(3.0 * sizes).astype(np.float32))
    return Sides(middle, slopes, torch.from_numpy(targets.astype(np.float32)), degrees)


def _rows_of(values: NDArray[np.float32], batch: Batch, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return values[rows_of_pieces(batch.offsets[rows], np.diff(batch.offsets)[rows])]
