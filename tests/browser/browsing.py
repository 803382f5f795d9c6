"""A real server process, and tabs of a real browser that talk to it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest
from explorer import PATIENCE, Explorer, exploring
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}


@cache
def build_page() -> None:
    """What the browser is to load, from the modules as they are now."""
    built = subprocess.run(["node", "build.mjs"], cwd=ROOT / "frontend", capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr


@contextmanager
def serving(folder: Path, models: Path, port: int = 0) -> Iterator[str]:
    """Address of `atomlens serve`, ready, with data of its own under `folder`; port 0: any."""
    build_page()
    log = folder / "log"
    environment = {
        **os.environ,
        "ATOMLENS_DATA_DIR": str(folder / "data"),
        "ATOMLENS_FRONTEND_DIR": str(ROOT / "frontend"),
        "ATOMLENS_MODELS_DIR": str(models),
        "ATOMLENS_RATE_LIMIT": "",
    }
    command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", str(port)]
    with log.open("w") as output, subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process:
        try:
            yield _ready(process, log)
        finally:
            process.terminate()


def _ready(process: subprocess.Popen, log: Path) -> str:
    end = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found and httpx.get(f"{found[0]}/readyz").status_code == 200:
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"the server did not become ready:\n{log.read_text()[-2000:]}")


@contextmanager
def tabs(browser: Browser, server: str) -> Iterator[Callable[..., Explorer]]:
    with ExitStack() as stack:

        def make(*, refusals: bool = False, **options) -> Explorer:
            usual = {"viewport": DESKTOP, "color_scheme": "light", "reduced_motion": "reduce", "locale": "en-GB"}
            context = browser.new_context(**{**usual, **options})
            stack.callback(context.close)
            return stack.enter_context(exploring(context, server, refusals=refusals))

        yield make
