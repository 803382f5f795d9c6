"""The page on a phone: nothing beside the screen, everything within reach."""

import pytest

pytestmark = pytest.mark.browser


def widths(phone) -> tuple[int, int]:
    return tuple(phone.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]"))


def assert_inside(phone, locator) -> None:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["width"] >= 24
    assert box["height"] >= 20


def test_nothing_lies_beside_the_screen_and_everything_can_be_reached(phone):
    assert widths(phone) == (390, 390)
    phone.explain("NC=O")
    phone.show("potential")
    assert widths(phone) == (390, 390)
    buttons = [phone.page.get_by_role("button", name=name, exact=True) for name in ("Explain", "Share", "Zoom in")]
    opacity = phone.page.get_by_role("slider", name="Opacity")
    for control in [
        *buttons,
        phone.molecule,
        phone.quantity,
        phone.probe_element,
        phone.isovalue,
        opacity,
        phone.table,
    ]:
        assert_inside(phone, control)
    for pane in phone.panes():
        assert_inside(phone, pane)


def test_the_link_is_read_and_copied_on_a_phone(phone):
    phone.page.get_by_role("button", name="Share", exact=True).click()
    assert_inside(phone, phone.link)
    assert_inside(phone, phone.page.get_by_role("button", name="Copy"))
    assert_inside(phone, phone.page.get_by_text("Link", exact=True))
    assert widths(phone) == (390, 390)


def touch(phone, *moves: list[tuple[float, float]]) -> None:
    """One finger for each list of places, all moving together."""
    session = phone.page.context.new_cdp_session(phone.page)

    def send(kind: str, step: int | None) -> None:
        at = [] if step is None else [{"x": p[step][0], "y": p[step][1], "id": i} for i, p in enumerate(moves)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    send("touchStart", 0)
    for step in range(1, len(moves[0])):
        send("touchMove", step)
    send("touchEnd", None)


def test_one_finger_scrolls_over_the_picture_and_two_turn_it(phone):
    pane = phone.panes()[0]
    pane.scroll_into_view_if_needed()
    box = pane.bounding_box()
    before, top = phone.camera(), phone.page.evaluate("() => scrollY")
    x, y = box["x"] + 120, box["y"] + 0.7 * box["height"]
    touch(phone, [(x, y - 12 * i) for i in range(10)])
    phone.page.wait_for_function("(top) => scrollY > top + 30", arg=top)
    assert phone.camera() == before, "the picture stays as it is"
    pane.scroll_into_view_if_needed()
    box, top = pane.bounding_box(), phone.page.evaluate("() => scrollY")
    y = box["y"] + 0.4 * box["height"]
    touch(phone, [(x, y + 10 * i) for i in range(10)], [(x + 90, y + 10 * i) for i in range(10)])
    phone.still()
    assert phone.camera()[4:] != pytest.approx(before[4:], abs=1e-2)
    assert phone.page.evaluate("() => scrollY") == top, "the page stays where it is"


def test_the_pages_are_in_the_menu_of_a_phone(phone):
    menu = phone.page.get_by_role("button", name="Menu and settings", exact=True)
    assert_inside(phone, menu)
    link = phone.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Help", exact=True)
    assert link.count() == 0
    menu.click()
    assert_inside(phone, link)
    link.click()
    phone.page.get_by_role("heading", name="Help", exact=True, level=1).wait_for()
    assert widths(phone) == (390, 390)


def test_a_swipe_sideways_turns_the_molecule_and_a_tap_marks_an_atom(phone):
    before = phone.camera()
    pane = phone.panes()[0]
    pane.scroll_into_view_if_needed()
    box = pane.bounding_box()
    session = phone.page.context.new_cdp_session(phone.page)
    y = box["y"] + 0.8 * box["height"]
    for kind, x in [("touchStart", 80), *(("touchMove", 80 + 15 * i) for i in range(1, 10)), ("touchEnd", None)]:
        points = [] if x is None else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.still()
    assert phone.camera()[4:] != pytest.approx(before[4:], abs=1e-2)
    points = phone.points()
    atom = min(range(len(points)), key=lambda i: points[i]["depth"])
    phone.page.touchscreen.tap(box["x"] + points[atom]["x"], box["y"] + points[atom]["y"])
    phone.until(lambda s: s["selected"] == [atom])


def test_nothing_leaves_a_page_of_320_pixels(tab):
    page = tab(viewport={"width": 320, "height": 640}).open("/?q=caffeine")
    page.settled()
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 320
    for name in ("Explain", "Menu and settings"):
        box = page.page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_on_a_small_projector_the_pages_stand_in_one_line_and_the_box_holds_a_name(tab, locale):
    page = tab(viewport={"width": 1024, "height": 768}, locale=locale).open()
    links = [link.bounding_box() for link in page.page.locator(".header > .pages a").all()]
    assert len(links) > 4
    assert len({round(box["y"]) for box in links}) == 1
    assert page.page.locator(".search-box input[type=text]").bounding_box()["width"] > 130


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_name_without_a_place_to_break_stays_on_the_page(tab, http, width):
    name = "unnamed_molecule_of_group_3_of_class_11b_in_its_second_version_" + 17 * "x"
    text = f"3\nProperties=species:S:1:pos:R:3 name={name}\nO 0 0 0.12\nH 0 0.76 -0.48\nH 0 -0.76 -0.48\n"
    molecule = http.post("/molecules", json={"format": "extxyz", "text": text}).json()
    assert molecule["name"] == name
    page = tab(viewport={"width": width, "height": 844}).open(f"/?molecule={molecule['id']}&with=methanol")
    page.until(lambda s: s["comparison"] is not None and s["busy"] is None)
    page.settled()
    assert name in page.page.get_by_role("heading", level=1).inner_text()
    assert widths(page) == (width, width)


#: Choices whose words do not fit them, and tables of atoms that are wider than their cards.
CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const selects = [...document.querySelectorAll("select")].flatMap((select) => {
    if (select.clientWidth === 0) return [];
    const { font, paddingLeft, paddingRight } = getComputedStyle(select);
    pen.font = font;
    const chosen = select.selectedOptions[0]?.text ?? "";
    const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return pen.measureText(chosen).width > room + 1 ? [`${chosen}: ${room} px`] : [];
  });
  const scrolls = [...document.querySelectorAll(".table-scroll:has(.atoms)")];
  const tables = scrolls.filter((e) => e.scrollWidth > e.clientWidth);
  return [...selects, ...tables.map((e) => `table: ${e.scrollWidth} in ${e.clientWidth} px`)];
}"""


@pytest.mark.parametrize(("locale", "quantity"), [("de-DE", "Größe"), ("en-US", "Quantity")])
def test_words_and_tables_are_not_cut_off(tab, locale, quantity):
    page = tab(viewport={"width": 390, "height": 844}, locale=locale).open("/?q=acetamide")
    page.settled()
    page.page.evaluate("() => document.querySelectorAll('details').forEach((part) => (part.open = true))")
    for shown in ("contributions", "charges"):
        page.page.get_by_role("combobox", name=quantity, exact=True).select_option(shown)
        page.settled()
        assert page.page.evaluate(CUT) == [], shown
        for atom, count in ((0, 1), (3, 2)):
            page.page.locator(".atoms tbody input").nth(atom).click()
            page.until(lambda state, count=count: len(state["selected"]) == count)
            assert page.page.evaluate(CUT) == [], (shown, count)
        for atom in (0, 3):
            page.page.locator(".atoms tbody input").nth(atom).click()
    page.page.goto(f"{page.base}/embeddings?model=materials-elpasolites")
    page.page.locator(".vectors-grid").wait_for()
    choice = page.page.locator(".vectors-head select").first
    for name in choice.evaluate("select => [...select.options].map(({ value }) => value)"):
        choice.select_option(name)
        assert page.page.evaluate(CUT) == [], name
