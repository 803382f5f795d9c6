"""The picture by keyboard alone: turned, zoomed, and walked atom by atom, with words for those who do not see it."""

import pytest
from explorer import Explorer, wait

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(lasting_tab) -> Explorer:
    return lasting_tab().open("/?example=acetamide")


@pytest.fixture
def pane(page):
    pane = page.panes()[0]
    pane.focus()
    yield pane
    page.page.keyboard.press("Escape")


def spoken(page: Explorer) -> str:
    return page.page.locator(".spoken").inner_text()


def press(page: Explorer, key: str) -> str:
    """What is read out after a key."""
    before = page.page.locator(".spoken").text_content()
    page.page.keyboard.press(key)
    wait(lambda: page.page.locator(".spoken").text_content() != before, lambda: before)
    return page.page.locator(".spoken").text_content()


def test_the_picture_is_reached_with_the_tab_key_and_shows_the_focus(page):
    page.page.get_by_role("combobox", name="Networks").focus()
    for _ in range(12):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("() => document.activeElement.matches('.viewport')"):
            break
    else:
        pytest.fail("twelve tabs do not lead into the picture")
    width = page.page.evaluate("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert width >= 2


def test_an_explanation_closes_with_the_key_that_leads_away_and_with_escape_over_the_picture(page, pane):
    card = page.page.locator(".term-card:popover-open")
    word = page.page.get_by_role("button", name="Test error").first
    word.focus()
    page.page.keyboard.press("Enter")
    assert card.count() == 1
    page.page.keyboard.press("Tab")
    assert card.count() == 0
    word.evaluate("(e) => document.getElementById(e.getAttribute('popovertarget')).showPopover()")
    pane.focus()
    assert card.count() == 1
    page.page.keyboard.press("Escape")
    assert card.count() == 0


def test_the_box_for_a_second_molecule_closes_with_escape(page):
    page.page.get_by_role("button", name="Compare with").click()
    page.page.get_by_label("Second molecule").fill("eth")
    page.page.keyboard.press("Escape")
    assert page.page.get_by_label("Second molecule").count() == 0
    assert page.page.evaluate("() => document.activeElement.textContent").startswith("Compare with")


def test_the_link_past_everything_leads_to_where_the_keys_are_heard(page):
    page.page.get_by_role("link", name="Skip to the picture").focus()
    page.page.keyboard.press("Enter")
    assert "Atom 1 of 9" in press(page, "n")
    page.page.keyboard.press("Escape")


def test_arrows_turn_and_plus_and_minus_zoom(page, pane):
    first = page.camera()
    page.page.keyboard.press("ArrowRight")
    page.still()
    turned = page.camera()
    assert turned[4:] != pytest.approx(first[4:], abs=1e-3)
    page.page.keyboard.press("+")
    page.still()
    nearer = page.camera()
    assert nearer[3] > turned[3]
    page.page.keyboard.press("-")
    page.still()
    assert page.camera()[3] == pytest.approx(turned[3], abs=1e-6)


def test_every_atom_is_walked_to_and_read_out_with_the_numbers_of_the_table(page, pane):
    rows = page.rows()
    columns = page.columns()
    assert "BP QM9" in columns[2]
    for number, row in enumerate(rows, start=1):
        said = press(page, "n")
        assert said.startswith(f"Atom {number} of {len(rows)}: "), said
        for cell, model in zip(row[2:4], ("BP QM9", "SchNet QM9"), strict=True):
            value = cell.split()[0]
            assert f"{model}: contribution {value}\u00a0kcal/mol." in said
        assert "Trust: usual." in said
        assert page.state()["hover"] == number - 1, "it is marked in the pictures and in the table"
    assert press(page, "n").startswith("Atom 1 of 9: carbon C1.")
    assert press(page, "p").startswith("Atom 9 of 9: ")


def test_numbers_lead_along_the_bonds_that_were_read_out(page, pane):
    assert "Bonded to 1 C2, 2 H5, 3 H6, 4 H7." in press(page, "n")
    assert press(page, "1").startswith("Atom 2 of 9: carbon C2.")
    assert press(page, "3").startswith("Atom 4 of 9: oxygen O4.")
    assert press(page, "9") == "There is no such neighbour."
    page.page.keyboard.press("Enter")
    state = page.until(lambda s: s["selected"] == [3])
    assert state["hover"] == 3
    assert "Selected." in spoken(page)
    assert press(page, "Escape") == "No atom."
    assert page.state()["selected"] == []


def test_the_molecule_is_described_with_its_extremes_its_symmetry_and_its_trust(page, pane, explained):
    said = press(page, "d")
    assert said.startswith("acetamide, C2H5NO: 9 atoms (2 carbon, 1 nitrogen, 1 oxygen, 5 hydrogen).")
    for prediction in explained("acetamide", "example")["predictions"]:
        if prediction["property"] != "energy":
            continue
        values = prediction["contributions"]
        symbols = explained("acetamide", "example")["molecule"]["symbols"]
        highest = max(range(9), key=values.__getitem__)
        lowest = min(range(9), key=values.__getitem__)
        assert f"Highest contribution: {symbols[highest]}{highest + 1}, " in said
        assert f"lowest: {symbols[lowest]}{lowest + 1}, " in said
    assert "The molecule is like the training data." in said
    page.page.get_by_text("Describe in words", exact=True).click()
    page.page.locator(".describe").get_by_text("9 atoms").wait_for()


def test_atoms_that_a_molecule_has_twice_are_called_equal(page):
    page.explain("water")
    page.panes()[0].focus()
    assert "Equal values: H2 and H3." in press(page, "d")
    page.explain("acetamide")


def test_what_was_said_of_an_atom_is_not_said_of_the_next_molecule(page, pane):
    assert "Atom 1 of" in press(page, "n")
    page.explain("ethanol")
    assert page.page.locator(".spoken").text_content() == ""
