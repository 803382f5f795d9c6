"""What every model of every family must hold."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from atomlens.errors import CheckpointError, InputError, NotFound, UnknownElement
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import AtomicModel, Batch
from atomlens.networks.registry import ModelRegistry
from plain_probe import plain_probe

NAMES = ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"]


def single(numbers, positions) -> Batch:
    return Batch(np.asarray(numbers), np.asarray(positions, float), np.array([0, len(numbers)]), np.zeros(1, int))


def random_molecule(seed: int, n: int = 9) -> Batch:
    rng = np.random.default_rng(seed)
    return single(rng.choice([1, 6, 7, 8], n), rng.uniform(-2.5, 2.5, (n, 3)))


@pytest.fixture(params=NAMES)
def model(request, registry) -> AtomicModel:
    return registry.load(request.param)


def test_it_is_an_atomic_model(model):
    assert isinstance(model, AtomicModel)
    assert model.n_members == 2
    assert model.outputs(random_molecule(0)).outputs.shape == (2, 9)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_rotation_translation_and_permutation_change_nothing(registry, seed):
    batch, rng = random_molecule(seed), np.random.default_rng(seed)
    turn = Rotation.random(random_state=rng).as_matrix()
    order = rng.permutation(len(batch.numbers))
    moved = single(batch.numbers[order], (batch.positions @ turn.T + rng.uniform(-9, 9, 3))[order])
    for name in NAMES:
        model = registry.load(name)
        np.testing.assert_allclose(
            model.outputs(moved).outputs, model.outputs(batch).outputs[:, order], rtol=1e-9, atol=1e-10
        )


def test_a_batch_gives_what_each_molecule_gives_alone(model):
    parts = [random_molecule(seed, n) for seed, n in enumerate((4, 1, 7))]
    whole = Batch(
        np.concatenate([p.numbers for p in parts]),
        np.concatenate([p.positions for p in parts]),
        np.array([0, 4, 5, 12]),
        np.zeros(3, int),
    )
    alone = np.concatenate([model.outputs(p).outputs for p in parts], axis=1)
    np.testing.assert_allclose(model.outputs(whole).outputs, alone, rtol=1e-10, atol=1e-12)


def test_two_far_molecules_do_not_feel_each_other(model):
    first, second = random_molecule(1), random_molecule(2)
    both = single(
        np.concatenate([first.numbers, second.numbers]),
        np.concatenate([first.positions, second.positions + 40.0]),
    )
    alone = np.concatenate([model.outputs(first).outputs, model.outputs(second).outputs], axis=1)
    np.testing.assert_allclose(model.outputs(both).outputs, alone, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", NAMES[:2])
def test_forces_are_the_negative_gradient_of_the_energy(registry, name):
    model, batch, step = registry.load(name), random_molecule(3), 1e-4
    forces = model.forces(batch)
    for atom, axis in ((0, 0), (4, 2), (8, 1)):
        energies = []
        for sign in (1, -1):
            moved = batch.positions.copy()
            moved[atom, axis] += sign * step
            energies.append(model.outputs(single(batch.numbers, moved)).outputs.mean(0).sum())
        numeric = -(energies[0] - energies[1]) / (2 * step)
        assert forces[atom, axis] == pytest.approx(numeric, rel=1e-5, abs=1e-6)


def test_the_energy_of_a_pair_is_smooth_at_the_cutoff(model):
    outputs = [
        model.outputs(single([6, 8], [[0, 0, 0], [0, 0, model.cutoff + shift]])).outputs for shift in (-1e-4, 1e-4)
    ]
    np.testing.assert_allclose(*outputs, atol=1e-5)


def test_a_far_probe_is_the_probe_at_infinity(model):
    probe = model.probe(random_molecule(4), np.array([[60.0, 0, 0]]), [1, 8], "float64")
    np.testing.assert_allclose(probe.values[:, 0], probe.at_infinity, rtol=1e-12)


def test_a_probe_in_single_precision_is_that_in_double(model):
    points = np.random.default_rng(0).uniform(-4, 4, (300, 3))
    batch = random_molecule(5)
    single_, double = (model.probe(batch, points, [1, 6, 8], p).values for p in ("float32", "float64"))
    span = double.max() - double.min()
    assert single_.dtype == np.float32
    assert np.abs(single_ - double).max() < 1e-4 * span


def test_a_probe_is_that_of_plain_double_precision(model):
    points = np.random.default_rng(1).uniform(-4, 4, (40, 3))
    batch, weights = random_molecule(5), model.ensemble.weights
    plain = sum(
        weight * plain_probe(member.double, batch, points, [0, 1, 3])
        for weight, member in zip(weights, model._members, strict=True)
    )
    found = model.probe(batch, points, [1, 6, 8], "float64").values
    # filters are tabulated: the table errs, the sums do not
    assert np.abs(found - plain).max() < 1e-5 * np.ptp(plain)


def test_an_unknown_element_is_an_error_that_names_those_it_knows(model):
    with pytest.raises(UnknownElement) as caught:
        model.outputs(single([6, 17], [[0, 0, 0], [0, 0, 1.7]]))
    assert "Cl" in caught.value.message
    assert "H, C, N, O" in caught.value.hint


def test_a_dipole_model_has_no_forces(registry):
    with pytest.raises(InputError):
        registry.load("qm9-schnet-dipole").forces(random_molecule(0))


def test_an_unknown_model_names_those_there_are(registry):
    with pytest.raises(NotFound) as caught:
        registry.load("nonsense")
    assert "qm9-bp-energy" in caught.value.hint


def test_loading_refuses_weights_that_the_card_does_not_name(registry, tmp_path):
    source = registry.folder / "qm9-schnet-energy"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = bytearray((tmp_path / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(bytes(weights))
    with pytest.raises(CheckpointError, match="sha256"):
        load(tmp_path)


def test_loading_refuses_a_card_of_another_architecture(registry, tmp_path):
    source = registry.folder / "qm9-schnet-energy"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    card = json.loads((tmp_path / "card.json").read_text())
    card["members"][0]["network"]["features"] = 24
    (tmp_path / "card.json").write_text(json.dumps(card))
    with pytest.raises(CheckpointError, match="do not fit"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("unit", "kcal", "units of energy are eV"),
        ("family", "gnn", "family is 'gnn'"),
        ("property", "charge", "property is 'charge'"),
        ("elements", ["H", "Xx"], "Xx"),
    ],
)
def test_a_card_that_cannot_be_true_says_why(registry, tmp_path, key, value, message):
    card = json.loads((registry.folder / "qm9-bp-energy" / "card.json").read_text())
    (tmp_path / "card.json").write_text(json.dumps(card | {key: value}))
    with pytest.raises(CheckpointError, match=message):
        Card.read(tmp_path)


def test_a_model_in_a_folder_of_another_name_is_refused(registry, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "card.json").write_bytes((registry.folder / "qm9-bp-energy" / "card.json").read_bytes())
    with pytest.raises(CheckpointError, match="folder and name must agree"):
        ModelRegistry(tmp_path)


def test_an_incomplete_card_says_what_it_lacks(registry, tmp_path):
    card = json.loads((registry.folder / "qm9-bp-energy" / "card.json").read_text())
    del card["cutoff"]
    (tmp_path / "card.json").write_text(json.dumps(card))
    with pytest.raises(CheckpointError, match="cutoff"):
        Card.read(tmp_path)
