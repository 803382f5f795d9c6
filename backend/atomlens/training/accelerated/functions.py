"""Symmetry functions of a data set, and how they change along a few directions, computed once.

The functions hold nothing that is trained, so forces need no second derivative: along a direction u of all atoms the
energy changes by Σ_i ∂e_i/∂G_i · (dG_i/du), to be met with −F · u. A few random directions a configuration stand for
all its forces.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch
from atomlens.networks.wacsf import SymmetryFunctions

#: Å of the central difference; functions are computed in double precision.
STEP = 1e-3
BLOCK = 1000


def functions_of(functions: SymmetryFunctions, batch: Batch) -> NDArray[np.float32]:
    """(n_atoms, n_functions)."""
    found = np.empty((len(batch.numbers), len(functions)), dtype=np.float32)
    for rows, part in _blocks(batch):
        found[rows] = functions.of_molecules(part.numbers, part.positions, part.offsets)
    return found


def directions(batch: Batch, count: int, seed: int) -> NDArray[np.float64]:
    """(count, n_atoms, 3) normal deviates: on average each component has length one."""
    return np.random.default_rng(seed).normal(size=(count, len(batch.numbers), 3))


def changes_along(functions: SymmetryFunctions, batch: Batch, along: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n_directions, n_atoms, n_functions) per Å of each direction (n_directions, n_atoms, 3)."""
    found = np.empty((len(along), len(batch.numbers), len(functions)), dtype=np.float32)
    for rows, part in _blocks(batch):
        for k, direction in enumerate(along):
            shift = STEP * direction[rows]
            ahead = functions.of_molecules(part.numbers, part.positions + shift, part.offsets)
            behind = functions.of_molecules(part.numbers, part.positions - shift, part.offsets)
            found[k, rows] = (ahead - behind) / (2.0 * STEP)
    return found


def slopes_along(batch: Batch, forces: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """(M, n_directions) change of the energy per Å of each direction, −F · u, eV/Å."""
    work = -(forces * along).sum(2)
    slopes: NDArray[np.float64] = np.add.reduceat(work, batch.offsets[:-1], axis=1).T
    return slopes


def _blocks(batch: Batch) -> list[tuple[slice, Batch]]:
    starts = range(0, len(batch), BLOCK)
    parts = [np.arange(first, min(first + BLOCK, len(batch))) for first in starts]
    return [(slice(int(batch.offsets[p[0]]), int(batch.offsets[p[-1] + 1])), batch.select(p)) for p in parts]
