"""What a reader does while something is under way: it happens to what is shown, and ways back lead to what was seen."""

import pytest
from explorer import Explorer
from playwright.sync_api import Route, expect
from test_trajectory_panel import dial as scrubber
from test_trajectory_panel import frames, opened

pytestmark = pytest.mark.browser

MODEL = "qm9-schnet-energy"
SHOWN = ("molecule", "predictions", "choice", "trajectory", "relaxation", "text")


def button(page: Explorer, name: str):
    return page.page.get_by_role("button", name=name, exact=True).first


def step(page: Explorer):
    return page.page.get_by_role("slider", name="Step", exact=True)


def relaxed(page: Explorer) -> dict:
    page.page.get_by_role("combobox", name="Relax with").select_option(MODEL)
    button(page, "Relax").click()
    return page.until(lambda now: now["relaxation"] is not None and now["busy"] is None)


def compare(page: Explorer, with_: str) -> None:
    page.page.get_by_role("button", name="Compare with").click()
    page.page.get_by_role("combobox", name="Second molecule").fill(with_)
    page.page.keyboard.press("Enter")


def change_element(page: Explorer, atom: int, to: str) -> None:
    summary = page.page.get_by_text("Edit the molecule")
    if not page.page.get_by_role("combobox", name="Atom", exact=True).is_visible():
        summary.click()
    page.page.get_by_role("combobox", name="Atom", exact=True).select_option(str(atom))
    page.page.get_by_role("combobox", name="Element", exact=True).select_option(to)


def nudge(page: Explorer) -> None:
    button(page, "Move atoms").click()
    if not page.state()["selected"]:
        page.table.locator("tbody tr").nth(1).click()
    page.panes()[0].focus()
    page.page.keyboard.press("Alt+ArrowRight")


def holding(page: Explorer, pattern: str) -> list[Route]:
    """Requests that wait from now on until they are let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.page.route(pattern, hold)
    return held


def test_a_relaxation_is_given_up_where_another_geometry_takes_the_molecules_place(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    relaxed(page)
    held = holding(page, "**/relaxations")
    button(page, "Relax").click()
    page.until(lambda now: now["relaxing"] is not None)
    step(page).fill("1")
    free = page.until(lambda now: now["relaxation"]["rest"] == 1 and now["busy"] is None)
    assert free["relaxing"] is None
    for route in held:
        route.continue_()
    page.page.wait_for_timeout(1500)
    after = page.state()
    assert (after["relaxing"], after["busy"], after["molecule"]["id"]) == (None, None, free["molecule"]["id"])
    assert button(page, "Relax").is_visible()


def test_an_address_of_a_frame_shows_everybody_the_same_networks(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames())
    scrubber(page).fill("8")
    ours = page.until(lambda now: now["trajectory"]["rest"] == 7 and now["busy"] is None)
    other = tab().open(page.page.url.removeprefix(page.base))
    theirs = other.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    for key in ("predictions", "choice", "trajectory"):
        assert theirs[key] == ours[key], key
    beyond = tab().open(page.page.url.removeprefix(page.base).replace("frame=8", "frame=99"))
    beyond.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    assert beyond.page.url == page.page.url


def test_undo_takes_back_a_movement_that_is_not_kept_yet_and_no_more(tab):
    page = tab().open("/?q=CF")
    page.settled()
    change_element(page, 1, "Cl")
    edited = page.until(lambda now: now["molecule"]["formula"] == "CH3Cl" and now["busy"] is None)
    nudge(page)
    page.page.keyboard.press("Control+z")
    page.page.wait_for_timeout(1500)
    after = page.state()
    assert (after["molecule"], after["predictions"]) == (edited["molecule"], edited["predictions"])
    assert (len(after["before"]), after["moving"]) == (1, None)


def test_an_answer_that_comes_after_undo_does_not_bring_the_movement_back(tab):
    page = tab().open("/?q=CF")
    start = page.settled()
    change_element(page, 1, "Cl")
    page.until(lambda now: now["molecule"]["formula"] == "CH3Cl" and now["busy"] is None)
    held = holding(page, "**/moved")
    nudge(page)
    page.page.wait_for_timeout(900)
    assert held, "it is being kept"
    page.page.keyboard.press("Control+z")
    page.page.keyboard.press("Control+z")
    held[0].continue_()
    page.page.wait_for_timeout(1500)
    assert page.state()["molecule"]["id"] == start["molecule"]["id"]
    assert len(page.state()["after"]) == 1


def test_an_edit_is_of_the_frame_that_is_seen_and_undo_returns_to_it(tab, tmp_path):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames())["trajectory"]["answer"]
    scrubber(page).fill("6")
    change_element(page, 2, "F")
    edited = page.until(lambda now: now["trajectory"] is None and now["busy"] is None)
    kept = answer["positions"][5]
    assert edited["molecule"]["positions"][0] == pytest.approx(kept[0], abs=1e-6)
    button(page, "Undo").click()
    after = page.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    assert (after["trajectory"]["rest"], after["molecule"]["positions"]) == (5, kept)


def test_a_movement_of_a_frame_in_passing_goes_back_to_that_frame(tab, tmp_path):
    page = tab().open("/?q=water")
    answer = opened(page, tmp_path, frames())["trajectory"]["answer"]
    button(page, "Move atoms").click()
    page.table.locator("tbody tr").nth(1).click()
    scrubber(page).fill("5")
    page.panes()[0].focus()
    page.page.keyboard.press("Alt+ArrowRight")
    page.until(lambda now: now["trajectory"] is None and now["moving"] is None and now["busy"] is None)
    button(page, "Undo").click()
    after = page.until(lambda now: now["trajectory"] is not None and now["trajectory"]["rest"] == 4)
    assert after["molecule"]["positions"] == answer["positions"][4]


def test_a_comparison_begun_while_it_is_played_is_of_the_frame_that_is_seen(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames(60))
    button(page, "Play").click()
    compare(page, "ethanol")
    state = page.until(lambda now: now["comparison"] is not None and now["busy"] is None)
    way = state["trajectory"]
    assert (way["playing"], way["frame"]) == (False, way["rest"])
    assert state["molecule"]["positions"] == way["answer"]["positions"][way["rest"]]
    assert "Geometry: force field MMFF94" in page.page.get_by_role("group", name="Comparison").inner_text()


def test_a_comparison_leaves_the_relaxation_where_it_was(tab):
    page = tab().open("/?q=methanol")
    page.settled()
    relaxed(page)
    step(page).fill("2")
    before = page.until(lambda now: now["relaxation"]["rest"] == 2 and now["busy"] is None)
    compare(page, "ethanol")
    page.until(lambda now: now["comparison"] is not None and now["busy"] is None)
    button(page, "End comparison").click()
    after = page.until(lambda now: now["comparison"] is None)
    for key in SHOWN:
        assert after[key] == before[key], key
    assert step(page).input_value() == "2"


def test_other_networks_leave_the_trajectory_of_a_link_where_it_was(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames())
    scrubber(page).fill("4")
    page.until(lambda now: now["trajectory"]["rest"] == 3 and now["busy"] is None)
    button(page, "Share").click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    other.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    other.page.get_by_role("combobox", name="Trained on", exact=True).select_option("organic")
    state = other.until(lambda now: now["opened"] is None and now["busy"] is None)
    assert all(one["model"].startswith("organic-") for one in state["predictions"])
    assert state["trajectory"]["rest"] == 3
    # what is compared now is named by the address, as on the main page
    compare(other, "ethanol")
    other.until(lambda now: now["comparison"] is not None and now["busy"] is None)
    assert other.page.url.endswith("&frame=4&with=ethanol")


FOCUSED = "() => document.activeElement !== document.body && document.activeElement.isConnected"


def test_the_focus_is_never_lost(tab):
    page = tab(refusals=True).open("/?q=methanol")  # a whole molecule lacks no hydrogens
    page.settled()
    relaxed(page)
    step(page).focus()
    page.page.keyboard.press("Control+z")
    page.until(lambda now: now["relaxation"] is None)
    page.page.wait_for_function(FOCUSED)
    redo = button(page, "Redo")
    redo.focus()
    page.page.keyboard.press("Enter")
    page.until(lambda now: now["relaxation"] is not None)
    page.page.wait_for_function(FOCUSED)
    compare(page, "ethanol")
    page.until(lambda now: now["comparison"] is not None and now["busy"] is None)
    page.page.wait_for_function(FOCUSED)
    button(page, "End comparison").focus()
    page.page.keyboard.press("Enter")
    page.until(lambda now: now["comparison"] is None)
    page.page.wait_for_function(FOCUSED)
    # a button that is switched off for a moment has it again
    page.page.get_by_text("Edit the molecule").click()
    hydrogens = button(page, "Add hydrogens")
    hydrogens.focus()
    page.page.keyboard.press("Enter")
    page.page.wait_for_timeout(300)
    page.until(lambda now: now["busy"] is None)
    page.page.wait_for_function(
        "() => document.activeElement.matches('button') && document.activeElement.textContent.includes('Add hydrogens')"
    )
    # however short the moment is: answers come as the browser takes the focus from the button
    hydrogens.evaluate(
        """(button) => {
          button.addEventListener("focusout", () => { button.disabled = false; }, { once: true });
          button.disabled = true;
        }"""
    )
    page.page.wait_for_timeout(300)
    page.page.wait_for_function(
        "() => document.activeElement.matches('button') && document.activeElement.textContent.includes('Add hydrogens')"
    )
    # who clicks beside everything has let go of it
    page.table.locator("tbody tr").nth(0).focus()
    page.page.mouse.click(3, 500)
    page.page.wait_for_timeout(300)
    assert not page.page.evaluate(FOCUSED)


@pytest.mark.parametrize(
    ("path", "title"),
    [("/?q=water", "water – atomlens"), ("/help", "Help – atomlens"), ("/reactions", "Reactions – atomlens")],
)
def test_every_page_has_its_own_title(tab, path, title):
    page = tab()
    page.page.goto(page.base + path)
    page.page.wait_for_function("(title) => document.title === title", arg=title)


def test_conformers_come_back_with_the_molecule_that_they_are_of(tab):
    page = tab().open("/?q=CCCC")
    page.page.get_by_text("Other conformers").click()
    button(page, "Find conformers").click()
    found = page.until(lambda now: now["conformers"] is not None and now["busy"] is None)
    change_element(page, 0, "N")
    page.until(lambda now: now["busy"] is None and now["molecule"]["formula"] != "C4H10" and now["conformers"] is None)
    asked: list[str] = []
    page.page.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    button(page, "Undo").click()
    back = page.until(lambda now: now["busy"] is None and now["molecule"]["formula"] == "C4H10")
    assert back["conformers"] == found["conformers"]
    assert page.page.locator(".conformer-table tbody tr").count() == 1 + len(found["conformers"]["conformers"])
    # what is worked out beside the numbers may be asked for again; conformers, numbers and molecule may not
    assert [url for url in asked if url.endswith(("/conformers", "/predictions", "/molecules"))] == []


def test_a_page_that_is_read_anew_shows_what_was_looked_at(tab):
    page = tab().open("/?example=acetamide")
    page.show("potential")
    page.page.get_by_role("combobox", name="Show", exact=True).select_option("envelope")
    page.settled()
    page.page.wait_for_function("() => history.state?.sight?.probe?.mode === 'envelope'")
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    page.settled()
    state = page.state()
    assert (state["quantity"], state["probe"]["mode"]) == ("potential", "envelope")
    assert state["surfaces"]["qm9-bp-energy"]
    page.quantity.select_option("contributions")
    page.explain("ethanol")
    page.page.wait_for_function("() => history.state?.sight?.quantity === 'contributions'")
    page.page.go_back()
    expect(page.page.locator("h1")).to_contain_text("acetamide")
    assert page.quantity.input_value() == "contributions"


def test_back_leads_from_an_edited_frame_to_that_frame(tab, tmp_path):
    page = tab().open("/?q=water")
    opened(page, tmp_path, frames(4))
    scrubber(page).fill("2")
    page.until(lambda now: now["trajectory"]["rest"] == 1 and now["busy"] is None)
    address, total = page.page.url, page.state()["predictions"][0]["total"]
    change_element(page, 2, "F")
    page.until(lambda now: now["molecule"]["formula"] != "H2O" and now["busy"] is None)
    page.page.go_back()
    expect(page.page.locator(".trajectory")).to_be_visible()  # the page is read anew
    assert page.page.url == address
    found = page.until(lambda now: now["trajectory"] is not None and now["busy"] is None)
    assert (found["trajectory"]["frame"], found["predictions"][0]["total"]) == (1, pytest.approx(total))


def test_the_browsers_back_leads_from_a_changed_molecule_to_the_one_that_was_changed(tab):
    page = tab().open("/?q=acetamide")
    page.explain("ethanol")
    before = page.page.evaluate("() => history.length")
    page.page.get_by_text("Edit the molecule").click()
    page.table.locator("tbody tr").nth(0).click()
    button(page, "Delete").click()
    changed = page.until(lambda now: now["busy"] is None and now["molecule"]["formula"] != "C2H6O")
    page.table.locator("tbody tr").nth(0).click()
    button(page, "Delete").click()
    page.until(lambda now: now["busy"] is None and now["molecule"]["formula"] != changed["molecule"]["formula"])
    assert page.page.evaluate("() => history.length") == before + 1  # all that was changed has one place
    page.page.go_back()
    expect(page.page.locator("h1")).to_contain_text("ethanol")
    page.page.go_back()
    expect(page.page.locator("h1")).to_contain_text("acetamide")
