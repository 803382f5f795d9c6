"""Bonds of a bare geometry: nuclei in space, as XYZ files give them.

Which atoms are connected their distances tell (`chem.connections`); the orders follow from the valences
(Kim & Kim, Bull. Korean Chem. Soc. 36, 1769 (2015), in RDKit's implementation). That search is combinatorial and
depends on the order of the atoms: it is bounded, and tried again with other orders. Where it finds nothing, the
connections remain, as single bonds, with a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDetermineBonds

from atomlens.chem.connections import TOLERANCE_ANGSTROM, connections, parts
from atomlens.chem.constitution import Bonds, bonds_of, canonical_smiles, quiet, read_stereochemistry, sanitize
from atomlens.errors import MalformedInput

#: In strained cages atoms that are not bound come as near as 1.85 Å: for orders, a tighter tolerance is first.
ORDER_TOLERANCES_ANGSTROM: Final = (0.3, 0.2, 0.45)
#: Steps of RDKit's search for one order of atoms (some 10 microseconds each for a small molecule).
SEARCH_STEPS: Final = 2_000
#: Orders of atoms tried; reversed order helps with aromatic dinitro compounds.
SEARCH_ORDERS: Final = 12

ORDERS_WARNING: Final = (
    "Bond orders could not be found from the geometry: all bonds are drawn as single. "
    "Predictions do not depend on bonds."
)

HYDROGENS_WARNING: Final = (
    "The geometry has carbons and not a single hydrogen: hydrogens may be missing, and without them the predictions "
    "are those of another molecule."
)

CATION_WARNING: Final = (
    "The bonds found from the geometry leave a carbon with three neighbours or fewer and a positive charge: hydrogens "
    "may be missing, or the molecule may be a diradical, which lies outside what the models learned."
)

#: Carbons from which on one without hydrogens or halogens is likely to have lost them: dicyanoacetylene has four.
BARE_CARBONS: Final = 5

_SINGLE: Final = Chem.BondType.SINGLE
_SPLIT_CUMULENE: Final = Chem.MolFromSmarts("[O,S;+1]#[C;D2]-[O,S;-1]")


@dataclass(frozen=True)
class PerceivedBonds:
    """bonds: (first, second, order); smiles: canonical, "" if the orders are unknown; unpaired: electrons that
    the constitution leaves unpaired.
    """

    bonds: Bonds
    smiles: str
    unpaired: int
    warnings: tuple[str, ...]


def perceive(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    charge: int = 0,
    pulled: Sequence[tuple[int, int]] = (),
) -> PerceivedBonds:
    """Bonds and constitution of one molecule; numbers: (n_atoms,), positions: (n_atoms, 3), Å; charge in e; pulled:
    bonds that there are beside those that distances tell (`chem.pulled`).
    """
    n_atoms = len(numbers)
    if n_atoms == 1:
        return PerceivedBonds((), "", 0, ())
    for pairs in _candidates(numbers, positions, pulled):
        mol = _with_orders(numbers, positions, pairs, charge)
        if mol is not None:
            unpaired = sum(atom.GetNumRadicalElectrons() for atom in mol.GetAtoms())
            return PerceivedBonds(bonds_of(mol), canonical_smiles(mol), unpaired, _doubts(mol))
    pairs = _connected(numbers, positions, ORDER_TOLERANCES_ANGSTROM[0], pulled)
    if len(parts(n_atoms, pairs)) > 1:
        pairs = _connected(numbers, positions, TOLERANCE_ANGSTROM, pulled)
    bare = 6 in numbers and 1 not in numbers
    warnings = (ORDERS_WARNING, HYDROGENS_WARNING) if bare else (ORDERS_WARNING,)
    return PerceivedBonds(tuple((first, second, 1.0) for first, second in pairs), "", 0, warnings)


def _doubts(mol: Chem.Mol) -> tuple[str, ...]:
    """A warning where more carbons than in a molecule that anybody draws have neither hydrogens nor halogens, or where
    the charges that complete the octets stand on carbon, as they do if hydrogens are missing."""
    elements = [atom.GetAtomicNum() for atom in mol.GetAtoms()]
    if elements.count(6) >= BARE_CARBONS and not {1, 9, 17, 35, 53} & set(elements):
        return (HYDROGENS_WARNING,)
    cation = any(atom.GetAtomicNum() == 6 and atom.GetFormalCharge() > 0 for atom in mol.GetAtoms())
    return (CATION_WARNING,) if cation else ()


def _connected(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], tolerance: float, pulled: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    return sorted({*connections(numbers, positions, tolerance), *pulled})


def _candidates(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], pulled: Sequence[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """Different sets of connections of the whole molecule, the likeliest first."""
    found: list[list[tuple[int, int]]] = []
    for tolerance in ORDER_TOLERANCES_ANGSTROM:
        pairs = _connected(numbers, positions, tolerance, pulled)
        if pairs not in found and len(parts(len(numbers), pairs)) == 1:
            found.append(pairs)
    return found


def _with_orders(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], pairs: list[tuple[int, int]], charge: int
) -> Chem.Mol | None:
    """The molecule with bond orders and stereochemistry, or None where none of the searches succeeds."""
    n_atoms = len(numbers)
    rng = np.random.default_rng(0)
    orders = [np.arange(n_atoms), np.arange(n_atoms)[::-1]]
    orders += [rng.permutation(n_atoms) for _ in range(SEARCH_ORDERS - len(orders))]
    skeleton = _skeleton(numbers, positions, pairs)
    for order in orders:
        mol = Chem.RenumberAtoms(skeleton, [int(atom) for atom in order])
        if _find_orders(mol, charge):
            return Chem.RenumberAtoms(mol, [int(atom) for atom in np.argsort(order)])
    return None


def _find_orders(mol: Chem.Mol, charge: int) -> bool:
    """Set bond orders, charges and stereochemistry in place; whether that succeeded."""
    try:
        with quiet():
            rdDetermineBonds.DetermineBondOrders(mol, charge=charge, embedChiral=False, maxIterations=SEARCH_STEPS)
            _neutralize_ylides(mol)
            sanitize(mol)
            read_stereochemistry(mol)
    except (RuntimeError, ValueError, MalformedInput):
        # no valid orders, or the bound was reached
        return False
    return int(Chem.GetFormalCharge(mol)) == charge


def _neutralize_ylides(mol: Chem.Mol) -> None:
    """Write S⁺–O⁻ and P⁺–O⁻ as S=O and P=O, S⁺≡C–S⁻ as S=C=S, as they are commonly drawn."""
    for positive, carbon, negative in mol.GetSubstructMatches(_SPLIT_CUMULENE):
        for end in (positive, negative):
            mol.GetAtomWithIdx(end).SetFormalCharge(0)
            mol.GetBondBetweenAtoms(end, carbon).SetBondType(Chem.BondType.DOUBLE)
    for bond in mol.GetBonds():
        for centre, oxygen in (
            (bond.GetBeginAtom(), bond.GetEndAtom()),
            (bond.GetEndAtom(), bond.GetBeginAtom()),
        ):
            if (
                centre.GetAtomicNum() in (15, 16)
                and centre.GetFormalCharge() == 1
                and oxygen.GetAtomicNum() == 8
                and oxygen.GetFormalCharge() == -1
                and bond.GetBondType() == _SINGLE
            ):
                bond.SetBondType(Chem.BondType.DOUBLE)
                centre.SetFormalCharge(0)
                oxygen.SetFormalCharge(0)


def _skeleton(numbers: NDArray[np.int64], positions: NDArray[np.float64], pairs: list[tuple[int, int]]) -> Chem.Mol:
    """Atoms in space, connected by single bonds."""
    mol = Chem.RWMol()
    for z in numbers:
        atom = Chem.Atom(int(z))
        atom.SetNoImplicit(True)
        mol.AddAtom(atom)
    for first, second in pairs:
        mol.AddBond(first, second, _SINGLE)
    shape = Chem.Conformer(len(numbers))
    shape.SetPositions(np.ascontiguousarray(positions, dtype=np.float64))
    shape.Set3D(True)
    mol.AddConformer(shape, assignId=True)
    return mol.GetMol()
