"""Members join a model one by one; their weights and the factor of their spread are fitted on validation molecules."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from atomlens.errors import CheckpointError
from atomlens.explain.prediction import predict_batch
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.training import organic_figures
from atomlens.training.datasets import TEST, VALIDATION
from atomlens.training.ensemble import best_vector_weights, best_weights, factor
from atomlens.training.evaluate import evaluate
from atomlens.training.labelled import Labelled
from atomlens.training.labels.kinds import KINDS
from atomlens.training.qm9 import read_qm9
from atomlens.training.recipe import read_recipe
from atomlens.training.train import train
from atomlens.units import EV_KCAL_PER_MOL

MEMBERS = """
[[members]]
network = { hidden = 8 }
fit = { seed = 1, epochs = 20 }

[[members]]
fit = { seed = 2 }
"""


@pytest.fixture
def recipe(write_recipe, toy_data):
    path = toy_data / "ensemble.toml"
    path.write_text(write_recipe("bp", "energy").read_text().replace("toy-bp-energy", "toy-ensemble-energy") + MEMBERS)
    return path


def test_a_member_changes_the_recipe_as_it_says(recipe):
    main, first, second = (read_recipe(recipe, k) for k in range(3))
    assert (first.network["hidden"], first.fit.epochs, first.fit.seed) == (8, 20, 1)
    assert (second.network, second.fit.epochs, second.fit.seed) == (main.network, main.fit.epochs, 2)
    assert [r.run for r in (main, first, second)] == [
        "toy-ensemble-energy",
        "toy-ensemble-energy-1",
        "toy-ensemble-energy-2",
    ]
    with pytest.raises(CheckpointError, match="no member 3"):
        read_recipe(recipe, 3)


def test_members_join_answer_together_and_say_how_sure_they_are(recipe, tmp_path, toy_data):
    folder = toy_data.parent / "models" / "toy-ensemble-energy"
    with pytest.raises(CheckpointError, match="cannot follow"):
        train(recipe, resume=False, runs=tmp_path, member=1)
    train(recipe, resume=False, runs=tmp_path)
    alone = load(folder)
    hashes = {alone.checkpoint_hash}
    for k in (1, 2):
        train(recipe, resume=False, runs=tmp_path, member=k)
        model = load(folder)
        hashes.add(model.checkpoint_hash)
        assert model.n_members == k + 1
        assert model.environments.keys() == alone.environments.keys()
    assert len(hashes) == 3
    assert [entry["network"]["hidden"] for entry in model.card.raw["members"]] == [16, 8, 16]
    weights = model.ensemble.weights
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0.0).all()

    validation = read_qm9(toy_data / "data", "energy").validation
    members = model.outputs(validation.batch)
    ours = predict_batch(model, validation.batch)
    errors = np.abs(ours.total - validation.targets)
    references = model.reference_energies[validation.batch.numbers]
    every = np.add.reduceat(members.outputs + references, validation.batch.offsets[:-1], axis=1)
    assert errors.mean() <= np.abs(every - validation.targets).mean(1).min() + 1e-9
    # a normal distribution as wide as the predicted uncertainty has the error that is found
    assert np.sqrt(2 / np.pi) * ours.uncertainty.mean() == pytest.approx(errors.mean(), rel=1e-6)

    figures = evaluate(folder, toy_data / "data")
    assert figures == model.card.raw["test"], "training had not measured the whole ensemble"
    ensemble = figures["ensemble"]
    assert len(ensemble["members_mae"]) == len(ensemble["weights"]) == 3
    assert sum(part["n"] for part in ensemble["bins"]) == 10
    assert [part["predicted"] for part in ensemble["bins"]] == sorted(part["predicted"] for part in ensemble["bins"])

    train(recipe, resume=False, runs=tmp_path / "again")
    assert load(folder).n_members == 3


def test_members_on_other_references_are_refused(recipe, tmp_path, toy_data):
    train(recipe, resume=False, runs=tmp_path)
    card = toy_data.parent / "models" / "toy-ensemble-energy" / "card.json"
    raw = json.loads(card.read_text())
    raw["reference_energies"]["C"] += 1.0
    card.write_text(json.dumps(raw))
    with pytest.raises(CheckpointError, match="other references"):
        train(recipe, resume=False, runs=tmp_path, member=1)


def test_the_best_weights_are_those_of_least_absolute_error():
    rng = np.random.default_rng(0)
    common, own = rng.normal(size=400), rng.normal(size=(3, 400))
    errors = common + own * np.array([[0.5], [0.5], [3.0]])
    weights = best_weights(errors)
    least = np.abs(weights @ errors).mean()
    for _ in range(200):
        other = rng.dirichlet(np.ones(3))
        assert least <= np.abs(other @ errors).mean() + 1e-9
    assert weights[2] < 0.1


def test_the_best_weights_of_vectors_are_those_whose_mixed_lengths_err_least():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(300, 3))
    vectors = truth + rng.normal(size=(3, 300, 3)) * np.array([0.2, 0.3, 1.5])[:, None, None]
    lengths = np.linalg.norm(truth, axis=1)

    def error(weights):
        return np.abs(np.linalg.norm(np.tensordot(weights, vectors, axes=1), axis=1) - lengths).mean()

    weights = best_vector_weights(vectors, lengths)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > weights[1] > weights[2] >= 0.0
    assert error(weights) <= min(error(other) for other in rng.dirichlet(np.ones(3), size=500)) + 1e-3
    assert error(weights) < min(error(alone) for alone in np.eye(3))


def test_members_of_a_dipole_model_join_and_are_weighed(write_recipe, tmp_path, toy_data):
    path = toy_data / "dipoles.toml"
    text = write_recipe("bp", "dipole").read_text().replace("toy-bp-dipole", "toy-ensemble-dipole")
    path.write_text(text + MEMBERS)
    folder = toy_data.parent / "models" / "toy-ensemble-dipole"
    for k in (0, 1):
        train(path, resume=False, runs=tmp_path, member=k)
    model = load(folder)
    validation = read_qm9(toy_data / "data", "dipole").validation
    ours = predict_batch(model, validation.batch)
    errors = np.abs(ours.total - validation.targets)
    assert np.sqrt(2 / np.pi) * ours.uncertainty.mean() == pytest.approx(errors.mean(), rel=1e-6)
    ensemble = model.card.raw["test"]["ensemble"]
    assert len(ensemble["members_mae"]) == len(ensemble["weights"]) == 2
    assert ensemble["weights"] == pytest.approx(model.ensemble.weights, abs=1e-4)


def springs(labelled_as: dict[str, np.ndarray]) -> Labelled:
    """Molecules of two atoms, one Å apart, pulled by 1 eV/Å."""
    count = len(labelled_as["kind"])
    batch = Batch(
        np.tile([1, 1], count),
        np.tile([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]], (count, 1)),
        np.arange(0, 2 * count + 1, 2),
        np.zeros(count, dtype=np.int64),
    )
    forces = np.tile(np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]], dtype=np.float32), (count, 1))
    nothing = np.zeros(count)
    return Labelled(
        batch,
        energy=nothing,
        absolute=nothing == 0.0,
        cost=nothing,
        ids=np.arange(count),
        dipole=np.zeros((count, 3)),
        forces=forces,
        charges=np.zeros(2 * count, dtype=np.float32),
        smiles=np.array([]),
        **labelled_as,
    )


def test_members_are_weighed_by_the_order_of_conformers_and_by_forces_too(monkeypatch):
    """One member is off by a constant for each molecule, another among its conformers, the last in its forces."""
    molecule = np.repeat([4, 9], [6, 4])
    anchor, stretch = KINDS.index("anchor"), KINDS.index("stretch")
    labelled = springs(
        {
            "molecule": molecule,
            "group": molecule,
            "kind": np.array([anchor, stretch, stretch, stretch, stretch, stretch, anchor, stretch, stretch, stretch]),
            "split": np.repeat([VALIDATION, TEST], [6, 4]),
        }
    )
    monkeypatch.setattr(organic_figures, "read_labelled", lambda folder: labelled)
    off = np.array([0.0, 0.0, 4.0 / EV_KCAL_PER_MOL])

    class Members:
        reference_energies = np.zeros(119)

        def outputs(self, batch: Batch) -> SimpleNamespace:
            """The last member misses what displacements cost by as much as it misses forces."""
            atoms = np.zeros((3, len(batch.numbers)))
            atoms[:, batch.offsets[:-1]] = labelled.energy[:6] + off[:, None] * (labelled.kind[:6] == stretch)
            return SimpleNamespace(outputs=atoms)

        def member_forces(self, batch: Batch) -> np.ndarray:
            assert len(batch) == 5  # of validation molecules alone
            return labelled.forces[: 2 * len(batch)] + off[:, None, None]

    validation = SimpleNamespace(ids=np.array([0, 1, 2, 7, 8, 9]))
    errors = np.array([[1.0, 1, 1, -1, -1, -1], [0.5, -0.5, 0, 0, 0.5, -0.5], [0, 0, 0, 0, 0, 0]])
    judged = organic_figures.by_all_figures(Path(), Members(), validation, errors)
    totals, among, costs, components = np.split(judged, [6, 12, 17], axis=1)
    assert totals == pytest.approx(errors)
    assert among == pytest.approx(organic_figures.DIFFERENCES * errors * np.array([[0], [1], [0]]))
    assert costs == pytest.approx(4.0 * organic_figures.COSTS * np.array([[0], [0], [1]]) * np.ones(5), abs=1e-6)
    expected = 4.0 * organic_figures.COMPONENTS * np.array([[0], [0], [1]])
    assert components == pytest.approx(expected * np.ones(6), abs=1e-6)
    assert best_weights(errors)[2] > 0.99
    assert best_weights(judged)[0] > 0.99


def test_the_factor_of_a_true_spread_is_one():
    rng = np.random.default_rng(0)
    spreads = rng.uniform(0.1, 1.0, 50_000)
    assert factor(rng.normal(size=50_000) * spreads, spreads) == pytest.approx(1.0, rel=0.02)
