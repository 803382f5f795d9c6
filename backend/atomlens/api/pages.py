"""The page and its files. Only what the page needs is served: not its packages, tests or build."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from atomlens.api.preview import preview_tags
from atomlens.errors import NotFound, StorageError
from atomlens.service.offline import offline_page

#: Folders of the frontend that are served under their own names.
FOLDERS: Final = ("css", "js", "vendor", "img", "fonts", "examples")
#: Files that are served beside the page.
FILES: Final = ("icon.svg", "favicon.ico", "favicon.svg", "manifest.webmanifest", "robots.txt")
#: For how long others may keep a link's picture.
PICTURE_KEPT: Final = "public, max-age=3600"
_DESCRIPTION: Final = re.compile(r'[ \t]*<meta name="description"[^>]*>\n?')

#: Level of gzip: a file is compressed once.
COMPRESSION: Final = 9


@dataclass(frozen=True)
class _Kept:
    """A file as it is sent: plain, and compressed where that makes it smaller."""

    plain: bytes
    compressed: bytes | None
    etag: str
    media_type: str


class _Fresh(StaticFiles):
    """Static files that browsers ask about each time, so that an upgrade is seen at once.

    The page is more than a hundred small modules: each is read and compressed once, and kept as long as it is the same.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._kept: dict[str, tuple[tuple[int, int], _Kept]] = {}

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """What is kept of the file, or that the browser has it already."""
        kept = self._read(os.fspath(full_path), (stat_result.st_mtime_ns, stat_result.st_size))
        asked = Headers(scope=scope)
        headers = {"Cache-Control": "no-cache", "ETag": kept.etag, "Vary": "Accept-Encoding"}
        known = [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]
        if kept.etag in known:
            return Response(status_code=304, headers=headers)
        if kept.compressed is not None and "gzip" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(kept.compressed, status_code, headers, kept.media_type)
        return Response(kept.plain, status_code, headers, kept.media_type)

    def _read(self, path: str, version: tuple[int, int]) -> _Kept:
        known = self._kept.get(path)
        if known is not None and known[0] == version:
            return known[1]
        plain = Path(path).read_bytes()
        compressed = gzip.compress(plain, COMPRESSION, mtime=0)
        kept = _Kept(
            plain,
            compressed if len(compressed) < len(plain) else None,
            f'"{hashlib.sha256(plain).hexdigest()[:32]}"',
            mimetypes.guess_type(path)[0] or "application/octet-stream",
        )
        self._kept[path] = (version, kept)
        return kept


def add_pages(app: FastAPI, folder: Path) -> None:
    """The pages (docs/http.md) and the files that they ask for."""
    router = APIRouter(include_in_schema=False)

    async def page() -> Response:
        return _file(folder / "index.html")

    async def embedded() -> Response:
        own = folder / "embed.html"
        return _file(own if own.is_file() else folder / "index.html")

    async def shell() -> Response:
        return _html(await asyncio.to_thread(offline_page, folder))

    async def view(identifier: str, request: Request) -> Response:
        return await _view(folder / "index.html", identifier, request)

    router.add_api_route("/", page, methods=["GET", "HEAD"])
    router.add_api_route("/gallery", page, methods=["GET", "HEAD"])
    router.add_api_route("/offline.html", shell, methods=["GET", "HEAD"])
    router.add_api_route("/embeddings", page, methods=["GET", "HEAD"])
    router.add_api_route("/help", page, methods=["GET", "HEAD"])
    router.add_api_route("/batch", page, methods=["GET", "HEAD"])
    router.add_api_route("/reactions", page, methods=["GET", "HEAD"])
    # before the page of a view: an identifier has no dot
    router.add_api_route("/v/{identifier}.png", _picture, methods=["GET", "HEAD"])
    router.add_api_route("/v/{identifier}", view, methods=["GET", "HEAD"])
    router.add_api_route("/embed/{identifier}", embedded, methods=["GET", "HEAD"])
    for name in FILES:
        if (folder / name).is_file():
            router.add_api_route(f"/{name}", _serving(folder / name), methods=["GET", "HEAD"])
    app.include_router(router)
    for name in FOLDERS:
        if (folder / name).is_dir():
            app.mount(f"/{name}", _Fresh(directory=folder / name))


async def _view(path: Path, identifier: str, request: Request) -> Response:
    """The page of a link, whose head tells what it shows; of a link that is not there, the page that says so."""
    views = request.app.state.service.views
    if not path.is_file():
        return _file(path)
    html = await asyncio.to_thread(path.read_text, encoding="utf-8")
    try:
        found = await views.get(identifier)
        picture = f"/v/{found['id']}.png" if await views.has_picture(identifier) else None
    except (NotFound, StorageError):
        return _html(html)  # the page asks by itself, and says what is wrong
    base = str(request.base_url).rstrip("/")
    tags = preview_tags(found, f"{base}/v/{found['id']}", picture and base + picture)
    # in place of the general description, which would stand beside the link's own
    plain = _DESCRIPTION.sub("", html, count=1)
    return _html(plain.replace("</head>", f"{tags}\n</head>", 1))


async def _picture(identifier: str, request: Request) -> Response:
    """A link's picture; kept for a while by those who ask, for its maker may delete it."""
    content = await request.app.state.service.views.picture(identifier)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": PICTURE_KEPT, "ETag": tag, "Content-Disposition": "inline"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)


def _html(text: str) -> Response:
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


def _serving(path: Path) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return _file(path)

    return serve


def _file(path: Path) -> Response:
    if not path.is_file():
        raise NotFound("The page is not installed here.", hint="Set ATOMLENS_FRONTEND_DIR, or build the frontend.")
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
