"""Use case of relaxations: each computed once for a geometry, a checkpoint and its limits, and kept."""

from __future__ import annotations

from typing import Any

from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError
from atomlens.explain.relaxation import check_limits, chosen_for_relaxing
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Progress
from atomlens.service.jobs import Job, Jobs
from atomlens.service.kept import Kept
from atomlens.service.keys import content_key
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import relax
from atomlens.storage.database import Database


class Relaxations:
    """Ways downhill, and the molecules at their ends."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        executor: Executor,
        molecules: Molecules,
        models: Models,
        jobs: Jobs,
    ) -> None:
        self._config, self._database, self._executor = config, database, executor
        self._molecules, self._models = molecules, models
        self._kept = Kept(config, database, jobs, "relaxation", path="relaxations", code="unknown_relaxation")

    async def request(self, identifier: str, model: str | None, *, steps: int, fmax: float) -> dict[str, Any] | Job:
        """The relaxation where it is ready within the short wait, else the job that computes it.

        model: None for `chosen_for_relaxing`. Raises `NotFound`, `UnknownElement`, `MalformedInput`,
        `TooLarge`, and `InputError` ("no_forces") before any work begins; then what `explain.relaxation.relax` raises.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_limits(len(molecule), steps, fmax)
        cards = self._models.for_molecule(molecule, None if model is None else [model])
        if model is not None and cards[0].quantity != "energy":
            text = f"{model} predicts dipole moments: it has no forces."
            raise InputError(text, code="no_forces", field="model", hint="Name an energy model, or none.")
        card = chosen_for_relaxing(cards)
        limits: dict[str, Any] = {"steps": steps, "fmax": fmax}
        asked = {"model": card.name, "checkpoint": card.checkpoint_hash}
        key = content_key(
            "relaxation", molecule=identifier, references=card.raw["reference_energies"], **asked, **limits
        )

        async def compute(progress: Progress) -> None:
            arguments = {"molecule": data, **limits, **asked}
            result: dict[str, Any] = await self._executor.run(
                relax, arguments, timeout=self._config.compute_timeout, progress=progress
            )
            relaxed = result["molecule"]
            await self._database.save_molecule(relaxed["id"], relaxed)
            await self._database.save_result(key, "relaxation", {"id": key, "start": identifier, **result})

        return await self._kept.request(key, compute)

    async def get(self, key: str) -> dict[str, Any]:
        """A kept relaxation; raises `NotFound`."""
        return await self._kept.get(key)
