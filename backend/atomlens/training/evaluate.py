"""Evaluation of a released model on the test molecules; the figures go to its card.

Energy: error of the energy. Dipole moment: error of |μ|; for QM9's test molecules that have an MP2 density, the cosine
of our vectors with those of MP2, and the correlation of latent charges with Mulliken's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.card import CARD
from atomlens.networks.checkpoint import load
from atomlens.networks.model import TrainedModel
from atomlens.training.breakdown import reliability
from atomlens.training.catalogue import data_set_of
from atomlens.training.datasets import DataSet, Examples
from atomlens.training.in_blocks import member_dipoles, member_energies


def evaluate(folder: Path, data: Path) -> dict[str, Any]:
    """Figures of the model in `folder` on the test molecules of the data in `data`; also written to the card."""
    model = load(folder)
    data_set = data_set_of(model.card)
    test, figure = data_set.read(data, model.quantity).test, data_set.target(model.quantity).figure
    scales = figure.scales(test.batch)
    if model.quantity == "energy":
        totals = member_energies(model, test.batch)
        predictions = model.ensemble.weights @ totals
    else:
        moments, of_members = member_dipoles(model, test.batch)
        vectors, charges = (np.tensordot(model.ensemble.weights, each, axes=1) for each in (moments, of_members))
        totals, predictions = np.linalg.norm(moments, axis=2), np.linalg.norm(vectors, axis=1)
    errors = (predictions - test.targets) * scales
    figures: dict[str, Any] = {
        "mae": round(float(np.abs(errors).mean()), 4),
        "rmse": round(float(np.sqrt((errors**2).mean())), 4),
        "unit": figure.unit,
        "n": len(errors),
        **data_set.breakdown(data, test, errors),
    }
    if model.quantity == "dipole":
        figures |= _against_mp2(data_set, data, test, vectors, charges)
    if model.n_members > 1:
        figures["ensemble"] = _ensemble(model, totals * scales, test.targets * scales, errors)
    if data_set.further is not None:
        figures |= data_set.further(model, data)
    raw = json.loads((folder / CARD).read_text(encoding="utf-8"))
    raw["test"] = figures
    (folder / CARD).write_text(json.dumps(raw, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return figures


def _ensemble(
    model: TrainedModel, totals: NDArray[np.float64], targets: NDArray[np.float64], errors: NDArray[np.float64]
) -> dict[str, Any]:
    """Of the members, and of what their spread says. totals: (n_members, M), targets: (M,), in the unit of `errors`."""
    spread = totals.std(0, ddof=1)
    return {
        "weights": model.ensemble.weights.round(4).tolist(),
        "members_mae": np.abs(totals - targets).mean(1).round(4).tolist(),
        "factor": round(model.spread_factor, 4),
        "mean_spread": round(float(spread.mean()), 4),
        **reliability(errors, model.spread_factor * spread),
    }


def _against_mp2(
    data_set: DataSet, data: Path, test: Examples, vectors: NDArray[np.float64], charges: NDArray[np.float64]
) -> dict[str, Any]:
    if data_set.dipole_vectors is None or data_set.charges is None:
        return {}
    ids, theirs = data_set.dipole_vectors(data)
    _, ours, mp2 = np.intersect1d(test.ids, ids, return_indices=True)
    a, b = vectors[ours], theirs[mp2]
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    cosine = (a * b).sum(1)[lengths > 0.01] / lengths[lengths > 0.01]
    mulliken = data_set.charges(data, mp2)
    chosen = test.batch.select(ours)
    mine = np.concatenate([charges[test.batch.offsets[m] : test.batch.offsets[m + 1]] for m in ours])
    from atomlens.chem.elements import SYMBOLS

    correlations = {
        SYMBOLS[z]: round(float(np.corrcoef(mine[chosen.numbers == z], mulliken[chosen.numbers == z])[0, 1]), 3)
        for z in np.unique(chosen.numbers)
    }
    return {
        "mp2_molecules": len(ours),
        "median_cosine_with_mp2_dipole": round(float(np.median(cosine)), 4),
        "correlation_with_mp2_mulliken_charges": correlations,
    }
