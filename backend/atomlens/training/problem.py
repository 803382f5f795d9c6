"""What a fit is asked: molecules, and targets as the network sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch, Quantity
from atomlens.training.datasets import Examples, Splits, read_dipole_vectors, read_qm9, reference_energies
from atomlens.training.inputs import Inputs
from atomlens.training.objective import SMOOTH_DEBYE, predicted
from atomlens.training.recipe import Recipe
from atomlens.units import EV_KCAL_PER_MOL


@dataclass(frozen=True, eq=False)
class Problem:
    """Targets as the network sees them: energies without the references of their elements, or |μ|."""

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

    def vectors(self, examples: Examples, folder: Path) -> torch.Tensor:
        """(M, 3) float32 dipole vectors in debye, as long as the target, directed as MP2's; NaN where none is known."""
        ids, mp2 = read_dipole_vectors(folder / "qm9_mp2_10k.npz")
        _, ours, theirs = np.intersect1d(examples.ids, ids, return_indices=True)
        vectors = np.full((len(examples), 3), np.nan)
        lengths = np.linalg.norm(mp2[theirs], axis=1)
        vectors[ours] = mp2[theirs] * (examples.targets[ours] / np.maximum(lengths, SMOOTH_DEBYE))[:, None]
        return torch.from_numpy(vectors.astype(np.float32))

    @property
    def figure(self) -> tuple[float, str]:
        """Factor and unit in which errors are reported."""
        return (EV_KCAL_PER_MOL, "kcal/mol") if self.quantity == "energy" else (1.0, "debye")


def _without(references: NDArray[np.float64], batch: Batch, targets: NDArray[np.float64]) -> torch.Tensor:
    sums = np.add.reduceat(references[batch.numbers], batch.offsets[:-1])
    return torch.from_numpy((targets - sums).astype(np.float32))


def read_problem(recipe: Recipe) -> Problem:
    """Load the data and regress the references."""
    splits = read_qm9(recipe.folder, recipe.quantity, auxiliary=recipe.fit.auxiliary > 0.0)
    train = splits.train
    if recipe.train_size is not None:
        chosen = np.random.default_rng(recipe.fit.seed).permutation(len(train))[: recipe.train_size]
        train = train.select(np.sort(chosen))
        splits = Splits(train, splits.validation, splits.test)
    energy, other = recipe.quantity == "energy", recipe.fit.auxiliary > 0.0
    return Problem(
        splits,
        reference_energies(train.batch, train.targets) if energy else np.zeros(119),
        reference_energies(train.batch, train.auxiliary) if other else np.zeros(119),
        recipe.quantity,
    )


def errors_of(inputs: Inputs, examples: Examples, problem: Problem) -> NDArray[np.float64]:
    """(M,) signed errors in the unit in which they are reported. inputs: a network's, of these examples."""
    targets = problem.residuals(examples)
    parts = []
    with torch.no_grad():
        for first in range(0, len(examples), 250):
            molecules = np.arange(first, min(first + 250, len(examples)))
            raw, batch = inputs.raw(molecules)
            parts.append(predicted(raw, batch, problem.quantity) - targets[torch.from_numpy(molecules)])
    return torch.cat(parts).double().numpy() * problem.figure[0]
