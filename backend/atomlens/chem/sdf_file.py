"""Molecules as records of an SDF: constitution with formal charges, geometry, and values as properties."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from rdkit import Chem

from atomlens.chem.atom_groups import graph
from atomlens.chem.constitution import configured, quiet
from atomlens.chem.molecule import Molecule


def sdf_record(molecule: Molecule, properties: Mapping[str, str]) -> str:
    """One record, with its end; the atoms are in the molecule's order."""
    with quiet():
        block = Chem.MolToMolBlock(_drawn(molecule), kekulize=bool(molecule.smiles))
    title = molecule.name or molecule.smiles or molecule.formula
    lines = [title.replace("\n", " "), *block.split("\n")[1:]]
    data = "".join(f"> <{name}>\n{value}\n\n" for name, value in properties.items())
    return "\n".join(lines) + data + "$$$$\n"


def _drawn(molecule: Molecule) -> Chem.Mol:
    """The molecule with the charges of its SMILES, where that is known; a geometry tells none."""
    mol = graph(molecule.numbers.tolist(), molecule.bonds)
    if molecule.smiles:
        mol = _with_charges(mol, molecule.smiles)
    shape = Chem.Conformer(len(molecule))
    shape.SetPositions(np.ascontiguousarray(molecule.positions))
    shape.Set3D(True)
    mol.RemoveAllConformers()
    mol.AddConformer(shape, assignId=True)
    return mol


def _with_charges(mol: Chem.Mol, smiles: str) -> Chem.Mol:
    """The constitution of the SMILES with the atoms in the order of `mol`; `mol` where the two do not match."""
    template = Chem.AddHs(Chem.MolFromSmiles(smiles))
    query = Chem.RWMol(template)
    plain = configured(Chem.AdjustQueryParameters.NoAdjustments(), makeBondsGeneric=True)
    for atom in query.GetAtoms():
        atom.SetFormalCharge(0)
        atom.SetIsAromatic(False)
    match = mol.GetSubstructMatch(Chem.AdjustQueryProperties(query, plain))
    if len(match) != mol.GetNumAtoms():
        return mol
    return Chem.RenumberAtoms(template, [int(k) for k in np.argsort(match)])
