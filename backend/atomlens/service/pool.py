"""The embedded pool: spawned worker processes that can be killed, each fed by one slot of this process.

Where several workers have the networks, one more is kept for the quick lane, so that a prediction is there at once
while all others compute fields; those take quick tasks first, too.

Processes are spawned, never forked (torch and numba hold threads). A slot starts its worker, gives it tasks one
at a time, and replaces it when it dies, hangs or outlives a cancellation.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import pickle
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import structlog

from atomlens.errors import Busy, ComputationFailed
from atomlens.service import worker as worker_process
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import LANES, Lane, Progress, Task, crashed, no_worker, too_long, was_cancelled

#: Seconds that a cancelled task has to notice it, before its process is killed.
CANCEL_GRACE = 2.0
#: Seconds that a worker has to load models and compile kernels.
START_TIMEOUT = 300.0
#: Processes that read molecules: while a hard one takes its seconds, the other answers.
CHEM_WORKERS = 2
#: Longest pause between two failed starts, seconds.
LONGEST_PAUSE = 30.0

_log = structlog.get_logger("atomlens.pool")
_numbers = itertools.count(1)


#: The lanes whose tasks a worker takes, first those that go first.
_SERVED: dict[Lane, tuple[Lane, ...]] = {"chem": ("chem",), "quick": ("quick",), "compute": ("quick", "compute")}


@dataclass(eq=False)
class _Ticket:
    """A task on its way through the pool."""

    task: Task
    arguments: dict[str, Any]
    timeout: float
    progress: Progress | None
    future: asyncio.Future[Any]
    number: int = field(default_factory=lambda: next(_numbers))
    started: asyncio.Event = field(default_factory=asyncio.Event)
    inbox: asyncio.Queue[tuple[Any, ...]] | None = None

    def settle(self, result: Any = None, error: BaseException | None = None) -> None:
        """Hand the outcome over, unless nobody waits."""
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class _Waiting:
    """Tasks that wait for a worker, by lane; at most `longest` in each."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._tickets: dict[Lane, deque[_Ticket]] = {lane: deque() for lane in LANES}
        self._arrived = asyncio.Event()

    def put(self, lane: Lane, ticket: _Ticket) -> None:
        """Raises `asyncio.QueueFull`."""
        if len(self._tickets[lane]) >= self._longest:
            raise asyncio.QueueFull
        self._tickets[lane].append(ticket)
        self._arrived.set()

    async def get(self, lanes: tuple[Lane, ...]) -> _Ticket:
        """The next one of the first of these lanes that has any."""
        while True:
            for lane in lanes:
                if self._tickets[lane]:
                    return self._tickets[lane].popleft()
            # nothing comes between the look and the wait: both are of one step of the loop
            self._arrived.clear()
            await self._arrived.wait()

    def count(self, lane: Lane) -> int:
        """Tasks that wait in it, those that were given up among them."""
        return len(self._tickets[lane])

    def clear(self) -> list[_Ticket]:
        """All of them, which wait no more."""
        left = [ticket for tickets in self._tickets.values() for ticket in tickets]
        for tickets in self._tickets.values():
            tickets.clear()
        return left


class _Worker:
    """A process with its pipe; a thread brings its messages into the event loop."""

    def __init__(self, lane: Lane, config: ServiceConfig, warm: Callable[..., None] | None) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, other = spawn.Pipe()
        threads = 1 if lane == "chem" else config.threads
        self.process = spawn.Process(
            target=worker_process.main,
            args=(other, lane, config.models_dir, threads, warm),
            name=f"atomlens-{lane}",
            daemon=True,
        )
        self.process.start()
        other.close()
        self.inbox: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._reader = threading.Thread(target=self._read, name=f"atomlens-{lane}-reader", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                message = self.pipe.recv()
            except (EOFError, OSError):
                message = ("gone",)
            try:
                self._loop.call_soon_threadsafe(self.inbox.put_nowait, message)
            except RuntimeError:
                return  # the loop is closed: nobody listens
            if message[0] == "gone":
                return

    def send(self, message: tuple[Any, ...]) -> None:
        try:
            self.pipe.send(message)
        except (BrokenPipeError, OSError):
            # its reader thread reports the end of the process
            _log.debug("pipe closed", process=self.process.name)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10.0)
        self._reader.join(10.0)
        self.pipe.close()
        self.process.close()


class EmbeddedPool:
    """An `Executor` of worker processes: light ones for chemistry, `config.workers` for the networks."""

    def __init__(self, config: ServiceConfig, warm: Callable[..., None] | None = None) -> None:
        """warm(context, lane): what a worker does before it counts as ready; a module-level function."""
        self._config = config
        self._warm = warm
        self._sizes: dict[Lane, int] = {
            "chem": CHEM_WORKERS,
            "quick": 1 if config.workers > 1 else 0,
            "compute": config.workers,
        }
        self._waiting = _Waiting(config.max_queue)
        self._slots: list[asyncio.Task[None]] = []
        self._ready = dict.fromkeys(LANES, 0)
        self._busy = dict.fromkeys(LANES, 0)

    async def start(self) -> None:
        """See `Executor.start`."""
        for lane in LANES:
            for _ in range(self._sizes[lane]):
                self._slots.append(asyncio.create_task(self._slot(lane)))

    async def close(self) -> None:
        """See `Executor.close`."""
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        self._slots.clear()
        for ticket in self._waiting.clear():
            ticket.settle(error=was_cancelled())

    def status(self) -> dict[str, dict[str, int]]:
        """See `Executor.status`."""
        return {
            lane: {
                "workers": self._sizes[lane],
                "ready": self._ready[lane],
                "busy": self._busy[lane],
                "queued": self._waiting.count(lane),
            }
            for lane in LANES
        }

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
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        ticket = _Ticket(task, arguments, timeout, progress, future)
        try:
            self._waiting.put(lane, ticket)
        except asyncio.QueueFull:
            text = f"{self._config.max_queue} computations are waiting already."
            raise Busy(text, code="queue_full", hint="Try again in a little while.") from None
        try:
            try:
                # not wait_for: before Python 3.12 it loses a cancellation that comes as the event is set
                async with asyncio.timeout(self._config.queue_timeout):
                    await ticket.started.wait()
            except TimeoutError:
                future.cancel()
                raise no_worker(self._config.queue_timeout) from None
            return await future
        finally:
            if not future.done():
                future.cancel()
            if future.cancelled() and ticket.inbox is not None:
                ticket.inbox.put_nowait(("abandoned", ticket.number))

    async def _slot(self, lane: Lane) -> None:
        pause = 1.0
        while lane == "quick" and self._ready["compute"] == 0:
            await asyncio.sleep(pause)  # those answer too: it would only keep them from coming up
        while True:
            worker = _Worker(lane, self._config, self._warm)
            try:
                if await self._came_up(worker, lane):
                    pause = 1.0
                    await self._feed(worker, lane)
                    continue
            finally:
                await asyncio.shield(asyncio.to_thread(worker.kill))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _came_up(self, worker: _Worker, lane: Lane) -> bool:
        try:
            async with asyncio.timeout(START_TIMEOUT):
                message = await worker.inbox.get()
        except TimeoutError:
            message = ("gone",)
        if message[0] != "ready":
            _log.error("worker did not start", lane=lane, exitcode=worker.process.exitcode)
            return False
        return True

    async def _feed(self, worker: _Worker, lane: Lane) -> None:
        """Give the worker tasks until it is no longer fit for them."""
        self._ready[lane] += 1
        try:
            while True:
                ticket = await self._next(worker, lane)
                if ticket is None:
                    return
                self._busy[lane] += 1
                try:
                    if not await self._serve(worker, ticket):
                        return
                finally:
                    self._busy[lane] -= 1
                    ticket.settle(error=was_cancelled())
        finally:
            self._ready[lane] -= 1

    async def _next(self, worker: _Worker, lane: Lane) -> _Ticket | None:
        """The next task that somebody still waits for; None if the worker dies while it is idle."""
        while True:
            waiting = asyncio.create_task(self._waiting.get(_SERVED[lane]))
            death = asyncio.create_task(worker.inbox.get())
            try:
                await asyncio.wait({waiting, death}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not waiting.done():
                    waiting.cancel()
                if not death.done():
                    death.cancel()
            gone = death.done() and not death.cancelled() and death.result()[0] == "gone"
            if waiting.done() and not waiting.cancelled():
                ticket = waiting.result()
                if gone:
                    ticket.started.set()
                    ticket.settle(error=crashed())
                elif not ticket.future.done():
                    return ticket
            if gone:
                return None

    async def _serve(self, worker: _Worker, ticket: _Ticket) -> bool:
        """Run one task; False if the worker must be replaced."""
        loop = asyncio.get_running_loop()
        ticket.inbox = worker.inbox
        ticket.started.set()
        if ticket.progress is not None:
            ticket.progress(0.0)
        try:
            await asyncio.to_thread(worker.send, ("task", ticket.number, ticket.task, ticket.arguments))
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            ticket.settle(error=ComputationFailed(f"The task cannot be sent to a worker: {error}"))
            return True
        deadline = loop.time() + ticket.timeout
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    message = await worker.inbox.get()
            except TimeoutError:
                ticket.settle(error=too_long(ticket.timeout))
                return False
            if message[0] == "gone":
                _log.error("worker died", task=ticket.task.__name__)
                ticket.settle(error=crashed())
                return False
            if message[1] != ticket.number:
                continue  # of an earlier task
            if message[0] == "abandoned":
                worker.send(("cancel", ticket.number))
                deadline = min(deadline, loop.time() + CANCEL_GRACE)
            elif message[0] == "progress":
                if ticket.progress is not None and not ticket.future.done():
                    ticket.progress(message[2])
            else:
                kind, _, value = message
                ticket.settle(value) if kind == "done" else ticket.settle(error=value)
                return True
