"""Which of several models of one property and family is shown for a molecule, and why."""

import pytest

from atomlens.explain.choice import choose
from atomlens.explain.relaxation import chosen_for_relaxing
from atomlens.networks.card import Card

WATER, SULFUR = [8, 1, 1], [16, 1, 1]


def card(name, family="schnet", quantity="energy", elements=("H", "O"), mae=1.0, unit="kcal/mol", **test):
    found = None if mae is None else {"mae": mae, "unit": unit, "n": 10, **test}
    return Card({"name": name, "family": family, "property": quantity, "elements": list(elements), "test": found})


def answer(name, grade, expected=0.1):
    return {"model": name, "molecule_trust": None if grade is None else {"grade": grade, "expected_error": expected}}


@pytest.mark.parametrize(
    ("grades", "errors", "expected", "reason"),
    [
        (("inside", "inside"), (0.3, 2.0), "qm9", "accurate"),
        (("inside", "inside"), (2.0, 0.3), "organic", "accurate"),
        (("unusual", "inside"), (0.3, 2.0), "organic", "closer"),
        (("unusual", "outside"), (2.0, 0.3), "qm9", "closer"),
        (("outside", None), (0.3, 2.0), "qm9", "accurate"),
        (("unusual", None), (2.0, 0.3), "qm9", "closer"),
        (("inside", "inside"), (None, 2.0), "organic", "accurate"),
    ],
)
def test_closeness_counts_before_the_error_on_test_molecules(grades, errors, expected, reason):
    cards = [card(name, mae=mae) for name, mae in zip(("qm9", "organic"), errors, strict=True)]
    found = choose([answer(n, g) for n, g in zip(("qm9", "organic"), grades, strict=True)], cards, WATER)
    (one,) = found
    assert (one["model"], one["reason"], one["unknown"]) == (expected, reason, [])
    assert one["others"] == [name for name in ("qm9", "organic") if name != expected]


@pytest.mark.parametrize(
    ("grades", "expected"),
    [(("outside", "outside"), "organic"), (("inside", "inside"), "qm9"), ((None, None), "qm9")],
)
def test_outside_all_training_data_those_are_chosen_that_know_more_than_geometries_at_rest(grades, expected):
    cards = [card("qm9", mae=0.3), card("organic", mae=2.0, displaced={"force": 3.0})]
    (one,) = choose([answer(n, g) for n, g in zip(("qm9", "organic"), grades, strict=True)], cards, WATER)
    assert (one["model"], one["reason"]) == (expected, "accurate" if expected == "qm9" else "closer")


def test_errors_in_another_unit_are_not_compared():
    cards = [card("a", mae=1.0), card("b", mae=0.1, unit="eV")]
    (one,) = choose([answer("a", "inside"), answer("b", "inside")], cards, WATER)
    assert one["model"] == "a"


def test_of_models_that_lack_an_element_it_is_said_which():
    cards = [card("qm9"), card("organic", elements=("H", "O", "S"), mae=9.0), card("bp-s", "bp", elements=("H", "S"))]
    found = choose([answer("organic", None), answer("bp-s", None)], cards, SULFUR)
    assert [(one["model"], one["reason"], one["others"], one["unknown"]) for one in found] == [
        ("organic", "elements", ["qm9"], ["S"]),
        ("bp-s", "only", [], []),
    ]


def test_properties_and_families_are_chosen_apart():
    cards = [card("e"), card("d", quantity="dipole", unit="debye"), card("b", "bp")]
    found = choose([answer(one.name, "inside") for one in cards], cards, WATER)
    assert [(one["property"], one["family"], one["reason"]) for one in found] == [
        ("energy", "schnet", "only"),
        ("dipole", "schnet", "only"),
        ("energy", "bp", "only"),
    ]


def pair(training_set, bp, schnet, mae=(1.0, 1.0)):
    """Cards and answers of both families of a set, with these grades; None for a family that it lacks."""
    found = [
        (card(f"{training_set}-{family}-energy", family, mae=error), answer(f"{training_set}-{family}-energy", grade))
        for family, grade, error in zip(("bp", "schnet"), (bp, schnet), mae, strict=True)
        if grade is not None
    ]
    return [one for one, _ in found], [one for _, one in found]


def chosen(*pairs):
    cards, answers = ([one for part in parts for one in part] for parts in zip(*pairs, strict=True))
    found = {one["family"]: one for one in choose(answers, cards, WATER)}
    return [(found[family]["model"].split("-")[0], found[family]["reason"]) for family in ("bp", "schnet")]


@pytest.mark.parametrize(
    ("qm9", "organic", "expected", "reason"),
    [
        # one family unsure of the molecule takes the other with it
        (("unusual", "inside"), ("inside", "inside"), "organic", "closer"),
        (("unusual", "inside"), ("inside", "unusual"), "qm9", "accurate"),
        (("inside", "inside"), ("outside", "inside"), "qm9", "closer"),
        (("unusual", "unusual"), ("unusual", "unusual"), "qm9", "accurate"),
        # equal grades together, and one family of QM9's is lost
        (("outside", "inside"), ("unusual", "unusual"), "organic", "closer"),
    ],
)
def test_networks_that_stand_side_by_side_are_of_one_level_of_theory(qm9, organic, expected, reason):
    found = chosen(pair("qm9", *qm9, mae=(0.4, 0.3)), pair("organic", *organic, mae=(2.0, 1.4)))
    assert found == [(expected, reason)] * 2


def test_what_is_unusual_by_its_distance_alone_does_not_weigh_against_a_smaller_error():
    cards = [
        card("qm9", quantity="dipole", mae=0.02, unit="debye"),
        card("organic", quantity="dipole", mae=0.3, unit="debye"),
    ]
    [one] = choose([answer("qm9", "unusual", None), answer("organic", "inside", None)], cards, WATER)
    assert (one["model"], one["reason"]) == ("qm9", "accurate")
    [one] = choose([answer("qm9", "outside", None), answer("organic", "inside", None)], cards, WATER)
    assert (one["model"], one["reason"]) == ("organic", "closer")
    large = answer("qm9", "unusual", None)
    large["molecule_trust"]["reason"] = "large"
    [one] = choose([large, answer("organic", "inside", None)], cards, WATER)
    assert (one["model"], one["reason"]) == ("organic", "closer")


@pytest.mark.parametrize(
    ("qm9", "organic", "expected", "reason"),
    [
        ((0.0, 0.02), (0.0, 0.1), "qm9", "accurate"),
        # eV: more than the errors of the other set add up to
        ((0.0, 0.2), (0.0, 0.1), "organic", "agree"),
        ((0.2, 0.0), (0.0, 0.25), "qm9", "accurate"),
        # as many kcal/mol as the others are expected to err by
        ((0.0, 0.2), (None, None), "organic", "agree"),
    ],
)
def test_families_that_contradict_each_other_err_by_what_lies_between_them(qm9, organic, expected, reason):
    sets = [
        pair("qm9", "inside", "inside", mae=(0.4, 0.3)),
        pair("organic", "inside", "inside", mae=(2.0, 1.4)),
    ]
    for (_, answers), totals in zip(sets, (qm9, organic), strict=True):
        for one, total in zip(answers, totals, strict=True):
            one["total"] = total
    assert chosen(*sets) == [(expected, reason)] * 2


@pytest.mark.parametrize(("spread", "expected"), [(0.2, "qm9"), (0.9, "organic")])
def test_networks_that_disagree_about_what_is_unusual_err_by_as_much_at_least(spread, expected):
    cards = [
        card("qm9", quantity="dipole", mae=0.02, unit="debye"),
        card("organic", quantity="dipole", mae=0.3, unit="debye"),
    ]
    found = [answer("qm9", "unusual", None), answer("organic", "inside", None)]
    found[0]["uncertainty"] = spread
    found[1]["uncertainty"] = 5.0  # of what is like the test molecules, their error tells
    [one] = choose(found, cards, WATER)
    assert (one["model"], one["reason"]) == (expected, "accurate" if expected == "qm9" else "agree")
    found[0]["molecule_trust"]["reason"] = "spread"
    [one] = choose(found, cards, WATER)
    assert (one["model"], one["reason"]) == ("organic", "closer")


def test_a_set_that_lacks_a_family_is_chosen_only_where_all_do():
    half = pair("mine", None, "inside", mae=(0.0, 0.1))
    assert chosen(half, pair("qm9", "outside", "outside")) == [("qm9", "only"), ("qm9", "together")]
    assert chosen(half, pair("qm9", "outside", None)) == [("qm9", "only"), ("mine", "only")]
    apart = pair("qm9", "inside", None), pair("organic", "unusual", None)
    assert chosen(half, *apart) == [("qm9", "closer"), ("mine", "only")]


def test_a_model_that_knows_geometries_away_from_minima_relaxes():
    cards = [card("qm9", mae=0.3), card("organic", mae=2.0, displaced={"force_mae": 2.0}), card("other", mae=3.0)]
    assert chosen_for_relaxing(cards).name == "organic"
    assert chosen_for_relaxing([cards[0], cards[2]]).name == "qm9"


@pytest.mark.parametrize(("name", "expected"), [("qm9-schnet-energy", "qm9"), ("my-model", "my-model")])
def test_the_training_set_is_what_a_released_name_begins_with(name, expected):
    assert card(name).training_set == expected
