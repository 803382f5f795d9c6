"""Mapping of errors to answers: ours, those of validation, and those of the framework."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from atomlens.api.middleware import LESS
from atomlens.api.nothing_here import nothing_here, wants_page
from atomlens.api.responses import error_response, status_of
from atomlens.errors import AtomlensError, StorageError

_log = structlog.get_logger("atomlens.api")

_SEE = "See /api/v1/openapi.json."
#: What the framework says of a body that the reader of JSON gives up.
_UNPARSABLE = "There was an error parsing the body"
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def add_error_handlers(app: FastAPI) -> None:
    """Every error leaves in one shape."""

    @app.exception_handler(AtomlensError)
    async def ours(_: Request, error: AtomlensError) -> Response:
        if status_of(error) == 500 or isinstance(error, StorageError):
            _log.error("internal error", code=error.code, message=error.message)
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        message, where = _in_words(request, error.errors()[0])
        return error_response(AtomlensError(message, code="invalid_request", field=where, hint=_SEE), 400)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and wants_page(request):
            # one address answers programs in JSON: what is kept must not be mixed up
            headers = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language"}
            return HTMLResponse(nothing_here(request), 404, headers)
        code = _CODES.get(error.status_code, "invalid_request" if error.status_code < 500 else "internal")
        text = {
            404: f"There is nothing at {request.url.path}.",
            405: f"{request.method} is not possible at {request.url.path}.",
        }.get(error.status_code)
        standard = HTTPStatus(error.status_code).phrase
        message, hint = text or (error.detail if error.detail != standard else f"{standard}."), None
        if error.detail == _UNPARSABLE:
            message, hint = (
                "The body is no JSON that can be read: it is no UTF-8, nested too deep, or a number is too long.",
                _SEE,
            )
        if error.status_code == 413:
            hint = LESS
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(request))
        return error_response(AtomlensError(message, code=code, hint=hint), error.status_code, headers)


def _methods(request: Request) -> list[str]:
    """What is possible at the address: the framework names those of the first route alone."""
    asked = [{**request.scope, "method": method} for method in _METHODS]
    found = [scope["method"] for scope in asked if any(r.matches(scope)[0] == Match.FULL for r in request.app.routes)]
    return sorted([*found, "HEAD"] if "GET" in found else found)


def _in_words(request: Request, first: dict[str, Any]) -> tuple[str, str | None]:
    """A sentence for the first thing that is wrong with a request, and the field that it is about."""
    reason = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "json_invalid":
        place = first["loc"][-1]
        return f"The body is no JSON: {first['ctx']['error'].lower()} (character {place}).", None
    where = ".".join(str(part) for part in first["loc"][1:]) or None
    if where is not None:
        return f"{where}: {reason}.", where
    if first["loc"] == ("body",) and first["type"] in ("missing", "model_attributes_type"):
        sent = request.headers.get("content-type", "nothing")
        if sent.partition(";")[0].strip().lower() == "application/json":
            return "The body has to be a JSON object: names with their values, in braces.", None
        return f"The body has to be a JSON object, sent with Content-Type: application/json (not {sent}).", None
    return f"The request is not valid: {reason}.", None
