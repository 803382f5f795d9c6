"""A probe at single points, felt and unfelt."""

import numpy as np
import pytest
from molecules import METHANOL, WATER, moved

from atomlens.errors import InputError, MalformedInput, UnknownElement
from atomlens.explain.field import at_points
from atomlens.explain.insertion import insert
from atomlens.explain.prediction import explain

ENERGIES = ["qm9-bp-energy", "qm9-schnet-energy"]
POINTS = np.array([[0.3, 1.9, 0.4], [2.5, -1.0, 1.0], [-1.8, 0.0, 1.5]])


@pytest.mark.parametrize("name", ENERGIES)
def test_insertion_is_the_difference_of_two_predictions(registry, name):
    model = registry.load(name)
    found = insert(model, METHANOL, 7, POINTS)
    for place, point in enumerate(POINTS):
        both = moved(METHANOL, np.vstack([METHANOL.positions, point]), numbers=np.append(METHANOL.numbers, 7))
        difference = explain(model, both).total - explain(model, METHANOL).total - model.reference_energies[7]
        far = insert(model, METHANOL, 7, np.array([[90.0, 0.0, 0.0]]))
        assert far.insertion[0] == pytest.approx(0.0, abs=1e-9)
        apart = moved(METHANOL, np.vstack([METHANOL.positions, [90.0, 0, 0]]), numbers=np.append(METHANOL.numbers, 7))
        alone = explain(model, apart).contributions[-1]
        assert found.insertion[place] == pytest.approx(difference - alone, abs=1e-8)


@pytest.mark.parametrize("name", ENERGIES)
def test_one_way_is_the_field_there_and_both_vanish_far_away(registry, name):
    model = registry.load(name)
    found = insert(model, METHANOL, 6, np.vstack([POINTS, [[80.0, 0, 0]]]))
    np.testing.assert_allclose(found.one_way[:3], at_points(model, METHANOL, POINTS, [6], "float64")[0])
    assert [found.one_way[3], found.insertion[3]] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert not np.allclose(found.one_way[:3], found.insertion[:3]), "the molecule feels an atom that is put in"


def test_what_cannot_be_is_refused(registry):
    with pytest.raises(InputError, match="dipole"):
        insert(registry.load("qm9-bp-dipole"), WATER, 1, POINTS)
    model = registry.load("qm9-bp-energy")
    with pytest.raises(UnknownElement):
        insert(model, WATER, 17, POINTS)
    for points in (np.zeros((0, 3)), np.zeros((202, 3)), np.zeros((3, 2)), np.full((1, 3), np.nan)):
        with pytest.raises(MalformedInput):
            insert(model, WATER, 1, points)
