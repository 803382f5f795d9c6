"""The server as a command."""

from __future__ import annotations

from typing import Annotated

import typer

from atomlens.cli.inputs import open_registry, read_settings


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; default 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; default 8000")] = None,
) -> None:
    """Serve the page and the HTTP interface until interrupted."""
    settings = read_settings()
    open_registry(settings)
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    from atomlens.api.server import serve as run_server

    run_server(settings.model_copy(update=given))
