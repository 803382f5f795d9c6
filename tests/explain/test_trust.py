"""Trust: environments like those of the training data, unusual ones, and strange ones."""

from dataclasses import replace

import numpy as np
import pytest
from closed_form import GaussianModel
from molecules import METHANOL, WATER, moved

from atomlens.chem.connections import (
    connections,
    departures,
    moved_atoms,
    ring_torsions,
    small_rings,
    torn_atoms,
    turned_atoms,
    twists,
)
from atomlens.chem.smiles import read_smiles
from atomlens.explain.prediction import explain
from atomlens.networks import environments
from atomlens.networks.grades import judge
from atomlens.networks.protocol import Batch
from atomlens.networks.trust import ErrorScales, ExpectedError, beyond
from atomlens.networks.volumes import SOFTNESS, Volumes
from atomlens.training.labels.displace import at_angle, puckered, side_of, smaller_side, stretched, turned
from atomlens.units import EV_KCAL_PER_MOL

rng = np.random.default_rng(0)


def normal(n, features=4, scale=(1.0, 0.5, 2.0, 0.1)):
    return rng.normal(size=(n, features)) * scale


NUMBERS = np.repeat([1, 6], 5_000)
TRAINING = np.concatenate([normal(5_000), normal(5_000) + 10.0])
HELD_OUT = np.concatenate([normal(5_000), normal(5_000) + 10.0])
STATISTICS = environments.fit(NUMBERS, TRAINING, NUMBERS, HELD_OUT)


def test_the_distance_of_a_normal_distribution_is_mahalanobis():
    # χ of four degrees of freedom: the square averages 4
    found = environments.distances(STATISTICS, NUMBERS, HELD_OUT)
    assert (found**2).mean() == pytest.approx(4.0, rel=0.05)
    one_sigma = environments.distances(STATISTICS, np.array([1]), np.array([[0.0, 0.5, 0.0, 0.0]]))
    assert one_sigma[0] == pytest.approx(1.0, abs=0.1)


def test_percentiles_of_held_out_atoms_are_uniform():
    found = environments.percentiles(STATISTICS, NUMBERS, HELD_OUT)
    assert np.quantile(found, [0.1, 0.5, 0.9]) == pytest.approx([10, 50, 90], abs=1.0)
    assert found.min() >= 0
    assert environments.percentiles(STATISTICS, np.array([1]), np.full((1, 4), 99.0))[0] == 100.0


def test_an_element_is_judged_by_its_own_atoms():
    here = np.full((2, 4), 10.0)
    near, far = environments.distances(STATISTICS, np.array([6, 1]), here)
    assert near < 1.0 < 5.0 < far


def test_what_leaves_the_plane_of_the_training_data_is_far():
    plane = normal(5_000)[:, :2] @ rng.normal(size=(2, 6))
    numbers = np.full(5_000, 6)
    statistics = environments.fit(numbers[:2500], plane[:2500], numbers[2500:], plane[2500:])
    direction = np.linalg.svd(plane)[2][-1]
    inside, outside = environments.distances(statistics, np.array([6, 6]), np.stack([0 * direction, 0.1 * direction]))
    assert inside < 1.0
    assert outside > 100.0


def test_more_features_than_components_keep_the_rest_as_one_remainder():
    many = rng.normal(size=(4_000, 60))
    numbers = np.full(4_000, 8)
    statistics = environments.fit(numbers, many, numbers, rng.normal(size=(4_000, 60)))
    assert statistics["environments.Z8.axes"].shape == (32, 60)
    assert statistics["environments.Z8.scales"].shape == (33,)
    assert all(array.dtype == np.float32 for array in statistics.values())
    found = environments.distances(statistics, numbers, many)
    assert (found**2).mean() == pytest.approx(33.0, rel=0.02)


def test_elements_without_statistics_have_no_distance():
    assert np.isnan(environments.distances(STATISTICS, np.array([8]), np.zeros((1, 4)))).all()
    assert environments.elements(STATISTICS) == {1, 6}


def test_an_element_without_held_out_atoms_has_no_statistics():
    found = environments.fit(NUMBERS, TRAINING, NUMBERS[:5000], HELD_OUT[:5000])
    assert environments.elements(found) == {int(NUMBERS[0])}


def test_identical_training_atoms_leave_everything_else_far():
    numbers = np.full(10, 1)
    statistics = environments.fit(numbers, np.ones((10, 3)), numbers, np.ones((10, 3)))
    same, other = environments.distances(statistics, np.array([1, 1]), np.array([[1.0, 1, 1], [1, 1, 1.01]]))
    assert same < 1.0 < other


def test_grades_follow_the_distance():
    model = GaussianModel(environments=STATISTICS)
    steps = np.array([[0.0], [3.9], [50.0]]) * [1.0, 0, 0, 0]
    found = judge(model, np.array([1, 1, 1]), steps)
    assert found.grades == ("inside", "unusual", "outside")
    assert found.reasons == (None, "distance", "distance")
    assert (found.grade, found.reason, found.expected_error) == ("outside", "distance", None)
    assert judge(model, np.array([8]), np.zeros((1, 4))).grades == ("outside",)
    held_out = judge(model, NUMBERS, HELD_OUT).grades
    assert held_out.count("inside") / len(held_out) == pytest.approx(0.99, abs=0.002)


@pytest.mark.parametrize(("spread", "grade"), [(0.3, "inside"), (1.5, "unusual"), (9.0, "outside")])
def test_a_dipole_moment_is_no_better_than_its_networks_agree(spread, grade):
    model = GaussianModel(environments=STATISTICS)
    model.quantity = "dipole"
    found = judge(model, np.array([1, 1]), np.zeros((2, 4)), spread)
    assert (found.grade, found.reason) == (grade, None if grade == "inside" else "spread")
    assert (found.grades, found.expected_error) == (("inside", "inside"), None)
    far = judge(model, np.array([1, 1]), np.array([[0.0] * 4, [99.0] * 4]), spread)
    assert (far.grade, far.reason) == ("outside", "distance")


@pytest.mark.parametrize("how", ["torn", "turned", "distorted"])
def test_torn_and_turned_bonds_are_outside_for_models_of_molecules_at_rest_alone(how):
    model = GaussianModel(environments=STATISTICS)
    near = np.zeros((3, 4))
    found = judge(model, np.array([1, 1, 1]), near, moved=(how, how, None))
    assert (found.grades, found.reasons) == (("outside", "outside", "inside"), (how, how, None))
    assert (found.grade, found.reason, found.expected_error) == ("outside", how, None)
    whole = judge(model, np.array([1, 1, 1]), near, moved=(None,) * 3)
    assert (whole.grade, whole.reason) == ("inside", None)
    model.knows_displaced = True
    assert judge(model, np.array([1, 1, 1]), near, moved=(how, how, None)) == whole


def test_a_geometry_that_is_no_minimum_adds_what_was_measured_of_such_ones_to_the_error_of_the_whole():
    strain = 0.5 / EV_KCAL_PER_MOL
    model = GaussianModel(environments=STATISTICS)
    model.error_scales = ErrorScales(1.0, 1e-6, 18.0, strain)
    few, many = (np.ones(n, dtype=int) for n in (3, 12))
    rest = judge(model, many, np.zeros((12, 4)), 0.01)
    assert (rest.grade, rest.reason) == ("inside", None)
    strained = judge(model, many, np.zeros((12, 4)), 0.01, at_rest=False)
    assert (strained.grade, strained.reason, strained.grades) == ("outside", "geometry", rest.grades)
    assert strained.expected_error == pytest.approx(np.hypot(rest.expected_error, 12 * strain))
    assert judge(model, few, np.zeros((3, 4)), 0.01, at_rest=False).grade == "inside"


@pytest.mark.parametrize(
    ("smiles", "bond", "from_degrees"),
    [("CC=CC", (1, 2), 30), ("CN=NC", (1, 2), 30), ("CNC(C)=O", (1, 2), 60), ("COC(C)=O", (1, 2), 60)],
)
def test_a_double_or_conjugated_bond_is_turned_beyond_what_any_molecule_at_rest_shows(smiles, bond, from_degrees):
    molecule = read_smiles(smiles, 100)
    side = smaller_side(len(molecule), np.array([row[:2] for row in molecule.bonds]), *bond)
    for degrees in (0, from_degrees - 10, from_degrees + 10, 90, 170, 180):
        other = replace(molecule, positions=turned(molecule.positions, side, np.radians(degrees)))
        expected = bond if from_degrees < degrees < 180 - from_degrees else ()
        assert tuple(np.flatnonzero(turned_atoms(other))) == expected, degrees


@pytest.mark.parametrize(
    ("smiles", "bond"),
    [("CCCC", (1, 2)), ("C=CC=C", (1, 2)), ("c1ccccc1C", (5, 6)), ("O=C1C(C)CCN1", (2, 3))],
)
def test_bonds_that_turn_by_themselves_have_no_plane(smiles, bond):
    molecule = read_smiles(smiles, 100)
    side = smaller_side(len(molecule), np.array([row[:2] for row in molecule.bonds]), *bond)
    for degrees in (40, 90, 130):
        other = replace(molecule, positions=turned(molecule.positions, side, np.radians(degrees)))
        assert not turned_atoms(other).any()


@pytest.mark.parametrize(
    ("smiles", "ends", "bond", "odd"),
    [("CC=C=CC", (1, 3), (2, 3), False), ("CC=C=C=CC", (1, 4), (3, 4), True), ("C=C=C", (0, 2), (1, 2), False)],
)
def test_ends_of_cumulated_double_bonds_lie_in_one_plane_or_at_right_angles(smiles, ends, bond, odd):
    molecule = read_smiles(smiles, 100)
    assert not turned_atoms(molecule).any(), "force fields do not know it, and it is mended"
    side = smaller_side(len(molecule), np.array([row[:2] for row in molecule.bonds]), *bond)
    for degrees in (20, 45, 90, 135, 160, 180):
        other = replace(molecule, positions=turned(molecule.positions, side, np.radians(degrees)))
        assert tuple(np.flatnonzero(turned_atoms(other))) == (ends if 30 < degrees < 150 else ()), degrees


@pytest.mark.parametrize(
    ("smiles", "corner", "degrees"), [("COC", (0, 1, 2), 175), ("CCO", (1, 2, 8), 175), ("CC=O", (0, 1, 2), 90)]
)
def test_an_angle_as_in_no_molecule_at_rest_is_told(smiles, corner, degrees):
    molecule = read_smiles(smiles, 100)
    assert set(moved_atoms(molecule)) == {None}
    bonds = np.array([row[:2] for row in molecule.bonds])
    angle = (*corner, side_of(len(molecule), bonds, corner[1], corner[2]))
    bent = replace(molecule, positions=at_angle(molecule.positions, angle, np.radians(degrees)))
    assert moved_atoms(bent)[corner[1]] == "distorted"


@pytest.mark.parametrize(
    "smiles", ["C#C", "CC#N", "C1CC1", "C1CCC1", "CC(C)=O", "c1ccncc1", "NC=O", "CCN", "C1CO1", "FC(F)F"]
)
def test_shapes_of_force_fields_are_no_distortions(smiles):
    assert set(moved_atoms(read_smiles(smiles, 100))) == {None}


def test_a_length_as_in_no_molecule_at_rest_is_told():
    water = read_smiles("O", 10)
    assert moved_atoms(water) == (None, None, None)
    for length, found in ((0.90, "distorted"), (0.97, None), (1.10, "distorted"), (1.5, "torn")):
        positions = water.positions.copy()
        positions[1] = positions[0] + length * (positions[1] - positions[0]) / np.linalg.norm(
            positions[1] - positions[0]
        )
        assert moved_atoms(replace(water, positions=positions))[:2] == (found, found), length


def test_a_bond_is_torn_once_it_is_longer_than_any_that_a_geometry_tells():
    water = read_smiles("O", 10)
    assert not torn_atoms(water).any()
    oxygen, hydrogen = water.positions[:2]
    for length, torn in ((1.40, False), (1.45, True)):
        away = (hydrogen - oxygen) / np.linalg.norm(hydrogen - oxygen)
        positions = water.positions.copy()
        positions[1] = oxygen + length * away
        moved = replace(water, positions=positions)
        assert torn_atoms(moved).tolist() == [torn, torn, False]
        assert ((0, 1) in connections(moved.numbers, moved.positions)) is not torn


def test_a_model_without_statistics_gives_no_grade():
    assert explain(GaussianModel(), WATER).trust is None
    assert explain(GaussianModel(error_scales=SCALES), WATER).trust is None


SCALES = ErrorScales(spread=1.0, distance=0.04 / EV_KCAL_PER_MOL**2, atoms=9.0)
HERE = np.zeros((3, 4))


def test_the_shares_of_the_atoms_make_up_the_expected_error_of_the_molecule():
    spreads, ratios = np.array([1.0, 2.0, 2.0]), np.array([0.5, 1.0, 3.0])
    found = ExpectedError.of(ErrorScales(0.25, 0.01, 9.0), 0.6, spreads, ratios)
    # 0.25 · 0.36 is shared as 1 : 4 : 4
    assert found.atoms**2 == pytest.approx(0.01 * np.array([1.0 + 0.0625, 4.0 + 1.0, 4.0 + 81.0]))
    assert found.total**2 == pytest.approx((found.atoms**2).sum())
    assert found.total**2 == pytest.approx(0.25 * 0.36 + 0.01 * (ratios**4).sum())
    # a total errs at least as the ensemble's calibrated spread says, however familiar its atoms
    assert ExpectedError.of(ErrorScales(0.25, 0.01, 9.0), 0.6, spreads, np.zeros(3)).total == pytest.approx(0.6)


def test_the_chance_of_a_large_error_is_laplaces():
    errors = rng.laplace(scale=2.0 / np.sqrt(2.0), size=200_000)
    assert errors.std() == pytest.approx(2.0, rel=0.02)
    assert (np.abs(errors) > 5.0).mean() == pytest.approx(float(beyond(2.0, 5.0)), rel=0.05)
    assert beyond(0.0, 5.0) == 0.0


def test_a_disagreeing_ensemble_makes_a_familiar_molecule_doubtful():
    model = GaussianModel(environments=STATISTICS, error_scales=SCALES)
    numbers, spreads = np.array([1, 1, 1]), np.array([0.001, 0.001, 0.1])
    calm = judge(model, numbers, HERE, 0.01, spreads)
    assert (calm.grade, calm.reason, set(calm.grades)) == ("inside", None, {"inside"})
    doubtful = judge(model, numbers, HERE, 5.0 / EV_KCAL_PER_MOL, spreads)
    assert (doubtful.grade, doubtful.reason) == ("unusual", "spread")
    assert doubtful.of_molecule()["probability"] == pytest.approx(np.exp(-np.sqrt(2.0)), abs=1e-3)
    assert doubtful.reasons == (None, None, "spread")
    assert doubtful.grades == ("inside", "inside", "outside")
    assert judge(model, numbers, HERE, 20.0 / EV_KCAL_PER_MOL, spreads).grade == "outside"


def test_a_molecule_smaller_than_any_that_trained_is_outside():
    model = GaussianModel(environments=STATISTICS, error_scales=SCALES)
    model.atoms_trained = 4
    found = judge(model, np.array([1, 1, 1]), HERE)
    assert (found.grade, found.reason, found.expected_error) == ("outside", "small", None)
    assert (found.grades, found.reasons) == (("outside",) * 3, ("small",) * 3)
    model.atoms_trained = 3
    assert judge(model, np.array([1, 1, 1]), HERE).grade == "inside"


def test_a_strange_atom_makes_its_molecule_strange_whatever_the_ensemble_says():
    model = GaussianModel(environments=STATISTICS, error_scales=SCALES)
    torn = HERE.copy()
    torn[1, 0] = 30.0
    found = judge(model, np.array([1, 1, 1]), torn)
    assert found.grades == ("inside", "outside", "inside")
    assert found.reasons == (None, "distance", None)
    assert (found.grade, found.reason) == ("outside", "distance")
    foreign = judge(model, np.array([1, 8, 1]), HERE)
    assert (foreign.grades, foreign.grade) == (("inside", "outside", "inside"), "outside")
    assert foreign.of_molecule() == {
        "grade": "outside",
        "reason": "distance",
        "expected_error": None,
        "probability": None,
    }


def test_a_distorted_molecule_is_outside_and_an_ordinary_one_inside():
    shaken = [moved(m, m.positions + rng.normal(scale=0.02, size=m.positions.shape)) for m in [WATER, METHANOL] * 500]
    batch = Batch.of(shaken)
    representation = GaussianModel().outputs(batch).representation
    half = batch.offsets[500]
    statistics = environments.fit(
        batch.numbers[:half], representation[:half], batch.numbers[half:], representation[half:]
    )
    model = GaussianModel(environments=statistics)
    assert set(explain(model, METHANOL).trust.grades) == {"inside"}
    torn = METHANOL.positions.copy()
    torn[5] += [2.0, 2.0, 0.0]
    assert explain(model, moved(METHANOL, torn)).trust.grades[5] == "outside"


def test_by_distance_alone_a_molecule_larger_than_any_that_trained_is_unusual_and_one_twice_as_large_outside():
    def grade(atoms, most, **own):
        model = GaussianModel(quantity="dipole", environments=STATISTICS)
        model.most_atoms_trained = most
        return judge(model, np.ones(atoms, dtype=int), own.get("place", np.zeros((atoms, 4))))

    assert (grade(4, 4).grade, grade(4, None).grade) == ("inside", "inside")
    for atoms, expected in ((5, "unusual"), (8, "unusual"), (9, "outside")):
        found = grade(atoms, 4)
        assert (found.grade, found.reason) == (expected, "large")
        assert found.grades == ("inside",) * atoms, "each of its environments is a usual one"
    # what is strange already says why
    assert grade(5, 4, place=np.full((5, 4), 99.0)).reason == "distance"


CELL = np.diag([3.0, 3.0, 3.0])
THREE = np.array([1, 1, 1])


def crystal_model(**known):
    model = GaussianModel(members=3, environments=STATISTICS)
    for name, value in known.items():
        setattr(model, name, value)
    return model


def test_a_crystal_is_outside_where_the_networks_disagree_however_usual_its_sites_are():
    model, near = crystal_model(), np.zeros((3, 4))
    calm = judge(model, THREE, near, 0.03, np.full(3, 0.01), CELL)
    assert (calm.grade, calm.reason, calm.expected_error) == ("inside", None, 0.03)
    # of the spread of the total, 3 eV, each of three sites has one: far beyond 5 kcal/mol an atom
    loud = judge(model, THREE, near, 3.0, np.full(3, 0.5), CELL)
    assert (loud.grade, loud.reason, loud.grades) == ("outside", "spread", ("outside",) * 3)
    assert loud.of_molecule()["probability"] == pytest.approx(beyond(EV_KCAL_PER_MOL, 5.0))
    # the same, of a molecule: what nobody fitted is judged by distance alone
    assert judge(model, THREE, near, 3.0, np.full(3, 0.5)).grade == "inside"


#: Simple cubic, of one atom: bonds to six neighbours, those on the diagonals screened.
SIMPLE_CUBIC = np.zeros((1, 3))


@pytest.mark.parametrize(("stretch", "grade"), [(1.0, "inside"), (1.1, "unusual"), (0.9, "unusual"), (1.4, "outside")])
def test_a_crystal_is_no_better_than_its_volume_is_usual(stretch, grade):
    radii, sums = np.full(119, np.nan), np.full(119, np.nan)
    # bonds are 3 Å long and six
    radii[1], sums[1] = 1.5, SOFTNESS * np.log(6.0)
    volumes = Volumes(radii, sums, np.zeros((119, 119)), (0.95, 1.05, 0.85, 1.15))
    cell = stretch * CELL
    assert volumes.stretch(THREE[:1], SIMPLE_CUBIC, cell) == pytest.approx(1.0 + (stretch - 1.0) / stretch, abs=1e-9)
    near = np.zeros((1, 4))
    found = judge(crystal_model(volumes=volumes), THREE[:1], near, 0.03, np.full(1, 0.01), cell, positions=SIMPLE_CUBIC)
    assert (found.grade, found.reason) == (grade, None if grade == "inside" else "volume")
    assert found.grades == ("inside",)
    assert volumes.grade(np.array([7]), SIMPLE_CUBIC, cell) == 2, "of nitrogen nothing is known"


def test_a_site_of_a_crystal_is_judged_by_its_share_of_the_spread():
    found = judge(crystal_model(), THREE, np.zeros((3, 4)), 0.3, np.array([0.0, 0.0, 0.4]), CELL)
    assert found.grades[:2] == ("inside", "inside")
    assert found.grades[2] != "inside"
    assert found.reasons == (None, None, "spread")


def test_a_crystal_as_strange_as_its_worst_site_stays_so_where_the_networks_agree():
    found = judge(crystal_model(), THREE, np.array([[0.0] * 4, [0.0] * 4, [99.0] * 4]), 0.0, np.zeros(3), CELL)
    assert (found.grade, found.reason, found.grades[2]) == ("outside", "distance", "outside")


def test_a_crystal_of_another_composition_is_outside():
    model, near = crystal_model(stoichiometries_trained=frozenset({(1, 1, 3)})), np.zeros((3, 4))
    found = judge(model, THREE, near, 0.0, np.zeros(3), CELL)
    assert (found.grade, found.reason, found.reasons) == ("outside", "composition", ("composition",) * 3)
    assert judge(
        crystal_model(stoichiometries_trained=frozenset({(1,)})), THREE, near, 0.0, np.zeros(3), CELL
    ).grade == ("inside")


def boat(molecule, ring, scale):
    """A ring of six bent so; the root of the sum of squared heights is `scale`, Å."""
    heights = np.sqrt(2.0 / 6.0) * np.cos(4.0 * np.pi * np.arange(6) / 6.0)
    bonds = np.array([bond[:2] for bond in molecule.bonds])
    return replace(molecule, positions=puckered(molecule.positions, bonds, ring, heights, scale))


@pytest.mark.parametrize(("smiles", "sizes"), [("c1ccc2ccccc2c1", [6, 6]), ("c1cc2cc[nH]c2cc1", [5, 6]), ("C1CC1", [])])
def test_small_rings_are_found_once_each_in_the_order_of_their_bonds(smiles, sizes):
    molecule = read_smiles(smiles, 50)
    bonds = [bond[:2] for bond in molecule.bonds]
    rings = small_rings(len(molecule), bonds)
    assert sorted(len(ring) for ring in rings) == sizes
    drawn = {frozenset(bond) for bond in bonds}
    for ring in rings:
        assert all(frozenset((a, b)) in drawn for a, b in zip(ring.tolist(), np.roll(ring, 1).tolist(), strict=True))


def test_aromatic_rings_are_flat_and_torsions_within_them_are_told_where_they_are_not():
    molecule = read_smiles("Cc1ccc(C2CCCCC2)cc1", 50)
    assert ring_torsions(molecule).max() < 5.0, "cyclohexane's chair is none"
    (ring,) = (r for r in small_rings(len(molecule), [b[:2] for b in molecule.bonds if b[2] == 1.5]))
    bent = ring_torsions(boat(molecule, ring, 0.2))
    assert bent[ring] == pytest.approx(16.0, abs=1.5)
    assert np.flatnonzero(bent > 5.0).tolist() == sorted(ring.tolist())


def test_a_bent_aromatic_ring_is_no_better_than_unusual_and_by_much_outside_for_every_model():
    molecule = read_smiles("c1ccccc1", 50)
    ring = small_rings(12, [bond[:2] for bond in molecule.bonds])[0]
    for knows in (False, True):
        model = GaussianModel(environments=STATISTICS)
        model.knows_displaced = knows
        for scale, grade in ((0.0, "inside"), (0.2, "unusual"), (0.4, "outside")):
            departed = departures(boat(molecule, ring, scale))
            found = judge(model, np.ones(12, dtype=int), np.zeros((12, 4)), departures=departed)
            assert (found.grade, found.reason) == (grade, None if grade == "inside" else "bent")
            assert set(found.grades[:6]) == {grade}
            assert set(found.grades[6:]) == {"inside"}


def graded_after(molecule, positions, knows):
    """The grade of a molecule all of whose environments are familiar, for a model that knows displaced geometries."""
    model = GaussianModel(environments=STATISTICS)
    model.knows_displaced = knows
    n = len(molecule)
    departed = departures(replace(molecule, positions=positions))
    found = judge(model, np.ones(n, dtype=int), np.zeros((n, 4)), departures=departed)
    return found.grade, found.reason, [atom for atom, grade in enumerate(found.grades) if grade != "inside"]


@pytest.mark.parametrize(("length", "grade"), [(1.4, "inside"), (2.9, "inside"), (3.1, "outside"), (6.0, "outside")])
def test_a_bond_longer_than_any_label_is_outside_to_a_model_that_knows_pulled_ones(length, grade):
    molecule = read_smiles("CO", 50)
    side = smaller_side(len(molecule), np.array([bond[:2] for bond in molecule.bonds]), 0, 1)
    positions = stretched(molecule.positions, side, length)
    ends = [] if grade == "inside" else [0, 1]
    assert graded_after(molecule, positions, True) == (grade, None if grade == "inside" else "pulled", ends)
    assert graded_after(molecule, positions, False) == ("inside", None, [])


@pytest.mark.parametrize(
    ("smiles", "bond", "grades"),
    [
        ("C/C=C/C", (1, 2), {10: "inside", 30: "unusual", 70: "outside"}),
        ("CO/N=C/C", (2, 3), {10: "inside", 30: "unusual", 70: "outside"}),
        ("CSC(C)=O", (1, 2), {30: "inside", 60: "unusual", 88: "unusual"}),
        ("CNC(C)=O", (1, 2), {30: "inside", 60: "unusual"}),
        ("CNS(C)(=O)=O", (1, 2), {30: "inside", 60: "inside", 88: "inside"}),
    ],
)
def test_a_turned_double_or_conjugated_bond_is_no_better_than_unusual_to_a_model_that_knows_a_part_of_it(
    smiles, bond, grades
):
    molecule = read_smiles(smiles, 50)
    side = smaller_side(len(molecule), np.array([row[:2] for row in molecule.bonds]), *bond)
    for degrees, grade in grades.items():
        found = graded_after(molecule, turned(molecule.positions, side, np.radians(degrees)), True)
        assert found == (grade, None if grade == "inside" else "twisted", [] if grade == "inside" else list(bond))


def test_thioesters_are_flat_and_sulfonamides_have_no_plane():
    assert twists(read_smiles("CSC(C)=O", 50))[1].max() < 5.0
    sulfonamide = read_smiles("CNS(C)(=O)=O", 50)
    side = smaller_side(len(sulfonamide), np.array([row[:2] for row in sulfonamide.bonds]), 1, 2)
    for angle in (0.5, 1.0, 1.5):
        assert twists(replace(sulfonamide, positions=turned(sulfonamide.positions, side, angle)))[1].max() == 0.0
