"""The atlas on the page: distributions with the molecule's atoms, the nearest training molecules, rings."""

import pytest
from explorer import KCAL_PER_EV, wait
from pixels import decode
from test_accessible import violations
from test_links import path_of, share

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def atlas(lasting_tab):
    page = lasting_tab().open("/?example=acetamide")
    region = page.page.get_by_role("region", name="Atlas of environments", exact=True)
    return page, region


def select(page, region, atom: int) -> None:
    """Choose an atom (from 1) in the table and wait for its surroundings."""
    if page.state()["selected"] != [atom - 1]:  # another click would let it go
        page.table.locator("tbody tr").nth(atom - 1).click()
    page.until(lambda s: s["surroundings"] and s["surroundings"]["found"][0]["atom"] == atom - 1)
    region.locator(".neighbour").first.wait_for()


def shown(page) -> dict:
    """Of the model whose values the panel places: of acetamide the one that QM9 trained."""
    return next(one for one in page.state()["surroundings"]["found"] if one["model"] == "qm9-bp-energy")


def test_the_selected_atom_is_placed_among_its_environment(atlas, http):
    page, region = atlas
    assert "Select an atom" in region.inner_text()
    select(page, region, 2)
    molecule = page.state()["molecule"]["id"]
    answer = http.post("/environments", json={"molecule": molecule, "atom": 1}).json()["environments"]
    found = next(one for one in answer if one["model"] == "qm9-bp-energy")
    table = http.get("/models/qm9-bp-energy/environments/C").json()
    text = region.inner_text()
    assert "environment: amide" in text
    assert f"{round(found['percentile'])} % of {table['n']:,} carbon atoms" in text
    rows = region.locator(".atlas-rows tbody tr")
    assert rows.count() == len(table["groups"])
    amide = rows.filter(has=page.page.get_by_role("rowheader", name="amide", exact=True))
    group = next(group for group in table["groups"] if group["name"] == "amide")
    assert f"{group['n']:,}" in amide.inner_text()
    assert f"{group['quantiles'][50] * KCAL_PER_EV:.1f}".replace("-", "−") in amide.inner_text()
    assert "amide" in region.locator("tr.own").inner_text()


def test_a_mark_leads_to_its_atom_and_stands_at_its_value(atlas):
    page, region = atlas
    select(page, region, 2)
    marks = region.locator(".strip-mark")
    assert marks.count() == 2, "two carbons"
    methyl = region.get_by_role("button", name="C1: ", exact=False)
    methyl.click()
    page.until(lambda s: s["selected"] == [0] and s["surroundings"]["found"][0]["atom"] == 0)
    assert "environment: methyl" in region.inner_text()
    edges = page.state()["distributions"]["qm9-bp-energy C"]["edges"]
    value = shown(page)["contribution"]
    left = methyl.evaluate("(mark) => parseFloat(mark.style.left)")
    assert left == pytest.approx(100 * (value - edges[0]) / (edges[-1] - edges[0]), abs=0.1)


def test_a_training_molecule_is_drawn_with_its_atom(atlas):
    page, region = atlas
    select(page, region, 4)
    first = region.locator(".neighbour").first
    first.click()
    assert first.get_attribute("aria-pressed") == "true"
    neighbour = shown(page)["nearest"][0]
    view = region.get_by_role("application")
    assert neighbour["molecule"]["id"] in view.get_attribute("aria-label")
    assert neighbour["molecule"]["smiles"] in region.inner_text()
    picture = decode_canvas(page)
    red = (picture[..., 0] > 150) & (picture[..., 1] < 90) & (picture[..., 2] < 90)
    assert neighbour["molecule"]["symbols"][neighbour["atom"]] == "O"
    assert red.sum() > 100, "an oxygen is drawn"
    region.get_by_role("button", name="Close", exact=True).click()
    assert region.get_by_role("application").count() == 0


def decode_canvas(page):
    """What the small picture shows."""
    page.still()
    return decode(page.page.evaluate("async () => window.atomlens.referenceURI()"))


def test_a_training_molecule_stays_itself_when_another_network_or_atom_is_chosen(atlas):
    page, region = atlas
    select(page, region, 2)
    region.locator(".neighbour").first.click()
    caption = region.locator(".reference figcaption")
    opened = caption.inner_text()
    network = region.get_by_role("combobox", name="Network of the atlas", exact=True)
    for other in network.locator("option").all():
        network.select_option(other.get_attribute("value"))
        assert caption.all_inner_texts() in ([], [opened]), "the same molecule, or none"
    network.select_option(index=0)
    select(page, region, 3)
    assert caption.count() == 0
    region.locator(".neighbour").first.click()
    said = [part.strip() for part in caption.inner_text().removesuffix("Close").split("·")]
    assert len(set(said)) == len(said), "an identifier that is the SMILES is said once"
    region.get_by_role("button", name="Close", exact=True).click()


def test_charges_have_an_atlas_of_their_own_and_the_unit_is_followed(atlas):
    page, region = atlas
    select(page, region, 2)
    page.quantity.select_option("charges")
    page.until(lambda s: any(key.endswith("dipole C") for key in s["distributions"]))
    assert "Median, e" in region.inner_text()
    page.quantity.select_option("contributions")
    unit = page.page.get_by_role("combobox", name="Energies in", exact=True)
    unit.select_option("eV")
    assert "Median, eV" in region.inner_text()
    unit.select_option("kcal/mol")


def test_rings_are_ranked_as_the_service_ranks_them(atlas, http):
    page, region = atlas
    region.get_by_text("Rings by stability").click()
    page.until(lambda s: {"qm9-bp-energy", "qm9-schnet-energy"} <= set(s["rings"]))
    expected = [ring["name"] for ring in http.get("/models/qm9-bp-energy/rings").json()["rings"]]
    shown = [name.split(" ")[0] for name in region.locator("details a").all_inner_texts()]
    assert shown == expected
    assert shown[0] == "benzene"
    first = region.locator("details tbody tr").first.inner_text()
    value = http.get("/models/qm9-bp-energy/rings").json()["rings"][0]["versus_free_atoms"] * KCAL_PER_EV
    assert f"{value:.1f}".replace("-", "−") in first


def test_a_link_has_the_atlas_of_its_atom(atlas, tab):
    page, region = atlas
    select(page, region, 2)
    other = tab().open(path_of(page, share(page)))
    theirs = other.page.get_by_role("region", name="Atlas of environments", exact=True)
    theirs.locator(".neighbour").first.wait_for()
    wait(lambda: theirs.locator(".atlas-rows").inner_text() == region.locator(".atlas-rows").inner_text())
    assert theirs.locator(".neighbours").inner_text() == region.locator(".neighbours").inner_text()


def test_the_atlas_breaks_no_rule_of_axe(atlas):
    page, region = atlas
    select(page, region, 2)
    region.locator(".neighbour").first.click()
    assert violations(page) == []


def test_a_strange_molecule_says_why_it_is_not_trusted(page):
    page.explain("O")
    page.page.get_by_role("combobox", name="Trained on", exact=True).select_option("qm9")
    page.until(lambda now: now["predictions"][0]["model"].startswith("qm9-") and now["busy"] is None)
    picture = page.page.get_by_role("region", name="3D view")
    assert picture.get_by_text("outside the training data: networks disagree").count() == 1
    assert picture.get_by_text("Error above 5 kcal/mol").count() == 2
    assert page.table.get_by_text("disagreement", exact=True).count() > 0
