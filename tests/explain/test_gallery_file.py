"""The gallery's file is of the released models: `python frontend/gallery.py` makes it anew."""

import base64
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.read import read_molecule
from atomlens.networks.registry import ModelRegistry

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("gallery_script", ROOT / "frontend" / "gallery.py")
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)


@pytest.fixture(scope="module")
def file() -> dict:
    return json.loads(script.TARGET.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def released() -> ModelRegistry:
    return ModelRegistry(ROOT / "models")


def whole(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<u2").astype(float)


def test_it_is_of_the_checkpoints_of_today_and_small(file, released):
    energies = {card.name: card.checkpoint_hash for card in script.pictured(released.cards.values())}
    assert set(energies) == {"qm9-bp-energy", "qm9-schnet-energy"}
    assert {model["name"]: model["checkpoint"] for model in file["models"]} == energies, (
        "the gallery is older than its models: python frontend/gallery.py"
    )
    assert [molecule["name"] for molecule in file["molecules"]] == list(script.MOLECULES)
    assert file["elements"] == ["H", "C", "N", "O"]
    assert script.TARGET.stat().st_size < 1_500_000


def test_every_vertex_lies_on_the_level(file):
    for molecule in file["molecules"]:
        steps = whole(molecule["vertices"]["steps"]).reshape(-1, 3) / script.STEPS
        low, high = (np.array(molecule["vertices"][key]) for key in ("minimum", "maximum"))
        away = (low + steps * (high - low))[:, None] - np.array(molecule["positions"])
        np.testing.assert_allclose((1.0 / (away**2).sum(-1)).sum(1), 3.8, atol=0.005)
        assert whole(molecule["triangles"]).max() == len(steps) - 1


def test_methane_made_anew_is_what_the_file_holds(file, released):
    stored = next(molecule for molecule in file["molecules"] if molecule["name"] == "methane")
    models = [released.load(model["name"]) for model in file["models"]]
    made = script.picture(read_molecule("methane", "example"), models, [1, 6, 7, 8])
    assert made["bonds"] == stored["bonds"]
    np.testing.assert_allclose(made["positions"], stored["positions"], atol=1e-4)
    for name, probes in stored["values"].items():
        for element, values in probes.items():
            again = made["values"][name][element]
            for key in ("minimum", "median", "maximum"):
                assert again[key] == pytest.approx(values[key], abs=0.01), (name, element, key)
