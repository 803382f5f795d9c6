"""What a screen reader is told without being asked: once, and no more than a listener can follow."""

import pytest
from explorer import Explorer, wait

pytestmark = pytest.mark.browser

#: Whatever changes in a live region from now on; `<output>` and the roles are live by themselves.
LISTEN = """() => {
  window.heard = [];
  const regions = "output, [role=status], [role=alert], [aria-live]";
  const hear = ({ target }) => {
    const region = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(regions);
    if (!region || region.getAttribute("aria-live") === "off") return;
    const said = region.textContent.trim();
    if (said && said !== window.heard.at(-1)) window.heard.push(said);
  };
  new MutationObserver((changes) => changes.forEach(hear))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def heard(page: Explorer) -> list[str]:
    return page.page.evaluate("() => window.heard")


def test_a_field_is_announced_as_it_begins_and_when_it_is_drawn(tab):
    page = tab().open("/?q=CC(O)CNC")
    page.page.evaluate(LISTEN)
    page.quantity.select_option("potential")
    seen = page.page.locator(".status-seen")
    wait(lambda: "%" in (seen.text_content() if seen.count() else ""), lambda: "the percentage is seen")
    page.settled()
    wait(lambda: "The surface is drawn." in heard(page), lambda: str(heard(page)))
    said = [words for words in heard(page) if "field" in words]
    assert said, "what is computed is said"
    assert not any("%" in words for words in said)
    assert len(said) == len(set(said)) <= 4, "two networks, each coarse and fine"


def test_a_slider_alone_says_where_it_stands(tab):
    page = tab().open("/?example=methanol")
    page.quantity.select_option("potential")
    page.settled()
    page.page.evaluate(LISTEN)
    slider = page.page.get_by_label("Isovalue", exact=True)
    shown = page.page.locator(".level-head output")
    before, first = shown.inner_text(), slider.get_attribute("aria-valuetext")
    slider.focus()
    page.page.keyboard.press("ArrowRight")
    wait(lambda: shown.inner_text() != before, lambda: before)
    assert slider.get_attribute("aria-valuetext") != first
    assert heard(page) == []


def test_an_atom_that_is_selected_is_told_in_one_sentence(tab):
    page = tab().open("/?example=acetamide")
    page.panes()[0].focus()
    for key in ("n", "Enter", "n"):
        page.page.keyboard.press(key)
    table = page.page.locator(".fragment-table")
    table.wait_for()
    before = table.inner_text()
    page.page.evaluate(LISTEN)
    page.page.keyboard.press("Enter")
    wait(lambda: table.inner_text() != before, lambda: before)
    (said,) = heard(page)
    assert said.startswith("Atom 2 of 9")
    assert "Selected." in said
