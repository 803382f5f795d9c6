"""Molecules in: pasted and dropped text, drawings, examples, recent ones, edits with a way back, conformers."""

import json
import re

import pytest
from browsing import PHONE
from explorer import KCAL_PER_EV, Explorer, wait
from pixels import decode
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WATER_XYZ = "3\nwater by hand\nO 0 0 0.117\nH 0 0.757 -0.469\nH 0 -0.757 -0.469\n"
SALT_CIF = """data_salt
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 Na 0 0 0
Cl1 Cl 0.5 0.5 0.5
"""
PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def button(page: Explorer, name: str):
    return page.page.get_by_role("button", name=name, exact=True).first


def choice(page: Explorer, name: str):
    return page.page.get_by_role("combobox", name=name, exact=True)


def formula(page: Explorer, wanted: str) -> dict:
    state = page.until(lambda s: s["busy"] is None and s["molecule"] and s["molecule"]["formula"] == wanted)
    page.still()
    return state


# -- one box


@pytest.mark.parametrize(
    ("pasted", "wanted", "source"),
    [
        (WATER_XYZ, "H2O", "file"),
        ("caffeine", "C8H10N4O2", "force field"),
        ("OCC(O)CO", "C3H8O3", "force field"),
        (SALT_CIF, "Cl4Na4", "file"),
    ],
    ids=["xyz", "name", "smiles", "cif"],
)
def test_text_pasted_into_the_page_is_explained(page, pasted, wanted, source):
    page.page.evaluate("() => document.activeElement?.blur()")
    page.page.evaluate(PASTE, pasted)
    state = formula(page, wanted)
    assert state["molecule"]["geometry"]["source"] == source


def test_text_pasted_into_another_field_stays_there(page):
    before = page.state()["molecule"]["id"]
    page.page.get_by_role("spinbutton").first.focus()
    page.page.evaluate(PASTE, "caffeine")
    page.still()
    assert page.state()["molecule"]["id"] == before


def test_dropped_text_and_a_dropped_file_of_smiles_are_explained(page):
    drop = """([text, name]) => {
      const dataTransfer = new DataTransfer();
      if (name) dataTransfer.items.add(new File([text], name));
      else dataTransfer.setData("text/plain", text);
      const options = { dataTransfer, bubbles: true, cancelable: true };
      for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, options));
    }"""
    page.page.evaluate(drop, [WATER_XYZ, None])
    formula(page, "H2O")
    page.page.evaluate(drop, ["CCN ethylamine\n", "list.smi"])
    formula(page, "C2H7N")


# -- the sketcher


def sketch(page: Explorer):
    button(page, "Draw the molecule").click()
    dialog = page.page.get_by_role("dialog", name="Draw a molecule")
    page.page.wait_for_selector(".sketch-host[data-ready=true]")
    return dialog


def drawn(page: Explorer) -> str:
    """What the drawing's canvas holds, as a picture."""
    inside = "document.querySelector('[data-openchemlib-canvas-editor]').shadowRoot"
    return page.page.evaluate(f"() => {inside}.querySelectorAll('canvas')[1].toDataURL()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawing_and_smiles_follow_each_other(tab, scheme):
    page = tab(color_scheme=scheme).open("/?q=ethane")
    assert "openchemlib" not in " ".join(
        page.page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    )
    dialog = sketch(page)
    smiles = dialog.get_by_role("textbox", name="SMILES")
    expect(smiles).to_have_value("CC")
    first = drawn(page)
    smiles.fill("c1ccccc1")
    wait(lambda: drawn(page) != first)
    # a bond drawn from an atom of the ring, with the tool that is chosen at the beginning
    canvas = page.page.get_by_role("img", name="Drawing of the molecule")
    box = canvas.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.move(*middle)
    hit = None
    for radius in range(18, 34, 2):  # the ring's top atom is that far above its middle
        page.page.mouse.move(middle[0], middle[1] - radius)
        page.page.mouse.click(middle[0], middle[1] - radius)
        if smiles.input_value() != "c1ccccc1":
            hit = smiles.input_value()
            break
    assert hit, "drawing changes the SMILES"
    smiles.fill("Oc1ccccc1")
    dialog.get_by_role("button", name="Explain").click()
    state = formula(page, "C6H6O")
    assert state["sketching"] is False
    assert state["text"] == "Oc1ccccc1"
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_every_tool_of_the_sketcher_is_large_enough_and_is_the_one_that_is_clicked(tab, phone):
    page = tab(viewport=PHONE, has_touch=True, is_mobile=True).open("/?q=ethane") if phone else tab().open("/?q=ethane")
    dialog = sketch(page)
    tools = page.page.get_by_role("img", name="Tools for drawing, chosen with the pointer").bounding_box()
    rows, columns, bromine = 17, 2, 15  # openchemlib's GenericEditorToolbar
    assert tools["height"] / rows >= 24
    assert tools["width"] / columns >= 24
    host = dialog.locator(".sketch-host").bounding_box()
    assert tools["y"] + tools["height"] <= host["y"] + host["height"], "none is cut off"
    page.page.mouse.click(tools["x"] + tools["width"] / 4, tools["y"] + tools["height"] * (bromine + 0.5) / rows)
    canvas = page.page.get_by_role("img", name="Drawing of the molecule").bounding_box()
    page.page.mouse.click(canvas["x"] + 0.7 * canvas["width"], canvas["y"] + 0.2 * canvas["height"])
    expect(dialog.get_by_role("textbox", name="SMILES")).to_have_value(re.compile("Br"))


@pytest.mark.parametrize(("phone", "molecule"), [(True, "O=S(=O)(c1ccc(N)cc1)c1ccc(N)cc1"), (False, "C" * 40)])
def test_a_large_molecule_is_drawn_whole(tab, phone, molecule):
    page = tab(viewport=PHONE, has_touch=True, is_mobile=True).open("/?q=ethane") if phone else tab().open("/?q=ethane")
    dialog = sketch(page)
    before = drawn(page)
    dialog.get_by_role("textbox", name="SMILES").fill(molecule)
    wait(lambda: drawn(page) != before)
    host = dialog.locator(".sketch-host").bounding_box()
    canvas = page.page.get_by_role("img", name="Drawing of the molecule").bounding_box()
    assert canvas["x"] + canvas["width"] <= host["x"] + host["width"] + 1, "none of it is outside of what is seen"
    picture = decode(drawn(page))
    columns = (picture != picture[0, 0]).any(axis=(0, 2)).nonzero()[0]
    assert 0 < columns[0] < columns[-1] < picture.shape[1] - 1, "the drawing ends before its canvas does"


def test_what_is_no_molecule_is_said_in_the_sketcher_and_the_drawing_is_kept(tab):
    page = tab(refusals=True).open()
    dialog = sketch(page)
    smiles = dialog.get_by_role("textbox", name="SMILES")
    smiles.fill("c1ccc")
    expect(dialog.get_by_text("no SMILES yet")).to_be_visible()
    smiles.fill("C.C")
    dialog.get_by_role("button", name="Explain").click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 separate molecules")
    expect(smiles).to_have_value("C.C")
    # what was wrong before is not wrong with what stands there now
    smiles.fill("CC")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    smiles.fill("C.C")
    dialog.get_by_role("button", name="Explain").click()
    expect(dialog.get_by_role("alert")).to_have_count(1)
    smiles.fill("")
    dialog.get_by_role("button", name="Explain").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog.get_by_text("Draw something first")).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    after = page.until(lambda s: not s["sketching"] and s["alert"] is None)
    assert after["molecule"]["formula"] == "C2H5NO"


def test_the_sketcher_by_keyboard_alone_and_on_a_phone(tab):
    page = tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
    button(page, "Draw the molecule").focus()
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(".sketch-host[data-ready=true]")
    box = page.page.get_by_role("dialog").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    smiles = page.page.get_by_role("textbox", name="SMILES")
    for _ in range(6):
        if smiles.evaluate("e => e === document.activeElement"):
            break
        page.page.keyboard.press("Tab")
    assert smiles.evaluate("e => e === document.activeElement")
    page.page.keyboard.press("Control+A")
    page.page.keyboard.type("CCF")
    page.page.keyboard.press("Enter")
    formula(page, "C2H5F")
    assert button(page, "Draw the molecule").evaluate("e => e === document.activeElement"), "where it was before"


# -- examples and recent molecules


def test_examples_are_pictures_with_geometries_of_quantum_chemistry(page):
    strip = page.page.get_by_role("region", name="Try")
    expect(strip.locator("svg.drawing")).to_have_count(16)
    assert page.state()["molecule"]["geometry"]["source"] == "quantum chemistry", "the opening page has an example's"
    page.explain("acetamide")
    assert "force field MMFF94" in page.page.inner_text(".title"), "a name's is of the force field"
    strip.get_by_role("button", name="acetamide").click()
    page.until(lambda s: s["molecule"]["geometry"]["source"] == "quantum chemistry")
    assert "quantum chemistry, B3LYP/6-31G(2df,p)" in page.page.inner_text(".title")
    strip.get_by_role("button", name="paracetamol").click()
    state = formula(page, "C8H9NO2")
    assert state["molecule"]["geometry"]["source"] == "quantum chemistry"
    assert "B3LYP-D3BJ/DZVP" in page.page.inner_text(".title")
    assert page.page.url.endswith("/?example=paracetamol")
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    assert formula(page, "C8H9NO2")["molecule"]["id"] == state["molecule"]["id"]


def test_recent_molecules_are_kept_opened_and_cleared(page):
    recent = button(page, "Recent molecules")
    page.explain("caffeine")
    page.page.evaluate(PASTE, WATER_XYZ)
    water = formula(page, "H2O")["molecule"]
    page.open("/")
    recent.click()
    card = page.page.get_by_role("region", name="Recent molecules")
    drawings = card.locator("svg.drawing")
    expect(drawings).to_have_count(card.get_by_role("listitem").count())
    entries = card.get_by_role("listitem").all_inner_texts()
    assert len(entries) == 2
    assert "water" in entries[0]
    assert "file, XYZ" in entries[0]
    assert "C8H10N4O2" in entries[1].replace("\n", "")
    card.get_by_role("button", name="water").click()
    assert formula(page, "H2O")["molecule"]["id"] == water["id"]
    recent.click()
    card.get_by_role("button", name="Clear the list").click()
    assert page.page.evaluate("() => localStorage.getItem('atomlens.recent')") == "[]"
    recent.click()
    expect(card).to_contain_text("are listed here")
    page.page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_a_browser_without_storage_only_forgets(tab):
    page = tab()
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.open()
    page.explain("caffeine")
    assert [entry["title"] for entry in page.state()["recent"]] == ["caffeine"]


def test_a_recent_molecule_that_the_server_has_forgotten_is_read_again(tab):
    page = tab(refusals=True)
    entry = {"id": "0" * 24, "title": "ethylamine", "formula": "C2H7N", "source": "force field", "method": "MMFF94"}
    kept = [
        {**entry, "input": {"format": "auto", "text": "CCN"}},
        {**entry, "id": "1" * 24, "title": "lost", "input": None},
    ]
    page.page.add_init_script(f"localStorage.setItem('atomlens.recent', {json.dumps(json.dumps(kept))})")
    page.open()
    button(page, "Recent molecules").click()
    page.page.get_by_role("button", name="ethylamine").click()
    formula(page, "C2H7N")
    button(page, "Recent molecules").click()
    page.page.get_by_role("button", name="lost").click()
    expect(page.alert).to_contain_text("no such molecule")


# -- edits


def open_edit(page: Explorer) -> None:
    page.page.get_by_text("Edit the molecule").click()


def test_edits_in_a_row_and_the_way_back_and_forth(tab, http):
    page = tab().open("/?q=CC")
    start = formula(page, "C2H6")["molecule"]
    open_edit(page)
    choice(page, "Atom").select_option("0")
    choice(page, "Element").select_option("N")
    amine = formula(page, "CH5N")
    assert amine["molecule"]["geometry"]["source"] == "edited by hand"
    assert "edited by hand" in page.page.inner_text(".title")
    assert amine["selected"] == [0]
    assert amine["text"] == "methylamine"
    assert amine["molecule"]["positions"][1] == start["positions"][1]
    choice(page, "Replace H by").select_option("hydroxyl")
    formula(page, "CH5NO")
    # its values are those of the server for what it keeps
    state = page.state()
    asked = http.post("/predictions", json={"molecule": state["molecule"]["id"]}).json()["predictions"]
    for prediction in state["predictions"]:
        (wanted,) = (one["total"] for one in asked if one["model"] == prediction["model"])
        assert prediction["total"] == wanted
    button(page, "Undo").click()
    formula(page, "CH5N")
    page.page.evaluate("() => document.activeElement?.blur()")
    page.page.keyboard.press("Control+z")
    assert formula(page, "C2H6")["molecule"]["id"] == start["id"]
    assert page.state()["before"] == []
    page.page.keyboard.press("Control+Shift+Z")
    page.page.wait_for_timeout(50)
    formula(page, "CH5N")
    button(page, "Redo").click()
    formula(page, "CH5NO")
    assert page.state()["after"] == []
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    formula(page, "CH5NO")


def test_what_stands_beside_an_edited_molecule_stays_there_on_the_way_back_and_forth(tab):
    """An edit ended the comparison without a word, and Undo did not bring it back."""
    page = tab().open("/?q=CC(F)F&with=CC(F)Cl")

    def beside(wanted: str) -> dict:
        return page.until(
            lambda s: s["molecule"]["formula"] == wanted and s["comparison"] and s["busy"] is None and len(s["answers"])
        )

    start = beside("C2H4F2")
    open_edit(page)
    choice(page, "Atom").select_option("2")
    choice(page, "Element").select_option("Br")
    edited = beside("C2H4BrF")
    assert edited["comparison"]["other"]["id"] == start["comparison"]["other"]["id"]
    assert (edited["done"], edited["told"]) == ("F3 is now bromine.", "")
    assert "with=CC%28F%29Cl" in page.page.url
    page.page.evaluate("() => document.activeElement?.blur()")
    page.page.keyboard.press("Control+z")
    assert beside("C2H4F2")["molecule"]["id"] == start["molecule"]["id"]
    page.page.keyboard.press("Control+Shift+Z")
    assert beside("C2H4BrF")["molecule"]["id"] == edited["molecule"]["id"]


def test_atoms_are_deleted_by_button_and_key_and_hydrogens_added(tab):
    page = tab().open("/?q=CC(=O)C")
    formula(page, "C3H6O")
    open_edit(page)
    choice(page, "Atom").select_option("1")
    button(page, "Add hydrogens").click()
    formula(page, "C3H8O")
    assert page.state()["molecule"]["smiles"] == "CC(C)O"
    choice(page, "Atom").select_option("2")
    button(page, "Delete").click()
    formula(page, "C3H8")
    choice(page, "Atom").select_option("0")
    page.panes()[0].focus()
    page.page.keyboard.press("Delete")
    assert formula(page, "C2H6")["selected"] == []


def test_what_an_edit_cannot_do_is_said_beside_it(tab):
    page = tab(refusals=True).open("/?q=CCC")
    start = formula(page, "C3H8")["molecule"]["id"]
    open_edit(page)
    choice(page, "Atom").select_option("1")
    choice(page, "Element").select_option("F")
    alert = page.page.locator(".edit").get_by_role("alert")
    expect(alert).to_contain_text("F2 would have 2 bonds")
    button(page, "Delete").click()
    expect(alert).to_contain_text("Without C2 the molecule falls into 2 parts")
    assert page.state()["molecule"]["id"] == start
    assert choice(page, "Element").input_value() == "C"


def test_arrow_keys_go_through_the_elements_and_enter_takes_one(tab):
    page = tab(refusals=True).open("/?q=CC")
    formula(page, "C2H6")
    open_edit(page)
    choice(page, "Atom").select_option("0")
    element = choice(page, "Element")
    element.focus()
    for key in ("ArrowDown", "ArrowDown"):
        page.page.keyboard.press(key)
    reached = element.input_value()
    assert reached not in ("C", "H")
    page.page.wait_for_timeout(300)
    assert page.state()["molecule"]["formula"] == "C2H6"
    assert page.state()["before"] == []
    page.page.keyboard.press("Escape")
    expect(element).to_have_value("C")
    for key in ("ArrowDown", "Enter"):
        page.page.keyboard.press(key)
    formula(page, "CH5N")
    assert len(page.state()["before"]) == 1
    group = choice(page, "Replace H by")
    group.focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")  # the button that stands below says what it does
    page.until(lambda state: state["molecule"]["formula"] == "C2H7N")
    assert len(page.state()["before"]) == 2
    # what was refused is over with the way back
    choice(page, "Element").select_option("F")
    expect(page.page.locator(".edit").get_by_role("alert")).to_contain_text("would have")
    page.page.keyboard.press("Control+z")
    formula(page, "CH5N")
    expect(page.page.locator(".edit").get_by_role("alert")).to_have_count(0)


def test_movements_relaxations_and_edits_share_one_way_back(tab):
    page = tab().open("/?q=methanol")
    start = formula(page, "CH4O")["molecule"]["id"]
    page.page.evaluate("() => window.scrollTo(0, 0)")
    button(page, "Move atoms").click()
    open_edit(page)
    choice(page, "Atom").select_option("5")
    page.panes()[0].focus()
    page.page.keyboard.press("Alt+ArrowRight")
    moved = page.until(lambda s: s["molecule"]["id"] != start and s["moving"] is None)["molecule"]["id"]
    choice(page, "Element").select_option("F")
    edited = formula(page, "CH3FO")["molecule"]["id"]
    # coordinates that no line names: whoever reloads or copies the address gets these
    assert page.page.url.endswith(f"/?molecule={edited}")
    for wanted in (moved, start):
        button(page, "Undo").click()
        page.until(lambda s, wanted=wanted: s["busy"] is None and s["molecule"]["id"] == wanted)
    assert page.page.url.endswith("/?q=methanol")
    for wanted in (moved, edited):
        button(page, "Redo").click()
        page.until(lambda s, wanted=wanted: s["busy"] is None and s["molecule"]["id"] == wanted)
    assert len(page.state()["before"]) == 2


# -- conformers


def test_other_conformers_have_the_networks_energies_and_are_shown_by_a_click(tab):
    page = tab().open("/?q=CCCC")
    start = formula(page, "C4H10")["molecule"]["id"]
    page.page.get_by_text("Other conformers").click()
    button(page, "Find conformers").click()
    state = page.until(lambda s: s["conformers"] is not None and s["busy"] is None)
    rows = page.page.locator(".conformer-table tbody tr")
    assert rows.count() == 3
    for column, energies in enumerate(state["conformers"]["energies"]):
        totals = [energies["molecule"], *energies["conformers"]]
        shown = [float(rows.nth(row).locator("td").nth(column).inner_text()) for row in range(3)]
        assert shown == pytest.approx([(total - min(totals)) * KCAL_PER_EV for total in totals], abs=0.006)
    chosen = next(c["molecule"] for c in state["conformers"]["conformers"] if c["molecule"]["id"] != start)
    index = [c["molecule"]["id"] for c in state["conformers"]["conformers"]].index(chosen["id"])
    rows.nth(index + 1).get_by_role("button").click()
    after = page.until(lambda s: s["busy"] is None and s["molecule"]["id"] == chosen["id"])
    assert after["molecule"]["positions"] == chosen["positions"]
    expect(rows.nth(index + 1)).to_have_attribute("aria-current", "true")
    button(page, "Undo").click()
    page.until(lambda s: s["molecule"]["id"] == start)
    # by keyboard the focus stays on the one that is shown
    same = rows.nth(index + 1).get_by_role("button")
    same.focus()
    page.page.keyboard.press("Enter")
    page.until(lambda s: s["busy"] is None and s["molecule"]["id"] == chosen["id"])
    expect(same).to_be_focused()
