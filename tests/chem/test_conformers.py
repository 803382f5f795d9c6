"""Conformers: different minima of one constitution, each once."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from atomlens.chem.conformers import conformers
from atomlens.chem.read import read_molecule
from atomlens.errors import UnsupportedMolecule


def torsion(positions, atoms):
    """Dihedral angle in degrees."""
    a, b, c, d = positions[list(atoms)]
    first, second = np.cross(b - a, c - b), np.cross(c - b, d - c)
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def test_butane_has_its_two_conformers_anti_below_gauche():
    found = conformers(read_molecule("CCCC", "smiles"), 8)
    angles = [torsion(conformer.molecule.positions, (0, 1, 2, 3)) for conformer in found]
    assert angles == [pytest.approx(180, abs=2), pytest.approx(65, abs=5)]
    # MMFF94's gauche energy of butane: 0.78 kcal/mol (Halgren, J. Comput. Chem. 17, 490 (1996))
    assert [conformer.strain for conformer in found] == [0.0, pytest.approx(0.78, abs=0.05)]


def test_a_rigid_molecule_has_one():
    assert len(conformers(read_molecule("c1ccccc1", "smiles"), 8)) == 1


def test_conformers_are_the_same_molecule_elsewhere():
    start = read_molecule("N[C@@H](CO)C(=O)O", "smiles")
    found = conformers(start, 5)
    assert len(found) == 5
    for conformer in found:
        other = conformer.molecule
        assert (other.smiles, other.bonds, other.name) == (start.smiles, start.bonds, start.name)
        np.testing.assert_array_equal(other.numbers, start.numbers)
        assert other.geometry.source == "force field"
    shapes = [np.sort(pdist(conformer.molecule.positions)) for conformer in found]
    assert all(np.abs(a - b).max() > 0.1 for i, a in enumerate(shapes) for b in shapes[:i])
    strains = [conformer.strain for conformer in found]
    assert strains == sorted(strains)


def test_the_same_conformers_every_time():
    first, second = (conformers(read_molecule("glycine"), 4) for _ in range(2))
    assert [one.molecule.id for one in first] == [one.molecule.id for one in second]


def test_an_atom_has_no_conformers():
    with pytest.raises(UnsupportedMolecule, match="bond orders"):
        conformers(read_molecule("1\n\nHe 0 0 0\n"), 3)
