"""The expected error of a model: fitted scales, the area under the curve, and what the cards say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.molecule import Geometry
from atomlens.chem.smiles import read_smiles
from atomlens.errors import CheckpointError, InputError
from atomlens.explain.prediction import explain
from atomlens.networks.card import Card
from atomlens.networks.registry import ModelRegistry
from atomlens.training.conformer_pairs import HIGHEST, read_openff
from atomlens.training.roc import auc
from atomlens.training.scales import best_scales
from atomlens.training.trust import fit_trust
from atomlens.units import EV_KCAL_PER_MOL
from tiny import tiny_models_dir

RELEASED = ModelRegistry(Path(__file__).resolve().parents[2] / "models")
ENERGIES = [card.name for card in RELEASED.cards.values() if card.quantity == "energy" and not card.periodic]


def test_scales_that_made_the_errors_are_found():
    rng = np.random.default_rng(0)
    features = rng.exponential(size=(50_000, 2)) * [1.0, 100.0]
    sigma = np.sqrt(features @ [0.5, 0.02])
    scales = best_scales(features, rng.laplace(scale=sigma / np.sqrt(2.0)))
    assert scales == pytest.approx([0.5, 0.02], rel=0.1)


def test_a_single_member_has_no_spread_to_scale():
    rng = np.random.default_rng(0)
    features = np.stack([np.zeros(20_000), rng.exponential(size=20_000)], axis=1)
    scales = best_scales(features, rng.laplace(scale=np.sqrt(features[:, 1] / 2.0)))
    assert scales[0] == 0.0
    assert scales[1] == pytest.approx(1.0, rel=0.05)


def test_the_area_under_the_curve_counts_pairs_in_the_right_order():
    large = np.array([False, False, True, True])
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), large) == 1.0
    assert auc(np.array([1.0, 3.0, 2.0, 4.0]), large) == 0.75
    assert auc(np.array([1.0, 1.0, 1.0, 1.0]), large) == 0.5
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), ~np.zeros(4, bool)) is None


def test_a_dipole_model_is_judged_by_distances_and_its_spread(tmp_path):
    folder = tiny_models_dir(tmp_path)
    with pytest.raises(InputError, match="graded by distances and its spread"):
        fit_trust(folder / "qm9-bp-dipole", tmp_path)


def test_a_model_of_unknown_data_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(InputError, match="no reader") as refused:
        fit_trust(tiny_models_dir(tmp_path) / "qm9-bp-energy", tmp_path)
    assert "QM9" in refused.value.hint


def test_scales_of_an_earlier_checkpoint_are_none(tmp_path):
    card = Card.read(tiny_models_dir(tmp_path) / "qm9-bp-energy")
    assert card.error_scales is None
    card.raw["trust"] = {"checkpoint": card.checkpoint_hash, "spread": 0.1, "distance": EV_KCAL_PER_MOL**2, "atoms": 18}
    assert card.error_scales.distance == pytest.approx(1.0)
    card.raw["trust"]["checkpoint"] = "0" * 64
    assert card.error_scales is None


def test_missing_conformers_are_named(tmp_path):
    with pytest.raises(CheckpointError, match="openff"):
        read_openff(tmp_path, np.array([1, 6]))


def test_conformers_come_in_pairs_of_one_molecule(shared_data):
    found = read_openff(shared_data, np.array([1, 6, 7, 8]))
    assert set(np.unique(found.batch.numbers)) == {1, 6, 7, 8}
    low, high = found.energies[::2], found.energies[1::2]
    assert ((low <= high) & (high - low < HIGHEST / EV_KCAL_PER_MOL)).all()
    sizes = np.diff(found.batch.offsets)
    assert (sizes[::2] == sizes[1::2]).all()
    assert len(low) > 3_000


@pytest.mark.parametrize("name", ENERGIES)
def test_every_energy_model_says_how_well_it_flags_large_errors(name):
    card = RELEASED.card(name)
    assert card.error_scales is not None, f"atomlens trust {name}"
    figures = card.raw["trust"]
    areas = figures["relative"]["auc"]
    qm9 = name.startswith("qm9")
    # torn and bent geometries of kinds that were trained differ less from the rest than molecules of another kind do
    assert areas["expected error"] > (0.75 if qm9 else 0.6)
    assert areas["expected error"] > areas["number of atoms alone"]
    assert figures["measured_on"] > 1_000
    shares = [row["share_beyond"] for row in figures["relative"]["by_probability"]]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    if qm9:
        assert figures["test"]["inside"] > 0.95


@pytest.mark.parametrize("name", ENERGIES)
def test_models_that_know_minima_alone_expect_a_larger_error_in_a_force_fields_geometry(name):
    model, molecule = RELEASED.load(name), read_smiles("CCCO", 100)
    assert molecule.geometry.source == "force field"
    at_rest = replace(molecule, geometry=Geometry("quantum chemistry"))
    strained, calm = (explain(model, one).trust for one in (molecule, at_rest))
    larger = strained.expected_error - calm.expected_error
    assert (larger > 0.1) == (strained.reason == "geometry") == (not model.knows_displaced)
