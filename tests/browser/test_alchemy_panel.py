"""Alchemy on the page: a preset, the dial, and what follows it."""

import re

import pytest
from explorer import KCAL_PER_EV, Explorer
from pixels import difference
from test_explaining import numbers, shown_values

pytestmark = pytest.mark.browser


def open_alchemy(page: Explorer, preset: str) -> None:
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("button", name=preset, exact=True).click()
    page.until(lambda state: answered(state) and state["busy"] is None)


def answered(state: dict) -> bool:
    """Whether the models have answered for the path."""
    return state["alchemy"] is not None and state["alchemy"]["answer"] is not None


def dial(page: Explorer):
    return page.page.get_by_role("slider", name="Way", exact=True)


def test_the_dial_moves_table_picture_and_captions_along_the_path(tab, http):
    page = tab().open()
    open_alchemy(page, "benzene → pyridine")
    start = page.state()
    before = page.picture()
    dial(page).fill("50")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.5)
    asked = {"molecule": start["molecule"]["id"], "changes": start["alchemy"]["changes"], "steps": 3}
    paths = {path["model"]: path for path in http.post("/alchemy", json=asked).json()["paths"]}
    for family in ("bp", "schnet"):
        half = paths[f"qm9-{family}-energy"]["contributions"][1]
        shown = numbers(shown_values(page, family, "energy"))
        assert shown == pytest.approx([value * KCAL_PER_EV for value in half], abs=0.006)
    assert difference(before, page.picture()) > 0.01, "the atoms are recoloured"
    assert page.page.get_by_text("50 % of the way to C5H5N", exact=True).is_visible()
    assert "Atomization energy" not in page.page.get_by_role("region", name="3D view").inner_text()
    curve = page.page.get_by_role("img", name="Energy less the straight line").get_attribute("aria-label")
    assert curve.endswith(f"kcal/mol: {page.name('qm9-bp-energy')}, {page.name('qm9-schnet-energy')}")
    page.page.get_by_role("button", name="Back to the molecule", exact=True).click()
    ended = page.until(lambda state: state["alchemy"] is None)
    assert ended["predictions"] == start["predictions"]


def test_a_radical_at_the_end_of_the_way_is_said_to_be_one(tab):
    page = tab(locale="de-DE").open()
    page.page.get_by_text("Alchemie: in ein anderes Molekül verwandeln").click()
    page.page.get_by_role("button", name="Toluol → Benzyl", exact=True).click()
    page.until(lambda state: answered(state) and state["busy"] is None)
    said = page.page.locator(".alchemy-warning").inner_text()
    assert said.startswith("Am Ende des Weges: C7H7 hat 49 Elektronen, eine ungerade Zahl")


def test_between_two_molecules_the_picture_alone_is_saved_and_says_so(tab):
    page = tab().open()
    open_alchemy(page, "benzene → pyridine")
    page.show("potential")
    page.settled()
    dial(page).fill("50")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.5 and state["busy"] is None)
    page.page.get_by_role("button", name="Export", exact=True).click()
    card = page.page.get_by_role("group", name="Export", exact=True)
    enabled = card.get_by_role("button", disabled=False)
    assert [button.inner_text() for button in enabled.all()] == ["Save PNG"]
    with page.page.expect_download() as download:
        enabled.click()
    assert "_lambda0.5_to_C5H5N_" in download.value.suggested_filename
    dial(page).fill("0")
    page.until(lambda state: state["alchemy"]["lambda"] == 0)
    assert page.page.get_by_role("button", name="Save HTML", exact=True).is_enabled()


def test_a_page_that_is_read_anew_is_on_the_same_way(tab):
    page = tab().open("/?q=benzene")
    open_alchemy(page, "benzene → pyridine")
    dial(page).fill("50")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.5)
    there = page.state()
    page.page.wait_for_function("() => history.state?.ways?.alchemy?.lambda === 0.5")
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    again = page.until(lambda state: answered(state) and state["busy"] is None)
    assert again["alchemy"]["changes"] == there["alchemy"]["changes"]
    assert again["predictions"] == there["predictions"]
    assert dial(page).input_value() == "50"


def test_atoms_and_targets_are_picked_by_hand_and_another_molecule_ends_it(tab):
    page = tab().open()
    page.explain("methane")
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("combobox", name="Change an atom", exact=True).select_option("0")
    page.page.get_by_role("combobox", name="C1 becomes", exact=True).select_option("O")
    page.until(answered)
    page.table.locator("tbody tr").nth(1).click()
    page.page.get_by_role("combobox", name="H2 becomes", exact=True).select_option("out")
    both = [{"atom": 0, "to": "O"}, {"atom": 1, "fade": "out"}]
    page.until(lambda state: answered(state) and state["alchemy"]["changes"] == both)
    dial(page).press("End")
    page.until(lambda state: state["alchemy"]["lambda"] == 1)
    assert [row[1] for row in page.rows()] == ["C", "H", "H", "H", "H"]
    assert numbers(shown_values(page, "schnet", "energy"))[1] == 0.0, "what has faded adds nothing"
    page.explain("water")
    assert page.state()["alchemy"] is None


def test_the_same_molecule_explained_once_more_ends_it_too(tab):
    page = tab().open()
    page.explain("methane")
    open_alchemy(page, "methane → ammonia → water")
    dial(page).fill("50")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.5)
    page.molecule.press("Enter")
    page.until(lambda state: state["alchemy"] is None and state["busy"] is None)
    assert page.page.get_by_text("% of the way to").count() == 0


def test_by_keyboard_and_for_screen_readers_the_dial_says_where_it_stands(tab):
    page = tab().open()
    open_alchemy(page, "methane → ammonia → water")
    dial(page).focus()
    page.page.keyboard.press("ArrowRight")
    energies = page.page.locator(".alchemy-dial .series-key").all_inner_texts()
    assert len(energies) == 2
    said = f"1 % of the way from methane to water: {', '.join(energies)}"
    assert dial(page).get_attribute("aria-valuetext") == said


def test_on_the_way_every_part_of_the_page_says_so_or_shows_nothing(tab):
    page = tab().open()
    open_alchemy(page, "benzene → pyridine")
    dial(page).fill("60")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.6)
    where = "60 % of the way from benzene to pyridine"
    words = page.page.locator(".summary").filter(has_text="What you see")
    assert f"one number for “{where}”" in words.inner_text()
    words.get_by_text("Describe in words").click()
    assert words.locator(".describe p").first.inner_text().startswith(where)
    assert page.page.locator(".title .tag sub").all_inner_texts() == ["5", "5"]
    quantum = page.page.get_by_role("region", name="Reference values", exact=True)
    assert quantum.get_by_text("not comparable").count() == 2
    assert "can be compared" not in quantum.inner_text()
    assert "is not compared with it" in quantum.inner_text()
    bare = page.picture()
    page.quantity.select_option("pairs")
    pairs = page.page.get_by_role("region", name="Pairs of atoms", exact=True)
    assert "not of what lies on the way to another" in pairs.inner_text()
    assert pairs.get_by_role("table").count() == 0
    assert page.page.get_by_role("region", name="Pairs against distance", exact=True).count() == 0
    page.quantity.select_option("potential")
    page.table.locator("tbody tr").first.click()
    line = page.page.get_by_role("region", name="Profile of the potential", exact=True)
    assert "not beside what lies on the way to another" in line.inner_text()
    assert line.get_by_role("img").count() == 0
    dial(page).fill("0")
    line.get_by_role("img").first.wait_for()
    assert "numbers can be compared" in quantum.inner_text()
    page.quantity.select_option("pairs")
    pairs.get_by_role("table").wait_for()
    assert difference(bare, page.picture()) > 0.01, "lines stand for pairs again"


def test_the_end_of_the_way_has_the_heading_of_its_own_molecule(tab):
    page = tab().open()
    open_alchemy(page, "benzene → pyridine")
    dial(page).press("End")
    title = page.page.locator(".title")
    title.get_by_role("heading", name="pyridine", exact=True).wait_for()
    assert "end of the way from benzene" in title.inner_text()
    assert "c1ccccc1" not in title.inner_text()
    assert "This is the end of the way: pyridine" in page.page.locator(".alchemy-dial").inner_text()
    dial(page).press("Home")
    title.get_by_role("heading", name="benzene", exact=True).wait_for()


def test_the_way_is_played_there_and_back(tab):
    page = tab(reduced_motion="no-preference").open()
    open_alchemy(page, "benzene → pyridine")
    play = page.page.get_by_role("button", name="Play the way there and back", exact=True)
    dial(page).fill("90")
    play.click()
    page.until(lambda state: state["alchemy"]["lambda"] > 0.9)
    pause = page.page.get_by_role("button", name="Pause", exact=True)
    page.until(lambda state: 0 < state["alchemy"]["lambda"] < 0.8)
    pause.click()
    stopped = page.until(lambda state: not state["alchemy"]["playing"])["alchemy"]["lambda"]
    page.page.wait_for_timeout(200)
    assert page.state()["alchemy"]["lambda"] == stopped > 0
    assert dial(page).input_value() == str(round(100 * stopped))


def test_the_note_of_the_dial_has_the_unit_that_was_chosen(tab):
    page = tab().open()
    open_alchemy(page, "benzene → pyridine")
    page.page.get_by_role("combobox", name="Energies in").select_option("eV")
    assert re.search(r"which lie 43\d\.\d\seV apart", page.page.locator(".alchemy-dial").inner_text())
