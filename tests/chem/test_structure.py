"""Structural formulas: what is written and drawn is the molecule, and all of it lies in the picture."""

import re

import pytest

from atomlens.chem.structure import draw_structure


@pytest.mark.parametrize(
    "smiles", ["CCO", "FC(Cl)Br", "C", "CP(C)C", "O=C(O)c1ccccc1OC(C)=O", "C" * 30, "C[N+](=O)[O-]"]
)
def test_it_lies_within_its_size(smiles):
    drawn = draw_structure(smiles)
    numbers = [float(x) for path in drawn["paths"] for x in re.findall(r"-?\d+(?:\.\d+)?", path["d"])]
    assert numbers
    assert min(numbers) >= 0
    assert max(numbers[::2]) <= drawn["size"][0]
    assert max(numbers[1::2]) <= drawn["size"][1]


def test_elements_have_their_own_paths_and_the_others_that_of_carbon():
    letters = {path["element"] for path in draw_structure("FC(Cl)CNCO")["paths"] if path["fill"]}
    assert letters == {"", "Cl", "N", "O"}


def test_without_bonds_nothing_is_drawn():
    assert draw_structure("")["paths"] == []
