"""A real server process with the released models, and a real browser that talks to it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from explorer import PATIENCE, Explorer, exploring
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
#: Software rendering, so that pictures do not depend on the machine's graphics.
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of `atomlens serve`, ready."""
    folder = tmp_path_factory.mktemp("browser-server")
    log = folder / "log"
    environment = {
        **os.environ,
        "ATOMLENS_DATA_DIR": str(folder / "data"),
        "ATOMLENS_FRONTEND_DIR": str(ROOT / "frontend"),
        "ATOMLENS_MODELS_DIR": str(ROOT / "models"),
        "ATOMLENS_RATE_LIMIT": "",
    }
    command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", "0"]
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


@pytest.fixture(scope="session")
def http(server) -> Iterator[httpx.Client]:
    """The same server, asked directly."""
    with httpx.Client(base_url=f"{server}/api/v1", timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="session")
def explained(http) -> Callable[[str], dict]:
    """What `POST /predictions` says of a molecule, by all models."""

    def ask(text: str) -> dict:
        molecule = http.post("/molecules", json={"format": "auto", "text": text})
        assert molecule.status_code == 200, molecule.text
        answer = http.post("/predictions", json={"molecule": molecule.json()["id"], "models": None})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def _tabs(browser: Browser, server: str) -> Iterator[Callable[..., Explorer]]:
    with ExitStack() as stack:

        def make(*, refusals: bool = False, **options) -> Explorer:
            usual = {"viewport": DESKTOP, "color_scheme": "light", "reduced_motion": "reduce", "locale": "en-GB"}
            context = browser.new_context(**{**usual, **options})
            stack.callback(context.close)
            return stack.enter_context(exploring(context, server, refusals=refusals))

        yield make


@pytest.fixture
def tab(browser, server) -> Iterator[Callable[..., Explorer]]:
    """Makes tabs, each in a fresh browser profile; what must not happen in them is asked for at the end."""
    with _tabs(browser, server) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_tab(browser, server) -> Iterator[Callable[..., Explorer]]:
    """The same for tabs that several tests share, since a first picture takes a slow machine seconds."""
    with _tabs(browser, server) as make:
        yield make


@pytest.fixture
def page(tab) -> Explorer:
    """The opening page on a desktop."""
    return tab().open()


@pytest.fixture
def phone(tab) -> Explorer:
    """The opening page on a phone."""
    return tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
