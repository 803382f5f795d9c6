"""A server that goes away and comes back, or has too much to do: the page says so, and goes on by itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import pytest
from browsing import ROOT, serving, tabs
from explorer import Explorer, wait
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Outage:
    """A page that has lost its server. base: the server's address; page: what was opened of it; end: of the outage."""

    base: str
    page: Explorer
    end: Callable[[], AbstractContextManager[None]]


@contextmanager
def outage(browser, tmp_path, path: str) -> Iterator[Outage]:
    """The page at this path, whose server is stopped once it stands; `Outage.end` starts it again."""
    with ExitStack() as server, ExitStack() as pages:
        base = server.enter_context(serving(tmp_path, ROOT / "models"))
        page = pages.enter_context(tabs(browser, base))(refusals=True).open(path)
        page.until(lambda state: state["busy"] is None and state["molecule"])
        assert page.page.locator(".connection").count() == 0
        server.close()

        @contextmanager
        def end() -> Iterator[None]:
            with serving(tmp_path, ROOT / "models", int(base.rsplit(":", 1)[1])):
                yield
                # before its server goes, whose absence it would report
                pages.close()

        yield Outage(base, page, end)


def test_the_page_goes_on_when_its_server_was_stopped_and_started_again(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=water") as lost_server:
        page = lost_server.page
        lost = page.page.locator(".connection")
        page.molecule.fill("methanol")
        page.molecule.press("Enter")
        page.alert.wait_for()
        assert "does not answer" in page.alert.inner_text()
        assert "goes on by itself" in lost.inner_text()
        assert len(page.rows()) == 3, "the last explanation stays"
        with lost_server.end():
            page.until(lambda state: state["molecule"]["formula"] == "CH4O" and state["alert"] is None)
            wait(lambda: lost.count() == 0)
            assert len(page.rows()) == 6


def test_a_server_that_stays_busy_is_asked_again_after_the_time_that_it_names(tab):
    page = tab(refusals=True).open("/?q=water")
    asked = []

    def busy(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 4:  # as often as one request is repeated
            route.continue_()
            return
        error = {"code": "rate_limited", "message": "Too many requests.", "field": None, "hint": "Wait."}
        route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": error})

    page.page.route("**/api/v1/predictions", busy)
    page.molecule.fill("methanol")
    page.molecule.press("Enter")
    wait(lambda: "busy" in (page.state()["busy"] or ""), lambda: "the status says that the server is busy")
    page.alert.wait_for()
    assert "asks again by itself in 5 seconds" in page.alert.inner_text()
    page.until(lambda state: state["molecule"]["formula"] == "CH4O" and state["alert"] is None)
    assert len(asked) == 5


def test_a_relaxation_for_which_no_worker_was_free_is_asked_for_anew(tab):
    page = tab(refusals=True).open("/?q=water")
    asked = []

    def begin(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
        else:
            route.fulfill(status=202, json={"job": "none", "status": "queued", "result": "/api/v1/relaxations/none"})

    error = {"code": "no_worker", "message": "No worker was free within 30 seconds.", "field": None, "hint": "Wait."}
    failed = {"id": "none", "status": "failed", "progress": 0, "result": None, "error": error}
    page.page.route("**/api/v1/relaxations", begin)
    page.page.route("**/api/v1/jobs/none", lambda route: route.fulfill(json=failed))
    page.page.get_by_role("button", name="Relax", exact=True).click()
    page.alert.wait_for()
    assert "asks again by itself in 5 seconds" in page.alert.inner_text()
    assert page.alert.get_by_role("button", name="Try again", exact=True).is_visible()
    page.until(lambda state: state["relaxation"] is not None and state["alert"] is None)
    assert len(asked) == 2


def _first_of_a_server_before(page, path: str) -> list[str]:
    """The first job at `path` is of a server that was started anew since; all that are asked for."""
    asked: list[str] = []

    def begin(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
        else:
            route.fulfill(status=202, json={"job": "before", "status": "queued", "result": f"/api/v1/{path}/before"})

    page.page.route(f"**/api/v1/{path}", begin)
    return asked


def test_a_relaxation_that_a_restarted_server_has_forgotten_is_asked_for_anew(tab):
    page = tab(refusals=True).open("/?q=water")
    asked = _first_of_a_server_before(page, "relaxations")
    page.page.get_by_role("button", name="Relax", exact=True).click()
    page.until(lambda state: state["relaxation"] is not None and state["alert"] is None)
    assert len(asked) == 2


def test_a_table_that_a_restarted_server_has_forgotten_is_asked_for_anew(tab):
    page = tab(refusals=True).open("/batch")
    asked = _first_of_a_server_before(page, "batches")
    page.page.get_by_role("textbox", name="Molecules, one a line").fill("CO\nCCO\n")
    page.page.get_by_role("button", name="Predict", exact=True).click()
    batch = page.until(lambda state: state["batch"] is not None and state["batching"] is None)["batch"]
    assert len(batch["rows"]) == 2
    assert len(asked) == 2


def test_all_that_was_refused_is_done_in_its_order_once_the_server_is_back(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=pyrrole") as lost_server:
        page = lost_server.page
        page.quantity.select_option("potential")
        page.until(lambda state: state["alert"] and state["alert"]["place"] == "probe")
        page.molecule.fill("aniline")
        page.molecule.press("Enter")
        page.until(lambda state: state["alert"] and state["alert"]["place"] == "molecule")
        page.page.get_by_role("button", name="Share", exact=True).click()
        page.until(lambda state: state["alert"] and state["alert"]["place"] == "share")
        with lost_server.end():
            state = page.until(lambda state: state["share"] is not None)
            assert state["molecule"]["formula"] == "C6H7N"
            link = httpx.get(f"{lost_server.base}/api/v1/views/{state['share']['id']}").json()
            assert link["molecule"]["formula"] == "C6H7N"
            assert link["state"]["quantity"] == "potential"
            page.until(lambda state: state["fields"])
            assert page.settled()["alert"] is None


def test_the_potential_comes_though_a_link_was_asked_for_after_it(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=pyrrole") as lost_server:
        page = lost_server.page
        page.quantity.select_option("potential")
        page.until(lambda state: state["alert"] and state["alert"]["place"] == "probe")
        page.page.get_by_role("button", name="Share", exact=True).click()
        page.until(lambda state: state["alert"] and state["alert"]["place"] == "share")
        with lost_server.end():
            page.until(lambda state: state["share"] is not None and state["fields"])
            assert page.settled()["alert"] is None


def test_a_page_that_nobody_would_send_is_not_left_for(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=water") as lost_server:
        page = lost_server.page
        page.molecule.fill("methanol")
        page.molecule.press("Enter")
        page.until(lambda state: state["offline"])
        elements = page.page.get_by_role("navigation").get_by_role("link", name="Elements", exact=True)
        elements.click()
        expect(page.alert).to_contain_text("what is shown here stays")
        assert page.page.evaluate("() => location.href") == f"{lost_server.base}/?q=water"
        assert len(page.rows()) == 3
        # a part that is loaded when it is asked for is as little there, and comes with the connection
        page.page.get_by_role("button", name="Menu and settings", exact=True).click()
        page.page.get_by_role("banner").get_by_role("button", name="Show me around", exact=True).click()
        expect(page.alert).to_contain_text("does not answer")
        with lost_server.end():
            page.until(lambda state: state["molecule"]["formula"] == "CH4O" and not state["offline"])
            page.page.locator(".driver-popover.tour").wait_for()
            assert page.state()["alert"] is None
            page.page.keyboard.press("Escape")
            elements.click()
            page.page.wait_for_url("**/embeddings*")


def test_the_first_link_after_the_server_is_lost_keeps_the_page_too(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=water") as lost_server:
        page = lost_server.page
        assert not page.state()["offline"], "nothing was asked since"
        page.page.get_by_role("navigation").get_by_role("link", name="Elements", exact=True).click()
        expect(page.alert).to_contain_text("what is shown here stays")
        assert page.page.evaluate("() => location.href") == f"{lost_server.base}/?q=water"
        assert len(page.rows()) == 3
        with lost_server.end():
            page.until(lambda state: not state["offline"])


def test_parts_of_the_page_that_were_not_loaded_are_once_the_server_is_back(browser, tmp_path):
    with outage(browser, tmp_path, "/?q=water") as lost_server:
        page = lost_server.page
        page.page.get_by_role("button", name="Menu and settings", exact=True).click()
        page.page.get_by_role("combobox", name="Language", exact=True).select_option("de")
        expect(page.alert).to_contain_text("does not answer")
        page.page.keyboard.press("Escape")
        page.page.get_by_role("button", name="Draw the molecule", exact=True).click()
        dialog = page.page.get_by_role("dialog")
        expect(dialog.get_by_role("alert")).to_contain_text("does not answer")
        expect(dialog.locator(".sketch-loading")).to_have_count(0)
        with lost_server.end():
            page.page.wait_for_selector(".sketch-host[data-ready=true]")
            expect(page.page.get_by_role("heading", name="Ein Molekül zeichnen")).to_have_count(1)
            assert page.state()["alert"] is None
