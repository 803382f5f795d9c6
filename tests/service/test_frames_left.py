"""Geometries that atoms were moved to are no minima, wherever the molecule came from."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from atomlens.chem.many import read_frames
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


def test_frames_of_a_file_are_minima_by_chance_alone(context):
    start = read_molecule("benzene", "example")
    lines = [f"{s} {x} {y} {z}" for s, (x, y, z) in zip(start.symbols, start.positions, strict=True)]
    frame = "\n".join([str(len(start)), "", *lines, ""])
    read = read_frames(frame + frame.replace(lines[0], lines[0] + "1"), "xyz", 100)
    assert (read.molecule.geometry.source, read.molecule.geometry.at_rest) == ("frame of a file", False)
    found = predict_frames(
        context, None, molecule=read.molecule.to_dict(), positions=read.positions.tolist(), source=None, model=MODEL,
        checkpoint=context.registry.card(MODEL).checkpoint_hash,
    )  # fmt: skip
    assert [one["molecule_trust"]["reason"] for one in found] == ["geometry"] * 2
