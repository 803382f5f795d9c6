"""Isosurfaces and envelopes against closed forms."""

import numpy as np
import pytest
from closed_form import GaussianModel
from hypothesis import example, given, settings
from hypothesis import strategies as st
from molecules import METHANOL, WATER

from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError, MalformedInput
from atomlens.explain.field import at_points, compute
from atomlens.explain.grid import Grid, grid_around
from atomlens.explain.surface import (
    envelope,
    envelope_values,
    isosurface,
    molecule_envelope,
    values_on,
    van_der_waals_envelope,
)


def cube(n, half):
    step = 2 * half / (n - 1)
    return Grid((-half, -half, -half), (step, step, step), (n, n, n))


def faces(mesh):
    corners = mesh.positions.astype(float)[mesh.triangles.astype(int)]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def volume(mesh):
    a, b, c = (mesh.positions.astype(float)[mesh.triangles[:, k]] for k in range(3))
    return (np.cross(a, b) * c).sum() / 6


def is_closed(mesh):
    """Every edge belongs to two triangles that run along it in opposite directions."""
    edges = np.concatenate([mesh.triangles[:, [i, (i + 1) % 3]] for i in range(3)]).astype(np.int64)
    forward = np.sort(edges[:, 0] * len(mesh.positions) + edges[:, 1])
    backward = np.sort(edges[:, 1] * len(mesh.positions) + edges[:, 0])
    return len(np.unique(forward)) == len(forward) and (forward == backward).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_isosurface_of_the_distance_is_a_sphere(sign):
    grid = cube(41, 3.0)
    assert grid.spacing[0] == pytest.approx(0.15)
    values = sign * np.linalg.norm(grid.points(), axis=1).reshape(grid.shape)
    mesh = isosurface(grid, values.astype(np.float32), sign * 2.0)
    radius = np.linalg.norm(mesh.positions, axis=1)
    assert np.abs(radius - 2.0).max() < 0.003
    # out is away from the centre, whichever way the field runs
    np.testing.assert_allclose((mesh.normals * mesh.positions).sum(1) / radius, 1.0, atol=1e-3)
    assert ((faces(mesh) * mesh.normals[mesh.triangles[:, 0]]).sum(1) > 0).all()
    assert np.linalg.norm(faces(mesh), axis=1).sum() / 2 == pytest.approx(4 * np.pi * 4.0, rel=5e-3)
    assert volume(mesh) == pytest.approx(4 / 3 * np.pi * 8.0, rel=1e-2)
    assert is_closed(mesh)
    np.testing.assert_allclose(mesh.values, sign * 2.0)


@pytest.mark.parametrize("shift", [(0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.25, 0.0, 0.75), (0.1, 0.9, 0.37), (0.5, 0, 0)])
def test_the_sphere_is_as_good_wherever_its_centre_falls_in_a_cell(shift):
    # the contract: 2.000 Å on a grid of 0.15 Å within 0.003 Å
    origin = -3.0 - 0.15 * np.array(shift)
    grid = Grid(tuple(origin), (0.15, 0.15, 0.15), (42, 42, 42))
    values = np.linalg.norm(grid.points(), axis=1).reshape(grid.shape).astype(np.float32)
    mesh = isosurface(grid, values, 2.0)
    radius = np.linalg.norm(mesh.positions, axis=1)
    assert len(radius) > 2000
    assert np.abs(radius - 2.0).max() < 0.003
    cosine = (mesh.normals * mesh.positions).sum(1) / radius
    assert np.degrees(np.arccos(np.minimum(cosine, 1.0))).max() < 2.0
    assert is_closed(mesh)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_lobe_has_normals_that_point_out(sign):
    grid = cube(31, 3.0)
    values = np.exp(-(np.linalg.norm(grid.points(), axis=1) ** 2)).reshape(grid.shape)
    mesh = isosurface(grid, sign * values, sign * 0.4)
    assert ((mesh.normals * mesh.positions).sum(1) > 0).all()
    assert volume(mesh) > 0


@settings(max_examples=15, deadline=None)
@given(centre=st.tuples(*[st.floats(-0.5, 0.5)] * 3), radius=st.floats(0.8, 2.2), spacing=st.floats(0.1, 0.2))
@example(centre=(0.0, 0.0, 0.5), radius=2.1875, spacing=0.171875)  # ends within two cells of the border of the box
def test_every_sphere_is_found_wherever_it_lies_on_the_grid(centre, radius, spacing):
    n = int(6.0 / spacing) + 1  # the box ends less than a cell before 3, and beyond every sphere
    grid = Grid((-3.0, -3.0, -3.0), (spacing, spacing, spacing), (n, n, n))
    values = np.linalg.norm(grid.points() - centre, axis=1).reshape(grid.shape)
    mesh = isosurface(grid, values, radius)
    np.testing.assert_allclose(np.linalg.norm(mesh.positions - centre, axis=1), radius, atol=0.003)
    assert is_closed(mesh)


def test_unequal_spacings_are_respected():
    grid = Grid((-3.0, -3.0, -3.0), (0.1, 0.15, 0.2), (61, 41, 31))
    values = np.linalg.norm(grid.points(), axis=1).reshape(grid.shape)
    mesh = isosurface(grid, values, 2.0)
    np.testing.assert_allclose(np.linalg.norm(mesh.positions, axis=1), 2.0, atol=0.003)
    np.testing.assert_allclose(mesh.normals, mesh.positions / 2.0, atol=2e-3)


def test_a_level_that_is_never_reached_gives_an_empty_mesh():
    grid = Grid((0, 0, 0), (1, 1, 1), (3, 3, 3))
    for level in (-1.0, 0.0, 1.0):
        mesh = isosurface(grid, np.zeros((3, 3, 3)), level, "eV")
        assert len(mesh.positions) == len(mesh.triangles) == 0
        assert mesh.to_bytes() == bytes(8)
        assert mesh.to_dict() == {"positions": [], "normals": [], "values": [], "indices": [], "unit": "eV"}


def test_a_level_that_is_no_number_is_refused():
    with pytest.raises(MalformedInput):
        isosurface(cube(5, 1.0), np.zeros((5, 5, 5)), float("nan"))


def test_the_smallest_grid_has_a_surface():
    grid = Grid((0, 0, 0), (1, 1, 1), (2, 2, 2))
    mesh = isosurface(grid, grid.points()[:, 0].reshape(2, 2, 2), 0.5)
    np.testing.assert_allclose(mesh.positions[:, 0], 0.5, atol=1e-6)


@pytest.mark.parametrize("level", [1.0, 3.8, 10.0])
def test_the_envelope_of_one_atom_is_a_sphere(level):
    atom = Molecule(np.array([8]), np.array([[1.0, 2.0, 3.0]]))
    mesh = envelope(atom, level)
    away = mesh.positions - [1.0, 2.0, 3.0]
    np.testing.assert_allclose(np.linalg.norm(away, axis=1), 1 / np.sqrt(level), atol=1e-5)
    np.testing.assert_allclose(mesh.normals, away * np.sqrt(level), atol=1e-4)
    assert is_closed(mesh)
    assert volume(mesh) > 0


def test_the_envelope_lies_on_its_level():
    mesh = envelope(METHANOL)
    away = mesh.positions[:, None].astype(float) - METHANOL.positions
    np.testing.assert_allclose((1 / (away**2).sum(-1)).sum(1), 3.8, rtol=1e-4)
    assert is_closed(mesh)
    assert volume(mesh) > 0


def test_the_van_der_waals_envelope_of_one_atom_is_its_sphere_and_of_two_far_atoms_two():
    # Alvarez: oxygen 1.50 Å, carbon 1.77 Å
    atom = Molecule(np.array([8]), np.zeros((1, 3)))
    mesh = van_der_waals_envelope(atom, 0.8)
    np.testing.assert_allclose(np.linalg.norm(mesh.positions, axis=1), 1.2, atol=1e-5)
    np.testing.assert_allclose(mesh.normals, mesh.positions / 1.2, atol=1e-4)
    two = van_der_waals_envelope(Molecule(np.array([8, 6]), np.array([[0.0, 0, 0], [9.0, 0, 0]])))
    first, second = (np.linalg.norm(two.positions - c, axis=1) for c in ([0, 0, 0], [9.0, 0, 0]))
    np.testing.assert_allclose(np.where(first < second, first - 1.50, second - 1.77), 0.0, atol=1e-4)
    assert is_closed(two)


def test_the_envelope_of_a_large_molecule_stays_near_its_atoms():
    line = np.zeros((100, 3))
    line[:, 0] = 1.3 * np.arange(100)
    line[:, 1] = np.where(np.arange(100) % 2, 0.4, 0.0)
    large = Molecule(np.full(100, 6), line)
    mesh = molecule_envelope(large)
    nearest = np.linalg.norm(mesh.positions[:, None] - line, axis=2).min(1)
    assert nearest.max() < 2.3
    assert len(mesh.positions) > 1000
    assert is_closed(mesh)
    # up to thirty atoms it is the surface of inverse squares
    assert (molecule_envelope(METHANOL).positions == envelope(METHANOL).positions).all()


@pytest.mark.parametrize("level", [0.0, -1.0, float("nan"), 1e6])
def test_an_envelope_that_makes_no_sense_is_refused(level):
    with pytest.raises(MalformedInput):
        envelope(WATER, level)
    with pytest.raises(MalformedInput):
        van_der_waals_envelope(WATER, level)


def test_values_on_a_surface_are_those_of_the_field():
    grid = cube(31, 3.0)
    field = (grid.points() @ np.array([0.3, -0.2, 0.5])).reshape(grid.shape)
    mesh = values_on(envelope(WATER), grid, field, "eV")
    np.testing.assert_allclose(mesh.values, mesh.positions @ np.array([0.3, -0.2, 0.5]), atol=1e-4)
    assert mesh.unit == "eV"


def test_beyond_its_box_a_field_has_the_value_of_the_nearest_point_of_it():
    mesh = envelope(WATER)
    small = Grid((-0.3, -0.3, -0.3), (0.1, 0.1, 0.1), (7, 7, 7))
    field = (small.points() @ np.array([0.3, -0.2, 0.5])).reshape(small.shape)
    found = values_on(mesh, small, field)
    nearest = np.clip(mesh.positions, -0.3, 0.3)
    np.testing.assert_allclose(found.values, nearest @ np.array([0.3, -0.2, 0.5]), atol=1e-4)


def test_values_of_the_model_on_the_envelope_are_exact_and_interpolation_comes_near():
    model, bare = GaussianModel(), envelope(METHANOL)
    exact = envelope_values(model, METHANOL, "potential", 6, bare)
    np.testing.assert_allclose(
        exact.values, at_points(model, METHANOL, bare.positions.astype(float), [6])[0], atol=1e-5
    )
    assert exact.unit == "eV"
    grid = grid_around(METHANOL, spacing=0.1, margin=2.5)
    between = values_on(bare, grid, compute(model, METHANOL, "potential", [6], grid).of(6))
    np.testing.assert_allclose(between.values, exact.values, atol=0.01)
    with pytest.raises(InputError, match="no charge field"):
        envelope_values(model, METHANOL, "charge", 6, bare)


def test_a_mesh_reads_back_from_its_bytes_as_the_http_contract_says():
    mesh = values_on(envelope(WATER), cube(11, 3.0), np.random.default_rng(0).normal(size=(11, 11, 11)), "e")
    data = mesh.to_bytes()
    n, m = np.frombuffer(data, "<i4", 2)
    assert (n, m) == (len(mesh.positions), len(mesh.triangles))
    floats = np.frombuffer(data, "<f4", 7 * n, offset=8)
    assert (floats[: 3 * n].reshape(-1, 3) == mesh.positions).all()
    assert (floats[3 * n : 6 * n].reshape(-1, 3) == mesh.normals).all()
    assert (floats[6 * n :] == mesh.values).all()
    indices = np.frombuffer(data, "<u4", 3 * m, offset=8 + 28 * n)
    assert (indices.reshape(-1, 3) == mesh.triangles).all()
    assert len(data) == 8 + 28 * n + 12 * m
    assert mesh.to_dict()["indices"] == indices.tolist()
