"""Use case of predictions: each model's answer, computed once for a structure and a checkpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from atomlens.chem.molecule import Molecule
from atomlens.networks.card import Card
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import predict
from atomlens.storage.database import Database


class Predictions:
    """Answers of models for molecules."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        executor: Executor,
        molecules: Molecules,
        models: Models,
    ) -> None:
        self._config = config
        self._database = database
        self._executor = executor
        self._molecules = molecules
        self._models = models
        self._flights: SingleFlight[dict[str, Any]] = SingleFlight()

    async def predict(self, identifier: str, names: Sequence[str] | None, field: str = "molecule") -> dict[str, Any]:
        """`{"molecule", "predictions"}`; raises `NotFound`, `UnknownElement`."""
        data = await self._molecules.get(identifier, field)
        molecule = Molecule.from_dict(data)
        cards = self._models.for_molecule(molecule, names)
        answers = [asyncio.ensure_future(self._one(molecule, data, card)) for card in cards]
        try:
            return {"molecule": data, "predictions": list(await asyncio.gather(*answers))}
        finally:
            for answer in answers:
                answer.cancel()

    async def _one(self, molecule: Molecule, data: dict[str, Any], card: Card) -> dict[str, Any]:
        # the name is in the key because the answer carries it: two models may share one checkpoint
        key = content_key(
            "prediction",
            model=card.name,
            checkpoint=card.checkpoint_hash,
            references=card.raw["reference_energies"],
            structure=molecule.structure_hash,
        )

        async def compute(_: object) -> dict[str, Any]:
            arguments = {"molecule": data, "model": card.name, "checkpoint": card.checkpoint_hash}
            found: dict[str, Any] = await self._executor.run(predict, arguments, timeout=self._config.compute_timeout)
            await self._database.save_result(key, "prediction", found)
            return found

        return await self._database.result(key, "prediction") or await self._flights.join(key, compute)
