"""What error an energy model's own signs announce (`networks.trust`), fitted and measured on molecules of another kind.

The molecules are those of another data set (`training.sources.foreign_of`), whose energies are of another level of
theory. Between two levels lie offsets of every element, different dispersion and different basis sets; of drug-sized
molecules they make several kcal/mol in a total, which is as much as the error in question. In the difference of two
conformers of one molecule nearly all of it cancels. So the error is that of a conformer's energy relative to another
one's, e = e_1 − e_2, whose variance is taken to be σ_1² + σ_2². The scales a and b are those with which Laplace's
distribution makes these errors most likely, over every second molecule. The other half, that no fit has seen, measures
them: the area under the ROC curve for errors beyond 5 kcal/mol, here and for other scores (the ensemble's spread,
distances, or the number of atoms alone), and how often errors are that large in each grade.

Totals are measured too, of each molecule's lowest conformer, less offsets of the elements fitted on the first half;
their area is lower, for what is left of the difference between the levels counts as error there.

Of a model of geometries at rest alone it is measured beside that how wrong it is in geometries of a force field
(`training.strain`).
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import InputError
from atomlens.networks.card import CARD
from atomlens.networks.checkpoint import load
from atomlens.networks.environments import distances, held_out_distance
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.networks.trust import ERROR, FAMILIAR, LIKELY, POWER, beyond
from atomlens.training.crystal_trust import as_trained, measure_crystals
from atomlens.training.in_blocks import blocks
from atomlens.training.roc import auc
from atomlens.training.scales import best_scales
from atomlens.training.sources import foreign_of, source_of
from atomlens.training.strain import measure_strain
from atomlens.units import EV_KCAL_PER_MOL


class Signs:
    """What a model says of some molecules; energies in kcal/mol.

    totals, spread (calibrated S), strange (Σ (d_i / D_Z)⁴), atoms: (n_molecules,).
    """

    def __init__(self, model: TrainedModel, batch: Batch) -> None:
        parts: list[tuple[NDArray[np.float64], ...]] = []
        for part in blocks(batch):
            outputs = model.outputs(part)
            energies = outputs.outputs + model.reference_energies[part.numbers]
            members = np.add.reduceat(energies, part.offsets[:-1], axis=1)
            spread = members.std(0, ddof=1) if model.n_members > 1 else np.zeros(len(part))
            ratios = distances(model.environments, part.numbers, outputs.representation) / held_out_distance(
                model.environments, part.numbers, FAMILIAR
            )
            strange = np.add.reduceat(ratios**POWER, part.offsets[:-1])
            parts.append((outputs.weights @ members, model.spread_factor * spread, strange))
        self.totals, self.spread, self.strange = (np.concatenate(column) for column in zip(*parts, strict=True))
        self.totals, self.spread = self.totals * EV_KCAL_PER_MOL, self.spread * EV_KCAL_PER_MOL
        self.atoms = np.diff(batch.offsets).astype(np.float64)

    def sigma2(self, scales: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n_molecules,) expected squared error of a total; scales: a and b in (kcal/mol)²."""
        return np.asarray(np.maximum(scales[0] * self.spread**2 + scales[1] * self.strange, self.spread**2))


def fit_trust(folder: Path, data: Path) -> dict[str, Any]:
    """Fit and measure the expected error of the model in `folder`; the figures, which also go to its card.

    data: folder of the data sets. Raises `InputError` for a dipole model (no dipole moments of another kind are at
    hand: it is judged by distances and its spread) or one whose data set has no molecules of another kind here. Of a
    model of crystals no scale is fitted: volumes and sites are, and its grades are measured (`training.crystal_trust`).
    """
    model = load(folder)
    if model.quantity != "energy":
        raise InputError(
            f"{model.name} predicts dipole moments, of which there are none of another kind to fit on: "
            "its trust is graded by distances and its spread.",
            code="energies_only",
        )
    if model.periodic:
        # beside the figures that are there, until new ones take their place
        before = model.card.raw.get("trust") or {}
        _keep(folder, {**before, "checkpoint": model.checkpoint_hash, **as_trained(model, data)})
        return _keep(folder, measure_crystals(load(folder), data))
    foreign = foreign_of(model.card, data)
    batch, energies = foreign.conformers.batch, foreign.conformers.energies * EV_KCAL_PER_MOL
    signs = Signs(model, batch)
    low, high = np.arange(0, len(batch), 2), np.arange(1, len(batch), 2)
    errors = signs.totals - energies
    relative = errors[high] - errors[low]
    fitting = np.arange(len(low)) % 2 == 0
    features = np.stack([signs.spread[low] ** 2 + signs.spread[high] ** 2, signs.strange[low] + signs.strange[high]], 1)
    scales = best_scales(features[fitting], relative[fitting])
    sigma = np.sqrt(signs.sigma2(scales))
    pair = np.sqrt(features @ scales)
    large, seen = np.abs(relative) > ERROR, ~fitting
    test = source_of(model.card, data).test
    scores = {
        "expected error": pair,
        "spread alone": features[:, 0],
        "distance alone": features[:, 1],
        "number of atoms alone": signs.atoms[low],
    }
    figures = {
        "checkpoint": model.checkpoint_hash,
        "spread": round(float(scales[0]), 6),
        "distance": float(f"{scales[1]:.6g}"),
        "atoms": round(float(np.diff(test.batch.offsets).mean()), 2),
        "unit": "kcal/mol",
        "error": ERROR,
        "data": f"{foreign.name}; {foreign.level}",
        "fitted_on": int(fitting.sum()),
        "measured_on": int(seen.sum()),
        "relative": {
            "what": foreign.what,
            "mae": round(float(np.abs(relative[seen]).mean()), 3),
            "share_beyond": round(float(large[seen].mean()), 4),
            "auc": {name: auc(score[seen], large[seen]) for name, score in scores.items()},
            "by_probability": _by_probability(beyond(pair[seen], ERROR), large[seen]),
        },
        "totals": _totals(model, batch, errors, low, fitting, sigma),
        "test": _on_test(signs=Signs(model, test.batch), scales=scales),
    }
    if not model.knows_displaced:
        figures["strain"] = measure_strain(test, [model])[model.name]
    return _keep(folder, figures)


def _keep(folder: Path, figures: dict[str, Any]) -> dict[str, Any]:
    """Write them to the card in `folder`."""
    raw = json.loads((folder / CARD).read_text(encoding="utf-8"))
    text = json.dumps({**raw, "trust": figures}, indent=2, ensure_ascii=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")
    return figures


def _by_probability(chance: NDArray[np.float64], large: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Whether errors are as often large as announced."""
    edges = (0.0, *LIKELY, 1.0)
    rows = []
    for low, high in pairwise(edges):
        mine = (chance > low) & (chance <= high) if low else chance <= high
        share = round(float(large[mine].mean()), 4) if mine.any() else None
        rows.append({"from": low, "to": high, "n": int(mine.sum()), "share_beyond": share})
    return rows


def _totals(
    model: TrainedModel,
    batch: Batch,
    errors: NDArray[np.float64],
    low: NDArray[np.int64],
    fitting: NDArray[np.bool_],
    sigma: NDArray[np.float64],
) -> dict[str, Any]:
    """Of the lowest conformers, less offsets of the elements."""
    elements = list(model.elements)
    counts = np.stack([np.add.reduceat((batch.numbers == z).astype(float), batch.offsets[:-1]) for z in elements], 1)
    offsets = np.linalg.lstsq(counts[low[fitting]], errors[low[fitting]], rcond=None)[0]
    rest = low[~fitting]
    left = np.abs(errors[rest] - counts[rest] @ offsets)
    return {
        "mae": round(float(left.mean()), 3),
        "share_beyond": round(float((left > ERROR).mean()), 4),
        "auc": auc(sigma[rest], left > ERROR),
        "auc_of_number_of_atoms": auc(np.diff(batch.offsets)[rest].astype(float), left > ERROR),
    }


def _on_test(signs: Signs, scales: NDArray[np.float64]) -> dict[str, Any]:
    """How many of the model's own test molecules are graded how, and the error that is expected of them."""
    sigma = np.sqrt(signs.sigma2(scales))
    chance = beyond(sigma, ERROR)
    return {
        "n": len(sigma),
        "median_expected_error": round(float(np.median(sigma)), 3),
        "inside": round(float((chance <= LIKELY[0]).mean()), 4),
        "outside": round(float((chance > LIKELY[1]).mean()), 4),
    }
