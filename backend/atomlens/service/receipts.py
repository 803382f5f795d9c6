"""Use cases of receipts: what a link was made with, how to cite it, and whether it comes out the same today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from atomlens import __version__
from atomlens.networks.card import Card
from atomlens.networks.citation import citations
from atomlens.service.models import Models
from atomlens.service.predictions import Predictions
from atomlens.service.views import Views

#: Numbers that differ by no more are the same, eV, debye and e: the order of a sum may differ from machine to machine.
TOLERANCE: Final = 1e-6


class Receipts:
    """Receipts of links."""

    def __init__(self, views: Views, predictions: Predictions, models: Models) -> None:
        self._views = views
        self._predictions = predictions
        self._models = models

    async def of(self, identifier: str) -> dict[str, Any]:
        """docs/http.md, Views; raises `NotFound`."""
        view = await self._views.get(identifier)
        molecule, state = view["molecule"], view["state"]
        models = [self._model(prediction) for prediction in view["predictions"]]
        cards = [self._models.card(one["model"]) for one in models if one["today"] is not None]
        return {
            "view": view["id"],
            "created": view["created"],
            "program": {"name": "atomlens", "version": view["version"], "today": __version__},
            "molecule": {key: molecule[key] for key in ("id", "name", "formula", "smiles", "charge", "geometry")},
            "models": models,
            "parameters": {key: value for key, value in state.items() if key not in ("molecule", "models", "choice")},
            "cite": [citation.to_dict() for citation in citations(cards)],
        }

    def citations(self, names: Sequence[str]) -> dict[str, Any]:
        """What to cite of results of these models; raises `NotFound` for one that is not there."""
        cards = [self._models.card(name) for name in names]
        return {"version": __version__, "cite": [citation.to_dict() for citation in citations(cards)]}

    def _model(self, prediction: dict[str, Any]) -> dict[str, Any]:
        name = prediction["model"]
        today = self._models.checkpoints().get(name)
        same = today == prediction["checkpoint"]
        return {
            **{key: prediction[key] for key in ("model", "property", "unit", "total", "uncertainty", "checkpoint")},
            "today": today,
            "card": _parameters(self._models.card(name)) if same else None,
        }

    async def recompute(self, identifier: str) -> dict[str, Any]:
        """Compute a link's predictions once more and compare (docs/http.md, Views); raises `NotFound`."""
        view = await self._views.get(identifier)
        today = self._models.checkpoints()
        cards = [self._models.card(p["model"]) for p in view["predictions"] if p["model"] in today]
        found = await self._predictions.anew(view["molecule"], cards)
        anew = {prediction["model"]: prediction for prediction in found}
        models = [_compare(p, anew.get(p["model"])) for p in view["predictions"]]
        return {
            "view": view["id"],
            "version": __version__,
            "same": all(model["same"] for model in models),
            "tolerance": TOLERANCE,
            "models": models,
        }


def _parameters(card: Card) -> dict[str, Any]:
    """What of a card says how the numbers came about."""
    data = card.raw.get("data") or {}
    return {
        "title": card.title,
        "family": card.family,
        "cutoff": card.cutoff,
        "members": card.n_members,
        "data": data.get("name"),
        "level": data.get("level"),
        "licence": data.get("licence"),
    }


def _compare(stored: dict[str, Any], today: dict[str, Any] | None) -> dict[str, Any]:
    """today: None where there is no such model any more."""
    parts = {key: stored[key] for key in ("model", "unit", "contribution_unit", "checkpoint")}
    if today is None:
        return {**parts, "today": None, "same": False, "total_difference": None, "largest_difference": None}
    total = abs(today["total"] - stored["total"])
    pairs = [(today[key], stored[key]) for key in ("contributions", "references") if stored[key] is not None]
    # a model that has taken the place of one of another kind may lack what was stored
    apart = [np.abs(np.subtract(one, other)).max() if one is not None else np.inf for one, other in pairs]
    largest = float(max(apart, default=0.0))
    return {
        **parts,
        "today": today["checkpoint"],
        "same": bool(max(total, largest) <= TOLERANCE),
        "total_difference": total,
        "largest_difference": largest if np.isfinite(largest) else None,
    }
