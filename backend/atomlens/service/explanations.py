"""Use cases of whole explanations as files: of a molecule as today's models see it, or of a link as it was stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.atoms_csv import atoms_csv
from atomlens.explain.drawing import DrawnQuantity, Language, drawing, free_atoms, panels
from atomlens.explain.extxyz_file import explanation_extxyz
from atomlens.networks.card import Card
from atomlens.service.answers import Answers
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.export import Export, stem_of
from atomlens.service.models import Models
from atomlens.service.predictions import Predictions
from atomlens.service.tasks import depict, forces
from atomlens.service.views import Views
from atomlens.storage.database import Database

ExplanationFormat = Literal["json", "csv", "extxyz", "svg"]


@dataclass(frozen=True)
class Drawn:
    """What a drawing shows: quantity, unit of energies, where colours end (eV or e; None for the page's limit), and the
    language of its words."""

    quantity: DrawnQuantity = "contributions"
    unit: str = "kcal/mol"
    limit: float | None = None
    language: Language = "en"


class Explanations:
    """Files of explanations."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        executor: Executor,
        models: Models,
        predictions: Predictions,
        views: Views,
    ) -> None:
        self._config = config
        self._executor = executor
        self._models = models
        self._predictions = predictions
        self._views = views
        self._forces = Answers("forces", forces, config, database, executor)

    async def of_molecule(
        self, identifier: str, names: Sequence[str] | None, format: ExplanationFormat, drawn: Drawn
    ) -> Export:
        """By the models named, or by all that know the elements (drawn: those proposed to be shown).

        Raises `NotFound`, `UnknownElement`; of drawings `UnsupportedMolecule`, `InputError`.
        """
        answer = await self._predictions.predict(identifier, names, "id")
        proposed = {choice["model"] for choice in answer["choice"]}
        if format == "svg" and names is None and proposed:
            answer["predictions"] = [p for p in answer["predictions"] if p["model"] in proposed]
        return await self._file(answer, format, drawn)

    async def of_view(self, identifier: str, format: ExplanationFormat, drawn: Drawn) -> Export:
        """The numbers that a link has stored. Raises `NotFound`; of drawings `UnsupportedMolecule`, `InputError`."""
        view = await self._views.get(identifier)
        answer = {"molecule": view["molecule"], "predictions": view["predictions"], "choice": []}
        return await self._file(answer, format, drawn)

    async def _file(self, answer: dict[str, Any], format: ExplanationFormat, drawn: Drawn) -> Export:
        molecule, predictions = Molecule.from_dict(answer["molecule"]), answer["predictions"]
        if format == "json":
            text = json.dumps(answer, allow_nan=False) + "\n"
        elif format == "csv":
            text = atoms_csv(molecule, predictions)
        elif format == "extxyz":
            text = explanation_extxyz(molecule, predictions, await self._forces_of(answer))
        else:
            text = await self._drawing(answer["molecule"], molecule, predictions, drawn)
        what = drawn.quantity if format == "svg" else "explanation"
        return Export(text.encode(), f"{stem_of(answer['molecule'])}_{what}.{format}")

    async def _forces_of(self, answer: dict[str, Any]) -> dict[str, Any]:
        """By model, of those whose checkpoint gave the prediction; crystals have none."""
        cards = [card for p in answer["predictions"] if (card := self._same(p)) and card.quantity == "energy"]
        molecule = Molecule.from_dict(answer["molecule"])
        if molecule.cell is not None:
            return {}
        question = {"structure": molecule.structure_hash}
        found = await self._forces.of(cards, {"molecule": answer["molecule"]}, question)
        return {one["model"]: one["forces"] for one in found}

    async def _drawing(
        self, data: dict[str, Any], molecule: Molecule, predictions: list[dict[str, Any]], drawn: Drawn
    ) -> str:
        if drawn.limit is not None and not drawn.limit > 0:
            raise MalformedInput("The limit of the colours is a positive number.", field="limit")
        cards = {p["model"]: self._same(p) for p in predictions}
        free = free_atoms(molecule, {name: card.free_atom_energies for name, card in cards.items() if card})
        chosen = panels(predictions, drawn.quantity, free)
        places = await self._executor.run(depict, {"molecule": data}, lane="chem", timeout=self._config.read_timeout)
        flat = np.array(places, dtype=np.float64).reshape(-1, 2)
        return drawing(
            molecule, flat, chosen, drawn.quantity, unit=drawn.unit, limit=drawn.limit, language=drawn.language
        )

    def _same(self, prediction: dict[str, Any]) -> Card | None:
        """The card of the very checkpoint that predicted; None once another has taken its place."""
        name = prediction["model"]
        if self._models.checkpoints().get(name) != prediction["checkpoint"]:
            return None
        return self._models.card(name)
