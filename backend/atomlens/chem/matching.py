"""Which atoms of two molecules correspond: their maximum common substructure, and one laid over the other.

Heavy atoms correspond as in the largest common connected substructure of same elements and bond orders, ring bonds only
with ring bonds (RDKit's rdFMCS: Dalke & Hastings, J. Cheminf. 5(S1), O6 (2013)). Hydrogens then correspond on
corresponding heavy atoms, the nearest to each other. Where the substructure lies in several ways, as in what is
symmetric, the way is taken in which most atoms correspond, hydrogens among them, so that substituted places lie on
substituted places; and of those the one in which the molecules lie over one another best. The second molecule is
turned and moved, as a rigid body, so that corresponding atoms are nearest in the least-squares sense (Kabsch, Acta
Cryst. A 32, 922 (1976)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFMCS
from scipy.optimize import linear_sum_assignment

from atomlens.chem.atom_groups import graph
from atomlens.chem.constitution import quiet
from atomlens.chem.molecule import Molecule

#: Seconds of the search; what was found until then is a common substructure, if perhaps not the largest.
PATIENCE_S: Final = 5
#: Ways in which the substructure lies in a molecule, of which the best is looked for.
MOST_WAYS: Final = 400
#: Times that hydrogens are assigned and the molecules laid over one another anew.
ROUNDS: Final = 6

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Match:
    """pairs: (first's atom, second's atom), from 0; positions: (n_second, 3) Å, the second laid over the first;
    rotation: (3, 3), its positions are r Rᵀ + t; rmsd: Å of the pairs, None without any; complete: whether the search
    came to its end.
    """

    pairs: Pairs
    positions: NDArray[np.float64]
    rotation: NDArray[np.float64]
    rmsd: float | None
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Comparisons)."""
        return {
            "pairs": [list(pair) for pair in self.pairs],
            "positions": self.positions.tolist(),
            "rotation": self.rotation.tolist(),
            "rmsd": self.rmsd,
            "complete": self.complete,
        }


def match(first: Molecule, second: Molecule) -> Match:
    """Corresponding atoms, and the second molecule over the first; without common atoms their middles coincide."""
    bare = [_skeleton(molecule) for molecule in (first, second)]
    ways, complete = _ways(bare[0][0], bare[1][0])
    best: tuple[tuple[int, float], Pairs] | None = None
    for way in ways:
        heavy = [(bare[0][1][i], bare[1][1][j]) for i, j in way]
        pairs = _with_hydrogens(first, second, heavy)
        # of equal ways the first: distances differ by rounding
        worth = (-len(pairs), round(_laid_over(first, second, pairs)[2], 6))
        if best is None or worth < best[0]:
            best = (worth, pairs)
    if best is None:
        shift = first.positions.mean(0) - second.positions.mean(0)
        return Match([], second.positions + shift, np.eye(3), None, complete)
    rotation, moved, rmsd = _laid_over(first, second, best[1])
    return Match(sorted(best[1]), moved, rotation, rmsd, complete)


def _skeleton(molecule: Molecule) -> tuple[Chem.Mol, list[int]]:
    """The heavy atoms' graph and their indices in the molecule; all atoms where there are none but hydrogens."""
    numbers = molecule.numbers.tolist()
    kept = [atom for atom, z in enumerate(numbers) if z != 1] or list(range(len(numbers)))
    place = {atom: k for k, atom in enumerate(kept)}
    bonds = tuple((place[i], place[j], order) for i, j, order in molecule.bonds if i in place and j in place)
    return graph([numbers[atom] for atom in kept], bonds), kept


def _ways(first: Chem.Mol, second: Chem.Mol) -> tuple[list[Pairs], bool]:
    """Every way in which the largest common substructure lies in both, and whether the search came to its end."""
    with quiet():
        found = rdFMCS.FindMCS(
            [first, second],
            atomCompare=rdFMCS.AtomCompare.CompareElements,
            bondCompare=rdFMCS.BondCompare.CompareOrder,
            ringMatchesRingOnly=True,
            timeout=PATIENCE_S,
        )
    complete = not found.canceled
    if found.numBonds == 0:
        # no bond in common: of single atoms, one pair of the same element
        alike = [
            [(i, j)]
            for i, a in enumerate(first.GetAtoms())
            for j, b in enumerate(second.GetAtoms())
            if a.GetAtomicNum() == b.GetAtomicNum()
        ]
        return alike[:MOST_WAYS], complete
    # the first molecule's symmetry is the second's as well: one side in all orders is enough
    inside = [
        mol.GetSubstructMatches(found.queryMol, uniquify=k == 0, maxMatches=MOST_WAYS)
        for k, mol in enumerate((first, second))
    ]
    ways = [list(zip(a, b, strict=True)) for a in inside[0] for b in inside[1]]
    return ways[:MOST_WAYS], complete


def _with_hydrogens(first: Molecule, second: Molecule, heavy: Pairs) -> Pairs:
    """The pairs with those of hydrogens on them, the nearest once both molecules lie over one another."""
    carried = [_hydrogens(molecule) for molecule in (first, second)]
    pairs = list(heavy)
    for _ in range(ROUNDS):
        moved = _laid_over(first, second, pairs)[1]
        found = list(heavy)
        for i, j in heavy:
            ours, theirs = carried[0].get(i, []), carried[1].get(j, [])
            if ours and theirs:
                apart = np.linalg.norm(first.positions[ours][:, None] - moved[theirs][None], axis=-1)
                rows, columns = linear_sum_assignment(apart**2)
                found += [(ours[r], theirs[c]) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]
        if found == pairs:
            break
        pairs = found
    return pairs


def _hydrogens(molecule: Molecule) -> dict[int, list[int]]:
    """Hydrogens on each heavy atom."""
    numbers = molecule.numbers
    carried: dict[int, list[int]] = {}
    for i, j, _ in molecule.bonds:
        for heavy, light in ((i, j), (j, i)):
            if numbers[light] == 1 and numbers[heavy] != 1:
                carried.setdefault(heavy, []).append(light)
    return carried


def _laid_over(
    first: Molecule, second: Molecule, pairs: Pairs
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Rotation (3, 3), the second's positions (n, 3) turned and moved by it, and the distance of the pairs (RMS, Å)."""
    ours, theirs = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    a, b = first.positions[ours], second.positions[theirs]
    middle_a, middle_b = a.mean(0), b.mean(0)
    u, _, vt = np.linalg.svd((a - middle_a).T @ (b - middle_b))
    # a reflection would lay a molecule over its mirror image
    u[:, -1] *= np.sign(np.linalg.det(u @ vt)) or 1.0
    rotation = u @ vt
    moved = (second.positions - middle_b) @ rotation.T + middle_a
    return rotation, moved, float(np.sqrt(((moved[theirs] - a) ** 2).sum(1).mean()))
