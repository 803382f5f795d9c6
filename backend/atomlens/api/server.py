"""The server process: logging, then uvicorn with the application."""

from __future__ import annotations

import logging

import structlog
import uvicorn

from atomlens.api.app import create_app
from atomlens.settings import Settings

#: Seconds that open connections have to end when the server stops.
SHUTDOWN_GRACE = 5


def serve(settings: Settings) -> None:
    """Serve until interrupted."""
    configure_logging(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=settings.log_level == "debug",
        timeout_graceful_shutdown=SHUTDOWN_GRACE,
    )


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
