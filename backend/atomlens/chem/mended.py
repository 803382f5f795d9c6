"""MMFF94 where its tables lack a bond: RDKit gives it the length of a single one, and says that it has parameters.

The C=S bond of an isothiocyanate, S=O of SO2, C≡C–C≡C: 0.1 to 0.25 Å too long, and up to 100 kcal/mol too high. These
bonds are held at the length that UFF (Rappé et al., J. Am. Chem. Soc. 114, 10024 (1992)) gives them, which is within
0.1 Å of quantum chemistry's; everything else stays MMFF94's. Nor has it, or distance geometry, a word on how the ends
of cumulated double bonds lie: those of pentadiene come out nearly in one plane.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdForceFieldHelpers
from scipy.spatial.transform import Rotation

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


def turn_cumulenes(mol: Chem.Mol, index: int = -1) -> None:
    """Turn the ends of cumulated double bonds outside rings, in place, as electrons have them: into one plane where
    these are odd in number, to right angles where they are even; each to the nearer of both ways.

    index: of the conformer.
    """
    conformer = mol.GetConformer(index)
    for chain in _cumulenes(mol):
        positions = conformer.GetPositions()
        first, last = chain[0], chain[-1]
        sides = []
        for end, inner in ((first, chain[1]), (last, chain[-2])):
            others = (n.GetIdx() for n in mol.GetAtomWithIdx(end).GetNeighbors() if n.GetIdx() != inner)
            sides.append(positions[next(others)] - positions[end])
        axis = positions[last] - positions[first]
        axis /= np.linalg.norm(axis)
        one, other = (side - (side @ axis) * axis for side in sides)
        angle = float(np.degrees(np.arctan2(np.cross(one, other) @ axis, one @ other)))
        wanted = (0.0, 180.0, -180.0) if len(chain) % 2 == 0 else (90.0, -90.0)
        turn = min((target - angle for target in wanted), key=abs)
        rotation = Rotation.from_rotvec(np.radians(turn) * axis)
        for atom in _beyond(mol, last, chain[-2]):
            moved = positions[last] + rotation.apply(positions[atom] - positions[last])
            conformer.SetAtomPosition(atom, moved.tolist())


def _cumulenes(mol: Chem.Mol) -> Iterator[list[int]]:
    """Atoms of two or more double bonds in a row, no one in a ring, with something bonded to both ends."""

    def onward(atom: int, before: int | None) -> list[int]:
        bonds = mol.GetAtomWithIdx(atom).GetBonds()
        doubles = [bond for bond in bonds if bond.GetBondType() == Chem.BondType.DOUBLE and not bond.IsInRing()]
        return [other for bond in doubles if (other := bond.GetOtherAtomIdx(atom)) != before]

    for begin in range(mol.GetNumAtoms()):
        chain, more = [begin], onward(begin, None)
        while len(more) == 1:
            chain.append(more[0])
            more = onward(chain[-1], chain[-2])
        carried = all(mol.GetAtomWithIdx(end).GetDegree() > 1 for end in (chain[0], chain[-1]))
        linear = all(mol.GetAtomWithIdx(atom).GetDegree() == 2 for atom in chain[1:-1])
        if len(chain) > 2 and not more and begin < chain[-1] and carried and linear:
            yield chain


def _beyond(mol: Chem.Mol, atom: int, before: int) -> set[int]:
    """Atoms on the far side of a bond that is in no ring."""
    reached, todo = {before}, [atom]
    while todo:
        here = todo.pop()
        reached.add(here)
        todo += [n.GetIdx() for n in mol.GetAtomWithIdx(here).GetNeighbors() if n.GetIdx() not in reached]
    return reached - {before}


def _between_linear(bond: Chem.Bond) -> bool:
    ends = bond.GetBeginAtom(), bond.GetEndAtom()
    return all(end.GetHybridization() == Chem.HybridizationType.SP for end in ends)
