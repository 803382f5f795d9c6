"""The model Hessian is that of its internal coordinates, and takes a relaxation down in few steps."""

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.lj import LennardJones
from ase.geometry import get_angles, get_dihedrals
from ase.optimize.precon import PreconLBFGS
from scipy.optimize import approx_fprime

from atomlens.chem.smiles import read_smiles
from atomlens.explain.stiffness import ALONE, BEND, REST, STRETCH, TURN, InternalCoordinates, ModelHessian


def expected(coordinates, positions):
    """Σ k ∇q ∇qᵀ by numerical derivatives of ASE's angles and dihedrals, where neither is in a line."""

    def lengths(flat):
        at = flat.reshape(-1, 3)
        return np.linalg.norm(at[coordinates.bonds[:, 0]] - at[coordinates.bonds[:, 1]], axis=1)

    def angles(flat):
        i, centre, k = (flat.reshape(-1, 3)[atoms] for atoms in coordinates.angles.T)
        return np.radians(get_angles(i - centre, k - centre))

    def torsions(flat):
        i, j, k, m = (flat.reshape(-1, 3)[atoms] for atoms in coordinates.torsions.T)
        # without a jump at a full turn, and their squared slopes add up to the angle's
        angle = np.radians(get_dihedrals(j - i, k - j, m - k))
        return np.concatenate([np.sin(angle), np.cos(angle)])

    found = REST * np.eye(positions.size)
    for constant, coordinate, known in (
        (STRETCH, lengths, coordinates.bonds),
        (BEND, angles, coordinates.angles),
        (TURN, torsions, coordinates.torsions),
    ):
        if len(known):
            slopes = approx_fprime(positions.ravel(), coordinate, 1e-6)
            found += constant * slopes.T @ slopes
    return found


@pytest.mark.parametrize("smiles", ["CCO", "CC(=O)Nc1ccccc1", "OO", "C1CC1", "C"])
def test_it_is_made_of_the_slopes_of_bonds_angles_and_torsions(smiles):
    molecule = read_smiles(smiles, 100)
    coordinates = InternalCoordinates(len(molecule), molecule.bonds)
    found = coordinates.stiffness(molecule.positions)
    assert found == pytest.approx(expected(coordinates, molecule.positions), abs=2e-3)


def test_three_atoms_in_a_line_need_no_division_however_the_line_lies():
    line = InternalCoordinates(3, ((0, 1, 2.0), (1, 2, 2.0)))
    for axis in np.random.default_rng(0).normal(size=(200, 3)):
        assert np.isfinite(line.stiffness(np.outer([0.0, 1.16, 2.32], axis))).all()


@pytest.mark.parametrize("smiles", ["O=C=O", "C#CC#C", "N#CC=C=C"])
def test_atoms_in_a_line_resist_bending_both_ways(smiles):
    molecule = read_smiles(smiles, 100)
    found = InternalCoordinates(len(molecule), molecule.bonds).stiffness(molecule.positions)
    assert np.isfinite(found).all()
    assert found == pytest.approx(found.T)
    values = np.linalg.eigvalsh(found)
    assert values[0] == pytest.approx(REST, rel=1e-6)
    if smiles == "O=C=O":  # three to move it and two to turn it cost nothing; two bends and two stretches do
        assert (values > 2 * REST).sum() == 4


def test_an_atom_without_bonds_has_one_curvature():
    found = InternalCoordinates(2, ()).stiffness(np.array([[0.0, 0, 0], [0, 0, 3.0]]))
    assert found == pytest.approx(ALONE * np.eye(6))


def test_the_optimizer_asks_it_of_every_geometry():
    hessian = ModelHessian(2, ((0, 1, 1.0),))
    atoms = Atoms("Ar2", [[0, 0, 0], [0.54, 0.72, 0.72]], calculator=LennardJones())
    PreconLBFGS(atoms, precon=hessian, use_armijo=True, maxstep=0.1, logfile=None).run(fmax=1e-3, steps=100)
    assert atoms.get_distance(0, 1) == pytest.approx(2 ** (1 / 6), abs=1e-3)
    along = np.diff(atoms.positions, axis=0).ravel() / 2 ** (1 / 6)
    # the last geometry that it stepped from: the stiff direction is that of the bond
    assert hessian.asarray()[:3, :3] == pytest.approx(STRETCH * np.outer(along, along) + REST * np.eye(3), rel=1e-2)
    vector = np.arange(6.0)
    assert hessian.Pdot(hessian.copy().solve(vector)) == pytest.approx(vector)
