"""MOL and SDF: a constitution with positions (BIOVIA, CTfile Formats). The first record of a file is read.

Positions in space are kept as they are. A flat drawing has no geometry: it gets one from a force field. Hydrogens
that a geometry in space leaves out are placed at ideal bond lengths and angles.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from rdkit import Chem

from atomlens.chem import ctab, smiles
from atomlens.chem.constitution import (
    bonds_of,
    canonical_smiles,
    check_constitution,
    check_plain_atoms,
    count_atoms,
    drop_isotopes,
    quiet,
    read_stereochemistry,
    sanitize,
)
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.text import LONGEST_NAME
from atomlens.errors import MalformedInput

_MARKS: Final = re.compile(r"V[23]000[ \t]*$|^M  END|^\$\$\$\$", re.MULTILINE)
_END_OF_RECORD: Final = re.compile(r"^\$\$\$\$.*$", re.MULTILINE)
#: Below this all z are zero but for rounding, Å.
_FLAT_ANGSTROM: Final = 1e-4

DRAWING_WARNING: Final = "The file holds a flat drawing without a geometry: one was generated."


def looks_like_sdf(text: str) -> bool:
    """Whether the text has a mark of the format."""
    return _MARKS.search(text) is not None


def read_sdf(text: str, max_atoms: int) -> Molecule:
    """A molecule from a MOL block or the first record of an SDF.

    Raises `MalformedInput` (codes as `ctab.look`, "bad_valence", "bad_aromaticity"), `TooLarge`
    ("too_many_atoms"), `UnsupportedMolecule` ("several_fragments", "charged", "open_shell", "no_geometry") and
    `InputError` ("coincident_atoms").
    """
    records = _END_OF_RECORD.split(text)
    warnings: tuple[str, ...] = ()
    if any(record.strip() for record in records[1:]):
        warnings = ("The file holds more than one molecule: the first is shown.",)
    table = ctab.look(records[0], max_atoms)
    mol, isotopes = _constitution(table.block)
    check_constitution(mol, max_atoms)
    missing = count_atoms(mol) - mol.GetNumAtoms()
    flat = max(abs(z) for _, _, z in table.positions) < _FLAT_ANGSTROM
    if flat and (table.dimension == "2D" or (missing and table.dimension != "3D")):
        molecule = smiles.with_geometry(mol, (DRAWING_WARNING, *warnings, *isotopes))
    else:
        molecule = _in_space(mol, table, missing, warnings + isotopes)
    return molecule


def title(text: str) -> str:
    """The title line, at most 80 characters; "" if there is none."""
    return text.split("\n", 1)[0].strip()[:LONGEST_NAME]


def _constitution(block: str) -> tuple[Chem.Mol, tuple[str, ...]]:
    """The sanitized constitution with the stereochemistry of the block, and warnings."""
    raw = _parse(block, sanitized=False)
    check_plain_atoms(raw)
    # a first pass on a copy finds what is wrong; RDKit's own reading then keeps the stereochemistry
    sanitize(raw)
    mol = _parse(block, sanitized=True)
    isotopes = drop_isotopes(mol)
    sanitize(mol)
    return mol, isotopes


def _parse(block: str, *, sanitized: bool) -> Chem.Mol:
    try:
        with quiet():
            mol = Chem.MolFromMolBlock(block, sanitize=sanitized, removeHs=False)
    except (RuntimeError, ValueError) as error:
        raise _unreadable() from error
    if mol is None or mol.GetNumAtoms() == 0:
        raise _unreadable()
    return mol


def _in_space(mol: Chem.Mol, table: ctab.ConnectionTable, missing: int, warnings: tuple[str, ...]) -> Molecule:
    """The molecule with the file's own positions, and those of hydrogens that it left out."""
    note = "The geometry is that of the file."
    positions = np.array(table.positions, dtype=np.float64)
    with quiet():
        if missing:
            mol.GetConformer().Set3D(True)
            mol = Chem.AddHs(mol, addCoords=True)
            added = mol.GetConformer().GetPositions()[len(positions) :]
            positions = np.concatenate([positions, np.round(added, 6)])
            note = f"The geometry is that of the file; {missing} hydrogens were added at ideal positions."
            warnings = (note, *warnings)
        read_stereochemistry(mol)
    return Molecule(
        numbers=np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()], dtype=np.int64),
        positions=positions,
        bonds=bonds_of(mol),
        charge=int(Chem.GetFormalCharge(mol)),
        smiles=canonical_smiles(mol),
        geometry=Geometry("file", "SDF", note),
        warnings=warnings,
    )


def _unreadable() -> MalformedInput:
    return MalformedInput(
        "The MOL block cannot be read by RDKit, although its tables look right.",
        code="bad_table",
        field="text",
        hint="Look at its property lines (those that begin with M), or write it anew with another program.",
    )
