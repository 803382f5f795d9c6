"""The area under a ROC curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu


def auc(scores: NDArray[np.float64], large: NDArray[np.bool_]) -> float | None:
    """Area under the ROC curve: how often a large error has the higher score than another; None without both."""
    if large.all() or not large.any():
        return None
    pairs = int(large.sum()) * int((~large).sum())
    return round(float(mannwhitneyu(scores[large], scores[~large]).statistic) / pairs, 3)
