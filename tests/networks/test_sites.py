"""Sites of crystals and their neighbours: shells of few arrangements, contacts of many."""

import numpy as np
import pytest

from atomlens.networks.sites import FEW, NEIGHBOURS, Sites, fit_sites, shells

rng = np.random.default_rng(7)
SALT = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])
ROCK = np.concatenate([SALT, SALT + np.array([0.5, 0.0, 0.0])])
RADII = np.full(119, np.nan)
RADII[[3, 9, 11, 17]] = 0.9, 1.2, 1.1, 1.7


def rock_salts(edges, ions):
    """Crystals one after another: numbers, positions, cells, offsets."""
    numbers = np.concatenate([np.repeat(pair, 4) for pair in ions])
    positions = np.concatenate([ROCK * edge for edge in edges])
    return numbers, positions, np.stack([np.eye(3) * edge for edge in edges]), 8 * np.arange(len(edges) + 1)


def test_shells_are_distances_to_the_nearest_neighbours_whatever_the_unit_of_length_and_the_cell():
    found = shells(5.64 * ROCK, 5.64 * np.eye(3))
    # of rock salt: six at a/2, twelve at a/√2; (a³/8)^⅓ = a/2
    assert found == pytest.approx(np.tile([1.0] * 6 + [np.sqrt(2.0)] * 2, (8, 1)))
    assert shells(4.0 * ROCK, 4.0 * np.eye(3)) == pytest.approx(found)
    primitive = 2.82 * np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    assert shells(np.array([[0.0] * 3, [2.82] * 3]), primitive) == pytest.approx(found[:2])
    # an atom outside of its cell is the same one
    shifted = 5.64 * (ROCK + rng.integers(-2, 3, ROCK.shape))
    assert shells(shifted, 5.64 * np.eye(3)) == pytest.approx(found)


def test_of_one_arrangement_its_shells_are_kept_and_another_is_outside():
    edges = rng.uniform(4.0, 6.0, 20)
    found = fit_sites(*rock_salts(edges, [(11, 17)] * 20))
    assert found.shells == pytest.approx(np.array([[1.0] * 6 + [np.sqrt(2.0)] * 2]))
    numbers, cell = np.repeat([3, 9], 4), 9.0 * np.eye(3)  # another edge, elements that nobody has seen
    assert found.grades(numbers, 9.0 * ROCK, cell).tolist() == [0] * 8
    for step, grade in ((0.02, 0), (0.07, 1), (0.2, 2)):
        places = ROCK.copy()
        places[0, 0] += step / 2.0  # of the distance to its neighbour
        assert found.grades(numbers, 9.0 * places, cell)[0] == grade
    # caesium chloride's
    assert found.grades(np.array([11, 17]), np.array([[0.0] * 3, [2.0] * 3]), 4.0 * np.eye(3)).tolist() == [2, 2]


def test_of_many_arrangements_radii_are_kept_that_add_up_to_the_contacts():
    ions = [(one, other) for one in (3, 11) for other in (9, 17)] * 30
    sums = np.array([RADII[one] + RADII[other] for one, other in ions])
    numbers, positions, cells, offsets = rock_salts(2.0 * sums * rng.normal(1.0, 0.01, len(ions)), ions)
    positions += rng.uniform(-0.15, 0.15, positions.shape)  # so that no two arrangements are one
    found = fit_sites(numbers, positions, cells, offsets)
    assert found.shells.shape == (0, NEIGHBOURS)
    assert np.flatnonzero(np.isfinite(found.radii)).tolist() == [3, 9, 11, 17]
    for one, other in ions:
        # the nearest of six that were moved a little is nearer than their mean
        assert found.radii[one] + found.radii[other] == pytest.approx(0.95 * (RADII[one] + RADII[other]), rel=0.03)
    assert 0.8 < found.ratios[1] < found.ratios[0] < 1.0


def test_only_what_is_too_near_is_strange_and_nothing_is_said_of_unknown_elements():
    closest = np.full((119, 119), np.inf)
    closest[3, 17] = closest[17, 3] = 0.8 * (RADII[11] + RADII[17])
    sites = Sites(RADII, (0.9, 0.85), closest, np.zeros((0, NEIGHBOURS)))

    def grades(ratio, one=11, other=17):
        edge = 2.0 * ratio * (RADII[11] + RADII[17])
        return sites.grades(np.repeat([one, other], 4), edge * ROCK, edge * np.eye(3)).tolist()

    assert [grades(ratio) for ratio in (3.0, 1.0, 0.91)] == [[0] * 8] * 3
    assert grades(0.88) == [1] * 8
    assert grades(0.8) == [2] * 8
    assert grades(0.5, other=92) == [0] * 8
    # as near as it has been once; nearer than that
    assert grades(0.8, one=3) == [0] * 8
    assert grades(0.7, one=3) == [2] * 8


def test_more_kinds_of_sites_than_few_are_many_arrangements():
    def kept(count):
        cells = np.stack([np.diag([4.0, 4.0, 3.0 * 1.15**k]) for k in range(count)])
        numbers, places = np.full(count, 11), np.zeros((count, 3))
        return len(fit_sites(numbers, places, cells, np.arange(count + 1)).shells)

    assert kept(3) == 3
    assert kept(FEW) == FEW
    assert kept(2 * FEW) == 0
