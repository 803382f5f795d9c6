"""The service: every use case, wired to one database, blob store and executor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from atomlens.service.alchemy import Alchemy
from atomlens.service.batches import Batches
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.explanations import Explanations
from atomlens.service.fields import Fields
from atomlens.service.jobs import Jobs
from atomlens.service.live import Live
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.pool import EmbeddedPool
from atomlens.service.predictions import Predictions
from atomlens.service.reactions import Reactions
from atomlens.service.receipts import Receipts
from atomlens.service.relaxations import Relaxations
from atomlens.service.surfaces import Surfaces
from atomlens.service.tasks import warm
from atomlens.service.trajectories import Trajectories
from atomlens.service.views import Views
from atomlens.storage.blobs import BlobStore
from atomlens.storage.database import Database


class Service:
    """models, molecules, predictions, fields, surfaces, alchemy, relaxations, live, views, receipts, explanations,
    jobs, batches, trajectories, reactions.

    `start` first, `close` last.
    """

    def __init__(
        self, config: ServiceConfig, data_dir: Path, database_url: str, executor: Executor | None = None
    ) -> None:
        self._database = Database(database_url)
        self._executor = executor or EmbeddedPool(config, warm)
        self._blobs = blobs = BlobStore(data_dir / "blobs")
        self.jobs = Jobs()
        self.models = Models(config, self._database, self._executor)
        self.molecules = Molecules(config, self._database, self._executor)
        self.predictions = Predictions(config, self._database, self._executor, self.molecules, self.models)
        self.fields = Fields(config, self._database, blobs, self._executor, self.molecules, self.models, self.jobs)
        self.surfaces = Surfaces(config, self._executor, self.molecules, self.fields)
        self.alchemy = Alchemy(config, self._database, self._executor, self.molecules, self.models)
        self.relaxations = Relaxations(config, self._database, self._executor, self.molecules, self.models, self.jobs)
        self.live = Live(config, self._executor, self.molecules, self.models)
        self.views = Views(self._database, blobs, self.predictions, self.models)
        self.receipts = Receipts(self.views, self.predictions, self.models)
        self.explanations = Explanations(
            config, self._database, self._executor, self.models, self.predictions, self.views
        )
        self.batches = Batches(config, self._database, self._executor, self.models, self.jobs)
        self.trajectories = Trajectories(
            config, self._database, self._executor, self.molecules, self.models, self.relaxations, self.jobs
        )
        self.reactions = Reactions(config, self._database, self._executor, self.models)

    async def start(self) -> None:
        """Bring the database to the newest schema, and begin to start the workers; raises `StorageError`."""
        await prepare(self._database, self._blobs)
        await self._executor.start()

    async def close(self) -> None:
        """Give up what runs, and let go of everything."""
        await self.jobs.close()
        await self._executor.close()
        await self._database.close()

    def readiness(self) -> dict[str, Any]:
        """`{"ready", "models", "lanes"}`: ready once there is a worker for every task and there is a model."""
        lanes = self._executor.status()
        names = self.models.names()
        ready = bool(names) and all(lanes[lane]["ready"] > 0 for lane in ("chem", "compute"))
        return {"ready": ready, "models": names, "lanes": lanes}


async def prepare(database: Database, blobs: BlobStore) -> None:
    """Make ready what is stored on disk; raises `StorageError` where it cannot be used."""
    await asyncio.to_thread(blobs.start)
    await database.start()


async def check_storage(data_dir: Path, database_url: str) -> None:
    """See that the data folder and the database can be used, before a server begins; raises `StorageError`."""
    database = Database(database_url)
    try:
        await prepare(database, BlobStore(data_dir / "blobs"))
    finally:
        await database.close()
