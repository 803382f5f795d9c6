"""Predictions of so many molecules that memory holds them only piece by piece."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.charges import dipole_vectors, neutralized
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch

MOLECULES_A_BLOCK = 250


def blocks(batch: Batch, molecules: int = MOLECULES_A_BLOCK) -> list[Batch]:
    """Pieces that are predicted at one time, in order."""
    starts = range(0, len(batch), molecules)
    return [batch.select(np.arange(s, min(s + molecules, len(batch)))) for s in starts]


def member_energies(model: TrainedModel, batch: Batch) -> NDArray[np.float64]:
    """(n_members, M) eV, references included."""
    references = model.reference_energies
    return np.concatenate(
        [
            np.add.reduceat(model.outputs(part).outputs + references[part.numbers], part.offsets[:-1], axis=1)
            for part in blocks(batch)
        ],
        axis=1,
    )


def member_dipoles(model: TrainedModel, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Vectors (n_members, M, 3) in debye and neutral charges (n_members, n_atoms) in e."""
    vectors, charges = [], []
    for part in blocks(batch):
        neutral = neutralized(model.outputs(part).outputs, part)
        vectors.append(dipole_vectors(neutral, part))
        charges.append(neutral)
    return np.concatenate(vectors, axis=1), np.concatenate(charges, axis=1)
