"""Which atoms of a geometry are connected, by their distances alone. RDKit is not needed.

Two atoms are connected if they are nearer than the sum of their covalent radii (Cordero et al., Dalton Trans. 2832
(2008)) and 0.45 Å (O'Boyle et al., J. Cheminf. 3, 33 (2011)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.chem.shapes import distorted_atoms

TOLERANCE_ANGSTROM: Final = 0.45
#: Å to which labels of the organic models pull bonds: beyond it no network has learned what parts still have in common.
PULLED_ANGSTROM: Final = 3.0
#: Degrees by which double and conjugated bonds are turned in no molecule at rest; they cost some 10 kcal/mol there.
TURNED_DEGREES: Final = 30.0
CONJUGATED_DEGREES: Final = 60.0


def connections(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], tolerance: float = TOLERANCE_ANGSTROM
) -> list[tuple[int, int]]:
    """Pairs (first < second) of atoms within bonding distance; numbers: (n_atoms,), positions: (n_atoms, 3), Å."""
    radii = covalent_radii(numbers)
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    near = np.triu(distances < radii[:, None] + radii[None] + tolerance, k=1)
    return [(int(first), int(second)) for first, second in np.argwhere(near)]


def parts(n_atoms: int, pairs: list[tuple[int, int]]) -> list[NDArray[np.int64]]:
    """Indices of the atoms of each connected part."""
    label = np.arange(n_atoms)
    for first, second in pairs:
        if label[first] != label[second]:
            label[label == label[second]] = label[first]
    return [np.flatnonzero(label == one) for one in dict.fromkeys(label.tolist())]


def fragments(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> list[list[int]]:
    """Atomic numbers of each connected part of a geometry; numbers: (n_atoms,), positions: (n_atoms, 3), Å."""
    return [numbers[part].tolist() for part in parts(len(numbers), connections(numbers, positions))]


@dataclass(frozen=True, eq=False)
class Departures:
    """How far every atom is from how it is in a molecule at rest, (n_atoms,) each.

    ring: degrees, the largest torsion within an aromatic ring of the atom; double, conjugated: degrees by which such a
    bond of it is turned out of its plane; pulled: Å, the longest of its bonds that are longer than any at rest; zero
    where there is no such ring or bond.
    """

    ring: NDArray[np.float64]
    double: NDArray[np.float64]
    conjugated: NDArray[np.float64]
    pulled: NDArray[np.float64]

    @property
    def torn(self) -> NDArray[np.bool_]:
        """Whether a bond of the atom is longer than any that is found in a geometry: its atoms were moved."""
        return self.pulled > 0.0

    @property
    def turned(self) -> NDArray[np.bool_]:
        """Whether the atom is an end of a double or conjugated bond that is turned out of its plane."""
        return (self.double > TURNED_DEGREES) | (self.conjugated > CONJUGATED_DEGREES)


def departures(molecule: Molecule) -> Departures:
    """Of a molecule by its bonds; of a crystal none is known."""
    return Departures(ring_torsions(molecule), *twists(molecule), pulled_lengths(molecule))


def moved_atoms(molecule: Molecule, departed: Departures | None = None) -> tuple[str | None, ...]:
    """Of every atom how it is as in no molecule at rest: ``torn`` or ``turned`` where a bond of it is, ``distorted``
    where an angle or a length is (`chem.shapes`); None otherwise. departed: of the molecule, where it is known."""
    departed = departed or departures(molecule)
    torn, turned, distorted = departed.torn, departed.turned, _distorted(molecule)
    return tuple(
        "torn" if a else "turned" if b else "distorted" if c else None
        for a, b, c in zip(torn.tolist(), turned.tolist(), distorted.tolist(), strict=True)
    )


def _distorted(molecule: Molecule) -> NDArray[np.bool_]:
    if molecule.cell is not None or not molecule.bonds:
        return np.zeros(len(molecule), dtype=np.bool_)
    bonded = np.zeros((len(molecule), len(molecule)), dtype=np.bool_)
    first, second = np.array([bond[:2] for bond in molecule.bonds], dtype=np.int64).T
    bonded[first, second] = bonded[second, first] = True
    return distorted_atoms(molecule.numbers, molecule.positions, bonded)


def torn_atoms(molecule: Molecule) -> NDArray[np.bool_]:
    """(n_atoms,) `Departures.torn` of a molecule."""
    return departures(molecule).torn


def pulled_lengths(molecule: Molecule) -> NDArray[np.float64]:
    """(n_atoms,) Å, the longest bond of the atom of those that are too long for `connections` to see; zero for none."""
    found = np.zeros(len(molecule))
    if molecule.cell is None and molecule.bonds:
        first, second = np.array([(first, second) for first, second, _ in molecule.bonds]).T
        lengths = np.linalg.norm(molecule.positions[first] - molecule.positions[second], axis=1)
        radii = covalent_radii(molecule.numbers)
        torn = lengths > radii[first] + radii[second] + TOLERANCE_ANGSTROM
        for ends in (first, second):
            np.maximum.at(found, ends[torn], lengths[torn])
    return found


def turned_atoms(molecule: Molecule) -> NDArray[np.bool_]:
    """(n_atoms,) `Departures.turned` of a molecule."""
    return departures(molecule).turned


def twists(molecule: Molecule) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees, (n_atoms,) each, by which double and conjugated bonds of an atom are turned out of their planes.

    Bonds in rings, which turn with their ring, are left out. The ends of cumulated double bonds lie in one plane where
    these are odd in number, and in planes at right angles where they are even. A conjugated bond is a single one of
    nitrogen, oxygen or sulfur to an atom with a double bond to another element than carbon, as in amides and esters.
    """
    double, conjugated = np.zeros(len(molecule)), np.zeros(len(molecule))
    if molecule.cell is not None:
        return double, conjugated
    around: list[dict[int, float]] = [{} for _ in range(len(molecule))]
    for first, second, order in molecule.bonds:
        around[first][second] = around[second][first] = order
    for chain, of_double in _planar(molecule, around):
        first, second = chain[0], chain[-1]
        if _joined(around, first, chain[1]):
            continue
        here = molecule.positions[[atom for atom in around[first] if atom != chain[1]]] - molecule.positions[first]
        there = molecule.positions[[atom for atom in around[second] if atom != chain[-2]]] - molecule.positions[second]
        axis = molecule.positions[second] - molecule.positions[first]
        if not len(here) or not len(there):
            continue
        twist = _twist(axis, here, there)
        found = double if of_double else conjugated
        found[[first, second]] = np.maximum(found[[first, second]], twist if len(chain) % 2 == 0 else 90.0 - twist)
    return double, conjugated


def neighbours(n_atoms: int, bonds: Iterable[Sequence[int]]) -> list[list[int]]:
    """Of every atom those that it is bonded to, in the order of the bonds. bonds: pairs of atoms."""
    found: list[list[int]] = [[] for _ in range(n_atoms)]
    for first, second in bonds:
        found[first].append(second)
        found[second].append(first)
    return found


def small_rings(n_atoms: int, bonds: Sequence[Sequence[int]]) -> list[NDArray[np.int64]]:
    """Rings of five and six atoms, each a shortest way round one of its bonds, in the order of the way.

    bonds: pairs of atoms.
    """
    beside = neighbours(n_atoms, bonds)
    found: dict[frozenset[int], list[int]] = {}
    for start, goal in bonds:
        ways = [[start]]
        while ways and len(ways[0]) < 6 and goal not in (way[-1] for way in ways):
            ways = [
                [*way, step]
                for way in ways
                for step in beside[way[-1]]
                if step not in way and (way[-1], step) != (start, goal)
            ]
        for way in ways:
            if way[-1] == goal and len(way) >= 5:
                found.setdefault(frozenset(way), way)
    return [np.array(way) for way in found.values()]


def ring_torsions(molecule: Molecule) -> NDArray[np.float64]:
    """(n_atoms,) degrees, the largest torsion within an aromatic ring that the atom is part of; zero for others."""
    found = np.zeros(len(molecule))
    if molecule.cell is not None:
        return found
    aromatic = [(first, second) for first, second, order in molecule.bonds if order == 1.5]
    for ring in small_rings(len(molecule), aromatic):
        places = molecule.positions[ring]
        along = np.roll(places, -1, axis=0) - places
        normals = np.cross(along, np.roll(along, -1, axis=0))
        lengths = np.maximum(np.linalg.norm(normals, axis=1), 1e-12)
        cosines = (normals * np.roll(normals, -1, axis=0)).sum(1) / (lengths * np.roll(lengths, -1))
        turned = float(np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0))).max())
        found[ring] = np.maximum(found[ring], turned)
    return found


def _planar(molecule: Molecule, around: list[dict[int, float]]) -> Iterator[tuple[list[int], bool]]:
    """Chains of atoms whose ends lie in one plane, or at right angles where they are odd in number, and whether it is a
    double bond that holds them there: two atoms of a double or conjugated bond, more of cumulated double bonds.
    """
    for first, second, order in molecule.bonds:
        of_double = _held_flat(molecule, around, first, second, order)
        if of_double is not None:
            yield [first, second], of_double
    for end in range(len(around)):
        if sum(order == 2.0 for order in around[end].values()) != 1:
            continue
        chain = [end]
        while len(chain) <= len(around):
            onward = [atom for atom, order in around[chain[-1]].items() if order == 2.0 and atom not in chain[-2:]]
            if len(onward) != 1:
                break
            chain.append(onward[0])
        if len(chain) > 2 and chain[0] < chain[-1]:
            yield chain, True


def _held_flat(
    molecule: Molecule, around: list[dict[int, float]], first: int, second: int, order: float
) -> bool | None:
    """Whether a bond has a plane by being a double one, or (False) a conjugated one; None for one that has no plane."""
    others = [[(atom, o) for atom, o in around[end].items() if atom not in (first, second)] for end in (first, second)]
    if order == 2.0:
        return None if any(o > 1.5 for other in others for _, o in other) else True
    if order != 1.0:
        return None
    for end, own, other, far in ((first, others[0], second, others[1]), (second, others[1], first, others[0])):
        lone = molecule.numbers[end] in (7, 8, 16) and all(o == 1.0 for _, o in own)
        # of sulfur and phosphorus none is flat: sulfonamides stand across their plane
        flat = molecule.numbers[other] in (6, 7)
        if lone and flat and any(o == 2.0 and molecule.numbers[atom] != 6 for atom, o in far):
            return False
    return None


def _joined(around: list[dict[int, float]], first: int, second: int) -> bool:
    """Whether a way leads from one end of a bond to the other beside it."""
    reached, todo = {first}, [atom for atom in around[first] if atom != second]
    while todo:
        atom = todo.pop()
        if atom == second:
            return True
        if atom not in reached:
            reached.add(atom)
            todo.extend(around[atom])
    return False


def _twist(axis: NDArray[np.float64], here: NDArray[np.float64], there: NDArray[np.float64]) -> float:
    """Degrees: the mean sine of the dihedral angles, as an angle. axis: (3,); here, there: (k, 3) bonds of its ends."""
    unit = axis / np.linalg.norm(axis)
    across = [side - np.outer(side @ unit, unit) for side in (here, there)]
    lengths = [np.linalg.norm(side, axis=1) for side in across]
    # a neighbour on the line of the bond says nothing about its plane
    kept = [side[length > 1e-3] / length[length > 1e-3, None] for side, length in zip(across, lengths, strict=True)]
    if not len(kept[0]) or not len(kept[1]):
        return 0.0
    cosines = np.clip(kept[0] @ kept[1].T, -1.0, 1.0)
    return float(np.degrees(np.arcsin(np.sqrt(1.0 - cosines**2).mean())))


def covalent_radii(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n_atoms,) Å, single bonds: Cordero et al. (2008)."""
    from ase import data  # whoever reads a SMILES need not load it

    found: NDArray[np.float64] = data.covalent_radii[numbers]
    return found
