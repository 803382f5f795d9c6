"""Of models of two training sets the page shows one of each family, says why, and lets the reader choose the others."""

import pytest
from browsing import PHONE, serving, tabs
from explorer import KCAL_PER_EV, Explorer
from test_explaining import numbers, shown_values
from test_links import path_of, share

from tiny import tiny_models_dir, tiny_organic

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def two_sets(browser, tmp_path_factory):
    """Makes tabs of a server with small models of both sets, all of them equally close to any molecule."""
    models = tiny_organic(tiny_models_dir(tmp_path_factory.mktemp("two-sets")))
    with serving(tmp_path_factory.mktemp("two-sets-server"), models) as address, tabs(browser, address) as make:
        yield make


def choice(page: Explorer):
    return page.page.get_by_role("combobox", name="Trained on", exact=True)


def shown(page: Explorer) -> list[str]:
    return [prediction["model"] for prediction in page.state()["predictions"]]


def of(training_set: str) -> list[str]:
    return [f"{training_set}-{family}-{prop}" for prop in ("energy", "dipole") for family in ("bp", "schnet")]


def assert_the_table_is_of(page: Explorer, training_set: str) -> None:
    for prediction in page.state()["answers"]:
        name, family, prop = prediction["model"].split("-")
        if name == training_set and prop == "energy":
            expected = [value * KCAL_PER_EV for value in prediction["contributions"]]
            assert numbers(shown_values(page, family, prop)) == pytest.approx(expected, abs=0.00501)


def test_one_of_each_family_is_shown_and_the_reader_chooses_the_others(two_sets):
    page = two_sets(refusals=True).open()  # of small models there are no statistics of pairs
    assert choice(page).input_value() == ""
    assert shown(page) == of("qm9")
    assert len(page.state()["answers"]) == 8
    assert [head.split(" contribution")[0] for head in page.columns()[2:]] == ["BP QM9", "SchNet QM9"]
    said = "Networks trained on QM9: their test error is smaller than that of the organic networks"
    assert page.page.get_by_text(said).is_visible()
    assert_the_table_is_of(page, "qm9")
    camera = page.camera()

    choice(page).focus()
    for _ in range(2):
        page.page.keyboard.press("ArrowDown")
    page.until(lambda state: state["trainedOn"] == "organic")
    assert shown(page) == of("organic")
    assert page.page.get_by_text("Networks trained on organic molecules, as chosen.", exact=True).is_visible()
    assert_the_table_is_of(page, "organic")
    assert page.camera() == pytest.approx(camera, abs=1e-6)
    page.quantity.select_option("pairs")
    assert set(page.until(lambda state: state["pairs"])["pairs"]) == {"organic-bp-energy", "organic-schnet-energy"}
    choice(page).select_option("qm9")
    page.until(lambda state: set(state["pairs"]) == {"qm9-bp-energy", "qm9-schnet-energy"})


def test_the_choice_stays_for_the_session_and_goes_into_links(two_sets):
    page = two_sets().open()
    choice(page).select_option("organic")
    page.explain("urea")
    assert shown(page) == of("organic")
    path = path_of(page, share(page))
    page.open("/?q=urea")
    assert (shown(page), choice(page).input_value()) == (of("organic"), "organic")

    other = two_sets().open(path)
    assert shown(other) == of("organic")
    assert choice(other).input_value() == "organic"
    assert other.columns() == page.columns()
    assert other.rows() == page.rows()
    choice(other).select_option("")
    other.until(lambda state: state["opened"] is None)
    assert shown(other) == of("qm9")
    fresh = two_sets().open("/?q=urea")
    assert choice(fresh).input_value() == "", "another reader has not chosen"


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}])
def test_molecules_of_elements_that_one_set_lacks_are_explained_by_the_other(two_sets, options):
    page = two_sets(**options).open("/?q=CS(C)=O")
    assert shown(page) == of("organic")
    assert page.state()["alert"] is None
    said = "Networks trained on organic molecules: the QM9 networks do not know S."
    assert page.page.get_by_text(said, exact=True).is_visible()
    assert choice(page).locator("option[disabled]").all_inner_texts() == ["QM9"]
    page.show("potential")
    assert set(page.state()["surfaces"]) == {"organic-bp-energy", "organic-schnet-energy"}
    page.explain("chloroform")
    assert "do not know Cl" in page.page.inner_text("main")
    page.explain("ethanol")
    assert shown(page) == of("qm9")


def test_a_way_to_an_element_that_the_chosen_ones_lack_is_followed_by_the_others(two_sets):
    page = two_sets().open("/?q=methanol")
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("combobox", name="Change an atom", exact=True).select_option("1")
    page.page.get_by_role("combobox", name="O2 becomes", exact=True).select_option("S")
    page.until(lambda state: state["alchemy"] and state["alchemy"]["answer"])
    assert shown(page) == of("organic")
    assert "the QM9 networks do not know S" in page.page.inner_text("main")
    page.page.get_by_role("button", name="Back to the molecule", exact=True).click()
    page.until(lambda state: state["alchemy"] is None)
    assert shown(page) == of("qm9")
