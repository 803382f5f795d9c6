"""Parts of a molecule that a reader adds up: functional groups, rings, heavy atoms with their hydrogens.

A functional group is its own atoms alone (the hydroxyl group is O–H, without the carbon that it is on), found by a
SMARTS pattern of Daylight's language, with the hydrogens on them. Patterns see no formal charges, as in
`chem.atom_groups`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from rdkit import Chem

from atomlens.chem.atom_groups import graph
from atomlens.chem.constitution import quiet
from atomlens.chem.molecule import Molecule

#: Patterns of the heavy atoms by name; where two groups are the same atoms, the first has them.
FUNCTIONAL_GROUPS: Final[dict[str, str]] = {
    "carboxyl": "[CX3](=[OX1])[OX2H1]",
    "ester": "[CX3](=[OX1])[OX2;!$([OX2H])][#6]",
    "amide": "[CX3](=[OX1])[NX3]",
    "aldehyde": "[CX3;H1,H2](=[OX1])",
    "carbonyl": "[#6X3]=[OX1]",
    "thiocarbonyl": "[#6X3]=[SX1]",
    "nitrile": "[CX2]#[NX1]",
    "nitro": "[NX3](~[OX1])~[OX1]",
    "imine": "[CX3]=[NX2]",
    "azo": "[NX2]=[NX2]",
    "sulfonyl": "[SX4](=[OX1])=[OX1]",
    "sulfinyl": "[SX3]=[OX1]",
    "phosphate": "[PX4](=[OX1])([OX2,OX1])([OX2,OX1])[OX2,OX1]",
    "trifluoromethyl": "[CX4](F)(F)F",
    "hydroxyl": "[OX2H1;!$(O-C=[OX1])]",
    "thiol": "[SX2H1]",
    "amino": "[NX3;H1,H2;!$(N-C=[OX1]);!$(N~[OX1])]",
    "ether oxygen": "[OX2;!$(O-C=[OX1])]([#6])[#6]",
    "alkyne": "[CX2]#[CX2]",
    "alkene": "[CX3;!$(C=[O,N,S])]=[CX3;!$(C=[O,N,S])]",
    "methyl": "[CX4H3]",
    "methylene": "[CX4H2]",
    "fluoro": "F",
    "chloro": "Cl",
    "bromo": "Br",
}
#: Of these the pattern goes on to the atoms that hold the group, which are no part of it.
_OWN_ATOMS: Final = {"ester": 3, "ether oxygen": 1}
#: Matches of one pattern that are looked for.
_MOST: Final = 300


def parts(molecule: Molecule) -> list[dict[str, Any]]:
    """`{"kind": "group" | "ring" | "atom", "name", "atoms"}`: atoms from 0, ascending, hydrogens among them.

    Groups in the table's order, rings from the smallest, heavy atoms that carry hydrogens in their own order. A crystal
    has none.
    """
    if molecule.cell is not None:
        return []
    numbers = molecule.numbers.tolist()
    mol = graph(numbers, molecule.bonds)
    hydrogens: dict[int, list[int]] = {}
    for first, second, _ in molecule.bonds:
        for heavy, light in ((first, second), (second, first)):
            if numbers[light] == 1 and numbers[heavy] != 1:
                hydrogens.setdefault(heavy, []).append(light)

    def whole(atoms: Iterable[int]) -> list[int]:
        listed = set(atoms)
        return sorted(listed.union(*(hydrogens.get(atom, []) for atom in listed)))

    found: list[dict[str, Any]] = []
    taken: set[tuple[int, ...]] = set()
    for name, pattern in _patterns().items():
        matches = (match[: _OWN_ATOMS.get(name)] for match in mol.GetSubstructMatches(pattern, maxMatches=_MOST))
        for atoms in sorted({tuple(sorted(match)) for match in matches}):
            if not any(set(atoms) <= set(other) for other in taken):
                taken.add(atoms)
                found.append({"kind": "group", "name": name, "atoms": whole(atoms)})
    for ring in sorted((sorted(ring) for ring in Chem.GetSymmSSSR(mol)), key=lambda ring: (len(ring), ring)):
        aromatic = all(mol.GetAtomWithIdx(atom).GetIsAromatic() for atom in ring)
        found.append({"kind": "ring", "name": "aromatic ring" if aromatic else "ring", "atoms": whole(ring)})
    for heavy in sorted(hydrogens):
        count = len(hydrogens[heavy])
        name = f"{molecule.symbols[heavy]}H{count if count > 1 else ''}"
        found.append({"kind": "atom", "name": name, "atoms": whole([heavy])})
    return found


@cache
def _patterns() -> dict[str, Chem.Mol]:
    with quiet():
        return {name: Chem.MolFromSmarts(smarts) for name, smarts in FUNCTIONAL_GROUPS.items()}
