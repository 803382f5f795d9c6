"""Errors by size, by functional group and by predicted spread are those of the right molecules."""

import numpy as np
import pytest

from atomlens.networks.protocol import Batch
from atomlens.training.breakdown import BINS, by_group, by_size, reliability


def chains(heavy: list[int]) -> Batch:
    """So many carbons and one hydrogen each."""
    numbers = np.concatenate([[6] * n + [1] for n in heavy])
    offsets = np.cumsum([0, *(n + 1 for n in heavy)])
    return Batch(numbers, np.zeros((len(numbers), 3)), offsets, np.zeros(len(heavy), dtype=np.int64))


def test_small_sizes_are_put_together_until_they_are_twenty():
    heavy = [1] * 6 + [2] * 16 + [3] * 24
    errors = np.array([-1.0] * 22 + [2.0, -4.0] * 12)
    assert by_size(errors, chains(heavy)) == [
        {"name": "at most 2", "mae": 1.0, "n": 22},
        {"name": "3", "mae": 3.0, "n": 24},
    ]


def test_a_molecule_counts_for_every_group_that_it_has_and_rare_groups_are_left_out():
    smiles = ["OCC=C"] * 12 + ["CC#N"] * 11 + ["C1CO1"] * 3 + [""]
    errors = np.array([1.0] * 12 + [-2.0] * 11 + [50.0] * 3 + [70.0])
    rows = {row["name"]: (row["mae"], row["n"]) for row in by_group(errors, smiles)}
    assert rows == {"alkene": (1.0, 12), "alcohol": (1.0, 12), "nitrile": (2.0, 11)}


def test_a_true_prediction_lies_on_the_diagonal_and_correlates():
    rng = np.random.default_rng(0)
    predicted = rng.uniform(0.1, 2.0, 20_000)
    found = reliability(rng.normal(size=20_000) * predicted, predicted)
    assert len(found["bins"]) == BINS
    for part in found["bins"]:
        assert part["rmse"] == pytest.approx(part["predicted"], rel=0.06)
    assert found["spearman"] > 0.4


def test_a_prediction_that_knows_nothing_does_not_correlate():
    rng = np.random.default_rng(0)
    found = reliability(rng.normal(size=20_000), rng.uniform(0.1, 2.0, 20_000))
    assert abs(found["spearman"]) < 0.05
    assert abs(found["pearson"]) < 0.05
