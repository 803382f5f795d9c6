"""The contract of the database and of the blob store."""

import asyncio
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from atomlens.storage.blobs import BlobStore
from atomlens.storage.database import Database
from atomlens.storage.tables import Base, ViewRow

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path):
    store = Database(f"sqlite+aiosqlite:///{tmp_path / 'deep' / 'data 100%.sqlite3'}")
    await store.start()
    yield store
    await store.close()


def a_view(identifier="abc"):
    return ViewRow(
        id=identifier,
        version="0.1",
        state={"molecule": "m", "camera": [1.5, None, "ü"]},
        molecule={"id": "m"},
        predictions=[{"total": -4215.123456789012}],
        checkpoints={"model": "hash"},
        token_hash="t",
    )


async def test_what_was_kept_comes_back_to_the_last_digit(database):
    data = {"positions": [[0.1 + 0.2, -1e-17, 3.0]], "name": "ethanol, Å"}
    await database.save_molecule("m", data)
    assert await database.molecule("m") == data


async def test_an_unknown_key_is_none(database):
    assert await database.molecule("nothing") is None
    assert await database.result("nothing", "field") is None
    assert await database.view("nothing") is None


async def test_a_second_write_of_a_content_key_changes_nothing(database):
    await database.save_result("k", "field", {"first": 1})
    await database.save_result("k", "field", {"first": 2})
    assert await database.result("k", "field") == {"first": 1}


async def test_many_writers_of_one_key_agree(database):
    await asyncio.gather(*(database.save_molecule("m", {"same": True}) for _ in range(20)))
    assert await database.molecule("m") == {"same": True}


async def test_a_result_of_another_kind_is_not_taken_for_one(database):
    await database.save_result("k", "field", {})
    assert await database.result("k", "prediction") is None


async def test_a_view_is_kept_and_deleted(database):
    await database.save_view(a_view())
    kept = await database.view("abc")
    assert kept.state == {"molecule": "m", "camera": [1.5, None, "ü"]}
    assert kept.predictions == [{"total": -4215.123456789012}]
    await database.delete_view("abc")
    assert await database.view("abc") is None
    await database.delete_view("abc")


async def test_data_outlive_a_restart_and_the_migrations_run_twice(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}"
    for _ in range(2):
        store = Database(url)
        await store.start()
        await store.save_molecule("m", {"a": 1})
        assert await store.molecule("m") == {"a": 1}
        await store.close()


async def test_the_migrations_make_the_tables_that_the_program_expects(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)

    async with database._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_readers_do_not_block_the_writer(tmp_path):
    path = tmp_path / "data.sqlite3"
    store = Database(f"sqlite+aiosqlite:///{path}")
    await store.start()
    await store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_blob_comes_back_and_goes(tmp_path):
    blobs = BlobStore(tmp_path)
    assert blobs.get("ab12-C") is None
    blobs.put("ab12-C", b"\x00\x01")
    assert blobs.get("ab12-C") == b"\x00\x01"
    assert blobs.exists("ab12-C")
    blobs.delete("ab12-C")
    assert not blobs.exists("ab12-C")


@pytest.mark.parametrize("key", ["", "a", "../../etc", "a/b", ".hidden", "ab\x00"])
def test_a_key_that_is_no_plain_name_is_refused(tmp_path, key):
    with pytest.raises(ValueError, match="no key"):
        BlobStore(tmp_path).path(key)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    blobs = BlobStore(tmp_path)
    blobs.put("ab12", b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        blobs.put("ab12", b"new")
    assert blobs.get("ab12") == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["ab12"]
