"""Functional groups, by which molecules are sorted when errors and contributions are compared.

A molecule has a group where its SMARTS pattern (Daylight's language) matches at least once.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from rdkit import Chem

from atomlens.chem.constitution import quiet

GROUPS: Final[dict[str, str]] = {
    "alkene": "[CX3;!$(C=[O,N,S])]=[CX3;!$(C=[O,N,S])]",
    "alkyne": "[CX2]#[CX2]",
    "aromatic ring": "a1aaaaa1",
    "aromatic five-membered ring": "a1aaaa1",
    "three-membered ring": "[r3]",
    "four-membered ring": "[r4]",
    "alcohol": "[OX2H][CX4]",
    "enol or phenol": "[OX2H]-[#6;!$([CX4]);!$(C=[O,N])]",
    "ether": "[OX2;!r3]([#6;!$(C=[O,N])])[#6;!$(C=[O,N])]",
    "epoxide": "[OX2r3]",
    "aldehyde": "[CX3;H1,H2;!$(C[O,N])]=[OX1]",
    "ketone": "[#6][CX3](=O)[#6]",
    "carboxylic acid": "[CX3](=O)[OX2H]",
    "ester": "[CX3](=O)[OX2][#6]",
    "amide": "[CX3](=O)[NX3]",
    "amine": "[NX3;!$(N~[!#6;!#1]);!$(N-C=[O,N,S]);!$(N-[#6]=,:[#6])]",
    "imine, amidine or oxime": "[CX3]=[NX2]",
    "nitrile": "[CX2]#[NX1]",
    "nitrogen bound to nitrogen or oxygen": "[#7]~[#7,#8]",
    "zwitterion": "[-].[+]",
}


@cache
def _patterns() -> dict[str, Chem.Mol]:
    return {name: Chem.MolFromSmarts(smarts) for name, smarts in GROUPS.items()}


def groups_of(smiles: str) -> frozenset[str]:
    """Names of the groups that the molecule has; empty where RDKit cannot read the SMILES."""
    with quiet():
        mol: Chem.Mol | None = Chem.MolFromSmiles(smiles)
    if mol is None:
        return frozenset()
    return frozenset(name for name, pattern in _patterns().items() if mol.HasSubstructMatch(pattern))
