"""A learning curve trains on each size for the same number of steps and lands on the card."""

import json

import pytest

from atomlens.errors import CheckpointError
from atomlens.training.learning_curve import learning_curve, recipes_of
from atomlens.training.train import train


@pytest.fixture
def recipe(write_recipe, toy_data):
    path = toy_data / "learning.toml"
    text = write_recipe("bp", "energy").read_text().replace("toy-bp-energy", "toy-learning-energy")
    path.write_text(text + "[learning_curve]\nsizes = [8, 40]\nsteps = 120\nnetwork = { hidden = 8 }\n")
    return path


def test_sizes_differ_and_steps_do_not(recipe):
    small, large = recipes_of(recipe)
    assert (small.train_size, large.train_size) == (8, 40)
    assert small.fit == large.fit
    assert (small.fit.steps, small.network["hidden"]) == (120, 8)


def test_the_curve_falls_and_is_kept_on_the_card_when_the_model_is_trained_again(recipe, tmp_path, toy_data):
    train(recipe, resume=False, runs=tmp_path)
    curve = learning_curve(recipe, runs=tmp_path)
    small, large = curve["points"]
    assert large["mae"] < small["mae"]
    card = toy_data.parent / "models" / "toy-learning-energy" / "card.json"
    assert json.loads(card.read_text())["learning_curve"] == curve
    # broken off or not, what is done is not done again
    assert learning_curve(recipe, runs=tmp_path) == curve
    train(recipe, resume=False, runs=tmp_path)
    assert json.loads(card.read_text())["learning_curve"] == curve


def test_a_recipe_without_one_says_so(write_recipe):
    with pytest.raises(CheckpointError, match="no learning curve"):
        recipes_of(write_recipe("bp", "energy"))
