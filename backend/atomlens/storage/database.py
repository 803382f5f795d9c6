"""The database: an engine brought to the newest schema, and the repository of molecules, results and views."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from atomlens.errors import StorageError
from atomlens.storage.tables import Base, MoleculeRow, ResultRow, ViewRow

#: Key of PostgreSQL's advisory lock around the migrations; any number that no other program on it uses.
MIGRATION_LOCK = 180_610_349
#: Seconds for which a writer of SQLite waits for another.
PATIENCE = 10

_Row = TypeVar("_Row", bound=Base)


class Database:
    """Rows by key. What has a content key is written once: a second write of the same key changes nothing."""

    def __init__(self, url: str) -> None:
        """url: SQLAlchemy's, with an asynchronous driver; raises `StorageError` for one that cannot be used."""
        try:
            self._url = make_url(url)
            self._engine = create_async_engine(self._url)
        except (ImportError, SQLAlchemyError) as error:
            # the address may hold a password: the message does not repeat it
            raise StorageError(
                f"The address of the database cannot be used: {_first_line(error)}.",
                hint="It needs an asynchronous driver that is installed: sqlite+aiosqlite:///… or "
                "postgresql+asyncpg://…",
            ) from error
        if self._url.get_backend_name() == "sqlite":
            event.listen(self._engine.sync_engine, "connect", _configure_sqlite)
        self._session = async_sessionmaker(self._engine, expire_on_commit=False)

    async def start(self) -> None:
        """Create the folder of a SQLite file, and run the migrations to the newest; raises `StorageError`."""
        file = self._url.database
        try:
            if self._url.get_backend_name() == "sqlite" and file and file != ":memory:":
                await asyncio.to_thread(Path(file).parent.mkdir, parents=True, exist_ok=True)
            async with self._engine.begin() as connection:
                await connection.run_sync(_migrate)
        except (OSError, SQLAlchemyError, CommandError) as error:
            where = self._url.render_as_string(hide_password=True)
            raise StorageError(
                f"The database {where} cannot be used: {_first_line(error)}.",
                hint="Look at ATOMLENS_DATA_DIR and ATOMLENS_DATABASE_URL: the folder has to be writable, and a "
                "database made by a newer atomlens is not read by an older one.",
            ) from error

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
        async with self._transaction() as session:
            row = await session.get(ViewRow, identifier)
            if row is not None:
                await session.delete(row)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are kept at its end; a full disk or a lost server is a `StorageError`."""
        try:
            async with self._session() as session, session.begin():
                yield session
        except IntegrityError:
            raise
        except (OSError, DBAPIError) as error:
            raise StorageError(
                f"The database cannot be used now: {_first_line(error)}.",
                hint="Who runs this server has to look at its disk and its database.",
            ) from error

    async def _get(self, table: type[_Row], key: str) -> _Row | None:
        async with self._transaction() as session:
            return await session.get(table, key)

    async def _insert(self, row: Base) -> None:
        try:
            async with self._transaction() as session:
                session.add(row)
        except IntegrityError:
            # the key is a content hash: whoever wrote it first wrote the same
            await self._assert_present(row)

    async def _assert_present(self, row: Base) -> None:
        key = row.key if isinstance(row, ResultRow) else row.id  # type: ignore[attr-defined]
        if await self._get(type(row), key) is None:
            raise StorageError(f"The row {key} could not be written to {row.__tablename__}.")


def _first_line(error: BaseException) -> str:
    """What went wrong, without SQLAlchemy's statements and links."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(origin).strip().splitlines() or [type(origin).__name__])[0].rstrip(".")


def _configure_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # readers and the writer do not block one another; a crash loses nothing that was committed
    cursor.execute(f"PRAGMA busy_timeout={1000 * PATIENCE}")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # of this change alone SQLite does not wait for others: it has to be asked again
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.01)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _migrate(connection: Connection) -> None:
    # one at a time: servers that start together on one database would make the tables twice
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
