"""What each model answers, computed once for a question and a checkpoint, however many ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from atomlens.networks.card import Card
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.models import card_parts
from atomlens.storage.database import Database


class Answers:
    """Answers of one kind, kept in the database."""

    def __init__(
        self,
        kind: str,
        task: Callable[..., dict[str, Any]],
        config: ServiceConfig,
        database: Database,
        executor: Executor,
    ) -> None:
        self._kind = kind
        self._task = task
        self._config = config
        self._database = database
        self._executor = executor
        self._flights: SingleFlight[dict[str, Any]] = SingleFlight()

    async def of(
        self, cards: Sequence[Card], arguments: dict[str, Any], question: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One answer for each model. arguments: of the task; question: what the answer depends on, for its key."""
        answers = [asyncio.ensure_future(self._one(card, arguments, question)) for card in cards]
        try:
            return list(await asyncio.gather(*answers))
        finally:
            for answer in answers:
                answer.cancel()

    async def _one(self, card: Card, arguments: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
        # the name is in the key because the answer carries it: two models may share one checkpoint
        key = content_key(
            self._kind,
            **card_parts(card),
            checkpoint=card.checkpoint_hash,
            references=card.raw["reference_energies"],
            **question,
        )

        async def compute(_: object) -> dict[str, Any]:
            # inside the flight: one that looked before it, and joined after its end, would compute once more
            kept = await self._database.result(key, self._kind)
            if kept is not None:
                return kept
            chosen = {**arguments, "model": card.name, "checkpoint": card.checkpoint_hash}
            found: dict[str, Any] = await self._executor.run(
                self._task, chosen, lane="quick", timeout=self._config.compute_timeout
            )
            await self._database.save_result(key, self._kind, found)
            return found

        return await self._flights.join(key, compute)
