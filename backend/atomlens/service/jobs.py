"""Jobs: computations that outlast the request which asked for them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from atomlens.errors import AtomlensError, Busy, Cancelled, Defect, NotFound, StorageError
from atomlens.service.executor import Progress

Status = Literal["queued", "running", "done", "failed", "cancelled"]

#: Ended jobs are remembered this long, seconds.
REMEMBERED = 900.0
#: Jobs that are remembered at most.
MOST_JOBS = 2_000

_log = structlog.get_logger("atomlens.jobs")


@dataclass(eq=False)
class Job:
    """target: path of what is made; status, progress 0..1, result: that path, once it is; error: why there is none."""

    target: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    status: Status = "queued"
    progress: float = 0.0
    result: str | None = None
    error: AtomlensError | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: float | None = None
    task: asyncio.Task[None] | None = None

    def update(self, status: Status, progress: float) -> None:
        """Move on, and tell those who watch."""
        self.status, self.progress = status, progress
        if status in ("done", "failed", "cancelled"):
            self.ended = time.monotonic()
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """The jobs of this process."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def start(self, compute: Callable[[Progress], Awaitable[Any]], result: str) -> Job:
        """Begin a job whose outcome will be found at the path `result`."""
        self._forget_old()
        if len(self._jobs) >= MOST_JOBS:
            raise Busy(f"{MOST_JOBS} jobs are under way or just ended.", hint="Try again in a little while.")
        job = Job(result)
        self._jobs[job.id] = job
        job.task = asyncio.create_task(self._follow(job, compute))
        return job

    def get(self, identifier: str) -> Job:
        """Raises `NotFound`."""
        try:
            return self._jobs[identifier]
        except KeyError:
            raise NotFound(
                "There is no such job.",
                code="unknown_job",
                field="id",
                hint=f"Jobs are forgotten {REMEMBERED / 60:.0f} minutes after their end.",
            ) from None

    async def cancel(self, identifier: str) -> Job:
        """Give a job up; one that has ended stays as it is."""
        job = self.get(identifier)
        if job.task is not None and not job.task.done():
            job.task.cancel()
            await asyncio.wait({job.task})
            if job.ended is None:  # cancelled before its first step
                job.error = Cancelled("The job was cancelled.")
                job.update("cancelled", job.progress)
        return job

    async def watch(self, identifier: str) -> AsyncIterator[Job]:
        """The job now, and again whenever it moves, until its end."""
        job = self.get(identifier)
        while True:
            changed = job.changed
            yield job
            if job.ended is not None:
                return
            await changed.wait()

    async def close(self) -> None:
        """Give all jobs up."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, job: Job, compute: Callable[[Progress], Awaitable[Any]]) -> None:
        try:
            await compute(lambda value: job.update("running", value))
        except asyncio.CancelledError:
            job.error = Cancelled("The job was cancelled.")
            job.update("cancelled", job.progress)
        except AtomlensError as error:
            if isinstance(error, StorageError):
                _log.error("job failed", job=job.id, message=error.message)
            job.error = error
            job.update("cancelled" if isinstance(error, Cancelled) else "failed", job.progress)
        except Exception:
            _log.exception("job failed", job=job.id)
            job.error = Defect("The job failed for an internal reason.")
            job.update("failed", job.progress)
        else:
            job.result = job.target
            job.update("done", 1.0)

    def _forget_old(self) -> None:
        limit = time.monotonic() - REMEMBERED
        for identifier in [k for k, job in self._jobs.items() if job.ended is not None and job.ended < limit]:
            del self._jobs[identifier]
