"""A training on crystals as plain arrays, for a trainer on another machine that has none of the kernels here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.schnet import species_index
from atomlens.training.problem import read_problem
from atomlens.training.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Prepared:
    """All structures of a data set one after another: training, validation, test.

    elements: (n_elements,) atomic numbers, ascending; species: (n_atoms,) place among them; offsets: (M + 1,) atoms of
    structure m are offsets[m]:offsets[m + 1]; centres, neighbours: (n_pairs,) atoms of pairs within the cutoff, which
    stand once and act both ways (a pair of an atom and its own image too: it gives twice its filter); pair_offsets:
    (M + 1,) pairs of structure m; distances: (n_pairs,) Å; residuals: (M,) energies without the references, eV a
    structure; sizes: (M,) atoms; train, validation, test: places of structures.
    """

    elements: NDArray[np.int64]
    species: NDArray[np.int64]
    offsets: NDArray[np.int64]
    centres: NDArray[np.int64]
    neighbours: NDArray[np.int64]
    pair_offsets: NDArray[np.int64]
    distances: NDArray[np.float64]
    residuals: NDArray[np.float64]
    sizes: NDArray[np.int64]
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def prepared(recipe: Recipe) -> Prepared:
    """What `recipe` trains on, within the cutoff of its network. Raises `CheckpointError` as `read_problem` does."""
    problem = read_problem(recipe)
    parts = (problem.splits.train, problem.splits.validation, problem.splits.test)
    batch = parts[0].batch.followed_by(parts[1].batch).followed_by(parts[2].batch)
    elements = np.unique(parts[0].batch.numbers)
    pairs = MoleculePairs.of(batch, float(recipe.network["cutoff"]))
    ends = np.cumsum([0, *(len(part) for part in parts)])
    train, validation, test = (np.arange(first, last) for first, last in pairwise(ends))
    return Prepared(
        elements=elements,
        species=species_index(batch.numbers, tuple(elements.tolist())).numpy(),
        offsets=batch.offsets,
        centres=pairs.centres,
        neighbours=pairs.neighbours,
        pair_offsets=pairs.offsets[batch.offsets],
        distances=pairs.distances,
        residuals=np.concatenate([problem.residuals(part).double().numpy() for part in parts]),
        sizes=np.diff(batch.offsets),
        train=train,
        validation=validation,
        test=test,
    )
