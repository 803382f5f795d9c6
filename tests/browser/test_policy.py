"""The content security policy: strict, and nothing on any page runs into it."""

import pytest

pytestmark = pytest.mark.browser

#: What the browser reports as refused, from the first line of the page on.
WATCH = """() => {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
}"""


@pytest.mark.parametrize("path", ["/?q=water", "/gallery", "/embeddings", "/batch", "/reactions", "/help"])
def test_no_page_runs_into_the_policy(tab, path):
    page = tab()
    page.page.add_init_script(f"({WATCH})()")
    answer = page.page.goto(page.base + path)
    policy = {part.split()[0]: part.split()[1:] for part in answer.headers["content-security-policy"].split(";")}
    assert policy["script-src"] == ["'self'"], "no inline scripts, no eval, nothing from elsewhere"
    assert policy["style-src"] == ["'self'"], "no inline styles either"
    assert policy["default-src"] == ["'self'"]
    page.page.evaluate("() => window.atomlens.ready")
    if path.startswith("/?q"):
        page.show("potential")
        page.page.get_by_role("button", name="Show me around", exact=True).click()
        page.page.get_by_role("dialog").wait_for()
        page.page.keyboard.press("Escape")
        page.page.get_by_role("button", name="Draw the molecule").click()
        page.page.get_by_role("dialog").locator("[data-openchemlib-canvas-editor]").wait_for()
    assert page.page.evaluate("() => window.refused") == []


def test_an_inline_script_is_refused(tab):
    page = tab().open("/help")
    script = "Object.assign(document.createElement('script'), { textContent: 'window.ran = true' })"
    page.page.evaluate(f"() => document.body.append({script})")
    assert page.page.evaluate("() => window.ran === undefined")
    assert any("script-src" in said for said in page.complaints)
    page.complaints.clear()
