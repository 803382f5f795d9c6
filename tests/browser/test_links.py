"""Links: what one reader sees, another sees too, in a browser that knows nothing of the first."""

import base64
import functools
import io
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import httpx
import pytest
import zxingcpp
from explorer import Explorer, exploring
from PIL import Image
from pixels import difference, drawn
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

#: Part of the pixels that may differ between two drawings of the same view.
SAME = 0.001


def share(page: Explorer) -> str:
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    assert not page.link.is_editable(), "the link is there to be copied"
    return page.link.input_value()


def path_of(page: Explorer, link: str) -> str:
    assert link.startswith(page.base)
    return link.removeprefix(page.base)


@pytest.fixture(scope="module")
def shared(lasting_tab) -> Explorer:
    """A view with everything changed that a reader can change."""
    page = lasting_tab().open("/?example=formamide")
    page.page.get_by_role("combobox", name="Energies in").select_option("kJ/mol")
    page.show("potential")
    page.probe_element.select_option("N")
    page.settled()
    page.isovalue.fill("-150")
    page.panes()[0].focus()
    for key in ("ArrowRight", "ArrowUp", "+"):
        page.page.keyboard.press(key)
    page.table.locator("tbody tr").nth(1).click()
    page.settled()
    return page


@pytest.fixture(scope="module")
def path(shared) -> str:
    """Of the link to it."""
    return path_of(shared, share(shared))


def test_an_opened_link_shows_the_same(shared, path, tab):
    assert path.startswith("/v/")
    other = tab().open(path)
    other.settled()
    ours, theirs = shared.state(), other.state()
    for key in ("molecule", "predictions", "quantity", "unit", "labels", "layout", "selected"):
        assert theirs[key] == ours[key], key
    assert other.rows() == shared.rows()
    assert other.columns() == shared.columns()
    assert other.probe_element.input_value() == "N"
    assert other.isovalue.input_value() == shared.isovalue.input_value()
    assert theirs["surfaces"] == ours["surfaces"]
    assert other.camera() == pytest.approx(shared.camera(), abs=1e-9)
    for pane in (0, 1):
        assert difference(other.picture(pane), shared.picture(pane)) < SAME


def test_an_embedded_link_is_the_picture_with_its_legend_alone(path, tab):
    other = tab(viewport={"width": 700, "height": 400}).open(path.replace("/v/", "/embed/"))
    other.settled()
    assert other.table.count() == 0
    assert other.molecule.count() == 0
    left, right = (pane.bounding_box() for pane in other.panes())
    assert left["y"] == right["y"]
    assert left["height"] > 200
    assert drawn(other.picture()) > 0.05
    assert "kJ/mol" in other.page.get_by_role("group", name="Colour scale").inner_text()
    assert other.page.get_by_role("link", name="Open in atomlens").get_attribute("href").startswith("/v/")
    assert other.page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")


@pytest.fixture(scope="module")
def pictured(shared) -> str:
    """Path of a link whose picture the service has."""
    shared.page.keyboard.press("Escape")
    with shared.page.expect_response("**/api/v1/views/*/picture") as kept:
        link = share(shared)
    assert kept.value.status == 204
    return path_of(shared, link)


@pytest.fixture(scope="module")
def beside(lasting_tab) -> str:
    """Path of a link to two molecules."""
    page = lasting_tab().open("/?q=acetamide&with=acetic%20acid")
    page.until(lambda state: state["comparison"] and state["busy"] is None)
    return path_of(page, share(page))


@pytest.mark.parametrize(("width", "height"), [(320, 240), (320, 320), (400, 300), (640, 400), (900, 500)])
def test_embedded_pictures_stay_above_their_legend(beside, tab, width, height):
    other = tab(viewport={"width": width, "height": height}).open(beside.replace("/v/", "/embed/"))
    other.until(lambda state: state["comparison"] and state["busy"] is None)
    legend = other.page.locator(".embed-foot").bounding_box()
    assert legend["y"] + legend["height"] <= height + 1
    for picture in other.page.locator(".viewport .picture").all():
        box = picture.bounding_box()
        assert box["height"] > 20
        assert box["y"] + box["height"] <= legend["y"] + 1


@pytest.mark.parametrize("kind", ["/v/", "/embed/"])
def test_the_picture_of_a_link_is_there_until_the_page_has_drawn_its_own(pictured, tab, kind):
    other, held = tab(), []

    def hold(route) -> None:
        held.append(route)

    other.page.route("**/api/v1/fields", hold)
    other.page.goto(other.base + pictured.replace("/v/", kind))
    other.page.evaluate("() => window.atomlens.ready")
    poster = other.page.locator("img.poster")
    expect(poster).to_be_visible()
    assert poster.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 630]
    left, right = other.panes()
    over, panes = poster.bounding_box(), (left.bounding_box(), right.bounding_box())
    assert over["x"] <= panes[0]["x"]
    assert over["x"] + over["width"] >= panes[1]["x"] + panes[1]["width"]
    assert held, "surfaces are asked for meanwhile"
    for route in held:
        route.continue_()
    other.page.unroute("**/api/v1/fields")
    expect(poster).to_have_count(0)
    other.settled()
    assert all(other.state()["surfaces"].values())


def test_who_takes_hold_of_a_molecule_sees_it_and_no_picture_of_it(pictured, tab):
    other = tab()
    other.page.route("**/api/v1/fields", lambda route: None)
    other.page.goto(other.base + pictured)
    other.page.evaluate("() => window.atomlens.ready")
    poster = other.page.locator("img.poster")
    expect(poster).to_be_visible()
    box = other.panes()[0].bounding_box()
    other.page.mouse.move(box["x"] + 9, box["y"] + box["height"] / 2)
    other.page.mouse.down()
    expect(poster).to_have_count(0)
    assert drawn(other.picture()) > 0.02
    other.page.mouse.up()


def test_a_link_says_when_a_checkpoint_was_replaced_and_keeps_its_numbers(page, tab):
    path = path_of(page, share(page))
    other = tab()

    def replaced(route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["changed"] = ["qm9-bp-energy"]
        for prediction in body["predictions"]:
            prediction["contributions"][0] = 0.5  # what the old checkpoint gave
        route.fulfill(response=answer, json=body)

    other.page.route("**/api/v1/views/*", replaced)
    other.open(path)
    assert other.rows()[0][2].partition("±")[0].strip() == "11.53"
    assert f"other checkpoints have taken the place of {page.name('qm9-bp-energy')} (energy)" in other.page.inner_text(
        "main"
    )
    other.page.get_by_role("button", name="Explain with today's models").click()
    other.until(lambda s: s["opened"] is None)
    assert other.rows() == page.rows()


def test_a_link_says_when_the_page_shows_something_else_by_now(page):
    first = share(page)
    card = page.page.locator(".link-card")
    note = card.get_by_role("status")
    assert note.inner_text() == ""
    page.quantity.select_option("charges")
    expect(note).to_contain_text("The page shows something else by now")
    page.quantity.select_option("contributions")
    expect(note).to_have_text("")
    page.quantity.select_option("charges")
    held = []

    def hold(route) -> None:
        held.append(route)

    page.page.route("**/api/v1/views", hold)
    card.get_by_role("button", name="Make a new link", exact=True).click()
    expect(page.link).to_have_value("")
    page.until(lambda _: held)
    held[0].continue_()
    expect(page.link).not_to_have_value("")
    assert page.link.input_value() != first
    expect(note).to_have_text("")


def test_a_deleted_link_is_gone(page, tab):
    path = path_of(page, share(page))
    page.page.get_by_role("button", name="Delete this link").click()
    page.link.wait_for(state="detached")
    for address in (path, path.replace("/v/", "/embed/")):
        other = tab(refusals=True).open(address)
        other.alert.wait_for()
        assert other.alert.inner_text()
        assert other.rows() == []
        assert other.alert.is_visible()


def test_the_address_of_a_typed_molecule_opens_it_again(page, tab):
    page.explain("CC#N")
    other = tab().open(path_of(page, page.page.url))
    assert other.state()["molecule"]["formula"] == "C2H3N"
    assert other.rows() == page.rows()


#: All of the state that a reader sees and can change.
SEEN = (
    "quantity", "contributionView", "unit", "labels", "layout", "limits", "fit", "probe", "pairsBeyond", "trainedOn",
    "choice", "selected", "point",
)  # fmt: skip


def choose(page: Explorer, name: str, value: str) -> None:
    page.page.get_by_role("combobox", name=name, exact=True).select_option(value)


def slice_in_the_dark(page: Explorer) -> None:
    page.page.get_by_role("button", name="Menu and settings", exact=True).click()
    choose(page, "Theme", "dark")
    page.page.keyboard.press("Escape")
    page.show("potential")
    choose(page, "Show", "slice")
    choose(page, "Plane", "y")
    page.settled()
    page.page.get_by_role("slider", name="Position along its normal").fill("0.5")
    choose(page, "Labels", "atoms")
    page.page.get_by_role("spinbutton", name="Limit of the scale").fill("77")
    page.page.keyboard.press("Tab")
    page.settled()


def half_way_to_another_molecule(page: Explorer) -> None:
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("button", name="benzene → pyridine", exact=True).click()
    page.until(lambda state: state["alchemy"] and state["alchemy"]["answer"] and state["busy"] is None)
    page.page.get_by_role("slider", name="Way", exact=True).fill("50")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.5)
    choose(page, "Energy relative to", "output")
    choose(page, "Networks", "second")


def pairs_in_another_training_set(page: Explorer) -> None:
    choose(page, "Trained on", "organic")
    page.until(lambda state: state["trainedOn"] == "organic")
    page.quantity.select_option("pairs")
    page.until(lambda state: state["pairs"])
    page.page.get_by_role("checkbox", name="Also pairs that are not bonded (dashed)").check()
    page.page.get_by_role("checkbox", name="Fit to this molecule").check()
    choose(page, "Energies in", "Ha")


@pytest.mark.parametrize("change", [slice_in_the_dark, half_way_to_another_molecule, pairs_in_another_training_set])
def test_a_link_restores_whatever_was_seen(tab, change):
    page = tab().open()
    change(page)
    page.panes()[0].focus()
    for key in ("ArrowLeft", "ArrowDown", "+"):
        page.page.keyboard.press(key)
    page.still()
    theme = page.page.evaluate("() => document.documentElement.dataset.theme")
    path = path_of(page, share(page))
    # a reader whose system and whose own settings are others
    other = tab(color_scheme="light" if theme == "dark" else "dark").open(path)
    other.until(lambda state: state["busy"] is None and (state["alchemy"] is None or state["alchemy"]["answer"]))
    other.settled()
    ours, theirs = page.state(), other.state()
    for key in SEEN:
        assert normal(theirs[key]) == normal(ours[key]), key
    assert (theirs["alchemy"] or {}).get("lambda") == (ours["alchemy"] or {}).get("lambda")
    assert (theirs["alchemy"] or {}).get("changes") == (ours["alchemy"] or {}).get("changes")
    assert other.camera() == pytest.approx(page.camera(), abs=1e-9)
    assert other.rows() == page.rows()
    assert other.columns() == page.columns()
    assert other.page.evaluate("() => document.documentElement.dataset.theme") == theme
    for pane in range(len(page.panes())):
        assert difference(other.picture(pane), page.picture(pane)) < SAME
    # the link's theme is no preference of this reader
    other.open("/")
    assert other.page.evaluate("() => document.documentElement.dataset.theme") != theme


def normal(value: object) -> object:
    """Levels that were suggested count as chosen in a link."""
    if isinstance(value, dict) and "levels" in value:
        return {**value, "levels": {key: level["value"] for key, level in value["levels"].items()}}
    return value


def test_a_link_restores_the_height_at_which_molecules_stand(tab):
    """Captions of what was looked at before have moved them down, and they have stayed there."""
    page = tab(viewport={"width": 1440, "height": 900}).open("/?q=glycine")
    page.still()
    page.show("probe_charge")
    page.settled()
    page.show("contributions")
    page.still()
    lift = "() => document.querySelector('.panes').style.getPropertyValue('--lift')"
    other = tab(viewport={"width": 1440, "height": 900}).open(path_of(page, share(page)))
    other.settled()
    assert page.page.evaluate(lift) == other.page.evaluate(lift)
    assert difference(other.picture(), page.picture()) < SAME


PHONE_UPRIGHT, TABLET, LAPTOP, SCREEN = (390, 844), (820, 1180), (1280, 800), (1920, 1000)


def window(size: tuple[int, int]) -> dict:
    return {"viewport": {"width": size[0], "height": size[1]}}


def outside(page: Explorer) -> int:
    """Atoms that are not in the first picture."""
    box = page.panes()[0].bounding_box()
    return sum(not (0 <= p["x"] <= box["width"] and 0 <= p["y"] <= box["height"]) for p in page.points())


@pytest.fixture(scope="module", params=[PHONE_UPRIGHT, SCREEN], ids=["phone", "screen"])
def untouched(request, lasting_tab) -> tuple[tuple[int, int], list[float], str]:
    """The window in which a link was made by somebody who has touched nothing, its camera, and the link's path."""
    page = lasting_tab(**window(request.param)).open("/?q=CC(%3DO)CN")
    page.until(lambda state: state["molecule"] and state["busy"] is None)
    page.still()
    assert outside(page) == 0
    return request.param, page.camera(), path_of(page, share(page))


@pytest.mark.parametrize("kind", ["/v/", "/embed/"])
@pytest.mark.parametrize("size", [PHONE_UPRIGHT, TABLET, LAPTOP, SCREEN], ids=str)
def test_a_link_shows_the_whole_molecule_in_a_window_of_another_shape(untouched, tab, size, kind):
    made, camera, path = untouched
    other = tab(**window(size)).open(path.replace("/v/", kind))
    other.settled()
    assert outside(other) == 0
    assert other.camera()[4:] == camera[4:], "from the same direction"
    if size == made and kind == "/v/":
        assert other.camera() == camera


def test_a_link_of_a_turned_and_zoomed_molecule_is_as_near_in_another_window(tab):
    """What fits is another distance there."""
    page = tab(**window(PHONE_UPRIGHT)).open("/?q=CC(%3DO)CN")
    page.until(lambda state: state["molecule"] and state["busy"] is None)
    page.panes()[0].focus()
    for key in ("ArrowRight", "ArrowUp", "-"):
        page.page.keyboard.press(key)
    page.still()
    assert outside(page) == 0
    camera, path = page.camera(), path_of(page, share(page))
    for size in (LAPTOP, TABLET, PHONE_UPRIGHT):
        other = tab(**window(size)).open(path)
        other.settled()
        assert other.camera()[:3] == camera[:3]
        assert other.camera()[4:] == camera[4:]
        assert outside(other) == 0
        assert (other.camera() == camera) is (size == PHONE_UPRIGHT)
    # whoever opens it may zoom in, and another window leaves the camera to them
    other.panes()[0].focus()
    for _ in range(6):
        other.page.keyboard.press("+")
    other.still()
    near = other.camera()
    other.page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    other.still()
    assert other.camera() == near


def test_a_link_that_does_not_know_its_window_shows_all_atoms_in_one_of_another_width(untouched, tab):
    """Links of earlier versions hold the width of all pictures alone."""
    made, camera, path = untouched
    for size in (made, LAPTOP, TABLET):
        other = tab(**window(size))

        def older(route) -> None:
            answer = route.fetch()
            body = answer.json()
            del body["state"]["frame"]
            route.fulfill(response=answer, json=body)

        other.page.route("**/api/v1/views/*", older)
        other.open(path)
        other.settled()
        assert outside(other) == 0
        assert other.camera()[4:] == camera[4:]
        assert size != made or other.camera() == camera


def test_a_link_restores_the_whole_energy_of_a_way(tab):
    page = tab().open()
    half_way_to_another_molecule(page)
    page.page.get_by_role("button", name="Show the whole energy", exact=True).click()
    other = tab().open(path_of(page, share(page)))
    other.until(lambda state: state["alchemy"] and state["alchemy"]["answer"])
    expect(other.page.get_by_role("button", name="Without the straight line", exact=True)).to_be_visible()
    curve = ".alchemy-dial figure, .alchemy-dial svg"
    assert other.page.locator(curve).first.inner_html() == page.page.locator(curve).first.inner_html()


def test_a_link_on_a_way_shows_no_surface_of_its_beginning(tab):
    page = tab().open()
    page.page.get_by_text("Alchemy: turn it into another molecule").click()
    page.page.get_by_role("button", name="benzene → pyridine", exact=True).click()
    page.until(lambda state: state["alchemy"] and state["alchemy"]["answer"] and state["busy"] is None)
    page.show("potential")
    page.page.get_by_role("slider", name="Way", exact=True).fill("37")
    page.until(lambda state: state["alchemy"]["lambda"] == 0.37 and not state["refiningWay"] and live(state))
    path = path_of(page, share(page))
    other = tab()
    other.page.add_init_script(SURFACES_SEEN)
    other.page.goto(other.base + path)
    other.page.evaluate("() => window.atomlens.ready")
    there = other.until(lambda state: state["alchemy"] and state["alchemy"]["lambda"] == 0.37 and live(state))
    assert set(there["surfaces"]) == set(page.state()["surfaces"])
    other.page.wait_for_function("() => window.seen.notes.some((note) => note.startsWith('Drawn coarsely'))")
    other.until(lambda state: not state["refiningWay"] and state["busy"] is None)
    seen = other.page.evaluate("() => window.seen")
    assert seen["keys"], "surfaces were looked at"
    assert all(key.startswith("live ") for key in seen["keys"]), "none is of another place on the way"
    coming, finer = (
        "The surface at λ = 0.37 is being computed …",
        "Drawn coarsely: a finer surface at λ = 0.37 is being computed …",
    )
    assert {coming, finer} <= set(seen["notes"])
    assert other.page.locator(".pane-note").count() == 0


#: What was drawn of surfaces since the way was known, and what was said below the pictures.
SURFACES_SEEN = """
  window.seen = { keys: [], notes: [] };
  const look = async () => {
    const { surfaces, alchemy } = (await window.atomlens?.state()) ?? {};
    if (alchemy) for (const drawn of Object.values(surfaces)) seen.keys.push(...drawn.map(({ key }) => key));
    seen.notes.push(...[...document.querySelectorAll(".pane-note")].map((note) => note.innerText));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def live(state: dict) -> bool:
    """Whether every network has a surface of the place on the way."""
    drawn = state["surfaces"].values()
    return len(drawn) == 2 and all(one and all(s["key"].startswith("live ") for s in one) for one in drawn)


def test_a_link_restores_the_list_of_conformers(tab):
    page = tab().open("/?q=CCCC")
    start = page.until(lambda state: state["molecule"] and state["busy"] is None)["molecule"]["id"]
    page.page.get_by_text("Other conformers").click()
    page.page.get_by_role("button", name="Find conformers", exact=True).click()
    found = page.until(lambda state: state["conformers"] is not None and state["busy"] is None)["conformers"]
    chosen = next(one["molecule"]["id"] for one in found["conformers"] if one["molecule"]["id"] != start)
    row = [one["molecule"]["id"] for one in found["conformers"]].index(chosen) + 1
    rows = page.page.locator(".conformer-table tbody tr")
    rows.nth(row).get_by_role("button").click()
    page.until(lambda state: state["busy"] is None and state["molecule"]["id"] == chosen)
    other = tab().open(path_of(page, share(page)))
    there = other.until(lambda state: state["conformers"] is not None and state["busy"] is None)
    assert there["molecule"]["id"] == chosen
    assert there["conformers"] == found
    theirs = other.page.locator(".conformer-table tbody tr")
    expect(theirs.nth(row)).to_have_attribute("aria-current", "true")
    expect(theirs.first).to_be_visible()
    assert theirs.all_inner_texts() == rows.all_inner_texts()


def test_a_link_has_a_code_that_cameras_read_and_code_for_other_pages(page):
    link = share(page)
    page.page.get_by_text("QR code", exact=True).click()
    code = page.page.get_by_role("img", name=f"QR code of the link {link}")
    code.wait_for()
    picture = Image.open(io.BytesIO(code.screenshot()))
    assert [read.text for read in zxingcpp.read_barcodes(picture)] == [link]
    saved = page.page.get_by_role("link", name="Save the code (SVG)").get_attribute("href")
    assert unquote(saved.removeprefix("data:image/svg+xml,")).startswith("<svg")
    page.page.get_by_text("Embed in a page", exact=True).click()
    box = page.page.get_by_role("textbox", name="Code to embed")
    assert not box.is_editable()
    choose(page, "Size of the frame", "320x240")
    assert box.input_value().startswith(f'<iframe src="{link.replace("/v/", "/embed/")}" title="acetamide in atomlens"')
    assert 'width="320" height="240"' in box.input_value()


@pytest.fixture
def elsewhere(tmp_path):
    """Serves a folder at another address."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    # its log is nobody's concern
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_page_may_frame_an_embedded_view_and_nothing_else(page, browser, elsewhere):
    folder, address = elsewhere
    link = share(page)
    page.page.get_by_text("Embed in a page", exact=True).click()
    choose(page, "Size of the frame", "320x240")
    code = page.page.get_by_role("textbox", name="Code to embed").input_value()
    (folder / "index.html").write_text(
        f"<!doctype html><title>a class</title>{code}<iframe id='page' src='{link}'></iframe>", encoding="utf-8"
    )
    context = browser.new_context(viewport={"width": 800, "height": 600}, reduced_motion="reduce")
    with exploring(context, address, refusals=True) as other:
        other.page.goto(address)
        frame = other.page.frame_locator("iframe[title='acetamide in atomlens']")
        frame.get_by_role("group", name="Colour scale").wait_for()
        frame.get_by_role("application").first.wait_for()
        inside = next(found for found in other.page.frames if "/embed/" in found.url)
        inside.wait_for_function("async () => { await window.atomlens.ready; return true; }")
        assert inside.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
        assert inside.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        uri = inside.evaluate("async () => window.atomlens.pngURI(0)")
        picture = Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB")
        assert len(picture.getcolors(1 << 24)) > 50, "something is drawn"
        for shown in ("BP", "Contributions, kcal/mol", "Open in atomlens"):
            assert frame.get_by_text(shown).first.is_visible(), shown
        # the page itself refuses to stand in a frame
        assert all("/v/" not in found.url for found in other.page.frames)
        other.complaints.clear()  # frames of another address, and the refusal
    context.close()


def test_a_link_announces_itself_with_its_picture_and_gives_a_receipt(page, tab):
    page.show("charges")
    link = share(page)
    page.until(lambda state: state["busy"] is None)
    picture = httpx.get(f"{link}.png")
    end = 0
    while picture.status_code == 404 and end < 200:
        page.page.wait_for_timeout(50)
        picture, end = httpx.get(f"{link}.png"), end + 1
    with Image.open(io.BytesIO(picture.content)) as read:
        assert (read.format, read.size) == ("PNG", (1200, 630))
        assert len(read.convert("RGB").getcolors(1 << 24)) > 500
    html = httpx.get(link).text
    assert f'<meta property="og:image" content="{link}.png">' in html
    assert "Dipole moment:" in html
    other = tab().open(path_of(page, link))
    other.page.get_by_text("Receipt of this link").click()
    receipt = other.page.get_by_role("region", name="Receipt")
    receipt.get_by_text("Computed once more today: the same numbers").wait_for()
    said = receipt.inner_text()
    for prediction in page.state()["predictions"]:
        assert prediction["checkpoint"] in said
    assert "10.1063/1.5019667" in said
    data = httpx.get(
        f"{page.base}{receipt.get_by_role('link', name='The receipt as JSON').get_attribute('href')}"
    ).json()
    assert data["parameters"]["quantity"] == "charges"
    page.page.get_by_role("button", name="Delete this link").click()
    page.link.wait_for(state="detached")
    assert httpx.get(f"{link}.png").status_code == 404
