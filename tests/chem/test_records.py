"""Texts of many molecules: cut into records, read one by one, or as frames of one."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from atomlens.chem.elements import formula
from atomlens.chem.many import read_frames, read_record, read_records
from atomlens.chem.molecule import Molecule
from atomlens.chem.records import Record, format_of_file, split_records
from atomlens.chem.sdf_file import sdf_record
from atomlens.chem.smiles import read_smiles
from atomlens.errors import AtomlensError, MalformedInput, TooLarge

WATER = "3\nfirst\nO 0 0 0\nH 0.76 0.59 0\nH -0.76 0.59 0\n"
WIDER = "3\nenergy=-76.4 second=2\nO 0 0 0\nH 0.86 0.59 0\nH -0.86 0.59 0\n"


def formulas(records: list[Record]) -> list[str]:
    found = read_records(records, 100)
    return [one.formula if isinstance(one, Molecule) else one.code for one in found]


def test_lines_are_smiles_with_titles_or_names():
    records = split_records("# mine\nCCO grain alcohol\nacetic acid\n\nC1CC\nO=O\n")
    assert formulas(records) == ["C2H6O", "C2H4O2", "unreadable", "open_shell"]
    names = [one.name for one in read_records(records, 100) if isinstance(one, Molecule)]
    assert names == ["grain alcohol", "acetic acid"]
    assert [record.place for record in records] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "table",
    [
        "name,SMILES,logP\nethanol,CCO,-0.1\n,c1ccccc1,2.1\nbroken,C((,\nshort\n",
        "ID;canonical_smiles\nethanol;CCO\n;c1ccccc1\nbroken;C((\nshort\n",
        'smiles\tTitle\nCCO\tethanol\n"c1ccccc1"\t\nC((\tbroken\n\tshort\n',
    ],
)
def test_a_table_has_a_column_of_smiles_and_one_of_names(table):
    records = split_records(table)
    assert [record.name for record in records[:3]] == ["ethanol", "", "broken"]
    assert formulas(records) == ["C2H6O", "C6H6", "bad_smiles", "empty"]
    assert read_record(records[0], 100).name == "ethanol"
    assert read_record(records[1], 100).name == "benzene"


@pytest.mark.parametrize(
    ("table", "format", "names"),
    [
        ("CCO\nc1ccccc1\nC((\n", "csv", ["", "", ""]),
        ("CCO,grain alcohol\nc1ccccc1,\nC((,broken\n", "csv", ["grain alcohol", "", "broken"]),
        ("CCO,grain alcohol\nc1ccccc1,\nC((,broken\n", "auto", ["grain alcohol", "", "broken"]),
        ("1;grain alcohol;CCO\n2;;c1ccccc1\n3;broken;C((\n", "csv", ["grain alcohol", "", "broken"]),
        ("CCO\tgrain alcohol\nc1ccccc1\t\nC((\tbroken\n", "csv", ["grain alcohol", "", "broken"]),
    ],
)
def test_a_table_without_a_head_has_its_smiles_from_the_first_line_on(table, format, names):
    records = split_records(table, format)
    assert [record.name for record in records] == names
    assert formulas(records) == ["C2H6O", "C6H6", "bad_smiles"]


@pytest.mark.parametrize(
    ("table", "names", "read"),
    [
        ('smiles\n"CCO\nO"\nO\n', ["", ""], ["bad_smiles", "H2O"]),  # two lines of one cell are no molecule
        ('"Name; first; last",SMILES\nalcohol,CCO\n"a; b",O\n', ["alcohol", "a; b"], ["C2H6O", "H2O"]),
        ("ID,Name,SMILES\n7,alcohol,CCO\n", ["alcohol"], ["C2H6O"]),
        ("mol_name;smiles;mol_id\nalcohol;CCO;7\n\n;;\n", ["alcohol"], ["C2H6O"]),
        ("ID,SMILES\n7,CCO\n", ["7"], ["C2H6O"]),
    ],
)
@pytest.mark.parametrize("format", ["csv", "auto"])
def test_a_table_is_read_with_its_quotes_and_a_name_goes_before_a_number(table, names, read, format):
    records = split_records(table, format)
    assert [record.name for record in records] == names
    assert formulas(records) == read


@pytest.mark.parametrize(
    ("table", "code"),
    [(",,\n,,\n", "empty"), ('""', "empty"), ('"","\n"', "empty"), ('"', "empty"), (",,\n;;\n", "no_smiles_column")],
)
def test_a_table_of_nothing_is_no_molecule(table, code):
    with pytest.raises(MalformedInput) as refused:
        split_records(table, "csv")
    assert refused.value.code == code
    with suppress(MalformedInput):
        assert all(not isinstance(one, Molecule) for one in read_records(split_records(table), 100))


@pytest.mark.parametrize("line", ["N,N-dimethylaniline", "1,3-butadiene", "N,N,N',N'-tetramethylethylenediamine"])
def test_a_name_with_commas_is_no_table(line):
    assert [record.text for record in split_records(line)] == [line]


def test_heads_are_not_taken_for_molecules():
    with pytest.raises(MalformedInput, match="No, C, Cl"):
        split_records("No,C,Cl\n1,2,3\n4,5,6\n", "csv")


def test_a_table_of_names_alone_is_read_as_the_box_reads_them():
    records = split_records("No,Name\n1,acetic acid\n2,CCO\n3,\n", "csv")
    assert formulas(records) == ["C2H4O2", "C2H6O", "empty"]
    assert read_record(records[0], 100).name == "acetic acid"


def test_a_table_without_smiles_names_its_columns():
    with pytest.raises(MalformedInput, match=r"formula, mass") as wrong:
        split_records("formula,mass\nH2O,18\n", "csv")
    assert wrong.value.code == "no_smiles_column"


def test_records_of_an_sdf_are_read_each_for_itself():
    smiles = ["C[N+](=O)[O-]", "c1ccccc1", "[C-]#[O+]", "C[C@H](N)C(=O)O", "OC(=O)/C=C/C"]
    molecules = [read_smiles(one, 100) for one in smiles]
    whole = "".join(sdf_record(molecule, {"energy_eV": "-1.5"}) for molecule in molecules)
    spoiled = whole.replace("V2000", "V9000", 1)
    for text, first in ((whole, "CH3NO2"), (spoiled, "bad_table")):
        records = split_records(text)
        assert formulas(records) == [first, *(molecule.formula for molecule in molecules[1:])]
    for molecule, record in zip(molecules, split_records(whole), strict=True):
        back = read_record(record, 100)
        assert back.smiles == molecule.smiles, "charges and stereochemistry are written"
        assert back.numbers.tolist() == molecule.numbers.tolist()
        assert back.positions == pytest.approx(molecule.positions, abs=6e-5)
        assert "> <energy_eV>\n-1.5\n" in record.text


def test_an_empty_record_of_an_sdf_says_so_and_keeps_its_number():
    water = sdf_record(replace(read_smiles("O", 100), name="water"), {})
    records = split_records(water + "\n\n\n$$$$\n" + water + "\n\n", "sdf", "a.sdf")
    assert [(record.place, record.name) for record in records] == [(1, "water"), (2, ""), (3, "water")]
    first, empty, last = read_records(records, 100)
    assert isinstance(empty, MalformedInput)
    assert empty.code == "empty"
    assert first.formula == last.formula == "H2O"


def test_an_sdf_is_read_by_rdkits_own_supplier():
    from rdkit import Chem

    supplier = Chem.SDMolSupplier()
    supplier.SetData(sdf_record(read_smiles("OCC", 100), {"a": "1", "b": "x y"}) * 2)
    assert [dict(mol.GetPropsAsDict()) for mol in supplier] == [{"a": 1, "b": "x y"}] * 2


def test_frames_of_an_xyz_are_records_and_a_wrong_one_spoils_no_other():
    wrong = WATER.replace("H -0.76", "Q? -0.76")
    records = split_records(WATER + wrong + "\n" + WIDER)
    assert [record.name for record in records] == ["first", "first", ""]
    assert formulas(records) == ["H2O", "unknown_symbol", "H2O"]
    short = WATER.replace("3\n", "2\n", 1)
    assert formulas(split_records(short + WATER)) == ["atom_count", "H2O"]


def test_more_than_the_limit_is_refused_with_what_to_do():
    assert len(split_records("C\n" * 5, most=5)) == 5
    with pytest.raises(TooLarge, match="6 molecules; at most 5") as wrong:
        split_records("C\n" * 6, most=5)
    assert "atomlens batch" in wrong.value.hint


def test_a_file_tells_its_format_by_its_name():
    assert [format_of_file(name) for name in ("a.SDF", "b.csv", "c.extxyz", "d.smi")] == ["sdf", "csv", "xyz", "smi"]
    with pytest.raises(MalformedInput, match=r"\.pdf"):
        format_of_file("e.pdf")


def test_a_trajectory_is_one_molecule_in_the_geometries_of_its_file():
    found = read_frames(WATER + WIDER, "auto", 100)
    assert found.positions.shape == (2, 3, 3)
    assert found.positions[:, 1, 0].tolist() == [0.76, 0.86]
    assert found.labels == ("first", "energy=-76.4 second=2")
    assert found.molecule.name == "water", "what a comment says of one frame is no name"
    assert read_frames(WATER * 2, "auto", 100).molecule.name == "first"
    assert found.molecule.bonds == ((0, 1, 1.0), (0, 2, 1.0))
    assert not any("more than one frame" in warning for warning in found.molecule.warnings)


def test_an_sdf_of_one_molecule_is_a_trajectory_too():
    molecule = read_smiles("CO", 100)
    moved = sdf_record(molecule, {}).replace(
        f"{molecule.positions[0, 0]:10.4f}", f"{molecule.positions[0, 0] + 0.1:10.4f}", 1
    )
    found = read_frames(sdf_record(molecule, {}) + moved, "sdf", 100)
    assert np.abs(found.positions[1] - found.positions[0]).max() == pytest.approx(0.1, abs=1e-4)
    titled = "".join(sdf_record(replace(molecule, name=f"conformer {k}"), {}) for k in range(2))
    frames = read_frames(titled, "sdf", 100)
    assert (frames.labels, frames.molecule.name) == (("conformer 0", "conformer 1"), "methanol")


def test_a_record_that_cannot_be_read_is_named():
    whole = sdf_record(read_smiles("CO", 100), {})
    with pytest.raises(MalformedInput, match="Frame 3: ") as wrong:
        read_frames(whole * 2 + whole.replace(" C ", " Qq", 1), "sdf", 100)
    assert wrong.value.code == "unknown_symbol"


def test_a_bond_that_breaks_on_the_way_is_no_error():
    torn = WIDER.replace("H 0.86", "H 9.86")
    assert read_frames(WATER + torn, "xyz", 100).positions[1, 1, 0] == 9.86


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (WATER, "one_frame", "one frame"),
        (WATER + "5\n\nC 0 0 0\nH 1 0 0\nH 0 1 0\nH 0 0 1\nH -1 0 0\n", "other_atoms", "Frame 2 has other atoms"),
        (WATER + "3\n\nH 0.76 0.59 0\nO 0 0 0\nH -0.76 0.59 0\n", "other_order", "another order"),
        (WATER + WATER.replace("H -0.76 0.59", "H 0.76 0.60"), "coincident_atoms", "Frame 2: Atoms 2 and 3"),
        (WATER + WATER.replace("-0.76", "nan"), "not_finite", "Line 10"),
        (WATER * 1001, "too_many_frames", "at most 1,000"),
        (WATER + WATER.replace("first", "charge=1"), "charged", r"Frame 2: The molecule carries a total charge of \+1"),
        (WATER + WIDER + WATER.replace("first", "multiplicity=3"), "open_shell", "Frame 3: .* 2 electrons"),
        (WATER + WATER.replace("first", 'Lattice="9 0 0 0 9 0 0 0 9"'), "crystal", "Frame 2 has a cell"),
    ],
)
def test_what_is_no_trajectory_is_said_with_the_frame(text, code, said):
    with pytest.raises(AtomlensError, match=said) as wrong:
        read_frames(text, "auto", 100)
    assert wrong.value.code == code


def test_frames_of_other_molecules_are_pointed_to_the_batch():
    with pytest.raises(MalformedInput) as wrong:
        read_frames(WATER + "2\n\nH 0 0 0\nH 0.74 0 0\n", "auto", 100)
    assert formula([1, 1]) in wrong.value.message
    assert "/batch" in wrong.value.hint


def test_a_frame_that_promises_too_many_atoms_takes_none_of_the_next() -> None:
    frame = "3\n{}\nO 0 0 0\nH 0.96 0 0\nH -0.24 0.93 0\n"
    text = frame.format("one") + frame.format("two").replace("3", "4", 1) + frame.format("three")
    records = split_records(text)
    assert [record.name for record in records] == ["one", "two", "three"]
    with pytest.raises(MalformedInput):
        read_record(records[1], 100)
    assert read_record(records[2], 100).formula == "H2O"


def test_a_file_without_an_ending_is_told_by_its_text() -> None:
    assert format_of_file("mine") == "auto"
    assert [read_record(one, 100).formula for one in split_records("CCS a\nCCO b", format_of_file("mine"))] == [
        "C2H6S",
        "C2H6O",
    ]
