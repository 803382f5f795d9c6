"""Edits and conformers over HTTP: kept as molecules of their own, with the models' energies, or refused in words."""

import pytest

MODELS = ["qm9-bp-energy", "qm9-schnet-energy"]


def edit(client, molecule, **change):
    return client.post(f"/api/v1/molecules/{molecule}/edited", json={"change": change})


@pytest.mark.parametrize(
    ("change", "smiles"),
    [
        ({"kind": "element", "atom": 2, "to": "N"}, "CCN"),
        ({"kind": "delete", "atoms": [2]}, "CC"),
        ({"kind": "attach", "atom": 2, "group": "methyl"}, "CCOC"),
    ],
)
def test_an_edit_is_a_molecule_of_its_own(client, ethanol, change, smiles):
    answer = edit(client, ethanol["id"], **change)
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert edited["smiles"] == smiles
    assert edited["geometry"]["source"] == "edited by hand"
    assert client.get(f"/api/v1/molecules/{edited['id']}").json() == edited
    assert edited["positions"][:2] == ethanol["positions"][:2]
    predicted = client.post("/api/v1/predictions", json={"molecule": edited["id"]}).json()["predictions"]
    assert len(predicted[0]["contributions"]) == len(edited["symbols"])


def test_hydrogens_are_added_across_a_double_bond(client):
    ethene = client.post("/api/v1/molecules", json={"format": "smiles", "text": "C=C"}).json()
    assert edit(client, ethene["id"], kind="hydrogens", atoms=[0]).json()["smiles"] == "CC"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "element", "atom": 2, "to": "F"}, 200, None),
        ({"kind": "element", "atom": 1, "to": "F"}, 422, "bad_valence"),
        ({"kind": "element", "atom": 1, "to": "C"}, 422, "same_element"),
        ({"kind": "element", "atom": 99, "to": "C"}, 400, "atom"),
        ({"kind": "element", "atom": 0, "to": "Xx"}, 400, "element"),
        ({"kind": "delete", "atoms": [1]}, 422, "several_fragments"),
        ({"kind": "delete", "atoms": [8]}, 422, "open_shell"),
        ({"kind": "delete", "atoms": []}, 400, "invalid_request"),
        ({"kind": "hydrogens"}, 422, "saturated"),
        ({"kind": "attach", "atom": 0, "group": "gold"}, 400, "invalid_request"),
        ({"kind": "twist", "atom": 0}, 400, "invalid_request"),
        ({"kind": "element", "atom": 0, "to": "N", "more": 1}, 400, "invalid_request"),
    ],
)
def test_what_cannot_be_done_is_said(client, ethanol, change, status, code):
    answer = edit(client, ethanol["id"], **change)
    assert answer.status_code == status, answer.text
    if code:
        error = answer.json()["error"]
        assert error["code"] == code
        assert error["message"].endswith(".")
        assert "change" in error["field"] or error["field"] in ("atom",)


def test_an_edit_of_nothing_is_not_found(client):
    assert edit(client, "nothing", kind="hydrogens").json()["error"]["code"] == "unknown_molecule"


def test_conformers_with_the_energies_of_the_models(client):
    butane = client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCCC"}).json()
    answer = client.post(f"/api/v1/molecules/{butane['id']}/conformers", json={"count": 5})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["molecule"] == butane
    assert [conformer["strain"] for conformer in found["conformers"]] == [0.0, pytest.approx(0.78, abs=0.05)]
    assert sorted(row["model"] for row in found["energies"]) == MODELS
    for row in found["energies"]:
        for conformer, total in zip(found["conformers"], row["conformers"], strict=True):
            asked = {"molecule": conformer["molecule"]["id"], "models": [row["model"]]}
            (prediction,) = client.post("/api/v1/predictions", json=asked).json()["predictions"]
            assert prediction["total"] == total
    again = client.post(f"/api/v1/molecules/{butane['id']}/conformers", json={"count": 5})
    assert again.json() == found


def test_conformers_are_of_energies(client, ethanol):
    path = f"/api/v1/molecules/{ethanol['id']}/conformers"
    assert client.post(path, json={"models": ["qm9-bp-dipole"]}).json()["error"]["code"] == "energies_only"
    assert client.post(path, json={"count": 0}).status_code == 400
    assert client.post("/api/v1/molecules/nothing/conformers", json={}).status_code == 404


def test_an_example_comes_at_its_minimum_of_quantum_chemistry(client):
    benzene = client.post("/api/v1/molecules", json={"format": "example", "text": "benzene"}).json()
    assert benzene["geometry"]["source"] == "quantum chemistry"
    assert benzene["geometry"]["method"] == "B3LYP/6-31G(2df,p)"
