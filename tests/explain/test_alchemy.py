"""Both ends of an alchemical path are real molecules; between them nothing jumps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from molecules import METHANOL, moved

from atomlens.chem.molecule import EDITED, Geometry, Molecule
from atomlens.chem.smiles import read_smiles
from atomlens.errors import MalformedInput, UnknownElement
from atomlens.explain.alchemy import Change, Path, follow
from atomlens.explain.prediction import explain
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.units import ENERGY_UNITS_PER_EV
from tiny import tiny_models_dir, with_statistics

NAMES = [f"qm9-{family}-{quantity}" for family in ("bp", "schnet") for quantity in ("energy", "dipole")]
#: 1e-6 kcal/mol in eV; the same number in debye and e.
EXACT = 1e-6 / ENERGY_UNITS_PER_EV["kcal/mol"]


@pytest.fixture(params=NAMES)
def model(registry, request):
    return registry.load(request.param)


def without(molecule: Molecule, gone: list[int], numbers: np.ndarray, positions: np.ndarray, charge: int) -> Molecule:
    kept = np.setdiff1d(np.arange(len(molecule)), gone)
    return Molecule(numbers[kept], positions[kept], charge=charge)


CHANGES = st.dictionaries(
    st.integers(0, len(METHANOL) - 1), st.sampled_from([1, 6, 7, 8, "out", "in"]), min_size=1, max_size=4
)


@given(changes=CHANGES, seed=st.integers(0, 99), charge=st.sampled_from([0, 1]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ends_are_exactly_the_molecules_there(model, changes, seed, charge):
    rng = np.random.default_rng(seed)
    start = moved(METHANOL, METHANOL.positions, charge=charge)
    end_positions = METHANOL.positions + rng.normal(0.0, 0.1, METHANOL.positions.shape)
    listed = tuple(
        Change(atom, fade=what) if isinstance(what, str) else Change(atom, to=what) for atom, what in changes.items()
    )
    found = follow(model, Path(start, listed, 5, end_positions))
    end_numbers = start.numbers.copy()
    for change in listed:
        if change.to is not None:
            end_numbers[change.atom] = change.to
    for place, numbers, positions, fading in (
        (0, start.numbers, start.positions, "in"),
        (-1, end_numbers, end_positions, "out"),
    ):
        gone = [change.atom for change in listed if change.fade == fading]
        alone = explain(model, without(start, gone, numbers, positions, charge))
        kept = np.setdiff1d(np.arange(len(start)), gone)
        assert found.totals[place] == pytest.approx(alone.total, abs=EXACT)
        np.testing.assert_allclose(found.contributions[place][kept], alone.contributions, atol=EXACT)
        np.testing.assert_array_equal(found.contributions[place][gone], 0.0)
        if alone.references is not None:
            np.testing.assert_allclose(found.references[place][kept], alone.references, rtol=0, atol=1e-9)
    assert found.excess[[0, -1]] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_the_sum_over_atoms_is_the_total_all_along(model):
    found = follow(model, Path(METHANOL, (Change(0, to=7), Change(2, fade="out")), 9))
    if found.references is None:
        np.testing.assert_allclose(found.contributions.sum(1), 0.0, atol=1e-12)
        np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), found.totals)
    else:
        np.testing.assert_allclose((found.contributions + found.references).sum(1), found.totals)


def test_nothing_jumps_on_the_way(model):
    path = Path(METHANOL, (Change(1, to=7), Change(3, fade="out")), 101)
    excess = follow(model, path).excess
    steps = np.abs(np.diff(excess))
    assert steps.max() < 0.1 * max(np.ptp(excess), 1e-9) + 1e-9


def test_a_change_to_itself_changes_nothing(model):
    found = follow(model, Path(METHANOL, (Change(0, to=int(METHANOL.numbers[0])),), 3))
    np.testing.assert_allclose(found.totals, explain(model, METHANOL).total, rtol=1e-12)


def test_the_spread_is_that_of_the_members(tmp_path):
    from atomlens.networks.registry import ModelRegistry
    from tiny import tiny_models_dir

    model = ModelRegistry(tiny_models_dir(tmp_path, members=3)).load("qm9-schnet-energy")
    found = follow(model, Path(METHANOL, (Change(1, to=7),), 3))
    members = model.outputs(Batch.of([METHANOL])).outputs.sum(1)
    assert found.spread is not None
    assert found.spread[0] == pytest.approx(members.std(ddof=1))


@pytest.mark.parametrize(
    ("changes", "steps", "message"),
    [
        ((), 5, "at least one"),
        ((Change(0, to=7),), 1, "2 to 201"),
        ((Change(9, to=7),), 5, "no atom 9"),
        ((Change(-1, to=7),), 5, "no atom -1"),
        ((Change(0),), 5, "either becomes"),
        ((Change(0, to=7, fade="in"),), 5, "either becomes"),
        ((Change(0, to=7), Change(0, fade="out")), 5, "once"),
        (tuple(Change(atom, fade="out") for atom in range(6)), 5, "No atom is left at the end"),
        (tuple(Change(atom, fade="in") for atom in range(6)), 5, "No atom is left at the beginning"),
    ],
)
def test_a_path_that_is_none_is_refused(changes, steps, message):
    with pytest.raises(MalformedInput, match=message):
        Path(METHANOL, changes, steps)


def test_end_positions_must_fit():
    with pytest.raises(MalformedInput, match="6 rows"):
        Path(METHANOL, (Change(0, to=7),), 5, np.zeros((5, 3)))


def test_atoms_that_are_there_at_the_end_must_not_coincide():
    end = METHANOL.positions.copy()
    end[3] = end[4]
    with pytest.raises(MalformedInput, match=r"Atoms 4 and 5 are 0\.000 Å apart") as refused:
        Path(METHANOL, (Change(0, to=7),), 5, end)
    assert (refused.value.code, refused.value.field) == ("coincident_atoms", "end_positions")
    assert Path(METHANOL, (Change(4, fade="out"), Change(0, to=7)), 5, end).warnings == ()


def test_where_electrons_are_left_unpaired_it_is_said():
    """Methanol to CH3N is a radical: no network knows any, and totals there differed by 49 kcal/mol without a word."""
    (said,) = Path(METHANOL, (Change(1, to=7),), 5).warnings
    assert said.startswith("At the end of the path: CH4N has 17 electrons, an odd number")
    lost, found = (Change(1, to=7), Change(2, fade="out", stage=1))
    (between,) = Path(METHANOL, (lost, found), 5).warnings
    assert between.startswith("At the end of stage 0 of the path: CH4N")


@pytest.mark.parametrize("name", NAMES)
def test_the_molecules_between_the_stages_are_graded_as_they_are_alone(tmp_path, name):
    folder = tiny_models_dir(tmp_path) / name
    with_statistics(folder)
    model = load(folder)
    changes = (Change(0, to=7), Change(2, fade="out"), Change(0, to=8, stage=1), Change(3, fade="out", stage=1))
    path = Path(METHANOL, changes, 5)
    found = follow(model, path).border_trust
    assert [one.formula for one in path.molecules()] == ["CH4O", "H3NO", "H2O2"]
    assert found[0] is not None
    assert found[0] == explain(model, METHANOL).trust
    for graded, gone, element in ((found[1], [2], 7), (found[2], [2, 3], 8)):
        numbers = METHANOL.numbers.copy()
        numbers[0] = element
        alone = without(METHANOL, gone, numbers, METHANOL.positions, 0)
        assert graded == explain(model, replace(alone, geometry=Geometry(EDITED))).trust


def test_atoms_must_not_coincide_between_the_stages():
    there = METHANOL.positions.copy()
    there[[2, 3]] = there[[3, 2]]
    Path(METHANOL, (Change(0, to=7),), 5, there)
    with pytest.raises(MalformedInput, match="3 and 4"):
        Path(METHANOL, (Change(0, to=7), Change(0, to=6, stage=1)), 5, there)


def test_an_element_that_the_model_does_not_know_is_refused(model):
    with pytest.raises(UnknownElement):
        follow(model, Path(METHANOL, (Change(0, to=17),), 5))


def test_stages_lead_through_the_molecules_at_their_borders(model):
    methane = read_smiles("C", 10)
    changes = (Change(0, to=7), Change(1, fade="out"), Change(0, to=8, stage=1), Change(2, fade="out", stage=1))
    found = follow(model, Path(methane, changes, 9))
    for place, number, gone in ((0, 6, []), (4, 7, [1]), (8, 8, [1, 2])):
        numbers = methane.numbers.copy()
        numbers[0] = number
        alone = explain(model, without(methane, gone, numbers, methane.positions, 0))
        assert found.totals[place] == pytest.approx(alone.total, abs=EXACT)
        assert found.excess[place] == pytest.approx(0.0, abs=1e-9)
        kept = np.setdiff1d(np.arange(5), gone)
        np.testing.assert_allclose(found.contributions[place][kept], alone.contributions, atol=EXACT)
    assert np.abs(found.excess).max() > 1e-6


def test_an_atom_may_go_and_come_back():
    changes = (Change(3, fade="out"), Change(3, fade="in", stage=1))
    weights = Path(METHANOL, changes, 5).mixture().weights.reshape(5, -1)
    np.testing.assert_allclose(weights[:, 3], [1.0, 0.5, 0.0, 0.5, 1.0])
    comes = (Change(3, fade="in"), Change(3, fade="out", stage=1))
    weights = Path(METHANOL, comes, 5).mixture().weights.reshape(5, -1)
    np.testing.assert_allclose(weights[:, 3], [0.0, 0.5, 1.0, 0.5, 0.0])


@pytest.mark.parametrize(
    "changes",
    [
        (Change(0, to=7, stage=1),),
        (Change(0, to=7), Change(0, to=8)),
        (Change(1, fade="out"), Change(1, to=7, stage=1)),
        (Change(0, to=7), Change(1, fade="in", stage=1), Change(1, fade="in", stage=2)),
        (Change(1, fade="out"), Change(1, fade="out", stage=1)),
    ],
)
def test_stages_that_do_not_follow_from_each_other_are_refused(changes):
    with pytest.raises(MalformedInput):
        Path(METHANOL, changes, 5)
