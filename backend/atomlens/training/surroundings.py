"""Statistics of the training environments of a model, kept beside its weights (`networks.environments`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.networks import environments
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load, replace_environments
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.training.catalogue import data_set_of
from atomlens.training.in_blocks import blocks

#: Molecules of the training set whose atoms are looked at, evenly spaced through it.
TRAINING_MOLECULES = 12_000


def take_statistics(folder: Path, data: Path) -> Card:
    """Fit the statistics of the model in `folder` and store them with its weights; the checkpoint's hash changes.

    Training environments come from the training molecules, the distances that others are judged by from the test
    molecules. data: folder of the data set. Raises `CheckpointError` where either is missing.
    """
    model = load(folder)
    splits = data_set_of(model.card).read(data, model.quantity)
    spaced = np.linspace(0, len(splits.train) - 1, min(TRAINING_MOLECULES, len(splits.train))).astype(np.int64)
    training = splits.train.batch.select(np.unique(spaced))
    arrays = environments.fit(
        training.numbers,
        _representation(model, training),
        splits.test.batch.numbers,
        _representation(model, splits.test.batch),
    )
    return replace_environments(folder, arrays)


def _representation(model: TrainedModel, batch: Batch) -> NDArray[np.float64]:
    return np.concatenate([model.outputs(part).representation for part in blocks(batch)])
