"""Reference values of quantum chemistry for the page's examples."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.bonds import perceive
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.explain.reference_values import references
from atomlens.training.minima import MOLECULES
from atomlens.units import HARTREE_EV

ROOT = Path(__file__).parents[2]
#: Electronic energies (Ha) as the set's own documentation gives them, and dipole moments (D) of QM9.
KNOWN = {"methane": (-40.523679, 0.0), "water": (-76.4260771, 1.8511), "ammonia": (-56.5602457, 1.6256)}


def known(name: str):
    return references(read_molecule(name, "auto", max_atoms=100))


@pytest.mark.parametrize("name", KNOWN)
def test_values_are_those_of_the_set(name):
    [found] = known(name)
    energy, dipole = KNOWN[name]
    assert found["energy"] == pytest.approx(energy * HARTREE_EV, abs=1e-5)
    assert found["dipole"] == pytest.approx(dipole, abs=1e-4)
    assert (found["set"], found["level"], found["licence"]) == ("QM9", "B3LYP/6-31G(2df,p)", "CC0")


def test_values_of_the_openff_set_are_those_of_the_lowest_conformer(shared_data):
    [found] = known("paracetamol")
    assert (found["set"], found["training_set"], found["dipole"], found["part"]) == ("OpenFF", "organic", None, "train")
    with np.load(shared_data / "openff_industry_b3lypd3bj_dzvp.npz") as file:
        mine = np.flatnonzero(file["record_id"] == int(found["identifier"].removeprefix("record ")))
        alike = np.flatnonzero(file["molecule_index"] == file["molecule_index"][mine[0]])
        assert found["energy"] == pytest.approx(file["energy_hartree"][mine[0]] * HARTREE_EV, abs=1e-5)
        assert file["energy_kcal"][mine[0]] == file["energy_kcal"][alike].min()


def test_every_example_of_the_page_was_looked_for():
    examples = {entry["name"] for entry in json.loads((ROOT / "frontend/examples/molecules.json").read_text())}
    assert examples
    assert examples <= set(MOLECULES)


def test_the_examples_of_the_page_lie_where_the_set_has_them():
    examples = [entry["name"] for entry in json.loads((ROOT / "frontend/examples/molecules.json").read_text())]
    beside = {name: references(read_molecule(name, "example", max_atoms=100)) for name in examples}
    in_the_set = {name: found[0] for name, found in beside.items() if found}
    assert len(in_the_set) >= 8
    assert [name for name, found in in_the_set.items() if not found["same_geometry"]] == []


def test_a_molecule_at_the_reference_geometry_is_told_from_one_elsewhere():
    [found] = known("acetamide")
    assert not found["same_geometry"], "a force field's geometry is another one"
    at = Molecule.from_dict(found["molecule"])
    assert references(at)[0]["same_geometry"]
    assert not references(replace(at, positions=at.positions + np.eye(9, 3) * 1e-3))[0]["same_geometry"]
    assert at.geometry.source == "QM9"


@pytest.mark.parametrize("name", ["benzene", "furan", "imidazole", "urea"])
def test_the_geometry_is_one_of_that_constitution(name):
    [found] = known(name)
    at = Molecule.from_dict(found["molecule"])
    assert perceive(at.numbers, at.positions).smiles == at.smiles == read_molecule(name, "auto", max_atoms=100).smiles


def test_what_is_not_in_the_file_has_none():
    assert known("caffeine") == []
