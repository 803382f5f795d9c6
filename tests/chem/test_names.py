"""The table of common names: what it holds is right, whole and found."""

from __future__ import annotations

from importlib.resources import files

import pytest
from rdkit import Chem, rdBase
from rdkit.Chem import rdCIPLabeler

from atomlens.chem import bonds, names
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.read import read_molecule
from atomlens.chem.smiles import canonical, parse
from atomlens.errors import InputError, MalformedInput, UnsupportedMolecule

ENTRIES = names.entries()

# Descriptors of the stereocentres from the IUPAC names of the natural forms, sorted; not from the table's SMILES.
DESCRIPTORS = {
    "alanine": "S",
    "cysteine": "R",
    "threonine": "RS",
    "isoleucine": "SS",
    "proline": "S",
    "hydroxyproline": "RS",
    "lactic acid": "S",
    "malic acid": "S",
    "tartaric acid": "RR",
    "glucose": "RRRSS",
    "alpha-D-glucose": "RRSSS",
    "galactose": "RRRRS",
    "mannose": "RRSSS",
    "fructose": "RRSS",
    "ribose": "RRRS",
    "deoxyribose": "RRS",
    "xylose": "RRRS",
    "sucrose": "RRRRSSSSS",
    "lactose": "RRRRRRRSSS",
    "adenosine": "RRRS",
    "thymidine": "RRS",
    "limonene": "R",
    "menthol": "RRS",
    "nicotine": "S",
    "naproxen": "S",
    "adrenaline": "R",
    "vitamin C": "RS",
    "vitamin E": "RRR",
    "vitamin B7": "RSS",
    "cholesterol": "RRRRSSSS",
    "testosterone": "RRSSSS",
    "estradiol": "RSSSS",
    "cortisol": "RRSSSSS",
    "ephedrine": "RS",
    "morphine": "RRRSS",
    "quinine": "RRSS",
    "penicillin G": "RRS",
    "artemisinin": "RRRRSSS",
    "strychnine": "RRRSSS",
}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_name_is_a_molecule_in_space_with_the_formula_and_the_bonds_beside_it(entry: names.Entry) -> None:
    # reading raises for ions, radicals, several fragments, and where no geometry is found
    molecule = read_molecule(entry.name, "name")
    assert (molecule.name, molecule.formula) == (entry.name, entry.formula)
    # atoms that are bound are near one another in the geometry, and no others are (F2 has a long bond)
    near = bonds.connections(molecule.numbers, molecule.positions, tolerance=0.45 if entry.name == "fluorine" else 0.3)
    assert near == [(first, second) for first, second, _ in molecule.bonds]


def test_there_are_hundreds_of_different_molecules() -> None:
    assert len(ENTRIES) >= 350
    assert len({canonical(entry.smiles) for entry in ENTRIES}) == len(ENTRIES)


def test_no_two_molecules_share_a_name_or_synonym() -> None:
    keys = [names.key(name) for entry in ENTRIES for name in (entry.name, *entry.synonyms)]
    keys += [names.key(name) for name in names.OUTSIDE_NAMES]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_no_name_is_at_the_same_time_a_smiles() -> None:
    every = [name for entry in ENTRIES for name in (entry.name, *entry.synonyms)] + list(names.OUTSIDE_NAMES)
    with rdBase.BlockLogs():
        clashes = [
            name
            for name in every
            for spelling in (name, name.upper(), name.lower(), names.key(name), names.key(name).upper())
            if Chem.MolFromSmiles(spelling, sanitize=False) is not None
        ]
    assert clashes == []


@pytest.mark.parametrize(("name", "descriptors"), DESCRIPTORS.items())
def test_natural_products_have_the_handedness_of_their_iupac_names(name: str, descriptors: str) -> None:
    mol = Chem.MolFromSmiles(names.lookup(name))
    rdCIPLabeler.AssignCIPLabels(mol)
    labels = [atom.GetProp("_CIPCode") for atom in mol.GetAtoms() if atom.HasProp("_CIPCode")]
    assert "".join(sorted(label for label in labels if label in "RS")) == descriptors


def test_the_twenty_amino_acids_and_the_nucleobases_are_there() -> None:
    wanted = (
        "glycine, alanine, valine, leucine, isoleucine, proline, serine, threonine, cysteine, methionine, tyrosine, "
        "phenylalanine, tryptophan, asparagine, glutamine, histidine, lysine, arginine, aspartic acid, glutamic acid, "
        "adenine, guanine, cytosine, thymine, uracil"
    )
    assert [name for name in wanted.split(", ") if names.lookup(name) is None] == []


@pytest.mark.parametrize(
    "spelling", ["vitamin C", "Vitamin c", "vitamin-C", "VITAMINC", " vitamin  c ", "ascorbic acid", "L-Ascorbic-Acid"]
)
def test_a_name_is_found_whatever_its_case_spaces_and_hyphens(spelling: str) -> None:
    assert names.lookup(spelling) == names.lookup("vitamin C") is not None


def test_greek_letters_may_be_written_out_or_not() -> None:
    assert names.lookup("α-pinene") == names.lookup("alpha-pinene") is not None


def test_an_unknown_name_is_none() -> None:
    assert names.lookup("no such molecule") is None


def test_completion_gives_the_shortest_names_that_begin_so_first() -> None:
    assert [name for name, _, _ in names.complete("Caf", 8)][:2] == ["caffeine", "caffeic acid"]
    assert names.complete("ethan", 2) == [("ethane", "CC", "C2H6"), ("ethanol", "CCO", "C2H6O")]


def test_completion_finds_synonyms_and_lists_a_molecule_once() -> None:
    assert names.complete("acetaminoph", 8) == [("acetaminophen", "CC(=O)Nc1ccc(O)cc1", "C8H9NO2")]
    listed = [smiles for _, smiles, _ in names.complete("a", 1000)]
    assert len(set(listed)) == len(listed)


def test_completion_keeps_to_its_limit() -> None:
    assert len(names.complete("", 5)) == 5
    assert names.complete("caf", 0) == []
    assert names.complete("zzzz", 5) == []


def test_names_that_are_nearly_right_are_suggested() -> None:
    assert names.near("cafeine")[0] == "caffeine"
    assert names.near("qqqqqqqq") == []


def test_a_sum_formula_suggests_the_molecules_that_have_it() -> None:
    assert "chloroform" in names.of_formula("CHCl3")
    assert "glucose" in names.of_formula("C6H12O6")
    assert names.of_formula("H3CCl3") == names.of_formula("caffeine") == []
    with pytest.raises(MalformedInput) as caught:
        read_molecule("C2H6O")
    assert "ethanol" in caught.value.hint
    assert read_molecule("H₂O").name == "water"


def test_a_stereoisomer_has_the_name_of_the_molecule_that_is_listed_without() -> None:
    assert names.name_of(canonical("CC(C)Cc1ccc(cc1)[C@H](C)C(=O)O")) == "ibuprofen"
    assert names.name_of("CCCCCCCCCCCCCCC") == ""


@pytest.mark.parametrize("name", names.OUTSIDE_NAMES)
def test_well_known_species_outside_are_known_and_say_why(name: str) -> None:
    organic = [1, 6, 7, 8, 9, 15, 16, 17, 35]
    mol = parse(names.outside(name) or "")
    unknown = {atom.GetAtomicNum() for atom in mol.GetAtoms()} - set(organic)
    # nothing else is wrong with these
    simple = {"SiH4", "boron trifluoride", "Bortrifluorid", "BF3"}
    if name in {"tetramethylsilane", "Tetramethylsilan", "silane", "mercury", "Quecksilber"} | simple:
        assert unknown <= set(read_molecule(name, known=[organic]).numbers.tolist())
        return
    with pytest.raises(UnsupportedMolecule) as refused:
        read_molecule(name, known=[[1, 6, 7, 8, 9], organic])
    if unknown:
        listed = ", ".join(SYMBOLS[z] for z in sorted(unknown))
        assert refused.value.message.startswith(f"No network of molecules here knows {listed}; they know H,")
        assert (refused.value.code, refused.value.field) == ("unknown_element", "text")
    else:
        assert refused.value.code in ("open_shell", "charged", "several_fragments")


def test_errors_of_this_package_are_input_errors() -> None:
    assert issubclass(MalformedInput, InputError)
    assert issubclass(UnsupportedMolecule, InputError)


@pytest.mark.parametrize(
    ("german", "name"),
    [
        ("Wasser", "water"),
        ("essigsäure", "acetic acid"),
        ("Benzol", "benzene"),
        ("Koffein", "caffeine"),
        ("Harnstoff", "urea"),
    ],
)
def test_german_names_are_found_and_completed(german: str, name: str) -> None:
    entry = names.find(german)
    assert entry is not None
    assert entry.name == name
    assert (german.casefold(), entry.smiles) in [
        (found.casefold(), smiles) for found, smiles, _ in names.complete(german, 5)
    ]


def test_every_german_name_is_of_a_molecule_of_the_table() -> None:
    text = files("atomlens.chem").joinpath("names_de.tsv").read_text("utf-8")
    listed = [line.split("\t")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(listed) > 200
    assert sorted(set(listed) - {entry.name for entry in ENTRIES}) == []
