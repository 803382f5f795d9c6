"""The field of a probe atom around the molecule: isosurfaces, their level, and colours on the envelope."""

import pytest
from explorer import Explorer
from pixels import difference, drawn, tint

pytestmark = pytest.mark.browser

MOLECULE = "NC=O"
SCREEN = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def formamide(lasting_tab) -> Explorer:
    page = lasting_tab(viewport=SCREEN).open()
    page.explain(MOLECULE)
    return page


@pytest.fixture
def potential(formamide) -> Explorer:
    """The potential of a probe carbon around formamide, drawn as it is at first."""
    page = formamide.page
    formamide.quantity.select_option("potential")
    formamide.probe_element.select_option("C")
    page.get_by_role("combobox", name="Networks").select_option("both")
    page.get_by_role("combobox", name="Show").select_option("isosurface")
    page.get_by_role("slider", name="Opacity").fill("65")
    formamide.settled()
    suggested = page.get_by_role("button", name="Suggested level")
    if suggested.count():
        suggested.click()
    page.get_by_role("button", name="Reset the view").click()
    formamide.settled()
    return formamide


def triangles(page: Explorer) -> dict[str, int]:
    return {model: sum(s["triangles"] for s in drawn) for model, drawn in page.state()["surfaces"].items()}


def move_slider(page: Explorer, steps: int) -> None:
    page.isovalue.focus()
    for _ in range(abs(steps)):
        page.page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
    page.until(lambda s: all(len(drawn) == 1 for drawn in s["surfaces"].values()))
    page.settled()


def test_the_surface_is_raised_on_both_pictures(formamide):
    page = formamide
    page.show("potential")
    shown = {one["model"] for one in page.state()["predictions"] if one["property"] == "energy"}
    assert set(triangles(page)) == shown
    assert len(shown) == 2
    assert min(triangles(page).values()) > 500
    for pane in (0, 1):
        picture = page.picture(pane)
        assert drawn(picture) > 0.1
        assert (tint(picture) == -1).mean() > 0.05, "a probe carbon is attracted: the surface is blue"


def test_the_slider_moves_the_surface(potential):
    before, level = potential.picture(), float(potential.isovalue.input_value())
    count = triangles(potential)
    move_slider(potential, -25)
    assert float(potential.isovalue.input_value()) < level
    lower = potential.picture()
    assert difference(lower, before) > 0.03 * drawn(before)
    assert triangles(potential) != count
    assert drawn(lower) < drawn(before), "a lower level lies nearer to the atoms"
    assert potential.isovalue.get_attribute("aria-valuetext").endswith("kcal/mol")


def test_the_surface_is_drawn_at_the_level_that_the_slider_says(potential):
    move_slider(potential, 3)
    level = float(potential.isovalue.input_value()) / 23.060547830619
    for surfaces in potential.state()["surfaces"].values():
        assert [s["level"] for s in surfaces] == [pytest.approx(level, rel=1e-6)]


def test_the_ends_of_the_slider_stay_where_they_are(potential):
    page, ends = potential.page, [potential.isovalue.get_attribute(name) for name in ("min", "max")]
    chosen = potential.isovalue.input_value()
    potential.isovalue.focus()
    for key, end in (("End", ends[1]), ("End", ends[1]), ("Home", ends[0]), ("Home", ends[0])):
        page.keyboard.press(key)
        assert float(potential.isovalue.input_value()) == pytest.approx(float(end))
    plot = page.locator(".histogram-plot").bounding_box()
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] - 5, middle)
    page.mouse.down()
    for beyond in (20, 80, 60):
        page.mouse.move(plot["x"] + plot["width"] + beyond, middle)
        assert float(potential.isovalue.input_value()) == pytest.approx(float(ends[1]))
    page.mouse.up()
    assert [potential.isovalue.get_attribute(name) for name in ("min", "max")] == ends
    potential.isovalue.fill(chosen)
    potential.settled()


def test_the_histogram_stands_above_the_slider(potential):
    chart = potential.page.get_by_role("img", name="How often each value occurs")
    assert chart.locator("path").count() == 2
    assert chart.bounding_box()["y"] < potential.isovalue.bounding_box()["y"]
    assert potential.isovalue.bounding_box()["y"] < SCREEN["height"], (
        "seen together with the pictures, without scrolling"
    )


def test_opacity_changes_how_much_of_the_molecule_shows_through(potential):
    before = potential.picture()
    potential.page.get_by_role("slider", name="Opacity").fill("10")
    clear = potential.picture()
    assert difference(clear, before) > 0.05
    assert (tint(clear) == -1).mean() < (tint(before) == -1).mean()


def test_another_probe_element_gives_another_surface(potential):
    before = potential.picture()
    options = potential.probe_element.locator("option")
    assert [option.get_attribute("value") for option in options.all()] == [
        "H",
        "C",
        "N",
        "O",
        "F",
        "P",
        "S",
        "Cl",
        "Br",
    ]
    potential.probe_element.select_option("H")
    potential.settled()
    assert difference(potential.picture(), before) > 0.01
    assert "probe hydrogen" in potential.page.inner_text("main")


def test_one_network_alone_has_the_whole_width(potential):
    width = potential.panes()[0].bounding_box()["width"]
    potential.page.get_by_role("combobox", name="Networks").select_option("second")
    [pane] = potential.panes()
    assert pane.bounding_box()["width"] > 1.8 * width
    potential.settled()
    assert drawn(potential.picture()) > 0.1


def test_the_envelope_has_both_colours_around_its_median(potential):
    potential.page.get_by_role("combobox", name="Show").select_option("Envelope")
    potential.until(lambda s: all(d[0]["level"] is None for d in s["surfaces"].values()))
    potential.settled()
    for pane in (0, 1):
        seen = tint(potential.picture(pane))
        assert (seen == 1).sum() > 500
        assert (seen == -1).sum() > 500
    assert "Median: BP" in potential.page.get_by_role("group", name="Colour scale").inner_text()
    potential.page.get_by_role("combobox", name="Zero of the colours").select_option("zero")
    seen = tint(potential.picture())
    assert (seen == -1).sum() > 5 * (seen == 1).sum(), "far below the probe far away, everywhere"
    assert potential.isovalue.count() == 0


def test_the_probe_charge_has_a_surface_too(potential):
    potential.show("probe_charge")
    assert min(triangles(potential).values()) > 100
    assert potential.isovalue.get_attribute("aria-valuetext").endswith("e")
