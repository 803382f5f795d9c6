"""The page in German: asked for by the browser or chosen, in words and numbers."""

import json
import re

import pytest
from explorer import Explorer, wait
from playwright.sync_api import expect

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


def test_environments_examples_and_names_are_german_too(german):
    german.page.get_by_role("combobox", name="Größe", exact=True).select_option("contributions")
    german.page.get_by_role("table", name="Atome", exact=True).locator("tbody tr").nth(2).click()
    nearest = german.page.locator(".neighbours li")
    nearest.first.wait_for()
    assert "amide" not in " ".join(nearest.all_inner_texts())
    presets = " ".join(german.page.locator(".alchemy-presets button").all_text_contents())
    assert "Methan → Ammoniak → Wasser" in presets
    assert not re.search(r"ammonia\b|benzyl|fluoroethanol", presets)


def test_names_are_proposed_in_german(tab):
    page = tab(refusals=True, locale="de-DE").open("/?q=water")
    box = page.page.locator("#molecule")
    box.fill("ethano")
    page.page.get_by_role("option", name="Ethanol").first.wait_for()
    box.fill("Ethnaol")
    page.page.keyboard.press("Enter")
    page.alert.wait_for()
    said = page.alert.inner_text()
    assert "Meinten Sie" in said
    assert "Ethanol" in said
    assert not re.search(r"\bethanol|acetaldehyde", said)


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
    assert not [url for url in asked if "text-de" in url]


def test_an_error_of_the_service_and_what_to_do_about_it_are_german(tab):
    page = tab(locale="de-DE", refusals=True).open("/?q=water")
    box = page.page.get_by_role("combobox", name="Molekül", exact=True)
    expected = {"O=O": "Triplett", "C[NH3+]": "trägt eine elektrische Ladung", "cafeine": "Meinten Sie"}
    for typed, words in expected.items():
        box.fill(typed)
        box.press("Enter")
        expect(page.alert).to_contain_text(words)
        assert page.alert.locator("[lang]").count() == 0
        assert ENGLISH.findall(page.alert.inner_text()) == []


def test_what_is_said_of_work_under_way_is_german(tab):
    page = tab(locale="de-DE").open("/?q=acetamide")
    page.page.evaluate("""() => {
      window.said = new Set();
      const speaking = "[role=status], [aria-live]";
      const hear = () => document.querySelectorAll(speaking).forEach((e) => window.said.add(e.innerText));
      new MutationObserver(hear).observe(document.body, {subtree: true, childList: true, characterData: true});
    }""")
    page.page.get_by_role("button", name="Relaxieren", exact=True).first.click()
    page.until(lambda now: now["relaxation"] is not None and now["busy"] is None)
    said = [words for words in page.page.evaluate("() => [...window.said]") if words.strip()]
    assert any("relaxiert" in words for words in said), said
    assert ENGLISH.findall("\n".join(said)) == []


def test_files_speak_the_language_of_the_page(tab, browser, tmp_path):
    page = tab(locale="de-DE").open("/?q=acetamide")
    saved = {}
    for name in ("SVG", "HTML speichern"):
        page.page.get_by_role("button", name="Exportieren", exact=True).click()
        with page.page.expect_download() as download:
            page.page.get_by_role("button", name=name, exact=True).click()
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
        page.page.keyboard.press("Escape")
    drawing = saved["SVG"].read_text("utf-8")
    assert "Beiträge zur Energie, kcal/mol" in drawing
    # models are called by their names
    assert ENGLISH.findall(re.sub(r"<[^>]*>|[a-z0-9]+-[a-z]+-energy", " ", drawing)) == []
    context = browser.new_context(offline=True, locale="en-GB")
    kept = context.new_page()
    kept.goto(saved["HTML speichern"].as_uri())
    kept.wait_for_function("() => window.atomlens")
    assert kept.evaluate("() => document.documentElement.lang") == "de"
    assert ENGLISH.findall(re.sub(r"[a-z0-9]+-[a-z]+-energy", "", kept.evaluate(SHOWN))) == []
    context.close()


def test_the_share_box_shows_the_beginning_of_its_link(tab):
    page = tab(locale="de-DE").open("/?q=water")
    page.page.get_by_role("button", name="Teilen", exact=True).click()
    box = page.page.get_by_role("textbox", name="Link", exact=True)
    expect(box).to_have_value(re.compile("^http"))
    page.page.wait_for_function("() => document.activeElement?.matches('.link-row input')")
    assert box.evaluate("async (box) => (await new Promise((r) => setTimeout(r, 300)), box.scrollLeft)") == 0
    assert box.evaluate("(box) => box.selectionEnd - box.selectionStart === box.value.length")


def test_networks_have_their_names_in_the_language_that_is_chosen_later(tab):
    page = tab().open("/?q=CS")
    assert "BP organic contribution" in " ".join(page.columns())
    page.page.get_by_role("button", name="Menu and settings", exact=True).click()
    page.page.get_by_role("combobox", name="Language", exact=True).select_option("de")
    page.page.get_by_role("table", name="Atome", exact=True).wait_for()
    wait(lambda: "BP organisch" in page.page.inner_text("main"))
    assert "BP organic" not in page.page.inner_text("main").replace("BP organisch", "")
