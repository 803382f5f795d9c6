"""A saved page opens from a folder, without a server or network, and is still the page: it turns, picks and tells."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import DESKTOP
from explorer import PATIENCE, Explorer
from pixels import difference, drawn
from playwright.sync_api import Browser
from test_accessible import violations
from test_reading_page import overlays

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def maker(lasting_tab) -> Explorer:
    """The page from which files are saved, with a potential on the envelope."""
    page = lasting_tab(viewport={"width": 1440, "height": 900}).open("/?example=formamide")
    page.page.get_by_role("combobox", name="Energies in").select_option("kJ/mol")
    page.show("potential")
    page.page.get_by_role("combobox", name="Show", exact=True).select_option("envelope")
    page.settled()
    page.panes()[0].focus()
    for key in ("ArrowRight", "ArrowUp"):
        page.page.keyboard.press(key)
    page.table.locator("tbody tr").nth(1).click()
    page.still()
    return page


@pytest.fixture(scope="module")
def file(maker, tmp_path_factory) -> Path:
    maker.page.get_by_role("button", name="Export", exact=True).click()
    with maker.page.expect_download() as download:
        maker.page.get_by_role("button", name="Save HTML", exact=True).click()
    path = tmp_path_factory.mktemp("saved") / download.value.suggested_filename
    download.value.save_as(path)
    maker.page.keyboard.press("Escape")
    return path


@pytest.fixture
def opened(browser: Browser, file) -> Iterator[Callable[..., Explorer]]:
    """Opens the file in a browser without a network; whatever it asks for is a complaint."""
    contexts = []

    def open_file(**options) -> Explorer:
        usual = {"viewport": DESKTOP, "color_scheme": "dark", "reduced_motion": "reduce", "offline": True}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(1000 * PATIENCE)
        contexts.append(context)
        address = file.as_uri()
        explorer = Explorer(context.new_page(), address)
        context.on("request", lambda request: asked.append(request.url))
        explorer.page.goto(address)
        explorer.page.wait_for_function("() => window.atomlens")
        explorer.still()
        return explorer

    asked: list[str] = []
    yield open_file
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def complaints(page: Explorer) -> list[str]:
    return [said for said in page.complaints if not said.startswith("asked elsewhere: file:")]


def test_it_shows_what_was_saved(maker, file, opened):
    assert re.fullmatch(r"formamide_.*potential_.*envelope\.html", file.name)
    assert file.stat().st_size < 3_000_000
    page = opened(viewport={"width": 1440, "height": 900})
    ours, theirs = maker.state(), page.state()
    for key in ("quantity", "unit", "labels", "layout", "selected", "contributionView", "limits"):
        assert theirs[key] == ours[key], key
    assert theirs["molecule"]["positions"] == ours["molecule"]["positions"]
    assert page.rows() == maker.rows()
    assert page.columns() == maker.columns()
    assert page.camera() == pytest.approx(maker.camera(), abs=1e-9)
    sizes = {model: [s["triangles"] for s in drawn_] for model, drawn_ in ours["surfaces"].items()}
    assert {model: [s["triangles"] for s in drawn_] for model, drawn_ in theirs["surfaces"].items()} == sizes
    legend = page.page.get_by_role("group", name="Colour scale").inner_text()
    assert "Potential from its median, kJ/mol" in legend
    # the maker's theme, although this reader's system is dark
    assert page.page.evaluate("() => document.documentElement.dataset.theme") == "light"
    for pane in (0, 1):
        assert drawn(page.picture(pane)) > 0.05
    assert complaints(page) == []


def test_on_a_phone_the_whole_molecule_is_seen_as_it_was_on_the_desktop(maker, opened):
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.camera()[4:] == maker.camera()[4:]
    assert page.camera()[3] != maker.camera()[3]
    box = page.page.locator(".viewport .picture").first.bounding_box()
    corners = page.page.evaluate(POINTS_IN_FILE)
    assert all(0 <= x <= box["width"] and 0 <= y <= box["height"] for x, y in corners)


#: Where atoms fall on the first picture of a file, which has no modules to ask: as lib/camera.js computes it.
POINTS_IN_FILE = """async () => {
  const [tx, ty, tz, depth, qx, qy, qz, qw] = await window.atomlens.camera();
  const { molecule } = await window.atomlens.state();
  const host = document.querySelector(".viewport .picture");
  const { clientWidth: width, clientHeight: height } = host;
  const lift = Number(getComputedStyle(host).getPropertyValue("--lift")) || 0;
  const slope = Math.tan(Math.PI / 18);
  return molecule.positions.map((p) => {
    const [x, y, z] = [p[0] + tx, p[1] + ty, p[2] + tz];
    const [a, b, c] = [2 * (qy * z - qz * y), 2 * (qz * x - qx * z), 2 * (qx * y - qy * x)];
    const at = [x + qw * a + qy * c - qz * b, y + qw * b + qz * a - qx * c, z + qw * c + qx * b - qy * a];
    const scale = height / (2 * slope * (150 - depth - at[2]));
    const drop = lift * 2 * slope * (150 - depth) / height;
    return [width / 2 + at[0] * scale, height / 2 - (at[1] - drop) * scale];
  });
}"""


def kept_in(page: Explorer) -> dict:
    """What the file holds that is saved by a click now."""
    page.page.get_by_role("button", name="Export", exact=True).click()
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Save HTML", exact=True).click()
    found = re.search(r'id="explanation">(.*?)</script>', Path(download.value.path()).read_text())
    page.page.keyboard.press("Escape")
    return json.loads(found[1])


def test_it_waits_for_the_surface_that_is_being_computed(tab):
    page = tab(viewport={"width": 1440, "height": 900}).open()
    page.explain("CC(=O)C#N")
    page.quantity.select_option("potential")
    kept = kept_in(page)
    state = page.state()
    assert kept["missing"] == []
    surface = kept["surfaces"]["potential"]
    assert surface["mode"] == "isosurface"
    assert surface["level"] == page.level(state)
    assert {model: len(drawn_) for model, drawn_ in surface["drawn"].items()} == {
        model: len(drawn_) for model, drawn_ in state["surfaces"].items()
    }
    assert all(not field["refining"] for field in state["fields"].values())


def test_it_says_what_it_lacks(tab):
    page = tab(refusals=True).open()
    page.explain("CC=O")
    page.page.route("**/api/v1/fields", lambda route: route.fulfill(status=500, json={"error": {"code": "internal"}}))
    kept = kept_in(page)
    assert {one["quantity"] for one in kept["missing"]} == {"potential", "probe_charge"}
    assert {one["model"] for one in kept["missing"]} == {one["model"] for one in kept["predictions"]}


def test_it_turns_picks_and_shows_other_quantities(opened):
    page = opened()
    before = page.picture()
    page.panes()[0].focus()
    for _ in range(4):
        page.page.keyboard.press("ArrowRight")
    page.still()
    assert difference(page.picture(), before) > 0.01
    for name, value in (("charges", "charge"), ("contributions", "contribution")):
        page.quantity.select_option(name)
        assert value in " ".join(page.columns())
        assert page.state()["surfaces"] == {}
        assert drawn(page.picture()) > 0.02
    assert len(page.rows()) == len(page.state()["molecule"]["symbols"])
    # what the picture's description promises to readers without eyes
    page.panes()[0].focus()
    for key in ("n", "n", "Enter"):
        page.page.keyboard.press(key)
    assert len(page.state()["selected"]) == 2, "that of the file, and the one walked to"
    assert re.match(r"Atom \d of 6: .*Selected\.", page.state()["spoken"])
    page.page.keyboard.press("d")
    assert "formamide" in page.state()["spoken"]
    # an atom of the picture is an atom of the table
    box = page.panes()[0].bounding_box()
    page.page.keyboard.press("Escape")
    chosen: set[int] = set()
    shares = [(x / 24, y / 24) for x in range(4, 21) for y in range(6, 21)]
    for x, y in sorted(shares, key=lambda share: (share[0] - 0.5) ** 2 + (share[1] - 0.5) ** 2):
        page.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        chosen |= set(page.state()["selected"])
        if len(chosen) >= 3:
            break
    assert len(chosen) >= 3
    page.table.locator("tbody tr").nth(0).click()
    assert 0 in page.state()["selected"]
    page.quantity.select_option("probe_charge")
    assert all(surface[0]["triangles"] > 500 for surface in page.state()["surfaces"].values())
    page.quantity.select_option("pairs")
    assert page.page.get_by_role("table", name="Pairs").locator("tbody tr").count() >= 5
    page.page.get_by_role("combobox", name="Energies in").select_option("eV")
    assert "eV" in page.page.get_by_role("group", name="Colour scale").inner_text()
    page.page.get_by_role("combobox", name="Theme").select_option("dark")
    assert page.page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert complaints(page) == []


def test_it_says_where_its_numbers_come_from_and_fits_a_phone(maker, opened):
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    origin = page.page.get_by_role("region", name="Where these numbers come from").inner_text()
    for prediction in maker.state()["predictions"]:
        assert prediction["checkpoint"] in origin
    assert "10.1063/1.5019779" in origin
    for name in ("qm9-bp-energy", "qm9-schnet-energy"):
        assert f"({name}): probe C, on the envelope" in origin
    assert page.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    assert complaints(page) == []


def test_arrows_of_forces_are_in_the_file(maker, opened, tmp_path, browser):
    """A file said that it showed forces, and had none."""
    page = maker
    page.quantity.select_option("contributions")
    page.page.get_by_role("combobox", name="Arrows", exact=True).select_option("forces")
    shown = page.until(lambda s: s["forces"])
    note = page.page.locator(".arrow-note").inner_text()
    page.page.get_by_role("button", name="Export", exact=True).click()
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Save HTML", exact=True).click()
    page.page.keyboard.press("Escape")
    path = tmp_path / "forces.html"
    download.value.save_as(path)
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce", offline=True)
    context.set_default_timeout(1000 * PATIENCE)
    saved = Explorer(context.new_page(), path.as_uri())
    saved.page.goto(path.as_uri())
    saved.page.wait_for_function("() => window.atomlens")
    saved.still()
    assert saved.state()["forces"] == shown["forces"]
    assert saved.page.locator(".arrow-note").inner_text() == note
    with_arrows = overlays(saved)
    saved.page.get_by_role("combobox", name="Arrows", exact=True).select_option("none")
    saved.still()
    assert all(a != b for a, b in zip(overlays(saved), with_arrows, strict=True))
    context.close()
