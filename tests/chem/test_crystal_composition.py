"""Crystals whose file has fewer atoms than they have, or says in its labels alone what they are."""

import pytest
from test_crystals_read import SALT, cif, named

from atomlens.chem.read import read_molecule
from atomlens.errors import MalformedInput, UnsupportedMolecule


def labelled(label: str, formula: str = "") -> str:
    """One site without a symbol, in a file that has this formula."""
    group = named("P 1") + (f"\n_chemical_formula_sum '{formula}'" if formula else "")
    return cif(group, f"{label} 0 0 0\n").replace("_atom_site_type_symbol\n", "")


@pytest.mark.parametrize(
    ("label", "formula"),
    [
        ("Na12", "Na"), ("Ca1", "Ca"), ("D1", "H"), ("C(3)", "C"), ("O1A", "O"), ("O1'", "O"), ("O_b", "O"),
        ("Xe_", "Xe"), ("o3", "O"),
        ("FeA", "Fe"), ("SiT", "Si"), ("MgM1", "Mg"), ("SiVI", "Si"), ("W", "W"), ('"C2\'"', "C"),
    ],
)  # fmt: skip
def test_elements_are_read_from_the_names_of_sites_where_no_symbols_stand(label, formula):
    assert read_molecule(labelled(label), "cif").formula == formula


def test_elements_are_read_from_symbols_in_capitals_and_with_charges():
    for symbol, formula in (("CL1-", "Cl"), ("Na1+", "Na"), ("NA", "Na"), ("D", "H"), ("T", "H"), ("O2-", "O")):
        assert read_molecule(cif(named("P 1"), f"A1 {symbol} 0 0 0\n"), "cif").formula == formula


@pytest.mark.parametrize(
    "label",
    ["Wat1", "WAT", "OH1", "OW1", "Ow1", "Oh", "CA1", "CL1", "CO1", "ca1", "T1", "Fea", "M1", "HOA1", "7"],
)
def test_names_of_sites_that_do_not_tell_an_element_are_refused(label):
    with pytest.raises(MalformedInput, match="does not tell its element") as caught:
        read_molecule(labelled(label), "cif")
    assert caught.value.code == "bad_cif"
    assert repr(label) in caught.value.message
    assert "_atom_site_type_symbol" in caught.value.hint


@pytest.mark.parametrize(
    ("label", "said", "formula"),
    [("OW1", "O", "O"), ("CL1", "Cl", "Cl"), ("CL1", "CL2", "Cl"), ("CA1", "C", "C"), ("CO1", "Co1", "Co"),
     ("OB2", "O2", "O"), ("Oa", "O", "O")],
)  # fmt: skip
def test_the_formula_tells_what_the_name_of_a_site_leaves_open(label, said, formula):
    assert read_molecule(labelled(label, said), "cif").formula == formula


@pytest.mark.parametrize(("label", "said"), [("CO1", "C Co O"), ("CL1", "Na2 O"), ("Wat1", "W O3"), ("OH1", "what?")])
def test_a_formula_that_leaves_it_open_too_settles_nothing(label, said):
    with pytest.raises(MalformedInput, match="does not tell its element"):
        read_molecule(labelled(label, said), "cif")


ICE = "4.5 4.5 7.3 90 90 120"
WATER = "O1 O 0.333 0.667 0.06\nH1 H 0.333 0.667 0.20\nH2 H 0.45 0.91 0.02\n"


def with_formula(said: str, sites: str = WATER) -> str:
    return cif(f"{named('P 1')}\n_chemical_formula_sum {said}\n_cell_formula_units_Z 1", sites, ICE)


@pytest.mark.parametrize(
    "said", ["'H2 O1'", "'H2 O'", "H2O", "'D2 O'", "'H4 O2'", "'H1.0 O0.5'", "'O H D'", "'H2 O 0+'", "?", "'x (H2 O)'",
             "'H2. O1.'", "'h2 o'"],
)  # fmt: skip
def test_a_formula_that_is_that_of_the_atoms_or_cannot_be_read_is_not_spoken_of(said):
    assert read_molecule(with_formula(said), "cif").warnings == ()


@pytest.mark.parametrize(
    ("said", "sites", "lacking"),
    [
        ("'H2 O1'", "O1 O 0.333 0.667 0.06\n", "'H2 O1' has H, and"),
        ("'D2 O1'", "O1 O 0.333 0.667 0.06\n", "has H, and"),
        ("'Na H0.5 O'", "O1 O 0.333 0.667 0.06\nNa1 Na 0 0 0.5\n", "has H, and"),
        ("'Na Cl'", "O1 O 0.333 0.667 0.06\n", "has Na, Cl, and"),
        ("'SI1 O2'", "O1 O 0.333 0.667 0.06\n", "has Si, and"),
    ],
)
def test_a_crystal_that_lacks_an_element_of_its_formula_is_refused(said, sites, lacking):
    with pytest.raises(UnsupportedMolecule, match="are missing") as caught:
        read_molecule(with_formula(said, sites), "cif")
    assert caught.value.code == "missing_atoms"
    assert lacking in caught.value.message
    assert "a site of its own" in caught.value.hint


@pytest.mark.parametrize(
    ("said", "sites", "own"),
    [
        ("'H3 O1'", WATER, "H2O"),
        ("'H2 O1'", WATER.replace("H2 H 0.45 0.91 0.02\n", ""), "HO"),
        ("'O1'", WATER, "H2O"),
        ("'Na0.9 K0.1 O'", "O1 O 0.333 0.667 0.06\nNa1 Na 0 0 0.5\n", "NaO"),
    ],
)
def test_atoms_that_are_not_in_the_ratios_of_the_formula_are_said_to_be_so(said, sites, own):
    (warning,) = read_molecule(with_formula(said, sites), "cif").warnings
    assert f"are {own}, but the formula of the file is {said}" in warning


def test_the_formula_of_halite_is_that_of_its_cell_or_of_a_unit():
    for said in ("'Na Cl'", "NaCl", "'Na4 Cl4'", "'Cl1 Na1'", "'NA1 CL1'"):
        text = SALT.replace("loop_", f"_chemical_formula_sum {said}\nloop_")
        assert read_molecule(text, "cif").warnings == ()


def test_hydrogens_that_are_only_counted_are_missing():
    def counted(sites: str, formula: str = "?") -> str:
        text = cif(f"{named('P 1')}\n_chemical_formula_sum {formula}", sites, ICE)
        return text.replace("_atom_site_fract_z", "_atom_site_fract_z\n_atom_site_attached_hydrogens")

    for formula in ("?", "'H2 O'", "O"):
        with pytest.raises(UnsupportedMolecule, match="only counted") as caught:
            read_molecule(counted("O1 O 0.333 0.667 0.06 2\n", formula), "cif")
        assert caught.value.code == "missing_atoms"
    for nothing in ("0", ".", "?"):
        assert len(read_molecule(counted(f"O1 O 0.333 0.667 0.06 {nothing}\n"), "cif")) == 1
    # all are there: what the file counts are those that it has
    placed = "O1 O 0.333 0.667 0.06 2\nH1 H 0.333 0.667 0.20 0\nH2 H 0.45 0.91 0.02 0\n"
    assert len(read_molecule(counted(placed, "'H2 O'"), "cif")) == 3
