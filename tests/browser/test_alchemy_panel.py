"""Alchemy on the page: a preset, the dial, and what follows it."""

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
    assert dial(page).get_attribute("aria-valuetext") == "1 % of the way from CH4 to H2O"
