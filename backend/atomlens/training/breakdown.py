"""Errors of a model broken down: by size, by functional group, and by the spread of its ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from atomlens.chem.groups import GROUPS, groups_of
from atomlens.networks.protocol import Batch

#: Groups of fewer test molecules are left out; sizes are put together until they have twice as many.
FEWEST = 10
#: Molecules sorted by spread are cut into this many parts of equal number.
BINS = 10

Row = dict[str, Any]


def by_size(errors: NDArray[np.float64], batch: Batch) -> list[Row]:
    """Mean absolute error of the molecules of each number of heavy atoms; the few small ones together."""
    heavy = np.add.reduceat((batch.numbers > 1).astype(np.int64), batch.offsets[:-1])
    counts = {int(n): int((heavy == n).sum()) for n in np.unique(heavy)}
    enough = (n for n in sorted(counts) if sum(c for m, c in counts.items() if m <= n) >= 2 * FEWEST)
    smallest = next(enough, max(counts))
    rows = [_row(f"at most {smallest}", errors[heavy <= smallest])]
    return rows + [_row(str(n), errors[heavy == n]) for n in sorted(counts) if n > smallest]


def by_group(errors: NDArray[np.float64], smiles: Sequence[str]) -> list[Row]:
    """Mean absolute error of the molecules that have each functional group (`chem.groups`)."""
    found = [groups_of(text) if text else frozenset() for text in smiles]
    chosen = {name: np.array([name in groups for groups in found]) for name in GROUPS}
    return [_row(name, errors[mask]) for name, mask in chosen.items() if mask.sum() >= FEWEST]


def _row(name: str, errors: NDArray[np.float64]) -> Row:
    return {"name": name, "mae": round(float(np.abs(errors).mean()), 4), "n": len(errors)}


def reliability(errors: NDArray[np.float64], predicted: NDArray[np.float64]) -> dict[str, Any]:
    """How the predicted standard deviation of the error (`predicted`) goes with the error itself.

    Molecules are sorted by what is predicted and cut into parts of equal number; of each part: the root of the mean of
    the predicted variances, the root mean square error, and the mean absolute error.
    """
    parts = np.array_split(np.argsort(predicted, kind="stable"), BINS)
    return {
        "pearson": round(float(np.corrcoef(predicted, np.abs(errors))[0, 1]), 3),
        "spearman": round(float(spearmanr(predicted, np.abs(errors)).statistic), 3),
        "bins": [
            {
                "predicted": round(float(np.sqrt((predicted[part] ** 2).mean())), 4),
                "rmse": round(float(np.sqrt((errors[part] ** 2).mean())), 4),
                "mae": round(float(np.abs(errors[part]).mean()), 4),
                "n": len(part),
            }
            for part in parts
        ],
    }
