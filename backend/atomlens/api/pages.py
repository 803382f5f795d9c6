"""The page and its files. Only what the page needs is served: not its packages, tests or build."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from atomlens.errors import NotFound

#: Folders of the frontend that are served under their own names.
FOLDERS: Final = ("css", "js", "vendor", "img", "fonts", "examples")
#: Files that are served beside the page.
FILES: Final = ("icon.svg", "favicon.ico", "favicon.svg", "manifest.webmanifest", "robots.txt")


class _Fresh(StaticFiles):
    """Static files that browsers ask about each time, so that an upgrade is seen at once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Add the header."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


def add_pages(app: FastAPI, folder: Path) -> None:
    """`/`, `/v/{id}`, `/embed/{id}`, `/gallery`, `/embeddings`, `/help` and the files that they ask for."""
    router = APIRouter(include_in_schema=False)

    async def page() -> Response:
        return _file(folder / "index.html")

    async def embedded() -> Response:
        own = folder / "embed.html"
        return _file(own if own.is_file() else folder / "index.html")

    router.add_api_route("/", page, methods=["GET", "HEAD"])
    router.add_api_route("/gallery", page, methods=["GET", "HEAD"])
    router.add_api_route("/embeddings", page, methods=["GET", "HEAD"])
    router.add_api_route("/help", page, methods=["GET", "HEAD"])
    router.add_api_route("/v/{identifier}", page, methods=["GET", "HEAD"])
    router.add_api_route("/embed/{identifier}", embedded, methods=["GET", "HEAD"])
    for name in FILES:
        if (folder / name).is_file():
            router.add_api_route(f"/{name}", _serving(folder / name), methods=["GET", "HEAD"])
    app.include_router(router)
    for name in FOLDERS:
        if (folder / name).is_dir():
            app.mount(f"/{name}", _Fresh(directory=folder / name))


def _serving(path: Path) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return _file(path)

    return serve


def _file(path: Path) -> Response:
    if not path.is_file():
        raise NotFound("The page is not installed here.", hint="Set ATOMLENS_FRONTEND_DIR, or build the frontend.")
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
