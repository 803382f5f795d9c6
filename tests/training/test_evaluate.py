"""Evaluation measures what the card says, and writes it there."""

import json

import pytest

from atomlens.training.evaluate import evaluate
from atomlens.training.train import train


@pytest.mark.parametrize("quantity", ["energy", "dipole"])
def test_evaluation_reproduces_the_figures_of_the_release(quantity, write_recipe, tmp_path, toy_data):
    train(write_recipe("bp", quantity), resume=False, runs=tmp_path)
    folder = toy_data.parent / "models" / f"toy-bp-{quantity}"
    released = json.loads((folder / "card.json").read_text())["members"][0]["test"]
    figures = evaluate(folder, toy_data / "data")
    assert figures["mae"] == pytest.approx(released["mae"], rel=1e-2)
    assert figures["n"] == released["n"] == 10
    assert json.loads((folder / "card.json").read_text())["test"] == figures
    if quantity == "dipole":
        assert figures["median_cosine_with_mp2_dipole"] > 0.5
        assert set(figures["correlation_with_mp2_mulliken_charges"]) == {"H", "C", "O"}
