"""Simple molecules, and bonds, that force fields do not know."""

import json
from importlib.resources import files

import numpy as np
import pytest

from atomlens.chem.changes import Attach
from atomlens.chem.conformers import conformers
from atomlens.chem.connections import torn_atoms
from atomlens.chem.edit import edit
from atomlens.chem.read import read_molecule
from atomlens.chem.smiles import read_smiles, rough

KNOWN = [entry["smiles"] for entry in json.loads((files("atomlens.chem") / "simple_minima.json").read_text("utf-8"))]


def lengths(molecule, first, second):
    symbols = molecule.symbols
    return sorted(
        float(np.linalg.norm(molecule.positions[i] - molecule.positions[j]))
        for i, j, _ in molecule.bonds
        if {symbols[i], symbols[j]} == {first, second}
    )


@pytest.mark.parametrize(
    ("text", "pair", "experiment"),
    [
        # r_e or r_0 in Å: CRC Handbook of Chemistry and Physics, bond lengths in gas-phase molecules
        ("carbon dioxide", "CO", [1.160, 1.160]),
        ("C(=O)=O", "CO", [1.160, 1.160]),
        ("O=S=O", "SO", [1.431, 1.431]),
        ("O=S(=O)=O", "SO", [1.420, 1.420, 1.420]),
        ("S=C=S", "CS", [1.553, 1.553]),
        ("[O-][N+]#N", "NO", [1.184]),
        ("FS(F)(F)(F)(F)F", "SF", [1.561] * 6),
    ],
)
def test_simple_molecules_have_the_bonds_of_experiment(text, pair, experiment):
    found = read_molecule(text)
    assert lengths(found, *pair) == pytest.approx(experiment, abs=0.035)
    assert (found.geometry.source, found.geometry.method) == ("quantum chemistry", "GFN2-xTB")
    assert not found.geometry.at_rest, "QM9's networks know minima of another level"
    assert found.geometry.note in found.warnings


@pytest.mark.parametrize("smiles", KNOWN)
def test_every_one_is_found_whole(smiles):
    found = read_smiles(smiles, 100)
    assert found.geometry.method == "GFN2-xTB"
    assert not torn_atoms(found).any()
    assert found.smiles == smiles
    assert found.positions.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-3)


@pytest.mark.parametrize("smiles", ["CCO", "c1ccncc1", "CS(C)=O", "COP(=O)(OC)OC", "C[N+](=O)[O-]", "CC#N", "CSC(C)=O"])
def test_what_force_fields_know_is_left_to_them(smiles):
    assert read_smiles(smiles, 100).positions == pytest.approx(rough(smiles, 100).positions, abs=0.0)


def test_nitrogen_has_a_triple_bond():
    assert lengths(read_molecule("nitrogen"), "N", "N") == pytest.approx([1.098], abs=0.04)


def test_bonds_that_mmff_lacks_are_not_drawn_out_in_larger_molecules_conformers_and_edits():
    oil = read_smiles("C=CCN=C=S", 100)
    assert lengths(oil, "C", "S") == pytest.approx([1.6], abs=0.05)
    for one in conformers(oil, 2):
        assert lengths(one.molecule, "C", "S") == pytest.approx([1.6], abs=0.05)
    diyne = read_smiles("CC#CC#CC", 100)
    assert lengths(diyne, "C", "C")[2] == pytest.approx(1.40, abs=0.04)
    longer = edit(oil, Attach(oil.symbols.index("H"), "methyl"), 100)
    assert lengths(longer, "C", "S") == pytest.approx([1.6], abs=0.05)
