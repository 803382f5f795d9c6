"""Predictions, charges, fields and surfaces against their definitions."""

import io

import ase.io
import numpy as np
import pytest

from atomlens.chem.molecule import Molecule
from atomlens.errors import Cancelled, InputError, MalformedInput, NotFound, TooLarge
from atomlens.explain.charges import dipole_vectors, neutralized
from atomlens.explain.cube import write_cube
from atomlens.explain.embeddings import principal_components
from atomlens.explain.field import at_points, compute
from atomlens.explain.grid import Grid, grid_around
from atomlens.explain.prediction import explain, predict_batch
from atomlens.explain.surface import envelope, isosurface, values_on
from atomlens.networks.protocol import Batch
from atomlens.units import BOHR_ANGSTROM, HARTREE_EV

WATER = Molecule(np.array([8, 1, 1]), np.array([[0.0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]]))
METHANOL = Molecule(
    np.array([6, 8, 1, 1, 1, 1]),
    np.array([[0, 0, 0], [1.42, 0, 0], [-0.4, 1, 0], [-0.4, -0.5, 0.9], [-0.4, -0.5, -0.9], [1.7, 0.9, 0]]),
)
ENERGIES = ["qm9-bp-energy", "qm9-schnet-energy"]
DIPOLES = ["qm9-bp-dipole", "qm9-schnet-dipole"]


@pytest.mark.parametrize("name", ENERGIES)
def test_contributions_and_references_sum_to_the_total(registry, name):
    prediction = explain(registry.load(name), METHANOL)
    assert prediction.total == pytest.approx((prediction.contributions + prediction.references).sum(), abs=1e-9)
    assert prediction.uncertainty > 0
    assert (prediction.contribution_spread > 0).all()


@pytest.mark.parametrize("name", DIPOLES)
@pytest.mark.parametrize("charge", [0, 1])
def test_charges_sum_to_the_charge_and_make_the_dipole(registry, name, charge):
    molecule = Molecule(METHANOL.numbers, METHANOL.positions, charge=charge)
    prediction = explain(registry.load(name), molecule)
    assert prediction.contributions.sum() == pytest.approx(charge, abs=1e-9)
    assert prediction.references is None
    assert prediction.total == pytest.approx(np.linalg.norm(prediction.vector))
    if charge == 0:
        by_hand = prediction.contributions @ METHANOL.positions * 4.80320471
        np.testing.assert_allclose(prediction.vector, by_hand, rtol=1e-8)


def test_a_charged_molecules_dipole_does_not_move_with_it():
    rng = np.random.default_rng(0)
    raw, vectors = rng.normal(size=(1, 3)), []
    for shift in (0.0, 7.0):
        batch = Batch(WATER.numbers, WATER.positions + shift, np.array([0, 3]), np.array([1]))
        vectors.append(dipole_vectors(neutralized(raw, batch), batch))
    np.testing.assert_allclose(*vectors, atol=1e-10)


@pytest.mark.parametrize("name", ENERGIES + DIPOLES)
def test_a_batch_says_what_each_molecule_says_and_nan_where_an_element_is_unknown(registry, name):
    model = registry.load(name)
    chloride = Molecule(np.array([17, 1]), np.array([[0, 0, 0], [0, 0, 1.3]]))
    many = predict_batch(model, Batch.of([WATER, chloride, METHANOL]))
    assert many.unknown == 1
    assert np.isnan(many.total[1])
    assert np.isnan(many.contributions[3:5]).all()
    for place, molecule, where in ((0, WATER, slice(0, 3)), (2, METHANOL, slice(5, 11))):
        alone = explain(model, molecule)
        assert many.total[place] == pytest.approx(alone.total, rel=1e-12)
        np.testing.assert_allclose(many.contributions[where], alone.contributions, rtol=1e-9)
        assert many.uncertainty[place] == pytest.approx(alone.uncertainty, rel=1e-9)


@pytest.mark.parametrize("name", ENERGIES + DIPOLES)
def test_a_field_is_the_probe_at_every_point_and_a_constant_far_away(registry, name):
    model = registry.load(name)
    grid = grid_around(WATER, spacing=0.9, margin=6.0)
    quantity = "potential" if model.quantity == "energy" else "charge"
    field = compute(model, WATER, quantity, [1, 8], grid)
    exact = at_points(model, WATER, grid.points(), [1, 8], "float64")
    np.testing.assert_allclose(field.values.reshape(2, -1), exact, atol=2e-5 * np.abs(exact).max() + 1e-6)
    if quantity == "potential":
        assert field.values[0, 0, 0, 0] == 0.0
    else:
        raw = model.outputs(Batch.of([WATER])).outputs.mean(0)
        assert field.values[0, 0, 0, 0] == pytest.approx(field.at_infinity[0] - raw.mean(), abs=1e-6)
    summary = field.summary()["O"]
    assert summary["minimum"] <= summary["suggested_isovalue"] <= summary["maximum"]
    assert sum(summary["histogram"]["counts"]) > 0


def test_a_field_reports_progress_and_can_be_cancelled(registry):
    model, seen = registry.load("qm9-schnet-energy"), []
    compute(model, WATER, "potential", [1], grid_around(WATER, spacing=0.3), progress=seen.append)
    assert seen[-1] == 1.0
    with pytest.raises(Cancelled):
        compute(model, WATER, "potential", [1], grid_around(WATER, spacing=0.3), cancelled=lambda: True)


def test_a_model_without_the_quantity_says_so(registry):
    with pytest.raises(InputError, match="no charge field"):
        compute(registry.load("qm9-bp-energy"), WATER, "charge", [1], grid_around(WATER, spacing=1.0))


def test_a_grid_covers_the_box_and_its_margin():
    grid = grid_around(METHANOL, spacing=0.25, margin=2.0)
    points = grid.points()
    assert (points.min(0) <= METHANOL.positions.min(0) - 2.0 + 0.25).all()
    assert (points.max(0) >= METHANOL.positions.max(0) + 2.0 - 0.25).all()
    assert points.shape == (grid.n_points, 3)
    np.testing.assert_allclose(points[1] - points[0], [0, 0, 0.25], atol=1e-12)


def test_a_grid_that_is_too_large_names_the_finest_allowed_which_is_then_allowed():
    with pytest.raises(TooLarge) as caught:
        grid_around(METHANOL, spacing=0.01, max_points=50_000)
    finest = float(caught.value.hint.split()[-2])
    assert grid_around(METHANOL, spacing=finest, max_points=50_000).n_points > 30_000


@pytest.mark.parametrize(
    "wrong",
    [{}, {"spacing": -1.0}, {"spacing": float("nan")}, {"shape": (1, 5, 5)}, {"spacing": 1.0, "margin": -1}],
)
def test_a_grid_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(MalformedInput):
        grid_around(METHANOL, **wrong)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_isosurface_of_the_distance_is_a_sphere(sign):
    n = 41
    grid = Grid((-3.0, -3.0, -3.0), (0.15, 0.15, 0.15), (n, n, n))
    values = sign * np.linalg.norm(grid.points(), axis=1).reshape(n, n, n)
    mesh = isosurface(grid, values.astype(np.float32), sign * 2.0)
    radius = np.linalg.norm(mesh.positions, axis=1)
    assert np.abs(radius - 2.0).max() < 0.003
    inward_or_out = (mesh.normals * mesh.positions).sum(1) / radius
    np.testing.assert_allclose(np.abs(inward_or_out), 1.0, atol=1e-3)
    a, b, c = (mesh.positions[mesh.triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    assert ((face * mesh.normals[mesh.triangles[:, 0]]).sum(1) > 0).all()
    assert np.linalg.norm(face, axis=1).sum() / 2 == pytest.approx(4 * np.pi * 4.0, rel=5e-3)


def test_a_lobe_of_high_values_has_normals_that_point_out():
    n = 31
    grid = Grid((-3.0, -3.0, -3.0), (0.2, 0.2, 0.2), (n, n, n))
    values = np.exp(-(np.linalg.norm(grid.points(), axis=1) ** 2)).reshape(n, n, n)
    for sign in (1.0, -1.0):
        mesh = isosurface(grid, sign * values, sign * 0.4)
        assert ((mesh.normals * mesh.positions).sum(1) > 0).all()


def test_a_level_that_is_never_reached_gives_an_empty_mesh():
    grid = Grid((0, 0, 0), (1, 1, 1), (3, 3, 3))
    mesh = isosurface(grid, np.zeros((3, 3, 3)), 1.0)
    assert len(mesh.positions) == len(mesh.triangles) == 0
    assert len(mesh.to_bytes()) == 8


def test_the_envelope_of_one_atom_is_a_sphere_and_lies_on_its_level_for_many():
    atom = Molecule(np.array([8]), np.array([[1.0, 2.0, 3.0]]))
    radius = np.linalg.norm(envelope(atom).positions - [1.0, 2.0, 3.0], axis=1)
    np.testing.assert_allclose(radius, 1 / np.sqrt(3.8), atol=1e-5)
    mesh = envelope(METHANOL)
    away = mesh.positions[:, None].astype(float) - METHANOL.positions
    np.testing.assert_allclose((1 / (away**2).sum(-1)).sum(1), 3.8, rtol=1e-4)
    a, b, c = (mesh.positions[mesh.triangles[:, k]].astype(float) for k in range(3))
    volume = (np.cross(a, b) * c).sum() / 6
    assert volume > 0


def test_values_on_a_surface_are_those_of_the_field():
    n = 31
    grid = Grid((-3.0, -3.0, -3.0), (0.2, 0.2, 0.2), (n, n, n))
    field = (grid.points() @ np.array([0.3, -0.2, 0.5])).reshape(n, n, n)
    mesh = values_on(envelope(WATER), grid, field, "eV")
    np.testing.assert_allclose(mesh.values, mesh.positions @ np.array([0.3, -0.2, 0.5]), atol=1e-4)
    decoded = np.frombuffer(mesh.to_bytes()[:8], "<i4")
    assert decoded.tolist() == [len(mesh.positions), len(mesh.triangles)]
    assert len(mesh.to_bytes()) == 8 + 28 * decoded[0] + 12 * decoded[1]
    assert len(mesh.to_dict()["indices"]) == 3 * len(mesh.triangles)


def test_a_cube_file_is_read_back_by_ase(registry, tmp_path):
    grid = grid_around(WATER, spacing=0.7)
    field = compute(registry.load("qm9-schnet-energy"), WATER, "potential", [6], grid)
    text = io.StringIO()
    write_cube(text, field, 6, WATER, "qm9-schnet-energy")
    path = tmp_path / "water.cube"
    path.write_text(text.getvalue())
    content = ase.io.read(path, read_data=True, full_output=True, format="cube")
    np.testing.assert_allclose(content["data"] * HARTREE_EV, field.values[0], atol=1e-5)
    np.testing.assert_allclose(content["atoms"].positions, WATER.positions, atol=1e-6)
    np.testing.assert_allclose(np.array(content["origin"])[:3], grid.origin, atol=1e-5)
    assert pytest.approx(0.529177210903) == BOHR_ANGSTROM


def test_principal_components_keep_all_variance_and_exist_for_schnet_alone(registry):
    found = principal_components(registry.load("qm9-schnet-energy"))
    assert found["elements"] == ["H", "C", "N", "O"]
    assert sum(found["explained_variance"]) == pytest.approx(1.0)
    assert found["explained_variance"] == sorted(found["explained_variance"], reverse=True)
    with pytest.raises(NotFound):
        principal_components(registry.load("qm9-bp-energy"))
