"""A crystal on the page: its cell, images on the faces, sites with values, and nothing that is of molecules."""

import numpy as np
import pytest
from explorer import KCAL_PER_EV, wait
from test_accessible import violations

pytestmark = pytest.mark.browser
ELPASOLITE = """10
Lattice="0 4.2 4.2 4.2 0 4.2 4.2 4.2 0" Properties=species:S:1:pos:R:3 pbc="T T T"
K 0 0 0
Al 4.2 4.2 4.2
Na 2.1 2.1 2.1
Na 6.3 6.3 6.3
F 2.1 0 0
F -2.1 0 0
F 0 2.1 0
F 0 -2.1 0
F 0 0 2.1
F 0 0 -2.1
"""


def opened(tab, **options):
    page = tab(**options).open()
    page.page.set_input_files(
        "input[type=file]", files=[{"name": "elpasolite.xyz", "mimeType": "text/plain", "buffer": ELPASOLITE.encode()}]
    )
    page.until(lambda state: state["busy"] is None and (state["molecule"] or {}).get("cell"))
    page.still()
    return page


def test_sites_have_the_values_of_the_service(tab, http):
    page = opened(tab)
    molecule = http.post("/molecules", json={"format": "xyz", "text": ELPASOLITE}).json()
    answers = http.post("/predictions", json={"molecule": molecule["id"]}).json()["predictions"]
    heads = page.columns()
    for answer in answers:
        name = answer["model"].removeprefix("materials-")
        column = next(i for i, head in enumerate(heads) if name in head)
        for row, value in zip(page.rows(), answer["contributions"], strict=True):
            shown = float(row[column].split()[0].replace("−", "-").split("±")[0])
            assert shown == pytest.approx(value * KCAL_PER_EV, abs=6e-3)
    caption = page.page.locator(".caption").first.inner_text()
    assert "Formation energy" in caption
    assert "per atom" in caption
    # identical sites have identical values
    fluorine = [row[2].split()[0] for row in page.rows() if row[1] == "F"]
    assert len(fluorine) == 6
    assert len(set(fluorine)) == 1


def test_the_cell_and_its_images_are_drawn_and_images_can_be_pointed_at(tab):
    page = opened(tab)
    shown = page.page.evaluate(
        """async () => {
          const { intoCell, imagesOf, extentOf } = await import("/js/lib/cell.js");
          const { project } = await import("/js/lib/camera.js");
          const molecule = intoCell((await window.atomlens.state()).molecule);
          const host = document.querySelector(".viewport .picture");
          const lift = Number(getComputedStyle(host).getPropertyValue("--lift")) || 0;
          const camera = await window.atomlens.camera();
          const at = (points) => project(points, camera, host.clientWidth, host.clientHeight, lift);
          const images = imagesOf(molecule);
          return { images: images.map(({ atom }) => atom), places: at(images.map((i) => i.position)),
            corners: at(extentOf(molecule)), width: host.clientWidth, height: host.clientHeight };
        }"""
    )
    assert shown["images"].count(0) == 7, "the atom at the origin stands on all eight corners"
    for point in shown["corners"]:
        assert -1 <= point["x"] <= shown["width"] + 1
        assert -1 <= point["y"] <= shown["height"] + 1
    # at the farthest to the right no other ball is in front
    of_first = [p for p, atom in zip(shown["places"], shown["images"], strict=True) if atom == 0]
    corner = max(of_first, key=lambda p: p["x"])
    box = page.page.locator(".viewport").first.bounding_box()
    picture = page.picture()
    ratio = picture.shape[1] / box["width"]
    x, y = int(corner["x"] * ratio), int(corner["y"] * ratio)
    patch = picture[y - 2 : y + 3, x - 2 : x + 3, :3].reshape(-1, 3).astype(float)
    assert np.linalg.norm(patch.mean(0) - picture[3, 3, :3]) > 20, "a ball is drawn at the corner"
    page.page.mouse.move(box["x"] + corner["x"], box["y"] + corner["y"])
    wait(lambda: page.state()["hover"] is not None)


def test_what_is_of_molecules_alone_is_not_offered(tab):
    page = opened(tab)
    options = {option.get_attribute("value"): option.is_disabled() for option in page.quantity.locator("option").all()}
    assert {name for name, disabled in options.items() if not disabled} == {"contributions", "elements"}
    assert page.page.get_by_role("button", name="Move atoms").count() == 0
    assert page.page.get_by_text("Alchemy: turn it into another molecule").count() == 0
    assert page.page.get_by_role("button", name="Relax", exact=True).count() == 0
    assert "A crystal" in page.page.locator(".notices").inner_text()
    page.explain("water")
    assert page.page.get_by_role("button", name="Move atoms").count() == 1


def test_a_shared_crystal_comes_back(tab):
    page = opened(tab)
    page.page.get_by_role("button", name="Share", exact=True).click()
    page.link.wait_for()
    other = tab().open(page.link.input_value().removeprefix(page.base))
    state = other.until(lambda state: state["molecule"])
    np.testing.assert_allclose(state["molecule"]["cell"], [[0, 4.2, 4.2], [4.2, 0, 4.2], [4.2, 4.2, 0]])


def test_it_breaks_no_rule_of_axe(tab):
    assert violations(opened(tab)) == []
