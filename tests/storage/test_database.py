"""The contract of the database and of the blob store."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from atomlens.errors import StorageError
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


@pytest.mark.parametrize(
    "url", ["foo", "sqlite:///x.db", "nosuch+driver://here/x", "postgresql+nothing://u:secret@h/x"]
)
def test_an_address_that_cannot_be_used_is_refused_and_no_password_is_told(url):
    with pytest.raises(StorageError) as refused:
        Database(url)
    assert "asynchronous driver" in refused.value.hint
    assert "secret" not in refused.value.message


async def started(url) -> Database:
    store = Database(url)
    try:
        await store.start()
    except BaseException:
        await store.close()
        raise
    return store


async def test_a_file_that_is_no_database_and_a_folder_that_cannot_be_are_told(tmp_path):
    (tmp_path / "text.sqlite3").write_text("this is a text that is long enough for a header of a database\n" * 3)
    for path, reason in ((tmp_path / "text.sqlite3", "not a database"), (tmp_path / "text.sqlite3" / "a", "cannot be")):
        with pytest.raises(StorageError, match=reason):
            await started(f"sqlite+aiosqlite:///{path}")


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "data.sqlite3"
    store = await started(f"sqlite+aiosqlite:///{path}")
    await store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'v9999'")
    connection.close()
    with pytest.raises(StorageError, match="v9999"):
        await started(f"sqlite+aiosqlite:///{path}")


async def test_two_servers_may_start_on_one_folder_at_once(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}"
    stores = await asyncio.gather(*(started(url) for _ in range(4)))
    for number, store in enumerate(stores):
        await store.save_molecule(f"m{number}", {"a": number})
    assert [await stores[0].molecule(f"m{number}") for number in range(4)] == [{"a": number} for number in range(4)]
    for store in stores:
        await store.close()


def test_processes_may_make_one_database_at_once(tmp_path):
    code = (
        "import asyncio, sys; from atomlens.storage.database import Database\n"
        "async def main():\n"
        "    store = Database(sys.argv[1]); sys.stdin.readline(); await store.start(); await store.close()\n"
        "asyncio.run(main())"
    )
    url = f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}"
    command = [sys.executable, "-c", code, url]
    starting = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in starting:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in starting] == [""] * 4


async def test_a_database_that_is_full_says_so(tmp_path):
    store = await started(f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}")
    async with store._engine.connect() as connection:
        # this connection stays in the pool and is used by what follows
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StorageError, match="full"):
        await store.save_molecule("m", {"text": "x" * 100_000})
    assert await store.molecule("m") is None
    await store.close()


def test_a_folder_of_blobs_that_cannot_be_written_is_told_at_the_start(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        BlobStore(tmp_path / "file" / "blobs").start()
    BlobStore(tmp_path / "fine").start()
    assert list((tmp_path / "fine").iterdir()) == []


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
    with pytest.raises(StorageError, match="disk full"):
        blobs.put("ab12", b"new")
    assert blobs.get("ab12") == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["ab12"]
