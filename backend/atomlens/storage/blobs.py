"""The blob store: large arrays as files, each written whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from atomlens.errors import StorageError

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,127}")


class BlobStore:
    """Bytes by key under one folder. Methods block; call them outside the event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """The file of that key; raises ValueError for a key that is no plain name."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a blob.")
        return self.folder / key[:2] / key

    def start(self) -> None:
        """Make the folder, and see that it can be written; raises `StorageError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder) as file:
                file.write(b"\0")
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def put(self, key: str, data: bytes | memoryview) -> Path:
        """Write; a reader sees the whole of it or nothing, whenever the power fails. Raises `StorageError`."""
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return path

    def get(self, key: str) -> bytes | None:
        """The bytes, or None."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            return None

    def exists(self, key: str) -> bool:
        """Whether the key was written."""
        return self.size(key) is not None

    def size(self, key: str) -> int | None:
        """Bytes under the key, or None."""
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove; one that is not there is no error."""
        self.path(key).unlink(missing_ok=True)


def _write_whole(path: Path, data: bytes | memoryview) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The folder {folder} cannot be written: {error.strerror or error}.",
        hint="Make room in it or make it writable, or name another one by ATOMLENS_DATA_DIR.",
    )
