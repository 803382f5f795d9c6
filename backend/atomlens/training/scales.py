"""How large errors are, from features that announce them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

#: Steps up to which a fit is followed.
STEPS = 4_000


def best_scales(features: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_features,) ≥ 0 with which Laplace's distribution of variance `features @ scales` makes the errors most likely.

    features: (n, n_features) ≥ 0; one that is zero throughout (the spread of a single member) gets the scale zero.
    """
    used = features.max(0) > 0.0
    unit = features[:, used].mean(0)

    def cost(logarithms: NDArray[np.float64]) -> float:
        sigma = np.sqrt(features[:, used] / unit @ np.exp(logarithms) + 1e-12)
        return float((np.log(sigma) + np.sqrt(2.0) * np.abs(errors) / sigma).mean())

    options: Any = {"maxiter": STEPS, "xatol": 1e-4, "fatol": 1e-8}
    begin = float(np.log(max(float((errors**2).mean()), 1e-12) / used.sum()))
    # two starts: the valley of a nearly unused scale is flat
    fits = [
        minimize(cost, np.full(int(used.sum()), x), method="Nelder-Mead", options=options) for x in (begin - 2, begin)
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    scales = np.zeros(features.shape[1])
    scales[used] = np.exp(best.x) / unit
    return scales
