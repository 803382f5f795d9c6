"""How the members of an ensemble divide a molecule, and forces."""

import numpy as np
import pytest

from atomlens.chem.smiles import read_smiles
from atomlens.errors import InputError
from atomlens.explain.forces import forces
from atomlens.explain.members import members
from atomlens.explain.prediction import explain
from atomlens.networks.checkpoint import load
from tiny import tiny_models_dir


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tiny_models_dir(tmp_path_factory.mktemp("three-members"), members=3)
    return {path.name: load(path) for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"])
def test_members_make_the_prediction_and_its_spreads(models, name):
    molecule = read_smiles("CC(N)=O", 100)
    prediction, found = explain(models[name], molecule), members(models[name], molecule)
    contributions = np.array(found["contributions"])
    assert contributions.shape == (3, len(molecule))
    assert np.array(found["weights"]) @ contributions == pytest.approx(prediction.contributions, abs=1e-12)
    assert contributions.std(0, ddof=1) == pytest.approx(prediction.contribution_spread, abs=1e-12)
    if name.endswith("energy"):
        total = models[name].spread_factor * contributions.sum(1).std(ddof=1)
        assert total == pytest.approx(prediction.uncertainty, rel=1e-9)
    else:
        assert contributions.sum(1) == pytest.approx(0.0, abs=1e-12), "each member is neutral"


def test_forces_are_minus_the_slope_of_the_total(models):
    from dataclasses import replace

    model, molecule = models["qm9-schnet-energy"], read_smiles("CO", 100)
    found = np.array(forces(model, molecule)["forces"])
    step = 1e-4
    for atom, axis in [(0, 0), (1, 2), (3, 1)]:
        ends = []
        for sign in (1, -1):
            positions = molecule.positions.copy()
            positions[atom, axis] += sign * step
            ends.append(explain(model, replace(molecule, positions=positions)).total)
        assert -(ends[0] - ends[1]) / (2 * step) == pytest.approx(found[atom, axis], abs=1e-5)
    assert found.sum(0) == pytest.approx(0.0, abs=1e-9)


def test_a_dipole_model_has_no_forces(models):
    with pytest.raises(InputError) as raised:
        forces(models["qm9-bp-dipole"], read_smiles("CO", 100))
    assert raised.value.code == "no_forces"
