"""Fields of a probe atom, and the grids that they live on."""

import io
import time

import ase.io
import numpy as np
import pytest
from closed_form import GaussianModel
from hypothesis import given
from hypothesis import strategies as st
from molecules import METHANOL, WATER, moved

from atomlens.chem.molecule import Molecule
from atomlens.errors import Cancelled, InputError, MalformedInput, TooLarge, UnknownElement
from atomlens.explain.cube import write_cube
from atomlens.explain.field import at_points, compute
from atomlens.explain.grid import Grid, grid_around
from atomlens.networks.protocol import Batch
from atomlens.units import HARTREE_EV

MODELS = ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"]


def test_the_potential_of_a_gaussian_model_is_its_sum_of_gaussians():
    grid = grid_around(METHANOL, spacing=0.5)
    field = compute(GaussianModel(), METHANOL, "potential", [1, 8], grid)
    distance = np.linalg.norm(grid.points()[:, None] - METHANOL.positions, axis=2)
    expected = (np.where(distance < 5.0, np.exp(-(distance**2)), 0.0) * METHANOL.numbers).sum(1)
    # the probe's own constant Z is its value at infinity, and is taken off
    np.testing.assert_allclose(field.of(1).ravel(), expected, atol=1e-5)
    np.testing.assert_allclose(field.of(8), field.of(1), atol=1e-5)
    assert field.at_infinity.tolist() == [1.0, 8.0]
    assert field.unit == "eV"


@pytest.mark.parametrize("charge", [0, -1])
def test_the_probe_charge_carries_the_molecules_own_correction(charge):
    ion = moved(WATER, WATER.positions, charge=charge)
    model = GaussianModel("dipole")
    point = np.array([[0.3, 0.2, 2.0]])
    distance = np.linalg.norm(point - ion.positions, axis=1)
    raw_probe = 6 + (np.exp(-(distance**2)) * ion.numbers).sum()
    raw = model.outputs(Batch.of([ion])).outputs[0]
    expected = raw_probe - (raw.sum() - charge) / 3
    assert at_points(model, ion, point, [6], "float64")[0, 0] == pytest.approx(expected, rel=1e-12)
    far = compute(model, ion, "charge", [6], grid_around(ion, shape=(3, 3, 3), margin=10.0))
    assert far.at_infinity[0] == pytest.approx(6 - (raw.sum() - charge) / 3)
    assert far.values[0, 0, 0, 0] == pytest.approx(far.at_infinity[0])


@pytest.mark.parametrize("name", MODELS)
def test_a_field_is_the_probe_at_every_point_and_a_constant_far_away(registry, name):
    model = registry.load(name)
    grid = grid_around(WATER, spacing=0.9, margin=6.0)
    quantity = "potential" if model.quantity == "energy" else "charge"
    field = compute(model, WATER, quantity, [1, 8], grid)
    exact = at_points(model, WATER, grid.points(), [1, 8], "float64")
    np.testing.assert_allclose(field.values.reshape(2, -1), exact, atol=2e-5 * np.abs(exact).max() + 1e-6)
    infinite = 0.0 if quantity == "potential" else field.at_infinity[0]
    assert field.values[0, 0, 0, 0] == pytest.approx(infinite, abs=1e-6)


def test_points_beyond_the_cutoff_are_never_computed():
    model, grid = GaussianModel(), grid_around(WATER, spacing=1.0, margin=9.0)
    compute(model, WATER, "potential", [1], grid)
    distance = np.linalg.norm(grid.points()[:, None] - WATER.positions, axis=2).min(1)
    assert model.probed == (distance < model.cutoff).sum() < grid.n_points


@pytest.mark.parametrize("block", [17, 1_000_000])
def test_the_size_of_a_block_changes_nothing(block):
    grid = grid_around(WATER, spacing=0.8)
    whole = compute(GaussianModel(), WATER, "potential", [1], grid)
    cut = compute(GaussianModel(), WATER, "potential", [1], grid, block_points=block)
    assert (cut.values == whole.values).all()


@pytest.mark.parametrize("name", MODELS)
def test_on_top_of_an_atom_beside_it_and_alone_a_probe_has_a_finite_value(registry, name):
    model = registry.load(name)
    atoms = METHANOL.positions
    points = np.concatenate([atoms, atoms + 1e-9, 0.5 * (atoms[:1] + atoms[1:]), [[0.0, 0.0, 500.0]]])
    for precision in ("float32", "float64"):
        values = at_points(model, METHANOL, points, [1, 6, 7, 8], precision)
        assert np.isfinite(values).all()
        if model.family == "schnet":
            # no jump: on an atom is as just beside it; angles at an atom (BP) have no limit there and count as 0
            on, beside = values[:, : len(atoms)], values[:, len(atoms) : 2 * len(atoms)]
            np.testing.assert_allclose(on, beside, rtol=1e-3, atol=1e-3)
        if model.quantity == "energy":
            # alone it is what the field is measured from
            np.testing.assert_allclose(values[:, -1], 0.0, atol=1e-4)


class SlowModel(GaussianModel):
    """A fifth of a millisecond a point, as a large molecule on a busy machine may cost."""

    def probe(self, molecule, points, elements, precision="float32"):
        time.sleep(2e-4 * len(points))
        return super().probe(molecule, points, elements, precision)


def test_however_slow_a_model_is_it_looks_for_a_cancellation_twice_a_second():
    looks = []

    def cancelled():
        looks.append(time.perf_counter())
        return looks[-1] - looks[0] > 4.0

    with pytest.raises(Cancelled):
        compute(SlowModel(), WATER, "potential", [1], grid_around(WATER, shape=(48, 48, 48)), cancelled=cancelled)
    assert np.diff(looks).max() < 0.5
    # and it does not ask before every point
    assert len(looks) < 40


def test_the_summary_of_a_field_can_be_given_up():
    field = compute(GaussianModel(), WATER, "potential", [1, 6], grid_around(WATER, shape=(9, 9, 9)))

    def give_up():
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        field.summary(look=give_up)


def test_a_field_reports_progress_and_can_be_cancelled():
    grid, seen = grid_around(WATER, spacing=0.4), []
    compute(GaussianModel(), WATER, "potential", [1], grid, progress=seen.append, block_points=500)
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert seen[-1] == 1.0
    done = []
    with pytest.raises(Cancelled):
        compute(
            GaussianModel(),
            WATER,
            "potential",
            [1],
            grid,
            progress=done.append,
            cancelled=lambda: len(done) == 2,
            block_points=500,
        )
    assert len(done) == 2


def test_a_field_that_is_given_up_early_asks_the_network_for_no_point():
    # sorting out the points of a fine grid takes seconds: it looks at the cancellation, too
    model, looks = GaussianModel(), []
    with pytest.raises(Cancelled):
        compute(
            model,
            WATER,
            "potential",
            [1],
            grid_around(WATER, spacing=0.08),
            cancelled=lambda: bool(looks.append(1)) or len(looks) == 2,
        )
    assert (len(looks), model.probed) == (2, 0)


def test_a_field_that_cannot_be_is_refused(registry):
    grid = grid_around(WATER, spacing=1.0)
    with pytest.raises(InputError, match="no charge field"):
        compute(registry.load("qm9-bp-energy"), WATER, "charge", [1], grid)
    with pytest.raises(InputError, match="no potential field"):
        compute(registry.load("qm9-bp-dipole"), WATER, "potential", [1], grid)
    with pytest.raises(MalformedInput, match="at least one element"):
        compute(registry.load("qm9-bp-energy"), WATER, "potential", [], grid)
    with pytest.raises(UnknownElement):
        compute(registry.load("qm9-bp-energy"), WATER, "potential", [17], grid)
    with pytest.raises(InputError, match="not computed for C"):
        compute(GaussianModel(), WATER, "potential", [1], grid).of(6)


@pytest.mark.parametrize("name", MODELS)
def test_a_summary_has_the_range_of_the_grid_and_a_level_outside_the_cores(registry, name):
    model, grid = registry.load(name), grid_around(METHANOL, spacing=0.4)
    quantity = "potential" if model.quantity == "energy" else "charge"
    field = compute(model, METHANOL, quantity, [8, 1], grid)
    summary = field.summary()
    assert list(summary) == ["O", "H"]
    for place, entry in enumerate(summary.values()):
        values = field.values[place].ravel()
        assert (entry["minimum"], entry["maximum"]) == (values.min(), values.max())
        edges, counts = entry["histogram"]["edges"], entry["histogram"]["counts"]
        assert len(edges) == len(counts) + 1 == 65
        assert edges[0] <= entry["suggested_isovalue"] <= edges[-1]
        assert sum(counts) >= 0.995 * field.outside_core.sum()
        shell = values[field.in_shell]
        beyond = (shell <= entry["suggested_isovalue"]).mean()
        assert min(beyond, 1 - beyond) == pytest.approx(0.08, abs=0.01)


def test_extreme_values_at_the_nuclei_do_not_set_the_histogram():
    grid = grid_around(WATER, spacing=0.2)
    field = compute(GaussianModel(), WATER, "potential", [1], grid)
    summary = field.summary()["H"]
    assert summary["maximum"] > 8.0
    assert summary["histogram"]["edges"][-1] < 3.0
    distance = np.linalg.norm(grid.points() - WATER.positions[0], axis=1)
    # Alvarez's radius of oxygen is 1.50 Å
    assert not field.outside_core[distance < 0.8 * 1.50].any()


def test_a_constant_field_still_has_a_summary():
    atom = Molecule(np.array([1]), np.zeros((1, 3)))
    grid = Grid((20.0, 20.0, 20.0), (1.0, 1.0, 1.0), (3, 3, 3))
    summary = compute(GaussianModel(), atom, "potential", [1], grid).summary()["H"]
    assert summary["minimum"] == summary["maximum"] == 0.0
    assert sum(summary["histogram"]["counts"]) == 27


@given(spacing=st.floats(0.2, 2.0), margin=st.floats(0.0, 5.0))
def test_a_grid_covers_the_box_and_its_margin(spacing, margin):
    grid = grid_around(METHANOL, spacing=spacing, margin=margin)
    points = grid.points()
    low, high = METHANOL.positions.min(0) - margin, METHANOL.positions.max(0) + margin
    assert (points.min(0) <= low + 1e-6).all()
    assert (points.max(0) >= high - 1e-6).all()
    # no more than a step too much in all, shared by both sides
    assert (points.max(0) - points.min(0) <= high - low + spacing + 0.011).all()
    np.testing.assert_allclose((points.min(0) + points.max(0)) / 2, (low + high) / 2, atol=0.011)
    np.testing.assert_allclose(points[1] - points[0], [0, 0, spacing], atol=1e-9)


def test_a_grid_by_shape_ends_at_the_margin_and_comes_in_blocks():
    grid = grid_around(METHANOL, shape=(5, 6, 7), margin=2.0)
    points = grid.points()
    assert grid.shape == (5, 6, 7)
    np.testing.assert_allclose(points.min(0), METHANOL.positions.min(0) - 2.0)
    np.testing.assert_allclose(points.max(0), METHANOL.positions.max(0) + 2.0)
    np.testing.assert_allclose(np.concatenate([grid.points(b) for b in grid.blocks(11)]), points)
    np.testing.assert_allclose(grid.index_of(points[[0, 1, 7, 209]]), [[0, 0, 0], [0, 0, 1], [0, 1, 0], [4, 5, 6]])


@pytest.mark.parametrize("molecule", [METHANOL, WATER, moved(WATER, WATER.positions * [0, 1, 1])])
@pytest.mark.parametrize("margin", [0.0, 3.0])
def test_a_grid_that_is_too_large_names_the_finest_allowed_which_is_then_allowed(molecule, margin):
    with pytest.raises(TooLarge) as caught:
        grid_around(molecule, spacing=0.001, margin=margin, max_points=50_000)
    assert caught.value.code == "grid_too_large"
    finest = float(caught.value.hint.split()[-2])
    assert grid_around(molecule, spacing=finest, margin=margin, max_points=50_000).n_points <= 50_000
    with pytest.raises(TooLarge):
        grid_around(molecule, spacing=finest - 0.001, margin=margin, max_points=50_000)
    coarser = grid_around(molecule, spacing=0.001, margin=margin, max_points=50_000, coarser=True)
    assert coarser.spacing == pytest.approx((finest,) * 3)
    usual = grid_around(molecule, spacing=2 * finest, margin=margin, max_points=50_000)
    assert grid_around(molecule, spacing=2 * finest, margin=margin, max_points=50_000, coarser=True) == usual


def test_a_shape_that_is_too_large_names_the_largest_cube():
    with pytest.raises(TooLarge, match="1,000,000,000") as caught:
        grid_around(WATER, shape=(1000, 1000, 1000), max_points=27_000)
    assert "30 × 30 × 30" in caught.value.hint
    assert grid_around(WATER, shape=(30, 30, 30), max_points=27_000).n_points == 27_000


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"spacing": 1.0, "shape": (3, 3, 3)},
        {"spacing": -1.0},
        {"spacing": 0.0},
        {"spacing": float("nan")},
        {"spacing": float("inf")},
        {"shape": (1, 5, 5)},
        {"shape": (5, 5)},
        {"shape": (5.5, 5, 5)},
        {"shape": (True, 5, 5)},
        {"spacing": 1.0, "margin": -1},
        {"spacing": 1.0, "margin": float("nan")},
        {"spacing": 1.0, "margin": 1e6},
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(MalformedInput):
        grid_around(METHANOL, **wrong)


@pytest.mark.parametrize(("quantity", "factor"), [("potential", HARTREE_EV), ("charge", 1.0)])
def test_a_cube_file_is_read_back_by_ase(quantity, factor, tmp_path):
    # far from the origin columns are wide
    molecule = moved(WATER, WATER.positions + np.array([-4000.0, 0.0, 200.0]))
    grid = grid_around(molecule, spacing=0.7)
    model = GaussianModel("energy" if quantity == "potential" else "dipole")
    field = compute(model, molecule, quantity, [6], grid)
    text = io.StringIO()
    write_cube(text, grid, field.of(6), molecule, quantity=quantity, element=6, model=model.name)
    path = tmp_path / "water.cube"
    path.write_text(text.getvalue())
    content = ase.io.read(path, read_data=True, full_output=True, format="cube")
    np.testing.assert_allclose(content["data"] * factor, field.values[0], rtol=2e-6, atol=1e-6)
    np.testing.assert_allclose(content["atoms"].positions, molecule.positions, atol=1e-6)
    assert content["atoms"].numbers.tolist() == [8, 1, 1]
    np.testing.assert_allclose(np.array(content["origin"])[:3], grid.origin, atol=1e-5)
    np.testing.assert_allclose(np.diag(content["spacing"]), grid.spacing, atol=1e-7)
    assert ("Ha" if quantity == "potential" else " e") in text.getvalue().splitlines()[0]
