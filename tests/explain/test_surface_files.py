"""Files of surfaces and fields, opened by programs that did not write them."""

import csv
import io
import json
import shutil
import struct
import subprocess
from pathlib import Path

import ase.io.cube
import numpy as np
import pytest
import trimesh
from closed_form import GaussianModel
from hypothesis import given, settings
from hypothesis import strategies as st
from molecules import METHANOL, WATER, moved

from atomlens.chem.molecule import Molecule
from atomlens.errors import Cancelled, MalformedInput, TooLarge
from atomlens.explain.colors import ColorScale, diverging, linear_rgb
from atomlens.explain.cube import write_cube
from atomlens.explain.field import compute
from atomlens.explain.glb import METRES_A_UNIT, to_glb
from atomlens.explain.grid import Grid, grid_around
from atomlens.explain.mesh import Mesh
from atomlens.explain.points_csv import field_csv, mesh_csv
from atomlens.explain.stl import to_stl
from atomlens.explain.surface import envelope, envelope_values, isosurface
from atomlens.explain.surface_files import surface_file

COLOR_JS = Path(__file__).resolve().parents[2] / "frontend" / "js" / "lib" / "color.js"
BONDED = Molecule(METHANOL.numbers, METHANOL.positions, ((0, 1, 1.0), (0, 2, 1.0), (1, 5, 1.0)), name="methanol")


def coloured():
    return envelope_values(GaussianModel(), BONDED, "potential", 6, envelope(BONDED))


def encoded(linear):
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def parts_of(glb: bytes) -> tuple[dict, bytes]:
    """The JSON and the buffer of a binary glTF, by its specification."""
    magic, version, length = struct.unpack_from("<4sII", glb)
    assert (magic, version, length) == (b"glTF", 2, len(glb))
    n_json, kind = struct.unpack_from("<I4s", glb, 12)
    assert (kind, n_json % 4) == (b"JSON", 0)
    n_data, kind = struct.unpack_from("<I4s", glb, 20 + n_json)
    assert (kind, n_data % 4) == (b"BIN\0", 0)
    assert 28 + n_json + n_data == length
    return json.loads(glb[20 : 20 + n_json]), glb[28 + n_json :]


def rows_of(document: dict, data: bytes, accessor: int) -> np.ndarray:
    described = document["accessors"][accessor]
    view = document["bufferViews"][described["bufferView"]]
    width = {"SCALAR": 1, "VEC3": 3}[described["type"]]
    kind = {5126: "<f4", 5125: "<u4"}[described["componentType"]]
    return np.frombuffer(data, kind, width * described["count"], view["byteOffset"]).reshape(-1, width)


def test_the_colours_are_those_of_the_page():
    node = shutil.which("node")
    assert node, "Node.js, which builds the page, is missing"
    places = [-2.0, -1.0, -0.77, -0.5, -0.31, -1e-6, 0.0, 0.04, 0.25, 0.5, 0.9, 1.0, 3.0]
    script = (
        f"import({json.dumps(COLOR_JS.as_uri())}).then(m => console.log(JSON.stringify({places}.map(m.diverging))))"
    )
    page = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    np.testing.assert_allclose(encoded(diverging(places)), json.loads(page.stdout), atol=1e-6)
    np.testing.assert_allclose(linear_rgb(encoded(diverging(places))), diverging(places), atol=1e-9)


def test_a_scale_ends_at_its_limit_and_an_isosurface_is_never_pale():
    scale = ColorScale(2.0, zero=1.0)
    np.testing.assert_allclose(scale.of_values(np.array([-1.0, 1.0, 2.0, 9.0])), diverging([-1, 0, 0.5, 1]))
    np.testing.assert_allclose(ColorScale().of_values(np.array([-3.0, 0.0, 1.5])), diverging([-1, 0, 0.5]))
    np.testing.assert_allclose(ColorScale(10.0).of_level(-0.1, 2), diverging([-0.5, -0.5]))
    np.testing.assert_allclose(ColorScale(10.0).of_level(8.0, 1), diverging([0.8]))
    for limit in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(MalformedInput):
            ColorScale(limit)


def test_a_glb_holds_surface_colours_and_molecule_as_trimesh_reads_it():
    mesh = coloured()
    colors = ColorScale(30.0).of_values(mesh.values)
    scene = trimesh.load(io.BytesIO(to_glb(mesh, colors, BONDED, "methanol", 0.6)), file_type="glb", process=False)
    names = {name: scene.graph[name] for name in scene.graph.nodes_geometry}
    transform, geometry = names["surface"]
    read = scene.geometry[geometry]
    # metres: 1 Å is 1 cm
    placed = trimesh.transform_points(read.vertices, transform) / METRES_A_UNIT
    np.testing.assert_allclose(placed, mesh.positions, atol=1e-5)
    np.testing.assert_array_equal(read.faces, mesh.triangles)
    np.testing.assert_allclose(read.vertex_normals, mesh.normals, atol=1e-5)
    # with a material beside them, trimesh keeps the colours as they stand in the file: linear, 0 to 1
    np.testing.assert_allclose(read.visual.vertex_attributes["color"][:, :3], colors, atol=1e-6)
    for atom, position in enumerate(BONDED.positions):
        transform, geometry = names[f"{BONDED.symbols[atom]}{atom + 1}"]
        ball = scene.geometry[geometry].copy().apply_transform(transform)
        np.testing.assert_allclose(ball.bounds.mean(0) / METRES_A_UNIT, position, atol=1e-5)
        assert 0.2 < ball.extents.max() / 2 / METRES_A_UNIT < 0.6
    # a stick leads from its atom to the middle of its bond
    transform, geometry = names["C1–O2"]
    stick = scene.geometry[geometry].copy().apply_transform(transform)
    np.testing.assert_allclose(stick.bounds[:, 0] / METRES_A_UNIT, [0.0, 0.71], atol=1e-5)
    assert sum("–" in name for name in names) == 2 * len(BONDED.bonds)


def test_a_glb_keeps_to_its_specification():
    mesh = coloured()
    colors = ColorScale().of_values(mesh.values)
    document, data = parts_of(to_glb(mesh, colors, BONDED, "methanol", 0.6))
    assert document["nodes"][0] == {
        "name": "methanol", "scale": [0.01] * 3, "children": list(range(1, len(document["nodes"])))
    }  # fmt: skip
    shape = document["meshes"][document["nodes"][1]["mesh"]]["primitives"][0]
    np.testing.assert_array_equal(rows_of(document, data, shape["attributes"]["POSITION"]), mesh.positions)
    np.testing.assert_allclose(rows_of(document, data, shape["attributes"]["COLOR_0"]), colors, atol=1e-6)
    np.testing.assert_array_equal(rows_of(document, data, shape["indices"]).ravel(), mesh.triangles.ravel())
    surface = document["materials"][shape["material"]]
    assert (surface["alphaMode"], surface["doubleSided"]) == ("BLEND", True)
    assert surface["pbrMetallicRoughness"]["baseColorFactor"] == [1, 1, 1, 0.6]
    for drawn in document["meshes"]:
        for primitive in drawn["primitives"]:
            normals = rows_of(document, data, primitive["attributes"]["NORMAL"])
            np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-5)
            place = document["accessors"][primitive["attributes"]["POSITION"]]
            positions = rows_of(document, data, primitive["attributes"]["POSITION"])
            np.testing.assert_array_equal(positions.min(0), np.float32(place["min"]))
            np.testing.assert_array_equal(positions.max(0), np.float32(place["max"]))
            corners = positions[rows_of(document, data, primitive["indices"]).reshape(-1, 3)].astype(float)
            face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            # seen from outside every triangle runs counter-clockwise, and none is empty
            of_corner = normals[rows_of(document, data, primitive["indices"]).reshape(-1, 3)].sum(1)
            assert ((face * of_corner).sum(1) > 0).mean() > 0.999
    assert {view["byteOffset"] % 4 for view in document["bufferViews"]} == {0}
    whole = to_glb(mesh, colors, BONDED, "methanol")
    assert all("alphaMode" not in material for material in parts_of(whole)[0]["materials"])


@pytest.mark.parametrize("along", [[1.0, 0, 0], [0, 1.0, 0], [0, -1.0, 0], [0.3, -0.8, 0.5], [0, 0, -1.0]])
def test_sticks_turn_every_way(along):
    end = 1.2 * np.array(along) / np.linalg.norm(along)
    pair = Molecule(np.array([6, 7]), np.stack([np.zeros(3), end]), ((0, 1, 1.0),))
    mesh = envelope(pair)
    scene = trimesh.load(
        io.BytesIO(to_glb(mesh, ColorScale().of_values(mesh.values), pair, "CN")), file_type="glb", process=False
    )
    for name, (begin, stop) in {"C1–N2": (np.zeros(3), end / 2), "N2–C1": (end / 2, end)}.items():
        transform, geometry = scene.graph[name]
        points = trimesh.transform_points(scene.geometry[geometry].vertices, transform) / METRES_A_UNIT
        along_axis = points @ end / np.linalg.norm(end)
        np.testing.assert_allclose(np.linalg.norm(points - np.outer(along_axis, end) / 1.2, axis=1), 0.1, atol=1e-6)
        np.testing.assert_allclose(
            [along_axis.min(), along_axis.max()], [np.linalg.norm(begin), np.linalg.norm(stop)], atol=1e-6
        )


def test_an_stl_is_a_closed_body_of_the_right_size():
    grid = Grid((-3.0, -3.0, -3.0), (0.15, 0.15, 0.15), (41, 41, 41))
    mesh = isosurface(grid, np.linalg.norm(grid.points(), axis=1).reshape(grid.shape), 2.0, "eV")
    data = to_stl(mesh, "solid sphere of é")
    assert len(data) == 84 + 50 * len(mesh.triangles)
    assert not data.startswith(b"solid")
    read = trimesh.load(io.BytesIO(data), file_type="stl")
    assert read.is_watertight
    assert read.volume == pytest.approx(4 / 3 * np.pi * 8.0, rel=1e-2)
    assert len(read.faces) == len(mesh.triangles)
    np.testing.assert_allclose(read.bounds, [[-2.0] * 3, [2.0] * 3], atol=0.003)
    np.testing.assert_allclose(np.frombuffer(data[84:96], "<f4"), read.face_normals[0], atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), n=st.integers(1, 40))
def test_any_mesh_is_the_same_in_every_format(seed, n):
    random = np.random.default_rng(seed)
    positions = random.normal(scale=5.0, size=(n + 2, 3))
    triangles = np.array([random.permutation(n + 2)[:3] for _ in range(n)])
    mesh = Mesh.oriented(positions, random.normal(size=(n + 2, 3)), random.normal(size=n + 2), triangles, "e")
    read = trimesh.load(io.BytesIO(to_stl(mesh, "any")), file_type="stl", process=False)
    np.testing.assert_allclose(read.triangles, mesh.positions[mesh.triangles], atol=1e-6)
    document, data = parts_of(to_glb(mesh, ColorScale().of_values(mesh.values), WATER, "any"))
    shape = document["meshes"][document["nodes"][1]["mesh"]]["primitives"][0]
    np.testing.assert_array_equal(rows_of(document, data, shape["attributes"]["POSITION"]), mesh.positions)
    np.testing.assert_array_equal(rows_of(document, data, shape["indices"]).reshape(-1, 3), mesh.triangles)
    rows = list(csv.reader(io.StringIO(mesh_csv(mesh, "charge"))))
    assert rows[0] == ["x_angstrom", "y_angstrom", "z_angstrom", "charge_e"]
    table = np.array(rows[1:], float)
    np.testing.assert_allclose(table[:, :3], mesh.positions, atol=1e-6)
    np.testing.assert_allclose(table[:, 3], mesh.values, rtol=1e-6)


def test_the_table_of_a_field_and_its_cube_are_the_field():
    molecule = moved(WATER, WATER.positions + np.array([3.0, -2.0, 11.0]))
    grid = grid_around(molecule, shape=(5, 6, 7), margin=2.0)
    field = compute(GaussianModel(), molecule, "potential", [6], grid)
    rows = list(csv.DictReader(io.StringIO(field_csv(grid, field.of(6), "potential", "eV"))))
    assert len(rows) == 5 * 6 * 7
    np.testing.assert_allclose([float(row["potential_eV"]) for row in rows], field.of(6).ravel(), rtol=1e-6)
    np.testing.assert_allclose([float(row["z_angstrom"]) for row in rows], grid.points()[:, 2], atol=1e-6)
    for n in (5, 6, 7, 12, 13):  # full lines and rests of six
        shaped = grid_around(molecule, shape=(2, 3, n), margin=2.0)
        values = np.random.default_rng(n).normal(size=shaped.shape)
        text = io.StringIO()
        write_cube(text, shaped, values, molecule, quantity="charge", element=8, model="any")
        text.seek(0)
        np.testing.assert_allclose(ase.io.cube.read_cube(text)["data"], values, rtol=1e-6)


def test_a_table_has_no_more_rows_than_a_spreadsheet_and_files_can_be_given_up():
    large = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (101, 100, 100))
    with pytest.raises(TooLarge, match="1,010,000 points; a table may have 1,000,000") as caught:
        field_csv(large, np.zeros(large.shape), "potential", "eV")
    assert "1,000,000" in caught.value.hint

    def give_up():
        raise Cancelled("enough")

    small = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (3, 3, 3))
    with pytest.raises(Cancelled):
        field_csv(small, np.zeros(small.shape), "potential", "eV", give_up)
    with pytest.raises(Cancelled):
        write_cube(
            io.StringIO(), small, np.zeros(small.shape), WATER, quantity="charge", element=8, model="m", look=give_up
        )


@pytest.mark.parametrize("format", ["glb", "stl", "csv"])
def test_a_surface_that_is_nowhere_is_an_error_and_no_empty_file(format):
    def write(mesh, level):
        return surface_file(
            [mesh], format, WATER, title="water", quantity="potential", levels=[level], scale=ColorScale(1.0)
        )

    with pytest.raises(MalformedInput) as caught:
        write(Mesh.empty("eV"), -0.5)
    assert caught.value.code == "empty_surface"
    assert len(write(envelope(WATER), -0.5)) > 1000
