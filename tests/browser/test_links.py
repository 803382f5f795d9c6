"""Links: what one reader sees, another sees too, in a browser that knows nothing of the first."""

import pytest
from explorer import Explorer
from pixels import difference, drawn

pytestmark = pytest.mark.browser

#: Part of the pixels that may differ between two drawings of the same view.
SAME = 0.001


def share(page: Explorer) -> str:
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    assert not page.link.is_editable(), "the link is there to be copied"
    return page.link.input_value()


def path_of(page: Explorer, link: str) -> str:
    assert link.startswith(page.base)
    return link.removeprefix(page.base)


@pytest.fixture(scope="module")
def shared(lasting_tab) -> Explorer:
    """A view with everything changed that a reader can change."""
    page = lasting_tab().open()
    page.explain("NC=O")
    page.page.get_by_role("combobox", name="Unit").select_option("kJ/mol")
    page.show("potential")
    page.probe_element.select_option("N")
    page.settled()
    page.isovalue.fill("-150")
    page.panes()[0].focus()
    for key in ("ArrowRight", "ArrowUp", "+"):
        page.page.keyboard.press(key)
    page.table.locator("tbody tr").nth(1).click()
    page.settled()
    return page


@pytest.fixture(scope="module")
def path(shared) -> str:
    """Of the link to it."""
    return path_of(shared, share(shared))


def test_an_opened_link_shows_the_same(shared, path, tab):
    assert path.startswith("/v/")
    other = tab().open(path)
    other.settled()
    ours, theirs = shared.state(), other.state()
    for key in ("molecule", "predictions", "quantity", "unit", "labels", "layout", "selected"):
        assert theirs[key] == ours[key], key
    assert other.rows() == shared.rows()
    assert other.columns() == shared.columns()
    assert other.probe_element.input_value() == "N"
    assert other.isovalue.input_value() == shared.isovalue.input_value()
    assert theirs["surfaces"] == ours["surfaces"]
    assert other.camera() == pytest.approx(shared.camera(), abs=1e-9)
    for pane in (0, 1):
        assert difference(other.picture(pane), shared.picture(pane)) < SAME


def test_an_embedded_link_is_the_picture_with_its_legend_alone(path, tab):
    other = tab(viewport={"width": 700, "height": 400}).open(path.replace("/v/", "/embed/"))
    other.settled()
    assert other.table.count() == 0
    assert other.molecule.count() == 0
    left, right = (pane.bounding_box() for pane in other.panes())
    assert left["y"] == right["y"]
    assert left["height"] > 200
    assert drawn(other.picture()) > 0.05
    assert "kJ/mol" in other.page.get_by_role("group", name="Colour scale").inner_text()
    assert other.page.get_by_role("link", name="Open in atomlens").get_attribute("href").startswith("/v/")
    assert other.page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")


def test_a_link_says_when_a_checkpoint_was_replaced_and_keeps_its_numbers(page, tab):
    path = path_of(page, share(page))
    other = tab()

    def replaced(route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["changed"] = ["qm9-bp-energy"]
        for prediction in body["predictions"]:
            prediction["contributions"][0] = 0.5  # what the old checkpoint gave
        route.fulfill(response=answer, json=body)

    other.page.route("**/api/v1/views/*", replaced)
    other.open(path)
    assert other.rows()[0][2].partition("±")[0].strip() == "11.53"
    assert f"other checkpoints have taken the place of {page.name('qm9-bp-energy')} (energy)" in other.page.inner_text(
        "main"
    )
    other.page.get_by_role("button", name="Explain with today's models").click()
    other.until(lambda s: s["opened"] is None)
    assert other.rows() == page.rows()


def test_a_deleted_link_is_gone(page, tab):
    path = path_of(page, share(page))
    page.page.get_by_role("button", name="Delete this link").click()
    page.link.wait_for(state="detached")
    for address in (path, path.replace("/v/", "/embed/")):
        other = tab(refusals=True).open(address)
        other.alert.wait_for()
        assert other.alert.inner_text()
        assert other.rows() == []
        assert other.alert.is_visible()


def test_the_address_of_a_typed_molecule_opens_it_again(page, tab):
    page.explain("CC#N")
    other = tab().open(path_of(page, page.page.url))
    assert other.state()["molecule"]["formula"] == "C2H3N"
    assert other.rows() == page.rows()
