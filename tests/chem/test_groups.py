"""Functional groups are found where chemists see them."""

import pytest
from rdkit import Chem

from atomlens.chem.groups import GROUPS, groups_of


@pytest.mark.parametrize(
    ("smiles", "groups"),
    [
        ("CCO", {"alcohol"}),
        ("Oc1ccccc1", {"enol or phenol", "aromatic ring"}),
        ("CC(=O)O", {"carboxylic acid"}),
        ("CC(=O)OC", {"ester"}),
        ("CC(N)=O", {"amide"}),
        ("CN", {"amine"}),
        ("COC", {"ether"}),
        ("C1CO1", {"epoxide", "three-membered ring"}),
        ("C1CCC1", {"four-membered ring"}),
        ("C=O", {"aldehyde"}),
        ("CC=O", {"aldehyde"}),
        ("CC(C)=O", {"ketone"}),
        ("C=C", {"alkene"}),
        ("C#C", {"alkyne"}),
        ("CC#N", {"nitrile"}),
        ("CC=NC", {"imine, amidine or oxime"}),
        ("CN(C)N(C)C", {"nitrogen bound to nitrogen or oxygen"}),
        ("c1cc[nH]c1", {"aromatic five-membered ring"}),
        ("[NH3+]CC(=O)[O-]", {"zwitterion"}),
        ("CCC", set()),
        ("not a molecule", set()),
    ],
)
def test_groups_of_known_molecules(smiles, groups):
    assert groups_of(smiles) == groups


def test_every_pattern_is_a_smarts():
    assert all(Chem.MolFromSmarts(pattern) is not None for pattern in GROUPS.values())
