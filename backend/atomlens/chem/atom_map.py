"""The atom map of a reaction: which atom of the products each atom of the reactants has become.

A guess at the mechanism that changes least: the largest connected piece that a reactant and a product have in common
(RDKit's maximum common substructure, elements compared and bond orders not), then the largest of what is left, and so
on; where a piece fits in several ways, the one that keeps most bond orders and hydrogens. Hydrogens follow the atoms
that carry them. What is left over goes by element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from rdkit import Chem
from rdkit.Chem import rdFMCS

from atomlens.chem.atom_groups import graph
from atomlens.chem.constitution import configured, quiet
from atomlens.chem.molecule import Molecule

#: Seconds for one common substructure; what was found until then counts.
SECONDS: Final = 2
#: Ways in which a piece may lie in a molecule that are looked at.
MOST_PLACES: Final = 60
#: Pieces that are compared on each side: the largest.
MOST_PIECES: Final = 8


@dataclass(frozen=True)
class Side:
    """Molecules of one side, each as often as its coefficient says, as one graph; atoms are numbered through."""

    numbers: tuple[int, ...]
    neighbours: tuple[dict[int, float], ...]

    @classmethod
    def of(cls, molecules: Sequence[Molecule]) -> Side:
        """Concatenate."""
        numbers: list[int] = []
        neighbours: list[dict[int, float]] = []
        for molecule in molecules:
            begin = len(numbers)
            numbers += molecule.numbers.tolist()
            own: list[dict[int, float]] = [{} for _ in range(len(molecule))]
            for first, second, order in molecule.bonds:
                own[first][begin + second] = order
                own[second][begin + first] = order
            neighbours += own
        return cls(tuple(numbers), tuple(neighbours))

    def hydrogens(self, atom: int) -> list[int]:
        """Hydrogens that the atom carries."""
        return [other for other in self.neighbours[atom] if self.numbers[other] == 1]

    def piece(self, atoms: Sequence[int]) -> Chem.Mol:
        """These atoms with the bonds among them."""
        inside = {atom: place for place, atom in enumerate(atoms)}
        bonds = [
            (inside[a], inside[b], order)
            for a in atoms
            for b, order in self.neighbours[a].items()
            if b in inside and a < b
        ]
        return graph([self.numbers[a] for a in atoms], tuple(bonds))

    def pieces(self, atoms: set[int]) -> list[list[int]]:
        """Connected parts of these atoms, the largest first."""
        left, found = set(atoms), []
        while left:
            part, front = [], [min(left)]
            left.remove(front[0])
            while front:
                atom = front.pop()
                part.append(atom)
                new = [b for b in self.neighbours[atom] if b in left]
                left -= set(new)
                front += new
            found.append(sorted(part))
        return sorted(found, key=len, reverse=True)


def map_atoms(reactants: Sequence[Molecule], products: Sequence[Molecule]) -> list[tuple[int, int]]:
    """Pairs (atom of the reactants, atom of the products), numbered through all molecules of a side; every atom once.

    Both sides hold the same atoms; else as many pairs as there are atoms of an element on both.
    """
    left, right = Side.of(reactants), Side.of(products)
    pairs: dict[int, int] = {}
    free_left = {a for a, z in enumerate(left.numbers) if z != 1}
    free_right = {b for b, z in enumerate(right.numbers) if z != 1}
    while free_left and free_right:
        found = _largest_common(left, free_left, right, free_right)
        if not found:
            break
        pairs.update(found)
        free_left -= set(found)
        free_right -= set(found.values())
    _assign_rest(left, right, pairs, sorted(free_left), sorted(free_right))
    for a, b in list(pairs.items()):
        pairs.update(zip(left.hydrogens(a), right.hydrogens(b), strict=False))
    taken = set(pairs.values())
    rest_left = [a for a, z in enumerate(left.numbers) if z == 1 and a not in pairs]
    rest_right = [b for b, z in enumerate(right.numbers) if z == 1 and b not in taken]
    pairs.update(zip(rest_left, rest_right, strict=False))
    return sorted(pairs.items())


def _largest_common(left: Side, free_left: set[int], right: Side, free_right: set[int]) -> dict[int, int]:
    """Pairs of the largest piece of heavy atoms, at least a bond, that both sides have; the likest of equals."""
    best: tuple[int, float, dict[int, int]] = (1, 0.0, {})
    for first in left.pieces(free_left)[:MOST_PIECES]:
        for second in right.pieces(free_right)[:MOST_PIECES]:
            if min(len(first), len(second)) < max(best[0], 2):
                continue
            common = _common(left.piece(first), right.piece(second))
            if common is None or common.GetNumAtoms() < max(best[0], 2):
                continue
            for pairs in _places(common, left.piece(first), first, right.piece(second), second):
                this = (len(pairs), _likeness(left, right, pairs), pairs)
                best = max(best, this, key=lambda found: found[:2])
    return best[2]


def _common(first: Chem.Mol, second: Chem.Mol) -> Chem.Mol | None:
    with quiet():
        found = rdFMCS.FindMCS(
            [first, second],
            timeout=SECONDS,
            bondCompare=rdFMCS.BondCompare.CompareAny,
            atomCompare=rdFMCS.AtomCompare.CompareElements,
        )
    if not found.numAtoms:
        return None
    # the orders that it has met so far are no condition
    generic = configured(Chem.AdjustQueryParameters.NoAdjustments(), makeBondsGeneric=True)
    return Chem.AdjustQueryProperties(found.queryMol, generic)


def _places(
    common: Chem.Mol, first: Chem.Mol, atoms: Sequence[int], second: Chem.Mol, others: Sequence[int]
) -> list[dict[int, int]]:
    """Every way to lay the common piece on both, up to a number."""
    with quiet():
        here = first.GetSubstructMatches(common, uniquify=True, maxMatches=MOST_PLACES)
        there = second.GetSubstructMatches(common, uniquify=False, maxMatches=MOST_PLACES)
    return [{atoms[a]: others[b] for a, b in zip(one, other, strict=True)} for one in here for other in there]


def _likeness(left: Side, right: Side, pairs: dict[int, int]) -> float:
    """How little changes: a hydrogen that comes or goes counts for more than a bond that changes its order."""
    score = 0.0
    for a, b in pairs.items():
        score -= abs(len(left.hydrogens(a)) - len(right.hydrogens(b)))
        score += 0.05 * (_surroundings(left, a) == _surroundings(right, b))
        kept = sum(right.neighbours[b].get(pairs[c]) == order for c, order in left.neighbours[a].items() if c in pairs)
        score += 0.1 * kept
    return score


def _surroundings(side: Side, atom: int) -> list[tuple[int, float]]:
    return sorted((side.numbers[other], order) for other, order in side.neighbours[atom].items())


def _assign_rest(left: Side, right: Side, pairs: dict[int, int], first: list[int], second: list[int]) -> None:
    """Single heavy atoms by element, those with like neighbours together; `pairs` receives them."""
    from scipy.optimize import linear_sum_assignment

    if not first or not second:
        return
    foreign = 1e6
    costs = np.array(
        [
            [
                foreign
                if left.numbers[a] != right.numbers[b]
                else 0.0
                + (_surroundings(left, a) != _surroundings(right, b))
                + (len(left.hydrogens(a)) != len(right.hydrogens(b)))
                for b in second
            ]
            for a in first
        ]
    )
    for row, column in zip(*linear_sum_assignment(costs), strict=True):
        if costs[row, column] < foreign:
            pairs[first[row]] = second[column]
