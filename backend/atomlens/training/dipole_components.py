"""Fits of dipole moments whose components are known in axes of the molecule's own, up to their signs.

QM9's dipole vectors stand in the standard orientation of the program that computed them, which is not kept beside
them. For molecules without symmetry its axes are the principal axes of the nuclear charge, the longest first, in
directions that are not known (found by comparison with MP2 vectors: `tests/training/test_dipole_components.py`). So the
sizes of three components teach where a length alone would teach one number.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Batch
from atomlens.training.fit import Trainer
from atomlens.training.objective import SMOOTH_DEBYE, dipole_vectors
from atomlens.training.problem import Problem
from atomlens.training.recipe import Recipe

#: Principal axes are told apart where their moments differ by this part of the sum of the three.
DISTINCT = 0.004


def charge_axes(batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Principal axes of the nuclear charge about its centre, and whether they are distinct.

    Axes (M, 3, 3), unit vectors in the columns, that of the largest Σ Z x² first, with signs that say nothing;
    distinct (M,): whether no two moments are so alike that the axes could be others.
    """
    molecule = np.repeat(np.arange(len(batch)), np.diff(batch.offsets))
    charge = batch.numbers.astype(np.float64)
    total = np.add.reduceat(charge, batch.offsets[:-1])
    centre = np.add.reduceat(charge[:, None] * batch.positions, batch.offsets[:-1]) / total[:, None]
    x = batch.positions - centre[molecule]
    moments = np.add.reduceat(charge[:, None, None] * x[:, :, None] * x[:, None, :], batch.offsets[:-1])
    values, axes = np.linalg.eigh(moments)
    distinct = np.diff(values, axis=1).min(1) > DISTINCT * values.sum(1)
    return axes[:, :, ::-1], distinct


class ComponentTrainer(Trainer):
    """A `Trainer` that compares the sizes of three components, as far as they are known, and else the length."""

    def __init__(self, recipe: Recipe, problem: Problem, folder: Path) -> None:
        super().__init__(recipe, problem, folder)
        known = problem.data.dipole_components
        if known is None:
            raise CheckpointError(f"{recipe.path}: {problem.data.title} has no components of dipole moments.")
        train = problem.splits.train
        ids, components = known(recipe.folder)
        rows = np.full((len(train), 3), np.nan)
        _, ours, theirs = np.intersect1d(train.ids, ids, return_indices=True)
        rows[ours] = np.abs(components[theirs])
        axes, distinct = charge_axes(train.batch)
        usable = distinct & np.isfinite(rows).all(1)
        self.axes = torch.from_numpy(axes.astype(np.float32))
        self.components = torch.from_numpy(np.nan_to_num(rows).astype(np.float32))
        self.usable = torch.from_numpy(usable)

    def _loss(self, molecules: NDArray[np.int64]) -> torch.Tensor:
        chosen = torch.from_numpy(molecules)
        atoms = self.inputs.atoms(molecules)
        vectors = dipole_vectors(atoms.raw, atoms.batch)
        lengths = torch.sqrt((vectors**2).sum(1) + SMOOTH_DEBYE**2)
        along = torch.einsum("mj,mjk->mk", vectors, self.axes[chosen])
        apart = torch.sqrt(along**2 + SMOOTH_DEBYE**2) - self.components[chosen]
        by_component = torch.sqrt((apart**2).sum(1) + SMOOTH_DEBYE**2)
        return torch.where(self.usable[chosen], by_component, (lengths - self.targets[chosen]).abs()).mean()
