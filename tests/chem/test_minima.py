"""Bundled minima of quantum chemistry: what an example gets, and a plain name never."""

import json
from importlib.resources import files

import numpy as np
import pytest

from atomlens.chem import minima, names
from atomlens.chem.read import read_molecule
from atomlens.errors import MalformedInput, TooLarge

NAMES = [entry["name"] for entry in json.loads((files("atomlens.chem") / "minima.json").read_text("utf-8"))]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_gets_the_minimum_of_its_own_constitution(name):
    found = read_molecule(name, "example")
    assert found.geometry.source == "quantum chemistry"
    assert found.geometry.method.startswith("B3LYP")
    assert found.geometry.method in found.geometry.note
    assert found.name == name
    written = read_molecule(name, "name")
    assert (found.smiles, found.formula) == (written.smiles, written.formula)
    assert written.id == read_molecule(names.lookup(name), "smiles").id
    assert written.geometry.source == "force field"
    # bond lengths of both levels agree as far as a force field does
    lengths = {
        molecule.geometry.source: sorted(
            np.linalg.norm(molecule.positions[i] - molecule.positions[j]) for i, j, _ in molecule.bonds
        )
        for molecule in (found, written)
    }
    assert lengths["quantum chemistry"] == pytest.approx(lengths["force field"], abs=0.06)


def test_synonyms_get_it_too_and_other_names_a_force_field():
    assert read_molecule("acetaminophen", "example").id == read_molecule("paracetamol", "example").id
    assert minima.find("caffeine") is None
    assert read_molecule("caffeine", "example").id == read_molecule("caffeine", "name").id


def test_an_unknown_example_is_an_unknown_name():
    with pytest.raises(MalformedInput, match="not in the list"):
        read_molecule("xylophone oil", "example")


def test_the_limit_of_atoms_holds():
    with pytest.raises(TooLarge):
        read_molecule("benzene", "example", max_atoms=5)
