"""Every released model is of a data set here, and its card says what the data set says of itself."""

from pathlib import Path

import pytest

from atomlens.errors import CheckpointError
from atomlens.networks.registry import ModelRegistry
from atomlens.training.catalogue import DATA_SETS, data_set, data_set_of
from atomlens.training.problem import read_problem
from atomlens.training.recipe import read_recipe

ROOT = Path(__file__).resolve().parents[2]
CARDS = ModelRegistry(ROOT / "models").cards


@pytest.mark.parametrize("name", CARDS)
def test_a_released_card_says_what_its_data_set_says(name):
    card = CARDS[name]
    described = data_set_of(card)
    target = described.target(card.quantity)
    data = card.raw["data"]
    assert data["target"] == target.target
    for key in ("level", "licence", "source", "split"):
        assert data[key] == getattr(described, key)
    assert card.limits[: len(target.limits)] == target.limits
    assert card.raw["published"] == target.published.get(card.family)
    assert card.test["unit"] == target.figure.unit
    assert (card.free_atom_energies is None) == (card.quantity != "energy" or not described.free_atom_energies)


@pytest.mark.parametrize("path", sorted((ROOT / "recipes").glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_names_its_data_set(path):
    recipe = read_recipe(path)
    data_set(recipe.data).target(recipe.quantity)
    assert f'set = "{recipe.data}"' in path.read_text(encoding="utf-8")


def test_an_unknown_data_set_names_those_there_are(write_recipe, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(write_recipe("schnet", "energy").read_text().replace("[data]", '[data]\nset = "qm10"'))
    with pytest.raises(CheckpointError, match="qm10") as caught:
        read_problem(read_recipe(path))
    assert all(key in caught.value.message for key in DATA_SETS)
