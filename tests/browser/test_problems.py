"""What goes wrong is said beside its cause, in words that say what to do."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(lasting_tab):
    """The opening page; some of its requests will be refused."""
    return lasting_tab(refusals=True).open()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("C(C", "cannot be read"),
        ("garbage!!", "is not in the list of names"),
        ("O=O", "triplet"),
        ("[Na+].[Cl-]", "No network of molecules here knows Na;"),
        ("CCO.O", "2 separate molecules"),
        ("C[Si](C)(C)C", "No network of molecules here knows Si"),
        ("C" * 120, "at most 300 atoms"),
        ("", "Type a name"),
    ],
)
def test_a_molecule_that_cannot_be_explained(page, typed, said):
    before = page.rows()
    page.molecule.fill(typed)
    page.molecule.press("Enter")
    page.alert.wait_for()
    assert said in page.alert.inner_text()
    assert page.molecule.get_attribute("aria-invalid") == "true"
    assert page.rows() == before, "the last explanation stays"


def test_the_next_molecule_takes_the_error_away(page):
    page.molecule.fill("C(C")
    page.molecule.press("Enter")
    page.alert.wait_for()
    page.explain("CO")
    assert page.alert.count() == 0
    assert page.molecule.get_attribute("aria-invalid") is None


def test_a_file_of_another_kind_is_refused_by_its_name(page):
    chooser = page.page.locator("input[type=file]")
    chooser.set_input_files({"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.alert.wait_for()
    assert "notes.pdf" in page.alert.inner_text()
    chooser.set_input_files({"name": "bad.xyz", "mimeType": "text/plain", "buffer": b"2\n\nC 0 0 0\nC 0 0 zero\n"})
    page.until(lambda s: s["alert"] and s["alert"]["code"] != "file" and s["busy"] is None)
    assert "line 4" in page.alert.inner_text().lower()


def test_a_server_that_went_away_is_noticed_and_so_is_its_return(page):
    page.page.context.set_offline(True)
    page.molecule.fill("CN")
    page.molecule.press("Enter")
    page.alert.wait_for()
    assert "does not answer" in page.alert.inner_text()
    page.page.context.set_offline(False)
    page.until(lambda s: s["molecule"]["formula"] == "CH5N" and s["alert"] is None)


def test_a_busy_server_is_asked_again(page):
    asked = []

    def busy_once(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
            return
        error = {"code": "busy", "message": "No worker is free.", "field": None, "hint": None}
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": error})

    page.page.route("**/api/v1/predictions", busy_once)
    page.explain("C=O")
    assert len(asked) == 2
    assert page.alert.count() == 0
