"""The pictures of the page's examples are of the molecules that it explains (`python frontend/examples.py`)."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from atomlens.chem.read import read_molecule

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
spec = importlib.util.spec_from_file_location("examples_script", FRONTEND / "examples.py")
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
STORED = json.loads((FRONTEND / "examples" / "molecules.json").read_text("utf-8"))


def test_the_file_has_the_examples_of_the_script():
    assert [example["name"] for example in STORED] == list(script.MOLECULES)


def test_the_page_has_the_german_names_of_the_list():
    assert script.NAMES.read_text("utf-8") == script.german_names()


@pytest.mark.parametrize("example", STORED, ids=lambda example: example["name"])
def test_what_it_says_of_an_example_is_what_the_program_reads(example):
    molecule = read_molecule(example["name"], "example")
    assert (example["formula"], example["source"]) == (molecule.formula, molecule.geometry.source)
    letters = {path["element"] for path in example["paths"] if path["fill"]}
    assert letters == set(molecule.symbols) - {"C", "H"}, "every element but carbon and hydrogen is written"
    width, height = example["size"]
    numbers = [float(x) for path in example["paths"] for x in re.findall(r"-?\d+(?:\.\d+)?", path["d"])]
    assert min(numbers) >= 0
    assert max(numbers[::2]) <= width
    assert max(numbers[1::2]) <= height
