"""Predictions: totals, contributions, charges, against their definitions."""

import json

import numpy as np
import pytest
from closed_form import GaussianModel
from hypothesis import given, settings
from hypothesis import strategies as st
from molecules import HYDROGEN_CHLORIDE, METHANOL, WATER, moved

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, UnknownElement
from atomlens.explain.prediction import explain, predict_batch
from atomlens.networks.charges import dipole_vectors, neutralized
from atomlens.networks.protocol import Batch
from atomlens.units import E_ANGSTROM_DEBYE, EV_KCAL_PER_MOL

ENERGIES = ["qm9-bp-energy", "qm9-schnet-energy"]
DIPOLES = ["qm9-bp-dipole", "qm9-schnet-dipole"]

#: 1e-4 kcal/mol, in eV
SMALL = 1e-4 / EV_KCAL_PER_MOL


@pytest.mark.parametrize("name", ENERGIES)
def test_contributions_and_references_sum_to_the_total(registry, name):
    prediction = explain(registry.load(name), METHANOL)
    assert prediction.total == pytest.approx((prediction.contributions + prediction.references).sum(), abs=1e-9)
    assert prediction.uncertainty > 0
    assert (prediction.contribution_spread > 0).all()
    assert prediction.vector is None


@pytest.mark.parametrize("name", DIPOLES)
@pytest.mark.parametrize("charge", [0, 1])
def test_charges_sum_to_the_charge_and_make_the_dipole(registry, name, charge):
    prediction = explain(registry.load(name), moved(METHANOL, METHANOL.positions, charge=charge))
    assert prediction.contributions.sum() == pytest.approx(charge, abs=1e-9)
    assert prediction.references is None
    assert prediction.total == pytest.approx(np.linalg.norm(prediction.vector))
    if charge == 0:
        by_hand = prediction.contributions @ METHANOL.positions * 4.80320471
        np.testing.assert_allclose(prediction.vector, by_hand, rtol=1e-8, atol=1e-12)


def test_two_charges_make_the_dipole_of_the_textbook():
    batch = Batch(np.array([1, 8]), np.array([[0.0, 0, 0], [0, 0, 1.0]]), np.array([0, 2]), np.array([0]))
    charges = neutralized(np.array([[3.5, 2.5]]), batch)
    np.testing.assert_allclose(charges, [[0.5, -0.5]])
    np.testing.assert_allclose(dipole_vectors(charges, batch)[0, 0], [0, 0, -0.5 * E_ANGSTROM_DEBYE])


def test_a_charged_molecules_dipole_does_not_move_with_it():
    rng = np.random.default_rng(0)
    raw, vectors = rng.normal(size=(1, 3)), []
    for shift in (0.0, 7.0):
        batch = Batch(WATER.numbers, WATER.positions + shift, np.array([0, 3]), np.array([1]))
        vectors.append(dipole_vectors(neutralized(raw, batch), batch))
    np.testing.assert_allclose(*vectors, atol=1e-10)


def test_the_origin_of_a_charged_molecule_is_its_centre_of_mass():
    # all the charge on the heavy end of O-H+: the moment is that of e times the lever to the centre of mass
    batch = Batch(np.array([8, 1]), np.array([[0.0, 0, 0], [0, 0, 1.0]]), np.array([0, 2]), np.array([1]))
    vector = dipole_vectors(np.array([[1.0, 0.0]]), batch)[0, 0]
    np.testing.assert_allclose(vector, [0, 0, -1.008 / (15.999 + 1.008) * E_ANGSTROM_DEBYE], rtol=1e-4)


def test_the_spread_of_an_ensemble_is_that_of_its_members():
    one, two = (explain(GaussianModel(members=n), WATER) for n in (1, 2))
    assert one.uncertainty is None
    assert one.contribution_spread is None
    # members give k and 2 k of the same output: mean 1.5, standard deviation 1/√2
    raw = one.contributions
    np.testing.assert_allclose(two.contributions, 1.5 * raw)
    np.testing.assert_allclose(two.contribution_spread, raw / np.sqrt(2))
    assert two.uncertainty == pytest.approx(raw.sum() / np.sqrt(2))


@pytest.mark.parametrize("quantity", ["energy", "dipole"])
def test_a_prediction_is_ready_for_json(quantity):
    data = json.loads(json.dumps(explain(GaussianModel(quantity), WATER).to_dict()))
    assert data["property"] == quantity
    assert (data["unit"], data["contribution_unit"]) == (("eV", "eV") if quantity == "energy" else ("debye", "e"))
    assert data["trust"] is None
    assert data["uncertainty"] is None
    if quantity == "energy":
        assert data["total"] == pytest.approx(sum(data["contributions"]) + sum(data["references"]), abs=1e-6)
        assert data["vector"] is None
    else:
        assert sum(data["contributions"]) == pytest.approx(0.0, abs=1e-9)
        assert data["references"] is None
        assert len(data["vector"]) == 3


def test_an_unknown_element_is_refused(registry):
    for name in ENERGIES + DIPOLES:
        with pytest.raises(UnknownElement, match="Cl"):
            explain(registry.load(name), HYDROGEN_CHLORIDE)


@pytest.mark.parametrize("name", ENERGIES + DIPOLES)
def test_a_batch_says_what_each_molecule_says_and_nan_where_an_element_is_unknown(registry, name):
    model = registry.load(name)
    many = predict_batch(model, Batch.of([WATER, HYDROGEN_CHLORIDE, METHANOL]))
    assert many.unknown == 1
    assert np.isnan(many.total[1])
    assert np.isnan(many.contributions[3:5]).all()
    for place, molecule, where in ((0, WATER, slice(0, 3)), (2, METHANOL, slice(5, 11))):
        alone = explain(model, molecule)
        assert many.total[place] == pytest.approx(alone.total, rel=1e-12)
        np.testing.assert_allclose(many.contributions[where], alone.contributions, rtol=1e-9)
        assert many.uncertainty[place] == pytest.approx(alone.uncertainty, rel=1e-9)


@pytest.mark.parametrize("block", [1, 7, 10_000])
def test_the_size_of_a_block_changes_nothing(block):
    batch = Batch.of([METHANOL, HYDROGEN_CHLORIDE, WATER, WATER, METHANOL] * 3)
    whole, cut = predict_batch(GaussianModel(), batch), predict_batch(GaussianModel(), batch, block=block)
    np.testing.assert_allclose(cut.total, whole.total, rtol=1e-12)
    np.testing.assert_allclose(cut.contributions, whole.contributions, rtol=1e-12)
    assert np.isnan(cut.uncertainty).all()
    assert cut.unknown == 3


def test_a_batch_without_molecules_is_empty_and_a_molecule_without_atoms_is_refused():
    nothing = Batch(np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros(1, np.int64), np.zeros(0, np.int64))
    assert predict_batch(GaussianModel(), nothing).total.shape == (0,)
    hollow = Batch(WATER.numbers, WATER.positions, np.array([0, 3, 3]), np.array([0, 0]))
    with pytest.raises(MalformedInput, match="no atoms"):
        predict_batch(GaussianModel(), hollow)


angles = st.floats(-np.pi, np.pi)


@pytest.mark.parametrize("name", ENERGIES + DIPOLES)
@settings(max_examples=15, deadline=None)
@given(
    turn=st.tuples(angles, angles, angles),
    shift=st.tuples(*[st.floats(-30, 30)] * 3),
    order=st.permutations(range(len(METHANOL))),
)
def test_turning_moving_and_renumbering_a_molecule_changes_nothing(registry, name, turn, shift, order):
    model, order = registry.load(name), np.array(order)
    rotation = _rotation(*turn)
    elsewhere = moved(METHANOL, (METHANOL.positions @ rotation.T + shift)[order], METHANOL.numbers[order])
    before, after = explain(model, METHANOL), explain(model, elsewhere)
    assert after.total == pytest.approx(before.total, abs=SMALL)
    np.testing.assert_allclose(after.contributions, before.contributions[order], atol=SMALL)
    if before.vector is not None:
        np.testing.assert_allclose(after.vector, before.vector @ rotation.T, atol=1e-6)


@pytest.mark.parametrize("name", ENERGIES)
@settings(max_examples=10, deadline=None)
@given(distance=st.floats(20.0, 500.0), turn=st.tuples(angles, angles, angles))
def test_two_far_molecules_have_the_sum_of_their_energies(registry, name, distance, turn):
    model = registry.load(name)
    far = METHANOL.positions @ _rotation(*turn).T + np.array([distance, 0, 0])
    both = Molecule(np.concatenate([WATER.numbers, METHANOL.numbers]), np.concatenate([WATER.positions, far]))
    parts = explain(model, WATER).total + explain(model, METHANOL).total
    assert explain(model, both).total == pytest.approx(parts, abs=SMALL)


def _rotation(a, b, c):
    def about(axis, angle):
        i, j = [k for k in range(3) if k != axis]
        matrix = np.eye(3)
        matrix[[i, i, j, j], [i, j, i, j]] = [np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)]
        return matrix

    return about(0, a) @ about(1, b) @ about(2, c)
