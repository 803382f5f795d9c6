"""The page of element vectors: the map and the periodic table show what the service says, and each other."""

import math
import re
from itertools import combinations, pairwise

import pytest
from explorer import wait
from test_accessible import violations

pytestmark = pytest.mark.browser
MODEL = "materials-elpasolites"


def opened(tab, model: str = MODEL, **options):
    page = tab(**options).open(f"/embeddings?model={model}")
    page.page.get_by_role("grid").wait_for()
    return page


@pytest.fixture
def vectors(http) -> dict:
    return http.get(f"/models/{MODEL}/embeddings").json()


def fill(page, selector: str) -> str:
    return page.page.locator(selector).evaluate("e => getComputedStyle(e).fill || getComputedStyle(e).backgroundColor")


def test_the_map_has_every_element_in_its_place(tab, vectors):
    page = opened(tab)
    drawn = {
        point.get_attribute("data-element"): tuple(map(float, re.findall(r"[\d.]+", point.get_attribute("transform"))))
        for point in page.page.locator(".scatter-point").all()
    }
    assert set(drawn) == set(vectors["elements"])
    # moved apart where they would lie over one another; a line leads to the place
    dots = {
        way.get_attribute("data-of"): tuple(float(way.locator("circle").get_attribute(k)) for k in ("cx", "cy"))
        for way in page.page.locator(".scatter-way").all()
    }
    assert dots.keys() & {"Kr", "Ar", "Xe"}
    assert all(math.dist(a, b) > 20 for a, b in combinations(drawn.values(), 2)), "every name is read"
    places = drawn | dots
    components = dict(zip(vectors["elements"], vectors["members"][0]["components"], strict=True))
    for axis, sign in ((0, 1), (1, -1)):
        order = sorted(places, key=lambda e: sign * places[e][axis])
        values = [components[e][axis] for e in order]
        # pixels are rounded to a tenth, and moves of less than two are not marked
        assert all(b > a - 0.02 for a, b in pairwise(values))
    assert fill(page, '[data-element="F"] path') == fill(page, '[data-element="Br"] path')
    assert fill(page, '[data-element="F"] path') != fill(page, '[data-element="K"] path')
    shapes = {e: page.page.locator(f'.scatter-point[data-element="{e}"] path').get_attribute("d") for e in drawn}
    assert shapes["F"] == shapes["Br"], "the group is told by the shape too"
    assert len(set(shapes.values())) == 8


def test_an_address_that_names_no_network_says_so_and_shows_another(tab):
    page = opened(tab, "none")
    assert page.alert.inner_text().startswith("There is no network “none” with vectors of elements here.")
    page.page.wait_for_url(f"**/embeddings?model={MODEL}")


def test_neighbours_that_were_hardly_learned_are_marked(tab, http):
    vectors = http.get("/models/materials-mp/embeddings").json()
    page = opened(tab, "materials-mp")
    page.page.locator('[role="gridcell"][data-element="Fe"]').click()
    rows = page.page.locator(".vectors-similar tbody tr")
    named = [row.locator("th").inner_text() for row in rows.all()]
    rare = {e for e, known in zip(vectors["elements"], vectors["measured"], strict=True) if not known}
    marked = {text.split()[0] for text in named if "(hardly learned)" in text}
    assert marked == {text.split()[0] for text in named} & rare != set()


def test_the_table_and_the_map_point_at_each_other(tab):
    page = opened(tab)
    page.page.locator('[role="gridcell"][data-element="K"]').hover()
    wait(lambda: page.page.locator('.scatter-point.pointed[data-element="K"]').count() == 1)
    page.page.locator('.scatter-point[data-element="S"]').hover()
    wait(lambda: page.page.locator('[role="gridcell"].pointed[data-element="S"]').count() == 1)


def test_numbers_of_the_table_are_those_of_what_colours_it(tab, vectors):
    page = opened(tab)
    place = vectors["elements"].index("Cs")
    cell = page.page.locator('[role="gridcell"][data-element="Cs"]')
    by = page.page.get_by_role("combobox", name="Coloured by", exact=True)
    before = cell.evaluate("e => getComputedStyle(e).backgroundColor")
    for value, wanted in (
        ("1", f"{vectors['members'][0]['components'][place][1]:.2f}".replace("-", "−")),
        ("electronegativity", "0.79"),
        ("group", "1"),
    ):
        by.select_option(value)
        wait(lambda wanted=wanted: cell.inner_text().split()[-1] == wanted)
    assert cell.evaluate("e => getComputedStyle(e).backgroundColor") != before
    assert page.page.locator('[role="gridcell"]').count() == 118


def test_the_keyboard_moves_in_the_table_and_chooses(tab, vectors):
    page = opened(tab)
    assert page.page.locator('[role="gridcell"][tabindex="0"]').count() == 1
    page.page.locator('[role="gridcell"][data-element="H"]').focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.page.keyboard.press(key)
    wait(lambda: page.page.locator(":focus").get_attribute("data-element") == "Mg")
    page.page.keyboard.press("Enter")
    page.page.get_by_role("heading", name="Nearest to magnesium").wait_for()
    rows = page.page.locator(".vectors-similar tbody tr").all_inner_texts()
    vector = dict(zip(vectors["elements"], vectors["members"][0]["vectors"], strict=True))
    distance = {
        e: sum((a - b) ** 2 for a, b in zip(vector["Mg"], v, strict=True)) ** 0.5
        for e, v in vector.items()
        if e != "Mg"
    }
    nearest = sorted(distance, key=distance.get)
    for i, row in enumerate(rows):
        parts = row.split()
        assert parts[:2] == [str(i + 1), nearest[i]]
        assert float(parts[-1]) == pytest.approx(distance[nearest[i]], abs=6e-4)


def test_what_is_measured_is_said(tab, vectors):
    page = opened(tab)
    text = page.page.locator(".vectors-order").inner_text()
    shares = [m["same_group"]["euclidean"]["share"] for m in vectors["members"]]
    assert f"{round(100 * max(shares))}\u00a0%" in text
    assert f"{round(100 * vectors['additive']['euclidean']['share'])}\u00a0%" in text
    assert text.count("*") == sum(c["adjusted"] < 0.05 for c in vectors["members"][0]["correlations"])
    page.page.get_by_role("combobox", name="Network", exact=True).select_option("1")
    starred = sum(c["adjusted"] < 0.05 for c in vectors["members"][1]["correlations"])
    wait(lambda: page.page.locator(".vectors-order").inner_text().count("*") == starred)


def test_every_schnet_can_be_looked_at_and_few_elements_claim_nothing(tab):
    page = opened(tab)
    choice = page.page.get_by_role("combobox", name="Model", exact=True)
    assert {"qm9-schnet-energy", "qm9-schnet-dipole", MODEL} <= set(
        choice.locator("option").evaluate_all("all => all.map((o) => o.value)")
    )
    choice.select_option("qm9-schnet-energy")
    wait(lambda: page.page.locator(".scatter-point").count() == 4)
    assert (
        "So few" in page.page.locator(".vectors-order").inner_text()
        or "so few" in page.page.locator(".vectors-order").inner_text()
    )
    assert page.page.url.endswith("model=qm9-schnet-energy")


def test_the_page_is_reached_from_the_first_one(tab):
    page = tab().open()
    page.page.get_by_role("link", name="Elements", exact=True).click()
    page.page.wait_for_url("**/embeddings?model=*")
    page.page.get_by_role("grid").wait_for()


@pytest.mark.parametrize(
    "viewport", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["desk", "phone"]
)
def test_it_breaks_no_rule_of_axe_and_fits_the_screen(tab, viewport):
    page = opened(tab, viewport=viewport)
    page.page.locator('[role="gridcell"][data-element="Cl"]').click()
    page.page.get_by_text("All numbers as a table").click()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert violations(page) == []


def test_the_address_has_what_was_chosen(tab):
    page = opened(tab)
    page.page.get_by_role("combobox", name="Network", exact=True).select_option("2")
    page.page.get_by_role("combobox", name="Coloured by", exact=True).select_option("electronegativity")
    page.page.locator('.periodic [data-element="Ga"]').click()
    page.page.get_by_role("combobox", name="Measure", exact=True).select_option("cosine")
    address = "() => location.pathname + location.search"
    wait(lambda: "metric=cosine" in page.page.evaluate(address))
    nearest = page.page.locator(".vectors-similar tbody tr").all_inner_texts()
    other = tab().open(page.page.evaluate(address))
    other.page.get_by_role("grid").wait_for()
    wait(lambda: other.page.locator(".vectors-similar tbody tr").count() == len(nearest))
    assert other.page.locator(".vectors-similar tbody tr").all_inner_texts() == nearest
    chosen = [one.input_value() for one in other.page.locator("main select").all()]
    assert chosen == [MODEL, "2", "electronegativity", "Ga", "cosine"]
    assert other.page.evaluate(address) == page.page.evaluate(address)


def test_on_a_phone_an_element_is_chosen_from_a_list_and_names_in_the_map_are_read(tab, vectors):
    page = opened(tab, viewport={"width": 390, "height": 844})
    boxes = {p.get_attribute("data-element"): p.bounding_box() for p in page.page.locator(".scatter-point").all()}
    assert set(boxes) == set(vectors["elements"])
    assert min(box["width"] for box in boxes.values()) >= 16
    choice = page.page.get_by_label("Element", exact=True)
    assert choice.bounding_box()["height"] >= 24
    choice.select_option("Si")
    wait(lambda: page.page.locator(".vectors-similar h2").inner_text() == "Nearest to silicon")
    assert page.page.locator('.periodic-cell[data-element="Si"]').get_attribute("aria-selected") == "true"
    choice.select_option("")
    wait(lambda: page.page.locator('.periodic-cell[aria-selected="true"]').count() == 0)
