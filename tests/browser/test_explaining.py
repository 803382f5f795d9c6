"""A molecule in, an explanation out: values, colours, and a table and pictures that belong together."""

import pytest
from explorer import KCAL_PER_EV, Explorer, wait
from pixels import difference, drawn, tint

pytestmark = pytest.mark.browser

ETHANOL_XYZ = """9
ethanol
C -1.1685 -0.4038  0.0000
C  0.0000  0.5500  0.0000
O  1.1900 -0.1800  0.0000
H -2.1000  0.1500  0.0000
H -1.1300 -1.0400  0.8850
H -1.1300 -1.0400 -0.8850
H  0.0400  1.1900  0.8850
H  0.0400  1.1900 -0.8850
H  1.9200  0.4200  0.0000
"""


@pytest.fixture(scope="module")
def opening(lasting_tab) -> Explorer:
    """The opening page, for tests that only look."""
    return lasting_tab().open()


def shown_values(page: Explorer, model: str, property_: str) -> list[str]:
    """The column of the table that belongs to a model; a value may stand with its spread, "1.20 ± 0.30"."""
    name = {"bp": "BP", "schnet": "SchNet"}[model]
    quantity = {"energy": "contribution", "dipole": "charge"}[property_]
    [column] = [i for i, head in enumerate(page.columns()) if head.startswith(name) and quantity in head]
    return [row[column] for row in page.rows()]


def numbers(shown: list[str], part: int = 0) -> list[float]:
    """Of the column: the values, or with part = 2 the spreads, which no model of one member has."""
    return [float(cell.partition("±")[part].replace("−", "-")) for cell in shown if cell.partition("±")[part]]


def assert_table_is_http(page: Explorer, answer: dict, property_: str) -> None:
    factor, digits = (KCAL_PER_EV, 2) if property_ == "energy" else (1.0, 3)
    predictions = [p for p in answer["predictions"] if p["property"] == property_]
    assert predictions
    for prediction in predictions:
        shown = shown_values(page, prediction["model"].split("-")[1], property_)
        expected = [value * factor for value in prediction["contributions"]]
        assert numbers(shown) == pytest.approx(expected, abs=0.5001 * 10**-digits)
        assert all(len(value.partition("±")[0].strip().partition(".")[2]) == digits for value in shown)
        spread = prediction["contribution_spread"]
        assert numbers(shown, 2) == pytest.approx([s * factor for s in spread or ()], abs=0.5001 * 10**-digits)


def test_the_page_opens_with_a_molecule_inside_the_training_data_already_explained(opening, explained):
    state = opening.state()
    assert state["predictions"]
    assert sum(number > 1 for number in state["molecule"]["numbers"]) <= 9
    assert_table_is_http(opening, explained(opening.molecule.input_value(), "example"), "energy")
    for pane, _ in enumerate(opening.panes()):
        assert drawn(opening.picture(pane)) > 0.02


def test_every_control_is_found_by_its_name(opening):
    for role, name in [("region", "3D view"), ("table", "Atoms"), ("combobox", "Quantity"), ("button", "Share")]:
        assert opening.page.get_by_role(role, name=name, exact=True).count() == 1, name
    assert opening.molecule.count() == 1
    assert opening.page.get_by_role("status").count() == 1
    assert opening.alert.count() == 0
    options = opening.quantity.locator("option").all_inner_texts()
    assert options[:3] == ["Contributions", "Charges", "Potential"]
    assert opening.columns()[:2] == ["#", "Element"]


def test_the_table_shows_what_http_answers_for_a_typed_smiles(page, explained):
    page.explain("OCC=O")
    answer = explained("OCC=O")
    assert [row[:2] for row in page.rows()] == [
        [str(i + 1), symbol] for i, symbol in enumerate(answer["molecule"]["symbols"])
    ]
    assert_table_is_http(page, answer, "energy")
    page.show("charges")
    assert_table_is_http(page, answer, "dipole")


def test_a_chosen_unit_is_the_unit_of_the_table_and_of_the_legend(page, explained):
    [prediction] = [p for p in explained("acetamide", "example")["predictions"] if p["model"] == "qm9-bp-energy"]
    page.page.get_by_role("combobox", name="Energies in", exact=True).select_option("eV")
    shown = shown_values(page, "bp", "energy")
    assert numbers(shown) == pytest.approx(prediction["contributions"], abs=0.0005001)
    legend = page.page.get_by_role("group", name="Colour scale")
    assert legend.get_by_role("img").get_attribute("aria-label") == (
        "Contributions: −0.4336 to +0.4336 eV, zero in the middle"
    )


def test_the_names_in_the_captions_and_their_totals_are_those_of_the_models(page, explained):
    page.explain("urea")
    panes = page.page.get_by_role("region", name="3D view").get_by_role("figure").all()
    energies = [p for p in explained("urea")["predictions"] if p["property"] == "energy"]
    assert len(panes) == len(energies)
    for pane, prediction, name in zip(panes, energies, ("BP", "SchNet"), strict=True):
        assert page.name(prediction["model"]).startswith(name)
        total = f"{abs(prediction['total'] * KCAL_PER_EV):.2f}"
        text = pane.inner_text().replace(",", "")
        assert page.name(prediction["model"]) in text
        assert f"−{total}" in text


def visible(points: list[dict]) -> list[int]:
    """Atoms whose middle no nearer atom covers."""

    def covered(i: int) -> bool:
        return any(
            other["depth"] < points[i]["depth"]
            and (other["x"] - points[i]["x"]) ** 2 + (other["y"] - points[i]["y"]) ** 2 < (other["radius"] + 2) ** 2
            for j, other in enumerate(points)
            if j != i
        )

    return [i for i in range(len(points)) if not covered(i)]


def atom_tints(page: Explorer, pane: int) -> dict[int, int]:
    """The tint in the middle of every visible atom of a picture."""
    points, picture = page.points(), tint(page.picture(pane))
    ratio = points[0]["ratio"]
    return {i: picture[int(points[i]["y"] * ratio), int(points[i]["x"] * ratio)] for i in visible(points)}


def test_atoms_are_orange_where_they_raise_the_energy_and_blue_where_they_lower_it(opening, explained):
    energies = [p for p in explained("acetamide", "example")["predictions"] if p["property"] == "energy"]
    checked = 0
    for pane, prediction in enumerate(energies):
        for atom, seen in atom_tints(opening, pane).items():
            value = prediction["contributions"][atom] * KCAL_PER_EV
            if abs(value) > 2:  # paler atoms are nearly the grey of zero
                assert seen == (1 if value > 0 else -1), (prediction["model"], atom, value)
                checked += 1
    assert checked >= 4


def test_the_picture_changes_with_the_quantity_and_with_the_limit_of_the_scale(page):
    contributions = page.picture()
    page.show("elements")
    wait(lambda: page.picture().shape[1] > 1.5 * contributions.shape[1])  # the structure has the whole width
    assert drawn(page.picture()) > 0.02
    page.show("contributions")
    wait(lambda: page.picture().shape == contributions.shape)
    page.page.get_by_role("spinbutton", name="Limit of the scale").fill("2")
    page.page.get_by_role("spinbutton", name="Limit of the scale").press("Enter")
    narrow = page.picture()
    assert difference(narrow, contributions) > 0.01
    assert (tint(narrow) != 0).sum() > (tint(contributions) != 0).sum()
    assert "beyond the scale" in page.page.get_by_role("group", name="Colour scale").inner_text()


@pytest.mark.parametrize("typed", ["0", "-3", ""])
def test_what_cannot_be_a_limit_is_refused_in_words_and_the_box_goes_back(opening, typed):
    box = opening.page.get_by_role("spinbutton", name="Limit of the scale")
    rule = opening.page.get_by_role("group", name="Colour scale").get_by_role("alert")
    box.fill(typed)
    box.press("Enter")
    assert rule.inner_text() == "The limit is a number above 0; it stays ±10\u00a0kcal/mol."
    assert box.get_attribute("aria-invalid") == "true"
    box.press("Tab")
    assert box.input_value() == "10"
    assert box.get_attribute("aria-invalid") is None, "what stands there now is in order"
    assert opening.state()["limits"] == {}
    box.focus()
    wait(lambda: rule.count() == 0)


def test_a_limit_is_typed_key_by_key_though_its_beginning_is_none(page):
    box = page.page.get_by_role("spinbutton", name="Limit of the scale")
    rule = page.page.get_by_role("group", name="Colour scale").get_by_role("alert")
    page.show("charges")
    wait(lambda: box.input_value() == "0.6")
    for keys, limit in [("0.3", 0.3), (".45", 0.45), ("0.05", 0.05), ("1e-3", 1e-3)]:
        box.press("Control+a")
        box.press("Delete")
        box.press_sequentially(keys)
        assert rule.count() == 0, "it is not finished yet"
        box.press("Enter")
        assert page.state()["limits"]["charge"] == limit
        assert float(box.input_value()) == limit
    box.press("Control+a")
    box.press_sequentially("0")
    box.press("Enter")
    assert "The limit is a number above 0" in rule.inner_text()
    box.press_sequentially(".2")  # one goes on from there
    box.press("Tab")
    assert rule.count() == 0
    assert page.state()["limits"]["charge"] == 0.2


def overlay(page: Explorer) -> str:
    return page.page.evaluate("() => document.querySelector('.overlay').toDataURL()")


def test_a_row_of_the_table_is_marked_in_the_pictures(page):
    before = overlay(page)
    page.table.locator("tbody tr").nth(2).hover()
    wait(lambda: overlay(page) != before)
    assert page.state()["hover"] == 2
    page.table.locator("tbody tr").nth(2).click()
    assert page.state()["selected"] == [2]
    assert "1 atom selected" in page.table.inner_text()
    page.table.locator("tbody tr").nth(5).click(modifiers=["Shift"])
    assert page.state()["selected"] == [2, 5]
    assert page.page.evaluate("() => getSelection().toString()") == "", "rows are chosen, not their text"


def test_an_atom_of_the_picture_is_marked_in_the_table(page):
    points = page.points()
    atom = min(visible(points), key=lambda i: points[i]["depth"])
    box = page.panes()[0].bounding_box()
    page.page.mouse.move(box["x"] + points[atom]["x"], box["y"] + points[atom]["y"])
    wait(lambda: page.state()["hover"] == atom)
    assert "pointed" in page.table.locator("tbody tr").nth(atom).get_attribute("class")
    page.page.mouse.down()
    page.page.mouse.up()
    assert page.table.locator("tbody tr").nth(atom).get_attribute("aria-selected") == "true"


def test_both_pictures_turn_together(page):
    before = [page.picture(pane) for pane in (0, 1)]
    page.panes()[0].scroll_into_view_if_needed()
    box = page.panes()[0].bounding_box()
    page.page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 40)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 160, box["y"] + box["height"] - 70, steps=4)
    page.page.mouse.up()
    page.still()
    for pane in (0, 1):
        assert difference(page.picture(pane), before[pane]) > 0.02


def test_keys_turn_and_zoom_the_picture(page):
    first = page.camera()
    page.panes()[1].focus()
    page.page.keyboard.press("ArrowRight")
    page.still()
    turned = page.camera()
    assert turned[4:] != pytest.approx(first[4:], abs=1e-3)
    assert turned[:4] == pytest.approx(first[:4])
    page.page.keyboard.press("+")
    page.still()
    assert page.camera()[3] > turned[3]
    page.page.keyboard.press("0")
    page.still()
    assert page.camera() == pytest.approx(first, abs=1e-6)


def test_the_sums_stay_in_sight_below_the_rows(page):
    page.explain("caffeine")
    sums = page.table.locator("tfoot tr")
    cells = [cell.bounding_box() for cell in sums.locator("th, td").all()]
    assert len({round(box["y"]) for box in cells}) == 1
    scrolled = page.page.locator(".table-scroll").bounding_box()
    assert cells[0]["y"] < scrolled["y"] + scrolled["height"], "without scrolling through all atoms"
    [bp, _] = [p for p in page.state()["predictions"] if p["property"] == "energy"]
    total = sum(bp["contributions"]) * KCAL_PER_EV
    assert float(sums.locator("td").first.inner_text().replace("−", "-")) == pytest.approx(total, abs=0.00501)


def test_rows_are_reached_and_chosen_by_keys_and_sorted_by_their_heads(page):
    page.table.locator("tbody tr").first.focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    assert page.state()["selected"] == [1]
    for atom in (0, 2):  # a check adds its atom, by key as by pointer
        page.table.locator("tbody input[type=checkbox]").nth(atom).focus()
        page.page.keyboard.press("Space")
    assert sorted(page.state()["selected"]) == [0, 1, 2]
    page.table.get_by_role("button", name=f"{page.name('qm9-bp-energy')} contribution").click()
    values = numbers(shown_values(page, "bp", "energy"))
    assert values == sorted(values)


def test_a_dropped_xyz_file_is_explained(page):
    transfer = page.page.evaluate_handle(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "ethanol.xyz", { type: "chemical/x-xyz" }));
          return transfer;
        }""",
        ETHANOL_XYZ,
    )
    page.page.dispatch_event("body", "dragover", {"dataTransfer": transfer})
    assert page.page.get_by_text("Drop the file").is_visible()
    page.page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    state = page.until(lambda s: s["molecule"] and s["molecule"]["formula"] == "C2H6O")
    assert state["molecule"]["positions"][8] == pytest.approx([1.92, 0.42, 0.0])
    text = page.page.inner_text("main")
    assert "from the file" in text
    assert "force field" not in text


def test_a_geometry_from_a_force_field_and_a_molecule_beyond_the_training_data_say_so(page):
    assert "quantum chemistry, B3LYP" in page.page.inner_text("main")
    page.explain("acetamide")
    assert "force field MMFF94" in page.page.inner_text("main")
    assert "heavy atoms" not in page.page.inner_text("main")
    page.explain("ibuprofen")
    page.page.get_by_role("combobox", name="Trained on", exact=True).select_option("qm9")
    page.settled()
    text = page.page.inner_text("main")
    assert "15 heavy atoms" in text
    assert "at most 9" in text


def test_grades_of_trust_and_spreads_of_members_are_shown_where_a_model_has_them(tab):
    page = tab()

    def graded(route) -> None:
        answer = route.fetch()
        body = answer.json()
        for prediction in body["predictions"]:
            atoms = len(prediction["contributions"])
            prediction["uncertainty"] = 0.25
            prediction["contribution_spread"] = [0.125] * atoms
            prediction["trust"] = ["inside"] * (atoms - 2) + ["unusual", "outside"]
            prediction["trust_reasons"] = [None] * (atoms - 2) + ["spread", "distance"]
            prediction["molecule_trust"] = {
                "grade": "outside",
                "reason": "distance",
                "expected_error": 0.3,
                "probability": 0.314,
            }
        route.fulfill(response=answer, json=body)

    page.page.route("**/api/v1/predictions", graded)
    page.open()
    assert page.columns()[-1] == "Trust"
    assert [row[-1].strip() for row in page.rows()][-3:-2] == ["usual"]
    assert [row[-1].split() for row in page.rows()][-2:] == [["unusual", "disagreement"], ["outside", "surroundings"]]
    picture = page.page.get_by_role("region", name="3D view")
    assert picture.get_by_text("outside the training data: strange surroundings").count() == 2
    assert picture.get_by_text("31 %").count() == 2
    assert picture.get_by_text("5.77\u00a0kcal/mol").count() == 2  # 0.25 eV
    assert page.table.get_by_text("±\u202f2.88", exact=True).count() == 2 * len(page.rows())


def test_without_grades_of_trust_the_table_claims_none(page):
    def ungraded(route):
        answer = route.fetch()
        body = answer.json()
        for prediction in body["predictions"]:
            prediction["trust"] = prediction["trust_reasons"] = prediction["molecule_trust"] = None
        route.fulfill(response=answer, json=body)

    page.page.route("**/api/v1/predictions", ungraded)
    page.open()
    assert "Trust" not in page.columns()
    assert page.page.get_by_text("like the training data").count() == 0


DRAWN = """() => [...document.querySelectorAll(".viewport .picture canvas:not(.overlay)")].map((canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const drawn = data.filter((value, i) => i % 4 === 3 && value > 0).length;
  return [canvas.width / canvas.clientWidth, drawn / (canvas.width * canvas.height)];
})"""


def test_a_picture_at_rest_is_drawn_with_all_its_pixels(page):
    page.still()
    wait(lambda: all(ratio == pytest.approx(2, abs=0.01) for ratio, _ in page.page.evaluate(DRAWN)))
    wait(lambda: [part for _, part in page.page.evaluate(DRAWN)] == [1, 1])
