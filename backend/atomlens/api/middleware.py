"""Layers around every request: observation with security headers, the limit of bodies, the limit of rates."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from typing import Final

import structlog
from limits import parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atomlens.api.metrics import Metrics
from atomlens.api.responses import error_response
from atomlens.errors import AtomlensError, Busy, TooLarge

#: Scripts and styles come from files of this server alone; what scripts set in an element's `style` is theirs to set.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
)

#: Of a body that is refused, so much is read, and for so long, before the refusal.
FORGOTTEN_BYTES, FORGOTTEN_SECONDS = 64_000_000, 10.0

#: What to do about a body that is too large.
LESS: Final = "Send less at once, for example one molecule, or parts of a file."

_log = structlog.get_logger("atomlens.api")


class Observation:
    """Outermost: security headers, log, metrics; an unforeseen error becomes an answer in the one shape."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 0, time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _secure(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception:
            _log.exception("unforeseen error", path=scope["path"])
            if status:
                raise  # part of the answer is gone already
            error = AtomlensError("Something went wrong inside the server; its log says what.", code="internal")
            await error_response(error, 500)(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - begun
            route = getattr(scope.get("route"), "path", None) or "other"
            self._metrics.observe(scope["method"], route, status, seconds)
            _log.debug("request", method=scope["method"], path=scope["path"], status=status, seconds=seconds)


class Heads:
    """HEAD wherever GET is possible: the same answer without its body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        inner = {**scope, "method": "GET"}
        try:
            await self._app(inner, receive, without_body)
        finally:
            # who watches from outside reads it there
            if "route" in inner:
                scope["route"] = inner["route"]


class BodyLimit:
    """Refuses bodies beyond a limit, whether they say their length or not.

    What is still on its way is read and forgotten before the answer: a connection that is closed with unread bytes is
    reset, and the client learns of that in place of the reason.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        message = f"The request is larger than {self._max_bytes:,} bytes, the largest that is read."
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await _forget_rest(receive)
            await error_response(TooLarge(message, hint=LESS))(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            part = await receive()
            received += len(part.get("body", b""))
            if received > self._max_bytes:
                if part.get("more_body", False):
                    await _forget_rest(receive)
                # the framework passes this one through to the handlers of errors
                raise HTTPException(413, message)
            return part

        await self._app(scope, limited, send)


async def _forget_rest(receive: Receive) -> None:
    """Read a body to its end, as far as `FORGOTTEN_BYTES` and `FORGOTTEN_SECONDS` reach."""
    read = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(FORGOTTEN_SECONDS):
            while read < FORGOTTEN_BYTES:
                part = await receive()
                read += len(part.get("body", b""))
                if not part.get("more_body", False):
                    return


class RateLimit:
    """Requests to /api per client within a moving window."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self._app = app
        self._limits = parse_many(rate) if rate else []
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            client = scope["client"][0] if scope.get("client") else "unknown"
            for limit in self._limits:
                if not await self._limiter.hit(limit, client):
                    window = await self._limiter.get_window_stats(limit, client)
                    wait = max(1, math.ceil(window.reset_time - time.time()))
                    error = Busy(
                        f"Too many requests: {limit} are allowed.",
                        code="rate_limited",
                        hint=f"Try again in {wait} seconds.",
                    )
                    await error_response(error, 429, {"Retry-After": str(wait)})(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def _secure(headers: MutableHeaders, path: str) -> None:
    # an embedded view may stand in any page, one on a disk too (which `frame-ancestors *` leaves out); all else in none
    ancestors = "" if path.startswith("/embed/") else "; frame-ancestors 'none'"
    headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}{ancestors}"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
