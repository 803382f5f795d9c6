"""The page in German: asked for by the browser or chosen, in words and numbers."""

import json
import re

import pytest
from explorer import Explorer

pytestmark = pytest.mark.browser

#: What the reader sees and hears, without what is English by nature: names, sources, a service's own sentences.
SHOWN = """() => {
  const text = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) text.push(node.textContent);
    const foreign = '[lang="en"], .smiles, option, script, noscript';
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(foreign)) return;
    for (const name of ["aria-label", "title", "placeholder"]) text.push(node.getAttribute(name) ?? "");
    node.childNodes.forEach(walk);
    text.push("\\n");
  };
  walk(document.body);
  return text.join("");
}"""
#: Words that no German sentence has.
ENGLISH = re.compile(r"\b(the|and|of|with|energy|atoms|network|networks|Trust|usual|Show|Reset)\b")


@pytest.fixture(scope="module")
def german(lasting_tab) -> Explorer:
    return lasting_tab(locale="de-DE").open("/?q=acetamide")


def shown(page: Explorer) -> str:
    return page.page.evaluate(SHOWN)


def test_a_german_browser_gets_german_words_and_a_decimal_comma(german):
    assert german.page.evaluate("() => document.documentElement.lang") == "de"
    table = german.page.get_by_role("table", name="Atome", exact=True)
    cells = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert all(re.match(r"−?\d+,\d\d", cell) for row in cells for cell in row[2:4]), cells
    for quantity in ("contributions", "charges", "pairs"):
        german.page.get_by_role("combobox", name="Größe", exact=True).select_option(quantity)
        german.settled()
        text = shown(german)
        assert ENGLISH.findall(text) == [], quantity
        assert re.findall(r"\d\.(?!\d{3}\b)\d+", text) == [], quantity


def test_a_choice_of_language_speaks_at_once_and_is_kept(german):
    german.page.get_by_role("button", name="Menü und Einstellungen", exact=True).click()
    german.page.get_by_role("combobox", name="Sprache", exact=True).select_option("en")
    german.page.get_by_role("combobox", name="Quantity", exact=True).wait_for()
    assert german.page.evaluate("() => document.documentElement.lang") == "en"
    assert json.loads(german.page.evaluate("() => localStorage.getItem('atomlens.preferences')"))["language"] == "en"
    german.open("/?q=water")
    assert german.quantity.count() == 1
    german.page.get_by_role("button", name="Menu and settings", exact=True).click()
    german.page.get_by_role("combobox", name="Language", exact=True).select_option("system")
    german.page.get_by_role("combobox", name="Größe", exact=True).wait_for()


def test_no_two_elements_share_an_id_after_the_language_has_changed(german):
    german.page.get_by_role("combobox", name="Größe", exact=True).select_option("potential")
    german.page.get_by_role("slider", name="Isowert", exact=True).wait_for()
    ids = german.page.evaluate("() => [...document.querySelectorAll('main [id], header [id]')].map((e) => e.id)")
    own = [name for name in ids if name != "undefined"]  # 3Dmol names its canvases so
    assert len(set(own)) == len(own)


def test_a_link_does_not_bring_its_makers_language(german, tab):
    german.page.get_by_role("button", name="Teilen", exact=True).click()
    link = german.page.get_by_role("textbox", name="Link", exact=True)
    link.wait_for()
    reader = tab().open(link.input_value().removeprefix(german.base))
    assert reader.quantity.count() == 1
    assert reader.page.evaluate("() => document.documentElement.lang") == "en"


def test_german_is_loaded_by_those_alone_who_read_it(tab):
    page = tab()
    asked = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.open("/?q=water")
    assert not [url for url in asked if "-de.js" in url]


def test_an_error_of_the_service_is_explained_in_german_with_its_own_words_behind(tab):
    page = tab(locale="de-DE", refusals=True).open("/?q=water")
    box = page.page.get_by_role("combobox", name="Molekül", exact=True)
    box.fill("O=O")
    box.press("Enter")
    page.alert.wait_for()
    said = page.alert.inner_text()
    assert "ungepaarte Elektronen" in said
    assert "triplet" in said
    assert "triplet" in page.alert.locator('[lang="en"]').inner_text()
