"""Use case of alchemical paths: each model's answer, computed once for a path and a checkpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np

from atomlens.chem.elements import NUMBERS
from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, TooLarge
from atomlens.explain.alchemy import MAX_STEPS, Change, Path, describe
from atomlens.networks.card import Card
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import follow_path
from atomlens.storage.database import Database

#: Atoms times steps of one path: bounds time, and the size of the answer.
MOST_ATOM_STEPS = 20_000


class Alchemy:
    """Answers of models along paths."""

    def __init__(
        self, config: ServiceConfig, database: Database, executor: Executor, molecules: Molecules, models: Models
    ) -> None:
        self._config = config
        self._database = database
        self._executor = executor
        self._molecules = molecules
        self._models = models
        self._flights: SingleFlight[dict[str, Any]] = SingleFlight()

    async def follow(
        self,
        identifier: str,
        names: Sequence[str] | None,
        changes: Sequence[dict[str, Any]],
        steps: int,
        end_positions: Sequence[Sequence[float]] | None,
    ) -> dict[str, Any]:
        """`{"molecule", "changes", "lambda", "paths"}`.

        Raises `NotFound`, `UnknownElement`, `MalformedInput` for a path that is none, `TooLarge`.
        """
        data = await self._molecules.get(identifier)
        molecule = Molecule.from_dict(data)
        end = None if end_positions is None else np.array(end_positions, dtype=np.float64).reshape(-1, 3)
        path = Path(molecule, tuple(_change(change) for change in changes), steps, end)
        if len(molecule) * steps > MOST_ATOM_STEPS:
            most = min(MAX_STEPS, MOST_ATOM_STEPS // len(molecule))
            raise TooLarge(
                f"{steps} steps of {len(molecule)} atoms are too many.",
                code="path_too_long",
                field="steps",
                hint=f"At most {most} steps for this molecule.",
            )
        cards = self._models.for_elements(path.elements, names)
        answers = [asyncio.ensure_future(self._one(path, data, card)) for card in cards]
        try:
            paths = list(await asyncio.gather(*answers))
        finally:
            for answer in answers:
                answer.cancel()
        listed = describe(path.changes)
        return {"molecule": data, "changes": listed, "lambda": path.lambdas.tolist(), "paths": paths}

    async def _one(self, path: Path, data: dict[str, Any], card: Card) -> dict[str, Any]:
        end = None if path.end_positions is None else path.end_positions.tolist()
        asked = {"changes": describe(path.changes), "steps": path.steps, "end_positions": end}
        key = content_key(
            "alchemy",
            model=card.name,
            checkpoint=card.checkpoint_hash,
            references=card.raw["reference_energies"],
            structure=path.molecule.structure_hash,
            **asked,
        )

        async def compute(_: object) -> dict[str, Any]:
            arguments = {"path": path, "model": card.name, "checkpoint": card.checkpoint_hash}
            found: dict[str, Any] = await self._executor.run(
                follow_path, arguments, timeout=self._config.compute_timeout
            )
            await self._database.save_result(key, "alchemy", found)
            return found

        return await self._database.result(key, "alchemy") or await self._flights.join(key, compute)


def _change(change: dict[str, Any]) -> Change:
    symbol = change.get("to")
    if symbol is not None and symbol not in NUMBERS:
        raise MalformedInput(f"There is no element {symbol}.", field="changes")
    return Change(change["atom"], None if symbol is None else NUMBERS[symbol], change.get("fade"))
