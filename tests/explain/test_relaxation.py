"""Relaxation: down to a minimum, every step kept; what is no molecule at the end is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from closed_form import GaussianModel

from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.read import read_molecule
from atomlens.errors import Cancelled, InputError, MalformedInput, TooLarge, UnsupportedMolecule
from atomlens.explain.prediction import explain
from atomlens.explain.relaxation import chosen_for_relaxing, relax, step_molecule
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry

ROOT = Path(__file__).parents[2]


class Springs(GaussianModel):
    """Every bond of a molecule is a spring of 30 eV/Å² about 1 Å (or `length`); half of each belongs to either atom."""

    def __init__(self, bonds, length=1.0, stiffness=30.0):
        super().__init__()
        self.bonds, self.length, self.stiffness = bonds, length, stiffness

    def contributions_and_forces(self, batch):
        contributions, forces = np.zeros(len(batch.numbers)), np.zeros_like(batch.positions)
        for i, j, *_ in self.bonds:
            away = batch.positions[j] - batch.positions[i]
            d = np.linalg.norm(away)
            contributions[[i, j]] += 0.25 * self.stiffness * (d - self.length) ** 2
            pull = self.stiffness * (d - self.length) * away / d
            forces[i] += pull
            forces[j] -= pull
        return contributions, forces


@pytest.fixture(scope="module")
def released():
    return ModelRegistry(ROOT / "models")


WATER = Molecule(
    np.array([8, 1, 1]),
    np.array([[0, 0, 0.1], [0, 0.9, -0.6], [0, -0.7, -0.4]]),
    bonds=((0, 1, 1.0), (0, 2, 1.0)),
    geometry=Geometry("force field", "UFF", "From a force field."),
    warnings=("From a force field.", "Another."),
)


def test_springs_end_at_their_lengths_and_every_step_is_kept():
    model, shares = Springs(WATER.bonds), []
    found = relax(model, WATER, fmax=1e-4, progress=shares.append)
    assert found.converged
    for i, j, _ in WATER.bonds:
        assert np.linalg.norm(found.positions[-1, i] - found.positions[-1, j]) == pytest.approx(1.0, abs=1e-5)
    assert len(found.energies) == len(found.largest_forces) == len(found.contributions) == found.steps + 1
    references = model.reference_energies[WATER.numbers].sum()
    np.testing.assert_allclose(found.contributions.sum(1) + references, found.energies, atol=1e-9)
    assert (found.positions[0] == WATER.positions).all()
    for k in range(found.steps + 1):
        forces = model.forces(replace_positions(found.positions[k]))
        assert found.largest_forces[k] == pytest.approx(np.linalg.norm(forces, axis=1).max(), abs=1e-9)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def replace_positions(positions):
    return Batch.of([replace(WATER, positions=positions)])


def test_the_molecule_at_the_end_says_where_it_is_from():
    found = relax(Springs(WATER.bonds), WATER)
    assert (found.molecule.geometry.source, found.molecule.geometry.method) == ("relaxed", "closed-form-gaussian")
    assert found.molecule.bonds == WATER.bonds
    assert "Another." in found.molecule.warnings
    assert "From a force field." not in found.molecule.warnings
    assert found.molecule.id != WATER.id
    assert not any("bonds" in said for said in found.molecule.warnings)


def test_what_has_not_converged_is_said_and_is_no_error():
    found = relax(Springs(WATER.bonds), WATER, steps=1)
    assert not found.converged
    assert found.steps == 1
    assert "before it had converged" in found.molecule.warnings[0]


def test_an_aromatic_ring_that_was_bent_is_said():
    flat = read_molecule("c1ccccc1")
    normal = np.linalg.svd(flat.positions - flat.positions.mean(0))[2][2]
    places = flat.positions + np.outer(0.2 * np.cos(4.0 * np.pi * np.arange(12) / 6.0), normal)
    said = step_molecule(flat, places, "some-model", 1, 2).warnings
    assert any("bent an aromatic ring by" in one for one in said)
    assert not any("aromatic" in one for one in step_molecule(flat, flat.positions, "some-model", 1, 2).warnings)
    # one that was so before is not the network's fault
    again = step_molecule(replace(flat, positions=places), places, "some-model", 1, 2).warnings
    assert not any("aromatic" in one for one in again)


def test_a_broken_bond_is_said():
    methane_like = Molecule(
        np.array([6, 6, 6]),
        np.array([[0.0, 0, 0], [1.4, 0, 0], [2.8, 0, 0]]),
        bonds=((0, 1, 1.0), (0, 2, 1.0)),
    )
    found = relax(Springs([(0, 1), (1, 2)], 1.5), methane_like)
    assert any("broke or made bonds" in said and "C1–C3" in said for said in found.molecule.warnings)


@pytest.mark.parametrize(
    ("length", "stiffness", "code"), [(0.2, 30.0, "collapsed"), (5.0, 3.0, "fell_apart"), (1.0, np.nan, "not_finite")]
)
def test_what_is_no_molecule_at_the_end_ends_with_a_sentence(length, stiffness, code):
    with pytest.raises(UnsupportedMolecule) as caught:
        relax(Springs(WATER.bonds, length, stiffness), WATER)
    assert caught.value.code == code
    assert caught.value.hint


def test_atoms_that_only_repel_each_other_end_too():
    with pytest.raises(UnsupportedMolecule, match="fell apart into 3 parts"):
        relax(GaussianModel(), WATER, steps=1000)


def test_it_is_given_up_between_steps():
    calls = []

    def look():
        calls.append(1)
        if len(calls) == 3:
            raise Cancelled("over")

    with pytest.raises(Cancelled):
        relax(Springs(WATER.bonds), WATER, fmax=1e-4, look=look)
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("limits", "error"),
    [({"steps": 0}, MalformedInput), ({"steps": 1001}, MalformedInput), ({"fmax": 0.0}, MalformedInput)],
)
def test_limits_that_make_no_sense_are_refused(limits, error):
    with pytest.raises(error):
        relax(Springs(WATER.bonds), WATER, **limits)


def test_too_many_atoms_times_steps_are_refused():
    line = Molecule(np.full(200, 6), np.arange(600).reshape(200, 3).astype(float))
    with pytest.raises(TooLarge) as caught:
        relax(Springs([]), line, steps=501)
    assert "500 steps" in caught.value.hint


def test_one_atom_is_at_its_minimum():
    found = relax(Springs([]), Molecule(np.array([8]), np.zeros((1, 3))))
    assert (found.converged, found.steps) == (True, 0)


# of molecules at rest alone a network learns little of stretched bonds: those to hydrogen in ethanol end too long
@pytest.mark.parametrize(("text", "lengths"), [("O", {(8, 1): 0.96}), ("CCO", {(6, 6): 1.52, (6, 8): 1.42})])
def test_a_released_model_relaxes_to_a_minimum_of_its_energy(released, text, lengths):
    model, start = released.load("qm9-schnet-energy"), read_molecule(text, "smiles")
    found = relax(model, start)
    assert found.converged
    assert found.largest_forces[-1] <= 0.01 < found.largest_forces[0]
    assert found.energies[-1] < found.energies[0] - 0.01
    assert explain(model, found.molecule).total == pytest.approx(found.energies[-1], abs=1e-8)
    assert found.trust == explain(model, found.molecule).trust
    np.testing.assert_allclose(explain(model, found.molecule).contributions, found.contributions[-1], atol=1e-9)
    for i, j, _ in start.bonds:
        pair = (int(start.numbers[i]), int(start.numbers[j]))
        if pair in lengths:
            d = np.linalg.norm(found.positions[-1, i] - found.positions[-1, j])
            assert d == pytest.approx(lengths[pair], abs=0.2), pair


def test_a_model_that_knows_geometries_away_from_minima_relaxes_and_else_the_one_that_errs_least(released):
    cards = list(released.cards.values())
    energies = [card for card in cards if card.quantity == "energy"]
    away = [card for card in energies if "displaced" in card.test]
    assert chosen_for_relaxing(cards).name == min(away, key=lambda card: card.test["mae"]).name
    others = [card for card in energies if card not in away]
    assert chosen_for_relaxing(others).name == min(others, key=lambda card: card.test["mae"]).name
    with pytest.raises(InputError) as caught:
        chosen_for_relaxing([card for card in cards if card.quantity == "dipole"])
    assert caught.value.code == "no_forces"
