"""Use case of many molecules at once: each read and predicted for itself, so that one that is wrong spoils no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar

from atomlens.chem.records import Record, check_number, format_of_file, split_records
from atomlens.errors import AtomlensError, Busy, ComputationFailed
from atomlens.explain.batch import row, unknown_to_all
from atomlens.networks.card import Card, check_kind
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Progress
from atomlens.service.jobs import Job, Jobs
from atomlens.service.kept import Kept
from atomlens.service.keys import content_key
from atomlens.service.models import Models, card_parts
from atomlens.service.tasks import batch_file, predict_many, read_many
from atomlens.storage.database import Database

#: Molecules of one batch.
MOST_MOLECULES = 1000
#: Read at a time, and done at a time: others come between, and a page sees the rows that are there.
READ_AT_ONCE = 8
DONE_AT_ONCE = 16
#: Share of the work that reading is.
READING = 0.4

_T = TypeVar("_T")


class Batches:
    """Tables of predictions of many molecules."""

    def __init__(
        self, config: ServiceConfig, database: Database, executor: Executor, models: Models, jobs: Jobs
    ) -> None:
        self._config, self._database, self._executor = config, database, executor
        self._models = models
        #: by key, of what is being computed: rows that are there, and how many there will be
        self._under_way: dict[str, tuple[list[dict[str, Any]], int]] = {}
        self._kept = Kept(
            config, database, jobs, "batch", path="batches", code="unknown_batch", again="Send the molecules again"
        )

    async def request(self, files: Sequence[dict[str, str]], names: Sequence[str] | None) -> dict[str, Any] | Job:
        """The table where it is ready within the short wait, else the job that computes it.

        files: `name`, `format`, `text`; names: of models, None for all of molecules. Raises `NotFound`,
        `MalformedInput` and `TooLarge` where the files cannot be cut into molecules; what is wrong with one of these
        stands in its row.
        """
        cards = [self._models.card(name) for name in dict.fromkeys(names)] if names else self._models.of_molecules()
        for card in cards:
            check_kind(card.name, card.periodic, False)
        records = records_of(files)
        asked = [
            {**card_parts(card), "checkpoint": card.checkpoint_hash, "references": card.raw["reference_energies"]}
            for card in cards
        ]
        key = content_key("batch", files=list(files), models=asked, atoms=self._config.max_atoms)

        async def compute(progress: Progress) -> None:
            entry: tuple[list[dict[str, Any]], int] = [], len(records)
            self._under_way[key] = entry
            try:
                async for rows in self._rows(records, cards, progress):
                    entry[0].extend(rows)
                used = [card.name for card in cards]
                await self._database.save_result(key, "batch", {"id": key, "models": used, "rows": entry[0]})
            finally:
                # one that was given up ends after another may have begun
                if self._under_way.get(key) is entry:
                    del self._under_way[key]

        return await self._kept.request(key, compute)

    async def get(self, key: str) -> dict[str, Any]:
        """A kept table; raises `NotFound`."""
        return await self._kept.get(key)

    async def rows(self, key: str) -> tuple[list[dict[str, Any]], int]:
        """The rows of a table that are there, and how many there will be; raises `NotFound`."""
        if key in self._under_way:
            return self._under_way[key]
        rows = (await self.get(key))["rows"]
        return rows, len(rows)

    async def file(self, key: str, format: Literal["csv", "sdf"]) -> bytes:
        """A kept table as a file; raises `NotFound`."""
        rows = (await self.get(key))["rows"]
        wanted = [one["molecule"] if format == "sdf" else None for one in rows]
        molecules = [None if name is None else await self._database.molecule(name) for name in wanted]
        arguments = {"rows": rows, "molecules": molecules, "format": format}
        made: bytes = await self._executor.run(batch_file, arguments, lane="chem", timeout=self._config.compute_timeout)
        return made

    async def _rows(
        self, records: list[Record], cards: list[Card], progress: Progress
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Part by part, in order."""
        done = 0
        for part in _parts(records, DONE_AT_ONCE):

            def share(of_part: float, done: int = done, size: int = len(part)) -> None:
                progress((done + of_part * size) / len(records))

            found = await self._molecules(part, share)
            molecules = [None if isinstance(one, AtomlensError) else one for one in found]
            errors = [one if isinstance(one, AtomlensError) else None for one in found]
            predictions = await self._predicted(molecules, cards, share)
            yield [
                row(record, molecule, answers, cards, error or unknown_to_all(molecule, answers, cards))
                for record, molecule, answers, error in zip(part, molecules, predictions, errors, strict=True)
            ]
            done += len(part)

    async def _molecules(self, records: list[Record], progress: Progress) -> list[dict[str, Any] | AtomlensError]:
        """Of each record its molecule, which is kept, or why there is none."""
        molecules: list[dict[str, Any] | AtomlensError] = []
        for part in _parts(records, READ_AT_ONCE):
            for found in await self._patiently(self._read, part):
                molecules.append(found)
                if not isinstance(found, AtomlensError):
                    await self._database.save_molecule(found["id"], found)
            progress(READING * len(molecules) / len(records))
        return molecules

    async def _predicted(
        self, molecules: list[dict[str, Any] | None], cards: list[Card], progress: Progress
    ) -> list[list[dict[str, Any]]]:
        """Of each molecule the answers of the models that know it."""
        answers: list[list[dict[str, Any]]] = [[] for _ in molecules]
        for place, card in enumerate(cards, start=1):
            known = [k for k, one in enumerate(molecules) if one and set(one["numbers"]) <= set(card.elements)]
            if known:
                asked = {"model": card.name, "checkpoint": card.checkpoint_hash}
                arguments = {"molecules": [molecules[k] for k in known], **asked}
                found = await self._patient(predict_many, arguments, "compute", self._config.compute_timeout)
                for k, answer in zip(known, found, strict=True):
                    answers[k] += [answer] if answer is not None else []
            progress(READING + (1 - READING) * place / len(cards))
        return answers

    async def _patiently(self, read: Callable[[list[Record]], Any], part: list[Record]) -> list[Any]:
        """Read records together; where that fails as a whole, one by one, so that the one at fault has the error."""
        try:
            return list(await read(part))
        except ComputationFailed as failure:
            if len(part) == 1:
                return [failure]
        return [found for record in part for found in await self._patiently(read, [record])]

    async def _read(self, records: list[Record]) -> list[Any]:
        arguments = {"records": records, "max_atoms": self._config.max_atoms}
        found: list[Any] = await self._patient(read_many, arguments, "chem", self._config.read_timeout)
        return found

    async def _patient(
        self, task: Callable[..., Any], arguments: dict[str, Any], lane: Literal["chem", "compute"], timeout: float
    ) -> Any:
        """Run a task; a job in the background waits for a worker as often as it must."""
        while True:
            try:
                return await self._executor.run(task, arguments, lane=lane, timeout=timeout)
            except Busy:
                await asyncio.sleep(1.0)


def records_of(files: Sequence[dict[str, str]]) -> list[Record]:
    """The records of all files; raises as `split_records` does, with the file's name."""
    records: list[Record] = []
    for file in files:
        try:
            format = file["format"]
            if format == "auto" and file["name"]:
                format = format_of_file(file["name"])
            records += split_records(file["text"], format, file["name"])
        except AtomlensError as error:
            name = f"{file['name']}: " if file["name"] else ""
            raise type(error)(name + error.message, code=error.code, field="files", hint=error.hint) from error
        check_number(len(records), MOST_MOLECULES)
    return records


def _parts(items: Sequence[_T], size: int) -> Iterable[list[_T]]:
    return (list(items[start : start + size]) for start in range(0, len(items), size))
