"""Trust: whether an atom's environment is like those that the model has learned from.

The distance of the environment to the training environments, in the model's own representation
(`networks.environments`), is compared with the distances of held-out atoms of the same element, on which the
model's published error was measured:

- ``inside``: up to their 99 % quantile; the stated error of the model speaks of atoms like this one;
- ``unusual``: up to 1.5 × their 99.9 % quantile;
- ``outside``: beyond: hardly anything that was tested is like it.

The largest held-out distance is no measure: one hydrogen molecule among the test molecules puts it at twenty
times the 99 % quantile, and every torn molecule below it.

A grade says nothing about the error of one prediction: a familiar environment may be predicted badly, and an
unfamiliar one well by chance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.environments import distances, elements, held_out_distance
from atomlens.networks.protocol import AtomicModel

INSIDE, UNUSUAL, OUTSIDE = "inside", "unusual", "outside"
#: Quantile of the held-out distances up to which an environment is like the training data.
FAMILIAR = 0.99
#: Up to so many times this quantile it is unusual.
STRETCH, RARE = 1.5, 0.999
#: Share by which the volume of a crystal per atom may lie beyond those of the training crystals.
VOLUME_SLACK = 0.05


def grade(
    model: AtomicModel,
    numbers: NDArray[np.int64],
    representation: NDArray[np.float64],
    cell: NDArray[np.float64] | None = None,
) -> tuple[str, ...] | None:
    """A grade per atom; None where the model keeps no statistics.

    numbers: (n_atoms,); representation: (n_atoms, n_features), as `AtomicModel.outputs` gives it. An atom of an
    element without statistics, in a model that has some, is ``outside``. So are all sites of a crystal whose `cell`
    (3, 3) is smaller or larger per atom than any of the training data: where those have one cell, a representation
    cannot tell another from other elements.
    """
    statistics = model.environments
    if not elements(statistics):
        return None
    if cell is not None and model.volumes_trained is not None:
        least, largest = model.volumes_trained
        volume = abs(float(np.linalg.det(cell))) / len(numbers)
        if not least * (1.0 - VOLUME_SLACK) <= volume <= largest * (1.0 + VOLUME_SLACK):
            return (OUTSIDE,) * len(numbers)
    distance = distances(statistics, numbers, representation)
    familiar = held_out_distance(statistics, numbers, FAMILIAR)
    rare = STRETCH * held_out_distance(statistics, numbers, RARE)
    # comparisons with NaN are false: an element without statistics falls through to the last
    return tuple(
        INSIDE if d <= near else UNUSUAL if d <= far else OUTSIDE
        for d, near, far in zip(distance, familiar, rare, strict=True)
    )
