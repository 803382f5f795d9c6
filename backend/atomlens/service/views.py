"""Use cases of views: links that keep the numbers which they showed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from datetime import UTC
from typing import Any

from atomlens import __version__
from atomlens.errors import Forbidden, MalformedInput, NotFound, TooLarge
from atomlens.service.models import Models
from atomlens.service.png import plain_png, size_of
from atomlens.service.predictions import Predictions
from atomlens.storage.blobs import BlobStore
from atomlens.storage.database import Database
from atomlens.storage.tables import ViewRow

#: Largest state of a view, bytes of JSON.
MAX_STATE_BYTES = 65_536
#: Deepest nesting of a state: more is no state of a page, and the readers of JSON give up at some depth.
MAX_STATE_DEPTH = 64


class Views:
    """Shared links."""

    def __init__(self, database: Database, blobs: BlobStore, predictions: Predictions, models: Models) -> None:
        self._database = database
        self._blobs = blobs
        self._predictions = predictions
        self._models = models

    async def create(self, state: dict[str, Any]) -> dict[str, str]:
        """Keep a state with its molecule and predictions: `{"id", "url", "delete_token"}`.

        Raises `MalformedInput` for a state that names no molecule or is no JSON, `TooLarge` for one beyond
        `MAX_STATE_BYTES`, `NotFound` for a molecule that is not stored.
        """
        _check_state(state)
        molecule, names = _named(state)
        answer = await self._predictions.predict(molecule, names, "state.molecule")
        identifier, token = secrets.token_urlsafe(9), secrets.token_urlsafe(24)
        row = ViewRow(
            id=identifier,
            version=__version__,
            state=state,
            molecule=answer["molecule"],
            predictions=answer["predictions"],
            checkpoints={p["model"]: p["checkpoint"] for p in answer["predictions"]},
            token_hash=_hash(token),
        )
        await self._database.save_view(row)
        return {"id": identifier, "url": f"/v/{identifier}", "delete_token": token}

    async def get(self, identifier: str) -> dict[str, Any]:
        """What was shared, and which models have changed since; raises `NotFound`."""
        row = await self._row(identifier)
        today = self._models.checkpoints()
        return {
            "id": row.id,
            # SQLite forgets the zone, which is that of UTC
            "created": row.created.replace(tzinfo=row.created.tzinfo or UTC).isoformat(),
            "version": row.version,
            "state": row.state,
            "molecule": row.molecule,
            "predictions": row.predictions,
            "checkpoints": row.checkpoints,
            "changed": [name for name, sha in row.checkpoints.items() if today.get(name) != sha],
        }

    async def keep_picture(self, identifier: str, token: str, data: bytes) -> None:
        """Keep a link's picture (PNG), in place of an earlier one.

        Raises `NotFound`, `Forbidden`; `MalformedInput`, `TooLarge` for what is no such picture.
        """
        await self._owned(identifier, token)
        picture = await asyncio.to_thread(plain_png, data)
        await asyncio.to_thread(self._blobs.put, _picture_key(identifier), picture)

    async def picture(self, identifier: str) -> bytes:
        """A link's picture, PNG; raises `NotFound` where it has none, or is none."""
        await self._row(identifier)
        found = await asyncio.to_thread(self._blobs.get, _picture_key(identifier))
        if found is None:
            raise NotFound("This link has no picture.", code="no_picture", field="id")
        return found

    async def picture_size(self, identifier: str) -> tuple[int, int] | None:
        """Its width and height, pixels; None where there is none."""
        found = await asyncio.to_thread(self._blobs.get, _picture_key(identifier))
        return None if found is None else size_of(found)

    async def delete(self, identifier: str, token: str) -> None:
        """Remove a link and its picture; raises `NotFound`, `Forbidden`."""
        await self._owned(identifier, token)
        await self._database.delete_view(identifier)
        await asyncio.to_thread(self._blobs.delete, _picture_key(identifier))

    async def _owned(self, identifier: str, token: str) -> ViewRow:
        """The link, if this is its token; raises `NotFound`, `Forbidden`."""
        row = await self._row(identifier)
        if not hmac.compare_digest(row.token_hash, _hash(token)):
            raise Forbidden(
                "This is not the link's delete token.",
                field="X-Delete-Token",
                hint="The token was given once, when the link was made.",
            )
        return row

    async def _row(self, identifier: str) -> ViewRow:
        row = await self._database.view(identifier)
        if row is None:
            raise NotFound(
                "There is no such link.",
                code="unknown_view",
                field="id",
                hint="It may have been deleted, or the address is incomplete.",
            )
        return row


def _check_state(state: dict[str, Any]) -> None:
    """Raise `MalformedInput` for what is no JSON that everybody can read, `TooLarge` beyond the limit."""
    if _depth(state) > MAX_STATE_DEPTH:
        raise MalformedInput(f"The state is nested more than {MAX_STATE_DEPTH} levels deep.", field="state")
    try:
        size = len(json.dumps(state, allow_nan=False, ensure_ascii=False).encode("utf-8"))
    except ValueError as error:
        raise MalformedInput(
            "The state holds NaN, infinity or half a character: it is no JSON.", field="state"
        ) from error
    if size > MAX_STATE_BYTES:
        raise TooLarge(f"The state has {size:,} bytes of JSON; at most {MAX_STATE_BYTES:,} are kept.", field="state")


def _depth(value: Any) -> int:
    """Levels of lists and objects; looks no deeper than one beyond the limit."""
    level, depth = [value], 0
    while level and depth <= MAX_STATE_DEPTH:
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth


def _named(state: dict[str, Any]) -> tuple[str, list[str] | None]:
    molecule, names = state.get("molecule"), state.get("models")
    if not isinstance(molecule, str):
        raise MalformedInput("The state names no molecule.", field="state.molecule")
    if names is not None and not (isinstance(names, list) and all(isinstance(n, str) for n in names)):
        raise MalformedInput("The state's models are a list of names.", field="state.models")
    return molecule, names


def _picture_key(identifier: str) -> str:
    # an identifier may begin with - or _ and is as long as a caller likes: a key may not be
    return f"picture-{hashlib.sha256(identifier.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
