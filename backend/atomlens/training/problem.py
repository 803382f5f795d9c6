"""What a fit is asked: molecules, and targets as the network sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Batch, Quantity
from atomlens.training.catalogue import data_set
from atomlens.training.datasets import DataSet, Examples, Figure, Splits, reference_energies
from atomlens.training.inputs import Inputs
from atomlens.training.objective import predicted
from atomlens.training.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Problem:
    """Targets as the network sees them: energies without the references of their elements, or |μ|."""

    data: DataSet
    splits: Splits
    references: NDArray[np.float64]
    auxiliary_references: NDArray[np.float64]
    quantity: Quantity

    def residuals(self, examples: Examples) -> torch.Tensor:
        """(M,) float32, NaN where a molecule has no target."""
        return _without(self.references, examples.batch, examples.targets)

    def auxiliary_residuals(self, examples: Examples) -> torch.Tensor:
        """(M,) float32, NaN where a molecule has no auxiliary target."""
        return _without(self.auxiliary_references, examples.batch, examples.auxiliary)

    @property
    def figure(self) -> Figure:
        """How errors are reported."""
        return self.data.target(self.quantity).figure


def _without(references: NDArray[np.float64], batch: Batch, targets: NDArray[np.float64]) -> torch.Tensor:
    sums = np.add.reduceat(references[batch.numbers], batch.offsets[:-1])
    return torch.from_numpy((targets - sums).astype(np.float32))


def read_problem(recipe: Recipe) -> Problem:
    """Load the data and regress the references."""
    data, energy, other = data_set(recipe.data), recipe.quantity == "energy", recipe.fit.auxiliary > 0.0
    data.target(recipe.quantity)
    if other and data.auxiliary is None:
        raise CheckpointError(f"{recipe.path}: {data.title} has no auxiliary target.")
    splits = data.read(recipe.folder, recipe.quantity, auxiliary=other)
    train = splits.train
    if recipe.train_size is not None:
        chosen = np.random.default_rng(recipe.fit.seed).permutation(len(train))[: recipe.train_size]
        train = train.select(np.sort(chosen))
        splits = Splits(train, splits.validation, splits.test)
    return Problem(
        data,
        splits,
        reference_energies(train.batch, train.targets) if energy else np.zeros(119),
        reference_energies(train.batch, train.auxiliary) if other else np.zeros(119),
        recipe.quantity,
    )


def errors_of(inputs: Inputs, examples: Examples, problem: Problem) -> NDArray[np.float64]:
    """(M,) signed errors as they are reported. inputs: a network's, of these examples."""
    targets = problem.residuals(examples)
    parts = []
    with torch.no_grad():
        for first in range(0, len(examples), 250):
            molecules = np.arange(first, min(first + 250, len(examples)))
            raw, batch = inputs.raw(molecules)
            parts.append(predicted(raw, batch, problem.quantity) - targets[torch.from_numpy(molecules)])
    errors: NDArray[np.float64] = torch.cat(parts).double().numpy() * problem.figure.scales(examples.batch)
    return errors
