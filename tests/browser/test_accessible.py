"""Every view of the page passes axe's rules, light and dark."""

from pathlib import Path

import pytest
from explorer import Explorer, wait

pytestmark = pytest.mark.browser

#: Whether the colours of another scheme have arrived everywhere.
SETTLED = "() => document.getAnimations().every((a) => a.playState !== 'running')"
#: A cell of two atoms.
SALT = """2
Lattice="0 2.82 2.82 2.82 0 2.82 2.82 2.82 0" Properties=species:S:1:pos:R:3
Na 0 0 0
Cl 2.82 2.82 2.82
"""
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Explorer) -> list[str]:
    """What axe finds wrong, light and dark: rule, and where."""
    if not page.page.evaluate("() => 'axe' in window"):
        page.page.evaluate(AXE.read_text())
    found = []
    # of its rules the only one of WCAG 2.2, which is off unless asked for
    newer = {"rules": {"target-size": {"enabled": True}}}
    for scheme, rules in (("light", newer), ("dark", {"runOnly": ["color-contrast"]})):
        page.page.emulate_media(color_scheme=scheme)
        page.page.wait_for_function(SETTLED)
        run = "async (rules) => (await axe.run(document, { resultTypes: ['violations'], ...rules })).violations"
        for rule in page.page.evaluate(run, rules):
            found += [f"{scheme} {rule['id']}: {n['target']} {n['failureSummary']}" for n in rule["nodes"]]
    page.page.emulate_media(color_scheme="light")
    return found


def test_no_view_of_the_page_breaks_a_rule_of_axe(tab):
    page = tab().open()
    page.table.locator("tbody tr").first.click()
    assert violations(page) == [], "contributions"
    page.explain("NC=O")
    page.show("potential")
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    assert violations(page) == [], "a surface, and the share dialogue"
    embedded = tab(viewport={"width": 700, "height": 400})
    embedded.open(page.link.input_value().removeprefix(page.base).replace("/v/", "/embed/"))
    assert violations(embedded) == [], "an embedded view"


def test_no_button_of_the_picture_is_half_under_a_card(tab):
    page = tab(viewport={"width": 1280, "height": 800}).open("/?q=water")
    zoom = page.page.get_by_role("button", name="Zoom out")
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    assert zoom.is_visible(), "the card is short"
    for part in ("QR code", "Embed in a page"):
        page.page.get_by_text(part, exact=True).click()
    page.page.get_by_role("button", name="Copy the code").wait_for()
    wait(zoom.is_hidden)
    assert violations(page) == []
    page.page.get_by_role("button", name="Close", exact=True).click()
    wait(zoom.is_visible)


@pytest.mark.parametrize("quantity", ["charges", "probe_charge", "elements"])
def test_no_quantity_breaks_a_rule_of_axe(tab, quantity):
    page = tab().open("/?q=water")
    page.show(quantity)
    page.page.get_by_text("Describe in words", exact=True).click()
    page.table.locator("tbody tr").first.click()
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/help", "/gallery", "/embeddings"])
def test_no_other_page_breaks_a_rule_of_axe(tab, path):
    page = tab(viewport={"width": 390, "height": 844}).open(path)
    page.page.get_by_role("heading", level=1).wait_for()
    page.page.get_by_role("button", name="Menu and settings", exact=True).click()
    assert violations(page) == []


def test_a_question_mark_and_the_tour_break_no_rule_of_axe(tab):
    page = tab().open("/?q=water")
    page.page.get_by_role("button", name="What is meant by “Contribution”?", exact=True).click()
    assert violations(page) == [], "a term"
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name="Show me around", exact=True).click()
    page.page.get_by_role("dialog").wait_for()
    assert violations(page) == [], "the tour"


def test_a_crystal_and_german_break_no_rule_of_axe(tab):
    page = tab(locale="de-DE").open()
    page.page.locator("input[type=file]").set_input_files(
        {"name": "salt.extxyz", "mimeType": "text/plain", "buffer": SALT.encode()}
    )
    page.until(lambda state: state["molecule"] and state["molecule"].get("cell") and state["busy"] is None)
    assert violations(page) == []


def test_the_files_to_save_break_no_rule_of_axe(tab):
    page = tab().open()
    page.show("potential")
    page.page.get_by_role("button", name="Export", exact=True).click()
    assert violations(page) == []


def test_a_link_with_its_codes_and_its_receipt_break_no_rule_of_axe(tab):
    page = tab().open()
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    page.page.get_by_text("QR code", exact=True).click()
    page.page.get_by_role("img", name="QR code of the link").wait_for()
    page.page.get_by_text("Embed in a page", exact=True).click()
    assert violations(page) == [], "the share dialogue"
    opened = tab().open(page.link.input_value().removeprefix(page.base))
    opened.page.get_by_text("Receipt of this link").click()
    opened.page.get_by_text("Computed once more today").wait_for()
    opened.page.get_by_text("All parameters of the view").click()
    assert violations(opened) == [], "the receipt"


def test_alchemy_breaks_no_rule_of_axe(tab):
    page = tab().open()
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("button", name="methane → ammonia → water", exact=True).click()
    page.page.get_by_role("slider", name="Way", exact=True).fill("30")
    assert violations(page) == []


def test_a_relaxation_breaks_no_rule_of_axe(tab):
    page = tab().open("/?q=water")
    page.page.get_by_role("button", name="Relax", exact=True).click()
    page.until(lambda state: state["relaxation"] is not None)
    page.page.get_by_role("slider", name="Step", exact=True).fill("5")
    assert violations(page) == []


def test_pairs_break_no_rule_of_axe(tab):
    page = tab().open()
    page.quantity.select_option("pairs")
    page.until(lambda state: len(state["pairs"]) == 2 and len(state["decays"]) == 2)
    page.page.get_by_role("region", name="Pairs against distance", exact=True).wait_for()
    assert violations(page) == []


def test_a_slice_and_a_point_on_it_break_no_rule_of_axe(tab):
    page = tab().open()
    page.explain("water")
    page.show("potential")
    page.page.get_by_role("combobox", name="Show", exact=True).select_option("slice")
    page.settled()
    page.table.locator("tbody tr").first.click()
    page.page.get_by_role("button", name="Point of the surface nearest to O1").click()
    page.until(lambda state: state["profile"] and state["profile"]["at"])
    assert violations(page) == []


def test_an_error_breaks_no_rule_of_axe_either(tab):
    page = tab(refusals=True, viewport={"width": 390, "height": 844}).open()
    page.molecule.fill("C[Si](C)(C)C")
    page.molecule.press("Enter")
    page.alert.wait_for()
    assert violations(page) == []


def test_the_ways_in_and_the_edits_break_no_rule_of_axe(tab):
    page = tab().open("/?q=butane")
    page.page.get_by_text("Edit the molecule").click()
    page.page.get_by_text("Other conformers").click()
    page.page.get_by_role("button", name="Find conformers").click()
    page.until(lambda state: state["conformers"] is not None)
    page.page.get_by_role("combobox", name="Atom", exact=True).select_option("0")
    assert violations(page) == [], "edits and conformers"
    page.explain("caffeine")
    page.page.get_by_role("button", name="Recent molecules").click()
    assert violations(page) == [], "recent molecules"
    page.page.get_by_role("button", name="Draw the molecule").click()
    page.page.wait_for_selector(".sketch-host[data-ready=true]")
    assert violations(page) == [], "the sketcher"
