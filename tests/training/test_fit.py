"""A fit lowers the error, can be broken off and resumed without a trace, and ends in a checkpoint."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from atomlens.errors import CheckpointError
from atomlens.networks import environments
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load, read_networks
from atomlens.networks.protocol import Batch
from atomlens.training.fit import Trainer
from atomlens.training.inputs import prepare
from atomlens.training.problem import errors_of, read_problem
from atomlens.training.recipe import read_recipe
from atomlens.training.release import _card
from atomlens.training.train import train


def trainer_of(path, folder) -> Trainer:
    recipe = read_recipe(path)
    return Trainer(recipe, read_problem(recipe), folder)


def representation_of(model, batch):
    return batch.numbers, model.outputs(batch).representation


@pytest.mark.parametrize("family", ["schnet", "bp"])
@pytest.mark.parametrize("quantity", ["energy", "dipole"])
def test_training_lowers_the_error_and_releases_a_model_that_reproduces_it(
    family, quantity, write_recipe, tmp_path, toy_data
):
    path = write_recipe(family, quantity)
    before = trainer_of(path, tmp_path)
    test = before.problem.splits.test
    train(path, resume=False, runs=tmp_path)
    curve = (tmp_path / f"toy-{family}-{quantity}" / "curve.csv").read_text().splitlines()
    assert len(curve) == 41
    losses = [float(line.split(",")[4]) for line in curve[1:]]
    assert losses[-1] < 0.6 * losses[0]
    model = load(toy_data.parent / "models" / f"toy-{family}-{quantity}")
    assert environments.elements(model.environments) == {1, 6, 8}
    assert 0.0 <= environments.percentiles(model.environments, *representation_of(model, test.batch)).max() <= 100.0
    outputs = model.outputs(test.batch).outputs[0]
    if quantity == "energy":
        whole = outputs + model.reference_energies[test.batch.numbers]
        errors = (np.add.reduceat(whole, test.batch.offsets[:-1]) - test.targets) * 23.0605
        assert model.card.test["mae"] == pytest.approx(np.abs(errors).mean(), rel=1e-3)
    else:
        # charges that make the right moments have the sign of those that made the data: hydrogen positive
        assert outputs[test.batch.numbers == 1].mean() > outputs[test.batch.numbers == 8].mean()


def test_a_released_network_is_trained_on_and_its_card_keeps_both_fits(write_recipe, tmp_path, toy_data):
    path = write_recipe("schnet", "energy")
    with pytest.raises(CheckpointError, match="does not say"):
        train(path, resume=False, runs=tmp_path, tune=True)
    path.write_text(path.read_text() + "\n[tune]\nsteps = 30\nlearning_rate = 1e-4\nwarmup = 0\nseed = 3\n")
    folder = toy_data.parent / "models" / "toy-schnet-energy"
    shutil.rmtree(folder, ignore_errors=True)  # of another test
    with pytest.raises(CheckpointError):
        train(path, resume=False, runs=tmp_path, tune=True)
    with pytest.raises(CheckpointError, match="processor alone"):
        train(path, resume=False, runs=tmp_path, tune=True, device="cpu")
    train(path, resume=False, runs=tmp_path)
    first, own = Card.read(folder).raw["members"][0], read_networks(folder)[0].state_dict()
    train(path, resume=False, runs=tmp_path, tune=True)
    entry, tuned = Card.read(folder).raw["members"][0], read_networks(folder)[0].state_dict()
    assert {key: entry[key] for key in ("fit", "seed", "steps")} == {
        key: first[key] for key in ("fit", "seed", "steps")
    }
    assert (entry["tune"]["steps"], entry["tune"]["seed"], entry["tune"]["fit"]["learning_rate"]) == (30, 3, 1e-4)
    distance = max(float((tuned[key] - own[key]).abs().max()) for key in own)
    assert 0.0 < distance < 30 * 1e-4 + 1e-6  # as far as so many steps of Adam lead, from where it was
    assert entry["validation"]["mae"] < 1.2 * first["validation"]["mae"]


def test_a_resumed_fit_equals_an_unbroken_one(write_recipe, tmp_path):
    path = write_recipe("schnet", "energy")
    unbroken = trainer_of(path, tmp_path / "a")
    unbroken.run(until=23, quiet=True)
    broken = trainer_of(path, tmp_path / "b")
    broken.run(until=7, quiet=True)
    resumed = trainer_of(path, tmp_path / "b")
    resumed.resume(tmp_path / "b" / "snapshot.safetensors")
    assert resumed.progress.step == 7
    resumed.run(until=23, quiet=True)
    for key, value in unbroken.trained.state_dict().items():
        torch.testing.assert_close(resumed.trained.state_dict()[key], value, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(resumed.weights.average, unbroken.weights.average, rtol=1e-5, atol=1e-6)


def test_molecules_with_only_the_auxiliary_energy_train_too_and_teach_the_network(write_recipe, tmp_path, toy_data):
    path = tmp_path / "recipe.toml"
    text = write_recipe("schnet", "energy").read_text().replace("[fit]", "[fit]\nauxiliary = 0.5")
    data = dict(np.load(toy_data / "data" / "qm9.npz"))
    data["energy_b3lyp"][:30] = np.nan
    (tmp_path / "data").mkdir()
    np.savez(tmp_path / "data" / "qm9.npz", **data)
    (tmp_path / "data" / "qm9_split.npz").write_bytes((toy_data / "data" / "qm9_split.npz").read_bytes())
    path.write_text(text)
    trainer = trainer_of(path, tmp_path / "with")
    assert len(trainer.targets) == 40
    assert int(trainer.targets.isnan().sum()) == 30
    data_on_card = _card(trainer)["data"]
    assert data_on_card["train"] == 10
    assert data_on_card["auxiliary"]["train"] == 40
    trainer.run(until=200, quiet=True)
    path.write_text(text.replace("auxiliary = 0.5", ""))
    alone = trainer_of(path, tmp_path / "without")
    assert len(alone.targets) == 10
    alone.run(until=200, quiet=True)
    errors = [np.abs(t.errors(t.validation, t.problem.splits.validation)).mean() for t in (trainer, alone)]
    assert errors[0] < 0.8 * errors[1]


def test_only_energies_have_an_auxiliary_target(write_recipe, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(write_recipe("bp", "dipole").read_text().replace("[fit]", "[fit]\nauxiliary = 0.5"))
    with pytest.raises(CheckpointError, match="auxiliary"):
        read_recipe(path)


def test_a_snapshot_of_another_network_is_refused(write_recipe, tmp_path):
    other = trainer_of(write_recipe("bp", "energy"), tmp_path)
    other.save()
    with pytest.raises(CheckpointError, match="does not fit"):
        trainer_of(write_recipe("schnet", "energy"), tmp_path).resume(tmp_path / "snapshot.safetensors")


def test_a_plateau_schedule_halves_the_rate_when_nothing_improves(write_recipe, tmp_path):
    trainer = trainer_of(write_recipe("bp", "energy", "plateau"), tmp_path)
    trainer.progress.step, trainer.progress.best = 200, -1.0
    rate = trainer.learning_rate()
    for _ in range(6):
        trainer._end_of_epoch(1.0)
    assert trainer.learning_rate() == pytest.approx(rate / 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("quantity =", "quality ="), "quantity"),
        (('family = "bp"', 'family = "gnn"'), "family"),
        (("batch = 8", "bach = 8"), "bach"),
        (('schedule = "cosine"', 'schedule = "step"'), "schedule"),
        (("[data]", "[data"), "cannot be read"),
    ],
)
def test_a_recipe_that_cannot_be_followed_says_why(write_recipe, tmp_path, change, message):
    path = tmp_path / "recipe.toml"
    path.write_text(write_recipe("bp", "energy").read_text().replace(*change))
    with pytest.raises(CheckpointError, match=message):
        read_recipe(path)


def test_missing_data_are_named(write_recipe, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(write_recipe("bp", "energy").read_text())
    with pytest.raises(CheckpointError, match=r"qm9\.npz"):
        read_problem(read_recipe(path))


def test_a_free_atom_is_trained_to_its_own_energy(write_recipe, tmp_path, toy_data):
    path = tmp_path / "recipe.toml"
    text = write_recipe("schnet", "energy").read_text().replace("free_atoms = 1e-4", "free_atoms = 1.0")
    path.write_text(text.replace('"data"', f'"{toy_data / "data"}"'))
    trainer = trainer_of(path, tmp_path)
    batch, targets = trainer.free_atoms
    assert isinstance(batch, Batch)
    assert targets.shape == (3,)
    # the toy energies are not those of real atoms: near ones can be reached in few steps
    targets = torch.tensor([0.3, -0.2, 0.5])
    trainer.free_atoms = batch, targets
    assert (np.diff(batch.offsets) == 1).all()
    alone = len(trainer.targets) + np.arange(3)

    def error() -> float:
        raw, atoms = trainer.inputs.raw(alone)
        assert atoms.numbers.tolist() == batch.numbers.tolist()
        return float((raw.detach() - targets).abs().mean())

    before = error()
    trainer.run(until=150, quiet=True)
    assert error() < 0.5 * before


@pytest.mark.parametrize("family", ["schnet", "bp"])
def test_a_scaled_output_is_folded_into_the_released_network(family, write_recipe, tmp_path, toy_data):
    path = tmp_path / "recipe.toml"
    text = write_recipe(family, "dipole").read_text().replace('"data"', f'"{toy_data / "data"}"')
    path.write_text(text.replace("[fit]", "[fit]\nscale = 0.1"))
    trainer = trainer_of(path, tmp_path)
    trainer.run(until=20, quiet=True)
    test = trainer.problem.splits.test
    released = errors_of(prepare(trainer.finished(), test.batch), test, trainer.problem)
    np.testing.assert_allclose(released, trainer.errors(trainer.prepare(test.batch), test), rtol=1e-4, atol=1e-5)
    unscaled = errors_of(prepare(trainer.network, test.batch), test, trainer.problem)
    assert np.abs(unscaled - released).max() > 0.1


@pytest.mark.parametrize("family", ["schnet", "bp"])
def test_a_fit_that_goes_on_from_a_network_begins_as_that_network(family, write_recipe, tmp_path, toy_data):
    path = tmp_path / "recipe.toml"
    text = write_recipe(family, "dipole").read_text().replace('"data"', f'"{toy_data / "data"}"')
    path.write_text(text.replace("[fit]", "[fit]\nscale = 0.1" + ("\nwhitening = 1e-2" if family == "bp" else "")))
    first = trainer_of(path, tmp_path)
    first.run(until=20, quiet=True)
    released = first.finished()
    # on other molecules, whose functions have other means, units and covariances
    recipe, problem = read_recipe(path), read_problem(read_recipe(path))
    train, test = problem.splits.train, problem.splits.test
    some = train.select(np.arange(len(train) // 3))
    second = Trainer(recipe, replace(problem, splits=replace(problem.splits, train=some)), tmp_path)
    second.start_from(released)
    if family == "bp":
        assert not torch.allclose(second.network.mean, released.mean)
        assert not torch.allclose(second.whitening.matrices, first.whitening.matrices)
    begun = errors_of(prepare(second.finished(), test.batch), test, problem)
    np.testing.assert_allclose(begun, errors_of(prepare(released, test.batch), test, problem), rtol=1e-3, atol=1e-4)
    # a share of the network that it began with stays in what it ends as
    second.recipe = replace(recipe, fit=replace(recipe.fit, keep=0.75))
    second.weights.average.mul_(1.2)
    name = "networks.0.second.weight" if family == "bp" else "embedding"
    parts = [network.state_dict()[name] for network in (second.finished(), released)]
    torch.testing.assert_close(parts[0], 1.05 * parts[1], rtol=1e-4, atol=1e-6)
    second.weights.average.div_(1.2)
    second.recipe = recipe
    np.testing.assert_allclose(second.errors(second.prepare(test.batch), test), begun, rtol=1e-3, atol=1e-4)
