"""Edits by hand: valences are filled, what nobody touched stays where it was, and what cannot be is said."""

from dataclasses import replace

import numpy as np
import pytest
from rdkit import Chem

from atomlens.chem.as_rdkit import as_rdkit
from atomlens.chem.changes import GROUPS, AddHydrogens, Attach, Delete, ToElement
from atomlens.chem.edit import edit
from atomlens.chem.molecule import EDITED
from atomlens.chem.read import read_molecule
from atomlens.errors import MalformedInput, UnsupportedMolecule

#: What the edit makes of a molecule, in SMILES that somebody wrote by hand.
EDITS = [
    ("CC", ToElement(0, "N"), "CN"),
    ("CC", ToElement(2, "F"), "CCF"),
    ("CC", ToElement(2, "C"), "CCC"),
    ("c1ccccc1", ToElement(0, "N"), "c1ccncc1"),
    ("CCO", ToElement(0, "H"), "CO"),
    ("C=O", ToElement(1, "N"), "C=N"),
    ("O", ToElement(0, "S"), "S"),
    ("C[N+](=O)[O-]", ToElement(0, "N"), "N[N+](=O)[O-]"),
    ("CCO", Delete((2,)), "CC"),
    ("CC", Delete((2, 5)), "C=C"),
    ("CC", Delete((2, 3, 5, 6)), "C#C"),
    ("CC(=O)N", Delete((2,)), "CCN"),
    ("CCCC", Delete((2, 3)), "CC"),
    ("C=C", AddHydrogens((0,)), "CC"),
    ("C#C", AddHydrogens((0,)), "C=C"),
    ("CC=O", AddHydrogens((1,)), "CCO"),
    ("C=CC=C", AddHydrogens((1, 2)), "CCCC"),
    ("c1ccccc1", Attach(0, "nitro"), "[O-][N+](=O)c1ccccc1"),
    ("O", Attach(1, "methyl"), "CO"),
    ("C", Attach(0, "phenyl"), "Cc1ccccc1"),
]


@pytest.mark.parametrize(("start", "change", "end"), EDITS, ids=str)
def test_the_constitution_after_an_edit(start, change, end):
    edited = edit(read_molecule(start, "smiles"), change, 300)
    assert edited.smiles == Chem.CanonSmiles(end)
    assert edited.formula == read_molecule(end, "smiles").formula
    assert edited.geometry.source == EDITED
    # RDKit reads the same constitution from the bonds, with no atom left without a partner
    mol = as_rdkit(edited)
    assert sum(atom.GetNumRadicalElectrons() for atom in mol.GetAtoms()) == 0


@pytest.mark.parametrize(
    ("smiles", "atoms", "end"), [("C#C", (0,), "C=C"), ("O=C=O", (1,), "O=CO"), ("C=C=C", (1,), "C=CC")]
)
def test_hydrogens_are_put_beside_bonds_that_lie_on_one_line(smiles, atoms, end):
    start = read_molecule(smiles, "smiles")
    # every bond of the atoms in question exactly along x
    heavy = start.numbers > 1
    straight = start.positions.copy()
    straight[heavy, 1:] = 0.0
    straight[heavy, 0] = 1.2 * np.argsort(np.argsort(start.positions[heavy] @ _axis(start.positions[heavy])))
    if smiles == "C#C":
        straight[~heavy] = straight[heavy] + np.array([[-1.06, 0.0, 0.0], [1.06, 0.0, 0.0]])
    edited = edit(replace(start, positions=straight), AddHydrogens(atoms), 300)
    assert edited.smiles == Chem.CanonSmiles(end)
    apart = np.linalg.norm(edited.positions[:, None] - edited.positions[None], axis=-1)
    assert all(0.8 < apart[first, second] < 1.7 for first, second, _ in edited.bonds)
    assert (apart + 9.0 * np.eye(len(apart))).min() > 0.8


def _axis(positions):
    return np.linalg.svd(positions - positions.mean(0))[2][0]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_bound_at_a_sound_distance_and_meets_no_other_atom(group):
    start = read_molecule("CC(C)c1ccccc1", "smiles")
    edited = edit(start, Attach(0, group), 300)
    bonded = {(first, second): order for first, second, order in edited.bonds}
    apart = np.linalg.norm(edited.positions[:, None] - edited.positions[None], axis=-1)
    lengths = [apart[pair] for pair in bonded]
    assert min(lengths) > 0.9
    assert max(lengths) < 1.9
    others = [apart[i, j] for i in range(len(edited)) for j in range(i) if (j, i) not in bonded]
    assert min(others) > 1.5


def test_what_is_not_concerned_stays_to_the_last_bit():
    start = read_molecule("aspirin")
    edited = edit(start, ToElement(14, "Cl"), 300)  # a hydrogen of the methyl group
    others = np.delete(np.arange(len(start)), 14)
    np.testing.assert_array_equal(edited.positions[others], start.positions[others])
    assert np.linalg.norm(edited.positions[14] - start.positions[14]) > 0.3


def test_handedness_survives_an_edit_elsewhere():
    start = read_molecule("N[C@@H](C)C(=O)O", "smiles")
    assert edit(start, ToElement(2, "O"), 300).smiles == Chem.CanonSmiles("N[C@@H](O)C(=O)O")


def test_a_skeleton_of_single_bonds_gets_its_hydrogens():
    bare = read_molecule("3\n\nC 0 0 0\nC 1.52 0 0\nO 2.1 1.3 0\n")
    assert bare.smiles == ""
    assert edit(bare, AddHydrogens(), 300).smiles == "CCO"


@pytest.mark.parametrize(
    ("start", "change", "code", "said"),
    [
        ("CCO", ToElement(1, "C"), "same_element", "C2 is C already"),
        ("CCC", ToElement(1, "F"), "bad_valence", "F2 would have 2 bonds"),
        ("c1ccccc1", ToElement(0, "O"), "bad_valence", "O1 would have 3 bonds"),
        ("CCO", Delete((1,)), "several_fragments", "Without C2"),
        ("CC", Delete((2,)), "open_shell", "C1 would stay without a partner"),
        ("C", Delete((0,)), "empty", "Nothing would be left"),
        ("CC", AddHydrogens((0,)), "saturated", "C1 has all the hydrogens"),
        ("CC", AddHydrogens(), "saturated", "its hydrogens already"),
        ("CC(C)(C)C", Attach(1, "methyl"), "no_hydrogen", "C2 has no hydrogen"),
        ("C[N+](=O)[O-]", ToElement(1, "C"), "charged", "charge of −1"),
    ],
)
def test_what_cannot_be_is_said(start, change, code, said):
    with pytest.raises(UnsupportedMolecule, match=said) as refused:
        edit(read_molecule(start, "smiles"), change, 300)
    assert refused.value.code == code
    assert refused.value.field == "change"


def test_a_change_that_names_what_there_is_not_is_malformed():
    with pytest.raises(MalformedInput, match="no atom 9"):
        edit(read_molecule("C", "smiles"), ToElement(9, "N"), 300)
    with pytest.raises(MalformedInput, match="no element Xx"):
        edit(read_molecule("C", "smiles"), ToElement(0, "Xx"), 300)


def test_bonds_that_nobody_knows_are_said():
    # the skeleton of caffeine: lengths of single and of multiple bonds, and nothing to tell which
    caffeine = read_molecule("caffeine")
    heavy = np.flatnonzero(caffeine.numbers > 1)
    lines = [f"{caffeine.symbols[atom]} {' '.join(map(str, caffeine.positions[atom]))}" for atom in heavy]
    bare = read_molecule("\n".join([str(len(heavy)), "", *lines]), "xyz")
    assert bare.smiles == ""
    for change in (AddHydrogens(), ToElement(0, "N")):
        with pytest.raises(UnsupportedMolecule, match="bond orders") as refused:
            edit(bare, change, 300)
        assert refused.value.code == "no_bonds"
