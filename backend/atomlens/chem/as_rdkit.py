"""A `Molecule` as RDKit holds it: its own atoms in their order and places, with formal charges.

A `Molecule` keeps bonds and a SMILES, which has the formal charges that bonds alone do not tell (a nitro group's). The
SMILES is laid over the bonds, and takes the order and the positions of the molecule's atoms.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from atomlens.chem.atom_groups import graph
from atomlens.chem.constitution import quiet, read_stereochemistry, sanitize
from atomlens.chem.molecule import Molecule
from atomlens.chem.smiles import parse
from atomlens.errors import UnsupportedMolecule

_SINGLE: Final = Chem.BondType.SINGLE


def as_rdkit(molecule: Molecule) -> Chem.Mol:
    """Sanitized, hydrogens as atoms, with one conformer, and the stereochemistry that its positions have.

    Raises `UnsupportedMolecule`, code "no_bonds", where the molecule's bond orders are not known.
    """
    mol = _matched(molecule) if molecule.smiles else None
    if mol is None:
        raise UnsupportedMolecule(
            "The bond orders of this molecule are not known, so its constitution is not either.",
            code="no_bonds",
            field="molecule",
            hint="Give it as a SMILES, a drawing or an SDF, which name the bonds.",
        )
    read_stereochemistry(mol)
    return mol


def place(mol: Chem.Mol, positions: NDArray[np.float64]) -> None:
    """Make these (n_atoms, 3), Å, the only positions of `mol`."""
    shape = Chem.Conformer(mol.GetNumAtoms())
    shape.SetPositions(np.ascontiguousarray(positions, dtype=np.float64))
    shape.Set3D(True)
    mol.RemoveAllConformers()
    mol.AddConformer(shape, assignId=True)


def _matched(molecule: Molecule) -> Chem.Mol | None:
    """The SMILES with the molecule's order of atoms; None where it is of another molecule."""
    written = parse(molecule.smiles)
    sanitize(written)
    with quiet():
        full = Chem.AddHs(written)
        if full.GetNumAtoms() != len(molecule):
            return None
        atoms = _connected(molecule).GetSubstructMatch(_plain(full))
        if len(atoms) != len(molecule):
            return None
        mol = Chem.RenumberAtoms(full, [int(atom) for atom in np.argsort(atoms)])
    place(mol, molecule.positions)
    return mol


def _connected(molecule: Molecule) -> Chem.Mol:
    """Its elements, all bonds single."""
    return graph(molecule.numbers.tolist(), tuple((first, second, 1.0) for first, second, _ in molecule.bonds))


def _plain(mol: Chem.Mol) -> Chem.Mol:
    """Elements and connections of `mol` alone."""
    pairs = tuple((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), 1.0) for bond in mol.GetBonds())
    return graph([atom.GetAtomicNum() for atom in mol.GetAtoms()], pairs)
