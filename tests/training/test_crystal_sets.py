"""Crystals of many elements: read, split without leaks, trained per atom, released as a model of crystals."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from atomlens.chem.molecule import Molecule
from atomlens.errors import CheckpointError
from atomlens.explain.prediction import explain
from atomlens.networks import environments
from atomlens.networks.checkpoint import load
from atomlens.networks.spline import evaluate as spline
from atomlens.training.crystals import ELPASOLITES, MATERIALS_PROJECT, OXIDES, random_parts
from atomlens.training.fit import Trainer
from atomlens.training.prepared import prepared
from atomlens.training.problem import read_problem
from atomlens.training.recipe import read_recipe
from atomlens.training.train import train

CELL = 4.2 * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
FRACTIONS = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [0.25, 0.25, 0.25], [0.75, 0.75, 0.75]])
WORTH = {3: -1.0, 9: -2.0, 11: -0.9, 17: -1.4, 54: 0.4}
RECIPE = """
name = "toy-materials"
title = "toy"
quantity = "energy"
released = "released"
[data]
set = "elpasolites"
folder = "."
[network]
family = "{family}"
{network}
[fit]
batch = 16
epochs = 25
learning_rate = 1e-2
warmup = 5
average = 0.9
"""
SCHNET = "features = 16\ninteractions = 2\ngaussians = 16\ncutoff = 5.0\nintervals = 32"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Two hundred elpasolites of five elements; what A, B and C are worth depends on D; every tenth has a twin."""
    rng, path = np.random.default_rng(0), tmp_path_factory.mktemp("crystals")
    sites = rng.choice(list(WORTH), (200, 4))
    sites[::10, :2] = sites[1::10, 1::-1]
    sites[::10, 2:] = sites[1::10, 2:]
    positions = np.concatenate([FRACTIONS @ CELL, np.array([[2.1, 0, 0], [0, 2.1, 0], [0, 0, 2.1]]).repeat(2, 0)])
    positions[5::2] *= -1
    worth = np.vectorize(WORTH.get)(sites)
    energy = worth @ np.array([0.1, 0.1, 0.2, 0.6]) + 0.3 * worth[:, 0] * worth[:, 1] * worth[:, 3]
    np.savez(
        path / "elpasolites_faber2016.npz",
        n_atoms=np.full(200, 10),
        numbers=sites[:, [0, 1, 2, 2, 3, 3, 3, 3, 3, 3]].reshape(-1).astype(np.uint8),
        positions=np.tile(positions, (200, 1)).astype(np.float32),
        cell=np.tile(CELL, (200, 1, 1)).astype(np.float32),
        sites_ABCD=sites.astype(np.uint8),
        formation_energy_eV_per_atom=energy.astype(np.float32),
    )
    (path / "recipe.toml").write_text(RECIPE.format(family="schnet", network=SCHNET))
    return path


def test_parts_are_ten_per_cent_and_equal_rows_stay_together():
    groups = np.random.default_rng(0).integers(0, 400, 1000)
    parts = random_parts(groups)
    assert sorted(np.concatenate(parts)) == list(range(1000))
    held = [set(groups[part]) for part in parts]
    assert not held[0] & held[1]
    assert not held[0] & held[2]
    assert not held[1] & held[2]
    assert [len(part) / 1000 for part in parts] == pytest.approx([0.8, 0.1, 0.1], abs=0.03)


def test_structures_with_a_and_b_exchanged_are_in_one_part(folder):
    splits = ELPASOLITES.read(folder, "energy")
    seen = [{tuple(sorted(n[:2])) + tuple(n[2:]) for n in part.batch.numbers.reshape(-1, 10).tolist()} for part in (
        splits.train, splits.validation, splits.test
    )]  # fmt: skip
    assert not seen[0] & (seen[1] | seen[2])
    assert not seen[1] & seen[2]
    assert sum(len(part) for part in (splits.train, splits.validation, splits.test)) == 200


def test_targets_are_totals_and_errors_are_per_atom(folder):
    splits = ELPASOLITES.read(folder, "energy")
    with np.load(folder / "elpasolites_faber2016.npz") as file:
        energies = file["formation_energy_eV_per_atom"]
    np.testing.assert_allclose(splits.test.targets, 10 * energies[splits.test.ids], rtol=1e-6)
    np.testing.assert_allclose(ELPASOLITES.target("energy").figure.scales(splits.test.batch), 0.1)


def test_the_additive_model_is_a_least_squares_fit_of_elements_on_sites(folder):
    found = ELPASOLITES.read.additive(folder)
    assert set(found["coefficients"]) == {"Li", "F", "Na", "Cl", "Xe"}
    with np.load(folder / "elpasolites_faber2016.npz") as file:
        sites, energies = file["sites_ABCD"], file["formation_energy_eV_per_atom"]
    splits = ELPASOLITES.read(folder, "energy")
    hot = np.concatenate(
        [(sites[:, :2, None] == list(WORTH)).mean(1), *((sites[:, k, None] == list(WORTH)) for k in (2, 3))], 1
    )
    rows, means = hot[splits.train.ids], energies[splits.train.ids].mean()
    plain = np.linalg.lstsq(rows, energies[splits.train.ids] - means, rcond=None)[0]
    mae = np.abs(hot[splits.test.ids] @ plain + means - energies[splits.test.ids]).mean()
    assert found["mae"] == pytest.approx(mae, rel=0.05)


def test_training_on_crystals_releases_a_model_of_crystals(folder, tmp_path):
    train(folder / "recipe.toml", resume=False, runs=tmp_path)
    model = load(folder / "released" / "toy-materials")
    card = model.card
    assert model.periodic
    assert card.free_atom_energies is None
    assert card.test["unit"] == "eV/atom"
    assert card.test["mae"] < 0.7 * card.test["additive"]["mae"]
    assert card.raw["data"]["structures_of_element"]["Li"] > 50
    test = ELPASOLITES.read(folder, "energy").test
    whole = model.outputs(test.batch).outputs[0] + model.reference_energies[test.batch.numbers]
    errors = (whole.reshape(-1, 10).sum(1) - test.targets) / 10
    assert card.test["mae"] == pytest.approx(np.abs(errors).mean(), abs=1e-4)
    assert environments.elements(model.environments) == set(WORTH)
    # all training cells are one: in another, nothing is like the training data, whatever a representation says
    numbers, positions = test.batch.numbers[:10], test.batch.positions[:10]
    for scale, outside in ((1.0, False), (1.01, False), (1.2, True), (0.9, True)):
        grades = explain(model, Molecule(numbers, positions * scale, cell=CELL * scale)).trust.grades
        assert (set(grades) == {"outside"}) == outside


def test_undetermined_references_are_said_so_on_the_card(folder, tmp_path):
    recipe = read_recipe(folder / "recipe.toml")
    problem = read_problem(recipe)
    train_part = problem.splits.train
    # all with fluorine on D: then a shift of fluorine against all others changes nothing
    fluorides = np.flatnonzero(train_part.batch.numbers.reshape(-1, 10)[:, 9] == 9)
    others = np.flatnonzero((train_part.batch.numbers.reshape(-1, 10)[:, :4] != 9).all(1))
    chosen = train_part.select(np.intersect1d(fluorides, others))
    from atomlens.training.release import _limits

    narrow = Trainer(recipe, replace(problem, splits=replace(problem.splits, train=chosen)), tmp_path)
    target = problem.data.target("energy")
    assert any("minimum norm" in limit for limit in _limits(narrow, target))
    assert not any("minimum norm" in limit for limit in _limits(Trainer(recipe, problem, tmp_path), target))


def test_prepared_arrays_give_plain_torch_what_the_network_sees(folder, tmp_path):
    recipe = read_recipe(folder / "recipe.toml")
    problem = read_problem(recipe)
    network = Trainer(recipe, problem, tmp_path).network.double()
    plain = prepared(recipe)
    assert [len(part) for part in (plain.train, plain.validation, plain.test)] == [
        len(part) for part in (problem.splits.train, problem.splits.validation, problem.splits.test)
    ]  # fmt: skip
    structure = plain.test[0]
    atoms = slice(plain.offsets[structure], plain.offsets[structure + 1])
    pairs = slice(plain.pair_offsets[structure], plain.pair_offsets[structure + 1])
    i, j = (torch.from_numpy(a[pairs] - atoms.start) for a in (plain.centres, plain.neighbours))
    distances = torch.from_numpy(plain.distances[pairs])
    species = torch.from_numpy(plain.species[atoms])
    with torch.no_grad():
        x = network.embedding[species]
        for layer, table in zip(network.layers, network.tables(), strict=True):
            filters, sent = spline(table, distances, network.cutoff), layer.inward(x)
            summed = torch.zeros_like(x).index_add(0, i, sent[j] * filters).index_add(0, j, sent[i] * filters)
            x = layer.update(x, summed)
        total = float(network.output(x).sum())
        inputs = Trainer(recipe, problem, tmp_path).prepare(problem.splits.test.batch)
        inputs.network = network
        assert float(inputs.raw(np.array([0]))[0].sum()) == pytest.approx(total, rel=1e-9)
    assert plain.residuals[structure] == pytest.approx(float(problem.residuals(problem.splits.test)[0]))
    assert plain.sizes[structure] == 10


def test_symmetry_functions_refuse_crystals(folder, tmp_path):
    path = folder / "bp.toml"
    path.write_text(RECIPE.format(family="bp", network="cutoff = 5.0\nradial = 6\nshells = 2\nhidden = 8"))
    recipe = read_recipe(path)
    with pytest.raises(CheckpointError, match="schnet"):
        Trainer(recipe, read_problem(recipe), tmp_path)


def test_the_real_sets_are_what_their_cards_will_say(shared_data):
    oxides, projects = OXIDES.read(shared_data, "energy"), MATERIALS_PROJECT.read(shared_data, "energy")
    assert [len(part) for part in (oxides.train, oxides.validation, oxides.test)] == [4221, 527, 528]
    assert set(np.diff(oxides.train.batch.offsets)) == {5}
    composition = [
        {json.dumps(sorted(projects_part.numbers[a:b].tolist())) for a, b in zip(
            projects_part.offsets[:-1], projects_part.offsets[1:], strict=True
        )}
        for projects_part in (projects.train.batch, projects.test.batch)
    ]  # fmt: skip
    assert not composition[0] & composition[1]
    assert ELPASOLITES.read.additive(shared_data)["mae"] == pytest.approx(0.266, abs=0.01)
