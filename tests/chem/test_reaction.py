"""Equations: read, balanced, and which atom becomes which."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atomlens.chem.equation import Term, agents_of, balance, parse_equation
from atomlens.chem.reaction import read_reaction
from atomlens.chem.smiles import read_smiles
from atomlens.errors import AtomlensError, MalformedInput, UnsupportedMolecule


def read(equation: str, **more):
    return read_reaction(*parse_equation(equation), 100, **more)


@pytest.mark.parametrize(
    "equation",
    [
        "2 H2 + O2 -> 2 H2O",
        "2H2+ O2 → 2 * H2O",
        " 2 H2 + O2 = 2H2O ",
        "2·H2 + O2 ⇌ 2 H2O",
        "2 H2 + O2 --> 2 H2O",
        "2 H2 + O2 => 2 H2O",
        "2 H2+O2 -> 2 H2O",
        "2H2+O2->2H2O",
        "2\u00a0H2 + O2\u200b \u2212> 2 H2O",
    ],
)
def test_an_equation_is_read_however_it_is_written(equation):
    assert parse_equation(equation) == ([Term(2, "H2"), Term(1, "O2")], [Term(2, "H2O")])


def test_molecules_of_several_lines_stand_by_name_or_formula_in_the_equation():
    water = "3\nwater\nO 0 0 0.119\nH 0 0.763 -0.477\nH 0 -0.763 -0.477\n"
    found = read_reaction([Term(2, water)], [Term(1, water.replace("water", "")), Term(1, "O")], 100)
    assert found.equation == "2 water -> water + O"
    with pytest.raises(AtomlensError) as caught:
        read_reaction([Term(1, water.replace("O 0", "Q 0"))], [Term(1, "O")], 100)
    assert caught.value.message.startswith("3: ")
    assert "\n" not in caught.value.message


def test_plus_signs_without_blanks_part_molecules_outside_of_brackets():
    assert parse_equation("C[N+](=O)[O-]+CC->(+)-limonene+[HH]") == (
        [Term(1, "C[N+](=O)[O-]"), Term(1, "CC")],
        [Term(1, "(+)-limonene"), Term(1, "[HH]")],
    )
    # charges keep their sign
    assert parse_equation("H+ + OH- -> H2O")[0] == [Term(1, "H+"), Term(1, "OH-")]


def test_names_and_smiles_with_digits_and_signs_keep_them():
    left, right = parse_equation("2-butanol + 2 1,3-butadiene -> C[N+](=O)[O-] + C=C")
    assert left == [Term(1, "2-butanol"), Term(2, "1,3-butadiene")]
    assert right == [Term(1, "C[N+](=O)[O-]"), Term(1, "C=C")]
    assert parse_equation("C=C.[HH]>>CC") == ([Term(1, "C=C"), Term(1, "[HH]")], [Term(1, "CC")])


def test_agents_of_a_reaction_smiles_are_left_out():
    left, right = parse_equation("CC(=O)O.OCC>[H+].[Cl-]>CC(=O)OCC.O")
    assert ([one.text for one in left], [one.text for one in right]) == (["CC(=O)O", "OCC"], ["CC(=O)OCC", "O"])
    assert agents_of("CC(=O)O.OCC>[H+].[Cl-]>CC(=O)OCC.O") == ["[H+]", "[Cl-]"]
    assert agents_of("C=C.[HH]>>CC") == agents_of("C=C + [HH] -> CC") == agents_of("a->b->c") == []


@pytest.mark.parametrize("equation", ["H2 + O2", "a -> b -> c", "-> H2O", "H2 + + O2 -> H2O", "0 H2 -> H2", "H2 ->"])
def test_what_is_no_equation_is_said(equation):
    with pytest.raises(MalformedInput) as wrong:
        read(equation)
    assert wrong.value.code == "bad_equation"


def test_an_arrow_that_is_missing_is_asked_for():
    with pytest.raises(MalformedInput, match=r"An arrow \(->, → or =>\) is needed.*'CCO=CCO' has none"):
        parse_equation("CCO=CCO")


@pytest.mark.parametrize("fraction", ["2.5", "1/2", "0.5", "½", "1½", "2,5"])
def test_fractions_are_told_to_become_whole(fraction):
    with pytest.raises(MalformedInput, match=f"The coefficient of CCO is {fraction}: coefficients are whole") as wrong:
        parse_equation(f"{fraction} CCO -> C")
    assert "Multiply the whole equation" in (wrong.value.hint or "")
    assert parse_equation("2,5-dimethylfuran -> C")[0] == [Term(1, "2,5-dimethylfuran")]


def test_what_is_off_is_said_element_by_element_and_mended():
    found = read("methane + O2 -> CO2 + H2O")
    assert found.balance.differences == (("H", 4, 2), ("O", 2, 3))
    assert found.balance.sentence == (
        "The equation is not balanced: 2 H more on the left (4 against 2), 1 O more on the right (2 against 3)."
    )
    assert found.balanced_equation == "methane + 2 O2 -> CO2 + 2 H2O"
    assert found.matches == ()
    mended = read("methane + O2 -> CO2 + H2O", balanced=True)
    assert mended.equation == "methane + 2 O2 -> CO2 + 2 H2O"
    assert mended.balance.balanced


def test_where_nothing_balances_nothing_is_offered():
    assert read("methane -> water").balance.suggestion is None


compositions = st.lists(st.lists(st.sampled_from([1, 6, 8]), min_size=1, max_size=6), min_size=1, max_size=2)


@given(compositions, compositions, st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_coefficients_that_are_offered_balance(left, right, factor):
    found = balance(left, right, [factor] * (len(left) + len(right)))
    if found.suggestion is None:
        return
    sides = [Counter(), Counter()]
    for place, (numbers, n) in enumerate(zip([*left, *right], found.suggestion, strict=True)):
        assert n >= 1
        for z in numbers:
            sides[place >= len(left)][z] += n
    assert sides[0] == sides[1]


EQUATIONS = [
    "C=C + [HH] -> CC",
    "2 H2 + O2 -> 2 H2O",
    "CC(=O)O + CCO -> CC(=O)OCC + O",
    "C=CC=C + C=C -> C1CCC=CC1",
    "2 1,3-butadiene -> C=CC1CCC=CC1",
    "C#N -> [C-]#[NH+]",
]


@pytest.mark.parametrize("equation", EQUATIONS)
def test_every_atom_becomes_one_of_its_element(equation):
    found = read(equation)
    places = [
        {(s, copy, atom) for s, one in side for copy in range(one.coefficient) for atom in range(len(one.molecule))}
        for side in (
            list(enumerate(found.reactants)),
            list(enumerate(found.products, start=len(found.reactants))),
        )
    ]
    assert {a for a, _ in found.matches} == places[0]
    assert {b for _, b in found.matches} == places[1]
    assert len(found.matches) == len(places[0])
    for (s, _, atom), (t, _, other) in found.matches:
        assert found.species[s].molecule.numbers[atom] == found.species[t].molecule.numbers[other]


def bonds(side, begin):
    return {
        frozenset(((begin + s, copy, a), (begin + s, copy, b))): order
        for s, one in enumerate(side)
        for copy in range(one.coefficient)
        for a, b, order in one.molecule.bonds
    }


@pytest.mark.parametrize(
    ("equation", "broken", "made"),
    [
        ("C=C + [HH] -> CC", 1, 2),
        ("C=CC=C + C=C -> C1CCC=CC1", 0, 2),
        ("CC(=O)O + CCO -> CC(=O)OCC + O", 2, 2),
        ("CC(C)O -> C=CC + O", 2, 1),
        ("CO -> CO", 0, 0),
    ],
)
def test_the_map_breaks_and_makes_as_few_bonds_as_there_have_to_be(equation, broken, made):
    found = read(equation)
    to = dict(found.matches)
    before = {frozenset(to[atom] for atom in pair) for pair in bonds(found.reactants, 0)}
    after = set(bonds(found.products, len(found.reactants)))
    assert (len(before - after), len(after - before)) == (broken, made)


def test_an_open_shell_molecule_takes_part_and_says_so():
    found = read("2 H2 + O2 -> 2 H2O")
    oxygen = found.species[1]
    assert "triplet" in oxygen.open_shell
    assert oxygen.molecule.warnings[-1] == oxygen.open_shell
    assert [one.open_shell for one in (found.species[0], found.species[2])] == ["", ""]


def test_an_error_names_the_molecule():
    with pytest.raises(AtomlensError, match=r"^C\(\(: The SMILES|^C\(\(: 'C") as wrong:
        read("C(( + O -> CO")
    assert wrong.value.field == "equation"
    with pytest.raises(UnsupportedMolecule, match="total charge"):
        read("[NH4+] -> N")


def test_a_geometry_is_that_of_the_molecule_alone():
    assert read("C=C + [HH] -> CC").species[0].molecule.positions.tolist() == read_smiles("C=C", 9).positions.tolist()


@pytest.mark.parametrize("number", ["-1", "0", "100", "1e2", "9" * 50])
def test_a_coefficient_that_is_no_small_number_is_said_to_be_so(number):
    with pytest.raises(MalformedInput, match=r"The coefficient of CO is .* it has to be 1 to 99") as wrong:
        parse_equation(f"{number} CO -> C")
    assert wrong.value.code == "bad_equation"
