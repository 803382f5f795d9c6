"""Answers: JSON that any client can read, and the one shape of errors."""

from __future__ import annotations

import json
from typing import Any

from fastapi.responses import JSONResponse

from atomlens.errors import (
    AtomlensError,
    Busy,
    Cancelled,
    ComputationFailed,
    Defect,
    Forbidden,
    InputError,
    NotFound,
    StorageError,
    TooLarge,
    UnsupportedMolecule,
)

#: Status by kind of error; the first that fits holds.
STATUS: tuple[tuple[type[AtomlensError], int], ...] = (
    (UnsupportedMolecule, 422),
    (TooLarge, 413),
    (InputError, 400),
    (NotFound, 404),
    (Forbidden, 403),
    (Busy, 503),
    (Defect, 500),
    (ComputationFailed, 503),
    (StorageError, 503),
    (Cancelled, 503),
)
#: Seconds after which asking again makes sense.
RETRY_AFTER = 5


class SafeJSON(JSONResponse):
    """JSON in ASCII: a lone surrogate in somebody's text must not make the answer unsendable."""

    def render(self, content: Any) -> bytes:
        """Encode; refuses NaN and infinity, which JSON has not."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def error_body(error: AtomlensError) -> dict[str, Any]:
    """`{"code", "message", "field", "hint"}`; what concerns the server's own disk is for its log alone."""
    if isinstance(error, StorageError):
        text = "The server cannot keep or find its data now; its log says why."
        return {"code": error.code, "message": text, "field": None, "hint": "Try again in a little while."}
    return {"code": error.code, "message": error.message, "field": error.field, "hint": error.hint}


def status_of(error: AtomlensError) -> int:
    """HTTP status; 500 for what no caller can mend."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def error_response(error: AtomlensError, status: int | None = None, headers: dict[str, str] | None = None) -> SafeJSON:
    """The one shape of errors, with Retry-After where asking again may help."""
    code = status_of(error) if status is None else status
    extra = {"Retry-After": str(RETRY_AFTER)} if code == 503 else {}
    return SafeJSON({"error": error_body(error)}, code, {**extra, **(headers or {})})
