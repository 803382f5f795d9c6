"""`atomlens probe`: a cube file that other programs read, with the right numbers and units."""

import numpy as np
import pytest
from ase.io.cube import read_cube

from atomlens.chem.read import read_molecule
from atomlens.explain.field import at_points
from atomlens.networks.registry import ModelRegistry
from atomlens.units import BOHR_ANGSTROM, HARTREE_EV


def probe(run, *options, element="C", model="qm9-bp-energy", molecule="O"):
    return run("probe", molecule, "--model", model, "--element", element, "--out", "field.cube", *options)


@pytest.mark.parametrize(
    ("model", "factor"), [("qm9-schnet-energy", HARTREE_EV), ("qm9-bp-energy", HARTREE_EV), ("qm9-bp-dipole", 1.0)]
)
def test_the_cube_holds_the_field_in_its_units(atomlens, models_dir, model, factor):
    assert probe(atomlens, "--spacing", "0.9", "--margin", "2.5", model=model).code == 0
    with open("field.cube") as file:
        cube = read_cube(file)
    water = read_molecule("O")
    np.testing.assert_allclose(cube["atoms"].positions, water.positions, atol=1e-6)
    np.testing.assert_allclose(np.diag(cube["spacing"]), 0.9, atol=1e-6)
    x, y, z = (np.arange(n) * 0.9 + start for n, start in zip(cube["data"].shape, cube["origin"], strict=True))
    points = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1).reshape(-1, 3)
    expected = at_points(ModelRegistry(models_dir).load(model), water, points, [6])[0]
    np.testing.assert_allclose(cube["data"].ravel() * factor, expected, rtol=1e-3, atol=2e-5)
    # the box is the molecule and its margin
    assert (points.min(0) <= water.positions.min(0) - 2.5 + 1e-6).all()
    assert (points.max(0) >= water.positions.max(0) + 2.5 - 1e-6).all()


def test_lengths_are_in_bohr_and_counts_positive(atomlens, tmp_path):
    assert probe(atomlens, "--spacing", "1").code == 0
    lines = (tmp_path / "field.cube").read_text().splitlines()
    assert "local chemical potential relative to infinity of a probe atom C by qm9-bp-energy, Ha" in lines[0]
    for axis in range(3):
        words = lines[3 + axis].split()
        assert int(words[0]) > 0
        assert float(words[1 + axis]) == pytest.approx(1.0 / BOHR_ANGSTROM, abs=1e-7)


@pytest.mark.parametrize("spacing", ["0", "-1", "nan", "inf", "-inf", "1e9"])
def test_a_spacing_that_makes_no_grid_is_refused(refused, spacing):
    assert "The spacing is a positive number of Å, at most 10" in probe(refused, f"--spacing={spacing}")


@pytest.mark.parametrize("spacing", ["1e-9", "1e-300", "0.02"])
def test_a_spacing_that_is_too_fine_is_refused_and_the_finest_one_works(atomlens, refused, spacing, monkeypatch):
    monkeypatch.setenv("ATOMLENS_MAX_GRID_POINTS", "1000")
    message = probe(refused, "--spacing", spacing)
    assert "1,000 are allowed" in message
    finest = message.rstrip().removesuffix(" Å.").rsplit(" ", 1)[-1]
    assert probe(atomlens, "--spacing", finest).code == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"element": "Cl"}, "does not know Cl"),
        ({"element": "Xx"}, "There is no element Xx"),
        ({"element": "6"}, "There is no element 6"),
        ({"model": "gpt"}, "There is no model gpt"),
        ({"molecule": "CCl"}, "does not know Cl"),
        ({"molecule": "C1CC"}, "unclosed ring"),
    ],
)
def test_what_cannot_be_probed_is_refused(refused, options, says):
    assert says in probe(refused, **options)


@pytest.mark.parametrize("margin", ["-1", "nan", "1000"])
def test_a_margin_that_makes_no_box_is_refused(refused, margin):
    assert "The margin lies between 0 and 20 Å" in probe(refused, f"--margin={margin}")


def test_a_file_that_cannot_be_written_is_told_before_the_work(refused):
    wrong = ("probe", "O", "--model", "qm9-bp-energy", "--element", "C", "--out", "none/field.cube")
    assert "there is no folder none" in refused(*wrong)
