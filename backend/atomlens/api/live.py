"""The WebSocket /api/v1/live: a molecule in motion. The newest request wins; those it overtakes are never computed.

Requests are JSON (`schemas.LiveRequest`). An answer is one binary message: int32 length of a header, little-endian; the
header, JSON, filled up with blanks to a multiple of four bytes; then, model by model, surfaces as
`GET /fields/{id}/surface` sends them, or float32 values on a grid. What cannot be answered is said in a text message,
`{"id", "error"}`.
"""

from __future__ import annotations

import asyncio
import json
import struct
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from atomlens.api.responses import error_body
from atomlens.api.schemas import LiveRequest
from atomlens.errors import AtomlensError, MalformedInput
from atomlens.service.live import Live, Moment
from atomlens.service.tasks import Seen

router = APIRouter(prefix="/api/v1")

#: Closing codes of RFC 6455: of a connection that ended without one, of a policy, of a server that has no room.
GONE, REFUSED, FULL = 1006, 1008, 1013
#: Connections at a time; further ones are told to come back.
MOST_CONNECTIONS = 200


class _Newest:
    """A place for one request: the newest overwrites what nobody has taken yet."""

    def __init__(self) -> None:
        self._request: LiveRequest | None = None
        self._arrived = asyncio.Event()

    def put(self, request: LiveRequest) -> None:
        self._request = request
        self._arrived.set()

    async def arrived(self) -> None:
        await self._arrived.wait()

    async def take(self) -> LiveRequest:
        while self._request is None:
            self._arrived.clear()
            await self._arrived.wait()
        request, self._request = self._request, None
        self._arrived.clear()
        return request


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Answer one page until it goes."""
    connections: set[WebSocket] = socket.app.state.live
    origin = socket.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
        # a browser on somebody else's page
        await socket.close(REFUSED)
        return
    if len(connections) >= MOST_CONNECTIONS:
        await socket.close(FULL)
        return
    await socket.accept()
    connections.add(socket)
    newest = _Newest()
    tasks = [
        asyncio.ensure_future(_receive(socket, newest)),
        asyncio.ensure_future(_answer(socket, socket.app.state.service.live, newest)),
    ]
    try:
        # a defect in either ends both, and is the framework's to log
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    except WebSocketDisconnect:
        pass  # the page left while it was told something
    finally:
        connections.discard(socket)
        for task in tasks:
            task.cancel()


async def _receive(socket: WebSocket, newest: _Newest) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            newest.put(LiveRequest.model_validate_json(message.get("text") or ""))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or None
            reason = f"{where}: {first['msg']}." if where else f"The request is not valid: {first['msg']}."
            await _refuse(socket, None, MalformedInput(reason, code="invalid_request", field=where))


async def _answer(socket: WebSocket, service: Live, newest: _Newest) -> None:
    while True:
        request = await newest.take()
        looking = asyncio.ensure_future(service.look(_moment(request)))
        try:
            if request.fine:
                # what takes long gives way to the next movement
                overtaken = asyncio.ensure_future(newest.arrived())
                await asyncio.wait({looking, overtaken}, return_when=asyncio.FIRST_COMPLETED)
                overtaken.cancel()
                if not looking.done():
                    continue
            await _send(socket, _packed(request, await looking))
        except AtomlensError as error:
            await _refuse(socket, request.id, error)
        finally:
            looking.cancel()


def _moment(request: LiveRequest) -> Moment:
    fields = request.model_dump(exclude={"id"})
    return Moment(**{**fields, "changes": tuple(fields["changes"])})


def _packed(request: LiveRequest, answers: dict[str, Seen]) -> bytes:
    levels: list[float | None] = [None] if request.envelope is not None else list(request.isovalues)
    models, parts = [], []
    for name, seen in answers.items():
        listed = [
            {"level": level, "bytes": len(surface)}
            for level, surface in zip(levels, seen.surfaces, strict=bool(seen.surfaces))
        ]
        volume = None
        parts += seen.surfaces
        if seen.volume is not None:
            grid, values = seen.volume
            volume = {"origin": grid.origin, "spacing": grid.spacing, "shape": grid.shape, "bytes": len(values)}
            parts.append(values)
        models.append({"model": name, "prediction": seen.prediction, "surfaces": listed, "volume": volume})
    plane = request.plane and request.plane.model_dump()
    whole = {"id": request.id, "fine": request.fine, "plane": plane, "models": models}
    header = json.dumps(whole, allow_nan=False).encode("ascii")
    header += b" " * (-len(header) % 4)
    return struct.pack("<i", len(header)) + header + b"".join(parts)


async def _refuse(socket: WebSocket, identifier: int | None, error: AtomlensError) -> None:
    await _send(socket, json.dumps({"id": identifier, "error": error_body(error)}))


async def _send(socket: WebSocket, message: bytes | str) -> None:
    """Raises `WebSocketDisconnect` where the page is gone."""
    try:
        await (socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message))
    except RuntimeError as error:
        # what the server makes of a message after the end of the connection
        raise WebSocketDisconnect(GONE) from error
