"""`atomlens surface`, and the table of `atomlens probe`: files with the right numbers, by programs that read them."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
import trimesh

from atomlens.chem.read import read_molecule
from atomlens.explain.field import at_points
from atomlens.networks.registry import ModelRegistry


def surface(run, out, *options, model="qm9-schnet-energy", element="H"):
    return run("surface", "O", "--model", model, "--element", element, "--out", out, "--spacing", "0.4", *options)


def table(path) -> np.ndarray:
    return np.array(list(csv.reader(io.StringIO(Path(path).read_text())))[1:], float)


def test_the_table_of_an_isosurface_has_its_level_and_the_model_agrees(atomlens, models_dir):
    assert surface(atomlens, "level.csv").code == 0
    rows = table("level.csv")
    assert np.ptp(rows[:, 3]) == 0.0
    exact = at_points(ModelRegistry(models_dir).load("qm9-schnet-energy"), read_molecule("O"), rows[:, :3], [1])[0]
    assert np.median(np.abs(exact - rows[:, 3])) < 0.02 * np.ptp(exact) + 1e-3
    level = str(0.5 * rows[0, 3])
    assert surface(atomlens, "other.csv", f"--isovalue={level}").code == 0
    np.testing.assert_allclose(table("other.csv")[:, 3], 0.5 * rows[0, 3], rtol=1e-5)


@pytest.mark.parametrize(
    ("options", "model", "number"),
    [
        (("--values-element", "O"), "qm9-schnet-energy", 8),
        (("--values-model", "qm9-bp-dipole"), "qm9-bp-dipole", 1),
        (("--envelope", "3.8"), "qm9-schnet-energy", 1),
    ],
)
def test_a_surface_carries_the_values_asked_for(atomlens, models_dir, options, model, number):
    assert surface(atomlens, "valued.csv", *options).code == 0
    rows = table("valued.csv")
    exact = at_points(ModelRegistry(models_dir).load(model), read_molecule("O"), rows[:, :3], [number])[0]
    np.testing.assert_allclose(rows[:, 3], exact, rtol=1e-3, atol=1e-4)


def test_both_signs_are_two_isosurfaces(atomlens):
    assert surface(atomlens, "both.csv", "--isovalue=-0.01", "--both-signs").code == 0
    assert set(np.round(table("both.csv")[:, 3], 6)) == {-0.01, 0.01}


def test_glb_and_stl_are_the_same_surface(atomlens):
    for ending in ("glb", "stl", "csv"):
        assert surface(atomlens, f"water.{ending}", "--envelope", "3.8", "--opacity", "0.5").code == 0
    rows, solid = table("water.csv"), trimesh.load("water.stl")
    assert solid.is_watertight
    scene = trimesh.load("water.glb", process=False)
    transform, geometry = scene.graph["surface"]
    drawn = trimesh.transform_points(scene.geometry[geometry].vertices, transform)
    np.testing.assert_allclose(drawn * 100, rows[:, :3], atol=1e-4)
    assert len(solid.faces) == len(scene.geometry[geometry].faces)
    assert {"O1", "H2", "H3"} <= set(scene.graph.nodes_geometry)


@pytest.mark.parametrize(
    ("out", "options", "says"),
    [
        ("water.obj", (), "none of .glb, .stl and .csv"),
        ("none/water.glb", (), "there is no folder none"),
        ("water.glb", ("--isovalue", "1", "--envelope", "3.8"), "either --isovalue or --envelope"),
        ("water.glb", ("--isovalue", "1e9"), "no surface at this level"),
        ("water.glb", ("--both-signs", "--envelope", "3.8"), "isovalue other than zero"),
        ("water.glb", ("--isovalue", "nan"), "isovalue is a finite number"),
        ("water.glb", ("--envelope", "1000"), "between 0.2 and 50"),
        ("water.glb", ("--values-element", "Cl"), "does not know Cl"),
        ("water.glb", ("--values-model", "gpt"), "There is no model gpt"),
        ("water.glb", ("--limit", "0"), "limit of the colours is a positive number"),
        ("water.glb", ("--spacing", "0.001"), "The finest spacing for this molecule and margin"),
    ],
)
def test_what_makes_no_surface_is_refused(refused, out, options, says):
    assert says in surface(refused, out, *options)


def test_a_field_is_a_table_too(atomlens, models_dir):
    run = atomlens("probe", "O", "--model", "qm9-bp-dipole", "--element", "C", "--out", "f.csv", "--spacing", "1")
    assert run.code == 0
    assert Path("f.csv").read_text().startswith("x_angstrom,y_angstrom,z_angstrom,charge_e\n")
    rows = table("f.csv")
    exact = at_points(ModelRegistry(models_dir).load("qm9-bp-dipole"), read_molecule("O"), rows[:, :3], [6])[0]
    np.testing.assert_allclose(rows[:, 3], exact, rtol=1e-3, atol=1e-4)


def test_what_stands_in_a_file_says_which_surface_it_is(atomlens):
    assert surface(atomlens, "level.stl").code == 0
    head = Path("level.stl").read_bytes()[:80].decode().strip()
    assert re.fullmatch(r"atomlens: water_qm9-schnet-energy_potential_H_isovalue-?[\d.e+-]+eV", head)
    assert surface(atomlens, "envelope.stl", "--envelope", "2", "--values-element", "O").code == 0
    head = Path("envelope.stl").read_bytes()[:80].decode()
    assert head.startswith("atomlens: water_qm9-schnet-energy_potential_H_envelope2_by_qm9-schnet-energy_pot")
