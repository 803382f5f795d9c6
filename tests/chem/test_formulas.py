"""Formulas as a class writes them."""

import pytest

from atomlens.chem.formulas import counts, is_sum, structures
from atomlens.chem.read import read_molecule
from atomlens.chem.smiles import canonical
from atomlens.errors import MalformedInput


@pytest.mark.parametrize(
    ("formula", "smiles"),
    [
        ("CH3CHO", "CC=O"),
        ("CH3COCH3", "CC(C)=O"),
        ("(CH3)2CO", "CC(C)=O"),
        ("CH3CH(OH)CH3", "CC(C)O"),
        ("CH3CHOHCH3", "CC(C)O"),
        ("CH3(CH2)4CH3", "CCCCCC"),
        ("(CH3)3COH", "CC(C)(C)O"),
        ("C(CH3)4", "CC(C)(C)C"),
        ("HOCH2CH(OH)CH2OH", "OCC(O)CO"),
        ("HOOC(CH2)4COOH", "O=C(O)CCCCC(=O)O"),
        ("CH3COOCH3", "CC(=O)OC"),
        ("CH3CONH2", "CC(N)=O"),
        ("CO(NH2)2", "NC(N)=O"),
        ("CH2CHCHCH2", "C=CC=C"),
        ("CH3CH=CHCH3", "CC=CC"),
        ("HC≡CH", "C#C"),
        ("CH3CN", "CC#N"),
        ("CH3NCO", "CN=C=O"),
        ("CH2CO", "C=C=O"),
        ("CH3NO2", "C[N+](=O)[O-]"),
        ("C6H5OH", "Oc1ccccc1"),
        ("C6H5NO2", "O=[N+]([O-])c1ccccc1"),
        ("C2H5OC2H5", "CCOCC"),
        ("CF3COOH", "O=C(O)C(F)(F)F"),
        ("CH3COCl", "CC(=O)Cl"),
        ("CH3SOCH3", "CS(C)=O"),
        ("CH3SO2CH3", "CS(C)(=O)=O"),
        ("CH3SO3H", "CS(=O)(=O)O"),
        ("CH3PO3H2", "CP(=O)(O)O"),
    ],
)
def test_condensed_formulas_have_one_structure(formula, smiles):
    assert {canonical(found) for found in structures(formula)} == {canonical(smiles)}


@pytest.mark.parametrize(
    "text", ["C4H10", "CH3", "CH5", "H2SO4", "NH4Cl", "caffeine", "(CH3", "CH3)", "()CH3", "C6H5", ""]
)
def test_what_leaves_a_valence_open_or_says_no_structure_gives_none(text):
    assert structures(text) == []


def test_long_formulas_end():
    assert structures("C(CO)" * 12) == [] or len(structures("C(CO)" * 12)) > 1
    assert structures("CH3(CH2)999CH3") == []


def test_sums_have_each_element_once():
    assert is_sum("C2H6O")
    assert not is_sum("CH3OCH3")
    assert not is_sum("ethanol")
    assert counts("CH3OCH3") == counts("C2H6O")


@pytest.mark.parametrize(
    ("text", "smiles", "name"),
    [
        ("CCl4", "ClC(Cl)(Cl)Cl", "carbon tetrachloride"),
        ("CH3CHO", "CC=O", "acetaldehyde"),
        ("C8H10N4O2", None, "caffeine"),
    ],
)
def test_a_formula_is_read_and_it_is_said(text, smiles, name):
    molecule = read_molecule(text)
    assert molecule.name == name
    assert smiles is None or molecule.smiles == canonical(smiles)
    assert molecule.warnings[-1] == f"{text} was read as a formula: {name}."


def test_a_sum_of_several_molecules_names_them():
    with pytest.raises(MalformedInput) as refused:
        read_molecule("C2H6O")
    assert "ethanol, dimethyl ether" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("COS", "COS was read as SMILES: CH4OS; carbonyl sulfide is O=C=S."),
        ("NOCl", "NOCl was read as SMILES: ClH2NO; nitrosyl chloride is O=NCl."),
    ],
)
def test_a_smiles_that_is_a_formula_too_has_a_note(text, said):
    assert read_molecule(text).warnings[-1] == said


@pytest.mark.parametrize("text", ["CCO", "CC", "OO", "ClF", "CCl"])
def test_other_smiles_have_none(text):
    assert not any("was read as" in warning for warning in read_molecule(text).warnings)
