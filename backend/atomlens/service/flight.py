"""Single flight: one computation per key, however many ask; given up when the last of them leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from atomlens.service.executor import Progress

_T = TypeVar("_T")


@dataclass(eq=False)
class _Flight(Generic[_T]):
    waiters: int = 0
    progress: float | None = None
    listeners: list[Progress] = field(default_factory=list)

    def report(self, value: float) -> None:
        self.progress = value
        for listener in list(self.listeners):
            listener(value)


class SingleFlight(Generic[_T]):
    """Joins callers that ask for the same key at the same time."""

    def __init__(self) -> None:
        self._flights: dict[str, tuple[_Flight[_T], asyncio.Future[_T]]] = {}

    async def join(
        self, key: str, compute: Callable[[Progress], Awaitable[_T]], progress: Progress | None = None
    ) -> _T:
        """The result of `compute`, started now or by somebody before; its error is everybody's."""
        if key in self._flights:
            flight, task = self._flights[key]
            if progress is not None and flight.progress is not None:
                progress(flight.progress)
        else:
            flight = _Flight()
            task = asyncio.ensure_future(compute(flight.report))
            self._flights[key] = flight, task
            task.add_done_callback(lambda done: self._land(key, done))
        if progress is not None:
            flight.listeners.append(progress)
        flight.waiters += 1
        try:
            return await asyncio.shield(task)
        finally:
            flight.waiters -= 1
            if progress is not None:
                flight.listeners.remove(progress)
            if flight.waiters == 0 and not task.done():
                # whoever asks from now on starts anew
                self._forget(key, task)
                task.cancel()

    def _land(self, key: str, task: asyncio.Future[_T]) -> None:
        self._forget(key, task)
        if not task.cancelled():
            task.exception()  # each waiter raises it; without waiters it is nobody's

    def _forget(self, key: str, task: asyncio.Future[_T]) -> None:
        if key in self._flights and self._flights[key][1] is task:
            del self._flights[key]
