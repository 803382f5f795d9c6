"""Volumes of crystals: bonds as long as in training, whatever the crystal is."""

import numpy as np
import pytest

from atomlens.chem.molecule import Molecule
from atomlens.networks.protocol import Batch
from atomlens.networks.volumes import bonds
from atomlens.training.volumes import MEASURED, SLACK, fit_volumes

FCC = np.array([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])
BCC = np.array([[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]])
ONE, TWO = np.zeros((1, 3)), np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]])


@pytest.mark.parametrize(
    ("positions", "cell", "count"),
    # bcc's second neighbours stand between no two others by much; cations of rock salt stand behind anions
    [(ONE, FCC, 12), (ONE, BCC, 14), (ONE, np.eye(3), 6), (TWO, FCC, 6), (TWO / 2.0, FCC, 4), (TWO, np.eye(3), 14)],
)
def test_neighbours_behind_a_third_atom_have_no_bond(positions, cell, count):
    _, _, weights = bonds(positions @ (4.0 * cell), 4.0 * cell)
    assert weights.sum(1) == pytest.approx(np.full(len(positions), float(count)))


def test_a_bond_to_both_ends_of_a_short_one_is_screened_by_neither():
    """As calcium's to the carbons of an acetylide: each is nearer to the other than to the metal."""
    cell = np.diag([9.0, 9.0, 9.0])
    positions = np.array([[0.0, 0.0, 0.0], [2.5, 0.6, 0.0], [2.5, -0.6, 0.0]])
    _, distances, weights = bonds(positions, cell)
    assert weights[0, :2] == pytest.approx([1.0, 1.0])
    assert distances[0, :2] == pytest.approx([np.hypot(2.5, 0.6)] * 2)


def crystals(rng, n):
    """Of lithium and oxygen: the metal, and rock salt with another volume of both; lengths by 1 %."""
    made = []
    for k in range(n):
        scale = 1.0 + 0.01 * rng.normal()
        if k % 2:
            made.append(Molecule(np.array([3]), ONE, cell=4.4 * scale * FCC))
        else:
            made.append(Molecule(np.array([3, 8]), TWO @ (4.2 * scale * FCC), cell=4.2 * scale * FCC))
    return Batch.of(made)


def test_an_element_may_take_another_volume_in_a_metal_than_in_an_oxide_and_none_that_is_wrong():
    rng = np.random.default_rng(0)
    found = fit_volumes(crystals(rng, 200), crystals(rng, 200))
    low, high, least, most = found.stretches
    assert (low, high) == pytest.approx((0.977 - MEASURED, 1.023), abs=0.015)
    assert (least, most) == pytest.approx((0.974 - MEASURED - SLACK, 1.026 + SLACK), abs=0.015)
    for numbers, positions, a in ((np.array([3]), ONE, 4.4), (np.array([3, 8]), TWO, 4.2)):
        grades = [found.grade(numbers, positions @ (a * s * FCC), a * s * FCC) for s in (1.0, 0.92, 0.85, 1.08, 1.15)]
        assert grades[0] == 0
        assert min(grades[1:]) >= 1
        assert (grades[2], grades[4]) == (2, 2)
    # of nitrogen nothing is known
    assert found.grade(np.array([3, 7]), TWO @ (4.2 * FCC), 4.2 * FCC) == 2
