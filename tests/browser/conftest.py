"""A real server process with the released models, and a real browser that talks to it."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from browsing import PHONE, ROOT, serving, tabs
from explorer import PATIENCE, Explorer
from playwright.sync_api import Browser, expect, sync_playwright

from chromium import ARGUMENTS

# five seconds, unless told otherwise: a page that is read anew takes a busy machine longer
expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of `atomlens serve` with the released models, ready."""
    with serving(tmp_path_factory.mktemp("browser-server"), ROOT / "models") as address:
        yield address


@pytest.fixture(scope="session")
def http(server) -> Iterator[httpx.Client]:
    """The same server, asked directly."""
    with httpx.Client(base_url=f"{server}/api/v1", timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="session")
def explained(http) -> Callable[[str], dict]:
    """What `POST /predictions` says of a molecule, by the models that it proposes to show."""

    def ask(text: str, kind: str = "auto") -> dict:
        molecule = http.post("/molecules", json={"format": kind, "text": text})
        assert molecule.status_code == 200, molecule.text
        answer = http.post("/predictions", json={"molecule": molecule.json()["id"], "models": None})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        shown = [choice["model"] for choice in body["choice"]]
        return {**body, "predictions": [found for found in body["predictions"] if found["model"] in shown]}

    return ask


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def tab(browser, server) -> Iterator[Callable[..., Explorer]]:
    """Makes tabs, each in a fresh browser profile; what must not happen in them is asked for at the end."""
    with tabs(browser, server) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_tab(browser, server) -> Iterator[Callable[..., Explorer]]:
    """The same for tabs that several tests share, since a first picture takes a slow machine seconds."""
    with tabs(browser, server) as make:
        yield make


@pytest.fixture
def page(tab) -> Explorer:
    """The opening page on a desktop."""
    return tab().open()


@pytest.fixture
def phone(tab) -> Explorer:
    """The opening page on a phone."""
    return tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
