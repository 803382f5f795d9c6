"""Two molecules side by side on the page."""

from urllib.parse import urlencode

import numpy as np
import pytest
from explorer import KCAL_PER_EV, Explorer, wait
from pixels import drawn
from test_accessible import violations
from test_reading_page import choose, overlays

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compared(lasting_tab) -> Explorer:
    page = lasting_tab(viewport={"width": 1440, "height": 900}).open("/?example=acetamide&with=acetic+acid")
    page.until(lambda state: state["comparison"] and state["busy"] is None)
    wait(lambda: len(page.panes()) == 3)
    page.still()
    return page


@pytest.fixture(scope="module")
def answers(http) -> dict:
    """What the service says of both, and of their correspondence."""
    read = ({"format": "example", "text": "acetamide"}, {"text": "acetic acid"})
    ids = [http.post("/molecules", json=one).json()["id"] for one in read]
    found = http.post("/comparisons", json={"first": ids[0], "second": ids[1]}).json()
    predictions = [
        {p["model"]: p for p in http.post("/predictions", json={"molecule": one}).json()["predictions"]} for one in ids
    ]
    return {"ids": ids, "comparison": found, "predictions": predictions}


def table(page: Explorer) -> list[list[str]]:
    rows = page.page.get_by_role("table", name="Atoms of both molecules").locator("tbody tr").all()
    return [[cell.replace("−", "-") for cell in row.locator("td").all_inner_texts()] for row in rows]


def test_corresponding_atoms_stand_in_one_row_with_their_difference(compared, answers):
    pairs = dict(answers["comparison"]["pairs"])
    first, second = (np.array(p["organic-bp-energy"]["contributions"]) * KCAL_PER_EV for p in answers["predictions"])
    symbols = [answers["comparison"][side]["symbols"] for side in ("first", "second")]
    rows = table(compared)
    assert len(rows) == len(first) + len(second) - len(pairs)
    for atom, row in enumerate(rows[: len(first)]):
        assert row[0] == f"{symbols[0][atom]}{atom + 1}"
        assert float(row[2]) == pytest.approx(first[atom], abs=0.0051)
        if atom in pairs:
            other = pairs[atom]
            assert row[1] == f"{symbols[1][other]}{other + 1}"
            assert float(row[3]) == pytest.approx(second[other], abs=0.0051)
            assert float(row[4]) == pytest.approx(second[other] - first[atom], abs=0.0051)
        else:
            assert (row[1], row[3], row[4]) == ("–", "–", "–")
    alone = {f"{symbols[1][j]}{j + 1}" for j in range(len(second)) if j not in pairs.values()}
    assert {row[1] for row in rows[len(first) :]} == alone


def test_both_molecules_and_the_difference_are_drawn_under_one_camera(compared):
    titles = compared.page.get_by_role("region", name="3D view").locator("figcaption > strong").all_inner_texts()
    assert titles == ["acetamide", "acetic acid", "acetic acid − acetamide"]
    before = [compared.picture(pane) for pane in range(3)]
    assert all(drawn(picture) > 0.005 for picture in before)
    compared.panes()[0].focus()
    compared.page.keyboard.press("ArrowRight")
    compared.still()
    assert all((compared.picture(pane) != picture).any() for pane, picture in enumerate(before))


def test_a_row_is_marked_in_every_picture_that_has_its_atom(compared):
    still = overlays(compared)
    rows = compared.page.get_by_role("table", name="Atoms of both molecules").locator("tbody tr")
    rows.nth(1).hover()
    wait(lambda: all(a != b for a, b in zip(overlays(compared), still, strict=True)))
    rows.nth(2).hover()  # N has no partner in the acid
    wait(lambda: [a != b for a, b in zip(overlays(compared), still, strict=True)] == [True, False, True])
    compared.page.mouse.move(2, 2)


def test_a_comparison_breaks_no_rule_of_axe(compared):
    assert violations(compared) == []


def test_a_link_restores_both_molecules_the_network_the_quantity_and_the_camera(compared, tab):
    choose(compared, "Network", "second")
    assert compared.page.get_by_label("Network", exact=True).input_value() == "second"
    compared.show("charges")
    compared.page.get_by_role("table", name="Atoms of both molecules").get_by_role("button").last.click()
    compared.still()  # charges are seen from farther away: the camera is on its way there
    compared.page.get_by_role("button", name="Share", exact=True).click()
    compared.link.wait_for()
    state, camera = compared.state(), compared.camera()
    same_window = tab(viewport=compared.page.viewport_size)
    other = same_window.open(compared.link.input_value().removeprefix(compared.base))
    found = other.until(lambda state: state["comparison"] and state["busy"] is None)
    for key in ("quantity", "layout", "unit", "dipoleArrow", "compareOrder"):
        assert found[key] == state[key], key
    assert found["molecule"]["id"] == state["molecule"]["id"]
    assert found["comparison"] == state["comparison"]
    # both pictures have their places a moment later
    wait(lambda: other.camera() == pytest.approx(camera, abs=1e-6), lambda: f"{other.camera()} is not {camera}")
    assert table(other) == table(compared)


def test_the_end_of_a_linked_comparison_comes_back_to_the_networks_of_the_first(tab):
    page = tab().open("/?q=methylamine&with=chloromethane")
    page.until(lambda state: state["comparison"] and state["busy"] is None)
    alone = [(p["model"], p["total"]) for p in page.state()["predictions"]]
    assert any(model.startswith("qm9") for model, _ in alone)
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    other.until(lambda state: state["comparison"] and state["busy"] is None)
    assert table(other) == table(page)
    for each in (page, other):
        each.page.get_by_role("button", name="End comparison").click()
        each.until(lambda state: state["comparison"] is None)
    assert sorted((p["model"], p["total"]) for p in other.state()["predictions"]) == sorted(alone)
    assert other.rows() == page.rows()


def test_a_second_molecule_is_asked_for_and_sent_away_again(tab):
    page = tab().open("/?q=benzene")
    page.page.get_by_role("button", name="Compare with …").click()
    box = page.page.get_by_label("Second molecule")
    box.fill("no such molecule")
    page.refusals.clear()
    box.press("Enter")
    page.alert.wait_for()
    page.refusals.clear()
    box.fill("")
    assert page.alert.count() == 0, "what was wrong is gone"
    box.fill("pyridine")
    box.press("Enter")
    state = page.until(lambda state: state["comparison"] is not None)
    assert len([pair for pair in state["comparison"]["pairs"] if pair[0] < 6]) == 5
    assert page.page.url.endswith("/?q=benzene&with=pyridine")
    assert page.alert.count() == 0
    options = page.quantity.locator("option:enabled").all_inner_texts()
    assert options == ["Contributions", "Charges", "Elements"]
    page.page.get_by_role("button", name="End comparison").click()
    wait(lambda: len(page.panes()) == 2)
    assert page.table.count() == 1
    assert page.page.url.endswith("/?q=benzene")


#: By how many pixels what stands over a picture leaves it, and the head of the table its card.
LEFT = """() => {
  const right = (part) => part.getBoundingClientRect().right;
  const beyond = (whole, parts) => Math.max(...[...whole.querySelectorAll(parts)].map(right)) - right(whole);
  const table = document.querySelector(".compare-table").closest(".table-scroll");
  const panes = [...document.querySelectorAll(".pane")];
  return [...panes.map((pane) => beyond(pane, ".caption *")), beyond(table, "thead th")];
}"""


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "aspirin", "with": "ibuprofen"},
        {"q": "CC(C)(C)OC(=O)NC(Cc1ccccc1)C(=O)O", "with": "CC(C)(C)OC(=O)NC(CC(C)C)C(=O)OCC"},
    ],
)
def test_headings_stay_within_their_panes_and_their_table(tab, asked):
    page = tab(viewport={"width": 1280, "height": 800}).open(f"/?{urlencode(asked)}")
    page.until(lambda state: state["comparison"] and state["busy"] is None)
    wait(lambda: len(page.panes()) == 3)
    assert max(page.page.evaluate(LEFT)) <= 0


@pytest.mark.parametrize(
    ("asked", "heads"),
    [
        ({"q": "ibuprofen", "with": "naproxen"}, ["ibuprofen", "naproxen"]),
        ({"q": "water", "with": "water"}, ["water (1)", "water (2)"]),
    ],
)
def test_heads_of_columns_are_whole_where_there_is_room_and_tell_two_molecules_of_one_name_apart(tab, asked, heads):
    page = tab(viewport={"width": 1440, "height": 900}).open(f"/?{urlencode(asked)}")
    page.until(lambda state: state["comparison"] and state["busy"] is None)
    shown = page.page.locator(".compare-table thead th")
    assert shown.all_inner_texts()[:2] == heads
    assert [pane.get_attribute("aria-label").split(":")[0] for pane in page.panes()][:2] == heads
    assert max(page.page.evaluate(LEFT)) <= 0
