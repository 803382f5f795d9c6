"""The page's files: modules, styles, pictures. Sent compressed, and kept by browsers for as long as they are the same.

Browsers load the page's modules and styles in a few files (frontend/build.mjs). Their addresses in its head carry a
version, the hash of them all, and imports are relative: so a browser that has them need not ask for one, and after an
upgrade every address is new. The same files stand under addresses without a version, of which browsers ask each time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

#: Folders of the frontend that are served under their own names. Not its packages, tests or build.
FOLDERS: Final = ("bundle", "css", "js", "vendor", "examples")
#: Folders whose addresses in the page carry the version.
VERSIONED: Final = ("bundle", "css", "js", "vendor")
#: Level of gzip: a file is compressed once.
COMPRESSION: Final = 9
#: For how long browsers keep what has a version, as RFC 8246 says it.
FOR_EVER: Final = "public, max-age=31536000, immutable"
#: After so many seconds the disk is looked at again.
LOOKED_AT: Final = 1.0
_ADDRESS: Final = re.compile(rf'(\b(?:href|src)=")/((?:{"|".join(VERSIONED)})/)')

#: What tells one state of a file from another: nanoseconds of its last change, and its size.
State = tuple[int, int]


class Versions:
    """The version of the files on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked = -LOOKED_AT
        #: the version, and the state of each file in it
        self._known: tuple[str, dict[str, State]] = ("", {})

    @property
    def current(self) -> str:
        """Sixteen hexadecimal digits of a hash of names and contents; anew where files have changed."""
        return self._now()[0]

    def holds(self, version: str, path: str, state: State) -> bool:
        """Whether a file in this state is the one that the version is of."""
        current, states = self._now()
        return version == current and states.get(path) == state

    def addressed(self, html: str) -> str:
        """A page whose files have addresses with the version."""
        return _ADDRESS.sub(rf"\g<1>/assets/{self.current}/\g<2>", html)

    def _now(self) -> tuple[str, dict[str, State]]:
        if time.monotonic() - self._looked >= LOOKED_AT:
            states = self._read_states()
            if states != self._known[1] or not self._known[0]:
                self._known = self._hashed(states), states
            self._looked = time.monotonic()
        return self._known

    def _read_states(self) -> dict[str, State]:
        found: dict[str, State] = {}
        for name in VERSIONED:
            for folder, _, files in os.walk(self._folder / name):
                for path in (os.path.join(folder, file) for file in files):
                    status = os.stat(path)
                    found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def _hashed(self, states: dict[str, State]) -> str:
        whole = hashlib.sha256()
        for path in sorted(states):
            content = Path(path).read_bytes()
            name = os.path.relpath(path, self._folder)
            whole.update(f"{name}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()[:16]


@dataclass(frozen=True)
class _Kept:
    """A file as it is sent: plain, and compressed where that makes it smaller."""

    plain: bytes
    compressed: bytes | None
    etag: str
    media_type: str


class PageFiles(StaticFiles):
    """One folder of the frontend: each file is read and compressed once, and kept as long as it is the same."""

    def __init__(self, directory: Path, versions: Versions) -> None:
        super().__init__(directory=directory)
        self._versions = versions
        self._kept: dict[str, tuple[State, _Kept]] = {}

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """What is kept of the file, or that the browser has it already."""
        path, state = os.fspath(full_path), (stat_result.st_mtime_ns, stat_result.st_size)
        kept = self._read(path, state)
        asked = Headers(scope=scope)
        version = scope.get("path_params", {}).get("version")
        # an old page may ask for modules of before an upgrade: it gets those of today, and nobody keeps them as the old
        kept_for = FOR_EVER if version is not None and self._versions.holds(version, path, state) else "no-cache"
        headers = {"Cache-Control": kept_for, "ETag": kept.etag, "Vary": "Accept-Encoding"}
        known = [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]
        if kept.etag in known:
            return Response(status_code=304, headers=headers)
        if kept.compressed is not None and "gzip" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(kept.compressed, status_code, headers, kept.media_type)
        return Response(kept.plain, status_code, headers, kept.media_type)

    def _read(self, path: str, state: State) -> _Kept:
        known = self._kept.get(path)
        if known is not None and known[0] == state:
            return known[1]
        plain = Path(path).read_bytes()
        compressed = gzip.compress(plain, COMPRESSION, mtime=0)
        kept = _Kept(
            plain,
            compressed if len(compressed) < len(plain) else None,
            f'"{hashlib.sha256(plain).hexdigest()[:32]}"',
            mimetypes.guess_type(path)[0] or "application/octet-stream",
        )
        self._kept[path] = (state, kept)
        return kept


def add_files(app: Starlette, folder: Path) -> Versions:
    """Serve the folders, under their names and under those with a version."""
    versions = Versions(folder.resolve())
    for name in FOLDERS:
        if (folder / name).is_dir():
            files = PageFiles((folder / name).resolve(), versions)
            app.mount(f"/{name}", files)
            if name in VERSIONED:
                app.mount(f"/assets/{{version}}/{name}", files)
    return versions
