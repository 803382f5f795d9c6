"""The first minutes of a newcomer: what is said without being asked, the tour, a sentence for every word, and help."""

import json

import pytest
from explorer import Explorer, wait

pytestmark = pytest.mark.browser


def steps(page: Explorer):
    return page.page.get_by_role("region", name="First steps", exact=True)


def kept(page: Explorer) -> dict:
    return json.loads(page.page.evaluate("() => localStorage.getItem('atomlens.preferences')"))


def pressed_until(page: Explorer, said: str) -> bool:
    """Whether the tour says so; otherwise on with the key, which does nothing while the light still moves."""
    if said in page.page.get_by_role("dialog").inner_text():
        return True
    page.page.keyboard.press("ArrowRight")
    page.page.wait_for_timeout(700)
    return said in page.page.get_by_role("dialog").inner_text()


def test_a_newcomer_reads_an_explanation_and_what_to_do_next_without_asking(tab):
    page = tab()
    page.page.goto(page.base)
    summary = page.page.locator(".summary p").first
    summary.wait_for()
    assert "acetamide" in summary.inner_text()
    assert "Point at an atom" in steps(page).inner_text().replace("point", "Point")
    assert page.table.locator("tbody tr").count() == 9


def test_the_first_steps_are_dismissed_for_good(tab):
    page = tab().open("/?q=water")
    steps(page).get_by_role("button", name="Do not show this again", exact=True).click()
    assert steps(page).count() == 0
    page.open("/?q=water")
    assert steps(page).count() == 0
    assert kept(page)["welcomed"] is True


def test_the_tour_goes_by_keyboard_through_the_page(tab):
    page = tab().open("/?q=water")
    asked = []
    page.page.on("request", lambda request: asked.append(request.url))
    start = steps(page).get_by_role("button", name="Show me around", exact=True)
    start.focus()
    page.page.keyboard.press("Enter")
    dialog = page.page.get_by_role("dialog")
    dialog.wait_for()
    assert any("/bundle/tour-" in url for url in asked), "it is loaded when it is asked for"
    titles = []
    for number in range(1, 8):
        wait(lambda n=number: pressed_until(page, f"{n} of 7"), dialog.inner_text)
        titles.append(page.page.locator(".driver-popover-title").inner_text())
        inside = "() => document.querySelector('.driver-popover').contains(document.activeElement)"
        assert page.page.evaluate(inside), "the focus is in the words"
    assert len(set(titles)) == 7
    page.page.keyboard.press("Escape")
    wait(lambda: dialog.count() == 0)
    assert steps(page).count() == 0
    assert kept(page)["welcomed"] is True
    # the button that started it is gone: the focus is where the next thing begins
    wait(lambda: page.page.evaluate("() => document.activeElement.id") == "molecule")


def test_the_tour_goes_on_with_the_key_that_started_it(tab):
    page = tab().open("/?q=water")
    steps(page).get_by_role("button", name="Show me around", exact=True).press("Enter")
    dialog = page.page.get_by_role("dialog")
    dialog.wait_for()
    focused = "() => document.activeElement.textContent"
    for number in range(1, 4):
        wait(lambda n=number: f"{n} of 7" in dialog.inner_text(), dialog.inner_text)
        wait(lambda: page.page.evaluate(focused).startswith("Next"), lambda: page.page.evaluate(focused))
        page.page.wait_for_timeout(700)  # the light still moves
        page.page.keyboard.press("Enter")
    wait(lambda: "4 of 7" in dialog.inner_text(), dialog.inner_text)


def test_the_tour_starts_again_from_help_and_ends_with_escape(tab):
    page = tab().open("/help")
    page.page.get_by_role("link", name="Start the tour", exact=True).click()
    dialog = page.page.get_by_role("dialog")
    dialog.wait_for()
    assert page.page.url == f"{page.base}/"
    page.page.keyboard.press("Escape")
    wait(lambda: dialog.count() == 0)
    wait(lambda: page.page.evaluate("() => document.activeElement.id") == "molecule")


def test_a_question_mark_says_in_one_sentence_what_is_meant_and_where_it_comes_from(tab):
    page = tab().open("/?q=water")
    mark = page.page.get_by_role("button", name="What is meant by “Contribution”?", exact=True)
    box = mark.bounding_box()
    assert box["width"] >= 24
    assert box["height"] >= 24
    mark.focus()
    page.page.keyboard.press("Enter")
    card = page.page.locator(".term-card:popover-open")
    card.wait_for()
    assert "only the sum was trained" in card.inner_text()
    assert "arXiv:1806.10349" in card.inner_text()
    place = card.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 1280
    described = page.page.evaluate(
        "(e) => document.getElementById(e.getAttribute('aria-describedby')).innerText", mark.element_handle()
    )
    assert "only the sum was trained" in described
    page.page.keyboard.press("Escape")
    wait(lambda: card.count() == 0)


def test_every_word_of_the_glossary_is_explained_on_the_help_page_and_beside_its_use(tab):
    page = tab().open("/help")
    words = page.page.evaluate("async () => Object.keys((await import('/js/lib/text.js')).text.glossary)")
    rows = page.page.locator("#words tbody tr")
    assert rows.count() == len(words)
    for row in rows.all():
        term, means, source = row.locator("th, td").all_inner_texts()
        assert term
        assert means.count(". ") == 0, f"one sentence: {means}"
        assert means.endswith(".")
        assert len(source) > 8, term
