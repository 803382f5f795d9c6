"""The HTTP contract of docs/http.md, over the real pool and tiny models."""

import csv
import io
import re

import numpy as np
import pytest
import trimesh
from ase.io.cube import read_cube

from atomlens.units import HARTREE_EV

WATER_XYZ = "3\nwater\nO 0 0 0.119\nH 0 0.763 -0.477\nH 0 -0.763 -0.477\n"
METHYL = "4\nmethyl\nC 0 0 0\nH 1.08 0 0\nH -0.54 0.935 0\nH -0.54 -0.935 0\n"


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "field", "hint"}
    return body["error"]


def test_models_are_listed_energies_first(client):
    models = client.get("/api/v1/models").json()["models"]
    assert [m["name"] for m in models] == [
        "qm9-bp-energy",
        "qm9-schnet-energy",
        "qm9-bp-dipole",
        "qm9-schnet-dipole",
    ]
    assert models[0]["elements"] == ["H", "C", "N", "O"]
    assert client.get("/api/v1/models/qm9-bp-energy").json() == models[0]


def test_an_unknown_model_is_named_with_those_there_are(client):
    error = problem(client.get("/api/v1/models/gpt"), 404)
    assert error["code"] == "unknown_model"
    assert "qm9-schnet-energy" in error["hint"]


def test_the_card_is_as_stored(client):
    assert client.get("/api/v1/models/qm9-bp-dipole/card").json()["trained"] == {
        "atoms_max": 29,
        "heavy_atoms_max": 9,
    }


def test_embeddings_are_schnets_alone(client):
    found = client.get("/api/v1/models/qm9-schnet-energy/embeddings").json()
    assert found["elements"] == ["H", "C", "N", "O"]
    assert sum(found["explained_variance"]) == pytest.approx(1.0)
    assert problem(client.get("/api/v1/models/qm9-bp-energy/embeddings"), 404)["code"] == "no_embeddings"


def test_a_molecule_posted_twice_has_one_id_and_can_be_fetched(client, ethanol):
    again = client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCO"}).json()
    assert again == ethanol
    assert client.get(f"/api/v1/molecules/{ethanol['id']}").json() == ethanol
    assert ethanol["formula"] == "C2H6O"
    assert ethanol["geometry"]["source"] == "force field"


def test_a_file_keeps_its_geometry(client):
    molecule = client.post("/api/v1/molecules", json={"format": "xyz", "text": WATER_XYZ}).json()
    assert molecule["symbols"] == ["O", "H", "H"]
    assert molecule["positions"][1] == [0.0, 0.763, -0.477]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"format": "smiles", "text": "C1CC"}, 400),
        ({"format": "xyz", "text": "3\n\nO 0 0 0\nH nan 0 1\nH 0 1 0\n"}, 400),
        ({"format": "xyz", "text": ""}, 400),
        ({"format": "auto", "text": "\x00\x01\x02\xff"}, 400),
        ({"format": "auto", "text": "\ud800"}, 400),
        ({"format": "xyz", "text": METHYL}, 422),
        ({"format": "smiles", "text": "[Na+].[Cl-]"}, 422),
        ({"format": "smiles", "text": "C" * 400}, 413),
        ({"format": "pdb", "text": "C"}, 400),
        ({"format": "smiles"}, 400),
        ({"format": "smiles", "text": 5}, 400),
        ({"format": "smiles", "text": "C", "more": 1}, 400),
    ],
)
def test_what_is_no_molecule_for_us_is_explained(client, body, status):
    import json

    answer = client.post("/api/v1/molecules", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert len(problem(answer, status)["message"]) > 10


def test_names_are_completed(client):
    names = client.get("/api/v1/names", params={"prefix": "caf", "limit": 3}).json()["names"]
    assert {"name": "caffeine", "formula": "C8H10N4O2"}.items() <= names[0].items()


def test_contributions_and_references_sum_to_the_total(client, ethanol):
    answer = client.post("/api/v1/predictions", json={"molecule": ethanol["id"], "models": None}).json()
    assert answer["molecule"] == ethanol
    assert len(answer["predictions"]) == 4
    for prediction in answer["predictions"]:
        if prediction["property"] == "energy":
            parts = np.add(prediction["contributions"], prediction["references"])
            assert parts.sum() == pytest.approx(prediction["total"], abs=1e-6)
        else:
            assert sum(prediction["contributions"]) == pytest.approx(0.0, abs=1e-9)
            assert np.linalg.norm(prediction["vector"]) == pytest.approx(prediction["total"])
            assert prediction["references"] is None


def test_only_the_models_asked_for_answer_and_in_that_order(client, ethanol):
    names = ["qm9-schnet-dipole", "qm9-bp-energy"]
    answer = client.post("/api/v1/predictions", json={"molecule": ethanol["id"], "models": names}).json()
    assert [p["model"] for p in answer["predictions"]] == names


def test_an_element_that_no_model_knows_is_refused_with_those_known(client):
    molecule = client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCl"}).json()
    error = problem(client.post("/api/v1/predictions", json={"molecule": molecule["id"]}), 422)
    assert error["code"] == "unknown_element"
    assert "Cl" in error["message"]


def test_an_unknown_molecule_is_not_found(client):
    assert problem(client.get("/api/v1/molecules/nothing"), 404)["code"] == "unknown_molecule"
    error = problem(client.post("/api/v1/predictions", json={"molecule": "nothing"}), 404)
    assert error["field"] == "molecule"


def test_a_field_is_described_and_its_values_fit_the_description(client, field):
    assert field["shape"] == [9, 10, 11]
    assert list(field["elements"]) == ["H", "C"]
    assert client.get(f"/api/v1/fields/{field['id']}").json() == field
    for symbol, described in field["elements"].items():
        answer = client.get(f"/api/v1/fields/{field['id']}/data/{symbol}")
        values = np.frombuffer(answer.content, dtype="<f4")
        assert values.shape == (9 * 10 * 11,)
        assert values.min() == pytest.approx(described["minimum"])
        assert values.max() == pytest.approx(described["maximum"])


def test_a_field_asked_for_again_is_the_same(client, field):
    body = {key: field[key] for key in ("molecule", "model", "quantity", "shape")}
    again = client.post("/api/v1/fields", json={**body, "elements": ["H", "C", "H"]})
    assert again.json() == field


def test_surfaces_come_as_json_and_as_the_same_in_binary(client, field):
    described = field["elements"]["C"]
    level = 0.5 * (described["minimum"] + described["maximum"])
    for parameters in ({"isovalue": level}, {"envelope": 3.8}):
        where = f"/api/v1/fields/{field['id']}/surface/C"
        mesh = client.get(where, params=parameters).json()
        packed = client.get(where, params=parameters, headers={"Accept": "application/octet-stream"}).content
        n, m = np.frombuffer(packed, dtype="<i4", count=2)
        assert n > 0
        assert len(packed) == 8 + 4 * (7 * n + 3 * m)
        positions = np.frombuffer(packed, dtype="<f4", count=3 * n, offset=8)
        indices = np.frombuffer(packed, dtype="<u4", count=3 * m, offset=8 + 28 * n)
        np.testing.assert_allclose(positions, mesh["positions"], rtol=1e-6)
        np.testing.assert_array_equal(indices, mesh["indices"])
        assert indices.max() < n
        assert mesh["unit"] == "eV"


def test_values_on_the_envelope_are_the_models_own_whatever_the_grid(client, ethanol, field):
    where = f"/api/v1/fields/{field['id']}/surface/C"
    mesh = client.get(where, params={"envelope": 3.8}).json()
    points = np.reshape(mesh["positions"], (-1, 3))[:200].tolist()
    asked = {"molecule": ethanol["id"], "models": [field["model"]], "element": "C", "points": points}
    (probe,) = client.post("/api/v1/points", json=asked).json()["probes"]
    np.testing.assert_allclose(mesh["values"][:200], probe["one_way"], atol=1e-4)


def test_a_surface_carries_the_values_of_another_field_of_the_molecule(client, ethanol, field):
    described = field["elements"]["C"]
    level = 0.5 * (described["minimum"] + described["maximum"])
    where = f"/api/v1/fields/{field['id']}/surface/C"
    own = client.get(where, params={"isovalue": level}).json()
    np.testing.assert_allclose(own["values"], level, rtol=1e-6)
    # itself: the interpolated field is at its level there, but for the model's cusps at nuclei
    again = client.get(where, params={"isovalue": level, "values": field["id"]}).json()
    assert again["positions"] == own["positions"]
    assert np.median(np.abs(np.array(again["values"]) - level)) < 1e-4
    # another element, and the charges of another model on another grid
    other = client.get(where, params={"isovalue": level, "values": field["id"], "values_element": "H"}).json()
    hydrogen = field["elements"]["H"]
    width = hydrogen["maximum"] - hydrogen["minimum"]
    assert hydrogen["minimum"] - width < min(other["values"]) < max(other["values"]) < hydrogen["maximum"] + width
    assert np.ptp(other["values"]) > 1e-6
    body = {"molecule": ethanol["id"], "model": "qm9-bp-dipole", "quantity": "charge", "elements": ["O"]}
    charge = client.post("/api/v1/fields", json={**body, "shape": [6, 6, 6], "margin": 0.5}).json()
    charged = client.get(where, params={"isovalue": level, "values": charge["id"], "values_element": "O"}).json()
    assert charged["unit"] == "e"
    assert charged["positions"] == own["positions"]
    # its box is smaller than the surface: beyond it the nearest values hold
    assert np.isfinite(charged["values"]).all()


def test_a_surface_carries_how_two_models_differ_on_it(client, ethanol, field):
    body = {"molecule": ethanol["id"], "model": "qm9-bp-energy", "quantity": "potential", "elements": ["C"]}
    other = client.post("/api/v1/fields", json={**body, "shape": [8, 8, 8]}).json()
    where = f"/api/v1/fields/{field['id']}/surface/C"
    own = client.get(where, params={"envelope": 3.8}).json()
    its = client.get(where, params={"envelope": 3.8, "values": other["id"]}).json()
    asked = {"envelope": 3.8, "less": other["id"]}
    difference = client.get(where, params=asked).json()
    assert difference["positions"] == own["positions"]
    np.testing.assert_allclose(difference["values"], np.subtract(own["values"], its["values"]), atol=1e-5)
    table = client.get(where, params={**asked, "format": "csv"})
    name = "ethanol_qm9-schnet-energy_potential_C_envelope3.8_difference_from_qm9-bp-energy.csv"
    assert table.headers["content-disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.DictReader(io.StringIO(table.text)))
    said = [float(row["potential_difference_eV"]) for row in rows]
    np.testing.assert_allclose(said, difference["values"], rtol=1e-5, atol=1e-7)
    charge = {**body, "model": "qm9-bp-dipole", "quantity": "charge", "shape": [4, 4, 4]}
    charged = client.post("/api/v1/fields", json=charge).json()
    error = problem(client.get(where, params={"envelope": 3.8, "less": charged["id"]}), 400)
    assert (error["code"], error["field"]) == ("malformed", "less")


def test_values_of_another_molecule_or_of_no_field_are_refused(client, field):
    where = f"/api/v1/fields/{field['id']}/surface/C"
    water = client.post("/api/v1/molecules", json={"format": "smiles", "text": "O"}).json()
    body = {"molecule": water["id"], "model": "qm9-schnet-energy", "quantity": "potential", "elements": ["C"]}
    other = client.post("/api/v1/fields", json={**body, "shape": [4, 4, 4]}).json()
    refusals = [
        ({"values": other["id"]}, 400, "other_molecule", "values"),
        ({"less": other["id"]}, 400, "other_molecule", "less"),
        ({"values": "nothing"}, 404, "unknown_field", "id"),
        ({"values": field["id"], "values_element": "N"}, 404, "unknown_element", "element"),
        ({"values_element": "H"}, 400, "malformed", "values"),
        ({"limit": 0}, 400, "invalid_request", "limit"),
        ({"opacity": 0}, 400, "invalid_request", "opacity"),
        ({"format": "obj"}, 400, "invalid_request", "format"),
        ({"both_signs": True}, 400, "malformed", "both_signs"),
        ({"both_signs": True, "format": "stl", "isovalue": 0}, 400, "malformed", "both_signs"),
    ]
    for wrong, status, code, named in refusals:
        error = problem(client.get(where, params={"isovalue": -0.1, **wrong}), status)
        assert (error["code"], error["field"]) == (code, named), wrong


def test_a_surface_comes_as_files_that_say_what_they_are(client, field):
    described = field["elements"]["C"]
    level = 0.5 * (described["minimum"] + described["maximum"])
    where = f"/api/v1/fields/{field['id']}/surface/C"
    mesh = client.get(where, params={"isovalue": level}).json()
    stem = f"ethanol_qm9-schnet-energy_potential_C_isovalue{level:.4g}eV"
    files = {}
    for format, kind in (("glb", "model/gltf-binary"), ("stl", "model/stl"), ("csv", "text/csv; charset=utf-8")):
        answer = client.get(where, params={"isovalue": level, "format": format, "limit": 2, "opacity": 0.5})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"] == f'attachment; filename="{stem}.{format}"'
        files[format] = answer.content
    n_triangles = len(mesh["indices"]) // 3
    assert len(trimesh.load(io.BytesIO(files["stl"]), file_type="stl").triangles) == n_triangles
    scene = trimesh.load(io.BytesIO(files["glb"]), file_type="glb", process=False)
    transform, geometry = scene.graph["surface"]
    vertices = trimesh.transform_points(scene.geometry[geometry].vertices, transform) * 100
    np.testing.assert_allclose(vertices.ravel(), mesh["positions"], atol=1e-4)
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode())))
    np.testing.assert_allclose([float(row["potential_eV"]) for row in rows], mesh["values"], rtol=1e-6)
    by = client.get(where, params={"envelope": 3.8, "values": field["id"], "values_element": "H", "format": "csv"})
    assert "_C_envelope3.8_by_qm9-schnet-energy_potential_H.csv" in by.headers["content-disposition"]
    nowhere = problem(client.get(where, params={"isovalue": described["maximum"] + 1, "format": "stl"}), 400)
    assert nowhere["code"] == "empty_surface"


def test_a_file_holds_the_isosurface_of_the_other_sign_too(client, ethanol):
    body = {"molecule": ethanol["id"], "model": "qm9-schnet-energy", "quantity": "potential", "elements": ["C"]}
    field = client.post("/api/v1/fields", json={**body, "shape": [12, 12, 12]}).json()
    where, described = f"/api/v1/fields/{field['id']}/surface/C", field["elements"]["C"]
    level = 0.4 * min(abs(described["minimum"]), abs(described["maximum"]))
    assert described["minimum"] < -level
    assert level < described["maximum"]
    one, other = (client.get(where, params={"isovalue": sign * level}).json() for sign in (1, -1))
    both = {"isovalue": level, "both_signs": True, "limit": 2 * level}
    table = client.get(where, params={**both, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    expected = one["values"] + other["values"]
    np.testing.assert_allclose([float(row["potential_eV"]) for row in rows], expected, rtol=1e-6)
    assert f"_isovalue+-{level:.4g}eV.csv" in table.headers["content-disposition"]
    glb = client.get(where, params={**both, "format": "glb"}).content
    scene = trimesh.load(io.BytesIO(glb), file_type="glb", process=False)
    drawn = scene.geometry[scene.graph["surface"][1]]
    assert len(drawn.faces) == (len(one["indices"]) + len(other["indices"])) // 3
    colors = np.array(drawn.visual.vertex_attributes["color"])[:, :3]
    halves = colors[: len(one["values"])], colors[len(one["values"]) :]
    assert all(np.ptp(half, axis=0).max() == 0.0 for half in halves)
    assert halves[0][0, 0] > halves[0][0, 2]
    assert halves[1][0, 0] < halves[1][0, 2]


def test_a_field_comes_as_a_cube_and_as_a_table(client, ethanol, field):
    where = f"/api/v1/fields/{field['id']}/data/H"
    values = np.frombuffer(client.get(where).content, dtype="<f4")
    cube = client.get(where, params={"format": "cube"})
    assert cube.headers["content-type"] == "chemical/x-gaussian-cube"
    assert cube.headers["content-disposition"] == 'attachment; filename="ethanol_qm9-schnet-energy_potential_H.cube"'
    read = read_cube(io.StringIO(cube.text))
    np.testing.assert_allclose(read["data"].ravel() * HARTREE_EV, values, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(read["atoms"].positions, ethanol["positions"], atol=1e-6)
    np.testing.assert_allclose(read["origin"][:3], field["origin"], atol=1e-6)
    table = client.get(where, params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    np.testing.assert_allclose([float(row["potential_eV"]) for row in rows], values, rtol=1e-6)
    problem(client.get(where, params={"format": "xyz"}), 400)


def test_a_grid_beyond_the_limit_is_told_the_largest_that_works(client, ethanol):
    body = {"molecule": ethanol["id"], "model": "qm9-bp-energy", "quantity": "potential", "elements": ["C", "H"]}
    error = problem(client.post("/api/v1/fields", json={**body, "shape": [400, 400, 400]}), 413)
    # 2,000,000 points for both elements together
    assert "1,000,000 are allowed" in error["message"]
    assert error["hint"] == "The largest cube is 100 × 100 × 100."
    error = problem(client.post("/api/v1/fields", json={**body, "spacing": 0.01}), 413)
    assert re.fullmatch(r"The finest spacing for this molecule and margin is 0\.\d{3} Å\.", error["hint"])


@pytest.mark.parametrize(
    ("changes", "status", "field_name"),
    [
        ({"quantity": "charge"}, 400, "quantity"),
        ({"elements": ["Xx"]}, 400, "elements"),
        ({"elements": ["Cl"]}, 422, "elements"),
        ({"elements": []}, 400, "elements"),
        ({"model": "nothing"}, 404, "model"),
        ({"molecule": "nothing"}, 404, "molecule"),
        ({"shape": [400, 400, 400]}, 413, "shape"),
        ({"shape": None, "spacing": 0.01}, 413, "spacing"),
        ({"spacing": 0.3}, 400, None),
        ({"shape": [True, 5, 5]}, 400, "shape.0"),
        ({"margin": -1}, 400, "margin"),
    ],
)
def test_a_field_that_cannot_be_is_refused_before_any_work(client, ethanol, changes, status, field_name):
    body = {
        "molecule": ethanol["id"],
        "model": "qm9-schnet-energy",
        "quantity": "potential",
        "elements": ["C"],
        "shape": [5, 5, 5],
    }
    error = problem(client.post("/api/v1/fields", json={**body, **changes}), status)
    assert error["field"] == (f"{field_name}" if field_name else None)


def test_a_surface_needs_one_of_two_levels_and_an_element_of_the_field(client, field):
    where = f"/api/v1/fields/{field['id']}/surface"
    problem(client.get(f"{where}/C"), 400)
    problem(client.get(f"{where}/C", params={"isovalue": 1, "envelope": 2}), 400)
    problem(client.get(f"{where}/C", params={"isovalue": "nan"}), 400)
    problem(client.get(f"{where}/N", params={"isovalue": 1}), 404)


def test_a_view_keeps_what_it_showed_until_it_is_deleted(client, ethanol):
    state = {"molecule": ethanol["id"], "models": ["qm9-bp-energy"], "camera": [1, 2.5, None], "ü": {"a": []}}
    made = client.post("/api/v1/views", json={"state": state})
    assert made.status_code == 201
    view, token = made.json()["id"], made.json()["delete_token"]
    assert made.json()["url"] == f"/v/{view}"
    kept = client.get(f"/api/v1/views/{view}").json()
    assert kept["state"] == state
    assert kept["molecule"] == ethanol
    assert kept["changed"] == []
    shown = client.post("/api/v1/predictions", json={"molecule": ethanol["id"], "models": ["qm9-bp-energy"]})
    assert kept["predictions"] == shown.json()["predictions"]
    assert list(kept["checkpoints"]) == ["qm9-bp-energy"]
    problem(client.delete(f"/api/v1/views/{view}"), 403)
    problem(client.delete(f"/api/v1/views/{view}", headers={"X-Delete-Token": "wrong"}), 403)
    assert client.delete(f"/api/v1/views/{view}", headers={"X-Delete-Token": token}).status_code == 204
    problem(client.get(f"/api/v1/views/{view}"), 404)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({}, 400),
        ({"molecule": 5}, 400),
        ({"molecule": "nothing"}, 404),
        ({"molecule": "m", "models": "all"}, 400),
        ({"molecule": "m", "filling": "x" * 70_000}, 413),
        ({"molecule": "m", "filling": "ä" * 33_000}, 413),
    ],
)
def test_a_view_of_nothing_is_refused(client, state, status):
    problem(client.post("/api/v1/views", json={"state": state}), status)


@pytest.mark.parametrize("depth", [64, 900, 930, 940, 950, 1_000, 100_000])
def test_a_state_that_is_nested_deep_is_refused_whatever_the_depth(client, ethanol, depth):
    def post(levels):
        inner = "[" * levels + "]" * levels
        text = f'{{"state": {{"molecule": "{ethanol["id"]}", "models": ["qm9-bp-energy"], "inner": {inner}}}}}'
        return client.post("/api/v1/views", content=text, headers={"Content-Type": "application/json"})

    problem(post(depth), 400)
    assert post(62).status_code == 201


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"\\ud800"', '{"\\udfff": 1}'])
def test_a_state_that_is_no_json_is_refused(client, ethanol, value):
    text = f'{{"state": {{"molecule": "{ethanol["id"]}", "value": {value}}}}}'
    answer = client.post("/api/v1/views", content=text, headers={"Content-Type": "application/json"})
    assert problem(answer, 400)["field"] == "state"


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b'{"text": "C"}', "text/plain", "Content-Type: application/json (not text/plain)"),
        (b"text=C", "application/x-www-form-urlencoded", "has to be a JSON object"),
        (b"", "application/json", "has to be a JSON object"),
        (b'["C"]', "application/json", "has to be a JSON object"),
        (b'{"text": "C"', "application/json", "no JSON"),
        (b"[" * 200_000, "application/json", "nested too deep"),
        (b'{"text": ' + b"9" * 5_000 + b"}", "application/json", "a number is too long"),
        (b'{"text": NaN}', "application/json", "text: Input should be a valid string"),
        (b'{"text": true}', "application/json", "text: Input should be a valid string"),
        (b'{"text": "\\ud800"}', "application/json", "text: the text holds a lone surrogate"),
    ],
)
def test_a_body_that_is_no_request_is_told_why(client, body, kind, says):
    answer = client.post("/api/v1/molecules", content=body, headers={"Content-Type": kind})
    assert says in problem(answer, 400)["message"]


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "%00", "%ff%fe", "a" * 5_000, "%F0%9F%98%80", "'%20OR%201=1--"]
)
def test_an_identifier_of_any_kind_is_only_not_found(client, field, name):
    for where in (
        f"molecules/{name}", f"fields/{name}", f"fields/{name}/data/C", f"fields/{field['id']}/data/{name}",
        f"fields/{field['id']}/surface/{name}?isovalue=0", f"jobs/{name}", f"views/{name}", f"models/{name}",
        f"models/{name}/card",
    ):  # fmt: skip
        problem(client.get(f"/api/v1/{where}"), 404)


def test_a_head_request_is_answered_as_a_get_without_its_body(client):
    for where in ("/healthz", "/readyz", "/metrics", "/api/v1/models", "/", "/js/main.js"):
        head, whole = client.head(where), client.get(where)
        assert (head.status_code, head.content) == (200, b""), where
        assert head.headers["content-type"] == whole.headers["content-type"]


def test_a_refused_method_is_answered_with_all_that_are_possible(client):
    view = client.put("/api/v1/views/x")
    assert view.headers["allow"] == "DELETE, GET, HEAD"
    assert client.get("/api/v1/predictions").headers["allow"] == "POST"


def test_a_refusal_names_the_field_that_is_wrong(client, ethanol):
    asked = {"molecule": ethanol["id"]}
    point = {**asked, "element": "Xe", "points": [[3, 0, 0]]}
    assert problem(client.post("/api/v1/points", json=point), 422)["field"] == "element"
    changed = {**asked, "changes": [{"atom": 0, "to": "Xe"}], "steps": 3}
    assert problem(client.post("/api/v1/alchemy", json=changed), 422)["field"] == "changes"
    assert problem(client.post("/api/v1/predictions", json={**asked, "models": ["none"]}), 404)["field"] == "models"
    for route in ("forces", "pairs", "members", "environments", "alchemy"):
        body = {"molecule": "none", "environments": {"atom": 0}, "alchemy": {"changes": [{"atom": 0, "to": "N"}]}}
        answer = client.post(f"/api/v1/{route}", json={"molecule": "none", **body.get(route, {})})
        assert problem(answer, 404)["field"] == "molecule", route
    assert problem(client.post("/api/v1/relaxations", json={**asked, "model": "none"}), 404)["field"] == "model"
    lost = client.post("/api/v1/trajectories", json={"relaxation": "none"})
    assert problem(lost, 404)["field"] == "relaxation"


def test_every_error_has_the_one_shape(client):
    problem(client.get("/api/v1/nowhere"), 404)
    problem(client.get("/nowhere"), 404)
    problem(client.get("/api/v1/predictions"), 405)
    problem(client.put("/api/v1/models"), 405)
    problem(client.post("/api/v1/molecules", content=b"{", headers={"Content-Type": "application/json"}), 400)
    problem(client.post("/api/v1/molecules", content=b"\xff\xfe"), 400)
    problem(client.get("/api/v1/jobs/nothing"), 404)
    problem(client.get("/api/v1/jobs/nothing/events"), 404)
    problem(client.delete("/api/v1/jobs/nothing"), 404)
    problem(client.get("/api/v1/names", params={"limit": "many"}), 400)


def test_a_body_beyond_the_limit_is_refused_with_and_without_its_length(client, settings):
    large = b'{"format": "xyz", "text": "' + b" " * settings.max_bytes + b'"}'
    headers = {"Content-Type": "application/json"}
    assert problem(client.post("/api/v1/molecules", content=large, headers=headers), 413)["code"] == "too_large"
    pieces = (large[k : k + 65_536] for k in range(0, len(large), 65_536))
    error = problem(client.post("/api/v1/molecules", content=pieces, headers=headers), 413)
    assert "2,000,000" in error["message"]


def test_health_and_metrics(client):
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["ready"] is True
    text = client.get("/metrics").text
    assert 'atomlens_workers{lane="compute",state="ready"} 1.0' in text
    assert "atomlens_http_requests_total" in text


def test_the_page_its_links_and_its_files_are_served_and_nothing_else(client):
    for path, status in (("/", 200), ("/v/abc", 404), ("/embed/abc", 404)):
        answer = client.get(path)
        assert answer.status_code == status, "of a link that is not there the page says so"
        assert answer.headers["content-type"].startswith("text/html")
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/js/main.js").headers["content-type"].startswith("text/javascript")
    for path in ("/package.json", "/js/../package.json", "/js/%2e%2e/package.json", "/js/"):
        problem(client.get(path), 404)


def test_only_an_embedded_view_may_stand_in_another_page(client):
    assert "frame-ancestors" not in client.get("/embed/abc").headers["content-security-policy"]
    for path in ("/", "/v/abc", "/api/v1/models", "/nowhere"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


def test_large_answers_are_compressed(client, field):
    answer = client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_a_path_ends_at_what_the_models_say_of_the_molecules_there(client, ethanol):
    nitrogen = client.post(
        "/api/v1/molecules", json={"format": "xyz", "text": _xyz(ethanol, {0: "N"}, gone=[3])}
    ).json()
    changes = [{"atom": 0, "to": "N"}, {"atom": 3, "fade": "out"}]
    asked = {"molecule": ethanol["id"], "changes": changes, "steps": 4}
    answer = client.post("/api/v1/alchemy", json=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["lambda"] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert body["changes"] == changes
    for molecule, place in ((ethanol, 0), (nitrogen, -1)):
        predictions = client.post("/api/v1/predictions", json={"molecule": molecule["id"]}).json()["predictions"]
        for path, prediction in zip(body["paths"], predictions, strict=True):
            assert path["model"] == prediction["model"]
            totals = path["energies"] or path["dipoles"]
            assert totals[place] == pytest.approx(prediction["total"], abs=1e-6)
            assert [bool(path["energies"]), bool(path["dipoles"])].count(True) == 1
    assert client.post("/api/v1/alchemy", json=asked).json() == body


def test_pairs_are_those_of_the_energy_models_nearest_first(client, ethanol):
    body = client.post("/api/v1/pairs", json={"molecule": ethanol["id"]}).json()
    assert [found["model"] for found in body["pairs"]] == ["qm9-bp-energy", "qm9-schnet-energy"]
    for found in body["pairs"]:
        assert found["distances"] == sorted(found["distances"])
        assert len(found["atoms"]) == len(found["values"]) == len(found["bonded"]) == 36
        assert sum(found["bonded"]) == len(ethanol["bonds"])
    asked = {"molecule": ethanol["id"], "models": ["qm9-bp-dipole"]}
    error = problem(client.post("/api/v1/pairs", json=asked), 400)
    assert error["code"] == "energies_only"


def test_a_probe_at_single_points_is_felt_and_unfelt(client, ethanol):
    asked = {"molecule": ethanol["id"], "element": "O", "points": [[0.0, 3.0, 0.0], [90.0, 0.0, 0.0]]}
    body = client.post("/api/v1/points", json=asked).json()
    assert body["points"] == asked["points"]
    assert [found["model"] for found in body["probes"]] == ["qm9-bp-energy", "qm9-schnet-energy"]
    for found in body["probes"]:
        assert [found["one_way"][1], found["insertion"][1]] == pytest.approx([0.0, 0.0], abs=1e-9)
        assert found["one_way"][0] != found["insertion"][0]
    for changes, status in (({"element": "Xx"}, 400), ({"element": "Cl"}, 422), ({"points": []}, 400)):
        problem(client.post("/api/v1/points", json=asked | changes), status)


def _xyz(molecule, changed, gone):
    kept = [i for i in range(len(molecule["symbols"])) if i not in gone]
    rows = [[changed.get(i, molecule["symbols"][i]), *map(str, molecule["positions"][i])] for i in kept]
    return "\n".join([str(len(kept)), "changed", *(" ".join(row) for row in rows)]) + "\n"


@pytest.mark.parametrize(
    ("changes", "status", "code", "named"),
    [
        ([{"atom": 99, "to": "N"}], 400, "malformed", "99"),
        ([{"atom": 0, "to": "Xx"}], 400, "malformed", "Xx"),
        ([{"atom": 0, "to": "Cl"}], 422, "unknown_element", "Cl"),
        ([{"atom": 0}], 400, "malformed", "either"),
        ([{"atom": -1, "to": "N"}], 400, None, "atom"),
    ],
)
def test_a_path_that_is_none_is_refused(client, ethanol, changes, status, code, named):
    error = problem(client.post("/api/v1/alchemy", json={"molecule": ethanol["id"], "changes": changes}), status)
    assert code is None or error["code"] == code
    assert named in f"{error['message']} {error['field']}"


def test_a_path_of_too_many_steps_says_how_many_there_may_be(client):
    text = "C" * 40
    molecule = client.post("/api/v1/molecules", json={"format": "smiles", "text": text}).json()
    asked = {"molecule": molecule["id"], "changes": [{"atom": 0, "to": "N"}], "steps": 201}
    error = problem(client.post("/api/v1/alchemy", json=asked), 413)
    assert error["hint"] == "At most 163 steps for this molecule."
