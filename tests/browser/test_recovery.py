"""A server that goes away and comes back, or has too much to do: the page says so, and goes on by itself."""

from contextlib import ExitStack

import pytest
from browsing import ROOT, serving, tabs
from explorer import wait

pytestmark = pytest.mark.browser


def test_the_page_goes_on_when_its_server_was_stopped_and_started_again(browser, tmp_path):
    with ExitStack() as first, ExitStack() as second:
        base = first.enter_context(serving(tmp_path, ROOT / "models"))
        page = second.enter_context(tabs(browser, base))(refusals=True).open("/?q=water")
        lost = page.page.locator(".connection")
        assert lost.count() == 0
        first.close()
        page.molecule.fill("methanol")
        page.molecule.press("Enter")
        page.alert.wait_for()
        assert "does not answer" in page.alert.inner_text()
        assert "goes on by itself" in lost.inner_text()
        assert len(page.rows()) == 3, "the last explanation stays"
        with serving(tmp_path, ROOT / "models", int(base.rsplit(":", 1)[1])):
            page.until(lambda state: state["molecule"]["formula"] == "CH4O" and state["alert"] is None)
            wait(lambda: lost.count() == 0)
            assert len(page.rows()) == 6
            second.close()


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
