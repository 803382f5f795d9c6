"""Members, forces, parts, reference values and comparisons over HTTP."""

import numpy as np
import pytest
from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from tiny import tiny_models_dir


@pytest.fixture(scope="module")
def ensembles(make_settings, tmp_path_factory):
    """A server whose models have two members each."""
    folder = tiny_models_dir(tmp_path_factory.mktemp("two-members"), members=2)
    with serving(create_app(make_settings(models_dir=folder))) as made:
        wait_until_ready(made)
        yield made


@pytest.fixture(scope="module")
def read(ensembles):
    def post(text: str) -> dict:
        answer = ensembles.post("/api/v1/molecules", json={"text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return post


def test_members_of_every_model_make_its_prediction(ensembles, read):
    body = {"molecule": read("CCO")["id"]}
    answers = {one["model"]: one for one in ensembles.post("/api/v1/members", json=body).json()["members"]}
    predictions = ensembles.post("/api/v1/predictions", json=body).json()["predictions"]
    assert {prediction["model"] for prediction in predictions} == answers.keys()
    for prediction in predictions:
        found = answers[prediction["model"]]
        assert found["checkpoint"] == prediction["checkpoint"]
        assert found["unit"] == prediction["contribution_unit"]
        contributions = np.array(found["contributions"])
        assert contributions.shape == (2, 9)
        assert np.array(found["weights"]) @ contributions == pytest.approx(prediction["contributions"])
        assert contributions.std(0, ddof=1) == pytest.approx(prediction["contribution_spread"])


def test_forces_are_of_energy_models(ensembles, read):
    molecule = read("CCO")["id"]
    answer = ensembles.post("/api/v1/forces", json={"molecule": molecule}).json()
    assert [one["model"] for one in answer["forces"]] == ["qm9-bp-energy", "qm9-schnet-energy"]
    for one in answer["forces"]:
        assert one["unit"] == "eV/Å"
        assert np.array(one["forces"]).shape == (9, 3)
        assert np.array(one["forces"]).sum(0) == pytest.approx(0.0, abs=1e-9)
    refused = ensembles.post("/api/v1/forces", json={"molecule": molecule, "models": ["qm9-bp-dipole"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "energies_only")


def test_parts_are_served(ensembles, read):
    found = ensembles.get(f"/api/v1/molecules/{read('glycine')['id']}/parts").json()["parts"]
    assert {"kind": "group", "name": "carboxyl", "atoms": [2, 3, 4, 9]} in found


def test_a_structural_formula_is_served(ensembles, read):
    found = ensembles.get(f"/api/v1/molecules/{read('glycine')['id']}/structure").json()
    assert {path["element"] for path in found["paths"] if path["fill"]} == {"N", "O"}
    missing = ensembles.get("/api/v1/molecules/nothing/structure")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_molecule")


def test_a_reference_molecule_is_kept_and_knows_that_it_is_one(ensembles, read):
    [found] = ensembles.get(f"/api/v1/molecules/{read('acetamide')['id']}/references").json()["references"]
    assert not found["same_geometry"]
    there = found["molecule"]["id"]
    assert ensembles.get(f"/api/v1/molecules/{there}").json() == found["molecule"]
    [same] = ensembles.get(f"/api/v1/molecules/{there}/references").json()["references"]
    assert same["same_geometry"]
    assert ensembles.get(f"/api/v1/molecules/{read('CCCCCCCCCO')['id']}/references").json() == {"references": []}


def test_two_molecules_are_compared(ensembles, read):
    first, second = read("acetamide"), read("acetic acid")
    body = {"first": first["id"], "second": second["id"]}
    found = ensembles.post("/api/v1/comparisons", json=body).json()
    assert (found["first"], found["second"]) == (first, second)
    assert all(first["symbols"][i] == second["symbols"][j] for i, j in found["pairs"])
    assert len([pair for pair in found["pairs"] if first["numbers"][pair[0]] > 1]) == 3
    assert ensembles.post("/api/v1/comparisons", json=body).json() == found
    missing = ensembles.post("/api/v1/comparisons", json={**body, "second": "nobody"})
    assert (missing.status_code, missing.json()["error"]["field"]) == (404, "second")


def test_a_crystal_is_not_compared(ensembles, read):
    salt = '2\nLattice="5 0 0 0 5 0 0 0 5" pbc="T T T"\nO 0 0 0\nC 2.5 2.5 2.5\n'
    answer = ensembles.post("/api/v1/molecules", json={"format": "extxyz", "text": salt})
    assert answer.status_code == 200, answer.text
    body = {"first": read("CCO")["id"], "second": answer.json()["id"]}
    refused = ensembles.post("/api/v1/comparisons", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "crystal")
