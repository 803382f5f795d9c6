"""The fits of the `organic` models: energies, differences and forces (`training.slopes`); vectors of dipole moments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.training.accelerated.batches import batches, parcels
from atomlens.training.accelerated.objective import SOFT_EV, Weights, energy_loss
from atomlens.training.accelerated.problems import (
    ROUNDS,
    met_more_often,
    references_of,
    totals_count,
    without_references,
)
from atomlens.training.catalogue import data_set
from atomlens.training.fit import Trainer
from atomlens.training.inputs import BehlerParrinelloInputs, SchNetInputs
from atomlens.training.labelled import Labelled, read_labelled
from atomlens.training.labels.kinds import KINDS
from atomlens.training.objective import SMOOTH_DEBYE, dipole_vectors
from atomlens.training.problem import Problem
from atomlens.training.recipe import Recipe
from atomlens.training.slopes import BehlerParrinelloSides, SchNetSides, TwoSided

#: Kinds that are so many that a fit which goes on from a released network need not meet all of them in every epoch.
_OFTEN = [KINDS.index(name) for name in ("stretch", "bend", "shake", "frame", "dimer")]


class DisplacedTrainer(Trainer):
    """A `Trainer` whose molecules are the rows of `labelled`: those of problem.splits.train, in the same order."""

    def __init__(self, recipe: Recipe, problem: Problem, folder: Path, labelled: Labelled) -> None:
        super().__init__(recipe, problem, folder)
        self.labelled = labelled
        self.energies = torch.from_numpy(without_references(labelled, problem.references).astype(np.float32))
        self.costs = torch.from_numpy(labelled.cost.astype(np.float32))
        forced = np.logical_and.reduceat(np.isfinite(labelled.forces).all(1), labelled.batch.offsets[:-1])
        forced &= np.diff(labelled.batch.offsets) > 1
        self.forces = self._two_sided(np.nan_to_num(labelled.forces), forced)
        sizes = np.diff(labelled.batch.offsets)
        counts = totals_count(labelled.absolute, labelled.cost, sizes, recipe.fit.small)
        self.absolute = torch.from_numpy(counts)
        self.rows = np.concatenate([np.arange(len(labelled)), met_more_often(sizes)])
        sizes = np.diff(labelled.batch.offsets)[self.rows]
        self.sizes = np.stack([sizes, sizes * np.minimum(sizes, 30)], 1)
        self.met = chances(labelled.kind[self.rows], sizes, recipe.fit.share)
        self._drawn: tuple[int, NDArray[np.int64]] | None = None
        self.n_batches = len(self._epoch(0))

    def _two_sided(self, forces: NDArray[np.float32], forced: NDArray[np.bool_]) -> TwoSided:
        if isinstance(self.inputs, SchNetInputs):
            return SchNetSides(self.inputs, forces, forced)
        if isinstance(self.inputs, BehlerParrinelloInputs):
            return BehlerParrinelloSides(self.inputs, self.whitening, forces, forced, self.recipe.fit.seed)
        raise TypeError(f"no sides of {type(self.inputs).__name__}")

    @property
    def steps_per_epoch(self) -> int:
        """Batches of the first epoch; parcels, and with them later ones, vary a little."""
        return self.n_batches

    def _epoch(self, epoch: int) -> NDArray[np.int64]:
        """(n_batches, places) rows of an epoch, as the seed says; -1 for none."""
        if self._drawn is None or self._drawn[0] != epoch:
            fit, rng = self.recipe.fit, np.random.default_rng([self.recipe.fit.seed, epoch])
            met = np.arange(len(self.rows))
            if fit.share < 1.0:
                met = met[rng.random(len(met)) < self.met]
            table = parcels(self.labelled.group[self.rows[met]], fit.parcel, rng)
            drawn = batches(table, self.sizes[met], fit.batch // fit.parcel, rng)
            self._drawn = (epoch, np.where(drawn >= 0, self.rows[met[drawn]], -1))
        return self._drawn[1]

    def _next_loss(self) -> torch.Tensor:
        fit, step = self.recipe.fit, self.progress.step
        epoch, place = divmod(step, self.n_batches)
        order = self._epoch(epoch)
        places = order[place % len(order)]
        present = np.flatnonzero(places >= 0)
        rows = places[present]
        found = self.forces.sides(rows, np.random.default_rng([fit.seed, step]))
        chosen, where = torch.from_numpy(rows), torch.from_numpy(present)
        empty = torch.zeros(len(places))
        loss = energy_loss(
            empty.index_copy(0, where, found.energies - self.energies[chosen]),
            empty.index_copy(0, where, self.costs[chosen]),
            empty.index_copy(0, where, self.absolute[chosen]),
            empty.index_fill(0, where, 1.0),
            Weights(fit.absolute, fit.relative, fit.force, fit.minima, fit.displaced, fit.far),
            fit.parcel,
        )
        return loss + fit.force * found.loss


class VectorTrainer(Trainer):
    """A `Trainer` of dipole moments whose direction is known. vectors: (M, 3) debye, of problem.splits.train."""

    def __init__(self, recipe: Recipe, problem: Problem, folder: Path, labelled: Labelled) -> None:
        super().__init__(recipe, problem, folder)
        self.vectors = torch.from_numpy(labelled.dipole.astype(np.float32))
        # what a pressed bond does to the moment is nothing that anybody asks for
        self.counts = torch.from_numpy((1.0 / (1.0 + labelled.cost / SOFT_EV)).astype(np.float32))

    def _loss(self, molecules: NDArray[np.int64]) -> torch.Tensor:
        chosen = torch.from_numpy(molecules)
        atoms = self.inputs.atoms(molecules)
        apart = dipole_vectors(atoms.raw, atoms.batch) - self.vectors[chosen]
        error = torch.sqrt((apart**2).sum(1) + SMOOTH_DEBYE**2)
        return (error * self.counts[chosen]).mean()


def chances(kind: NDArray[np.int64], n_atoms: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """(M,) with what probability an epoch meets each configuration. kind, n_atoms: (M,); share: as in `Fit`."""
    return np.where(np.isin(kind, _OFTEN) & (n_atoms > max(ROUNDS)), share, 1.0)


def organic_trainer(recipe: Recipe, folder: Path) -> Trainer:
    """Of a recipe on the labelled set in its folder."""
    labelled = read_labelled(recipe.folder)
    data = data_set(recipe.data)
    splits = data.read(recipe.folder, recipe.quantity)
    rows = splits.train.ids
    if recipe.quantity == "dipole":
        problem = Problem(data, splits, np.zeros(119), np.zeros(119), "dipole")
        return VectorTrainer(recipe, problem, folder, labelled.select(rows))
    problem = Problem(data, splits, references_of(labelled), np.zeros(119), "energy")
    return DisplacedTrainer(recipe, problem, folder, labelled.select(rows))
