"""SMILES: a constitution written as a line (Weininger, J. Chem. Inf. Comput. Sci. 28, 31 (1988)).

Parsing and perception are RDKit's; the geometry is `atomlens.chem.conformer`'s. The order of atoms is that of the
text, with the hydrogens after the other atoms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, cast

import numpy as np
from rdkit import Chem, rdBase

from atomlens.chem import conformer
from atomlens.chem.check import check_size
from atomlens.chem.constitution import (
    bonds_of,
    canonical_smiles,
    check_constitution,
    check_plain_atoms,
    configured,
    drop_isotopes,
    quiet,
    sanitize,
)
from atomlens.chem.molecule import Molecule
from atomlens.chem.text import quoted, too_long_smiles
from atomlens.errors import MalformedInput, UnsupportedMolecule

#: Some ten characters an atom for the largest molecules treated.
MAX_SMILES_CHARACTERS: Final = 4_000

_REASON: Final = re.compile(r"SMILES Parse Error: (.+?)(?: while parsing|,? for input|$)", re.MULTILINE)
#: What ChemAxon's programs write behind a SMILES.
_EXTENSION: Final = re.compile(r"\|[^|]*\|\s*")
_POSITION: Final = re.compile(r"around position (\d+)")
#: A first tag, a declaration or a comment: no SMILES begins so.
_MARKUP: Final = re.compile(r"\s*<[?!/]?[A-Za-z-]")
#: Stereochemistry of double bonds in rings up to this size is fixed by the ring.
_RIGID_RING: Final = 8


def read_smiles(text: str, max_atoms: int) -> Molecule:
    """A molecule from SMILES, hydrogens added, in a force field's geometry.

    Raises `MalformedInput` (codes "bad_smiles", "bad_valence", "bad_aromaticity", "not_a_molecule"), `TooLarge`
    ("too_long", "too_many_atoms") and `UnsupportedMolecule` ("several_fragments", "charged", "open_shell",
    "no_geometry").
    """
    mol, warnings = constitution(text, max_atoms)
    return with_geometry(mol, warnings)


def constitution(text: str, max_atoms: int) -> tuple[Chem.Mol, tuple[str, ...]]:
    """The sanitized constitution that a SMILES writes, without geometry, and warnings about it."""
    mol = parse(text)
    check_size(mol.GetNumAtoms(), max_atoms, counted="atoms without hydrogens")
    check_plain_atoms(mol)
    warnings = drop_isotopes(mol)
    sanitize(mol)
    check_constitution(mol, max_atoms)
    return mol, warnings + _free_stereochemistry(mol)


def canonical(text: str) -> str:
    """Canonical form of a SMILES (without checks of whether the models could treat the molecule)."""
    mol = parse(text)
    drop_isotopes(mol)
    sanitize(mol)
    return canonical_smiles(mol)


def without_stereochemistry(smiles: str) -> str:
    """Canonical form of a valid SMILES that tells stereoisomers not apart."""
    mol = parse(smiles)
    sanitize(mol)
    Chem.RemoveStereochemistry(mol)
    return canonical_smiles(mol)


def with_geometry(
    mol: Chem.Mol,
    warnings: tuple[str, ...],
    shaped: Callable[[Chem.Mol], conformer.Conformer] = conformer.generate,
) -> Molecule:
    """Add the hydrogens and a conformer to a sanitized constitution."""
    with quiet():
        full = Chem.AddHs(Chem.RemoveHs(mol))
        # of the whole molecule: H2 alone is spelled otherwise where its atoms are implied ([HH])
        smiles = canonical_smiles(full)
    numbers = np.array([atom.GetAtomicNum() for atom in full.GetAtoms()], dtype=np.int64)
    try:
        shape = shaped(full)
    except UnsupportedMolecule as error:
        error.note_elements(numbers)
        raise
    return Molecule(
        numbers=numbers,
        positions=shape.positions,
        bonds=bonds_of(full),
        charge=int(Chem.GetFormalCharge(full)),
        smiles=smiles,
        geometry=shape.geometry,
        warnings=shape.warnings + warnings,
    )


def rough(text: str, max_atoms: int) -> Molecule:
    """The molecule of a SMILES as a force field has it (`conformer.rough`), atoms in the order of its canonical form.

    Raises what `read_smiles` raises.
    """
    mol, warnings = constitution(canonical(text), max_atoms)
    return with_geometry(mol, warnings, conformer.rough)


def cut_line(line: str) -> tuple[str, str, str]:
    """A line of a file: the SMILES, its ChemAxon extension between bars or "", and the title behind both or ""."""
    smiles, *rest = line.split(None, 1)
    found = _EXTENSION.match(rest[0]) if rest else None
    if found is None:
        return smiles, "", rest[0].strip() if rest else ""
    return smiles, found[0].strip(), rest[0][found.end() :].strip()


def without_extension(molecule: Molecule, extension: str) -> Molecule:
    """The molecule, with a word that what stood between bars behind its SMILES was not read."""
    said = f"What stands behind the SMILES, {quoted(extension)}, was left out."
    return replace(molecule, warnings=(*molecule.warnings, said)) if extension else molecule


def parse(text: str) -> Chem.Mol:
    """The unsanitized molecule; raises `MalformedInput` with RDKit's reason and the position."""
    text = text.strip()
    _check_characters(text)
    parameters = configured(
        Chem.SmilesParserParams(), sanitize=False, removeHs=False, allowCXSMILES=False, parseName=False
    )
    try:
        with quiet(), rdBase.CaptureErrorLog() as log:
            # RDKit's stubs leave out that None is returned for text that cannot be parsed
            mol = cast("Chem.Mol | None", Chem.MolFromSmiles(text, parameters))
    except (RuntimeError, ValueError) as error:
        raise _bad_smiles(text, "RDKit cannot read it", None) from error
    if mol is None:
        reason = _REASON.search(log.messages)
        position = _POSITION.search(log.messages)
        raise _bad_smiles(
            text,
            reason[1].strip().rstrip(":") if reason else "it cannot be parsed",
            int(position[1]) if position else None,
        )
    if mol.GetNumAtoms() == 0:
        raise MalformedInput("The SMILES holds no atoms.", code="empty", field="text")
    return mol


def _check_characters(text: str) -> None:
    """What is certainly no SMILES, told apart so that the message can say what it is."""
    if not text:
        raise MalformedInput("The SMILES is empty.", code="empty", field="text")
    if len(text) > MAX_SMILES_CHARACTERS:
        raise too_long_smiles(len(text), MAX_SMILES_CHARACTERS)
    if text.startswith("InChI="):
        raise MalformedInput(
            "This is an InChI, which is not read.", code="bad_smiles", field="text", hint="Send a SMILES."
        )
    if _MARKUP.match(text):
        raise MalformedInput(
            "This is XML or HTML, which is not read.",
            code="not_a_molecule",
            field="text",
            hint="Send a SMILES, or save the molecule as SDF, MOL, XYZ or CIF.",
        )
    if ">" in text.replace("->", ""):
        raise MalformedInput(
            "This is a reaction (it holds '>'), not a molecule.",
            code="not_a_molecule",
            field="text",
            hint="Send one of its molecules.",
        )
    for position, character in enumerate(text, start=1):
        if character.isspace():
            raise _bad_smiles(text, "it holds white space", position)
        if not "!" <= character <= "~":
            raise _bad_smiles(text, "it holds a character that no SMILES has", position)


def _bad_smiles(text: str, reason: str, position: int | None) -> MalformedInput:
    if position is not None and 1 <= position <= len(text):
        reason = f"{reason} at character {position}, {quoted(text[position - 1])}"
    return MalformedInput(
        f"The SMILES {quoted(text)} cannot be read: {reason}.",
        code="bad_smiles",
        field="text",
        hint="Check brackets and ring closures; ethanol is CCO, benzene is c1ccccc1.",
    )


def _free_stereochemistry(mol: Chem.Mol) -> tuple[str, ...]:
    """A warning where the text leaves stereochemistry open, so that the geometry shows one form of several."""
    with quiet():
        Chem.AssignStereochemistry(mol, cleanIt=True, force=True, flagPossibleStereoCenters=True)
        elements = Chem.FindPotentialStereo(mol)
    centres = [
        atom
        for atom in mol.GetAtoms()
        if atom.HasProp("_ChiralityPossible")
        and atom.GetChiralTag() == Chem.ChiralType.CHI_UNSPECIFIED
        # RDKit counts phosphorus and arsenic of two hydrogens, which are alike
        and atom.GetTotalNumHs() < 2
    ]
    bonds = [
        element
        for element in elements
        if element.type == Chem.StereoType.Bond_Double
        and element.specified == Chem.StereoSpecified.Unspecified
        and _is_open(mol.GetBondWithIdx(element.centeredOn))
    ]
    if not centres and not bonds:
        return ()
    parts = [
        f"{len(found)} {noun}{'s' if len(found) > 1 else ''}"
        for found, noun in ((centres, "stereocentre"), (bonds, "double bond"))
        if found
    ]
    return (f"The stereochemistry of {' and '.join(parts)} is not given: one possible form is shown.",)


def _is_open(bond: Chem.Bond) -> bool:
    """Whether cis or trans at this C=C bond means two molecules (not in small rings or cumulenes, not at N)."""
    ends = (bond.GetBeginAtom(), bond.GetEndAtom())
    if any(end.GetAtomicNum() != 6 for end in ends):
        return False
    if any(bond.IsInRingSize(size) for size in range(3, _RIGID_RING + 1)):
        return False
    doubles = [other for end in ends for other in end.GetBonds() if other.GetBondType() == Chem.BondType.DOUBLE]
    return len(doubles) == 2
