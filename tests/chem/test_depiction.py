"""Flat drawings of molecules: every atom has its place, and no two the same one."""

import numpy as np
import pytest

from atomlens.chem.depiction import flat_positions
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.errors import UnsupportedMolecule

#: Chains, rings, charges in pairs, crowded saturated rings, cages, and molecules of hardly any atoms.
MOLECULES = [
    "water",
    "[H][H]",
    "C",
    "acetamide",
    "caffeine",
    "C[N+](=O)[O-]",
    "glucose",
    "cholesterol",
    "C1C2CC3CC1CC(C2)C3",
]


def distances(places: np.ndarray) -> np.ndarray:
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return apart


@pytest.mark.parametrize("text", MOLECULES)
def test_atoms_stand_apart_and_bonds_are_of_about_one_length(text):
    molecule = read_molecule(text, "auto", max_atoms=300)
    places = flat_positions(molecule)
    assert places.shape == (len(molecule), 2)
    apart = distances(places)
    assert apart.min() > 0.45
    usual = np.median([apart[first, second] for first, second, _ in molecule.bonds])
    assert 0.6 < usual < 1.2
    # the drawing's box is centred
    np.testing.assert_allclose(places.max(axis=0) + places.min(axis=0), 0.0, atol=1e-9)


@pytest.mark.parametrize(("text", "trans"), [("F/C=C/F", True), ("F/C=C\\F", False)])
def test_cis_and_trans_are_drawn_as_they_are(text, trans):
    places = flat_positions(read_molecule(text, "smiles", max_atoms=10))
    first, second = places[0] - places[1], places[3] - places[2]
    axis = places[2] - places[1]
    side = [axis[0] * v[1] - axis[1] * v[0] for v in (first, second)]
    assert (side[0] * side[1] < 0) == trans


def test_hydrogens_are_drawn_beside_their_own_atom():
    molecule = read_molecule("cholesterol", "name", max_atoms=100)
    apart = distances(flat_positions(molecule))
    for first, second, _ in molecule.bonds:
        hydrogen = next((atom for atom in (first, second) if molecule.numbers[atom] == 1), None)
        if hydrogen is not None:
            heavy = np.flatnonzero(molecule.numbers > 1)
            nearest = heavy[np.argmin(apart[hydrogen, heavy])]
            own = first + second - hydrogen
            # in a crowded ring another may come as near, none much nearer
            assert apart[hydrogen, own] < 1.7 * apart[hydrogen, nearest]


def test_what_has_no_bonds_is_not_drawn():
    apart = Molecule(np.array([6, 6]), np.array([[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]]))
    crystal = Molecule(np.array([11]), np.zeros((1, 3)), cell=4.0 * np.eye(3))
    for molecule in (apart, crystal):
        with pytest.raises(UnsupportedMolecule) as caught:
            flat_positions(molecule)
        assert caught.value.code == "no_drawing"
    assert flat_positions(Molecule(np.array([2]), np.zeros((1, 3)))).shape == (1, 2)
