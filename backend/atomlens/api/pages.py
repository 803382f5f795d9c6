"""The page at its addresses (docs/http.md)."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from atomlens.api.page_files import Versions, add_files
from atomlens.api.preview import PICTURE_SIZE, compared, preview_tags
from atomlens.errors import NotFound, StorageError
from atomlens.service.offline import offline_page

#: Files that are served beside the page.
FILES: Final = ("icon.svg", "favicon.ico", "favicon.svg", "manifest.webmanifest", "robots.txt")
#: What is served: index.html with the files that were built of its modules and styles.
PAGE: Final = "bundle/index.html"
#: For how long others may keep a link's picture.
PICTURE_KEPT: Final = "public, max-age=3600"
_DESCRIPTION: Final = re.compile(r'[ \t]*<meta name="description"[^>]*>\n?')


def add_pages(app: FastAPI, folder: Path) -> None:
    """The pages (docs/http.md) and the files that they ask for."""
    router = APIRouter(include_in_schema=False)
    versions = add_files(app, folder)

    async def page() -> Response:
        return _html(await asyncio.to_thread(_page, folder, versions))

    async def shell() -> Response:
        return _html(await asyncio.to_thread(offline_page, folder))

    async def view(identifier: str, request: Request) -> Response:
        return await _view(await asyncio.to_thread(_page, folder, versions), identifier, request, announced=True)

    async def embedded(identifier: str, request: Request) -> Response:
        return await _view(await asyncio.to_thread(_page, folder, versions), identifier, request, announced=False)

    router.add_api_route("/", page)
    router.add_api_route("/gallery", page)
    router.add_api_route("/offline.html", shell)
    router.add_api_route("/embeddings", page)
    router.add_api_route("/help", page)
    router.add_api_route("/batch", page)
    router.add_api_route("/reactions", page)
    # before the page of a view: an identifier has no dot
    router.add_api_route("/v/{identifier}.png", _picture)
    router.add_api_route("/v/{identifier}", view)
    router.add_api_route("/embed/{identifier}", embedded)
    for name in FILES:
        if (folder / name).is_file():
            router.add_api_route(f"/{name}", _serving(folder / name))
    app.include_router(router)


def _page(folder: Path, versions: Versions) -> str:
    """The page's HTML. Raises `NotFound` where it is not installed."""
    try:
        html = (folder / PAGE).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _missing() from error
    return versions.addressed(html)


async def _view(html: str, identifier: str, request: Request, *, announced: bool) -> Response:
    """The page of a link; of one that is not there, the page that says so. announced: its head tells what it shows."""
    views, molecules = request.app.state.service.views, request.app.state.service.molecules
    try:
        found = await views.get(identifier)
        other = compared(found) if announced else None
        beside = None if other is None else await molecules.get(other)
        size = await views.picture_size(identifier)
        picture = None if size is None else f"/v/{found['id']}.png"
    except NotFound:
        return _html(html, 404)  # the page asks by itself, and says what is wrong
    except StorageError:
        return _html(html)
    if not announced:
        return _html(_asking_early(html, found["id"], picture))
    base = str(request.base_url).rstrip("/")
    tags = preview_tags(found, f"{base}/v/{found['id']}", picture and base + picture, size or PICTURE_SIZE, beside)
    # in place of the general description, which would stand beside the link's own
    plain = _asking_early(_DESCRIPTION.sub("", html, count=1), found["id"], picture)
    return _html(plain.replace("</head>", f"{tags}\n</head>", 1))


def _asking_early(html: str, identifier: str, picture: str | None) -> str:
    """The page of a link, whose browser asks for what the link holds while it still reads the page's modules.

    picture: the link's, which the page shows until it has drawn its own (frontend/js/lib/poster.js).
    """
    asked = (f"/api/v1/views/{quote(identifier, safe='')}", "/api/v1/models")
    # as fetch() asks: https://html.spec.whatwg.org/multipage/links.html#link-type-preload
    lines = [f'  <link rel="preload" href="{path}" as="fetch" crossorigin>' for path in asked]
    if picture is not None:
        lines.append(f'  <link rel="preload" href="{picture}" as="image" fetchpriority="high">')
    return html.replace("</head>", "\n".join([*lines, "</head>"]), 1)


async def _picture(identifier: str, request: Request) -> Response:
    """A link's picture; kept for a while by those who ask, for its maker may delete it."""
    content = await request.app.state.service.views.picture(identifier)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": PICTURE_KEPT, "ETag": tag, "Content-Disposition": "inline"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, headers={"Cache-Control": "no-cache"})


def _serving(path: Path) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return _file(path)

    return serve


def _file(path: Path) -> Response:
    if not path.is_file():
        raise _missing()
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


def _missing() -> NotFound:
    return NotFound("The page is not installed here.", hint="Set ATOMLENS_FRONTEND_DIR, or build the frontend.")
