"""Use case of relaxations: each computed once for a geometry, a checkpoint and its limits, and kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from atomlens.chem.check import check_no_crystal
from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError, NotFound
from atomlens.explain.relaxation import check_limits, chosen_for_relaxing, step_molecule
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
        `TooLarge`, `UnsupportedMolecule` for crystals, and `InputError` ("no_forces") before any work begins; then
        what `explain.relaxation.relax` raises.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_no_crystal(molecule)
        check_limits(len(molecule), steps, fmax)
        cards = self._models.for_molecule(molecule, None if model is None else [model], named_in="model")
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

    async def get(self, key: str, field: str = "id") -> dict[str, Any]:
        """A kept relaxation; raises `NotFound`. field: of the request, that names it."""
        return await self._kept.get(key, field)

    async def frame(self, key: str, frame: int) -> dict[str, Any]:
        """The molecule after so many steps, kept as one of its own; raises `NotFound`."""
        found = await self.get(key)
        relaxed, steps = found["molecule"], found["steps"]
        if not 0 <= frame <= steps:
            raise NotFound(
                f"There is no step {frame}: the relaxation has {steps}.", code="unknown_frame", field="frame"
            )
        if frame == steps:
            return dict(relaxed)
        start = Molecule.from_dict(await self._molecules.get(found["start"], "molecule"))
        data = step_molecule(start, np.array(found["positions"][frame]), found["model"], frame, steps).to_dict()
        await self._database.save_molecule(data["id"], data)
        return data
