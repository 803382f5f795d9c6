"""Values as a reader takes them from the page: differences, sums of fragments, bars, arrows, references."""

import re

import numpy as np
import pytest
from explorer import KCAL_PER_EV, Explorer, wait
from pixels import tint
from test_accessible import violations
from test_explaining import visible

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(lasting_tab) -> Explorer:
    """The opening page, acetamide, kept for all tests here: each puts back what it changes."""
    return lasting_tab(viewport={"width": 1440, "height": 900}).open()


def choose(page: Explorer, label: str, value: str) -> None:
    page.page.get_by_role("combobox", name=label, exact=True).select_option(value)


def overlays(page: Explorer) -> list[str]:
    return page.page.evaluate("() => [...document.querySelectorAll('.stage .overlay')].map((c) => c.toDataURL())")


def shown(text: str) -> float:
    """The number in a cell or a caption."""
    return float(re.search(r"[−-]?[\d,]+\.\d+", text)[0].replace("−", "-").replace(",", ""))


def energies(page: Explorer) -> list[dict]:
    found = [p for p in page.state()["predictions"] if p["property"] == "energy"]
    return sorted(found, key=lambda p: "schnet" in p["model"])


def test_both_networks_and_their_difference_stand_on_one_scale(page):
    choose(page, "Networks", "difference")
    wait(lambda: len(page.panes()) == 3)
    page.still()
    bp, schnet = (np.array(p["contributions"]) for p in energies(page))
    expected = (schnet - bp) * KCAL_PER_EV
    [column] = [i for i, head in enumerate(page.columns()) if head.startswith("Difference")]
    assert [shown(row[column]) for row in page.rows()] == pytest.approx(expected.tolist(), abs=0.0051)
    points, picture = page.points(), tint(page.picture(2))
    strong = [atom for atom in visible(points) if abs(expected[atom]) > 2]
    assert len(strong) >= 3
    for atom in strong:
        ratio = points[atom]["ratio"]
        seen = picture[int(points[atom]["y"] * ratio), int(points[atom]["x"] * ratio)]
        assert seen == np.sign(expected[atom]), atom
    page.page.get_by_role("button", name="Difference", exact=False).first.click()
    assert [int(row[0]) - 1 for row in page.rows()] == np.argsort(expected, kind="stable").tolist()
    page.page.get_by_role("button", name="#", exact=False).first.click()


def test_an_atom_that_is_pointed_at_is_marked_in_all_pictures_the_table_and_the_chart(page):
    before = overlays(page)
    bar = page.page.get_by_role("region", name="Bar chart").get_by_role("button").nth(1)
    bar.hover()
    wait(lambda: all(a != b for a, b in zip(overlays(page), before, strict=True)))
    assert page.table.locator("tbody tr").nth(1).get_attribute("class") == "pointed"
    page.page.mouse.move(2, 2)
    page.table.locator("tbody tr").nth(2).hover()
    assert "pointed" in page.page.get_by_role("region", name="Bar chart").get_by_role("button").nth(2).get_attribute(
        "class"
    )
    page.page.mouse.move(2, 2)


def test_bars_are_walked_and_chosen_with_the_keyboard_and_ordered_by_value(page):
    chart = page.page.get_by_role("region", name="Bar chart")
    chart.get_by_role("button").first.focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Enter")
    assert page.state()["selected"] == [1]
    assert page.table.locator("tbody tr").nth(1).get_attribute("aria-selected") == "true"
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Shift+Enter")
    assert page.state()["selected"] == [1, 2]
    bp = np.array(energies(page)[0]["contributions"])
    choose(page, "Order", "value")
    names = chart.get_by_role("button").all_inner_texts()
    assert [int(re.sub(r"\D", "", name)) - 1 for name in names] == np.argsort(bp, kind="stable").tolist()
    label = chart.get_by_role("button").first.get_attribute("aria-label")
    assert shown(label.split("BP")[1]) == pytest.approx(bp.min() * KCAL_PER_EV, abs=0.0051)
    choose(page, "Order", "number")


def test_a_fragment_has_the_sum_and_the_spread_of_the_members_sums(page, http):
    fragment = page.page.get_by_role("region", name="Fragment")
    choice = fragment.get_by_role("combobox")
    [amide] = [text for text in choice.locator("option").all_inner_texts() if "amide" in text]
    choice.select_option(label=amide)
    atoms = sorted(page.state()["selected"])
    symbols = page.state()["molecule"]["symbols"]
    assert sorted(symbols[atom] for atom in atoms) == ["C", "H", "H", "N", "O"]
    rows = fragment.get_by_role("row")
    # The last column is known from the prediction alone; the spread comes once the members have answered.
    wait(lambda: all("±" in rows.nth(row).get_by_role("cell").nth(1).inner_text() for row in (1, 2)))
    names = [p["model"] for p in energies(page)]
    body = {"molecule": page.state()["molecule"]["id"], "models": names}
    answers = {one["model"]: one for one in http.post("/members", json=body).json()["members"]}
    for row, name in enumerate(names, start=1):
        sums = np.array(answers[name]["contributions"])[:, atoms].sum(1) * KCAL_PER_EV
        cells = rows.nth(row).get_by_role("cell").all_inner_texts()
        mean = np.array(answers[name]["weights"]) @ sums
        assert shown(cells[0]) == pytest.approx(mean, abs=0.0051)
        assert shown(cells[1]) == pytest.approx(sums.std(ddof=1), abs=0.0051)
    page.table.locator("tbody tr").first.click(modifiers=["Control"])
    page.page.get_by_role("checkbox", name="Select H5").check()
    assert sorted(page.state()["selected"]) == sorted([*atoms, 0, 4])
    page.page.get_by_role("checkbox", name="Select C1").uncheck()
    assert sorted(page.state()["selected"]) == sorted([*atoms, 4])
    assert violations(page) == [], "a fragment, the chart and the difference"
    fragment.get_by_role("button", name="Clear selection").click()


def test_the_table_of_a_fragment_fits_its_card_where_names_are_long(tab):
    narrow = tab(viewport={"width": 1280, "height": 800}).open("/?q=OC(F)C(%3DO)SC")
    assert "organic" in narrow.columns()[2], "names of two words"
    narrow.table.locator("tbody tr").first.click()
    table = narrow.page.get_by_role("region", name="Fragment").get_by_role("table")
    table.get_by_role("row").nth(3).wait_for()
    assert table.evaluate("(table) => table.parentElement.scrollWidth <= table.parentElement.clientWidth")


def test_forces_are_drawn_on_a_scale_that_is_named_in_the_unit_chosen(page, http):
    choose(page, "Networks", "both")
    wait(lambda: len(page.panes()) == 2)
    page.still()
    before = overlays(page)
    choose(page, "Arrows", "forces")
    state = page.until(lambda state: len(state["forces"]) == 2)
    page.still()
    assert all(a != b for a, b in zip(overlays(page), before, strict=True))
    note = page.page.locator(".arrow-note").inner_text().replace("\u00a0", " ")
    names = [p["model"] for p in energies(page)]
    answer = http.post("/forces", json={"molecule": state["molecule"]["id"], "models": names}).json()["forces"]
    for one in answer:
        largest = np.linalg.norm(one["forces"], axis=1).max() * KCAL_PER_EV
        assert f"{largest:.2f} kcal/mol/Å" in note
    assert re.search(r"1 Å of arrow is [\d.]+ kcal/mol/Å", note)
    choose(page, "Energies in", "eV")
    assert re.search(
        r"1 Å of arrow is [\d.]+ eV/Å", page.page.locator(".arrow-note").inner_text().replace("\u00a0", " ")
    )
    choose(page, "Energies in", "kcal/mol")
    page.panes()[0].scroll_into_view_if_needed()
    points = page.points()
    box = page.panes()[0].bounding_box()
    page.page.mouse.move(box["x"] + points[3]["x"], box["y"] + points[3]["y"])
    readout = page.page.locator(".readout").inner_text().replace("\u00a0", " ")
    values = [shown(line) for line in readout.splitlines() if "QM9" in line and "Force" not in line]
    assert values == pytest.approx([p["contributions"][3] * KCAL_PER_EV for p in energies(page)], abs=0.0051)
    assert readout.startswith("O4")
    assert readout.count("±") == 2
    assert "kcal/mol/Å" in readout
    page.page.mouse.move(2, 2)
    choose(page, "Arrows", "none")


FITS = """() => {
  const scroll = document.querySelector(".table-scroll");
  const edges = (row) => [...row.children].map((cell) => Math.round(cell.getBoundingClientRect().right));
  const [head, body] = [scroll.querySelector("thead tr"), scroll.querySelector("tbody tr")].map(edges);
  return { spilt: scroll.scrollWidth - scroll.clientWidth, head, body };
}"""


@pytest.mark.parametrize("width", [390, 1280, 1440, 1920])
def test_the_table_of_a_difference_fits_its_card_and_stands_below_its_heads(page, width):
    page.page.set_viewport_size({"width": 1280, "height": 900})
    choose(page, "Networks", "difference")
    page.page.set_viewport_size({"width": width, "height": 900})
    wait(lambda: len(page.panes()) == 3)
    found = page.page.evaluate(FITS)
    assert found["spilt"] <= 0
    assert found["head"] == found["body"]
    page.page.set_viewport_size({"width": 1440, "height": 900})
    choose(page, "Networks", "both")


def of_difference(page: Explorer, word: str) -> float:
    """The number that stands behind a word of the third caption."""
    caption = page.page.locator("figcaption").nth(2)
    wait(lambda: len(page.panes()) == 3 and word in caption.inner_text())
    return shown(caption.inner_text().split(word)[1].removeprefix("\nC1–C2"))


def test_surfaces_and_pairs_have_a_difference_too(page):
    page.show("potential")
    choose(page, "Show", "envelope")
    choose(page, "Networks", "difference")
    bp, schnet = (p["model"] for p in energies(page))
    page.until(lambda state: all(s and s[0]["level"] is None for s in (state["surfaces"].get(m) for m in (bp, schnet))))
    page.settled()
    page.still()
    values = page.page.evaluate(
        """async (models) => {
          const { surfaces } = await window.atomlens.state();
          return models.map((model) => Array.from(Object.values(surfaces[model][0].mesh.values)));
        }""",
        [bp, schnet],
    )
    expected = (np.array(values[1]) - np.array(values[0])) * KCAL_PER_EV
    assert of_difference(page, "Mean over the surface") == pytest.approx(expected.mean(), abs=0.06)
    assert abs(of_difference(page, "Largest")) == pytest.approx(np.abs(expected).max(), abs=0.06)
    assert (tint(page.picture(2)) != 0).sum() > 500, "the envelope is coloured"
    choose(page, "Show", "isosurface")
    wait(lambda: len(page.panes()) == 2)
    page.show("pairs")
    page.until(lambda state: len(state["pairs"]) == 2)
    heads = page.page.get_by_role("table", name="Pairs").locator("th").all_inner_texts()
    assert [head.split(",")[0] for head in heads[2:]] == ["BP QM9", "SchNet QM9", "SchNet QM9 − BP QM9"]
    rows = [row.locator("td").all_inner_texts() for row in page.page.locator(".pairs-list tbody tr").all()]
    for row in rows:
        assert shown(row[4]) == pytest.approx(shown(row[3]) - shown(row[2]), abs=0.011)
    most = max((shown(row[4]) for row in rows), key=abs)
    assert of_difference(page, "Largest") == pytest.approx(most, abs=0.06)
    page.show("contributions")
    choose(page, "Networks", "both")


def test_numbers_without_room_are_counted_and_nothing_moves_when_there_is_room(page):
    choose(page, "Networks", "difference")
    line = page.page.locator(".left-out")
    for _ in range(8):
        page.page.get_by_role("button", name="Zoom out").click()
    wait(lambda: re.match(r"[1-9]\d* numbers have no room here: zoom in", line.inner_text()))
    assert int(line.inner_text().split()[0]) <= 27, "nine atoms in three pictures"
    below = page.page.locator(".legend").bounding_box()
    choose(page, "Labels", "atoms")
    wait(lambda: re.match(r"[1-9]\d* names have no room here", line.inner_text()))
    choose(page, "Labels", "values")
    for _ in range(11):
        page.page.get_by_role("button", name="Zoom in").click()
    wait(lambda: line.inner_text() == "" or line.inner_text().startswith(("1 ", "2 ", "3 ")))
    assert page.page.locator(".legend").bounding_box() == below
    page.page.get_by_role("button", name="Reset the view").click()
    choose(page, "Networks", "both")


def test_the_dipole_is_an_arrow_whose_convention_is_named_and_can_be_turned_round(page):
    page.show("charges")
    page.still()
    note = page.page.locator(".arrow-note")
    assert "from the negative to the positive side (physicists' convention" in note.inner_text()
    physics = overlays(page)
    choose(page, "Dipole arrow", "chemistry")
    assert "chemists' convention" in note.inner_text()
    chemistry = overlays(page)
    choose(page, "Dipole arrow", "none")
    assert note.count() == 0
    assert len({physics[0], chemistry[0], overlays(page)[0]}) == 3
    choose(page, "Dipole arrow", "physics")
    dipole = page.page.get_by_role("region", name="What the total means").inner_text()
    assert re.search(r"\d\.\d{3}\s*D \(BP", dipole)
    page.show("contributions")


def test_the_level_of_a_surface_is_pulled_on_its_histogram(page):
    page.show("potential")
    page.page.locator(".histogram-plot").scroll_into_view_if_needed()
    plot = page.page.locator(".histogram-plot").bounding_box()
    before = float(page.isovalue.input_value())
    handle = page.page.locator(".histogram-handle").bounding_box()
    middle = handle["x"] + handle["width"] / 2
    page.page.mouse.move(middle, plot["y"] + plot["height"] / 2)
    page.page.mouse.down()
    page.page.mouse.move(middle - 0.2 * plot["width"], plot["y"] + plot["height"] / 2, steps=3)
    page.page.mouse.up()
    low, high = (float(page.isovalue.get_attribute(end)) for end in ("min", "max"))
    assert float(page.isovalue.input_value()) == pytest.approx(before - 0.2 * (high - low), abs=0.02 * (high - low))
    moved = page.page.locator(".histogram-handle").bounding_box()
    assert moved["x"] == pytest.approx(handle["x"] - 0.2 * plot["width"], abs=3)
    page.settled()
    page.show("contributions")


def test_the_reference_stands_beside_the_total_at_its_own_geometry_alone(page, http):
    page.explain("acetamide")
    region = page.page.get_by_role("region", name="Reference values")
    wait(lambda: "gdb_19" in region.inner_text())
    text = region.inner_text()
    assert "B3LYP/6-31G(2df,p)" in text
    assert text.count("not comparable") == 2
    before = page.state()["molecule"]["id"]
    region.get_by_role("button", name="Open QM9's geometry").click()
    page.until(lambda state: state["busy"] is None and state["molecule"]["id"] != before)
    wait(lambda: region.count() == 1 and "can be compared" in region.inner_text())
    [reference] = http.get(f"/molecules/{page.state()['molecule']['id']}/references").json()["references"]
    assert reference["same_geometry"]
    panes = page.page.get_by_role("region", name="3D view").get_by_role("figure").all()
    for pane, prediction in zip(panes, energies(page), strict=True):
        error = (prediction["total"] - reference["energy"]) * KCAL_PER_EV
        line = pane.locator("dl div", has_text="Error here").inner_text()
        assert shown(line) == pytest.approx(error, abs=0.0051)
        assert abs(error) < 3, "a molecule of the training data"
    assert "QM9, gdb_19" in page.page.locator(".title").inner_text()
