"""Text as it comes out of pages and documents: characters that only look like those of a keyboard are read as these."""

from __future__ import annotations

import pytest

from atomlens.chem.read import read_molecule
from atomlens.chem.records import split_records
from atomlens.chem.text import plain, quoted


@pytest.mark.parametrize(
    "pasted",
    [
        "CCO\u200b",
        "\u200bC\u2060CO",
        "\u201cCCO\u201d",
        "'CCO'",
        "\uff23\uff23\uff2f",
        "\u00a0CCO\u00a0",
        "C\u2212C\u2010O",
        "\ufeffCCO",
    ],
)
def test_a_line_is_read_as_a_keyboard_writes_it(pasted):
    assert read_molecule(pasted).formula == "C2H6O"


def test_a_name_is_read_as_a_keyboard_writes_it():
    assert read_molecule("acetic\u00a0acid").name == "acetic acid"


def test_coordinates_have_minus_signs_and_spaces_of_any_kind():
    water = "3\n\nO\u00a00 0 0.117\nH 0 0.757\u2003\u22120.469\nH 0 \u22120.757 \u22120.469\n"
    assert read_molecule(water, "xyz").positions[2].tolist() == [0.0, -0.757, -0.469]


def test_quotation_marks_of_a_table_stay():
    assert [record.name for record in split_records('SMILES,name\nCCO,"alcohol, of grain"\nC,methane\n')] == [
        "alcohol, of grain",
        "methane",
    ]


def test_what_a_keyboard_writes_is_left_alone():
    assert plain("C/C=C\\C\tname") == "C/C=C\\C\tname"


def test_messages_show_what_people_see():
    assert quoted("F/C=C\\F") == "'F/C=C\\F'"
    assert quoted("a\u200bb") == "'a[U+200B]b'"
