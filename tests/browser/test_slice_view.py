"""The slice: a plane through the field with contours, moved by the slider, by its handle and by a link."""

import numpy as np
import pytest
from explorer import Explorer
from pixels import difference, drawn, tint

pytestmark = pytest.mark.browser

#: Darker than any colour of the scale: a contour.
DARK = 200


@pytest.fixture(scope="module")
def formamide(lasting_tab) -> Explorer:
    page = lasting_tab().open()
    page.explain("NC=O")
    page.show("potential")
    return page


@pytest.fixture
def slice_(formamide) -> Explorer:
    page = formamide.page
    page.get_by_role("combobox", name="Show", exact=True).select_option("slice")
    page.get_by_role("combobox", name="Plane", exact=True).select_option("molecule")
    page.get_by_role("slider", name="Opacity").fill("100")
    page.get_by_role("button", name="Reset the view").click()
    formamide.until(lambda s: all(d and d[0]["level"] is None for d in s["surfaces"].values()))
    formamide.settled()
    return formamide


def offset(page: Explorer) -> float:
    return page.state()["probe"]["slice"]["offset"]


def values(page: Explorer) -> str:
    return page.page.locator(".slice-values").inner_text()


def slider(page: Explorer):
    return page.page.get_by_role("slider", name="Position along its normal", exact=True)


def test_both_pictures_show_the_plane_with_contours(slice_):
    for pane in (0, 1):
        picture = slice_.picture(pane)
        assert drawn(picture) > 0.3
        # how wide the ring of attraction is, is each network's own; without the plane little but the nitrogen is blue
        assert (tint(picture) == -1).mean() > 0.04, "a probe carbon is attracted near the molecule: blue"
        assert (picture.sum(axis=-1) < DARK).mean() > 0.002, "contours"
    assert "A line every 25 kcal/mol" in slice_.page.get_by_role("region", name="Slice", exact=True).inner_text()
    assert values(slice_).startswith(slice_.name("organic-bp-energy"))


def test_the_slider_moves_the_plane_at_once_and_its_numbers_change(slice_):
    before, numbers = slice_.picture(), values(slice_)
    asked = []
    slice_.page.on("request", lambda request: asked.append(request.url))
    slider(slice_).focus()
    for _ in range(12):
        slice_.page.keyboard.press("ArrowRight")
    slice_.until(lambda s: s["probe"]["slice"]["offset"] == pytest.approx(0.6))
    slice_.settled()
    assert difference(slice_.picture(), before) > 0.03
    assert values(slice_) != numbers
    assert slider(slice_).get_attribute("aria-valuetext") == "+0.60 \u00c5"
    assert asked == [], "the field is here already"


def test_the_handle_in_the_picture_pulls_the_plane(slice_):
    slider(slice_).fill("0")
    slice_.settled()
    camera = slice_.camera()
    box = slice_.page.locator(".plane-handle").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    slice_.page.mouse.move(x, y)
    slice_.page.mouse.down()
    slice_.page.mouse.move(x + 6, y - 30, steps=4)
    slice_.page.mouse.up()
    moved = offset(slice_)
    assert abs(moved) > 0.2
    assert slice_.camera() == camera, "the molecule does not turn with it"
    slice_.page.mouse.move(x, y)
    assert offset(slice_) == moved, "let go"


def test_the_plane_turns_to_the_axes_the_camera_and_three_atoms(slice_):
    plane = slice_.page.get_by_role("combobox", name="Plane", exact=True)
    assert plane.locator("option[value=atoms]").is_disabled()
    seen = [slice_.picture()]
    for choice in ("x", "y", "z", "camera"):
        plane.select_option(choice)
        slice_.settled()
        seen.append(slice_.picture())
    for row in (0, 1, 2):
        slice_.table.locator("tbody tr").nth(row).click(modifiers=["Shift"])
        # the profile comes in above the table and moves it
        slice_.until(lambda s, n=row + 1: len(s["selected"]) == n and s["profile"] and s["profile"]["probes"])
    plane.select_option("atoms")
    state = slice_.settled()
    seen.append(slice_.picture())
    assert all(difference(a, b) > 0.01 for i, a in enumerate(seen) for b in seen[:i] if i < 5)
    chosen = state["probe"]["slice"]["plane"]
    for atom in state["selected"]:
        away = np.subtract(state["molecule"]["positions"][atom], chosen["origin"])
        assert abs(away @ np.array(chosen["normal"])) < 1e-9


def test_the_number_on_the_plane_is_shown_under_the_pointer(slice_):
    point = slice_.points()[0]
    box = slice_.panes()[0].bounding_box()
    slice_.page.mouse.move(box["x"] + point["x"] + 2 * point["radius"], box["y"] + point["y"] + 2 * point["radius"])
    readout = slice_.page.locator(".readout")
    readout.wait_for()
    assert "\u03a9(C) \u2248" in readout.inner_text()


def test_a_link_brings_the_plane_back(slice_, tab):
    slice_.page.get_by_role("combobox", name="Plane", exact=True).select_option("y")
    slider(slice_).fill("-0.45")
    slice_.settled()
    slice_.page.get_by_role("button", name="Share", exact=True).click()
    slice_.link.wait_for()
    other = tab().open(slice_.link.input_value().removeprefix(slice_.base))
    state = other.settled()
    assert state["probe"]["mode"] == "slice"
    assert state["probe"]["slice"] == {"orientation": "y", "offset": -0.45, "opacity": 1, "plane": None}
    assert slider(other).input_value() == "-0.45"
    assert difference(other.picture(), slice_.picture()) < 0.01
    slice_.page.get_by_role("button", name="Close", exact=True).click()


def test_the_probe_charge_has_a_slice_too(slice_):
    slice_.show("probe_charge")
    assert "A line every 0.2 e" in slice_.page.get_by_role("region", name="Slice", exact=True).inner_text()
    assert drawn(slice_.picture()) > 0.3
