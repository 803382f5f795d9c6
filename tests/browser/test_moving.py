"""A molecule in motion: dragged atoms, the keyboard, and surfaces that follow the dial."""

import numpy as np
import pytest
from explorer import KCAL_PER_EV, Explorer
from pixels import difference
from test_alchemy_panel import dial, open_alchemy
from test_explaining import numbers, shown_values

pytestmark = pytest.mark.browser


def take_hand(page: Explorer):
    button = page.page.get_by_role("button", name="Move atoms", exact=True)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    return button


def where(page: Explorer, atom: int) -> tuple[float, float]:
    """An atom on the screen, in the first pane."""
    box = page.page.locator(".viewport .picture").first.bounding_box()
    point = page.points()[atom]
    return box["x"] + point["x"], box["y"] + point["y"]


def hold(page: Explorer, atom: int) -> None:
    """Take an atom by the hand and move it, without letting go."""
    take_hand(page)
    x, y = where(page, atom)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 12, y + 8)
    page.page.mouse.move(x + 30, y + 20)


def live_keys(state: dict) -> bool:
    return any(surface["key"].startswith("live ") for drawn in state["surfaces"].values() for surface in drawn)


def test_a_dragged_atom_takes_values_along_and_its_geometry_is_kept(tab, http):
    page = tab().open("/?q=methanol")
    page.settled()
    start, camera = page.state(), page.camera()
    take_hand(page)
    x, y = where(page, 1)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(1, 6):
        page.page.mouse.move(x + 6 * step, y + 4 * step)
    page.until(lambda s: s["moving"] and s["predictions"][0]["total"] != start["predictions"][0]["total"])
    held = page.state()
    assert held["molecule"]["id"] == start["molecule"]["id"], "nothing is kept while the hand holds it"
    page.page.mouse.up()
    after = page.until(lambda s: s["molecule"]["id"] != start["molecule"]["id"] and s["moving"] is None)
    moved = np.array(after["molecule"]["positions"]) - np.array(start["molecule"]["positions"])
    assert np.linalg.norm(moved[1]) > 0.1
    assert np.abs(np.delete(moved, 1, axis=0)).max() == 0.0
    assert after["molecule"]["geometry"]["source"] == "moved by hand"
    assert after["molecule"]["bonds"] == start["molecule"]["bonds"]
    assert page.camera() == pytest.approx(camera), "the picture does not jump"
    asked = http.post("/predictions", json={"molecule": after["molecule"]["id"]}).json()["predictions"]
    # of a geometry that no minimum is like, models that know such geometries may be chosen
    names = [p["model"] for p in after["predictions"] if p["model"].endswith("energy")]
    for family in ("bp", "schnet"):
        (name,) = (name for name in names if f"-{family}-" in name)
        (wanted,) = (p["contributions"] for p in asked if p["model"] == name)
        shown = numbers(shown_values(page, family, "energy"))
        assert shown == pytest.approx([value * KCAL_PER_EV for value in wanted], abs=0.006)
    page.page.get_by_role("button", name="Undo", exact=True).first.click()
    page.until(lambda s: s["molecule"]["id"] == start["molecule"]["id"] and not s["before"])


def test_what_is_undone_while_the_hand_still_holds_it_is_let_go(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    start = page.state()["molecule"]["id"]
    hold(page, 1)
    page.until(lambda s: s["moving"])
    page.page.keyboard.press("Control+z")
    page.until(lambda s: s["moving"] is None)
    x, y = where(page, 0)
    page.page.mouse.move(x + 60, y + 60)
    page.page.mouse.move(x + 90, y + 80)
    assert page.state()["moving"] is None
    page.page.mouse.up()
    page.settled()
    after = page.state()
    assert (after["molecule"]["id"], after["moving"]) == (start, None)


def test_without_the_hand_a_drag_turns_the_picture(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    camera = page.camera()
    x, y = where(page, 1)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 40, y + 10, steps=4)
    page.page.mouse.up()
    page.still()
    assert page.camera() != camera
    assert page.state()["moving"] is None


def test_alt_and_arrows_move_the_selected_atom(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    start = page.state()
    take_hand(page)
    page.page.evaluate("() => undefined")
    page.page.mouse.click(*where(page, 1))
    page.until(lambda s: s["selected"] == [1])
    page.panes()[0].focus()
    for _ in range(3):
        page.page.keyboard.press("Alt+ArrowRight")
    after = page.until(lambda s: s["molecule"]["id"] != start["molecule"]["id"] and s["moving"] is None)
    moved = np.array(after["molecule"]["positions"]) - np.array(start["molecule"]["positions"])
    assert np.linalg.norm(moved[1]) == pytest.approx(0.15, abs=1e-6)
    assert after["selected"] == [1]


def test_a_surface_follows_the_hand_coarse_and_then_fine(tab):
    page = tab().open("/?q=methanol")
    page.show("potential")
    start, before = page.state(), page.picture()
    hold(page, 1)
    page.until(live_keys)
    page.page.mouse.up()
    after = page.until(lambda s: s["molecule"]["id"] != start["molecule"]["id"])
    page.settled()
    state = page.state()
    assert not live_keys(state)
    assert after["molecule"]["id"] == state["molecule"]["id"]
    assert difference(before, page.picture()) > 0.01


def test_a_surface_follows_the_dial_and_returns_with_it(tab):
    page = tab().open()
    open_alchemy(page, "methane → ammonia → water")
    page.show("potential")
    own = page.picture()
    dial(page).fill("60")
    page.until(live_keys)
    # coarse first, then as fine as the field of a molecule at rest
    page.until(lambda s: live_keys(s) and min(d[0]["triangles"] for d in s["surfaces"].values()) > 1500)
    assert difference(own, page.picture()) > 0.005
    dial(page).fill("0")
    page.until(lambda s: not live_keys(s))
    page.settled()
    assert difference(own, page.picture()) < 0.002


def test_a_slice_follows_the_hand(tab):
    page = tab().open("/?q=methanol")
    page.show("potential")
    page.page.get_by_role("region", name="Probe").get_by_role("combobox", name="Show").select_option("slice")
    page.settled()
    hold(page, 1)
    page.until(live_keys)
    page.page.mouse.up()
    page.until(lambda s: s["molecule"]["geometry"]["source"] == "moved by hand")
    page.settled()
    assert not live_keys(page.state())


def test_a_link_opens_on_the_way_where_the_dial_stood(tab):
    page = tab().open()
    open_alchemy(page, "methane → ammonia → water")
    dial(page).fill("50")
    page.until(lambda s: s["alchemy"]["lambda"] == 0.5)
    shown = shown_values(page, "schnet", "energy")
    page.page.get_by_role("button", name="Share", exact=True).click()
    address = page.link.input_value()
    other = tab()
    other.page.goto(address)
    other.page.evaluate("() => window.atomlens.ready")
    other.until(lambda s: s["alchemy"] is not None and s["alchemy"]["answer"] is not None)
    assert other.state()["alchemy"]["lambda"] == 0.5
    assert shown_values(other, "schnet", "energy") == shown
    assert dial(other).input_value() == "50"
