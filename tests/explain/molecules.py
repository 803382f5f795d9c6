"""Small geometries (Å), typed in."""

import numpy as np

from atomlens.chem.molecule import Molecule

WATER = Molecule(np.array([8, 1, 1]), np.array([[0.0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]]))
METHANOL = Molecule(
    np.array([6, 8, 1, 1, 1, 1]),
    np.array([[0, 0, 0], [1.42, 0, 0], [-0.4, 1, 0], [-0.4, -0.5, 0.9], [-0.4, -0.5, -0.9], [1.7, 0.9, 0]]),
)
HYDROGEN_CHLORIDE = Molecule(np.array([17, 1]), np.array([[0, 0, 0], [0, 0, 1.3]]))


def moved(molecule, positions, numbers=None, charge=None):
    """The same molecule elsewhere."""
    return Molecule(
        molecule.numbers if numbers is None else numbers,
        positions,
        charge=molecule.charge if charge is None else charge,
    )
