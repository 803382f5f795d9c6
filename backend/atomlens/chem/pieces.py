"""Small molecules cut from larger ones: a piece between single bonds, its open ends closed with hydrogen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from atomlens.chem.constitution import quiet
from atomlens.chem.smiles import without_stereochemistry

#: Å of a bond from hydrogen to each element (mean of the OpenFF set's minima; P and S: H3P, H2S, CRC Handbook).
HYDROGEN_BOND = {6: 1.09, 7: 1.01, 8: 0.97, 15: 1.42, 16: 1.34}


@dataclass(frozen=True, eq=False)
class Piece:
    """smiles: plain constitution; numbers: (n,); positions: (n, 3) Å; bonds: (n_bonds, 2)."""

    smiles: str
    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    bonds: NDArray[np.int64]


def pieces(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    bonds: NDArray[np.int64],
    formal_charges: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    heavy_atoms: range,
    cuts: int,
) -> Iterator[Piece]:
    """Pieces left by cutting a few single bonds between heavy atoms outside rings, at random.

    bonds: (n_bonds, 3) first, second, order; formal_charges: (n,); heavy_atoms: sizes that are kept; cuts: bonds cut.
    """
    mol = _mol(numbers, bonds, formal_charges)
    cuttable = [
        bond.GetIdx()
        for bond in mol.GetBonds()
        if bond.GetBondType() == Chem.BondType.SINGLE
        and not bond.IsInRing()
        and all(
            a.GetAtomicNum() in HYDROGEN_BOND and a.GetFormalCharge() == 0
            for a in (bond.GetBeginAtom(), bond.GetEndAtom())
        )
    ]
    if not cuttable:
        return
    chosen = rng.permutation(cuttable)[:cuts].tolist()
    ends = {k: (mol.GetBondWithIdx(k).GetBeginAtomIdx(), mol.GetBondWithIdx(k).GetEndAtomIdx()) for k in chosen}
    cut = Chem.RWMol(mol)
    for a, b in ends.values():
        cut.RemoveBond(a, b)
    for atoms in Chem.GetMolFrags(cut):
        if sum(numbers[a] > 1 for a in atoms) in heavy_atoms:
            piece = _closed(numbers, positions, bonds, formal_charges, atoms, list(ends.values()))
            if piece is not None:
                yield piece


def _closed(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    bonds: NDArray[np.int64],
    formal_charges: NDArray[np.int64],
    atoms: Sequence[int],
    cut: list[tuple[int, int]],
) -> Piece | None:
    """The atoms with hydrogen in place of what was cut off; None where the two cannot be told from one another."""
    inside = {atom: place for place, atom in enumerate(atoms)}
    kept = [(inside[a], inside[b], order) for a, b, order in bonds.tolist() if a in inside and b in inside]
    removed = {frozenset(pair) for pair in cut}
    kept = [row for row in kept if frozenset((atoms[row[0]], atoms[row[1]])) not in removed]
    z, r = [int(numbers[a]) for a in atoms], [positions[a] for a in atoms]
    for a, b in (pair for first, second in cut for pair in ((first, second), (second, first))):
        if a in inside:
            along = positions[b] - positions[a]
            r.append(positions[a] + along * (HYDROGEN_BOND[int(numbers[a])] / np.linalg.norm(along)))
            z.append(1)
            kept.append((inside[a], len(z) - 1, 1))
    charges = np.concatenate([formal_charges[list(atoms)], np.zeros(len(z) - len(atoms), dtype=np.int64)])
    if charges.sum() != 0:
        return None
    rows = np.array(kept, dtype=np.int64).reshape(-1, 3)
    mol = _mol(np.array(z), rows, charges)
    if any(atom.GetNumRadicalElectrons() for atom in mol.GetAtoms()):
        return None
    return Piece(without_stereochemistry(Chem.MolToSmiles(mol)), np.array(z, dtype=np.int64), np.array(r), rows[:, :2])


def _mol(numbers: NDArray[np.int64], bonds: NDArray[np.int64], formal_charges: NDArray[np.int64]) -> Chem.Mol:
    mol = Chem.RWMol()
    for z, charge in zip(numbers.tolist(), formal_charges.tolist(), strict=True):
        atom = Chem.Atom(int(z))
        atom.SetFormalCharge(int(charge))
        atom.SetNoImplicit(True)
        mol.AddAtom(atom)
    kinds = {1: Chem.BondType.SINGLE, 2: Chem.BondType.DOUBLE, 3: Chem.BondType.TRIPLE}
    for a, b, order in bonds.tolist():
        mol.AddBond(int(a), int(b), kinds[int(order)])
    with quiet():
        Chem.SanitizeMol(mol)
    return mol
