"""Grades of crystals: what no network may call usual, and how often energies are far off in each grade."""

from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.molecule import Molecule
from atomlens.explain.prediction import explain
from atomlens.networks.registry import ModelRegistry
from atomlens.training.crystal_trust import measure_crystals

RELEASED = ModelRegistry(Path(__file__).resolve().parents[2] / "models")
NAMES = [name for name, card in RELEASED.cards.items() if card.periodic]
FCC = np.array([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])
CUBIC = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])


def crystal(numbers, positions, cell):
    return Molecule(np.array(numbers), np.asarray(positions) @ cell, cell=cell)


def test_copper_metal_and_solid_oxygen_are_no_oxides():
    model = RELEASED.load("materials-oxides")
    copper = explain(model, crystal([29], [[0.0, 0.0, 0.0]], 3.615 * FCC))
    oxygen = explain(model, crystal([8, 8], [[0.0, 0.0, 0.0], [0.0, 0.0, 0.3]], np.diag([3.0, 3.0, 4.0])))
    assert [found.trust.reason for found in (copper, oxygen)] == ["composition", "composition"]
    # the perovskite that it has learned is none of these
    assert explain(model, crystal([38, 22, 8, 8, 8], CUBIC, 3.905 * np.eye(3))).trust.grade == "inside"


@pytest.mark.parametrize("name", NAMES)
def test_what_a_card_says_is_of_its_checkpoint_and_orders_crystals(name):
    card = RELEASED.cards[name]
    found = card.raw["trust"]
    assert found["checkpoint"] == card.checkpoint_hash
    assert card.error_scales is None
    own, others = found["test"]["grades"], found["others"]
    assert sum(grade["n"] for grade in own.values()) == found["test"]["n"] == card.test["n"]
    assert found["auc"] > 0.7
    # what is called usual among test crystals is seldom far off, and most of what is of another kind is not called so
    assert own["inside"]["share_beyond"] < 0.05
    assert own["inside"]["n"] > 0.6 * found["test"]["n"]
    assert all(other["grades"]["inside"]["n"] < 0.15 * other["n"] for other in others)
    assert found["moved"]["grades"]["inside"] < 0.2 * found["moved"]["n"]


def test_the_figures_of_a_card_are_measured(shared_data):
    model = RELEASED.load("materials-mp")
    found, kept = measure_crystals(model, shared_data), model.card.raw["trust"]
    assert found["auc"] == pytest.approx(kept["auc"], abs=0.002)
    for one, other in zip([found["test"], *found["others"]], [kept["test"], *kept["others"]], strict=True):
        assert (one["data"], one["n"]) == (other["data"], other["n"])
        # rounding of another processor may carry a crystal over an edge
        counts = [[grade["n"] for grade in part["grades"].values()] for part in (one, other)]
        assert counts[0] == pytest.approx(counts[1], abs=2)
    assert found["moved"]["grades"] == pytest.approx(kept["moved"]["grades"], abs=2)


def scaled(name, scale):
    """An ordinary crystal at its measured cell (lengths of the International Centre for Diffraction Data, Å)."""
    numbers, positions, cell = ORDINARY[name]
    return crystal(numbers, positions, scale * cell)


ROCK_SALT, ZINC_BLENDE = np.array([[0.0] * 3, [0.5] * 3]), np.array([[0.0] * 3, [0.25] * 3])
BCC = np.array([[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]])
ORDINARY = {
    "MgO": ([12, 8], ROCK_SALT, 4.212 * FCC),
    "NaCl": ([11, 17], ROCK_SALT, 5.640 * FCC),
    "SrTiO3": ([38, 22, 8, 8, 8], CUBIC, 3.905 * np.eye(3)),
    "KMgF3": ([19, 12, 9, 9, 9], CUBIC, 3.989 * np.eye(3)),
    "tungsten": ([74], [[0.0] * 3], 3.165 * BCC),
    "diamond": ([6, 6], ZINC_BLENDE, 3.567 * FCC),
    "cubic boron nitride": ([5, 7], ZINC_BLENDE, 3.615 * FCC),
    "copper": ([29], [[0.0] * 3], 3.615 * FCC),
    "silicon": ([14, 14], ZINC_BLENDE, 5.431 * FCC),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_crystal_has_a_usual_volume_at_its_measured_cell_and_at_no_other(name):
    """Least squares of volumes of elements graded magnesia, tungsten and diamond outside."""
    model = RELEASED.load("materials-mp")
    assert model.volumes is not None
    grades = {}
    for scale in (1.0, 0.85, 0.88, 0.92, 1.12, 1.15):
        one = scaled(name, scale)
        grades[scale] = model.volumes.grade(one.numbers, one.positions, one.cell)
    assert grades.pop(1.0) == 0
    assert min(grades.values()) >= 1
    assert {grades[scale] for scale in (0.85, 0.88)} == {2}
    assert explain(model, scaled(name, 1.0)).trust.reason != "volume"


@pytest.mark.parametrize("name", ["MgO", "NaCl", "SrTiO3"])
def test_a_crystal_whose_cell_is_wrong_is_not_inside(name):
    model = RELEASED.load("materials-mp")
    for scale in (0.85, 0.88, 0.92, 1.08, 1.12, 1.15):
        assert explain(model, scaled(name, scale)).trust.grade != "inside"


def test_an_oxygen_moved_out_of_its_place_is_seen_and_said_of_the_sites_around_it():
    for name in ("materials-oxides", "materials-mp"):
        model, places = RELEASED.load(name), CUBIC.copy()
        there = explain(model, crystal([38, 22, 8, 8, 8], places, 3.905 * np.eye(3)))
        assert there.trust.grade == "inside"
        places[2, 2] += 0.6 / 3.905  # towards titanium's next image
        moved = explain(model, crystal([38, 22, 8, 8, 8], places, 3.905 * np.eye(3)))
        assert (moved.trust.grade, moved.trust.reason) == ("outside", "sites")
        assert moved.trust.reasons[2] == "sites"
