"""What the page saves are files that hold what it shows; and an isosurface in the colours of another field."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import trimesh
from ase.io import read as ase_read
from ase.io.cube import read_cube
from explorer import Explorer, wait
from PIL import Image
from pixels import difference

pytestmark = pytest.mark.browser

#: Of the first surface of a model: its vertices, the values and the colours that the page gives them.
SURFACE = """async (model) => {
  const { diverging } = await import("/js/lib/color.js");
  const { limitOf, zeroOf } = await import("/js/lib/scale.js");
  const state = await window.atomlens.state();
  const [surface] = state.surfaces[model];
  const { positions, values } = surface.mesh;
  const colors = Array.from(values, (value) => diverging((value - zeroOf(state, surface)) / limitOf(state)));
  return JSON.stringify({ positions: Array.from(positions), values: Array.from(values), colors });
}"""

#: The same of the difference of both networks.
DIFFERENCE = """async () => {
  const { diverging } = await import("/js/lib/color.js");
  const { differenceSurfaces } = await import("/js/lib/differences.js");
  const { limitOf, zeroOf } = await import("/js/lib/scale.js");
  const state = await window.atomlens.state();
  const [surface] = differenceSurfaces(state);
  const { positions, values } = surface.mesh;
  const colors = Array.from(values, (value) => diverging((value - zeroOf(state, surface)) / limitOf(state)));
  return JSON.stringify({ positions: Array.from(positions), values: Array.from(values), colors });
}"""


def surface_of(page: Explorer, model: str) -> dict:
    return {key: np.array(value) for key, value in json.loads(page.page.evaluate(SURFACE, model)).items()}


def saved(page: Explorer, button: str) -> Path:
    """The file that a button saves, under the name that it suggests."""
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name=button, exact=True).click()
    path = Path(download.value.path())
    named = path.with_name(download.value.suggested_filename)
    path.rename(named)
    return named


@pytest.fixture(scope="module")
def potential(lasting_tab) -> Explorer:
    page = lasting_tab(viewport={"width": 1440, "height": 900}).open("/?example=formamide")
    page.show("potential")
    return page


def test_an_isosurface_takes_the_colours_of_another_element_or_network(potential):
    page = potential
    before = surface_of(page, "qm9-schnet-energy")
    assert np.ptp(before["values"]) == 0
    choice = page.page.get_by_role("combobox", name="Colour by", exact=True)
    legend = page.page.get_by_role("group", name="Colour scale")
    for chosen, says in (("O", "Potential of a probe O from its median, kcal/mol"), ("other", "by the other network")):
        choice.select_option(chosen)
        page.until(lambda state: all(s["level"] is None for drawn in state["surfaces"].values() for s in drawn))
        page.settled()
        coloured = surface_of(page, "qm9-schnet-energy")
        np.testing.assert_array_equal(coloured["positions"], before["positions"])
        assert np.ptp(coloured["values"]) > 0.01
        assert says in legend.inner_text()
    choice.select_option("level")
    page.until(lambda state: all(s["level"] is not None for drawn in state["surfaces"].values() for s in drawn))
    page.settled()
    assert "Potential, kcal/mol" in legend.inner_text()


def test_both_isosurfaces_that_are_shown_are_saved(potential):
    page = potential
    page.page.get_by_role("combobox", name="Colour by", exact=True).select_option("level")
    page.probe_element.select_option("N")
    page.settled()
    page.page.get_by_role("checkbox", name="Also the opposite sign").check()
    # a network's field may not reach the other sign
    page.until(lambda s: s["busy"] is None and any(len(drawn) == 2 for drawn in s["surfaces"].values()))
    page.page.get_by_role("button", name="Export", exact=True).click()
    model, drawn = next((model, drawn) for model, drawn in page.state()["surfaces"].items() if len(drawn) == 2)
    name = page.name(model)
    solid = trimesh.load(saved(page, f"{name}: surface as STL"))
    assert len(solid.faces) == sum(one["triangles"] for one in drawn)
    path = saved(page, f"{name}: surface as CSV")
    assert "_isovalue+-" in path.name
    levels = {float(row["potential_eV"]) for row in csv.DictReader(io.StringIO(path.read_text()))}
    assert levels == {-min(levels), min(levels)}
    page.page.keyboard.press("Escape")
    page.page.get_by_role("checkbox", name="Also the opposite sign").uncheck()
    page.probe_element.select_option("C")
    page.until(lambda state: all(len(drawn) == 1 for drawn in state["surfaces"].values()))
    page.settled()


def surface_in(glb, shown):
    """The surface of a GLB, whose vertices and colours are those that are drawn."""
    scene = trimesh.load(glb, process=False)
    transform, geometry = scene.graph["surface"]
    read = scene.geometry[geometry]
    placed = trimesh.transform_points(read.vertices, transform) * 100
    np.testing.assert_allclose(placed.ravel(), shown["positions"], atol=1e-4)
    linear = np.array(read.visual.vertex_attributes["color"])[:, :3]
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(encoded, shown["colors"], atol=1e-3)
    return read


def test_surfaces_and_fields_are_saved_as_they_are_shown(potential):
    page = potential
    page.page.get_by_role("combobox", name="Colour by", exact=True).select_option("O")
    page.until(lambda state: all(s["level"] is None for drawn in state["surfaces"].values() for s in drawn))
    page.settled()
    page.page.get_by_role("button", name="Export", exact=True).click()
    shown = surface_of(page, "qm9-bp-energy")
    glb = saved(page, f"{page.name('qm9-bp-energy')}: surface as GLB")
    assert glb.name.startswith("formamide_qm9-bp-energy_potential_C_isovalue")
    assert glb.name.endswith("eV_by_qm9-bp-energy_potential_O.glb")
    read = surface_in(glb, shown)
    solid = trimesh.load(saved(page, f"{page.name('qm9-bp-energy')}: surface as STL"))
    assert len(solid.faces) == len(read.faces)
    rows = list(csv.DictReader(io.StringIO(saved(page, f"{page.name('qm9-bp-energy')}: surface as CSV").read_text())))
    np.testing.assert_allclose([float(row["potential_eV"]) for row in rows], shown["values"], rtol=1e-5)
    cube = saved(page, f"{page.name('qm9-schnet-energy')}: field as CUBE")
    assert cube.name == "formamide_qm9-schnet-energy_potential_C.cube"
    assert (
        read_cube(io.StringIO(cube.read_text()))["atoms"].get_chemical_symbols() == page.state()["molecule"]["symbols"]
    )
    page.page.keyboard.press("Escape")
    page.page.get_by_role("combobox", name="Colour by", exact=True).select_option("level")
    page.settled()


def test_the_difference_of_both_networks_is_saved_as_it_is_shown(potential):
    page = potential
    mode, networks = (page.page.get_by_role("combobox", name=name, exact=True) for name in ("Show", "Networks"))
    mode.select_option("envelope")
    networks.select_option("difference")
    page.settled()
    page.page.get_by_role("button", name="Export", exact=True).click()
    shown = {key: np.array(value) for key, value in json.loads(page.page.evaluate(DIFFERENCE)).items()}
    name = f"{page.name('qm9-schnet-energy')} − {page.name('qm9-bp-energy')}"
    glb = saved(page, f"{name}: surface as GLB")
    stem = "formamide_qm9-schnet-energy_potential_C_envelope3.8_difference_from_qm9-bp-energy"
    assert glb.name == f"{stem}.glb"
    read = surface_in(glb, shown)
    solid = trimesh.load(saved(page, f"{name}: surface as STL"))
    assert len(solid.faces) == len(read.faces)
    rows = list(csv.DictReader(io.StringIO(saved(page, f"{name}: surface as CSV").read_text())))
    said = [float(row["potential_difference_eV"]) for row in rows]
    np.testing.assert_allclose(said, shown["values"], rtol=1e-4, atol=1e-5)
    assert "_difference_potential_C_envelope" in saved(page, "Save PNG").name
    page.page.keyboard.press("Escape")
    # a slice has its row, and no file of a surface
    mode.select_option("slice")
    page.settled()
    page.page.get_by_role("button", name="Export", exact=True).click()
    assert page.page.get_by_role("button", name=f"{name}: surface as GLB", exact=True).is_disabled()
    page.page.keyboard.press("Escape")
    mode.select_option("isosurface")
    networks.select_option("both")
    # what was drawn before has no level, which `settled` takes for a surface that carries another field's values
    page.until(lambda state: all(s["level"] is not None for drawn in state["surfaces"].values() for s in drawn))
    page.settled()


def test_the_picture_is_saved_at_the_size_asked_for(potential):
    page = potential
    button = page.page.get_by_role("button", name="Export", exact=True)
    button.focus()
    page.page.keyboard.press("Enter")  # by keyboard alone
    before = page.picture()
    sizes = []
    for size in ("1", "2"):
        page.page.get_by_role("combobox", name="Size of the picture", exact=True).select_option(size)
        path = saved(page, "Save PNG")
        assert path.name.startswith("formamide_qm9-bp-energy_qm9-schnet-energy_potential_C_isovalue")
        with Image.open(path) as image:
            sizes.append(image.size)
            picture = np.asarray(image.convert("RGBA")).astype(int)
        assert (picture[..., 3] == 255).all()
        # both panes and the legend hold colours of the scale
        warmth = np.abs(picture[..., 0] - picture[..., 2]) > 40
        for part in (warmth[:, : warmth.shape[1] // 2], warmth[:, warmth.shape[1] // 2 :], warmth[-60 * int(size) :]):
            assert part.mean() > 0.005
    assert np.abs(np.array(sizes[1]) - 2 * np.array(sizes[0])).max() <= 2
    page.page.get_by_role("checkbox", name="Transparent background", exact=True).check()
    with Image.open(saved(page, "Save PNG")) as image:
        clear = np.asarray(image.convert("RGBA")).astype(float)
    alpha = clear[..., 3:]
    assert (alpha[80:100, 5:25] == 0).all()
    assert (alpha > 200).mean() > 0.02
    # over the page's background it is the other picture again: nothing of a background was blended in
    over = (alpha * clear[..., :3] + (255 - alpha) * picture[2, 2, :3]) / 255
    assert (np.abs(over - picture[..., :3]).max(2) > 6).mean() < 0.002
    # the page's own picture is as it was
    assert difference(page.picture(), before) < 0.001
    page.page.keyboard.press("Escape")
    assert page.page.evaluate("() => document.activeElement.textContent.trim()") == "Export"
    assert not page.page.get_by_role("group", name="Export").is_visible()


def test_the_picture_takes_any_size_in_pixels(potential):
    page = potential
    page.page.get_by_role("button", name="Export", exact=True).click()
    save = page.page.get_by_role("button", name="Save PNG", exact=True)
    for width, height in ((900, 900), (1920, 540)):
        page.page.get_by_role("spinbutton", name="Width, pixels").fill(str(width))
        page.page.get_by_role("spinbutton", name="Height, pixels").fill(str(height))
        with Image.open(saved(page, "Save PNG")) as image:
            assert image.size == (width, height)
            picture = np.asarray(image.convert("RGB")).astype(int)
        # both molecules lie whole inside: no surface is cut off by an edge
        strong = np.abs(picture[..., 0] - picture[..., 2]) > 40
        for part in (strong[: -height // 6, : width // 2], strong[: -height // 6, width // 2 :]):
            assert part.mean() > 0.004
            assert not part[:, :3].any()
            assert not part[:, -3:].any()
    page.page.get_by_role("spinbutton", name="Width, pixels").fill("9000")
    assert save.is_disabled()
    page.page.keyboard.press("Escape")


def test_files_of_the_atoms_hold_what_the_table_says(potential):
    page = potential
    page.quantity.select_option("contributions")
    page.page.get_by_role("button", name="Export", exact=True).click()
    state = page.state()
    said = json.loads(saved(page, "JSON").read_text())
    assert said["predictions"] == state["predictions"]
    atoms = ase_read(io.StringIO(saved(page, "extXYZ").read_text()), format="extxyz")
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV").read_text())))
    for p in state["predictions"]:
        stem, kind = p["model"].replace("-", "_"), "contribution" if p["property"] == "energy" else "charge"
        np.testing.assert_array_equal(atoms.arrays[f"{stem}_{kind}"], p["contributions"])
        own = [float(row[f"{p['model']}_{kind}_{p['contribution_unit']}"]) for row in rows]
        assert own == p["contributions"]
        if p["property"] == "energy":
            references = [float(row[f"{p['model']}_reference_eV"]) for row in rows]
            assert sum(own) + sum(references) == pytest.approx(float(rows[0][f"{p['model']}_total_eV"]))
    drawing = saved(page, "SVG")
    assert drawing.name == "formamide_contributions.svg"
    shown = page.page.context.new_page()
    shown.goto(drawing.as_uri())
    legend = shown.locator("g.legend text").all_text_contents()
    assert legend[0] == "Contributions to the energy, kcal/mol"
    # each value stands inside its own disc
    boxes = shown.evaluate("""() => [...document.querySelectorAll("g.atom")].map((atom) => {
      const parts = [atom.querySelector("circle"), ...atom.querySelectorAll("text")];
      const boxes = parts.map((e) => e.getBoundingClientRect());
      const [disc, ...texts] = boxes;
      return texts.map((t) => Math.min(t.left - disc.left, disc.right - t.right, t.top - disc.top,
        disc.bottom - t.bottom));
    })""")
    assert len(boxes) == 2 * len(state["molecule"]["symbols"])
    assert min(min(margins) for margins in boxes) > -2.5
    shown.close()
    page.page.keyboard.press("Escape")


def test_a_card_does_not_stay_over_what_the_tab_key_reaches(tab):
    page = tab(viewport={"width": 1440, "height": 900}).open("/?q=water")
    page.page.get_by_role("button", name="Export", exact=True).focus()
    page.page.keyboard.press("Enter")
    card = page.page.locator(".export-card")
    card.wait_for()
    for _ in range(40):
        page.page.keyboard.press("Tab")
        if not page.page.evaluate("() => document.activeElement.closest('.share')"):
            break
    card.wait_for(state="detached")
    share = page.page.get_by_role("button", name="Share", exact=True)
    share.focus()
    page.page.keyboard.press("Enter")
    page.link.wait_for()
    wait(lambda: page.link.evaluate("e => e === document.activeElement"))
    page.page.keyboard.press("Shift+Tab")
    assert share.evaluate("e => e === document.activeElement")
    page.page.keyboard.press("Escape")
    page.link.wait_for(state="detached")
    assert share.evaluate("e => e === document.activeElement")
    # who turns the molecule beside a card keeps it
    page.page.get_by_role("button", name="Export", exact=True).click()
    page.panes()[0].click(position={"x": 12, "y": 300})
    assert card.is_visible()
