"""Mapping of errors to answers: ours, those of validation, and those of the framework."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from atomlens.api.responses import error_response, status_of
from atomlens.errors import AtomlensError

_log = structlog.get_logger("atomlens.api")

_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def add_error_handlers(app: FastAPI) -> None:
    """Every error leaves in one shape."""

    @app.exception_handler(AtomlensError)
    async def ours(_: Request, error: AtomlensError) -> Response:
        if status_of(error) == 500:
            _log.error("internal error", code=error.code, message=error.message)
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or None
        if first["type"] == "json_invalid":
            where = None
        message = f"{where}: {first['msg']}." if where else f"The request is not valid: {first['msg']}."
        return error_response(
            AtomlensError(message, code="invalid_request", field=where, hint="See /api/v1/openapi.json."), 400
        )

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "invalid_request" if error.status_code < 500 else "internal")
        text = {
            404: f"There is nothing at {request.url.path}.",
            405: f"{request.method} is not possible at {request.url.path}.",
        }.get(error.status_code)
        standard = HTTPStatus(error.status_code).phrase
        message = text or (error.detail if error.detail != standard else f"{standard}.")
        return error_response(AtomlensError(message, code=code), error.status_code, dict(error.headers or {}))
