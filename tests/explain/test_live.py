"""A molecule in motion: coarse surfaces are those of the whole grid, and fields of mixtures begin and end right."""

import numpy as np
import pytest

from atomlens.chem.molecule import Molecule
from atomlens.chem.smiles import read_smiles
from atomlens.errors import MalformedInput
from atomlens.explain.alchemy import Change, Path
from atomlens.explain.field import at_points, compute
from atomlens.explain.grid import grid_around
from atomlens.explain.live import coarse_grid, near_levels, near_plane, surfaces
from atomlens.explain.surface import isosurface
from atomlens.networks.registry import ModelRegistry
from tiny import tiny_models_dir

NAMES = ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"]


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    return ModelRegistry(tiny_models_dir(tmp_path_factory.mktemp("live")))


@pytest.fixture(scope="module")
def acetamide():
    return read_smiles("CC(=O)N", 100)


def test_only_what_is_near_the_level_is_computed_and_the_surface_is_that_of_all(acetamide):
    def at(points):
        computed.append(len(points))
        away = np.linalg.norm(points[:, None] - acetamide.positions, axis=2)
        return np.exp(-((away / 1.1) ** 2)).sum(1)

    grid, computed = coarse_grid(acetamide), []
    assert all(n % 2 == 1 for n in grid.shape)
    assert 15_000 < grid.n_points < 40_000
    sparse = near_levels(grid, at, [0.3, 0.05])
    assert sum(computed) < 0.7 * grid.n_points
    whole = at(grid.points()).reshape(grid.shape).astype(np.float32)
    for level in (0.3, 0.05):
        quick, full = (isosurface(grid, values, level, quick=True) for values in (sparse, whole))
        assert len(full.positions) > 500
        np.testing.assert_array_equal(quick.positions, full.positions)
        assert (np.abs(at(full.positions.astype(np.float64)) - level) < 0.1 * level).mean() > 0.95
        assert np.linalg.norm(full.normals, axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fine", [False, True])
def test_surfaces_lie_where_the_field_has_the_level(registry, acetamide, name, fine):
    model = registry.load(name)
    grid = grid_around(acetamide, spacing=0.5)
    quantity = "potential" if model.quantity == "energy" else "charge"
    level = float(np.quantile(compute(model, acetamide, quantity, [6], grid).values, 0.3))
    (mesh,) = surfaces(model, acetamide, 6, isovalues=[level], fine=fine)
    found = at_points(model, acetamide, mesh.positions.astype(np.float64), [6])[0]
    varies = np.ptp(compute(model, acetamide, quantity, [6], grid).values)
    assert len(mesh.positions) > 100
    assert np.quantile(np.abs(found - level), 0.95) < (0.002 if fine else 0.03) * varies
    (painted,) = surfaces(model, acetamide, 6, envelope_level=3.8, fine=fine)
    exact = at_points(model, acetamide, painted.positions.astype(np.float64), [6])[0]
    np.testing.assert_allclose(painted.values, exact, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_coarse_field_about_a_plane_has_what_cubics_through_it_need(registry, acetamide, name):
    model = registry.load(name)
    origin, normal = acetamide.positions.mean(0), np.array([0.3, -0.8, 1.2])
    grid, values = near_plane(model, acetamide, 6, origin, normal)
    exact = at_points(model.lightest(), acetamide, grid.points(), [6])[0].reshape(grid.shape)
    away = ((grid.points() - origin) @ normal / np.linalg.norm(normal)).reshape(grid.shape)
    near = np.abs(away) < 2.0 * min(grid.spacing)
    np.testing.assert_allclose(values[near], exact[near], atol=1e-5)
    assert (values != 0).mean() < 0.5
    # every grid point that a cubic at a point of the plane takes has its value
    inside = np.random.default_rng(0).uniform(3.0, np.array(grid.shape) - 4.0, (200, 3)) * grid.spacing + grid.origin
    on_plane = inside - ((inside - origin) @ normal / (normal @ normal))[:, None] * normal
    first = np.floor(grid.index_of(on_plane)).astype(int) - 1
    kept = first[((first >= 0) & (first + 3 < np.array(grid.shape))).all(1)]
    assert len(kept) > 50
    for i, j, k in kept:
        block = slice(i, i + 4), slice(j, j + 4), slice(k, k + 4)
        np.testing.assert_allclose(values[block], exact[block], atol=1e-5)
    fine_grid, whole = near_plane(model, acetamide, 6, origin, normal, fine=True)
    points = fine_grid.points(np.arange(0, fine_grid.n_points, 997))
    np.testing.assert_allclose(whole.ravel()[::997], at_points(model, acetamide, points, [6])[0], atol=1e-4)
    with pytest.raises(MalformedInput):
        near_plane(model, acetamide, 6, origin, np.zeros(3))


@pytest.mark.parametrize("name", NAMES)
def test_the_field_on_a_path_begins_and_ends_as_that_of_the_molecules_there(registry, name):
    model, ethanol = registry.load(name), read_smiles("CCO", 100)
    points = np.random.default_rng(1).uniform(-4.0, 4.0, (50, 3))
    gone = len(ethanol) - 1
    path = Path(ethanol, (Change(0, 7), Change(gone, fade="out")), 2)
    keep = np.arange(len(ethanol)) != gone
    numbers = ethanol.numbers.copy()
    numbers[0] = 7
    end = Molecule(numbers[keep], ethanol.positions[keep])
    for share, molecule in ((0.0, ethanol), (1.0, end)):
        mixture = path.mixture(np.array([share]))
        on_path = at_points(model, ethanol, points, [1, 8], "float64", mixture)
        np.testing.assert_allclose(on_path, at_points(model, molecule, points, [1, 8], "float64"), atol=1e-9)
    half = at_points(model, ethanol, points, [1, 8], "float64", path.mixture(np.array([0.5])))
    assert np.abs(half - at_points(model, ethanol, points, [1, 8], "float64")).max() > 1e-4


def test_the_lightest_member_is_the_smallest_alone(registry):
    for name in NAMES:
        model = registry.load(name)
        light = model.lightest()
        assert light.n_members == 1
        assert light.name == model.name
        assert light._members[0].n_weights == min(member.n_weights for member in model._members)
