"""Statistics of how pairs fall with distance: against every pair one by one, and those that are released."""

import json
from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.read import read_smiles
from atomlens.errors import CheckpointError, InputError, NotFound
from atomlens.explain.pairs import sensitivities
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import load
from atomlens.networks.decay import DECAY, read_decay
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry
from atomlens.training.pair_decay import FEWEST, WIDTH, decay, take_decay
from atomlens.training.qm9 import read_qm9
from tiny import tiny_models_dir

RELEASED = ModelRegistry(Path(__file__).resolve().parents[2] / "models")
ENERGIES = [card.name for card in RELEASED.cards.values() if card.quantity == "energy" and not card.periodic]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    return tiny_models_dir(tmp_path_factory.mktemp("models"))


def test_each_step_holds_exactly_its_pairs(tiny):
    model = load(tiny / "qm9-bp-energy")
    molecules = [read_smiles(smiles, 100) for smiles in ("CCCCCC", "CCO", "c1ccccc1C")]
    found = decay(model, Batch.of(molecules))
    steps: dict[tuple, list[float]] = {}
    for molecule in molecules:
        pairs = sensitivities(model, molecule)
        for (i, j), d, value in zip(pairs.atoms, pairs.distances, pairs.values, strict=True):
            first, second = sorted((molecule.numbers[i], molecule.numbers[j]))
            steps.setdefault((SYMBOLS[first], SYMBOLS[second], int(d // WIDTH)), []).append(value)
    expected = {key: values for key, values in steps.items() if len(values) >= FEWEST}
    listed = {}
    for table in found["pairs"]:
        for place, d in enumerate(table["distances"]):
            listed[*table["elements"], round(d / WIDTH - 0.5)] = {
                key: table[key][place] for key in table if key != "elements"
            }
    assert listed.keys() == expected.keys()
    assert len(expected) > 5
    for key, values in expected.items():
        magnitudes = np.abs(values)
        assert listed[key]["n"] == len(values)
        assert listed[key]["mean"] == pytest.approx(np.mean(values), rel=1e-3)
        for name, part in (("low", 10), ("median", 50), ("high", 90)):
            assert listed[key][name] == pytest.approx(np.percentile(magnitudes, part), rel=1e-3)


def test_a_dipole_model_has_no_statistics(tiny, tmp_path):
    with pytest.raises(InputError, match="pairs are of energies"):
        take_decay(tiny / "qm9-bp-dipole", tmp_path)


def test_statistics_of_another_checkpoint_are_none(tiny):
    folder = tiny / "qm9-schnet-energy"
    card = Card.read(folder)
    with pytest.raises(NotFound, match="no statistics") as missing:
        read_decay(folder, card)
    assert missing.value.hint == "atomlens decay qm9-schnet-energy takes them."
    (folder / DECAY).write_text(json.dumps({"checkpoint": "0" * 64, "pairs": []}))
    with pytest.raises(NotFound, match="earlier checkpoint"):
        read_decay(folder, card)
    (folder / DECAY).write_text("{")
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_decay(folder, card)


@pytest.mark.parametrize(
    "name", [card.name for card in RELEASED.cards.values() if card.quantity == "energy" and not card.periodic]
)
def test_every_energy_model_has_the_statistics_of_its_checkpoint(name):
    folder = RELEASED.folder / name
    found = read_decay(folder, RELEASED.card(name))
    assert (folder / DECAY).stat().st_size < 200_000
    pairs = {"–".join(table["elements"]): table for table in found["pairs"]}
    symbols = [SYMBOLS[z] for z in RELEASED.card(name).elements]
    assert list(pairs) == [f"{a}–{b}" for i, a in enumerate(symbols) for b in symbols[i:] if f"{a}–{b}" in pairs]
    assert len(pairs) >= 10
    for table in pairs.values():
        assert all(
            low <= middle <= high
            for low, middle, high in zip(table["low"], table["median"], table["high"], strict=True)
        )
        assert table["distances"][-1] < found["cutoff"]
        # of rare pairs of elements hardly any are as far apart as the cutoff
        if table["distances"][-1] > found["cutoff"] - 0.3 and len(table["distances"]) > 10:
            assert table["median"][-1] < 0.02 * max(table["median"]), "what a cutoff ends has come near nothing"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["qm9-bp-energy", "qm9-schnet-energy"])
def test_the_released_statistics_are_those_of_the_test_molecules(name, shared_data):
    """A few hundred molecules give each common step's median within what so few can tell."""
    released = read_decay(RELEASED.folder / name, RELEASED.card(name))
    test = read_qm9(shared_data, "energy").test.batch
    assert released["molecules"] == len(test)
    some = decay(RELEASED.load(name), test.select(np.arange(0, len(test), 25)))
    whole = {tuple(table["elements"]): table for table in released["pairs"]}
    compared = 0
    for table in some["pairs"]:
        full = whole[tuple(table["elements"])]
        medians = dict(zip(full["distances"], zip(full["low"], full["high"], strict=True), strict=True))
        for d, n, median in zip(table["distances"], table["n"], table["median"], strict=True):
            if n >= 100:
                low, high = medians[d]
                assert low < median < high, (table["elements"], d)
                compared += 1
    assert compared > 50
