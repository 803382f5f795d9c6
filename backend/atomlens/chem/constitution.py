"""The constitution: which atom is bound to which, as RDKit holds it, and what is read off from it.

Shared by everything that meets an RDKit molecule: SMILES, MOL blocks and bonds perceived from a geometry.
Atoms are counted from 1 in messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from rdkit import Chem, rdBase

from atomlens.chem.check import check_size, check_treatable
from atomlens.chem.elements import SYMBOLS
from atomlens.errors import MalformedInput

Parameters = TypeVar("Parameters")
Bonds = tuple[tuple[int, int, float], ...]

ISOTOPE_WARNING: Final = (
    "Isotopes are treated as the common element: nuclear masses do not enter the electronic energy."
)

_VALENCE: Final = re.compile(r"Explicit valence for atom # (\d+) (\w+)(?:, (\d+), is)? greater than permitted")
_KEKULE: Final = re.compile(r"Can't kekulize mol\.\s+Unkekulized atoms: ([\d ]+)")
_NOT_RING: Final = re.compile(r"non-ring atom (\d+) marked aromatic")
_TETRAHEDRAL: Final = (Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW)
_NAMED_BONDS: Final = frozenset(
    {
        Chem.BondType.SINGLE,
        Chem.BondType.DOUBLE,
        Chem.BondType.TRIPLE,
        Chem.BondType.AROMATIC,
        Chem.BondType.DATIVE,
    }
)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep RDKit's log off stderr: its reasons are raised as errors instead."""
    with rdBase.BlockLogs():
        yield


def configured(parameters: Parameters, **values: object) -> Parameters:
    """Set fields of one of RDKit's parameter objects, whose fields its stubs do not know."""
    for name, value in values.items():
        setattr(parameters, name, value)
    return parameters


def check_plain_atoms(mol: Chem.Mol) -> None:
    """Raise `MalformedInput`, code "not_a_molecule", for wildcards, queries and bonds without an order."""
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum() == 0 or atom.HasQuery():
            raise MalformedInput(
                f"Atom {atom.GetIdx() + 1} is a wildcard, a dummy or a query: it stands for no element.",
                code="not_a_molecule",
                field="text",
                hint="Replace it by an element, for example hydrogen.",
            )
    for bond in mol.GetBonds():
        if bond.HasQuery() or bond.GetBondType() not in _NAMED_BONDS:
            raise MalformedInput(
                f"The bond between atoms {bond.GetBeginAtomIdx() + 1} and {bond.GetEndAtomIdx() + 1} is a query "
                "or of a kind that is not treated: it has to be single, double, triple or aromatic.",
                code="not_a_molecule",
                field="text",
            )


def drop_isotopes(mol: Chem.Mol) -> tuple[str, ...]:
    """Clear isotope labels and atom map numbers in place; the warnings that follow from it."""
    labelled = False
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
        labelled = labelled or atom.GetIsotope() != 0
        atom.SetIsotope(0)
    return (ISOTOPE_WARNING,) if labelled else ()


def sanitize(mol: Chem.Mol) -> None:
    """Valences, rings, aromaticity and stereochemistry, in place.

    Raises `MalformedInput`, code "bad_valence" or "bad_aromaticity", with RDKit's reason in plain words.
    """
    try:
        with quiet():
            Chem.SanitizeMol(mol)
            Chem.AssignStereochemistry(mol, cleanIt=True, force=True)
    except (Chem.MolSanitizeException, ValueError, RuntimeError) as error:
        raise _plain_words(mol, str(error)) from error
    for bond in mol.GetBonds():
        if bond.GetBondType() == Chem.BondType.AROMATIC and not bond.IsInRing():
            raise MalformedInput(
                f"The bond between atoms {bond.GetBeginAtomIdx() + 1} and {bond.GetEndAtomIdx() + 1} is written as "
                "aromatic but lies in no ring.",
                code="bad_aromaticity",
                field="text",
            )


def read_stereochemistry(mol: Chem.Mol) -> None:
    """Set the stereochemistry of tetrahedral centres and double bonds from the geometry, in place.

    RDKit marks five and six neighbours (SF6) as stereocentres too, whether their order matters or not.
    """
    Chem.AssignStereochemistryFrom3D(mol, replaceExistingTags=True)
    for atom in mol.GetAtoms():
        if atom.GetChiralTag() not in _TETRAHEDRAL:
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)


def check_constitution(mol: Chem.Mol, max_atoms: int) -> None:
    """Size (hydrogens counted), fragments, charge and shell of a sanitized molecule."""
    check_size(count_atoms(mol), max_atoms)
    check_treatable(
        [
            [
                z
                for atom in part
                for z in [mol.GetAtomWithIdx(atom).GetAtomicNum()] + [1] * mol.GetAtomWithIdx(atom).GetTotalNumHs()
            ]
            for part in Chem.GetMolFrags(mol)
        ],
        Chem.GetFormalCharge(mol),
        sum(atom.GetNumRadicalElectrons() for atom in mol.GetAtoms()),
    )


def count_atoms(mol: Chem.Mol) -> int:
    """Number of atoms, implied hydrogens included."""
    return int(mol.GetNumAtoms()) + sum(int(atom.GetTotalNumHs()) for atom in mol.GetAtoms())


def bonds_of(mol: Chem.Mol) -> Bonds:
    """(first, second, order) with first < second, sorted; order 1, 2, 3 or 1.5 (aromatic)."""
    return tuple(
        sorted(
            (
                min(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()),
                max(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()),
                float(bond.GetBondTypeAsDouble()),
            )
            for bond in mol.GetBonds()
        )
    )


def canonical_smiles(mol: Chem.Mol) -> str:
    """RDKit's canonical SMILES without explicit hydrogens (cis and trans of an imine's N-H are one)."""
    parameters = configured(Chem.RemoveHsParameters(), removeDefiningBondStereo=True)
    with quiet():
        bare = Chem.RemoveHs(mol, parameters)
        Chem.AssignStereochemistry(bare, cleanIt=True, force=True)
        return str(Chem.MolToSmiles(bare))


def _plain_words(mol: Chem.Mol, reason: str) -> MalformedInput:
    """RDKit's reason for refusing a molecule, as a sentence for people."""
    if found := _VALENCE.search(reason):
        atom, symbol, bonds = int(found[1]), found[2], f"{found[3]} bonds" if found[3] else "a valence"
        return MalformedInput(
            f"Atom {atom + 1} ({symbol}) has {bonds}, more than {symbol} with this charge and electrons can have.",
            code="bad_valence",
            field="text",
            hint="Check bond orders and formal charges, e.g. a nitro group is [N+](=O)[O-].",
        )
    if found := _KEKULE.search(reason):
        atoms = ", ".join(str(int(atom) + 1) for atom in found[1].split()[:8])
        return MalformedInput(
            f"The aromatic atoms {atoms} cannot be given alternating single and double bonds.",
            code="bad_aromaticity",
            field="text",
            hint="Mostly a hydrogen is missing on an aromatic nitrogen: pyrrole is c1cc[nH]c1.",
        )
    if found := _NOT_RING.search(reason):
        index = int(found[1])
        symbol = SYMBOLS[mol.GetAtomWithIdx(index).GetAtomicNum()]
        return MalformedInput(
            f"Atom {index + 1} ({symbol.lower()}) is written as aromatic but lies in no ring.",
            code="bad_aromaticity",
            field="text",
            hint="Write atoms outside aromatic rings with capitals.",
        )
    first = reason.strip().splitlines()[0] if reason.strip() else "no reason given"
    return MalformedInput(f"The constitution makes no sense chemically: {first}.", code="bad_valence", field="text")
