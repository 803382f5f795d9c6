"""Cells that hold too many atoms, or a molecule in vacuum."""

import numpy as np
import pytest
from ase.build import bulk
from test_crystals_read import SALT, cif, named

from atomlens.chem.read import read_molecule
from atomlens.errors import TooLarge


def extxyz(cell: np.ndarray, symbols: str, positions: np.ndarray, pbc: str = "T T T") -> str:
    """Symbols apart by blanks; cell: (3, 3), positions: (n_atoms, 3), Å."""
    lattice = " ".join(f"{value:.6f}" for value in np.asarray(cell).ravel())
    rows = [f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(symbols.split(), positions, strict=True)]
    comment = f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="{pbc}"'
    return "\n".join([str(len(rows)), comment, *rows, ""])


def test_a_crystal_that_is_too_large_gets_advice_for_crystals():
    salt = bulk("NaCl", "rocksalt", a=5.64, cubic=True).repeat(5)
    text = extxyz(salt.cell.array, " ".join(salt.get_chemical_symbols()), salt.positions)
    with pytest.raises(TooLarge, match="The crystal has 1,000 atoms in its cell; at most 300") as caught:
        read_molecule(text)
    assert "primitive cell" in caught.value.hint
    with pytest.raises(TooLarge, match="The crystal has at least 8 atoms in its cell; at most 7") as caught:
        read_molecule(SALT, "cif", max_atoms=7)
    assert "primitive cell" in caught.value.hint
    # a box that means nothing is no crystal
    with pytest.raises(TooLarge, match="The molecule has 1,000 atoms"):
        read_molecule(text.replace("T T T", "F F F"))


ONE_WATER = np.array([[0.0, 0.0, 0.117], [0.0, 0.757, -0.469], [0.0, -0.757, -0.469]])


@pytest.mark.parametrize("shift", [0.0, 6.0, 11.9])
@pytest.mark.parametrize("cell", [12.0 * np.eye(3), 8.0 * np.eye(3), 9.0 * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])])
def test_a_molecule_in_vacuum_is_said_to_be_one(cell, shift):
    """Wherever it lies in its cell, in several pieces, too."""
    positions = ONE_WATER + shift
    wrapped = (positions @ np.linalg.inv(cell) % 1.0) @ cell
    for places in (positions, wrapped):
        (said,) = read_molecule(extxyz(cell, "O H H", places)).warnings
        assert "one molecule, more than 5 Å from all images" in said
        assert 'pbc="F F F"' in said
    alone = read_molecule(extxyz(cell, "O H H", positions, "F F F"))
    assert alone.cell is None


def test_a_molecule_in_the_box_of_a_cif_is_said_to_be_one_and_several_are_counted():
    sites = "O1 O 0.5 0.5 0.51\nH1 H 0.5 0.563 0.461\nH2 H 0.5 0.437 0.461\n"
    (said,) = read_molecule(cif(named("P 1"), sites, "12 12 12 90 90 90"), "cif").warnings
    assert "one molecule" in said
    positions = np.concatenate([ONE_WATER, ONE_WATER + np.array([0, 0, 9.0])])
    (said,) = read_molecule(extxyz(np.diag([10.0, 10.0, 18.0]), "O H H O H H", positions)).warnings
    assert "holds 2 molecules" in said
    (said,) = read_molecule(extxyz(12.0 * np.eye(3), "Ne", np.zeros((1, 3)))).warnings
    assert "one atom" in said


def test_crystals_are_not_taken_for_molecules_in_vacuum():
    for atoms in (
        bulk("Cs", "bcc", a=6.14), bulk("Xe", "fcc", a=6.2), bulk("Si", "diamond", a=5.43), bulk("Rb", cubic=True),
        bulk("NaCl", "rocksalt", a=5.64), bulk("NaCl", "rocksalt", a=14.0), bulk("K", "bcc", a=5.33),
    ):  # fmt: skip
        text = extxyz(atoms.cell.array, " ".join(atoms.get_chemical_symbols()), atoms.positions)
        assert read_molecule(text).warnings == ()
    # waters that touch, in rows with vacuum beside them, and in all directions
    for cell in (np.diag([4.0, 20.0, 20.0]), np.diag([4.0, 4.5, 20.0]), np.diag([4.0, 4.5, 4.0])):
        assert read_molecule(extxyz(cell, "O H H", ONE_WATER)).warnings == ()
