"""An old checkpoint never changes its answer: twenty molecules, or ten crystals, for every released model."""

import make
import numpy as np
import pytest

from atomlens.networks.registry import ModelRegistry

NAMES = sorted(card.parent.name for card in make.MODELS.glob("*/card.json"))


@pytest.fixture(scope="module")
def released() -> ModelRegistry:
    return ModelRegistry(make.MODELS)


def test_there_are_released_models_and_twenty_molecules():
    assert NAMES
    assert len(make.structures("molecules")) == 20
    assert len(make.structures("crystals")) == 10


@pytest.mark.parametrize("name", NAMES)
def test_every_released_checkpoint_has_gold_values_and_keeps_to_them(released, name):
    gold = make.kept(name)
    assert gold is not None, f"{name} has no gold values: python tests/gold/make.py"
    assert gold["checkpoint"] == released.card(name).checkpoint_hash, (
        f"the gold values are of other weights than {name} has: python tests/gold/make.py"
    )
    now = make.answers(released, name)
    assert now["unit"] == gold["unit"]
    assert max(make.differences(now, gold).values()) <= make.TOLERANCE


def test_no_gold_values_are_kept_of_models_that_are_not_released():
    assert sorted(file.stem for file in (make.HERE / "values").glob("*.json")) == NAMES


def test_a_changed_answer_is_noticed():
    gold = {"total": [1.0, None], "contributions": [0.5, 0.5, None]}
    assert make.differences(gold, gold) == {"total": 0.0, "contributions": 0.0}
    assert make.differences(gold | {"total": [1.0 + 2e-6, None]}, gold)["total"] > make.TOLERANCE
    assert make.differences(gold | {"total": [1.0, 2.0]}, gold)["total"] == np.inf
    assert make.differences(gold | {"contributions": [0.5]}, gold)["contributions"] == np.inf
