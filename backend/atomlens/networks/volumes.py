"""Whether a crystal takes as much room as its elements do in the crystals that a model has learned from.

A model of relaxed crystals has seen none that is blown up or pressed: its energy there falls or rises by chance, and
its members agree. Each element has a volume, such that their sums come as near as they can to those of the training
crystals (nonnegative least squares); the ratio of a crystal's volume to its sum is compared with theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Of the ratios of training crystals: between the first two a ratio is usual; beyond the last two, by `SLACK`, outside.
QUANTILES = (0.01, 0.99, 0.005, 0.995)
SLACK = 0.1
#: By which any crystal's volume may differ.
ROUNDING = 0.02


@dataclass(frozen=True, eq=False)
class Volumes:
    """elements: (119,) Å³ by atomic number, NaN for unknown ones; ratios: at the `QUANTILES`."""

    elements: NDArray[np.float64]
    ratios: tuple[float, float, float, float]

    def grade(self, numbers: NDArray[np.int64], cell: NDArray[np.float64]) -> int:
        """0 for a usual volume, 1 for an unusual one, 2 for one outside of all. numbers: (n_atoms,); cell: (3, 3) Å."""
        wanted = float(self.elements[numbers].sum())
        ratio = abs(float(np.linalg.det(cell))) / wanted if wanted > 0.0 else np.nan
        low, high, least, most = self.ratios
        if low <= ratio <= high:
            return 0
        return 1 if least * (1.0 - SLACK) <= ratio <= most * (1.0 + SLACK) else 2


def fit_volumes(counts: NDArray[np.float64], elements: NDArray[np.int64], volumes: NDArray[np.float64]) -> Volumes:
    """counts: (M, n_elements) atoms of each of the elements (n_elements,) in crystals of these volumes (M,), Å³."""
    from scipy.optimize import nnls

    found = np.full(119, np.nan)
    atoms = counts.sum(1)
    found[elements] = nnls(counts / atoms[:, None], volumes / atoms)[0]
    low, high, least, most = np.quantile(volumes / (counts @ found[elements]), QUANTILES).tolist()
    # cells that are all of one size, too, may be written down with few digits
    return Volumes(
        found, (min(low, 1 - ROUNDING), max(high, 1 + ROUNDING), min(least, 1 - ROUNDING), max(most, 1 + ROUNDING))
    )
