"""The gallery: twenty pictures that turn together, with the numbers of the service, each a way to its molecule."""

import base64
import json

import numpy as np
import pytest
from explorer import KCAL_PER_EV, wait
from pixels import decode, difference, drawn, tint
from test_accessible import violations

pytestmark = pytest.mark.browser
READ = "async () => (await window.atomlens.state()).gallery !== null"
CELLS = "() => [...document.querySelectorAll('canvas[data-cell]')].map((c) => [c.dataset.cell, c.toDataURL()])"


def opened(tab, **options):
    page = tab(**options).open("/gallery")
    assert page.page.evaluate(READ)
    wait(lambda: all(drawn(picture) > 0.02 for picture in pictures(page).values()), lambda: "a picture stays empty")
    return page


def pictures(page) -> dict[str, np.ndarray]:
    return {cell: decode(uri) for cell, uri in page.page.evaluate(CELLS)}


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def test_twenty_pictures_carry_colours_and_turn_together(tab):
    page = opened(tab)
    before = pictures(page)
    molecules = ("benzene", "toluene", "methane", "pyrazine", "propane")
    assert set(before) == {f"{molecule} {element}" for molecule in molecules for element in "HCNO"}
    for cell, picture in before.items():
        assert (tint(picture) == 1).mean() > 0.002, f"{cell}: above the median"
        assert (tint(picture) == -1).mean() > 0.002, f"{cell}: below it"
    assert difference(before["benzene H"], before["benzene C"]) > 0.02
    page.page.get_by_role("table").focus()
    page.page.keyboard.press("ArrowRight")
    wait(lambda: all(difference(before[cell], now) > 0.005 for cell, now in pictures(page).items()))
    page.page.keyboard.press("0")
    wait(lambda: all(difference(before[cell], now) == 0 for cell, now in pictures(page).items()))
    page.page.get_by_role("combobox", name="Network", exact=True).select_option("bp")
    wait(lambda: all(difference(before[cell], now) > 0.005 for cell, now in pictures(page).items()))


@pytest.mark.parametrize(("family", "name"), [("schnet", "qm9-schnet-energy"), ("bp", "qm9-bp-energy")])
def test_the_numbers_are_what_the_service_gives_a_probe_there(tab, http, family, name):
    page = opened(tab)
    page.page.get_by_role("combobox", name="Network", exact=True).select_option(family)
    stored = json.loads(page.page.request.get(f"{page.base}/examples/gallery.json").body())
    molecule = next(molecule for molecule in stored["molecules"] if molecule["name"] == "propane")
    steps = np.frombuffer(base64.b64decode(molecule["vertices"]["steps"]), "<u2").reshape(-1, 3)
    low, high = (np.array(molecule["vertices"][key]) for key in ("minimum", "maximum"))
    places = low + steps * (high - low) / 65535
    values = np.frombuffer(base64.b64decode(molecule["values"][name]["O"]["steps"]), "<u2")
    ends = places[[values.argmin(), values.argmax()]].tolist()
    asked = http.post("/molecules", json={"format": "example", "text": "propane"}).json()
    answer = http.post("/points", json={"molecule": asked["id"], "element": "O", "points": ends, "models": [name]})
    expected = [value * KCAL_PER_EV for value in answer.json()["probes"][0]["one_way"]]
    link = page.page.get_by_role("link", name="propane, probe O")
    assert [number(text) for text in link.inner_text().split(" … ")] == pytest.approx(expected, abs=0.11)


def test_a_picture_opens_its_molecule_in_the_same_view(tab):
    page = opened(tab)
    page.page.locator("canvas[data-cell='methane N']").click()
    page.page.wait_for_url("**/?example=methane*")
    page.page.wait_for_function("() => window.atomlens")
    page.page.evaluate("() => window.atomlens.ready")
    state = page.settled()
    assert state["molecule"]["name"] == "methane"
    assert (state["quantity"], state["probe"]["mode"], state["probe"]["element"]) == ("potential", "envelope", "N")
    page.page.get_by_role("link", name="Gallery", exact=True).click()
    page.page.wait_for_url("**/gallery")


def test_it_breaks_no_rule_of_axe_and_fits_a_phone(tab):
    page = opened(tab, viewport={"width": 390, "height": 844})
    assert violations(page) == []
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390
