"""Whitened functions are decorrelated, and folding the factor into the weights changes no answer."""

import numpy as np
import pytest
import torch

from atomlens.networks.behler_parrinello import BehlerParrinello, BehlerParrinelloSettings
from atomlens.networks.checkpoint import load
from atomlens.networks.wacsf import SymmetryFunctions
from atomlens.training.fit import Trainer
from atomlens.training.problem import read_problem
from atomlens.training.recipe import read_recipe
from atomlens.training.train import train
from atomlens.training.whitening import Whitening


def correlated(n: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(n, n, generator=generator)
    return torch.randn(4000, n, generator=generator) @ mixing


def test_directions_of_large_variance_get_variance_one_and_no_correlation():
    species = torch.arange(4000) % 2
    x = correlated(6, 0)
    white = Whitening.of(species, x, 2, 1e-6).apply(species, x)
    for element in range(2):
        mine = white[species == element].double()
        torch.testing.assert_close(mine.T @ mine / len(mine), torch.eye(6, dtype=torch.float64), rtol=0, atol=2e-3)


def test_directions_below_the_floor_are_not_blown_up():
    species = torch.zeros(4000, dtype=torch.long)
    x = correlated(2, 1) * torch.tensor([1.0, 1e-9])
    white = Whitening.of(species, x, 1, 1e-4).apply(species, x)
    assert white[:, 1].abs().max() < 1e-6


def test_a_folded_network_answers_for_standardized_functions_what_it_did_for_whitened_ones():
    functions = SymmetryFunctions.spaced(cutoff=5.0, radial=6, shells=2)
    network = BehlerParrinello(BehlerParrinelloSettings(functions, 16), (1, 6))
    species = torch.arange(4000) % 2
    x = correlated(len(functions), 2)
    whitening = Whitening.of(species, x, 2, 1e-3)
    before = network(species, whitening.apply(species, x))
    whitening.fold(network)
    torch.testing.assert_close(network(species, x), before, rtol=1e-4, atol=1e-4)


def test_a_whitened_fit_learns_faster_and_its_released_model_has_the_same_error(write_recipe, tmp_path, toy_data):
    text = write_recipe("bp", "energy").read_text().replace("learning_rate = 1e-2", "learning_rate = 2e-3")
    losses = {}
    for floor in (0.0, 1e-4):
        path = toy_data / f"whitening-{floor}.toml"
        named = text.replace("toy-bp-energy", f"white-{floor > 0}")
        path.write_text(named.replace("[fit]", f"[fit]\nwhitening = {floor}"))
        recipe = read_recipe(path)
        trainer = Trainer(recipe, read_problem(recipe), tmp_path / str(floor))
        losses[floor] = np.mean([trainer.step() for _ in range(200)][-50:])
    assert losses[1e-4] < 0.9 * losses[0.0]
    train(path, resume=False, runs=tmp_path / "runs")
    model = load(toy_data.parent / "models" / "white-True")
    recipe = read_recipe(path)
    problem = read_problem(recipe)
    trainer = Trainer(recipe, problem, tmp_path / "again")
    trainer.resume(tmp_path / "runs" / "white-True" / "snapshot.safetensors")
    test = problem.splits.test
    ours = trainer.errors(trainer.prepare(test.batch), test)
    assert model.card.test["mae"] == pytest.approx(np.abs(ours).mean(), rel=1e-3)
