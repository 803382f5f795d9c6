"""Numbers on a surface: under the pointer, at a point that is clicked, and along the line through it."""

import math
import re

import numpy as np
import pytest
from explorer import KCAL_PER_EV, Explorer, wait

pytestmark = pytest.mark.browser

MODELS = ("qm9-bp-energy", "qm9-schnet-energy")

#: Where the envelope is met on the first picture: pixels in the window, the point, the value on the mesh.
HITS = """async () => {
  const { makePicker } = await import("/js/lib/picking.js");
  const { surfaces } = await atomlens.state();
  const host = document.querySelector(".viewport .picture");
  const lift = Number(getComputedStyle(host).getPropertyValue("--lift")) || 0;
  const size = { width: host.clientWidth, height: host.clientHeight };
  const { mesh } = surfaces["qm9-bp-energy"][0];
  const pick = makePicker([mesh], await atomlens.camera(), size, lift);
  const { left, top } = host.getBoundingClientRect();
  const hits = [];
  for (let x = 0.3; x < 0.71; x += 0.025) for (let y = 0.3; y < 0.96; y += 0.025) {
    const [across, down] = [x * size.width, y * size.height];
    const hit = pick(across, down);
    if (hit) hits.push({ x: left + across, y: top + down, position: hit.position, value: hit.value });
  }
  return hits;
}"""

DRAWN_OVER = """() => [...document.querySelectorAll("canvas.overlay")].map((canvas) => {
  const { width, height } = canvas;
  const blank = Object.assign(document.createElement("canvas"), { width, height });
  const copy = blank.getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, width, height).data.some((byte, i) => i % 4 === 3 && byte > 9);
})"""


@pytest.fixture(scope="module")
def envelope(lasting_tab) -> Explorer:
    page = lasting_tab().open("/?example=methanol")
    page.quantity.select_option("potential")
    page.page.get_by_role("combobox", name="Show", exact=True).select_option("envelope")
    page.settled()
    return page


def over_surface(page: Explorer) -> list[dict]:
    """Places where the surface lies under the pointer and no atom does."""
    box = page.panes()[0].bounding_box()
    atoms = page.points()

    def free(hit) -> bool:
        x, y = hit["x"] - box["x"], hit["y"] - box["y"]
        return all((x - a["x"]) ** 2 + (y - a["y"]) ** 2 > (a["radius"] + 8) ** 2 for a in atoms)

    return [hit for hit in page.page.evaluate(HITS) if free(hit)]


def number(text: str) -> float:
    """The number with which a readout or a cell begins after any sign of equality."""
    return float(re.search(r"[+\u2212]?\d[\d.,]*(?=\u00a0)", text)[0].replace("\u2212", "-").replace(",", ""))


def test_the_number_under_the_pointer_is_what_the_service_gives_there(envelope, http):
    page = envelope
    places = over_surface(page)
    assert len(places) >= 8
    asked = {"molecule": page.state()["molecule"]["id"], "element": "C", "points": [p["position"] for p in places]}
    [bp] = [p for p in http.post("/points", json=asked).json()["probes"] if p["model"] == "qm9-bp-energy"]
    exact = [value * KCAL_PER_EV for value in bp["one_way"]]
    spread = max(exact) - min(exact)
    readout = page.page.locator(".readout")
    missed = []
    for place, expected in zip(places, exact, strict=True):
        page.page.mouse.move(place["x"], place["y"])
        readout.get_by_text(f"{number_of(place['value'])}").wait_for()
        shown = readout.inner_text()
        assert shown.startswith(f"{page.name('qm9-bp-energy')} \u03a9(C) \u2248 ")
        assert "kcal/mol" in shown
        assert re.search(r"\d\.\d\u00a0\u00c5 from [COH]\d", shown)
        missed.append(abs(number(shown) - expected))
    # between the corners of a triangle the page interpolates, which a ridge of the field may fall between
    assert np.median(missed) < 0.03 * spread, (missed, exact)
    assert np.quantile(missed, 0.95) < max(0.1 * spread, 0.1 * max(map(abs, exact))), (missed, exact)
    page.page.mouse.move(5, 5)
    readout.wait_for(state="detached")


def number_of(value: float) -> str:
    """As the page writes it, kcal/mol."""
    return f"{value * KCAL_PER_EV:+.1f}".replace("-", "\u2212")


def test_a_click_shows_both_energies_of_both_networks_at_the_point(envelope, http):
    page = envelope
    place = over_surface(page)[3]
    page.page.mouse.click(place["x"], place["y"])
    state = page.until(lambda s: s["point"] and s["profile"] and s["profile"]["at"])
    assert state["point"] == pytest.approx(place["position"], abs=0.02)
    asked = {"molecule": state["molecule"]["id"], "element": "C", "points": [state["point"]]}
    expected = {p["model"]: p for p in http.post("/points", json=asked).json()["probes"]}
    rows = page.page.locator(".point-table tbody tr").all()
    assert [row.locator("th").inner_text() for row in rows] == [page.name(model) for model in MODELS]
    for row, model in zip(rows, MODELS, strict=True):
        shown = [number(cell) for cell in row.locator("td").all_inner_texts()]
        energies = [expected[model][key][0] * KCAL_PER_EV for key in ("one_way", "insertion")]
        assert shown == pytest.approx(energies, abs=0.051)
    profile = page.page.get_by_role("region", name="Profile of the potential", exact=True)
    assert profile.locator(".curve-mark").count() == 2
    distances = [math.dist(atom, state["point"]) for atom in state["molecule"]["positions"]]
    nearest = distances.index(min(distances))
    name = f"{state['molecule']['symbols'][nearest]}{nearest + 1}"
    assert f"at the point marked, {min(distances):.1f}\u00a0\u00c5 from {name}" in profile.inner_text()


def test_the_point_is_marked_on_both_pictures_and_a_click_beside_the_surface_clears_it(envelope):
    page = envelope
    place = over_surface(page)[5]

    def marked() -> list[bool]:
        """Whether anything stands over each picture; atoms have no labels here."""
        return page.page.evaluate(DRAWN_OVER)

    box = page.panes()[0].bounding_box()
    page.page.mouse.click(box["x"] + 12, box["y"] + box["height"] - 12)
    page.until(lambda s: s["point"] is None and s["profile"] is None)
    wait(lambda: marked() == [False, False])
    page.page.mouse.click(place["x"], place["y"])
    page.until(lambda s: s["point"] and s["profile"] and s["profile"]["at"])
    wait(lambda: marked() == [True, True])
    page.page.mouse.click(box["x"] + 12, box["y"] + box["height"] - 12)
    page.until(lambda s: s["point"] is None and s["profile"] is None)
    wait(lambda: marked() == [False, False])
    assert page.page.locator(".point-table").count() == 0


def test_with_the_keyboard_the_point_nearest_to_an_atom_is_chosen_and_read_out(envelope):
    page = envelope
    page.table.locator("tbody tr").nth(1).click()
    button = page.page.get_by_role("button", name="Point of the surface nearest to O2", exact=True)
    button.focus()
    page.page.keyboard.press("Enter")
    state = page.until(lambda s: s["point"] and s["profile"] and s["profile"]["at"])
    assert state["selected"] == []
    oxygen = state["molecule"]["positions"][1]
    assert math.dist(oxygen, state["point"]) < 2
    profile = page.page.get_by_role("region", name="Profile of the potential", exact=True)
    assert "SchNet" in profile.get_by_role("status").filter(has=page.page.get_by_role("table")).inner_text()


def test_a_tap_shows_the_number_too(tab):
    page = tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open("/?example=methanol")
    page.quantity.select_option("potential")
    page.page.get_by_role("combobox", name="Show", exact=True).select_option("envelope")
    page.settled()
    page.panes()[0].scroll_into_view_if_needed()
    place = over_surface(page)[2]
    page.page.touchscreen.tap(place["x"], place["y"])
    readout = page.page.locator(".readout")
    readout.wait_for()
    assert "\u03a9(C) \u2248" in readout.inner_text()
    box = readout.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
