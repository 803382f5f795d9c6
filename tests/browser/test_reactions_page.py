"""The page of reactions: typed or chosen, balanced, with the numbers of the service and its doubts."""

import pytest
from explorer import KCAL_PER_EV, Explorer, wait
from test_accessible import violations

pytestmark = pytest.mark.browser


def compute(page: Explorer, equation: str) -> None:
    page.page.get_by_role("textbox", name="Reaction", exact=True).fill(equation)
    page.page.get_by_role("button", name="Compute", exact=True).click()


def ready(page: Explorer) -> dict:
    page.page.get_by_role("table", name="Energy of reaction").wait_for()
    return page.until(lambda state: state["busy"] is None and state["reaction"] is not None)["reaction"]


def first_number(text: str) -> float:
    return float(text.split(maxsplit=1)[0].replace("−", "-").replace(",", ""))


def test_the_numbers_are_those_of_the_service(tab, http):
    page = tab().open("/reactions")
    compute(page, "C=CC=C + C=C -> C1CCC=CC1")
    reaction = ready(page)
    answer = http.post("/reactions", json={"equation": "C=CC=C + C=C -> C1CCC=CC1"}).json()
    assert reaction["predictions"] == answer["predictions"]
    by_model = {one["model"]: one for one in answer["predictions"]}
    rows = page.page.get_by_role("table", name="Energy of reaction").locator("tbody tr").all()
    assert len(rows) == len(by_model)
    for row in rows:
        found = by_model[row.locator("th").get_attribute("title")]
        assert first_number(row.locator("td").first.inner_text()) == pytest.approx(
            found["energy"] * KCAL_PER_EV, abs=0.006
        )
    chosen = [choice["model"] for choice in answer["choice"]]
    changes = page.page.get_by_role("table", name="Atoms that change most")
    page.page.get_by_role("button", name="Show 8 more").click()
    body = changes.locator("tbody tr")
    assert body.count() == len(answer["matches"]) == 16
    columns = [[first_number(row.locator("td").nth(1 + k).inner_text()) for row in body.all()] for k in range(2)]
    sums = [first_number(cell) for cell in changes.locator("tfoot td").all_inner_texts()]
    for column, total in zip(columns, sums, strict=True):
        assert sum(column) == pytest.approx(total, abs=0.1), "they sum to the energy of reaction"
    assert sorted(sums) == pytest.approx(sorted(by_model[name]["energy"] * KCAL_PER_EV for name in chosen), abs=0.006)
    size = [max(map(abs, values)) for values in zip(*columns, strict=True)]
    assert size == sorted(size, reverse=True)


def test_what_is_off_is_said_and_mended_by_a_button(tab):
    page = tab().open("/reactions")
    compute(page, "methane + O2 -> CO2 + H2O")
    wait(lambda: page.alert.count() == 1)
    assert "2 H more on the left (4 against 2)" in page.alert.inner_text()
    assert page.page.get_by_role("table", name="Energy of reaction").count() == 0
    page.page.get_by_role("button", name="Balance it").click()
    reaction = ready(page)
    assert reaction["equation"] == "methane + 2 O2 -> CO2 + 2 H2O"
    assert page.page.get_by_role("textbox", name="Reaction", exact=True).input_value() == reaction["equation"]
    assert page.page.get_by_role("spinbutton", name="How many O2").input_value() == "2"
    warning = page.page.get_by_text("These numbers are guesses")
    assert "O2: unpaired electrons" in warning.inner_text()
    assert {one["grade"] for one in reaction["predictions"]} == {"outside"}


def test_boxes_and_line_are_the_same_and_examples_fill_both(tab):
    page = tab().open("/reactions")
    page.page.get_by_role("button", name="Hydrogenation of ethene").click()
    reaction = ready(page)
    hydrogen = [one["species"][1] for one in reaction["predictions"] if one["model"].startswith("qm9")]
    assert [(one["grade"], one["reason"]) for one in hydrogen] == [("outside", "small")] * 2
    line = page.page.get_by_role("textbox", name="Reaction", exact=True)
    assert line.input_value() == "ethene + H2 -> ethane"
    page.page.get_by_role("textbox", name="Reactant 1").fill("propene")
    page.page.get_by_role("textbox", name="Product 1").fill("propane")
    page.page.get_by_role("textbox", name="Product 1").press("Tab")
    assert line.input_value() == "propene + H2 -> propane"
    page.page.get_by_role("button", name="Remove H2").click()
    page.page.get_by_role("textbox", name="Add a reactant").fill("[HH]")
    page.page.get_by_role("textbox", name="Add a reactant").press("Enter")
    assert line.input_value() == "propene + [HH] -> propane"
    page.page.get_by_role("button", name="Compute", exact=True).click()
    page.until(lambda state: state["reaction"] and state["reaction"]["equation"] == "propene + [HH] -> propane")
    again = tab().open(page.page.url.removeprefix(page.base))
    assert ready(again)["predictions"] == page.state()["reaction"]["predictions"]
    again.page.get_by_role("link", name="propane", exact=True).click()
    again.page.wait_for_url("**/?molecule=*")
    again.page.wait_for_function("() => window.atomlens")
    again.page.evaluate("() => window.atomlens.ready")
    assert again.until(lambda state: state["molecule"] is not None)["molecule"]["name"] == "propane"


def test_an_address_restores_the_unit(tab):
    page = tab().open("/reactions?q=ethene+%2B+H2+-%3E+ethane")
    ready(page)
    page.page.get_by_role("combobox", name="Energies in").select_option("kJ/mol")
    page.page.wait_for_url("**/reactions?q=ethene+%2B+H2+-%3E+ethane&unit=kJ%2Fmol")
    again = tab().open(page.page.url.removeprefix(page.base))
    ready(again)
    assert again.page.get_by_role("combobox", name="Energies in").input_value() == "kJ/mol"
    again.page.get_by_role("combobox", name="Energies in").select_option("kcal/mol")
    again.page.wait_for_url("**/reactions?q=ethene+%2B+H2+-%3E+ethane")


def test_what_cannot_be_read_is_said_beside_the_box(tab):
    page = tab(refusals=True).open("/reactions")
    compute(page, "ethene + H2")
    wait(lambda: page.alert.count() == 1 and "An arrow" in page.alert.inner_text())
    compute(page, "nonsense -> ethane")
    wait(lambda: page.alert.count() == 1 and "nonsense:" in page.alert.inner_text())
    assert page.page.url.endswith("/reactions?q=nonsense+-%3E+ethane"), "the address names what the box says"


@pytest.mark.parametrize("query", ["ethene + H2 -> ethane", "methane + O2 -> CO2 + H2O"])
def test_it_breaks_no_rule_of_axe_and_fits_a_phone(tab, query):
    page = tab(viewport={"width": 390, "height": 844}).open("/reactions")
    compute(page, query)
    page.until(lambda state: state["reaction"] is not None and state["busy"] is None)
    assert violations(page) == []
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_an_address_restores_how_many_atoms_are_listed(tab):
    page = tab().open("/reactions?q=C%3DCC%3DC+%2B+C%3DC+-%3E+C1CCC%3DCC1")
    ready(page)
    rows = ".reaction-changes tbody tr"
    few = page.page.locator(rows).count()
    page.page.locator(".reaction-changes + button").click()
    page.page.wait_for_url("**&atoms=all")
    again = tab().open(page.page.url.removeprefix(page.base))
    ready(again)
    assert again.page.locator(rows).count() == page.page.locator(rows).count() > few
