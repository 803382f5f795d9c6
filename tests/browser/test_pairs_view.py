"""Pairs on the page: lines in the pictures, and the list of them."""

import pytest
from explorer import KCAL_PER_EV
from pixels import difference
from test_accessible import violations

pytestmark = pytest.mark.browser


def test_pairs_are_drawn_as_lines_and_listed_with_their_distances(tab, http):
    page = tab().open()
    bare = page.state()
    page.quantity.select_option("pairs")
    state = page.until(lambda state: len(state["pairs"]) == 2)
    page.still()
    listed = page.page.get_by_role("table", name="Pairs", exact=True)
    answer = http.post("/pairs", json={"molecule": state["molecule"]["id"], "models": list(state["pairs"])}).json()[
        "pairs"
    ]
    bonded = [place for place, is_bond in enumerate(answer[0]["bonded"]) if is_bond]
    rows = [row.locator("td").all_inner_texts() for row in listed.locator("tbody tr").all()]
    assert len(rows) == len(bonded) == len(state["molecule"]["bonds"])
    assert [float(row[1]) for row in rows] == pytest.approx([answer[0]["distances"][p] for p in bonded], abs=0.006)
    for column, found in enumerate(answer, start=2):
        expected = [found["values"][place] * KCAL_PER_EV for place in bonded]
        assert [float(row[column].replace("−", "-")) for row in rows] == pytest.approx(expected, abs=0.006)
    before = page.picture()
    page.page.get_by_role("checkbox", name="Also pairs that are not bonded").check()
    page.until(lambda state: state["pairsBeyond"])
    assert difference(before, page.picture()) > 0.005, "more lines"
    assert listed.locator("tbody tr").count() > len(rows)
    page.explain("water")
    page.until(lambda state: state["pairs"] and state["molecule"]["id"] != bare["molecule"]["id"])
    assert listed.locator("tbody tr").count() == 3, "both bonds, and the hydrogens"


def test_a_pair_is_pointed_at_and_chosen_as_an_atom_of_the_table_is(tab):
    page = tab().open()
    page.quantity.select_option("pairs")
    page.until(lambda state: len(state["pairs"]) == 2)
    rows = page.page.get_by_role("table", name="Pairs", exact=True).locator("tbody tr")
    rows.nth(1).hover()
    pointed = page.until(lambda state: state["hoverPair"] is not None)
    assert pointed["selected"] == []
    page.page.get_by_role("heading", name="What you see", exact=True).hover()
    assert page.until(lambda state: state["hoverPair"] is None)["selected"] == [], "only pointed at"
    rows.nth(1).click()
    page.until(lambda state: state["selected"] == pointed["hoverPair"])
    assert rows.nth(1).get_attribute("aria-selected") == "true"
    rows.first.focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("ArrowDown")
    third = page.until(lambda state: state["hoverPair"] not in (None, pointed["hoverPair"]))["hoverPair"]
    assert page.state()["selected"] == pointed["hoverPair"]
    page.page.keyboard.press("Enter")
    page.until(lambda state: state["selected"] == third)
    page.page.keyboard.press("Enter")
    page.until(lambda state: state["selected"] == [])
    assert violations(page) == []


def test_a_link_restores_pairs(tab):
    page = tab().open()
    page.quantity.select_option("pairs")
    page.until(lambda state: len(state["pairs"]) == 2)
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    state = other.until(lambda state: len(state["pairs"]) == 2)
    assert state["quantity"] == "pairs"
