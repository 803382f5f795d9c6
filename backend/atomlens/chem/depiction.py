"""Depiction: where the atoms of a molecule stand on a flat drawing, hydrogens too.

The heavy atoms are laid out by RDKit (its own way or CoordGen's, whichever crowds them less); hydrogens, which either
would pile up on one another in saturated rings, are then put one by one where there is most room around their atom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdCoordGen, rdDepictor
from rdkit.Geometry import Point3D

from atomlens.chem.molecule import Molecule
from atomlens.errors import UnsupportedMolecule

#: Lengths of a hydrogen's bond that are tried, in those of the others, the preferred one first.
REACHES = np.array([0.72, 0.9, 1.1])
#: Directions that are tried around an atom.
DIRECTIONS = np.radians(np.arange(0.0, 360.0, 7.5))
#: Room around a hydrogen beyond which more is not better.
ROOM = 0.68
#: Room that a longer bond has to win, for each of its length.
STRETCH = 0.4

_ORDERS = {
    1.0: Chem.BondType.SINGLE,
    2.0: Chem.BondType.DOUBLE,
    3.0: Chem.BondType.TRIPLE,
    1.5: Chem.BondType.AROMATIC,
}


def flat_positions(molecule: Molecule) -> NDArray[np.float64]:
    """(n_atoms, 2): places on a drawing in which a bond is about 1 long, y upward; cis and trans are kept.

    Raises `UnsupportedMolecule`, code "no_drawing", for a crystal and where atoms have no known bonds.
    """
    if molecule.cell is not None or (len(molecule) > 1 and not molecule.bonds):
        raise UnsupportedMolecule(
            "A flat drawing needs the bonds of a molecule, and none are known here.",
            code="no_drawing",
            field="molecule",
            hint="Take the table of the atoms or the picture in space instead.",
        )
    hanging = _hanging(molecule)
    places = np.full((len(molecule), 2), np.nan)
    frame = [atom for atom in range(len(molecule)) if atom not in hanging]
    places[frame] = _frame(_graph(molecule), frame)
    for atom, anchor in hanging.items():
        places[atom] = _roomiest(places, anchor)
    middle: NDArray[np.float64] = (places.max(axis=0) + places.min(axis=0)) / 2
    return places - middle


def _hanging(molecule: Molecule) -> dict[int, int]:
    """Hydrogens with one bond, to a heavier atom, and that atom."""
    neighbours: dict[int, list[int]] = {atom: [] for atom in range(len(molecule))}
    for first, second, _ in molecule.bonds:
        neighbours[first].append(second)
        neighbours[second].append(first)
    return {
        atom: near[0]
        for atom, near in neighbours.items()
        if molecule.numbers[atom] == 1 and len(near) == 1 and molecule.numbers[near[0]] > 1
    }


def _graph(molecule: Molecule) -> Chem.Mol:
    """The molecule as RDKit holds it, cis and trans read from its geometry; formal charges are not known, so valences
    are not checked."""
    mol = Chem.RWMol()
    conformer = Chem.Conformer(len(molecule))
    for index, (number, place) in enumerate(zip(molecule.numbers.tolist(), molecule.positions.tolist(), strict=True)):
        atom = Chem.Atom(number)
        atom.SetNoImplicit(True)
        mol.AddAtom(atom)
        conformer.SetAtomPosition(index, Point3D(*place))
    for first, second, order in molecule.bonds:
        mol.AddBond(first, second, _ORDERS.get(order, Chem.BondType.SINGLE))
    mol.AddConformer(conformer)
    mol.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(mol)
    with rdBase.BlockLogs():
        Chem.AssignStereochemistryFrom3D(mol, replaceExistingTags=True)
    return mol.GetMol()


def _frame(mol: Chem.Mol, atoms: list[int]) -> NDArray[np.float64]:
    """(n, 2) places of these atoms, the others left out; a usual bond is 1 long."""
    bare = Chem.RWMol(mol)
    for atom in sorted(set(range(mol.GetNumAtoms())) - set(atoms), reverse=True):
        bare.RemoveAtom(atom)
    bare.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(bare)
    bonds = np.array([(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in bare.GetBonds()], int)
    bonds = bonds.reshape(-1, 2)
    found = []
    with rdBase.BlockLogs():
        for lay_out in (rdDepictor.Compute2DCoords, rdCoordGen.AddCoords):
            lay_out(bare)
            places = np.array(bare.GetConformer().GetPositions()[:, :2], dtype=np.float64)
            lengths = np.linalg.norm(places[bonds[:, 0]] - places[bonds[:, 1]], axis=1)
            found.append(places / (np.median(lengths) if len(lengths) else 1.0))
    # RDKit's own is the usual look: CoordGen's has to be clearly roomier
    return found[1] if _crowding(found[1]) > 1.1 * _crowding(found[0]) else found[0]


def _crowding(places: NDArray[np.float64]) -> float:
    """The smallest distance of two atoms; 1 for a single one."""
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, 1.0)
    return float(distances.min())


def _roomiest(places: NDArray[np.float64], anchor: int) -> NDArray[np.float64]:
    """Where around the anchor an atom has most room from all that are placed (NaN: not yet)."""
    ways = np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=1)
    candidates = (places[anchor] + REACHES[:, None, None] * ways).reshape(-1, 2)
    others = places[np.isfinite(places[:, 0])]
    nearest = np.linalg.norm(candidates[:, None] - others[None], axis=2)
    room = np.minimum(nearest.min(axis=1), ROOM)
    # a longer bond has to be worth it: on one, a hydrogen may seem to belong to another atom
    worth = room - STRETCH * np.repeat(REACHES - REACHES[0], len(DIRECTIONS))
    # among equally good places the one that keeps away from the whole neighbourhood
    crowd = (1.0 / np.maximum(nearest, 0.1) ** 3).sum(axis=1)
    return np.asarray(candidates[np.lexsort((crowd.round(6), -worth.round(2)))[0]])
