"""Which atoms of a geometry are connected, by their distances alone. RDKit is not needed.

Two atoms are connected if they are nearer than the sum of their covalent radii (Cordero et al., Dalton Trans. 2832
(2008)) and 0.45 Å (O'Boyle et al., J. Cheminf. 3, 33 (2011)).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule

TOLERANCE_ANGSTROM: Final = 0.45


def connections(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], tolerance: float = TOLERANCE_ANGSTROM
) -> list[tuple[int, int]]:
    """Pairs (first < second) of atoms within bonding distance; numbers: (n_atoms,), positions: (n_atoms, 3), Å."""
    radii = _radii(numbers)
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    near = np.triu(distances < radii[:, None] + radii[None] + tolerance, k=1)
    return [(int(first), int(second)) for first, second in np.argwhere(near)]


def parts(n_atoms: int, pairs: list[tuple[int, int]]) -> list[NDArray[np.int64]]:
    """Indices of the atoms of each connected part."""
    label = np.arange(n_atoms)
    for first, second in pairs:
        if label[first] != label[second]:
            label[label == label[second]] = label[first]
    return [np.flatnonzero(label == one) for one in dict.fromkeys(label.tolist())]


def fragments(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> list[list[int]]:
    """Atomic numbers of each connected part of a geometry; numbers: (n_atoms,), positions: (n_atoms, 3), Å."""
    return [numbers[part].tolist() for part in parts(len(numbers), connections(numbers, positions))]


def torn_atoms(molecule: Molecule) -> NDArray[np.bool_]:
    """(n_atoms,) whether a bond of the atom is longer than any that is found in a geometry: its atoms were moved."""
    torn = np.zeros(len(molecule), dtype=bool)
    if molecule.cell is None and molecule.bonds:
        ends = np.array([(first, second) for first, second, _ in molecule.bonds])
        first, second = ends.T
        lengths = np.linalg.norm(molecule.positions[first] - molecule.positions[second], axis=1)
        radii = _radii(molecule.numbers)
        torn[ends[lengths > radii[first] + radii[second] + TOLERANCE_ANGSTROM].ravel()] = True
    return torn


def _radii(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    from ase.data import covalent_radii  # whoever reads a SMILES need not load it

    found: NDArray[np.float64] = covalent_radii[numbers]
    return found
