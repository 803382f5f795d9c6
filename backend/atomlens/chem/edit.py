"""Edits of a molecule in space: another element, atoms deleted, hydrogens or a group added.

What an edit leaves open is filled as a chemist would: the atoms that it touches get the hydrogens that their valence
asks for, or lose those that are too many, and new atoms are placed by ideal geometry and then by a force field (MMFF94,
else UFF; `chem.conformer`), while all others stay where they are to the last bit. Atoms keep their order, new ones come
last. Atoms count from 0, in messages from 1.

Every refusal is an `UnsupportedMolecule` (HTTP 422) of the field "change", or of what `chem.check` says of the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation

from atomlens.chem import mended
from atomlens.chem.as_rdkit import as_rdkit, place
from atomlens.chem.changes import GROUPS, AddHydrogens, Attach, Change, Delete, Group, ToElement
from atomlens.chem.check import check_closed_shell, check_neutral, check_no_crystal, check_size
from atomlens.chem.conformer import SEED
from atomlens.chem.constitution import bonds_of, canonical_smiles, configured, quiet, read_stereochemistry, sanitize
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.chem.molecule import EDITED, Geometry, Molecule, check_atom
from atomlens.chem.names import name_of
from atomlens.errors import MalformedInput, UnsupportedMolecule

_STEPS: Final = 400
#: Å by which loose atoms are moved before the force field places them.
_JITTER: Final = 0.02
#: Whether each has parameters for a molecule, the better one first.
_FORCE_FIELDS: Final = {
    "MMFF94": rdForceFieldHelpers.MMFFHasAllMoleculeParams,
    "UFF": rdForceFieldHelpers.UFFHasAllMoleculeParams,
}
#: Angles about the new bond among which a group takes the roomiest.
_TURNS: Final = 24


def edit(molecule: Molecule, change: Change, max_atoms: int) -> Molecule:
    """The molecule after a change.

    Raises `MalformedInput` ("atom", "element") where the change names what there is not, `TooLarge`, and
    `UnsupportedMolecule`: "no_bonds", "same_element", "bad_valence", "several_fragments", "open_shell", "charged",
    "saturated", "no_hydrogen", "crystal".
    """
    check_no_crystal(molecule)
    for atom in change.atoms if isinstance(change, Delete | AddHydrogens) else (change.atom,):
        check_atom(atom, len(molecule))
    draft = _Draft(molecule, singles=isinstance(change, AddHydrogens) and not change.atoms)
    if isinstance(change, ToElement):
        _to_element(draft, change)
    elif isinstance(change, Delete):
        _delete(draft, change)
    elif isinstance(change, AddHydrogens):
        _add_hydrogens(draft, change)
    else:
        _attach(draft, change)
    try:
        return _finished(draft, max_atoms)
    except (MalformedInput, UnsupportedMolecule) as error:
        # what is wrong with the result is wrong with the change, whose text is in order
        raise UnsupportedMolecule(error.message, code=error.code, field="change", hint=error.hint) from error


class _Draft:
    """A molecule while it is edited.

    mol: Kekulé form, hydrogens as atoms, positions; "touched": heavy atoms whose hydrogens are to be set anew; "loose":
    atoms that the force field may place. Atoms are named by what they were (`origin`); new ones are not.
    """

    def __init__(self, molecule: Molecule, *, singles: bool) -> None:
        self.molecule = molecule
        mol = _of_single_bonds(molecule) if singles and not molecule.smiles else as_rdkit(molecule)
        with quiet():
            Chem.Kekulize(mol, clearAromaticFlags=True)
        self.mol = Chem.RWMol(mol)
        for atom in self.mol.GetAtoms():
            atom.SetIntProp("origin", atom.GetIdx())
            atom.SetNoImplicit(True)
            atom.SetNumExplicitHs(0)
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
        for bond in self.mol.GetBonds():
            bond.SetStereo(Chem.BondStereo.STEREONONE)
            bond.SetBondDir(Chem.BondDir.NONE)

    def name(self, atom: int) -> str:
        """ "C2", as the page calls it."""
        return f"{SYMBOLS[int(self.molecule.numbers[atom])]}{atom + 1}"

    def hydrogens(self, atom: int) -> list[int]:
        """Those bound to an atom."""
        around = self.mol.GetAtomWithIdx(atom).GetNeighbors()
        return [other.GetIdx() for other in around if other.GetAtomicNum() == 1]

    def touch(self, atom: int) -> None:
        """Its charge goes, and its hydrogens are set anew."""
        found = self.mol.GetAtomWithIdx(atom)
        found.SetFormalCharge(0)
        found.SetBoolProp("touched", True)

    def loosen(self, atom: int) -> None:
        """The force field may move it."""
        self.mol.GetAtomWithIdx(atom).SetBoolProp("loose", True)

    def remove(self, atoms: Iterable[int]) -> None:
        """Take atoms out; indices of others change."""
        self.mol.BeginBatchEdit()
        for atom in set(atoms):
            self.mol.RemoveAtom(atom)
        self.mol.CommitBatchEdit()

    def marked(self, mark: str) -> list[int]:
        """Indices of the atoms that are "touched" or "loose"."""
        return [atom.GetIdx() for atom in self.mol.GetAtoms() if atom.HasProp(mark)]


def _of_single_bonds(molecule: Molecule) -> Chem.Mol:
    """A skeleton without bond orders all of whose bonds are as long as single ones; else `UnsupportedMolecule`."""
    mol = Chem.RWMol()
    for z in molecule.numbers:
        mol.AddAtom(Chem.Atom(int(z)))
    for first, second, _ in molecule.bonds:
        length = np.linalg.norm(molecule.positions[first] - molecule.positions[second])
        if length < 0.93 * _bond_length(int(molecule.numbers[first]), int(molecule.numbers[second])):
            return as_rdkit(molecule)  # which says that the orders are not known
        mol.AddBond(first, second, Chem.BondType.SINGLE)
    sanitize(mol)
    place(mol, molecule.positions)
    return mol.GetMol()


def _to_element(draft: _Draft, change: ToElement) -> None:
    if change.to not in NUMBERS:
        raise MalformedInput(f"There is no element {change.to}.", code="element", field="change")
    old, new = int(draft.molecule.numbers[change.atom]), NUMBERS[change.to]
    if old == new:
        raise UnsupportedMolecule(
            f"{draft.name(change.atom)} is {change.to} already.", code="same_element", field="change"
        )
    atom = draft.mol.GetAtomWithIdx(change.atom)
    neighbours = [other.GetIdx() for other in atom.GetNeighbors()]
    if old == 1 or new == 1:
        heavy = [other for other in neighbours if other not in draft.hydrogens(change.atom)]
        _stretch(draft, change.atom, neighbours[0] if old == 1 else heavy[0] if heavy else None, new)
    atom.SetAtomicNum(new)
    draft.touch(change.atom)
    draft.loosen(change.atom)


def _delete(draft: _Draft, change: Delete) -> None:
    chosen = set(change.atoms)
    gone = chosen | {h for atom in chosen for h in draft.hydrogens(atom)}
    if len(gone) == draft.mol.GetNumAtoms():
        raise UnsupportedMolecule("Nothing would be left of the molecule.", code="empty", field="change")
    lost: Counter[int] = Counter()
    for atom in gone:
        found = draft.mol.GetAtomWithIdx(atom)
        for other in found.GetNeighbors():
            if other.GetIdx() in gone:
                continue
            if found.GetAtomicNum() == 1:
                lost[other.GetIdx()] += 1
            else:
                draft.touch(other.GetIdx())
    _close(draft, lost)
    draft.remove(gone)
    parts = len(Chem.GetMolFrags(draft.mol))
    if parts > 1:
        raise UnsupportedMolecule(
            f"Without {_listed(draft, sorted(chosen))} the molecule falls into {parts} parts, and the models know "
            "single molecules.",
            code="several_fragments",
            field="change",
            hint="Select all atoms of the part that is to go, too.",
        )


def _close(draft: _Draft, lost: Counter[int]) -> None:
    """Neighbours that lose hydrogens share the electrons in a bond of higher order."""
    for bond in draft.mol.GetBonds():
        first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        pairs = min(lost[first], lost[second], 3 - int(bond.GetBondTypeAsDouble()))
        if pairs <= 0:
            continue
        _set_order(bond, int(bond.GetBondTypeAsDouble()) + pairs)
        for atom in (first, second):
            lost[atom] -= pairs
            draft.touch(atom)
            draft.loosen(atom)
    alone = [atom for atom, count in lost.items() if count > 0]
    if alone:
        raise UnsupportedMolecule(
            f"An electron of {_listed(draft, alone)} would stay without a partner (a radical), which lies outside what "
            "the models learned.",
            code="open_shell",
            field="change",
            hint="Delete hydrogens of two neighbouring atoms for a double bond, or change the hydrogen's element.",
        )


def _add_hydrogens(draft: _Draft, change: AddHydrogens) -> None:
    mol = draft.mol
    if not change.atoms:
        heavy = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() > 1]
        for atom in heavy:
            if mol.GetAtomWithIdx(atom).GetFormalCharge() == 0:
                draft.touch(atom)
        if all(count <= len(draft.hydrogens(atom)) for atom, count in _wanted_hydrogens(draft).items()):
            raise _saturated("Every atom has its hydrogens already.")
        return
    chosen = list(dict.fromkeys(change.atoms))
    while chosen:
        atom = chosen.pop(0)
        multiple = [bond for bond in mol.GetAtomWithIdx(atom).GetBonds() if bond.GetBondTypeAsDouble() > 1]
        if not multiple:
            raise _saturated(f"{draft.name(atom)} has all the hydrogens that it can take.")
        # a partner that was chosen too, else the bond of highest order
        bond = max(multiple, key=lambda one: (one.GetOtherAtomIdx(atom) in chosen, one.GetBondTypeAsDouble()))
        partner = bond.GetOtherAtomIdx(atom)
        chosen = [other for other in chosen if other != partner]
        _set_order(bond, int(bond.GetBondTypeAsDouble()) - 1)
        for end in (atom, partner):
            draft.touch(end)
            draft.loosen(end)


def _attach(draft: _Draft, change: Attach) -> None:
    if int(draft.molecule.numbers[change.atom]) == 1:
        hydrogen = change.atom
    else:
        hydrogens = draft.hydrogens(change.atom)
        if not hydrogens:
            raise UnsupportedMolecule(
                f"{draft.name(change.atom)} has no hydrogen whose place the group could take.",
                code="no_hydrogen",
                field="change",
                hint="Select an atom with a hydrogen, or add hydrogens first.",
            )
        hydrogen = _roomiest(draft, hydrogens)
    neighbours = draft.mol.GetAtomWithIdx(hydrogen).GetNeighbors()
    if len(neighbours) != 1:
        raise UnsupportedMolecule(
            f"{draft.name(hydrogen)} is bound to nothing.",
            code="no_hydrogen",
            field="change",
            hint="Select another atom.",
        )
    stem, before = neighbours[0], draft.mol.GetNumAtoms()
    group = _group(change.group)
    length = _bond_length(stem.GetAtomicNum(), group.GetAtomWithIdx(0).GetAtomicNum())
    around = _positions(draft.mol)
    positions = np.concatenate([around, _turned(around, stem.GetIdx(), hydrogen, group, length)])
    combined = Chem.RWMol(Chem.CombineMols(draft.mol, group))
    place(combined, positions)
    combined.AddBond(stem.GetIdx(), before, Chem.BondType.SINGLE)
    draft.mol = combined
    cap = combined.GetNumAtoms() - 1
    for atom in range(before, cap):
        draft.loosen(atom)
    draft.remove([hydrogen, cap])


def _group(name: Group) -> Chem.Mol:
    """The group in space, its binding atom first; a hydrogen, its last atom, is where it will be bound."""
    with quiet():
        mol = Chem.AddHs(Chem.MolFromSmiles(GROUPS[name]))
        rdDistGeom.EmbedMolecule(mol, configured(rdDistGeom.ETKDGv3(), randomSeed=SEED))
        Chem.Kekulize(mol, clearAromaticFlags=True)
    cap = next(other.GetIdx() for other in mol.GetAtomWithIdx(0).GetNeighbors() if other.GetAtomicNum() == 1)
    for atom in mol.GetAtoms():
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(0)
    return Chem.RenumberAtoms(mol, [*(atom for atom in range(mol.GetNumAtoms()) if atom != cap), cap])


def _turned(
    around: NDArray[np.float64], stem: int, hydrogen: int, group: Chem.Mol, length: float
) -> NDArray[np.float64]:
    """Where a group's atoms go in place of the hydrogen, turned about the bond to where there is most room, Å.

    around: (n_atoms, 3); length: of the new bond. Returns (n_group, 3).
    """
    axis = around[hydrogen] - around[stem]
    axis /= np.linalg.norm(axis)
    own = _positions(group) - _positions(group)[0]
    facing, _ = Rotation.align_vectors([-axis], [own[-1]])
    placed = facing.apply(own)
    others = np.delete(around, [stem, hydrogen], axis=0)
    turned = [Rotation.from_rotvec(angle * axis).apply(placed) for angle in np.linspace(0, 2 * np.pi, _TURNS, False)]
    candidates: list[NDArray[np.float64]] = [around[stem] + length * axis + atoms for atoms in turned]
    if len(others) == 0:
        return candidates[0]
    return max(candidates, key=lambda atoms: cdist(atoms[1:], others).min() if len(atoms) > 1 else 0.0)


def _roomiest(draft: _Draft, hydrogens: Sequence[int]) -> int:
    """The one that is farthest from all atoms that are not its neighbours."""
    distances = cdist(_positions(draft.mol), _positions(draft.mol))
    stem = draft.mol.GetAtomWithIdx(hydrogens[0]).GetNeighbors()[0].GetIdx()
    others = [atom for atom in range(len(distances)) if atom != stem and atom not in hydrogens]
    return max(hydrogens, key=lambda atom: float(distances[atom, others].min())) if others else hydrogens[0]


def _stretch(draft: _Draft, atom: int, neighbour: int | None, new: int) -> None:
    """Give a terminal atom the distance from its neighbour that its new element `new` asks for."""
    if neighbour is None:
        return
    positions = _positions(draft.mol)
    bond = positions[atom] - positions[neighbour]
    length = _bond_length(int(draft.molecule.numbers[neighbour]), new)
    positions[atom] = positions[neighbour] + bond * (length / np.linalg.norm(bond))
    place(draft.mol, positions)


def _wanted_hydrogens(draft: _Draft) -> dict[int, int]:
    """How many hydrogens the valence of each touched atom asks for, by its index."""
    bare = Chem.RWMol(draft.mol)
    for atom in bare.GetAtoms():
        atom.SetIntProp("index", atom.GetIdx())
    touched = draft.marked("touched")
    for index in touched:
        bare.GetAtomWithIdx(index).SetNoImplicit(False)
    bare.BeginBatchEdit()
    for hydrogen in {h for index in touched for h in draft.hydrogens(index)} - set(touched):
        bare.RemoveAtom(hydrogen)
    bare.CommitBatchEdit()
    with quiet():
        problems = Chem.DetectChemistryProblems(bare)
    for problem in problems:
        atom = bare.GetAtomWithIdx(problem.GetAtomIdx())
        raise _too_many_bonds(atom)
    sanitize(bare)
    return {atom.GetIntProp("index"): atom.GetTotalNumHs() for atom in bare.GetAtoms() if atom.HasProp("touched")}


def _too_many_bonds(atom: Chem.Atom) -> UnsupportedMolecule:
    bonds = int(sum(bond.GetBondTypeAsDouble() for bond in atom.GetBonds()))
    number = f"{atom.GetIntProp('origin') + 1}" if atom.HasProp("origin") else ""
    return UnsupportedMolecule(
        f"{atom.GetSymbol()}{number} would have {bonds} bonds, more than {atom.GetSymbol()} can have.",
        code="bad_valence",
        field="change",
        hint="Delete one of its neighbours first, or choose an element with more bonds.",
    )


def _refill(draft: _Draft) -> None:
    """Give touched atoms the hydrogens that their valences ask for: those that they had, as far as they go."""
    wanted = _wanted_hydrogens(draft)
    surplus: list[int] = []
    for atom, count in wanted.items():
        own = draft.hydrogens(atom)
        surplus += own[count:]
        for hydrogen in own[:count]:
            draft.loosen(hydrogen)
        draft.mol.GetAtomWithIdx(atom).SetNumExplicitHs(max(0, count - len(own)))
    before = draft.mol.GetNumAtoms()
    with quiet():
        draft.mol.UpdatePropertyCache(strict=False)
        draft.mol = Chem.RWMol(Chem.AddHs(draft.mol, addCoords=True, onlyOnAtoms=list(wanted)))
    added = range(before, draft.mol.GetNumAtoms())
    _off_the_line(draft.mol, added)
    for hydrogen in added:
        draft.loosen(hydrogen)
    draft.remove(surplus)


def _off_the_line(mol: Chem.RWMol, added: Sequence[int]) -> None:
    """Place added hydrogens beside atoms whose other bonds lie on one line: RDKit leaves them all at the origin."""
    positions = _positions(mol)
    placed: Counter[int] = Counter()
    for hydrogen in added:
        (stem,) = mol.GetAtomWithIdx(hydrogen).GetNeighbors()
        if positions[hydrogen].any():
            continue
        there = [other.GetIdx() for other in stem.GetNeighbors() if other.GetIdx() not in added]
        axis = positions[there[0]] - positions[stem.GetIdx()]
        axis /= np.linalg.norm(axis)
        across = np.cross(axis, np.eye(3)[np.abs(axis).argmin()])
        turn = Rotation.from_rotvec(axis * placed[stem.GetIdx()] * 2.0 * np.pi / 3.0)
        placed[stem.GetIdx()] += 1
        length = _bond_length(stem.GetAtomicNum(), 1)
        positions[hydrogen] = positions[stem.GetIdx()] + length * turn.apply(across / np.linalg.norm(across))
    place(mol, positions)


def _finished(draft: _Draft, max_atoms: int) -> Molecule:
    """Hydrogens, places and checks; the new molecule."""
    _refill(draft)
    mol = draft.mol
    sanitize(mol)
    numbers = np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()], dtype=np.int64)
    check_size(len(numbers), max_atoms)
    charge = int(Chem.GetFormalCharge(mol))
    check_neutral(charge)
    check_closed_shell(numbers, charge, sum(atom.GetNumRadicalElectrons() for atom in mol.GetAtoms()))
    loose = draft.marked("loose")
    before = _positions(mol)
    method = _place_loose(mol, loose)
    positions = np.array(before)
    positions[loose] = np.round(_positions(mol)[loose], 6) + 0.0
    place(mol, positions)
    read_stereochemistry(mol)
    smiles = canonical_smiles(mol)
    return Molecule(
        numbers=numbers,
        positions=positions,
        bonds=bonds_of(mol),
        charge=charge,
        smiles=smiles,
        name=name_of(smiles),
        geometry=Geometry(EDITED, method, _note(method, len(loose) > 0)),
    )


def _place_loose(mol: Chem.Mol, loose: Sequence[int]) -> str:
    """Let a force field place these atoms among the others; its name, "" where none is needed or has parameters."""
    if not loose or mol.GetNumBonds() == 0:
        return ""
    with quiet():
        method = next((name for name, has in _FORCE_FIELDS.items() if has(mol)), "")
        if not method:
            return ""
        # angles of exactly 180° have no gradient
        positions = _positions(mol)
        positions[loose] += np.random.default_rng(SEED).normal(0.0, _JITTER, (len(loose), 3))
        place(mol, positions)
        if method == "MMFF94":
            properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
            field = rdForceFieldHelpers.MMFFGetMoleculeForceField(mol, properties)
        else:
            field = rdForceFieldHelpers.UFFGetMoleculeForceField(mol)
        field.Initialize()
        if method == "MMFF94":
            mended.hold(field, mended.lacking(mol))
        for atom in set(range(mol.GetNumAtoms())) - set(loose):
            field.AddFixedPoint(atom)
        field.Minimize(maxIts=_STEPS)
    return method


def _note(method: str, placed: bool) -> str:
    if not placed:
        return "Atoms were deleted by hand; the others are where they were."
    how = f"by the force field {method}" if method else "at ideal distances and angles"
    return f"The molecule was edited by hand: new and changed atoms were placed {how}, the others are where they were."


def _positions(mol: Chem.Mol) -> NDArray[np.float64]:
    return np.array(mol.GetConformer().GetPositions(), dtype=np.float64)


def _bond_length(first: int, second: int) -> float:
    """The sum of covalent radii, Å."""
    table = Chem.GetPeriodicTable()
    return float(table.GetRcovalent(first) + table.GetRcovalent(second))


def _set_order(bond: Chem.Bond, order: int) -> None:
    bond.SetBondType({1: Chem.BondType.SINGLE, 2: Chem.BondType.DOUBLE, 3: Chem.BondType.TRIPLE}[order])


def _saturated(message: str) -> UnsupportedMolecule:
    return UnsupportedMolecule(
        message,
        code="saturated",
        field="change",
        hint="Hydrogens are added to atoms of double and triple bonds; elsewhere a group can take a hydrogen's place.",
    )


def _listed(draft: _Draft, atoms: Sequence[int]) -> str:
    names = [draft.name(atom) for atom in atoms[:4]]
    return ", ".join(names) + (", …" if len(atoms) > 4 else "")
