"""A real server on a free port, for tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from atomlens.api.server import configure_logging


@contextmanager
def serving(app) -> Iterator[httpx.Client]:
    """A client of the application behind a real server on a free port."""
    configure_logging("warning")
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            pytest.fail("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60.0, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(30.0)


def wait_until_ready(client: httpx.Client) -> None:
    for _ in range(1_200):
        if client.get("/readyz").status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail(f"the server did not become ready: {client.get('/readyz').text}")
