"""SMILES become molecules with hydrogens, bonds and a force field's geometry, the same every time."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
from rdkit import Chem
from scipy.spatial.distance import pdist

from atomlens.chem.as_rdkit import place
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.many import read_record
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.chem.records import split_records
from atomlens.chem.smiles import read_smiles


def distance(molecule: Molecule, first: int, second: int) -> float:
    return float(np.linalg.norm(molecule.positions[first] - molecule.positions[second]))


def test_ethanol_has_its_hydrogens_bonds_and_name() -> None:
    ethanol = read_molecule("CCO")
    assert ethanol.formula == "C2H6O"
    assert ethanol.symbols[:3] == ("C", "C", "O")
    assert (ethanol.smiles, ethanol.name, ethanol.charge) == ("CCO", "ethanol", 0)
    assert len(ethanol.bonds) == 8
    assert all(order == 1.0 for _, _, order in ethanol.bonds)


def test_bond_lengths_are_those_of_the_force_field() -> None:
    benzene = read_molecule("c1ccccc1")
    for first, second, order in benzene.bonds:
        carbons = set(benzene.numbers[[first, second]].tolist()) == {6}
        # MMFF94: C-C 1.39 Å in benzene, C-H 1.09 Å
        assert distance(benzene, first, second) == pytest.approx(1.395 if carbons else 1.087, abs=0.015)
        assert order == (1.5 if carbons else 1.0)


def test_the_same_smiles_gives_the_same_bits_every_time() -> None:
    first, second = read_molecule("CC(C)Cc1ccc(cc1)C(C)C(=O)O"), read_molecule("CC(C)Cc1ccc(cc1)C(C)C(=O)O")
    assert first.positions.tobytes() == second.positions.tobytes()
    assert first.id == second.id


def test_another_process_gives_the_same_bits() -> None:
    code = "from atomlens.chem.read import read_molecule; print(read_molecule('NCC(=O)O').id)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == read_molecule("NCC(=O)O").id


def test_the_geometry_is_centred_and_says_where_it_comes_from() -> None:
    caffeine = read_molecule("caffeine")
    assert np.abs(caffeine.positions.mean(axis=0)).max() < 1e-6
    assert (caffeine.geometry.source, caffeine.geometry.method) == ("force field", "MMFF94")
    assert "not a quantum-chemical minimum" in caffeine.geometry.note
    assert any("force field MMFF94" in warning for warning in caffeine.warnings)


@pytest.mark.parametrize("text", ["[H][H]", "[C-]#[O+]"])
def test_uff_stands_in_where_mmff94_has_no_parameters(text: str) -> None:
    assert read_molecule(text).geometry.method == "UFF"


def test_a_name_and_its_smiles_are_one_molecule() -> None:
    by_name = read_molecule("paracetamol")
    assert by_name.name == "paracetamol"
    assert read_molecule("CC(=O)Nc1ccc(O)cc1").id == by_name.id


@pytest.mark.parametrize("text", ["[H][H]", "[HH]", "[2H][H]", "hydrogen"])
def test_every_spelling_of_the_hydrogen_molecule_is_one(text: str) -> None:
    molecule = read_molecule(text)
    assert (molecule.smiles, molecule.name, len(molecule)) == ("[H][H]", "hydrogen", 2)


def test_zwitterions_without_total_charge_are_read() -> None:
    assert read_molecule("[NH3+]CC(=O)[O-]").charge == 0


def test_isotopes_are_read_as_the_common_element_with_a_warning() -> None:
    heavy = read_molecule("[2H]O[2H]")
    assert (heavy.formula, heavy.smiles) == ("H2O", "O")
    assert any("Isotopes" in warning for warning in heavy.warnings)


def test_atom_map_numbers_are_no_part_of_the_molecule() -> None:
    assert read_molecule("[CH3:1][CH2:2]O").smiles == "CCO"


def test_open_stereochemistry_is_told() -> None:
    assert any(
        "1 stereocentre is" in warning or "1 stereocentre" in warning for warning in read_molecule("CC(O)CC").warnings
    )
    assert any("1 double bond" in warning for warning in read_molecule("CC=CC").warnings)


@pytest.mark.parametrize(
    "text",
    ["C[C@H](O)CC", "C/C=C/C", "cubane", "norbornane", "cyclohexene", "acetone oxime", "P", "CP", "PP", "C[AsH2]"],
)
def test_where_nothing_is_open_no_stereochemistry_is_mentioned(text: str) -> None:
    assert not any("stereochemistry" in warning for warning in read_molecule(text).warnings)


@pytest.mark.parametrize(("left", "right"), [("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"), ("F/C=C/F", "F/C=C\\F")])
def test_the_geometry_has_the_stereochemistry_of_the_text(left: str, right: str) -> None:
    from samples import xyz_of

    for text in (left, right):
        molecule = read_molecule(text)
        assert read_molecule(xyz_of(molecule)).smiles == molecule.smiles
    assert read_molecule(left).smiles != read_molecule(right).smiles


def test_lookalikes_are_pointed_out() -> None:
    assert any("carbon monoxide is [C-]#[O+]" in warning for warning in read_molecule("CO").warnings)
    assert read_molecule("CO").formula == "CH4O"
    assert not any("was read as SMILES" in warning for warning in read_molecule("methanol").warnings)


def test_an_element_that_is_a_hydride_as_a_smiles_says_so_and_names_the_molecule_of_the_element() -> None:
    for symbol in ("N", "F", "P", "S", "Cl", "Br"):  # oxygen is an open shell
        (warning,) = (w for w in read_molecule(symbol).warnings if "was read as SMILES" in w)
        element = read_molecule(warning.removesuffix(".").split(" is ")[-1])
        assert {SYMBOLS[z] for z in element.numbers} == {symbol}
    assert any("carbon by itself is a solid" in warning for warning in read_molecule("C").warnings)


def test_a_molecule_survives_the_way_between_processes() -> None:
    molecule = read_molecule("aspirin")
    assert pickle.loads(pickle.dumps(molecule)).id == molecule.id
    assert Molecule.from_dict(molecule.to_dict()).id == molecule.id


def test_nothing_heavy_is_imported_and_nothing_is_printed() -> None:
    code = (
        "import sys; from atomlens.chem.read import read_molecule\n"
        "from atomlens.errors import InputError\n"
        "for text in ('C1CC', 'c1cccc1', 'C(C)(C)(C)(C)C', 'CCO', '[Fe]', 'C1(C2)(C3)CC23CC1C', '[U]F'):\n"
        "    try: read_molecule(text)\n"
        "    except InputError: pass\n"
        "print([name for name in ('torch', 'numba', 'ase', 'fastapi') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (answer.stdout.strip(), answer.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("line", "name", "formula"),
    [
        ("CCO ethanol", "ethanol", "C2H6O"),
        ("c1ccccc1\tmy solvent", "my solvent", "C6H6"),
        ("C methane", "methane", "CH4"),
        ("acetic acid", "acetic acid", "C2H4O2"),
        ("n butane", "butane", "C4H10"),
    ],
)
def test_a_line_of_a_file_has_a_title_behind_its_smiles(line, name, formula):
    found = read_molecule(line)
    assert (found.name, found.formula) == (name, formula)


def test_what_a_smiles_is_mistaken_for_is_said_with_a_title_too():
    assert any("carbon monoxide" in said for said in read_molecule("CO gas").warnings)


@pytest.mark.parametrize(
    ("line", "name", "extension"),
    [
        ("C[C@H](N)C(=O)O |&1:1|", "alanine", "|&1:1|"),
        ("FC(Cl)Br |r| my halon", "my halon", "|r|"),
        ("CCO |lp|", "ethanol", "|lp|"),
    ],
)
def test_an_extension_behind_a_smiles_is_no_title_and_is_said_to_be_left_out(line, name, extension):
    found = read_molecule(line)
    assert found.name == name
    assert f"What stands behind the SMILES, '{extension}', was left out." in found.warnings
    (record,) = split_records(line + "\n", "smi")
    assert read_record(record, 100).name == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CCO", "OCC"),
        ("CC(C)Cc1ccc(cc1)C(C)C(=O)O", "OC(=O)C(C)c1ccc(CC(C)C)cc1"),
        ("NC(CS)C(=O)O", "OC(=O)C(CS)N"),
        ("N[C@@H](CS)C(=O)O", "OC(=O)[C@H](CS)N"),
        ("CC(=O)N[C@@H](C)C(=O)NC", "C([C@H](C)NC(C)=O)(=O)NC"),
        ("C[C@H]1CC[C@@H](O)CC1", "O[C@@H]1CC[C@H](C)CC1"),
        ("CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"),
        # mirror images of one another, spelled in other orders too
        ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"),
        ("C[C@H](N)C(=O)O", "N[C@H](C)C(=O)O"),
        ("C/C=C/[C@H](F)Cl", "F[C@H](Cl)/C=C/C"),
        ("CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O", "CC(C)[C@H]1CC[C@H](C)C[C@@H]1O"),
    ],
)
def test_a_constitution_has_one_geometry_however_it_is_spelled_and_mirror_images_each_others(
    one: str, other: str
) -> None:
    first, second = read_smiles(one, 100), read_smiles(other, 100)
    assert np.sort(pdist(first.positions)) == pytest.approx(np.sort(pdist(second.positions)), abs=1e-3)
    for molecule, text in ((first, one), (second, other)):
        mol = Chem.AddHs(Chem.MolFromSmiles(text))
        place(mol, molecule.positions)
        Chem.AssignStereochemistryFrom3D(mol)
        assert "@" not in text or Chem.MolToSmiles(Chem.RemoveHs(mol)) == molecule.smiles == Chem.CanonSmiles(text)
