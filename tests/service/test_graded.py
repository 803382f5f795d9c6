"""What a prediction is kept for has all that its grade depends on, so that nobody gets the grade of who asked first."""

from dataclasses import replace

from atomlens.chem.molecule import EDITED, MOVED, Geometry
from atomlens.chem.smiles import read_smiles
from atomlens.service.predictions import _graded


def test_the_same_positions_from_elsewhere_or_with_other_bonds_are_another_question():
    typed = read_smiles("CCO", 100)
    filed = replace(typed, geometry=Geometry("file", "XYZ"))
    moved = replace(typed, geometry=Geometry(MOVED))
    assert typed.structure_hash == filed.structure_hash == moved.structure_hash
    assert _graded(filed) != _graded(typed)
    assert _graded(moved) == _graded(typed), "neither is known to be a minimum"
    assert _graded(replace(typed, bonds=typed.bonds[1:])) != _graded(typed)
    assert _graded(replace(typed, name="spirit of wine")) == _graded(typed)


def test_geometries_of_sets_of_quantum_chemistry_are_at_rest():
    for geometry in (
        Geometry("file", "XYZ"),
        Geometry("quantum chemistry", "B3LYP/6-31G(2df,p)"),
        Geometry("QM9", "gdb_19"),
    ):
        assert geometry.at_rest
    for geometry in (
        Geometry("file", "SDF"),
        Geometry("quantum chemistry", "GFN2-xTB"),
        Geometry("frame of a file"),
        Geometry(EDITED),
    ):
        assert not geometry.at_rest
