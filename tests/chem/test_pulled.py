"""A geometry that falls into parts: one molecule with a pulled bond, or several molecules."""

from __future__ import annotations

import numpy as np
import pytest

from atomlens.chem.connections import connections, moved_atoms, parts, torn_atoms
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.read import read_molecule
from atomlens.errors import UnsupportedMolecule
from atomlens.training.labels.displace import smaller_side, stretched


def as_xyz(molecule: Molecule, positions: np.ndarray) -> str:
    rows = zip(molecule.symbols, positions, strict=True)
    return f"{len(molecule)}\n\n" + "".join(f"{symbol} {x} {y} {z}\n" for symbol, (x, y, z) in rows)


@pytest.mark.parametrize(
    "smiles",
    [
        *("[H][H]", "Cl", "O", "C", "CC", "C=C", "C#C", "C=O", "O=C=O", "N#N", "CO", "OO", "CS(C)=O", "C[N+](=O)[O-]"),
        *("CP(C)(C)=O", "FC=CF", "CC(N)=O", "Cc1ccccc1", "BrCCl", "C[N+](C)(C)[O-]"),
    ],
)
def test_every_bond_outside_rings_may_be_pulled(smiles: str) -> None:
    molecule = read_molecule(smiles)
    pairs = np.array([bond[:2] for bond in molecule.bonds])
    for first, second in pairs.tolist():
        side = smaller_side(len(molecule), pairs, first, second)
        if side is None:
            continue
        positions = stretched(molecule.positions, side, 2.75)
        assert len(parts(len(molecule), connections(molecule.numbers, positions))) == 2
        read = read_molecule(as_xyz(molecule, positions))
        assert {bond[:2] for bond in read.bonds} == {bond[:2] for bond in molecule.bonds}
        if len(molecule) > 3:
            assert read.smiles.replace("/", "").replace("\\", "") == molecule.smiles.replace("/", "").replace("\\", "")
        torn = [atom for atom, how in enumerate(moved_atoms(read)) if how == "torn"]
        assert torn == sorted((first, second))
        assert sum("Torn: " in warning and "(2.75 Å)" in warning for warning in read.warnings) == 1


def test_two_bonds_may_be_pulled_and_three_may_not() -> None:
    methane = read_molecule("C")
    for pulled in (2, 3):
        positions = methane.positions.copy()
        positions[1 : 1 + pulled] *= 2.3
        if pulled == 2:
            assert len(read_molecule(as_xyz(methane, positions)).bonds) == 4
        else:
            with pytest.raises(UnsupportedMolecule, match="4 separate molecules"):
                read_molecule(as_xyz(methane, positions))


def test_a_bond_is_pulled_no_farther_than_the_models_have_seen() -> None:
    assert read_molecule("2\n\nH 0 0 0\nBr 0 0 3.0\n").bonds == ((0, 1, 1.0),)
    with pytest.raises(UnsupportedMolecule, match="2 separate molecules"):
        read_molecule("2\n\nH 0 0 0\nBr 0 0 3.05\n")


@pytest.mark.parametrize("other", ["O", "N", "C", "Cl", "[C-]#[O+]", "C=O", "P"])
def test_whole_molecules_beside_each_other_are_several(other: str) -> None:
    water, partner = read_molecule("O"), read_molecule(other)
    away = partner.positions - partner.positions.mean(axis=0)
    away[:, 2] += 2.9 + water.positions[:, 2].max() - away[:, 2].min()
    numbers = np.concatenate([water.numbers, partner.numbers])
    both = Molecule(numbers=numbers, positions=np.concatenate([water.positions, away]))
    with pytest.raises(UnsupportedMolecule, match="2 separate molecules"):
        read_molecule(as_xyz(both, both.positions))


def test_of_two_atoms_that_may_be_in_bohr_both_are_said() -> None:
    read = read_molecule("2\n\nH 0 0 0\nCl 0 0 2.41\n")
    assert any("Torn: H1–Cl2 (2.41 Å)" in warning for warning in read.warnings)
    assert any("bohr" in warning for warning in read.warnings)


def test_what_is_said_of_a_torn_bond_is_not_said_elsewhere() -> None:
    read = read_molecule("2\n\nH 0 0 0\nCl 0 0 2.41\n")
    back = read.elsewhere(np.array([[0.0, 0, 0], [0, 0, 1.28]]), Geometry("moved by hand"))
    assert back.warnings == ()
    assert torn_atoms(back).tolist() == [False, False]
