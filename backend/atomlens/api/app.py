"""The application: settings in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from atomlens import __version__
from atomlens.api import live
from atomlens.api.errors import add_error_handlers
from atomlens.api.metrics import Metrics
from atomlens.api.middleware import BodyLimit, Heads, Observation, RateLimit
from atomlens.api.pages import add_pages
from atomlens.api.responses import SafeJSON
from atomlens.api.routes import router
from atomlens.service.executor import Executor
from atomlens.service.service import Service
from atomlens.settings import Settings

#: Answers smaller than this are sent as they are, bytes.
COMPRESS_FROM = 1_000


def create_app(settings: Settings, executor: Executor | None = None) -> FastAPI:
    """The whole server; `executor` replaces the embedded pool. Raises `CheckpointError` for a bad card."""
    service = Service(settings.service_config(), settings.data_dir, settings.database_url, executor)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            await service.close()

    app = FastAPI(
        title="atomlens",
        version=__version__,
        description="Look inside atomistic neural networks. Energies in eV, lengths in Å, charges in e.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the framework's pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.state.live = set()
    add_error_handlers(app)
    _add_health(app, service, metrics)
    app.include_router(router)
    app.include_router(live.router)
    add_pages(app, settings.frontend_dir)
    # the last one added is the outermost
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESS_FROM, compresslevel=5)
    app.add_middleware(BodyLimit, max_bytes=settings.max_bytes)
    app.add_middleware(Heads)
    app.add_middleware(RateLimit, rate=settings.rate_limit)
    app.add_middleware(Observation, metrics=metrics)
    return app


def _add_health(app: FastAPI, service: Service, metrics: Metrics) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return SafeJSON({"status": "ok", "version": __version__})

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        state = service.readiness()
        headers = {} if state["ready"] else {"Retry-After": "2"}
        return SafeJSON(state, 200 if state["ready"] else 503, headers)

    @app.get("/metrics", include_in_schema=False)
    async def prometheus() -> Response:
        text = metrics.render(service.readiness()["lanes"])
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
