"""The page of many molecules: what it tells of each is what the service says, and every row leads to its molecule."""

import csv
import io
import re

import pytest
from explorer import KCAL_PER_EV, Explorer, wait
from playwright.sync_api import expect
from test_accessible import violations

pytestmark = pytest.mark.browser

LINES = "CCO spirit\nc1ccccc1\nCS(C)=O\nC1CC\nwater\n"
TABLE = "id,SMILES\none,CO\ntwo,CCN\n"


def fill(page: Explorer, text: str) -> None:
    page.page.get_by_role("textbox", name="Molecules, one a line").fill(text)
    page.page.get_by_role("button", name="Predict", exact=True).click()


def ready(page: Explorer) -> dict:
    return page.until(lambda state: state["batch"] is not None and state["batching"] is None)["batch"]


#: Molecules whose predictions take seconds, however fast the machine.
MANY = 120

#: Cells of the rows, and files offered, while others are computed: of one moment, for the next may be the last.
SOME_ROWS = """async () => {
  const partial = async () => (await window.atomlens.state()).batch?.partial === true;
  for (;;) {
    if (await partial()) {
      const rows = [...document.querySelectorAll("table.many-table tbody tr")];
      const words = (cell) => cell.innerText.split(/\\s+/).filter(Boolean).join(" ");
      const some = rows.map((row) => [...row.querySelectorAll("td")].map(words));
      const files = document.querySelectorAll(".many-exports a").length;
      if (some.length > 0 && await partial()) return [some, files];
    }
    if ((await window.atomlens.state()).batch && !(await partial())) throw new Error("all rows came at once");
    await new Promise(requestAnimationFrame);
  }
}"""


def cells(page: Explorer) -> list[list[str]]:
    rows = page.page.get_by_role("table", name="Predictions").locator("tbody tr").all()
    return [[" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()] for row in rows]


def numbers(column: list[str]) -> list[float]:
    return [
        float(re.match(r"[−\d. ]+", cell.replace(",", ""))[0].replace("−", "-").replace(" ", "")) for cell in column
    ]


def test_the_table_holds_what_the_service_says_and_what_failed_in_its_place(tab, http):
    page = tab().open("/batch")
    fill(page, LINES)
    batch = ready(page)
    shown = cells(page)
    assert [row[1] for row in shown] == ["spirit", "benzene", "dimethyl sulfoxide", "C1CC", "water"]
    assert "unclosed ring" in shown[3][2]
    assert page.page.get_by_text("4 molecules predicted; 1 row says why not.").count() == 1
    for place in (0, 1, 2, 4):
        row = batch["rows"][place]
        alone = http.post("/predictions", json={"molecule": row["molecule"], "models": None}).json()
        chosen = {choice["family"]: choice["model"] for choice in alone["choice"] if choice["property"] == "energy"}
        models = {model["name"]: model for model in http.get("/models").json()["models"]}
        for column, family in ((4, "bp"), (5, "schnet")):
            free = models[chosen[family]]["free_atom_energies"]
            total = next(one["total"] for one in alone["predictions"] if one["model"] == chosen[family])
            atomization = sum(free[symbol] for symbol in alone["molecule"]["symbols"]) - total
            assert numbers([shown[place][column]])[0] == pytest.approx(atomization * KCAL_PER_EV, abs=0.006)
    page.page.get_by_role("combobox", name="Energies as").select_option("total")
    page.page.get_by_role("combobox", name="Energies in").select_option("eV")
    total = next(
        one["total"]
        for one in batch["rows"][0]["predictions"]
        if one["model"] in batch["rows"][0]["shown"] and "bp-energy" in one["model"]
    )
    assert numbers([cells(page)[0][4]])[0] == pytest.approx(total, abs=6e-4)
    # what energies are is the reader's choice, as their unit is
    first = page.state()["batch"]["id"]
    fill(page, "CCS")
    page.until(lambda s: s["batch"] and s["batch"]["id"] != first and s["batching"] is None)
    kind = page.page.get_by_role("combobox", name="Energies as")
    assert kind.input_value() == "total"


def test_totals_of_different_training_sets_are_said_to_have_different_zeros(tab, http, tmp_path):
    at_rest = http.post("/molecules", json={"format": "example", "text": "methanol"}).json()
    atoms = zip(at_rest["symbols"], at_rest["positions"], strict=True)
    lines = [f"{symbol} {x} {y} {z}" for symbol, (x, y, z) in atoms]
    (tmp_path / "a.xyz").write_text("\n".join([str(len(lines)), "methanol", *lines, ""]))
    (tmp_path / "b.smi").write_text("CS methanethiol\n")
    page = tab().open("/batch")
    page.page.locator("input[type=file]").set_input_files([tmp_path / "a.xyz", tmp_path / "b.smi"])
    state = page.until(lambda state: state["batch"] is not None and len(state["batch"]["rows"]) == 2)
    first, second = (row["shown"] for row in state["batch"]["rows"])
    assert not set(first) & set(second)
    results = page.page.get_by_role("region", name="Results")
    page.page.get_by_role("combobox", name="Energies as").select_option("atomization")
    assert "different zeros" not in results.inner_text()
    page.page.get_by_role("combobox", name="Energies as").select_option("total")
    assert "different zeros" in results.inner_text()


def test_rows_are_sorted_filtered_and_lead_to_their_molecules(tab):
    page = tab().open("/batch")
    fill(page, LINES)
    batch = ready(page)
    table = page.page.get_by_role("table", name="Predictions")
    table.get_by_role("button", name="SchNet dipole").click()
    values = [row[7] for row in cells(page) if len(row) > 7]
    assert numbers(values) == sorted(numbers(values))
    assert cells(page)[-1][1] == "C1CC", "rows without a value come last"
    table.get_by_role("button", name="SchNet dipole").click()
    values = [row[7] for row in cells(page) if len(row) > 7]
    assert numbers(values) == sorted(numbers(values), reverse=True)
    assert cells(page)[-1][1] == "C1CC"
    page.page.get_by_role("searchbox", name="Filter by name, formula or SMILES").fill("c6h6")
    assert [row[1] for row in cells(page)] == ["benzene"]
    page.page.get_by_role("searchbox").fill("")
    page.page.get_by_role("combobox", name="Show").select_option("failed")
    assert [row[1] for row in cells(page)] == ["C1CC"]
    page.page.get_by_role("combobox", name="Show").select_option("all")
    # anywhere in the row, not on the link alone
    table.get_by_role("row").filter(has_text="spirit").locator("td").nth(3).click()
    page.page.wait_for_url("**/?molecule=*")
    page.page.evaluate("() => window.atomlens.ready")
    state = page.until(lambda now: now["molecule"] is not None)
    assert (state["molecule"]["id"], state["molecule"]["name"]) == (batch["rows"][0]["molecule"], "spirit")


def test_whoever_comes_back_from_a_molecule_finds_the_table_as_it_was(tab):
    page = tab().open("/batch")
    fill(page, "\n".join(f"{'C' * n}O" for n in range(1, 41)))
    ready(page)
    page.page.get_by_role("searchbox", name="Filter").fill("O")
    page.page.get_by_role("columnheader").get_by_role("button", name="Atoms").click()
    page.page.get_by_role("columnheader").get_by_role("button", name="Atoms").click()
    page.page.get_by_role("combobox", name="Energies as").select_option("total")
    scroll = page.page.locator(".many-scroll")
    place = "part => [Math.round(part.scrollTop), Math.round(scrollY)]"
    scroll.evaluate("part => { part.scrollTop = 180; scrollTo(0, 120); }")
    before, at = cells(page), scroll.evaluate(place)
    assert max(at) > 0
    assert before[0][1] != "methanol"
    wait(lambda: page.page.evaluate("() => history.state?.scrolled") is not None)
    page.page.locator("tr.many-row a").nth(5).click()
    page.page.wait_for_url("**/?molecule=*")
    page.page.go_back()
    expect(page.page.locator("tr.many-row")).to_have_count(len(before))
    assert cells(page) == before
    wait(lambda: scroll.evaluate(place) == at)


def test_an_address_restores_the_lines_and_files_are_restored_by_their_batch(tab, tmp_path):
    page = tab().open("/batch")
    fill(page, "CO\nCN\n")
    ready(page)
    again = tab().open(page.page.url.removeprefix(page.base))
    assert again.page.get_by_role("textbox", name="Molecules, one a line").input_value() == "CO\nCN\n"
    assert cells(again) == cells(page)
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "b.smi").write_text("CCC propane\n")
    page.page.locator("input[type=file]").set_input_files([tmp_path / "a.csv", tmp_path / "b.smi"])
    page.until(lambda state: state["batch"] is not None and len(state["batch"]["rows"]) == 3)
    assert [row[1] for row in cells(page)] == ["one a.csv, 1", "two a.csv, 2", "propane b.smi, 1"]
    assert "?id=" in page.page.url
    third = tab().open(page.page.url.removeprefix(page.base))
    assert cells(third) == cells(page)


def test_an_address_restores_unit_and_order_and_another_table_has_an_order_of_its_own(tab):
    page = tab().open("/batch?q=CO%0ACN%0ACCO")
    ready(page)
    head = page.page.get_by_role("columnheader", name="Formula")
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    page.page.get_by_role("combobox", name="Energies in").select_option("eV")
    page.page.wait_for_url("**/batch?q=CO%0ACN%0ACCO&unit=eV&sort=-formula")
    again = tab().open(page.page.url.removeprefix(page.base))
    ready(again)
    assert cells(again) == cells(page)
    assert again.page.get_by_role("columnheader", name="Formula").get_attribute("aria-sort") == "descending"
    assert again.state()["unit"] == "eV"
    kept = again.page.evaluate("() => JSON.parse(localStorage.getItem('atomlens.preferences')).unit")
    assert kept == "kcal/mol", "an address is no choice of who opens it"
    fill(again, "CC\nC\n")
    again.page.wait_for_url("**/batch?q=CC%0AC%0A&unit=eV")
    ready(again)
    assert [row[1] for row in cells(again)] == ["ethane", "methane"]


def test_an_address_restores_all_that_decides_what_the_table_shows(tab):
    page = tab().open("/batch?q=CCO%0ACCC%0ACCCO%0AC1CC%0ACCS(C)(%3DO)%3DO")
    ready(page)
    for name, value in (("Energies as", "total"), ("Show", "inside"), ("Trained on", "organic")):
        page.page.get_by_role("combobox", name=name, exact=True).select_option(value)
    page.page.get_by_role("searchbox", name="Filter").fill("C3")
    page.page.wait_for_url("**&energies=total&show=inside&trained_on=organic&filter=C3")
    shown = cells(page)
    assert 0 < len(shown) < 5
    again = tab().open(page.page.url.removeprefix(page.base))
    ready(again)
    assert cells(again) == shown
    for name, value in (("Energies as", "total"), ("Show", "inside"), ("Trained on", "organic")):
        assert again.page.get_by_role("combobox", name=name, exact=True).input_value() == value
    assert again.page.get_by_role("searchbox", name="Filter").input_value() == "C3"
    # and a training set that is not here leaves the choice to the service
    fresh = tab().open("/batch?q=CCO&trained_on=nowhere")
    ready(fresh)
    assert fresh.page.get_by_role("combobox", name="Trained on", exact=True).input_value() == ""
    assert cells(fresh)[0][1] == "ethanol"
    assert "–" not in cells(fresh)[0]


def test_the_files_have_the_numbers_of_the_table(tab):
    page = tab().open("/batch?q=CCO%0AC1CC")
    batch = ready(page)
    with page.page.expect_download() as saved:
        page.page.get_by_role("link", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text())))
    own = next(one for one in batch["rows"][0]["predictions"] if one["model"] == "qm9-schnet-energy")
    assert float(rows[0]["qm9-schnet-energy_total_eV"]) == own["total"]
    assert "unclosed ring" in rows[1]["error"]
    with page.page.expect_download() as saved:
        page.page.get_by_role("link", name="SDF", exact=True).click()
    from ase.io import read

    assert read(saved.value.path(), format="sdf").get_chemical_formula() == "C2H6O"
    with page.page.expect_download() as saved:
        page.page.get_by_role("link", name="JSON", exact=True).click()
    assert saved.value.path().read_text().startswith('{"id"')


def test_a_table_that_is_dropped_on_the_opening_page_is_opened_here(tab):
    page = tab().open("/?q=water")
    page.page.evaluate(
        """(text) => {
          const carried = new DataTransfer();
          carried.items.add(new File([text], "mine.csv"));
          window.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        TABLE,
    )
    page.page.wait_for_url("**/batch*")
    page.page.wait_for_function("() => window.atomlens")
    page.page.evaluate("() => window.atomlens.ready")
    ready(page)
    assert [row[1] for row in cells(page)] == ["one mine.csv, 1", "two mine.csv, 2"]


def test_what_cannot_be_treated_is_said_beside_the_box(tab):
    page = tab(refusals=True).open("/batch")
    page.page.get_by_role("button", name="Predict", exact=True).click()
    assert "no molecule in the box" in page.alert.inner_text()
    fill(page, "C\n" * 1001)
    wait(lambda: "at most 1,000" in page.alert.inner_text())
    fill(page, "C\n")
    ready(page)
    assert page.alert.count() == 0


def test_predictions_that_are_given_up_leave_the_box(tab):
    page = tab().open("/batch")
    fill(page, "".join(f"{'C' * n}O\n" for n in range(1, 40)))
    page.page.get_by_role("button", name="Stop", exact=True).click()
    state = page.until(lambda now: now["batching"] is None and now["busy"] is None)
    assert state["batch"] is None
    assert page.page.get_by_role("button", name="Predict", exact=True).is_visible()


def test_it_breaks_no_rule_of_axe_and_fits_a_phone(tab):
    page = tab(viewport={"width": 390, "height": 844}).open("/batch?q=CCO%0AC1CC%0ACS(C)%3DO")
    ready(page)
    assert violations(page) == []
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_rows_appear_while_the_others_are_computed(tab):
    page = tab().open("/batch")
    lines = [f"{'C' * (n % 12)}CC(=O)N{'C' * (n // 12)}" for n in range(MANY)]
    fill(page, "\n".join(lines))
    some, files = page.page.evaluate(SOME_ROWS)
    assert len(some) > 0
    assert files == 0, "a file would not hold all"
    batch = page.until(lambda state: state["batch"] is not None and not state["batch"].get("partial"))["batch"]
    assert len(batch["rows"]) == MANY
    assert cells(page)[: len(some)] == some
    assert page.page.get_by_role("link", name="CSV", exact=True).count() == 1
