"""Files in: what is opened goes where it belongs, however large; what is refused is said in words of its kind."""

import json
import re

import pytest
from explorer import Explorer
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROWS = "".join(f"{'C' * (k % 9 + 1)}O,alcohol {k}\n" for k in range(150_000))
LARGE_TABLE = ("SMILES,name\n" + ROWS)[:2_700_000]
DROP = """(files) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Explorer, *files: tuple[str, str]) -> None:
    page.page.evaluate(DROP, [list(file) for file in files])


def said(page: Explorer) -> str:
    expect(page.page.get_by_role("alert")).to_be_visible()
    return " ".join(page.page.get_by_role("alert").inner_text().split())


def test_tables_that_are_too_large_are_refused_where_they_were_dropped(tab):
    page = tab().open()
    drop(page, *((f"{k}.csv", LARGE_TABLE) for k in "abc"))
    assert "8.1 MB of molecules; the page sends at most 1.8 MB at once" in said(page)
    assert "atomlens batch" in said(page)
    assert "/batch" not in page.page.url
    drop(page, ("one.csv", LARGE_TABLE))
    page.until(lambda state: state["alert"] and "2.7 MB of molecules" in state["alert"]["message"])


def test_a_large_file_is_called_what_it_is(tab):
    page = tab().open()
    frame = "3\nframe\nO 0 0 0.117\nH 0 0.757 -0.469\nH 0 -0.757 -0.469\n"
    drop(page, ("way.xyz", frame * 50_000))
    assert re.search(r"“way.xyz” \(\d\.\d MB\) is larger than a trajectory or a file of several molecules", said(page))
    drop(page, ("one.mol", "x" * 2_100_000))
    page.until(lambda state: state["alert"] and "a file of one molecule" in state["alert"]["message"])
    drop(page, ("notes.pdf", "x"), ("a.csv", "SMILES\nC\n"))
    page.until(lambda state: state["alert"] and "“notes.pdf”" in state["alert"]["message"])


def test_several_large_files_arrive_whole(tab):
    page = tab().open()
    files = [(f"{k}.smi", "CCO\n" + "# a remark of many characters\n" * 19_000 + "CO\n") for k in "abc"]
    drop(page, *files)
    page.page.wait_for_url("**/batch*")
    rows = page.until(lambda state: state["batch"] is not None)["batch"]["rows"]
    assert [(row["file"], row["formula"]) for row in rows] == [
        (f"{k}.smi", formula) for k in "abc" for formula in ("C2H6O", "CH4O")
    ]


def test_the_button_opens_tables_and_several_files(tab):
    page = tab().open()
    chooser = page.page.locator(".search input[type=file]")
    accepted = chooser.get_attribute("accept").split(",")
    assert {".xyz", ".sdf", ".sd", ".mol", ".cif", ".csv", ".tsv", ".smi", ".txt"} <= set(accepted)
    chooser.set_input_files(
        [
            {"name": "a.tsv", "mimeType": "text/plain", "buffer": b"CCO\tspirit\nCO\twood spirit\n"},
            {"name": "b.smi", "mimeType": "text/plain", "buffer": b"C methane\n"},
        ]
    )
    page.page.wait_for_url("**/batch*")
    rows = page.until(lambda state: state["batch"] is not None)["batch"]["rows"]
    assert [row["name"] for row in rows] == ["spirit", "wood spirit", "methane"]


def test_a_molecule_of_a_file_has_an_address_that_brings_it_back(tab):
    page = tab().open()
    page.explain("ethanol")
    water = "3\nby hand\nO 0 0 0.117\nH 0 0.757 -0.469\nH 0 -0.757 -0.469\n"
    drop(page, ("water.xyz", water))
    molecule = page.until(lambda state: state["busy"] is None and state["molecule"]["formula"] == "H2O")["molecule"]
    assert page.page.url.endswith(f"/?molecule={molecule['id']}")
    page.page.reload()
    page.page.evaluate("() => window.atomlens.ready")
    assert json.dumps(page.state()["molecule"]["positions"]) == json.dumps(molecule["positions"])
    page.page.go_back()
    expect(page.page.locator("h1")).to_contain_text("ethanol")
    page.page.go_forward()
    expect(page.page.locator("h1")).not_to_contain_text(re.compile("ethanol|Look inside"))
    assert page.page.url.endswith(f"/?molecule={molecule['id']}")


def test_the_first_key_leads_to_the_picture(tab):
    page = tab().open()
    page.page.keyboard.press("Tab")
    expect(page.page.get_by_role("link", name="Skip to the picture")).to_be_focused()
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    assert page.page.evaluate("() => document.activeElement.closest('#picture') !== null")


def test_a_failed_row_stays_on_a_phones_screen(tab):
    page = tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open(
        "/batch?q=CCO%0AC1CC%0Aqqzzyx"
    )
    page.until(lambda state: state["batch"] is not None)
    for sentence in page.page.locator(".many-error > span").all():
        box = sentence.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
