"""How the members of an ensemble make one answer, and what their disagreement says about its error.

Weights: those, not negative and of sum one, with which the mean absolute error on the validation molecules is least (a
linear programme; `DataSet.judged` says which errors): members may be of different size and quality. Dipole vectors are
mixed, and their lengths are compared. Factor: a normal
distribution of standard deviation factor · s, s the standard deviation of the members' totals, has on average the
absolute error that is found there,

    factor = √(π/2) Σ |error| / Σ s.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load, replace_ensemble
from atomlens.networks.model import Ensemble
from atomlens.training.catalogue import data_set_of
from atomlens.training.in_blocks import member_dipoles, member_energies

#: Mean absolute deviation of a normal distribution, times this, is its standard deviation.
NORMAL = math.sqrt(math.pi / 2.0)


def combine(folder: Path, data: Path) -> Card:
    """Fit weights and factor of the model in `folder` on the validation molecules; its hash changes.

    data: folder of the data set. A single member stays as it is.
    """
    model = load(folder)
    if model.n_members == 1:
        return model.card
    data_set = data_set_of(model.card)
    validation = data_set.read(data, model.quantity).validation
    if model.quantity == "dipole":
        return replace_ensemble(folder, _of_dipoles(member_dipoles(model, validation.batch)[0], validation.targets))
    # as they are reported: where that is per atom, large structures count no more than small ones
    scales = data_set.target(model.quantity).figure.scales(validation.batch)
    errors = (member_energies(model, validation.batch) - validation.targets) * scales
    weights = best_weights(data_set.judged(data, model, validation, errors))
    return replace_ensemble(folder, Ensemble(weights, factor(weights @ errors, spread(errors))))


def _of_dipoles(vectors: NDArray[np.float64], lengths: NDArray[np.float64]) -> Ensemble:
    """vectors: (n_members, M, 3); lengths: (M,) of the true ones; debye."""
    weights = best_vector_weights(vectors, lengths)
    errors = np.linalg.norm(np.tensordot(weights, vectors, axes=1), axis=1) - lengths
    return Ensemble(weights, factor(errors, spread(np.linalg.norm(vectors, axis=2))))


def best_vector_weights(vectors: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_members,) as `best_weights`, with which the lengths of the mixed vectors err least.

    The length of a sum near a mixture is what stands along its direction: `best_weights` of that, taken anew from where
    it leads, as long as the error falls.
    """
    best = np.full(len(vectors), 1.0 / len(vectors))
    least = math.inf
    weights = best
    while True:
        mixed = np.tensordot(weights, vectors, axes=1)
        size = np.linalg.norm(mixed, axis=1)
        error = float(np.abs(size - lengths).mean())
        if error >= least - 1e-9:
            return best
        best, least = weights, error
        along = mixed / np.maximum(size, 1e-9)[:, None]
        weights = best_weights((vectors * along).sum(2) - lengths)


def best_weights(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_members,) ≥ 0, of sum 1, with the least Σ |weights @ errors|. errors: (n_members, M)."""
    n, m = errors.shape
    # |x| = up + down with x = up − down, both not negative
    cost = np.concatenate([np.zeros(n), np.ones(2 * m)])
    sum_to_one = np.concatenate([np.ones(n), np.zeros(2 * m)])
    split = sparse.hstack([sparse.csr_array(errors.T), -sparse.eye_array(m), sparse.eye_array(m)])
    constraints = sparse.vstack([split, sparse.csr_array(sum_to_one[None])], format="csr")
    found = linprog(cost, A_eq=constraints, b_eq=np.append(np.zeros(m), 1.0), method="highs")
    if found.x is None:
        raise ArithmeticError(f"no weights found: {found.message}")
    weights = np.clip(np.asarray(found.x[:n], dtype=np.float64), 0.0, None)
    return np.asarray(weights / weights.sum())


def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(M,) standard deviation among members. values: (n_members, M)."""
    return np.asarray(values.std(0, ddof=1), dtype=np.float64)


def factor(errors: NDArray[np.float64], spreads: NDArray[np.float64]) -> float:
    """See the head of this module."""
    return float(NORMAL * np.abs(errors).sum() / spreads.sum())
