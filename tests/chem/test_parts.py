"""Parts of a molecule: groups by their own atoms, rings, heavy atoms with their hydrogens."""

import pytest
from rdkit import Chem

from atomlens.chem.parts import FUNCTIONAL_GROUPS, parts
from atomlens.chem.read import read_molecule


def found(text: str, kind: str) -> list[tuple[str, str]]:
    molecule = read_molecule(text, "auto", max_atoms=100)
    return [
        (part["name"], "".join(sorted(molecule.symbols[atom] for atom in part["atoms"])))
        for part in parts(molecule)
        if part["kind"] == kind
    ]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("glycine", [("carboxyl", "CHOO"), ("amino", "HHN"), ("methylene", "CHH")]),
        ("methyl acetate", [("ester", "COO"), ("methyl", "CHHH"), ("methyl", "CHHH")]),
        ("acetamide", [("amide", "CHHNO"), ("methyl", "CHHH")]),
        ("acetone", [("carbonyl", "CO"), ("methyl", "CHHH"), ("methyl", "CHHH")]),
        ("dimethyl ether", [("ether oxygen", "O"), ("methyl", "CHHH"), ("methyl", "CHHH")]),
        ("phenol", [("hydroxyl", "HO")]),
        ("nitromethane", [("nitro", "NOO"), ("methyl", "CHHH")]),
        ("acetonitrile", [("nitrile", "CN"), ("methyl", "CHHH")]),
    ],
)
def test_a_functional_group_is_its_own_atoms_with_their_hydrogens(text, groups):
    assert found(text, "group") == groups


def test_rings_and_heavy_atoms_have_their_hydrogens():
    assert found("toluene", "ring") == [("aromatic ring", "CCCCCCHHHHH")]
    assert found("naphthalene", "ring") == [("aromatic ring", "CCCCCCHHHH")] * 2
    assert found("ethanol", "atom") == [("CH3", "CHHH"), ("CH2", "CHH"), ("OH", "HO")]


def test_every_pattern_can_be_read():
    assert [name for name, smarts in FUNCTIONAL_GROUPS.items() if Chem.MolFromSmarts(smarts) is None] == []
