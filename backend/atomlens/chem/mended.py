"""MMFF94 where its tables lack a bond: RDKit gives it the length of a single one, and says that it has parameters.

The C=S bond of an isothiocyanate, S=O of SO2, C≡C–C≡C: 0.1 to 0.25 Å too long, and up to 100 kcal/mol too high. These
bonds are held at the length that UFF (Rappé et al., J. Am. Chem. Soc. 114, 10024 (1992)) gives them, which is within
0.1 Å of quantum chemistry's; everything else stays MMFF94's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rdkit import Chem
from rdkit.Chem import rdForceFieldHelpers

#: Å by which a bond has to be longer than UFF's: those whose order MMFF94 knows are longer by less.
TOO_LONG: Final = 0.1
#: kcal/mol/Å²: many times what MMFF94 holds a bond at its own length by.
STIFF: Final = 2e4

Lengths = list[tuple[int, int, float]]


def lacking(mol: Chem.Mol) -> Lengths:
    """Bonds that MMFF94 draws out, by their atoms from 0, and their lengths by UFF, Å; mol: one that MMFF94 takes."""
    properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
    found: Lengths = []
    for bond in mol.GetBonds():
        ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if not (bond.GetBondTypeAsDouble() > 1.0 or _between_linear(bond)):
            continue
        given = properties.GetMMFFBondStretchParams(mol, *ends)
        other = rdForceFieldHelpers.GetUFFBondStretchParams(mol, *ends)
        if given and other and given[2] - other[1] > TOO_LONG:
            found.append((*ends, float(other[1])))
    return found


def hold(field: Any, lengths: Lengths) -> None:
    """Add to RDKit's MMFF94 force field of the molecule what holds its bonds at these lengths."""
    for first, second, length in lengths:
        field.MMFFAddDistanceConstraint(first, second, False, length, length, STIFF)


def relax(mol: Chem.Mol, lengths: Lengths, steps: int, indices: Sequence[int] = (-1,)) -> list[tuple[int, float]]:
    """Relax conformers in place with bonds held; of each RDKit's status (0: converged) and energy, kcal/mol."""
    properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
    found = []
    for index in indices:
        field = rdForceFieldHelpers.MMFFGetMoleculeForceField(mol, properties, confId=index)
        field.Initialize()
        hold(field, lengths)
        found.append((int(field.Minimize(maxIts=steps)), float(field.CalcEnergy())))
    return found


def _between_linear(bond: Chem.Bond) -> bool:
    ends = bond.GetBeginAtom(), bond.GetEndAtom()
    return all(end.GetHybridization() == Chem.HybridizationType.SP for end in ends)
