"""Use case of alchemical paths: each model's answer, computed once for a path and a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from atomlens.chem.elements import NUMBERS
from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, TooLarge
from atomlens.explain.alchemy import MAX_STEPS, Change, Path, describe
from atomlens.service.answers import Answers
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
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
        self._molecules = molecules
        self._models = models
        self._answers = Answers("alchemy", follow_path, config, database, executor)

    async def follow(
        self,
        identifier: str,
        names: Sequence[str] | None,
        changes: Sequence[dict[str, Any]],
        steps: int,
        end_positions: Sequence[Sequence[float]] | None,
    ) -> dict[str, Any]:
        """`{"molecule", "changes", "lambda", "paths", "warnings"}`.

        Raises `NotFound`, `UnknownElement`, `MalformedInput` for a path that is none, `TooLarge`.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        end = None if end_positions is None else np.array(end_positions, dtype=np.float64).reshape(-1, 3)
        path = Path(molecule, tuple(change_of(change) for change in changes), steps, end)
        if len(molecule) * steps > MOST_ATOM_STEPS:
            most = min(MAX_STEPS, MOST_ATOM_STEPS // len(molecule))
            raise TooLarge(
                f"{steps} steps of {len(molecule)} atoms are too many.",
                code="path_too_long",
                field="steps",
                hint=f"At most {most} steps for this molecule.",
            )
        cards = self._models.for_elements(molecule.numbers.tolist(), names, more=path.elements, field="changes")
        listed = describe(path.changes)
        question = {
            "structure": molecule.structure_hash,
            "changes": listed,
            "steps": steps,
            "end_positions": None if end is None else end.tolist(),
        }
        paths = await self._answers.of(cards, {"path": path}, question)
        return {
            "molecule": data,
            "changes": listed,
            "lambda": path.lambdas.tolist(),
            "paths": paths,
            "warnings": list(path.warnings),
        }


def change_of(change: dict[str, Any]) -> Change:
    """From `{"atom", "to"}` or `{"atom", "fade"}`; raises `MalformedInput` for an element that is none."""
    symbol = change.get("to")
    if symbol is not None and symbol not in NUMBERS:
        raise MalformedInput(f"There is no element {symbol}.", field="changes")
    return Change(
        change["atom"], None if symbol is None else NUMBERS[symbol], change.get("fade"), change.get("stage", 0)
    )
