"""The database: an engine brought to the newest schema, and the repository of molecules, results and views."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from atomlens.storage.tables import Base, MoleculeRow, ResultRow, ViewRow

_Row = TypeVar("_Row", bound=Base)


class Database:
    """Rows by key. What has a content key is written once: a second write of the same key changes nothing."""

    def __init__(self, url: str) -> None:
        """url: SQLAlchemy's, with an asynchronous driver."""
        self._url = make_url(url)
        self._engine = create_async_engine(self._url)
        if self._url.get_backend_name() == "sqlite":
            event.listen(self._engine.sync_engine, "connect", _configure_sqlite)
        self._session = async_sessionmaker(self._engine, expire_on_commit=False)

    async def start(self) -> None:
        """Create the folder of a SQLite file, and run the migrations to the newest."""
        file = self._url.database
        if self._url.get_backend_name() == "sqlite" and file and file != ":memory:":
            await asyncio.to_thread(Path(file).parent.mkdir, parents=True, exist_ok=True)
        async with self._engine.begin() as connection:
            await connection.run_sync(_migrate)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

    async def save_molecule(self, identifier: str, data: dict[str, Any]) -> None:
        """Keep a molecule's JSON under its content hash."""
        await self._insert(MoleculeRow(id=identifier, data=data))

    async def molecule(self, identifier: str) -> dict[str, Any] | None:
        """The molecule's JSON, or None."""
        row = await self._get(MoleculeRow, identifier)
        return row.data if row else None

    async def save_result(self, key: str, kind: str, data: dict[str, Any]) -> None:
        """Keep an answer under its content key."""
        await self._insert(ResultRow(key=key, kind=kind, data=data))

    async def result(self, key: str, kind: str) -> dict[str, Any] | None:
        """The answer of that kind, or None."""
        row = await self._get(ResultRow, key)
        return row.data if row and row.kind == kind else None

    async def save_view(self, view: ViewRow) -> None:
        """Keep a link."""
        await self._insert(view)

    async def view(self, identifier: str) -> ViewRow | None:
        """The link, or None."""
        return await self._get(ViewRow, identifier)

    async def delete_view(self, identifier: str) -> None:
        """Remove a link; one that is not there is no error."""
        async with self._session() as session, session.begin():
            row = await session.get(ViewRow, identifier)
            if row is not None:
                await session.delete(row)

    async def _get(self, table: type[_Row], key: str) -> _Row | None:
        async with self._session() as session:
            return await session.get(table, key)

    async def _insert(self, row: Base) -> None:
        try:
            async with self._session() as session, session.begin():
                session.add(row)
        except IntegrityError:
            # the key is a content hash: whoever wrote it first wrote the same
            await self._assert_present(row)

    async def _assert_present(self, row: Base) -> None:
        key = row.key if isinstance(row, ResultRow) else row.id  # type: ignore[attr-defined]
        if await self._get(type(row), key) is None:
            raise RuntimeError(f"The row {key} could not be written to {row.__tablename__}.")


def _configure_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # readers and the writer do not block one another; a crash loses nothing that was committed
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
