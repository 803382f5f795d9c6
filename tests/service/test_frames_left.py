"""Geometries that atoms were moved to are no minima, wherever the molecule came from."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from atomlens.chem.read import read_molecule
from atomlens.networks.registry import ModelRegistry
from atomlens.service.tasks import predict_frames

MODEL = "qm9-schnet-energy"


@pytest.fixture(scope="module")
def context():
    return SimpleNamespace(registry=ModelRegistry(Path(__file__).resolve().parents[2] / "models"))


@pytest.mark.parametrize(("source", "later"), [("partly relaxed", "outside"), (None, "inside")])
def test_a_frame_away_from_a_minimum_is_graded_as_none(context, source, later):
    start = read_molecule("benzene", "example")
    frames = [start.positions.tolist(), (start.positions + np.array([0.001, 0.0, 0.0])).tolist()]
    found = predict_frames(
        context, None, molecule=start.to_dict(), positions=frames, source=source, model=MODEL,
        checkpoint=context.registry.card(MODEL).checkpoint_hash,
    )  # fmt: skip
    assert [one["molecule_trust"]["grade"] for one in found] == ["inside", later]
