"""A probe along a line on the page: felt by nobody beside put in."""

import pytest
from explorer import KCAL_PER_EV

pytestmark = pytest.mark.browser


def test_the_profile_follows_the_selected_atom_and_reads_the_values_at_a_distance(tab, http):
    page = tab().open("/?example=ethanol")
    page.quantity.select_option("potential")
    profile = page.page.get_by_role("region", name="Profile of the potential", exact=True)
    assert "Select an atom" in profile.inner_text()
    page.table.locator("tbody tr").first.click()
    state = page.until(lambda state: state["profile"] is not None and state["profile"]["probes"] is not None)
    charts = profile.get_by_role("img").all()
    assert [chart.get_attribute("aria-label").partition(":")[0] for chart in charts] == [
        page.name(f"qm9-{family}-energy") for family in ("bp", "schnet")
    ]
    slider = page.page.get_by_role("slider", name="Distance from the atom", exact=True)
    slider.fill("30")
    positions = state["molecule"]["positions"]
    middle = [sum(p[axis] for p in positions) / len(positions) for axis in range(3)]
    away = [a - b for a, b in zip(positions[0], middle, strict=True)]
    length = sum(x * x for x in away) ** 0.5
    point = [x + 4.0 * d / length for x, d in zip(positions[0], away, strict=True)]
    names = ["qm9-bp-energy", "qm9-schnet-energy"]
    asked = {"molecule": state["molecule"]["id"], "element": "C", "points": [point], "models": names}
    shown = [text.replace("\u2212", "-").split()[-1] for text in profile.locator(".series-key").all_inner_texts()]
    expected = [
        found[key][0] * KCAL_PER_EV
        for found in http.post("/points", json=asked).json()["probes"]
        for key in ("one_way", "insertion")
    ]
    assert [float(value) for value in shown] == pytest.approx(expected, abs=0.06)
    page.table.locator("tbody tr").first.click()
    page.until(lambda state: state["profile"] is None)


def test_a_link_has_the_place_on_the_line(tab):
    page = tab().open("/?q=CO")
    page.show("potential")
    page.table.locator("tbody tr").first.click()
    page.page.get_by_role("slider", name="Distance from the atom", exact=True).fill("7")
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    slider = other.page.get_by_role("slider", name="Distance from the atom", exact=True)
    slider.wait_for()
    assert slider.input_value() == "7"
