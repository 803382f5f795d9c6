"""The plot of how pairs fall with distance: statistics of test molecules, and the molecule's own pairs among them."""

import math
import re

import pytest
from explorer import KCAL_PER_EV

pytestmark = pytest.mark.browser

MODELS = ["qm9-bp-energy", "qm9-schnet-energy"]


def shown(tab, molecule: str = "/?example=acetamide"):
    page = tab().open(molecule)
    page.quantity.select_option("pairs")
    page.until(lambda state: len(state["pairs"]) == 2 and len(state["decays"]) == 2)
    return page, page.page.get_by_role("region", name="Pairs against distance", exact=True)


def marks(region, series: int) -> list[tuple[float, float]]:
    """Where the pairs of the molecule are marked, in the picture's own coordinates."""
    path = region.locator(f".decay-own.series-{series}").get_attribute("d")
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)", path)]


def test_the_plot_says_what_the_service_measured_and_follows_elements_and_unit(tab, http):
    page, region = shown(tab)
    elements = page.page.get_by_role("combobox", name="Pair of elements", exact=True)
    assert elements.input_value() == "C–O", "the nearest heavy pair"
    offered = elements.locator("option").all_inner_texts()
    assert offered == ["H–H", "H–C", "H–N", "H–O", "C–C", "C–N", "C–O", "N–O"]
    elements.select_option("C–C")
    for name in MODELS:
        found = http.get(f"/models/{name}/pairs").json()
        table = next(table for table in found["pairs"] if table["elements"] == ["C", "C"])
        value, distance = table["median"][0] * KCAL_PER_EV, table["distances"][0]
        assert f"{page.name(name)}: {value:.2g} at {distance:.2f} Å" in region.inner_text()
        assert f"{found['molecules']:,} geometries" in region.inner_text()
    label = region.get_by_role("img").get_attribute("aria-label")
    assert "C–C pairs" in label
    assert "kcal/mol" in label
    page.page.get_by_role("combobox", name="Energies in", exact=True).select_option("eV")
    assert f"{page.name(name)}: {table['median'][0]:.2g} at" in region.inner_text()


def test_the_marks_are_the_molecules_own_pairs(tab, http):
    page, region = shown(tab)
    page.page.get_by_role("combobox", name="Pair of elements", exact=True).select_option("C–N")
    state = page.state()
    symbols = state["molecule"]["symbols"]
    for series, found in enumerate(
        http.post("/pairs", json={"molecule": state["molecule"]["id"], "models": MODELS}).json()["pairs"]
    ):
        own = [p for p, pair in enumerate(found["atoms"]) if sorted(symbols[atom] for atom in pair) == ["C", "N"]]
        assert len(own) == 2
        places = marks(region, series)
        assert len(places) == 2
        # the nearer the farther left, and heights go as the logarithms of the values
        (left, first), (right, second) = places
        distances, values = ([found[key][p] for p in own] for key in ("distances", "values"))
        assert (left < right) == (distances[0] < distances[1])
        assert (second - first) * (math.log(abs(values[0])) - math.log(abs(values[1]))) > 0
    everything = region.locator(".decay-own").evaluate_all("(paths) => paths.map((path) => path.getBBox().width)")
    row = (
        page.page.get_by_role("table", name="Pairs", exact=True)
        .locator("tbody tr")
        .filter(has_text=re.compile("C.*N|N.*C"))
    )
    row.first.hover()
    page.until(lambda state: state["hoverPair"])
    wider = region.locator(".decay-own").evaluate_all("(paths) => paths.map((path) => path.getBBox().width)")
    assert all(after > before for before, after in zip(everything, wider, strict=True)), "the pair pointed at is larger"
