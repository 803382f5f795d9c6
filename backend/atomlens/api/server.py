"""The server process: logging, then uvicorn with the application."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from contextlib import suppress

import structlog
import uvicorn

from atomlens.api.app import create_app
from atomlens.errors import InputError
from atomlens.service.service import check_storage
from atomlens.settings import Settings

#: Seconds that open connections have to end when the server stops.
SHUTDOWN_GRACE = 5


def serve(settings: Settings) -> None:
    """Serve until interrupted.

    Raises, before anything is served, `InputError` for an address that cannot be listened on and `StorageError` for
    a data folder or database that cannot be used.
    """
    configure_logging(settings.log_level)
    app = create_app(settings)
    asyncio.run(check_storage(settings.data_dir, settings.database_url))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=settings.log_level == "debug",
        timeout_graceful_shutdown=SHUTDOWN_GRACE,
        ws_max_size=settings.max_bytes,
        # surfaces hardly shrink, and what follows a hand has no time to try
        ws_per_message_deflate=False,
    )
    with listen(settings.host, settings.port) as listener, suppress(KeyboardInterrupt):
        # a reader of this line may connect at once: the socket keeps callers until the application is up
        print(f"atomlens is at {url_of(listener)} (Ctrl+C ends it)", flush=True)
        # on Ctrl+C uvicorn stops in order and then raises
        uvicorn.Server(config).run(sockets=[listener])


def url_of(listener: socket.socket) -> str:
    """The address to open in a browser; one that listens everywhere is reached at this machine's own name."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; raises `InputError` where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise InputError(
            f"Port {port} of {host} is in use by another program."
            if taken
            else f"The server cannot listen on {host}, port {port}: {error.strerror or error}.",
            code="address",
            hint="Choose another with --port or ATOMLENS_PORT; 0 takes any free one."
            if taken
            else "Choose another address with --host or ATOMLENS_HOST; 127.0.0.1 is this machine alone.",
        ) from error


def configure_logging(level: str) -> None:
    """One line an event, from `level` on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
    )
