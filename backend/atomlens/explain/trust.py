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


def grade(
    model: AtomicModel, numbers: NDArray[np.int64], representation: NDArray[np.float64]
) -> tuple[str, ...] | None:
    """A grade per atom; None where the model keeps no statistics.

    numbers: (n_atoms,); representation: (n_atoms, n_features), as `AtomicModel.outputs` gives it. An atom of an
    element without statistics, in a model that has some, is ``outside``.
    """
    statistics = model.environments
    if not elements(statistics):
        return None
    distance = distances(statistics, numbers, representation)
    familiar = held_out_distance(statistics, numbers, FAMILIAR)
    rare = STRETCH * held_out_distance(statistics, numbers, RARE)
    # comparisons with NaN are false: an element without statistics falls through to the last
    return tuple(
        INSIDE if d <= near else UNUSUAL if d <= far else OUTSIDE
        for d, near, far in zip(distance, familiar, rare, strict=True)
    )
