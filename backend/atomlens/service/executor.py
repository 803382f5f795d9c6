"""The executor: where computations run. One contract, several engines.

A task is a module-level function ``task(context, control, **arguments)``; arguments and result are picklable.
Tasks go to one of three lanes: ``chem`` (reading molecules: RDKit, quick, may hang on odd input), ``quick`` (what
networks answer while somebody waits: numbers of one molecule) and ``compute`` (what takes them seconds: fields,
relaxations, many molecules). What is quick never waits behind what is not. The contract, for every engine: the
result or the task's own `AtomlensError` comes back; a task that runs past its time, or whose process dies, is
`ComputationFailed`; without a free worker in time `Busy`; cancelling the awaiting coroutine stops the task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, Protocol

from atomlens.errors import AtomlensError, Busy, Cancelled, ComputationFailed
from atomlens.service.config import ServiceConfig
from atomlens.service.context import Control, WorkerContext

Lane = Literal["chem", "quick", "compute"]
LANES: tuple[Lane, ...] = ("chem", "quick", "compute")
Task = Callable[..., Any]
Progress = Callable[[float], None]


class Executor(Protocol):
    """An engine that runs tasks."""

    async def start(self) -> None:
        """Begin to start the workers; does not wait for them."""

    async def close(self) -> None:
        """Stop all workers; running tasks end."""

    async def run(
        self,
        task: Task,
        arguments: dict[str, Any],
        *,
        lane: Lane = "compute",
        timeout: float,
        progress: Progress | None = None,
    ) -> Any:
        """Run a task and return its result; `progress` is called with 0.0 as it starts."""

    def status(self) -> dict[str, dict[str, int]]:
        """Per lane: workers, ready, busy, queued."""


class InlineExecutor:
    """Runs tasks in threads of this process: for tests and scripts. It cannot stop a task that never looks at
    its control, so nothing that may hang belongs here."""

    def __init__(self, config: ServiceConfig) -> None:
        self._context = WorkerContext(config.models_dir, config.threads)
        self._locks = {lane: asyncio.Lock() for lane in LANES}
        self._queue_timeout = config.queue_timeout

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to stop."""

    async def run(
        self,
        task: Task,
        arguments: dict[str, Any],
        *,
        lane: Lane = "compute",
        timeout: float,
        progress: Progress | None = None,
    ) -> Any:
        """See `Executor.run`."""
        lock = self._locks[lane]
        try:
            async with asyncio.timeout(self._queue_timeout):
                await lock.acquire()
        except TimeoutError:
            raise no_worker(self._queue_timeout) from None
        loop = asyncio.get_running_loop()
        given_up = False

        def report(value: float) -> None:
            if progress is not None:
                loop.call_soon_threadsafe(progress, value)

        report(0.0)
        control = Control(report, lambda: given_up)
        thread = asyncio.ensure_future(asyncio.to_thread(task, self._context, control, **arguments))
        thread.add_done_callback(lambda done: _release(lock, done))
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.shield(thread)
        except TimeoutError:
            raise too_long(timeout) from None
        except (AtomlensError, asyncio.CancelledError):
            raise
        except Exception as error:
            raise ComputationFailed(f"The computation failed: {type(error).__name__}: {error}") from error
        finally:
            given_up = True

    def status(self) -> dict[str, dict[str, int]]:
        """See `Executor.status`."""
        return {
            lane: {"workers": 1, "ready": 1, "busy": int(lock.locked()), "queued": 0}
            for lane, lock in self._locks.items()
        }


def _release(lock: asyncio.Lock, done: asyncio.Future[Any]) -> None:
    lock.release()
    if not done.cancelled():
        done.exception()  # seen, even if nobody waits for it any more


def no_worker(seconds: float) -> Busy:
    """No worker was free in time."""
    return Busy(
        f"No worker was free within {seconds:g} seconds.", code="no_worker", hint="Try again in a little while."
    )


def too_long(seconds: float) -> ComputationFailed:
    """The task ran past its time."""
    return ComputationFailed(
        f"The computation took longer than {seconds:g} seconds and was stopped.",
        code="timeout",
        hint="Try a smaller molecule or a coarser grid.",
    )


def crashed() -> ComputationFailed:
    """The worker died."""
    return ComputationFailed(
        "The process that computed this died; a new one is started.",
        code="worker_died",
        hint="Try again; if it happens again, the input is at fault.",
    )


def was_cancelled() -> Cancelled:
    """Somebody gave the job up."""
    return Cancelled("The computation was cancelled.")
