"""Every failure is an `InputError` with a stable code and a message that says what, where and why."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from samples import METHANOL_MOL, METHANOL_V3000, WATER_EXTXYZ, WATER_XYZ

from atomlens.chem.check import check_elements, check_known_to_one
from atomlens.chem.read import read_file, read_molecule
from atomlens.errors import InputError, MalformedInput, TooLarge, UnknownElement, UnsupportedMolecule

# text, format, kind of error, code, what the message has to say
BAD = {
    "nothing": ("", "auto", MalformedInput, "empty", "empty"),
    "blanks": (" \n\t\r\n", "auto", MalformedInput, "empty", "empty"),
    "NUL": ("C\0C", "smiles", MalformedInput, "not_text", "NUL byte in line 1"),
    "control character": ("3\n\x07", "xyz", MalformedInput, "not_text", "U+0007 in line 2"),
    "lone surrogate": ("\ud800", "auto", MalformedInput, "not_text", "U+D800"),
    "unknown format": ("C", "pdb", MalformedInput, "unknown_format", "'pdb'"),
    "unknown name": ("cafeine", "name", MalformedInput, "unknown_name", "'cafeine'"),
    "neither name nor SMILES": ("cafeine", "auto", MalformedInput, "unknown_name", "not in the list of names"),
    "systematic name": (
        "5-methylfuran-2-carbaldehyde", "auto", MalformedInput, "unknown_name", "carbaldehyde' is not in",
    ),
    "CAS number": ("64-17-5", "auto", MalformedInput, "unknown_name", "'64-17-5'"),
    "sum formula": ("KCl", "auto", MalformedInput, "unknown_name", "'KCl'"),
    "sum formula with hydrogen": ("H2SO5", "auto", MalformedInput, "unknown_name", "'H2SO5'"),
    "SMILES with a ring left open": ("C1CCl", "auto", MalformedInput, "unreadable", "nor a readable SMILES"),
    "aromatic SMILES cut off": ("c1ccccc", "auto", MalformedInput, "unreadable", "nor a readable SMILES"),
    "backslash": ("F/C=C\\F(", "auto", MalformedInput, "unreadable", "'F/C=C\\F('"),
    "several lines of nothing": ("a\nb\nc", "auto", MalformedInput, "unknown_format", "several lines"),
    "lines of SMILES": ("CCO\nCCN", "auto", MalformedInput, "several_molecules", "several molecules, one a line"),
    "lines of SMILES and names": (
        "CCO ethanol\n\nbenzene\n", "auto", MalformedInput, "several_molecules", "several molecules",
    ),
    "a table with a head": (
        "name;smiles\nx;CCO\ny;CCN", "auto", MalformedInput, "several_molecules", "several molecules",
    ),
    "a table without a head": ("x;CCO\ny;CCN", "auto", MalformedInput, "several_molecules", "several molecules"),
    "a table of numbers": (
        "SMILES,a,b,c\nCCO,1,2,3", "auto", MalformedInput, "several_molecules", "several molecules",
    ),
    "lines of atoms with commas": (
        "C, 0.0, 0.0, 0.0\nO, 0.0, 0.0, 1.2", "auto", MalformedInput, "unknown_format", "several lines",
    ),
    "prose about a structure": (
        "The structure of benzene\nwas solved, and\nwritten.", "auto", MalformedInput, "unknown_format", "neither XYZ",
    ),
    "lines of atoms": ("C 0 0 0\nC 0 0 1 2", "auto", MalformedInput, "unknown_format", "several lines"),
    "a name that begins as a SMILES": ("No such", "auto", MalformedInput, "unknown_name", "'No such'"),
    "an atom and an atom": ("C O", "auto", MalformedInput, "unreadable", "white space"),
    "too long": ("C" * 2_000_001, "auto", TooLarge, "too_long", "2,000,001 characters"),
    "ring not closed": ("C1CC", "smiles", MalformedInput, "bad_smiles", "unclosed ring"),
    "bracket not closed": ("CC(C", "smiles", MalformedInput, "bad_smiles", "parenthes"),
    "syntax": ("CCxC", "smiles", MalformedInput, "bad_smiles", "at character 3, 'x'"),
    "two words": ("CCO ethanol", "smiles", MalformedInput, "bad_smiles", "white space at character 4"),
    "a letter of no SMILES": ("C·C", "smiles", MalformedInput, "bad_smiles", "at character 2, '·'"),
    "an unseen character": ("CC\U000e0001C", "smiles", MalformedInput, "bad_smiles", "'CC[U+E0001]C'"),
    "InChI": ("InChI=1S/CH4/h1H4", "auto", MalformedInput, "unreadable", "InChI"),
    "five bonds": ("C(C)(C)(C)(C)C", "smiles", MalformedInput, "bad_valence", "Atom 1 (C) has 5 bonds"),
    "no Kekulé structure": ("c1cccc1", "smiles", MalformedInput, "bad_aromaticity", "alternating"),
    "aromatic chain": ("cC", "smiles", MalformedInput, "bad_aromaticity", "lies in no ring"),
    "aromatic bond in a chain": ("C:C", "smiles", MalformedInput, "bad_aromaticity", "lies in no ring"),
    "wildcard": ("C*", "smiles", MalformedInput, "not_a_molecule", "Atom 2"),
    "any bond": ("C~C", "smiles", MalformedInput, "not_a_molecule", "atoms 1 and 2"),
    "quadruple bond": ("C$C", "smiles", MalformedInput, "not_a_molecule", "atoms 1 and 2"),
    "reaction": ("CC>>CO", "smiles", MalformedInput, "not_a_molecule", "reaction"),
    "XML": ("<?xml version='1.0'?><cml><molecule id='a'/></cml>", "auto", MalformedInput, "not_a_molecule", "XML"),
    "HTML": ("<p>CCO</p>", "smiles", MalformedInput, "not_a_molecule", "HTML"),
    "long SMILES": ("C" * 4001, "smiles", TooLarge, "too_long", "4,001 characters"),
    "many heavy atoms": ("C" * 301, "smiles", TooLarge, "too_many_atoms", "301"),
    "many hydrogens": ("C" * 100, "smiles", TooLarge, "too_many_atoms", "302"),
    "impossible in space": ("C1(C2)(C3)CC23CC1C", "smiles", UnsupportedMolecule, "no_geometry", "No geometry"),
    "no force field": ("C[Fe]C", "smiles", UnsupportedMolecule, "no_geometry", "no force field has parameters"),
    "salt": ("[Na+].[Cl-]", "smiles", UnsupportedMolecule, "several_fragments", "2 separate molecules (Na, Cl)"),
    "cation": ("C[NH3+]", "smiles", UnsupportedMolecule, "charged", "+1 e"),
    "dianion": ("[O-]C(=O)C(=O)[O-]", "smiles", UnsupportedMolecule, "charged", "−2 e"),
    "radical": ("[CH3]", "smiles", UnsupportedMolecule, "open_shell", "9 electrons, an odd number"),
    "nitric oxide": ("nitric oxide", "auto", UnsupportedMolecule, "open_shell", "15 electrons"),
    "nitrogen dioxide": ("NO2", "auto", UnsupportedMolecule, "open_shell", "23 electrons"),
    "oxygen by name": ("oxygen", "name", UnsupportedMolecule, "open_shell", "triplet"),
    "oxygen by formula": ("O2", "auto", UnsupportedMolecule, "open_shell", "molecular oxygen"),
    "oxygen": ("O=O", "smiles", UnsupportedMolecule, "open_shell", "molecular oxygen"),
    "disulfur": ("S=S", "smiles", UnsupportedMolecule, "open_shell", "disulfur"),
    "sulfur monoxide": ("S=O", "smiles", UnsupportedMolecule, "open_shell", "sulfur monoxide"),
    "methylene": ("[CH2]", "smiles", UnsupportedMolecule, "open_shell", "methylene"),
    "hydrogen atom": ("[H]", "smiles", UnsupportedMolecule, "open_shell", "H has 1 electron, an odd number"),
    "carbene": ("C[C]C", "smiles", UnsupportedMolecule, "open_shell", "2 electrons without a partner"),
    "oxygen atom": ("[O]", "smiles", UnsupportedMolecule, "open_shell", "free O atom"),
    "oxygen in space": ("2\n\nO 0 0 0\nO 0 0 1.2", "xyz", UnsupportedMolecule, "open_shell", "molecular oxygen"),
    "hydroxyl in space": ("2\n\nO 0 0 0\nH 0 0 0.97", "xyz", UnsupportedMolecule, "open_shell", "9 electrons"),
    "no count": ("O 0 0 0\n", "xyz", MalformedInput, "atom_count", "Line 1: 'O 0 0 0'"),
    "no atoms": ("0\n\n", "xyz", MalformedInput, "empty", "0 atoms"),
    "negative count": ("-1\n\n", "xyz", MalformedInput, "empty", "-1 atoms"),
    "huge count": ("999999999\n\n", "xyz", TooLarge, "too_many_atoms", "999,999,999"),
    "too few atoms": (WATER_XYZ.replace("3\n", "4\n", 1), "xyz", MalformedInput, "atom_count", "line 6 is blank"),
    "cut off": ("3\n\nO 0 0 0", "xyz", MalformedInput, "atom_count", "past the end: there are 1"),
    "count alone": ("3", "xyz", MalformedInput, "atom_count", "promises 3"),
    "too many atoms": (WATER_XYZ.replace("3\n", "2\n", 1), "xyz", MalformedInput, "atom_count", "Line 5"),
    "unknown symbol": (WATER_XYZ.replace("O 0", "Oz 0"), "xyz", MalformedInput, "unknown_symbol", "Line 3: 'Oz'"),
    "label": (WATER_XYZ.replace("O 0", "O1 0"), "xyz", MalformedInput, "unknown_symbol", "'O1'"),
    "atomic number 119": (WATER_XYZ.replace("O 0", "119 0"), "xyz", MalformedInput, "unknown_symbol", "'119'"),
    "dummy atom": (WATER_XYZ.replace("O 0", "X 0"), "xyz", MalformedInput, "dummy_atom", "Line 3: 'X'"),
    "missing column": (WATER_XYZ.replace("0.0 0.0 0.117", "0.0 0.117"), "xyz", MalformedInput, "bad_line", "Line 3"),
    "NaN": (WATER_XYZ.replace("0.117", "nan"), "xyz", MalformedInput, "not_finite", "Line 3: the z coordinate is nan"),
    "infinity": (WATER_XYZ.replace("0.117", "-Inf"), "xyz", MalformedInput, "not_finite", "Line 3"),
    "overflow": (WATER_XYZ.replace("0.117", "1e999"), "xyz", MalformedInput, "not_finite", "1e999"),
    "decimal comma": (WATER_XYZ.replace("0.117", "0,117"), "xyz", MalformedInput, "bad_number", "'0,117'"),
    "digits of another script": (WATER_XYZ.replace("0.117", "٣"), "xyz", MalformedInput, "bad_number", "Line 3"),
    "underscore": (WATER_XYZ.replace("0.117", "1_0"), "xyz", MalformedInput, "bad_number", "'1_0'"),
    "coincident": (WATER_XYZ.replace("-0.757", "0.757"), "xyz", InputError, "coincident_atoms", "Atoms 2 and 3"),
    "far away": (WATER_XYZ.replace("0.117", "1e6"), "xyz", InputError, "out_of_range", "100,000 Å"),
    "two waters": (
        "2\n\nHe 0 0 0\nHe 0 0 5\n", "xyz", UnsupportedMolecule, "several_fragments", "2 separate molecules (He, He)",
    ),
    "charge in a comment": (
        WATER_XYZ.replace("water", "charge=+1"), "xyz", UnsupportedMolecule, "charged", "+1 e",
    ),
    "charge in extXYZ": (
        WATER_EXTXYZ.replace("energy=-14.2", "charge=-1"), "extxyz", UnsupportedMolecule, "charged", "−1 e",
    ),
    "triplet in extXYZ": (
        WATER_EXTXYZ.replace("energy=-14.2", "multiplicity=3"), "xyz", UnsupportedMolecule, "open_shell", "2 electrons",
    ),
    "repeated without a cell": (
        WATER_EXTXYZ.replace('"F F F"', '"T T T"'), "extxyz", UnsupportedMolecule, "periodic", "no Lattice",
    ),
    "repeated in two directions": (
        WATER_EXTXYZ.replace('"F F F"', '"T T F"'), "extxyz", UnsupportedMolecule, "periodic", "periodic cell",
    ),
    "open quote": (WATER_EXTXYZ.replace('F"', "F"), "extxyz", MalformedInput, "bad_comment", "Line 2"),
    "odd Properties": (WATER_EXTXYZ.replace("pos:R:3", "pos:R"), "extxyz", MalformedInput, "bad_comment", "Properties"),
    "no positions": (WATER_EXTXYZ.replace("pos:", "bla:"), "extxyz", MalformedInput, "bad_comment", "no positions"),
    "columns that do not fit": (
        WATER_EXTXYZ.replace("forces:R:3", "forces:R:2"), "extxyz", MalformedInput, "bad_line", "6 columns",
    ),
    "no table": ("C", "mol", MalformedInput, "bad_table", "counts"),
    "no end": (METHANOL_MOL.replace("M  END", ""), "mol", MalformedInput, "bad_table", "M  END"),
    "counts too high": (METHANOL_MOL.replace("  6  5", "  9  9"), "mol", MalformedInput, "bad_table", "9 atoms"),
    "no atoms in a table": (METHANOL_MOL.replace("  6  5", "  0  0"), "mol", MalformedInput, "empty", "no atoms"),
    "large table": (METHANOL_MOL.replace("  6  5", "999  5"), "mol", TooLarge, "too_many_atoms", "999"),
    "bad coordinate": (METHANOL_MOL.replace("1.4200", "1.4x00"), "mol", MalformedInput, "bad_number", "Line 6"),
    "NaN in a table": (METHANOL_MOL.replace("1.4200", "   nan"), "mol", MalformedInput, "not_finite", "Line 6"),
    "unknown element": (METHANOL_MOL.replace(" O ", " Zz"), "mol", MalformedInput, "unknown_symbol", "Line 6: 'Zz'"),
    "query atom": (METHANOL_MOL.replace(" O ", " A "), "mol", MalformedInput, "not_a_molecule", "Line 6: 'A'"),
    "R group": (METHANOL_MOL.replace(" O ", " R#"), "mol", MalformedInput, "not_a_molecule", "Line 6"),
    "bond to nowhere": (METHANOL_MOL.replace("  1  2  1", "  1  9  1"), "mol", MalformedInput, "bad_table", "Line 11"),
    "query bond": (METHANOL_MOL.replace("  1  2  1", "  1  2  8"), "mol", MalformedInput, "not_a_molecule", "type 8"),
    "valence in a table": (
        METHANOL_MOL.replace("  1  2  1", "  1  2  3"), "mol", MalformedInput, "bad_valence", "Atom 1 (C)",
    ),
    "charged table": (
        METHANOL_MOL.replace("  1  6  1  0\n", "").replace("  6  5", "  5  4").replace(
            "   -0.3633    0.5138   -0.8900 H   0  0\n", ""
        ).replace("M  END", "M  CHG  1   1  -1\nM  END"),
        "mol", UnsupportedMolecule, "charged", "−1 e",
    ),
    "valence that a charge makes wrong": (
        METHANOL_MOL.replace("M  END", "M  CHG  1   2  -1\nM  END"), "mol", MalformedInput, "bad_valence", "Atom 2 (O)",
    ),
    "V3000 without end of atoms": (
        METHANOL_V3000.replace("M  V30 END ATOM\n", ""), "mol", MalformedInput, "bad_table", "section ATOM",
    ),
    "NaN in V3000": (METHANOL_V3000.replace("1.42", "nan"), "mol", MalformedInput, "not_finite", "Line 9"),
    "query in V3000": (METHANOL_V3000.replace(" O ", " [N,O] "), "mol", MalformedInput, "not_a_molecule", "Line 9"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "format", "kind", "code", "says"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_with_its_reason(
    text: str, format: str, kind: type[InputError], code: str, says: str
) -> None:
    with pytest.raises(kind) as refused:
        read_molecule(text, format)
    assert refused.value.code == code
    assert says in refused.value.message
    assert len(refused.value.message) < 500
    # errors cross from worker processes
    assert pickle.loads(pickle.dumps(refused.value)).code == refused.value.code


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(MalformedInput) as refused:
        read_molecule("cafeine")
    assert "caffeine" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("text", "hint"), [("He", "brackets: [He]"), ("Na", "brackets: [Na]"), ("x", "Check brackets")]
)
def test_a_bare_symbol_is_told_its_brackets_and_not_a_name_that_looks_like_it(text: str, hint: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        read_molecule(text)
    assert hint in (refused.value.hint or "")


def test_the_limit_of_atoms_is_a_setting_and_the_message_names_it() -> None:
    assert len(read_molecule("CCO", max_atoms=9)) == 9
    for text, format in (("CCO", "smiles"), (WATER_XYZ, "xyz"), (METHANOL_MOL, "mol"), ("ethanol", "name")):
        with pytest.raises(TooLarge, match="at most 2 atoms"):
            read_molecule(text, format, max_atoms=2)


def test_unknown_elements_are_named_with_those_that_the_model_knows() -> None:
    with pytest.raises(UnknownElement) as refused:
        check_elements(read_molecule("chloroform").numbers, [1, 6, 7, 8], "qm9-schnet-energy")
    assert "qm9-schnet-energy does not know Cl; it knows H, C, N, O" in refused.value.message
    check_elements(read_molecule("ethanol").numbers, [1, 6, 7, 8], "qm9-schnet-energy")


def test_files_are_read_by_their_suffix(tmp_path: Path) -> None:
    for name, text in (
        ("a.xyz", WATER_XYZ),
        ("b.EXTXYZ", WATER_EXTXYZ),
        ("c.mol", METHANOL_MOL),
        ("d.sdf", METHANOL_V3000),
    ):
        (tmp_path / name).write_text(text)
        assert read_file(tmp_path / name).formula in ("H2O", "CH4O")


@pytest.mark.parametrize(
    ("name", "data", "code", "says"),
    [
        ("a.xyz", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text", "binary"),
        ("a.xyz", b"\x1f\x8b\x08\x00" * 9, "not_text", "binary"),
        ("a.sdf", b"1\n\n\xff\x01\xf9", "not_text", "line 3 that are not UTF-8"),
        ("a.sdf", b"1\n\n\xff\x81\xf9", "not_text", "line 3 that are not UTF-8"),
        ("a.xyz", b"", "empty", "empty"),
        ("a.pdb", b"ATOM", "unknown_format", ".pdb"),
        ("noSuffix", b"3\n", "unknown_format", "without a suffix"),
        ("large.xyz", b" " * 8_000_001, "too_long", "8,000,001 bytes"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, name: str, data: bytes, code: str, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_file(tmp_path / name)
    assert refused.value.code == code
    assert says in refused.value.message


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput) as refused:
        read_file(tmp_path / "none.xyz")
    assert refused.value.code == "unreadable_file"


def test_text_of_windows_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "cp1252", "latin-1"):
        (tmp_path / "a.xyz").write_bytes(WATER_XYZ.replace("water", "Wasser für Å").encode(encoding))
        assert read_file(tmp_path / "a.xyz").name == "water"


def test_elements_that_no_model_knows_or_none_knows_together_are_named():
    with pytest.raises(UnknownElement) as refused:
        check_known_to_one([6, 14, 1], [[1, 6], [1, 6, 8]])
    assert refused.value.message == "No network of molecules here knows Si; they know H, C, O."
    with pytest.raises(UnknownElement) as refused:
        check_known_to_one([7, 8], [[1, 7], [1, 8]])
    assert refused.value.message == "No network of molecules here knows N, O together; they know H, N, O."
    check_known_to_one([1, 8], [[1, 7], [1, 8]])
