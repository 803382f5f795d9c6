"""Use case of trajectories: one molecule in several geometries, and what every model predicts of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from atomlens.chem.frames import check_size, frame_molecule
from atomlens.chem.molecule import Molecule
from atomlens.errors import NotFound
from atomlens.explain.relaxation import PARTLY_RELAXED
from atomlens.networks.card import Card
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Progress
from atomlens.service.jobs import Job, Jobs
from atomlens.service.kept import Kept
from atomlens.service.keys import content_key
from atomlens.service.models import Models, card_parts
from atomlens.service.molecules import Molecules
from atomlens.service.relaxations import Relaxations
from atomlens.service.tasks import predict_frames, read_trajectory
from atomlens.storage.database import Database

#: Atoms of the frames that are predicted at a time.
ATOMS_AT_ONCE = 600


class Trajectories:
    """Trajectories that somebody sent, and the ways of relaxations."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        executor: Executor,
        molecules: Molecules,
        models: Models,
        relaxations: Relaxations,
        jobs: Jobs,
    ) -> None:
        self._config, self._database, self._executor = config, database, executor
        self._molecules, self._models, self._relaxations = molecules, models, relaxations
        self._kept = Kept(
            config,
            database,
            jobs,
            "trajectory",
            path="trajectories",
            code="unknown_trajectory",
            again="Send the file again",
        )

    async def request(self, text: str, format: str, names: list[str] | None) -> dict[str, Any] | Job:
        """The trajectory with its predictions where it is ready within the short wait, else the job that computes it.

        Raises what `chem.many.read_frames` raises, `NotFound`, `UnknownElement`, `InputError` for models of crystals.
        """
        arguments = {"text": text, "format": format, "max_atoms": self._config.max_atoms}
        read: dict[str, Any] = await self._executor.run(
            read_trajectory, arguments, lane="chem", timeout=self._config.read_timeout
        )
        return await self._predicted(read, names)

    async def along_relaxation(self, key: str, names: list[str] | None) -> dict[str, Any] | Job:
        """The same of the geometries of a kept relaxation, of which it has its own model's energies alone.

        Raises `NotFound`, `UnknownElement`, `InputError` for models of crystals, `TooLarge` beyond the limits of
        trajectories.
        """
        found = await self._relaxations.get(key, "relaxation")
        positions = found["positions"]
        check_size(len(positions), len(found["molecule"]["numbers"]), "relaxation")
        molecule = await self._molecules.get(found["start"], "relaxation")
        read = {"relaxation": key, "molecule": molecule, "positions": positions, "labels": [""] * len(positions)}
        return await self._predicted(read, names)

    async def _predicted(self, read: dict[str, Any], names: list[str] | None) -> dict[str, Any] | Job:
        molecule = Molecule.from_dict(read["molecule"])
        cards = self._models.for_molecule(molecule, names)
        asked = [
            {**card_parts(card), "checkpoint": card.checkpoint_hash, "references": card.raw["reference_energies"]}
            for card in cards
        ]
        key = content_key("trajectory", read=read, models=asked)

        async def compute(progress: Progress) -> None:
            await self._database.save_molecule(molecule.id, read["molecule"])
            paths = await self._paths(read, cards, progress)
            await self._database.save_result(key, "trajectory", {"id": key, "relaxation": None, **read, "paths": paths})

        return await self._kept.request(key, compute)

    async def get(self, key: str) -> dict[str, Any]:
        """A kept trajectory; raises `NotFound`."""
        return await self._kept.get(key)

    async def frame(self, key: str, frame: int) -> dict[str, Any]:
        """The molecule of a frame, from 0, kept as one of its own; raises `NotFound`."""
        found = await self.get(key)
        relaxation = found.get("relaxation")  # trajectories kept by earlier versions do not say
        if relaxation is not None:
            return await self._relaxations.frame(relaxation, frame)
        n_frames = len(found["positions"])
        if not 0 <= frame < n_frames:
            raise NotFound(
                f"There is no frame {frame}: the trajectory has {n_frames}.", code="unknown_frame", field="frame"
            )
        positions = np.array(found["positions"][frame])
        data = frame_molecule(Molecule.from_dict(found["molecule"]), positions, frame, n_frames).to_dict()
        await self._database.save_molecule(data["id"], data)
        return data

    async def _paths(self, read: dict[str, Any], cards: list[Card], progress: Progress) -> list[dict[str, Any]]:
        """Of every model what it predicts along the way."""
        positions = read["positions"]
        source = None if read.get("relaxation") is None else PARTLY_RELAXED
        size = max(1, ATOMS_AT_ONCE // len(read["molecule"]["numbers"]))
        paths = []
        for place, card in enumerate(cards):
            asked = {"molecule": read["molecule"], "model": card.name, "checkpoint": card.checkpoint_hash}
            found: list[dict[str, Any]] = []
            for start in range(0, len(positions), size):
                arguments = {**asked, "positions": positions[start : start + size], "source": source}
                found += await self._executor.run(predict_frames, arguments, timeout=self._config.compute_timeout)
                progress((place + len(found) / len(positions)) / len(cards))
            paths.append(_path(found))
        return paths


def _path(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Predictions of all frames as one, with lists in the places of values."""
    first = found[0]

    def along(name: str) -> list[Any] | None:
        return None if first[name] is None else [one[name] for one in found]

    return {
        **{
            name: first[name] for name in ("model", "checkpoint", "property", "unit", "contribution_unit", "references")
        },
        "totals": along("total"),
        "uncertainties": along("uncertainty"),
        "contributions": along("contributions"),
        "vectors": along("vector"),
        "grades": None if first["molecule_trust"] is None else [one["molecule_trust"]["grade"] for one in found],
    }
