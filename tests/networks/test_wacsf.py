"""The compiled symmetry functions are those of the paper."""

import numpy as np
import torch

from atomlens.networks.wacsf import SymmetryFunctions

FUNCTIONS = SymmetryFunctions.spaced(cutoff=4.0, radial=6, shells=4)
NUMBERS = np.array([6, 1, 8, 7, 1, 6])
POSITIONS = np.random.default_rng(3).uniform(-1.8, 1.8, (6, 3))


def test_compiled_functions_equal_the_plain_torch_form():
    compiled = FUNCTIONS.of_molecules(NUMBERS, POSITIONS, np.array([0, 6]))
    plain = FUNCTIONS.reference(torch.from_numpy(NUMBERS), torch.from_numpy(POSITIONS))
    np.testing.assert_allclose(compiled, plain.numpy(), rtol=1e-10, atol=1e-10)


def test_radial_and_angular_functions_of_three_atoms_follow_the_formula():
    functions = SymmetryFunctions(((1.2, 0.9),), ((0.4, 0.3),), ((4.0, -1.0),), 5.0)
    numbers, d_ij, d_ik, theta = np.array([6, 8, 7]), 1.1, 1.6, 1.9
    positions = np.array([[0, 0, 0], [d_ij, 0, 0], [d_ik * np.cos(theta), d_ik * np.sin(theta), 0]])
    d_jk = np.sqrt(d_ij**2 + d_ik**2 - 2 * d_ij * d_ik * np.cos(theta))

    def cut(d):
        return 0.5 * (np.cos(np.pi * d / 5.0) + 1.0)

    def gauss(d, eta, mu):
        return np.exp(-eta * (d - mu) ** 2) * cut(d)

    radial = 8 * gauss(d_ij, 1.2, 0.9) + 7 * gauss(d_ik, 1.2, 0.9)
    angular = 2.0**-3 * 56 * (1 - np.cos(theta)) ** 4
    angular *= gauss(d_ij, 0.4, 0.3) * gauss(d_ik, 0.4, 0.3) * gauss(d_jk, 0.4, 0.3)
    found = functions.of_molecules(numbers, positions, np.array([0, 3]))[0]
    np.testing.assert_allclose(found, [radial, angular], rtol=1e-12)


def test_a_point_at_an_atom_sees_what_the_atom_sees_plus_the_atom_itself():
    others = np.delete(np.arange(6), 0)
    alone = FUNCTIONS.of_points(POSITIONS[:1], NUMBERS[others], POSITIONS[others])
    atom = FUNCTIONS.of_molecules(NUMBERS, POSITIONS, np.array([0, 6]))[:1]
    np.testing.assert_allclose(alone, atom, rtol=1e-10)
