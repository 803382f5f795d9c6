"""Trust: environments like those of the training data, unusual ones, and strange ones."""

import numpy as np
import pytest
from closed_form import GaussianModel
from molecules import METHANOL, WATER, moved

from atomlens.explain.prediction import explain
from atomlens.explain.trust import grade
from atomlens.networks import environments
from atomlens.networks.protocol import Batch

rng = np.random.default_rng(0)


def normal(n, features=4, scale=(1.0, 0.5, 2.0, 0.1)):
    return rng.normal(size=(n, features)) * scale


NUMBERS = np.repeat([1, 6], 5_000)
TRAINING = np.concatenate([normal(5_000), normal(5_000) + 10.0])
HELD_OUT = np.concatenate([normal(5_000), normal(5_000) + 10.0])
STATISTICS = environments.fit(NUMBERS, TRAINING, NUMBERS, HELD_OUT)


def test_the_distance_of_a_normal_distribution_is_mahalanobis():
    # χ of four degrees of freedom: the square averages 4
    found = environments.distances(STATISTICS, NUMBERS, HELD_OUT)
    assert (found**2).mean() == pytest.approx(4.0, rel=0.05)
    one_sigma = environments.distances(STATISTICS, np.array([1]), np.array([[0.0, 0.5, 0.0, 0.0]]))
    assert one_sigma[0] == pytest.approx(1.0, abs=0.1)


def test_percentiles_of_held_out_atoms_are_uniform():
    found = environments.percentiles(STATISTICS, NUMBERS, HELD_OUT)
    assert np.quantile(found, [0.1, 0.5, 0.9]) == pytest.approx([10, 50, 90], abs=1.0)
    assert found.min() >= 0
    assert environments.percentiles(STATISTICS, np.array([1]), np.full((1, 4), 99.0))[0] == 100.0


def test_an_element_is_judged_by_its_own_atoms():
    here = np.full((2, 4), 10.0)
    near, far = environments.distances(STATISTICS, np.array([6, 1]), here)
    assert near < 1.0 < 5.0 < far


def test_what_leaves_the_plane_of_the_training_data_is_far():
    plane = normal(5_000)[:, :2] @ rng.normal(size=(2, 6))
    numbers = np.full(5_000, 6)
    statistics = environments.fit(numbers[:2500], plane[:2500], numbers[2500:], plane[2500:])
    direction = np.linalg.svd(plane)[2][-1]
    inside, outside = environments.distances(statistics, np.array([6, 6]), np.stack([0 * direction, 0.1 * direction]))
    assert inside < 1.0
    assert outside > 100.0


def test_more_features_than_components_keep_the_rest_as_one_remainder():
    many = rng.normal(size=(4_000, 60))
    numbers = np.full(4_000, 8)
    statistics = environments.fit(numbers, many, numbers, rng.normal(size=(4_000, 60)))
    assert statistics["environments.Z8.axes"].shape == (32, 60)
    assert statistics["environments.Z8.scales"].shape == (33,)
    assert all(array.dtype == np.float32 for array in statistics.values())
    found = environments.distances(statistics, numbers, many)
    assert (found**2).mean() == pytest.approx(33.0, rel=0.02)


def test_elements_without_statistics_have_no_distance():
    assert np.isnan(environments.distances(STATISTICS, np.array([8]), np.zeros((1, 4)))).all()
    assert environments.elements(STATISTICS) == {1, 6}


def test_an_element_without_held_out_atoms_has_no_statistics():
    found = environments.fit(NUMBERS, TRAINING, NUMBERS[:5000], HELD_OUT[:5000])
    assert environments.elements(found) == {int(NUMBERS[0])}


def test_identical_training_atoms_leave_everything_else_far():
    numbers = np.full(10, 1)
    statistics = environments.fit(numbers, np.ones((10, 3)), numbers, np.ones((10, 3)))
    same, other = environments.distances(statistics, np.array([1, 1]), np.array([[1.0, 1, 1], [1, 1, 1.01]]))
    assert same < 1.0 < other


def test_grades_follow_the_distance():
    model = GaussianModel(environments=STATISTICS)
    steps = np.array([[0.0], [3.9], [50.0]]) * [1.0, 0, 0, 0]
    assert grade(model, np.array([1, 1, 1]), steps) == ("inside", "unusual", "outside")
    assert grade(model, np.array([8]), np.zeros((1, 4))) == ("outside",)
    held_out = grade(model, NUMBERS, HELD_OUT)
    assert held_out.count("inside") / len(held_out) == pytest.approx(0.99, abs=0.002)


def test_a_model_without_statistics_gives_no_grade():
    assert explain(GaussianModel(), WATER).trust is None


def test_a_distorted_molecule_is_outside_and_an_ordinary_one_inside():
    shaken = [moved(m, m.positions + rng.normal(scale=0.02, size=m.positions.shape)) for m in [WATER, METHANOL] * 500]
    batch = Batch.of(shaken)
    representation = GaussianModel().outputs(batch).representation
    half = batch.offsets[500]
    statistics = environments.fit(
        batch.numbers[:half], representation[:half], batch.numbers[half:], representation[half:]
    )
    model = GaussianModel(environments=statistics)
    assert set(explain(model, METHANOL).trust) == {"inside"}
    torn = METHANOL.positions.copy()
    torn[5] += [2.0, 2.0, 0.0]
    assert explain(model, moved(METHANOL, torn)).trust[5] == "outside"
