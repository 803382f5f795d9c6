"""Answers that take long: each computed once by a job and kept; given at once where ready within a short wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from atomlens.errors import NotFound
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Progress
from atomlens.service.flight import SingleFlight
from atomlens.service.jobs import Job, Jobs
from atomlens.storage.database import Database

#: Reads a kept answer; None where there is none.
Stored = Callable[[str], Awaitable[dict[str, Any] | None]]


class Kept:
    """Answers of one kind, by their keys.

    kind: as the database and error messages name it; path: of its resources; code: of the error where one is not kept;
    again: how a client gets a lost one; stored: reads one, where a row in the database alone does not make it whole.
    """

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        jobs: Jobs,
        kind: str,
        *,
        path: str,
        code: str,
        again: str = "Ask for it again",
        stored: Stored | None = None,
    ) -> None:
        self._config, self._jobs, self._kind = config, jobs, kind
        self._path, self._code, self._again = f"/api/v1/{path}", code, again
        self._stored = stored or (lambda key: database.result(key, kind))
        self._flights: SingleFlight[None] = SingleFlight()

    async def request(self, key: str, compute: Callable[[Progress], Awaitable[None]]) -> dict[str, Any] | Job:
        """The answer where it is kept or ready within the short wait, else the job that computes it.

        compute: works it out and keeps it; called once, whoever asks. Raises what it raises within the wait.
        """
        found = await self._stored(key)
        if found is not None:
            return found

        async def once(progress: Progress) -> None:
            if await self._stored(key) is None:  # else kept since this one looked
                await compute(progress)

        job = self._jobs.start(lambda progress: self._flights.join(key, once, progress), f"{self._path}/{key}")
        if job.task is not None:
            await asyncio.wait({job.task}, timeout=self._config.short_wait)
        if job.error is not None:
            raise job.error
        return await self.get(key) if job.status == "done" else job

    async def get(self, key: str, field: str = "id") -> dict[str, Any]:
        """A kept answer; raises `NotFound`. field: of the request, that names it."""
        found = await self._stored(key)
        if found is None:
            raise NotFound(
                f"There is no such {self._kind} here.",
                code=self._code,
                field=field,
                hint=f"{self._again}: POST {self._path}.",
            )
        return found
