"""Use cases of a molecule as it is: predictions, and how much a model leans on each pair of atoms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError
from atomlens.service.answers import Answers
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import pairs, predict
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
        self._molecules = molecules
        self._models = models
        self._predictions = Answers("prediction", predict, config, database, executor)
        self._pairs = Answers("pairs", pairs, config, database, executor)

    async def predict(self, identifier: str, names: Sequence[str] | None, field: str = "molecule") -> dict[str, Any]:
        """`{"molecule", "predictions"}`; raises `NotFound`, `UnknownElement`."""
        data = await self._molecules.get(identifier, field)
        molecule = Molecule.from_dict(data)
        cards = self._models.for_molecule(molecule, names)
        question = {"structure": molecule.structure_hash}
        return {"molecule": data, "predictions": await self._predictions.of(cards, {"molecule": data}, question)}

    async def pairs(self, identifier: str, names: Sequence[str] | None) -> dict[str, Any]:
        """`{"molecule", "pairs"}` of energy models; raises `NotFound`, `UnknownElement`, `InputError` for others."""
        data = await self._molecules.get(identifier)
        molecule = Molecule.from_dict(data)
        cards = self._models.for_molecule(molecule, names)
        others = [card.name for card in cards if card.quantity != "energy"]
        if names is not None and others:
            raise InputError(
                f"{', '.join(others)}: pairs are of energies.",
                code="no_pairs",
                field="models",
                hint="Name energy models, or none for all of them.",
            )
        energies = [card for card in cards if card.quantity == "energy"]
        question = {"structure": molecule.structure_hash, "bonds": data["bonds"]}
        return {"molecule": data, "pairs": await self._pairs.of(energies, {"molecule": data}, question)}
