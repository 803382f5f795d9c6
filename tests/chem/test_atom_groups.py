"""Environments of atoms are those that a chemist names."""

import re
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem

from atomlens.chem.atom_groups import ATOM_GROUPS, OTHER, groups_of_atoms
from atomlens.chem.bonds import perceive
from atomlens.chem.parts import FUNCTIONAL_GROUPS
from atomlens.chem.read import read_molecule
from atomlens.chem.rings import RINGS, ring_atoms
from atomlens.chem.smiles import read_smiles


def heavy(smiles: str) -> list[str]:
    molecule = read_smiles(smiles, 100)
    groups = groups_of_atoms(molecule.numbers, molecule.bonds)
    return [group for z, group in zip(molecule.numbers, groups, strict=True) if z > 1]


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("CCO", ["methyl", "alcohol", "alcohol"]),
        # the bond between azulene's rings is single to RDKit
        (
            "c1ccc2cccc2cc1",
            [*["aromatic C–H"] * 3, "aromatic, ring fusion", *["aromatic C–H"] * 3, "aromatic, ring fusion"]
            + ["aromatic C–H"] * 2,
        ),
        ("Cc1ccccc1", ["methyl", "aromatic, substituted", *["aromatic C–H"] * 5]),
        (
            "C1Cc2ccccc21",
            ["four-membered ring"] * 2 + ["aromatic, substituted", *["aromatic C–H"] * 4, "aromatic, substituted"],
        ),
        ("c1ccpcc1", [*["aromatic C–H"] * 3, "aromatic", *["aromatic C–H"] * 2]),
        ("[pH]1cccc1", ["aromatic", *["aromatic C–H"] * 4]),
        ("CC#P", ["methyl", "phosphaalkyne", "phosphaalkyne"]),
        (
            "CP(C)N",
            [
                *["beside sulfur or phosphorus", "beside nitrogen"],
                "beside sulfur or phosphorus",
                "phosphoramide or aminophosphine",
            ],
        ),
        (
            "CP(C)S",
            [
                *["beside sulfur or phosphorus", "beside sulfur"],
                "beside sulfur or phosphorus",
                "thiol or hydrogen sulfide",
            ],
        ),
        (
            "NP(N)(N)=O",
            [
                *["phosphoramide or aminophosphine", "other phosphoryl"],
                *["phosphoramide or aminophosphine"] * 2,
                "on phosphorus",
            ],
        ),
        ("OC#N", ["hydroxyl of cyanic, imidic or thio acid", "nitrile", "nitrile"]),
        (
            "ClC(=O)OC",
            [
                "vinyl or acyl",
                "haloformate or carbamoyl halide",
                "carbonyl of haloformate or carbamoyl halide",
                "ester or anhydride, single bond",
                "ether or ester, O–C",
            ],
        ),
        (
            "ClC(=O)N",
            [
                "vinyl or acyl",
                "haloformate or carbamoyl halide",
                "carbonyl of haloformate or carbamoyl halide",
                "amide",
            ],
        ),
        ("CC(=O)O", ["methyl", "carboxylic acid", "carbonyl of acid", "hydroxyl of acid"]),
        (
            "CC(=O)OC",
            [
                "methyl",
                "ester or anhydride",
                "carbonyl of ester or anhydride",
                "ester or anhydride, single bond",
                "ether or ester, O–C",
            ],
        ),
        ("CC(N)=O", ["methyl", "amide", "amide", "carbonyl of amide"]),
        ("CC=O", ["methyl", "aldehyde", "carbonyl of aldehyde"]),
        ("CC(C)=O", ["methyl", "ketone", "methyl", "carbonyl of ketone"]),
        ("C1CO1", ["three-membered ring", "three-membered ring", "epoxide"]),
        ("C1CCC1", ["four-membered ring"] * 4),
        ("CC#N", ["methyl", "nitrile", "nitrile"]),
        ("C#CC=C", ["alkyne", "alkyne", "alkene", "alkene"]),
        ("C=C=C", ["alkene", "cumulene", "alkene"]),
        ("C[N+](=O)[O-]", ["beside nitrogen", "nitro", "nitro or N-oxide", "nitro or N-oxide"]),
        ("c1cc[nH]c1", ["aromatic C–H"] * 3 + ["aromatic, pyrrole-like", "aromatic C–H"]),
        ("c1ccncc1", ["aromatic C–H"] * 3 + ["aromatic, pyridine-like"] + ["aromatic C–H"] * 2),
        ("CCNC", ["methyl", "beside nitrogen", "secondary amine", "beside nitrogen"]),
        ("CC(C)(C)C", ["methyl", "quaternary", "methyl", "methyl", "methyl"]),
        ("CSC", ["beside sulfur or phosphorus", "thioether", "beside sulfur or phosphorus"]),
        ("c1ccsc1", ["aromatic C–H"] * 3 + ["aromatic, thiophene-like", "aromatic C–H"]),
        ("CS(C)=O", ["beside sulfur or phosphorus", "sulfoxide", "beside sulfur or phosphorus", "on sulfur"]),
        ("CF", ["with fluorine", "alkyl"]),
        ("C[N+](C)(C)CC(=O)[O-]", [*["beside nitrogen", "ammonium"], *["beside nitrogen"] * 3, *["carboxylate"] * 3]),
        ("[O-][n+]1ccccc1", ["nitro or N-oxide", "N-oxide", *["aromatic C–H"] * 5]),
        ("CN=[N+]([O-])C", ["beside nitrogen", "azo", "N-oxide", "nitro or N-oxide", "beside nitrogen"]),
        ("CN=O", ["beside nitrogen", "nitroso", "nitroso"]),
        ("N#[N+][O-]", [*["azide, diazo or isocyanide"] * 2, "of nitrous oxide"]),
        ("O=S(Cl)Cl", ["on sulfur", "other sulfinyl", *["on sulfur or phosphorus"] * 2]),
        (
            "CS(=O)(=O)OC",
            [
                "beside sulfur or phosphorus",
                "sulfonate or sulfate",
                *["on sulfur"] * 2,
                "single bond to sulfur",
                "ether or ester, O–C",
            ],
        ),
        (
            "CS(C)(=N)=O",
            [
                "beside sulfur or phosphorus",
                "sulfoximine or sulfilimine",
                "beside sulfur or phosphorus",
                "sulfoximine or sulfilimine",
                "on sulfur",
            ],
        ),
        ("CC(=O)Cl", ["methyl", "acyl halide", "carbonyl of acyl halide", "vinyl or acyl"]),
        # carbonyls of rings that RDKit calls aromatic
        (
            "O=c1cc[nH]c(=O)[nH]1",
            [
                "carbonyl of amide",
                "aromatic, carbonyl",
                "aromatic C–H",
                "aromatic C–H",
                "aromatic, pyrrole-like",
                "aromatic, carbonyl",
                "carbonyl of amide",
                "aromatic, pyrrole-like",
            ],
        ),
        (
            "O=c1ccocc1",
            [
                "carbonyl of ketone",
                "aromatic, carbonyl",
                "aromatic C–H",
                "aromatic C–H",
                "aromatic, furan-like",
                "aromatic C–H",
                "aromatic C–H",
            ],
        ),
        (
            "O=c1cccco1",
            ["carbonyl of ester or anhydride", "aromatic, carbonyl"] + ["aromatic C–H"] * 4 + ["aromatic, furan-like"],
        ),
        (
            "CC(=O)SC",
            ["methyl", "thioester", "carbonyl of thioester", "thioester or thiocyanate", "beside sulfur or phosphorus"],
        ),
        (
            "CC(=O)ON",
            [
                "methyl",
                "ester or anhydride",
                "carbonyl of ester or anhydride",
                "ester or anhydride, single bond",
                "hydroxylamine",
            ],
        ),
        ("CN=C=O", ["beside nitrogen", *["isocyanate or isothiocyanate"] * 2, "of ketene or isocyanate"]),
        ("C[N+](C)(C)[O-]", ["beside nitrogen", "N-oxide", *["beside nitrogen"] * 2, "nitro or N-oxide"]),
        ("N#CN", ["nitrile", "nitrile", "cyanamide or ynamine"]),
        ("OO", ["peroxide"] * 2),
        ("CN=NC", ["beside nitrogen", "azo", "azo", "beside nitrogen"]),
        ("C=[N+]=[N-]", ["diazo", *["azide, diazo or isocyanide"] * 2]),
        ("OC(=O)O", ["hydroxyl of acid", "carbonate, carbamate or urea", "carbonyl of acid", "hydroxyl of acid"]),
        ("O=C=O", ["of carbon dioxide", "carbon dioxide or disulfide", "of carbon dioxide"]),
        ("FN(F)F", ["on nitrogen or oxygen", "with halogen", *["on nitrogen or oxygen"] * 2]),
        (
            "COC(C)=S",
            ["ether or ester, O–C", "cyanate, imidate or thionoester", "thiocarbonyl", "methyl", "thiocarbonyl"],
        ),
        ("S", ["thiol or hydrogen sulfide"]),
        (
            "CC(=O)OO",
            [
                "methyl",
                "peracid or acyl peroxide",
                "carbonyl of peracid or acyl peroxide",
                "peroxide",
                "hydroxyl of hydroperoxide or peracid",
            ],
        ),
        ("CC(N)=S", ["methyl", "thiocarbonyl", "thioamide or thiourea", "thiocarbonyl"]),
        (
            "CS(=O)SC",
            [
                "beside sulfur or phosphorus",
                "other sulfinyl",
                "on sulfur",
                "beside sulfinyl or sulfonyl",
                "beside sulfur or phosphorus",
            ],
        ),
        ("S1SSSSSSS1", ["polysulfide"] * 8),
        ("P12P3P1P23", ["beside phosphorus"] * 4),
        ("O=S=O", ["on sulfur", "sulfur dioxide", "on sulfur"]),
        ("O=S(=O)=O", ["on sulfur", "sulfur trioxide", *["on sulfur"] * 2]),
        ("FS(F)(F)F", ["on sulfur or phosphorus", "hypervalent, with halogen", *["on sulfur or phosphorus"] * 3]),
        ("ClP(Cl)Cl", ["on sulfur or phosphorus", "with halogen", *["on sulfur or phosphorus"] * 2]),
        ("S=P(C)(C)C", ["on phosphorus", "thiophosphoryl", *["beside sulfur or phosphorus"] * 3]),
        ("C=P(C)(C)C", ["ylide or phosphaalkene", "ylide or iminophosphorane", *["beside sulfur or phosphorus"] * 3]),
        ("CSCl", ["beside sulfur or phosphorus", "sulfenyl", "on sulfur or phosphorus"]),
        ("ClO", ["on nitrogen or oxygen", "on halogen"]),
        ("Cl", ["hydrogen halide"]),
        ("BrBr", ["halogen molecule"] * 2),
        (
            "COP(C)C",
            [
                "ether or ester, O–C",
                "single bond to phosphorus",
                "phosphite or phosphonite",
                "beside sulfur or phosphorus",
                "beside sulfur or phosphorus",
            ],
        ),
        ("c1ccccc1Br", ["aromatic C–H"] * 5 + ["aromatic, substituted", "aryl"]),
    ],
)
def test_the_groups_of_known_molecules(smiles, expected):
    assert heavy(smiles) == expected


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("O[N+](=O)[O-]", {"of nitric or nitrous acid"}),
        ("ON=O", {"of nitric or nitrous acid"}),
        ("CC(C)=NO", {"of oxime, hydroxylamine or hydroxamic acid", "on methyl"}),
        ("OC#N", {"of cyanic, imidic or thio acid"}),
        ("NP(N)(N)=O", {"of phosphoramide or aminophosphine"}),
        ("OCC(=O)NC", {"of alcohol", "of amide", "on carbon beside nitrogen", "on carbon beside oxygen"}),
        ("CSC", {"on carbon beside sulfur or phosphorus"}),
        ("C#N", {"on nitrile carbon"}),
        ("CNN", {"on carbon beside nitrogen", "of hydrazine or hydroxylamine"}),
        ("CC(=O)NO", {"of amide", "of oxime, hydroxylamine or hydroxamic acid", "on methyl"}),
        ("NC(N)=S", {"of thioamide or thiourea"}),
        ("COO", {"of O–O–H", "on carbon beside oxygen"}),
        ("OP(=O)(O)O", {"of sulfur or phosphorus acid"}),
        ("F", {"of hydrogen halide"}),
        ("NC=N", {"of aniline, enamine or amidine", "on alkene or imine carbon", "of imine"}),
    ],
)
def test_hydrogens_are_named_by_what_they_are_on(smiles, expected):
    molecule = read_smiles(smiles, 100)
    groups = groups_of_atoms(molecule.numbers, molecule.bonds)
    assert {group for z, group in zip(molecule.numbers, groups, strict=True) if z == 1} == expected


@pytest.mark.parametrize("smiles", ["C[N+](=O)[O-]", "O=C(O)c1ccc[nH]1", "CN=[N+]=[N-]", "Cc1noc(C)c1C#N"])
def test_bonds_found_from_a_geometry_give_the_same_groups(smiles):
    molecule = read_smiles(smiles, 100)
    order = np.random.default_rng(1).permutation(len(molecule))
    found = perceive(molecule.numbers[order], molecule.positions[order])
    told = np.array(groups_of_atoms(molecule.numbers, molecule.bonds))
    assert groups_of_atoms(molecule.numbers[order], found.bonds) == told[order].tolist()


def test_there_are_many_environments_and_every_pattern_is_of_one_atom_of_its_element():
    assert sum(len(groups) for groups in ATOM_GROUPS.values()) >= 25
    for symbol, groups in ATOM_GROUPS.items():
        assert OTHER not in groups
        for name, smarts in groups.items():
            pattern = Chem.MolFromSmarts(smarts)
            assert pattern is not None, (symbol, name)
            assert pattern.GetNumAtoms() == 1, (symbol, name)


def test_an_element_without_patterns_is_other():
    molecule = read_molecule("1\nargon\nAr 0 0 0\n", "xyz", max_atoms=1)
    assert groups_of_atoms(molecule.numbers, molecule.bonds) == [OTHER]


@pytest.mark.parametrize("name", RINGS)
def test_a_ring_is_all_heavy_atoms_of_its_molecule(name):
    molecule = read_smiles(RINGS[name], 100)
    assert ring_atoms(molecule) == np.flatnonzero(molecule.numbers > 1).tolist()


def test_what_is_no_single_ring_is_refused():
    with pytest.raises(ValueError, match="2 rings"):
        ring_atoms(read_smiles("C1CC1C1CC1", 100))


def test_every_environment_ring_and_part_has_a_german_name():
    text = (Path(__file__).parents[2] / "frontend/js/lib/environments-de.js").read_text("utf-8")
    german = set(re.findall(r'^  "([^"]+)": "[^"]+",$', text, re.MULTILINE))
    named = {*FUNCTIONAL_GROUPS, "ring", "aromatic ring"}
    known = {OTHER, *RINGS, *named, *(name for patterns in ATOM_GROUPS.values() for name in patterns)}
    assert sorted(known - german) == []
    assert sorted(german - known) == []
