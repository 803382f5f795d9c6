"""Relax on the page: the button, the way with its dial and curves, and the molecule at the end."""

import re

import numpy as np
import pytest
from explorer import KCAL_PER_EV, Explorer
from pixels import difference
from test_explaining import numbers, shown_values

pytestmark = pytest.mark.browser

MODEL = "qm9-schnet-energy"


def press(page: Explorer) -> dict:
    page.page.get_by_role("combobox", name="Relax with").select_option(MODEL)
    page.page.get_by_role("button", name="Relax", exact=True).click()
    return page.until(lambda state: state["relaxation"] is not None)


def dial(page: Explorer):
    return page.page.get_by_role("slider", name="Step", exact=True)


def places(page: Explorer) -> np.ndarray:
    return np.array([[point["x"], point["y"]] for point in page.points()])


def test_the_relaxed_molecule_takes_the_place_of_the_old_one_and_the_way_can_be_followed(tab, http):
    page = tab().open("/?example=methanol")
    page.settled()
    page.still()
    start, before = page.state(), page.picture()
    state = press(page)
    page.settled()
    answer = http.post("/relaxations", json={"molecule": start["molecule"]["id"], "model": MODEL}).json()
    assert state["molecule"]["id"] == answer["molecule"]["id"] != start["molecule"]["id"]
    assert state["molecule"]["positions"] == answer["positions"][-1]
    assert page.page.get_by_text(f"Geometry: relaxed with {MODEL}", exact=True).is_visible()
    assert page.page.get_by_role("status").filter(has_text=f"Relaxed with {page.name(MODEL)}").count() == 1
    last = numbers(shown_values(page, "schnet", "energy"))
    assert last == pytest.approx([value * KCAL_PER_EV for value in answer["contributions"][-1]], abs=0.006)
    assert difference(before, page.picture()) > 0.001, "atoms stand elsewhere"

    region = page.page.get_by_role("region", name="Relaxation")
    lower = (answer["energies"][0] - answer["energies"][-1]) * KCAL_PER_EV
    said = re.search(r"lower by ([\d.]+)\skcal/mol", region.inner_text())
    assert float(said[1]) == pytest.approx(lower, abs=0.006)
    assert len(page.panes()) == 2
    at_rest = places(page)
    dial(page).fill("0")
    page.until(lambda now: now["relaxation"]["frame"] == 0)
    first = numbers(shown_values(page, "schnet", "energy"))
    assert first == pytest.approx([value * KCAL_PER_EV for value in answer["contributions"][0]], abs=0.006)
    assert len(page.panes()) == 2, "the networks stay on the way"
    shown = page.state()
    assert {one["model"] for one in shown["predictions"]} == {one["model"] for one in start["predictions"]}
    for passing, whole in zip(shown["predictions"], start["predictions"], strict=True):
        assert passing["contributions"] == pytest.approx(whole["contributions"], abs=1e-8), passing["model"]
    rested = page.until(lambda now: now["relaxation"]["rest"] == 0 and now["busy"] is None)
    assert len(page.panes()) == 2
    assert (rested["molecule"]["id"], rested["predictions"]) == (start["molecule"]["id"], start["predictions"])
    assert f"{lower:.2f}" in region.inner_text()
    energy = region.get_by_role("img", name="above the end of the relaxation").locator("polyline")
    assert len(energy.get_attribute("points").split()) == answer["steps"] + 1
    atoms = region.get_by_role("img", name="Change of the contributions").locator("polyline")
    assert atoms.count() == 2
    dial(page).fill(str(answer["steps"]))
    page.until(lambda now: now["relaxation"]["rest"] == answer["steps"] and now["busy"] is None)
    assert len(page.panes()) == 2
    assert places(page) == pytest.approx(at_rest, abs=1.0)

    page.page.get_by_role("button", name="Undo", exact=True).first.click()
    undone = page.until(lambda now: now["molecule"]["id"] == start["molecule"]["id"])
    assert undone["relaxation"] is None
    assert undone["predictions"] == start["predictions"]


def test_a_step_on_the_way_is_named_and_a_link_restores_it_with_the_way(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    answer = press(page)["relaxation"]["answer"]
    last = answer["steps"]
    dial(page).fill("1")
    named = f"Geometry: step 1 of {last} of relaxing with {MODEL}"
    page.page.get_by_text(named, exact=True).wait_for()
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    ours = page.state()
    assert ours["molecule"]["positions"] == answer["positions"][1]
    other = tab().open(page.link.input_value().removeprefix(page.base))
    theirs = other.until(lambda now: now["relaxation"] and now["relaxation"]["paths"] and now["busy"] is None)
    for key in ("relaxation", "molecule", "predictions", "choice"):
        assert theirs[key] == ours[key], key
    assert other.rows() == page.rows()
    assert other.page.get_by_text(named, exact=True).is_visible()
    dial(other).fill(str(last))
    end = other.until(lambda now: now["relaxation"]["rest"] == last and now["busy"] is None)
    assert end["molecule"]["id"] == answer["molecule"]["id"]
    assert other.page.get_by_text(f"Geometry: relaxed with {MODEL}", exact=True).is_visible()
    # the address names the step, and opens it without the way
    again = tab().open(page.page.url.removeprefix(page.base))
    assert again.settled()["molecule"]["positions"] == answer["positions"][1]
    assert again.page.get_by_text(f"Geometry: partly relaxed with {MODEL}", exact=True).is_visible()


def test_a_page_that_is_read_anew_has_the_way_yet(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    press(page)
    page.page.wait_for_function("() => history.state?.ways?.relaxation")
    dial(page).fill("1")
    page.until(lambda now: now["relaxation"]["rest"] == 1 and now["busy"] is None)
    there = page.state()
    page.page.wait_for_function("() => history.state?.ways?.relaxation?.frame === 1")
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    again = page.until(lambda now: now["relaxation"] is not None and now["busy"] is None)
    assert again["molecule"]["id"] == there["molecule"]["id"]
    assert dial(page).input_value() == "1"


def test_what_is_edited_on_the_way_goes_back_to_it(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    press(page)
    dial(page).fill("2")
    page.until(lambda now: now["relaxation"]["rest"] == 2 and now["busy"] is None)
    before = page.state()
    page.page.get_by_text("Edit the molecule").click()
    page.page.get_by_role("combobox", name="Atom", exact=True).select_option("5")
    page.page.get_by_role("combobox", name="Element", exact=True).select_option("F")
    page.until(lambda now: now["molecule"]["formula"] == "CH3FO" and now["busy"] is None)
    page.page.get_by_role("button", name="Undo", exact=True).first.click()
    after = page.until(lambda now: now["relaxation"] is not None)
    for key in ("relaxation", "molecule", "predictions", "choice", "text"):
        assert after[key] == before[key], key


def test_the_way_is_played_to_its_end(tab):
    page = tab(reduced_motion="no-preference").open("/?q=water")
    page.settled()
    state = press(page)
    assert state["relaxation"]["playing"]
    end = page.until(lambda now: not now["relaxation"]["playing"])
    assert end["relaxation"]["frame"] == end["relaxation"]["answer"]["steps"]
    assert len(end["predictions"]) > 1
    page.page.get_by_role("button", name="Play", exact=True).click()
    page.page.get_by_role("button", name="Pause", exact=True).click()
    paused = page.until(lambda now: not now["relaxation"]["playing"])["relaxation"]
    assert paused["frame"] < paused["answer"]["steps"]


def test_the_relaxed_molecule_and_its_way_back_have_the_networks_of_the_molecule_before(tab, http):
    page = tab().open("/?example=furan")
    start = page.settled()
    relaxed = press(page)
    body = {"molecule": relaxed["molecule"]["id"], "models": None}
    alone = http.post("/predictions", json=body).json()["choice"]
    assert [one["model"] for one in alone] != [one["model"] for one in start["choice"]], "by itself it has others"
    shown = [prediction["model"] for prediction in start["predictions"]]
    assert [prediction["model"] for prediction in relaxed["predictions"]] == shown
    said = "Networks trained on QM9, as for the molecule's other geometries."
    assert page.page.get_by_text(said, exact=True).is_visible()
    page.page.get_by_role("button", name="Undo", exact=True).first.click()
    undone = page.until(lambda now: now["molecule"]["id"] == start["molecule"]["id"])
    assert undone["choice"] == start["choice"]


def test_a_relaxation_that_is_given_up_leaves_the_molecule(tab):
    page = tab().open("/?q=caffeine")
    page.settled()
    start = page.state()
    page.page.get_by_role("button", name="Relax", exact=True).click()
    page.page.get_by_role("button", name="Stop", exact=True).click()
    after = page.until(lambda state: state["relaxing"] is None and state["busy"] is None)
    assert after["molecule"]["id"] == start["molecule"]["id"]
    assert after["relaxation"] is None
    assert page.page.get_by_role("button", name="Relax", exact=True).is_visible()


def test_what_ends_as_no_molecule_is_said_beside_the_button(tab):
    page = tab(refusals=True).open("/?q=benzene")
    page.settled()
    start = page.state()
    page.page.get_by_role("combobox", name="Relax with").select_option("qm9-bp-energy")
    page.page.get_by_role("button", name="Relax", exact=True).click()
    page.until(lambda state: state["alert"] is not None)
    region = page.page.get_by_role("region", name="Relaxation")
    assert "fell" in region.get_by_role("alert").inner_text()
    assert page.state()["molecule"]["id"] == start["molecule"]["id"]
