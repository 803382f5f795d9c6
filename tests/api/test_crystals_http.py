"""Crystals over HTTP: posted, predicted by models of crystals, refused by everything that is of molecules."""

import numpy as np
import pytest
from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from tiny import tiny_materials, tiny_models_dir

SALT = """8
Lattice="5.64 0 0 0 5.64 0 0 0 5.64" Properties=species:S:1:pos:R:3 pbc="T T T"
Na 0 0 0
Na 0 2.82 2.82
Na 2.82 0 2.82
Na 2.82 2.82 0
Cl 2.82 0 0
Cl 2.82 2.82 2.82
Cl 0 0 2.82
Cl 0 2.82 0
"""
CIF = """data_salt
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 0 0 0
Na2 0 0.5 0.5
Na3 0.5 0 0.5
Na4 0.5 0.5 0
Cl1 0.5 0 0
Cl2 0.5 0.5 0.5
Cl3 0 0 0.5
Cl4 0 0.5 0
"""


@pytest.fixture(scope="module")
def server(make_settings, tmp_path_factory):
    folder = tiny_materials(tiny_models_dir(tmp_path_factory.mktemp("models")))
    with serving(create_app(make_settings(models_dir=folder))) as made:
        wait_until_ready(made)
        yield made


def post(server, path: str, **body) -> dict:
    return server.post(f"/api/v1/{path}", json=body).json()


@pytest.fixture(scope="module")
def salt(server) -> dict:
    return post(server, "molecules", format="extxyz", text=SALT)


def test_a_crystal_is_kept_with_its_cell(server, salt):
    assert salt["formula"] == "Cl4Na4"
    np.testing.assert_allclose(salt["cell"], 5.64 * np.eye(3))
    assert server.get(f"/api/v1/molecules/{salt['id']}").json() == salt
    assert post(server, "molecules", text="CCO")["cell"] is None
    assert [model["periodic"] for model in server.get("/api/v1/models").json()["models"]].count(True) == 1


def test_models_of_crystals_predict_it_site_by_site(server, salt):
    (prediction,) = post(server, "predictions", molecule=salt["id"])["predictions"]
    assert prediction["model"] == "materials-salts"
    whole = sum(prediction["contributions"]) + sum(prediction["references"])
    assert prediction["total"] == pytest.approx(whole, abs=1e-9)
    np.testing.assert_allclose(prediction["contributions"][1:4], prediction["contributions"][0])
    np.testing.assert_allclose(prediction["contributions"][5:], prediction["contributions"][4])
    assert prediction["uncertainty"] > 0
    cif = post(server, "molecules", format="cif", text=CIF)
    (again,) = post(server, "predictions", molecule=cif["id"])["predictions"]
    assert again["total"] == pytest.approx(prediction["total"], abs=1e-9)


def test_molecules_go_to_models_of_molecules(server):
    water = post(server, "molecules", text="O")
    models = [p["model"] for p in post(server, "predictions", molecule=water["id"])["predictions"]]
    assert len(models) == 4
    assert "materials-salts" not in models


def test_models_of_the_other_kind_say_so(server, salt):
    water = post(server, "molecules", text="O")
    error = post(server, "predictions", molecule=water["id"], models=["materials-salts"])["error"]
    assert (error["code"], error["hint"][:10]) == ("no_cell", "Give a CIF")
    error = post(server, "predictions", molecule=salt["id"], models=["qm9-schnet-energy"])["error"]
    assert error["code"] == "crystal"
    assert "model of molecules" in error["message"]


def test_what_is_of_molecules_refuses_a_crystal_with_a_sentence(server, salt):
    field = {"model": "materials-salts", "quantity": "potential", "elements": ["O"], "spacing": 0.5}
    asked = {
        "pairs": {},
        "points": {"element": "O", "points": [[0, 0, 0]]},
        "alchemy": {"changes": [{"atom": 0, "to": "K"}]},
        "fields": field,
        "relaxations": {"model": "materials-salts"},
    }
    for path, body in asked.items():
        answer = server.post(f"/api/v1/{path}", json={"molecule": salt["id"], **body})
        assert answer.status_code == 422, path
        assert "contributions alone" in answer.json()["error"]["message"]
    moved = server.post(f"/api/v1/molecules/{salt['id']}/moved", json={"positions": salt["positions"]})
    assert moved.status_code == 422


def test_a_link_keeps_a_crystal(server, salt):
    state = {"molecule": salt["id"], "models": ["materials-salts"], "quantity": "contributions"}
    made = post(server, "views", state=state)
    assert server.get(f"/api/v1/views/{made['id']}").json()["molecule"] == salt


def test_a_crystal_without_its_hydrogens_is_refused_and_a_molecule_in_a_box_has_a_warning(server):
    text = CIF.replace("loop_", "_chemical_formula_sum 'Na Cl H2 O'\nloop_")
    answer = server.post("/api/v1/molecules", json={"format": "cif", "text": text})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "missing_atoms")
    assert "has H, O, and no site does" in answer.json()["error"]["message"]
    box = '2\nLattice="12 0 0 0 12 0 0 0 12" Properties=species:S:1:pos:R:3 pbc="T T T"\nNa 0 0 0\nCl 2.36 0 0\n'
    (said,) = post(server, "molecules", format="extxyz", text=box)["warnings"]
    assert "one molecule, more than 5 Å from all images" in said


def test_a_crystal_beyond_the_limit_is_called_one(server):
    rows = "\n".join(f"Na {4 * (k // 100)} {4 * (k // 10 % 10)} {4 * (k % 10)}" for k in range(1000))
    text = f'1000\nLattice="40 0 0 0 40 0 0 0 40" Properties=species:S:1:pos:R:3 pbc="T T T"\n{rows}\n'
    answer = server.post("/api/v1/molecules", json={"format": "extxyz", "text": text})
    assert answer.status_code == 413
    assert answer.json()["error"]["message"].startswith("The crystal has 1,000 atoms in its cell")
    assert "primitive cell" in answer.json()["error"]["hint"]
