"""Bodies beyond the limit over a real connection: a client that sends to the end before it reads gets the reason."""

from __future__ import annotations

import http.client
import threading
import time
import types
from collections.abc import Iterator
from contextlib import closing
from itertools import repeat

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from atomlens.api import middleware
from atomlens.api.middleware import BodyLimit
from atomlens.api.server import listen

LIMIT, SENT = 1_000, 30_000_000


async def reader(request):
    await request.body()
    return PlainTextResponse("read")


APP = Starlette(routes=[Route("/", reader, methods=["POST"])])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = uvicorn.Server(uvicorn.Config(BodyLimit(APP, LIMIT), lifespan="off", log_level="warning"))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def answer(port: int, body, headers=types.MappingProxyType({}), **options) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        # as urllib does: a connection that is kept would be read to its end by the server itself
        connection.request("POST", "/", body, headers={"Connection": "close", **headers}, **options)
        found = connection.getresponse()
        return found.status, found.read()


def test_a_client_that_sends_much_learns_why_it_is_refused(port):
    status, text = answer(port, b" " * SENT)
    assert status == 413
    assert b"larger than 1,000 bytes" in text


def test_so_does_one_that_does_not_say_how_much(port):
    pieces = repeat(b" " * 100_000, SENT // 100_000)
    assert answer(port, pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"})[0] == 413
    assert answer(port, b" " * LIMIT) == (200, b"read")


def test_a_body_that_never_ends_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(middleware, "FORGOTTEN_SECONDS", 0.2)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(SENT))
        connection.endheaders()
        connection.send(b"begun")
        began = time.monotonic()
        assert connection.getresponse().status == 413
        assert time.monotonic() - began < 30
