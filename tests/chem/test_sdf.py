"""MOL and SDF: constitution and positions of the file; drawings get a geometry."""

from __future__ import annotations

import numpy as np
import pytest
from samples import ALANINE_DRAWING, METHANOL_MOL, METHANOL_V3000

from atomlens.chem.read import read_molecule


@pytest.mark.parametrize("text", [METHANOL_MOL, METHANOL_V3000], ids=["V2000", "V3000"])
@pytest.mark.parametrize("format", ["auto", "mol", "sdf"])
def test_positions_and_bonds_are_those_of_the_file(text: str, format: str) -> None:
    methanol = read_molecule(text, format)
    assert (methanol.formula, methanol.smiles, methanol.name) == ("CH4O", "CO", "methanol")
    assert methanol.positions[2].tolist() == [1.7405, 0.9049, 0.0]
    assert methanol.bonds == ((0, 1, 1.0), (0, 3, 1.0), (0, 4, 1.0), (0, 5, 1.0), (1, 2, 1.0))
    assert methanol.geometry.source == "file"
    assert methanol.warnings == ()


def test_both_versions_are_the_same_structure() -> None:
    assert read_molecule(METHANOL_MOL).structure_hash == read_molecule(METHANOL_V3000).structure_hash


def test_a_flat_drawing_gets_a_geometry_with_a_warning_and_keeps_its_wedges() -> None:
    right, left = read_molecule(ALANINE_DRAWING), read_molecule(ALANINE_DRAWING.replace("3  1  1\n", "3  1  6\n"))
    assert right.formula == left.formula == "C3H7NO2"
    assert right.geometry.source == "force field"
    assert any("flat drawing" in warning for warning in right.warnings)
    assert {right.smiles, left.smiles} == {"C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"}
    assert np.ptp(right.positions, axis=0).min() > 0.5


def test_hydrogens_missing_from_a_geometry_in_space_are_added_to_it() -> None:
    lines = METHANOL_MOL.splitlines()
    without = "\n".join([*lines[:3], lines[3].replace("  6  5", "  3  2"), *lines[4:7], *lines[10:12], "M  END"])
    molecule = read_molecule(without)
    assert molecule.formula == "CH4O"
    assert molecule.positions[:3].tolist() == read_molecule(METHANOL_MOL).positions[:3].tolist()
    assert any("3 hydrogens were added" in warning for warning in molecule.warnings)


def test_of_many_records_the_first_is_read_with_a_warning() -> None:
    text = METHANOL_MOL + "> <id>\n1\n\n$$$$\n" + ALANINE_DRAWING + "$$$$\n"
    molecule = read_molecule(text)
    assert molecule.formula == "CH4O"
    assert any("more than one molecule" in warning for warning in molecule.warnings)


def test_one_record_with_its_end_mark_needs_no_warning() -> None:
    assert read_molecule(METHANOL_MOL + "$$$$\n").warnings == ()


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n\n" + text.removeprefix("methanol\n").removeprefix("  by hand           3D\n"),
        lambda text: "\n" + text.split("\n", 1)[1],
    ],
    ids=["crlf", "header lost", "no title"],
)
def test_pasted_blocks_are_read(bend) -> None:
    assert read_molecule(bend(METHANOL_MOL)).smiles == "CO"


def test_a_block_whose_blank_title_was_lost_in_pasting_is_read() -> None:
    assert read_molecule(ALANINE_DRAWING.lstrip("\n")).formula == "C3H7NO2"


def test_the_title_names_a_molecule_that_has_no_common_name() -> None:
    text = ALANINE_DRAWING.replace("\n", "my sample\n", 1).replace(" N   0", " S   0")
    assert read_molecule(text).name == "my sample"


def test_aromatic_bonds_are_read() -> None:
    places = [(1.39, 0), (0.7, 1.2), (-0.7, 1.2), (-1.39, 0), (-0.7, -1.2), (0.7, -1.2)]
    ring = "".join(f"{x:10.4f}{y:10.4f}    0.0000 C   0  0\n" for x, y in places)
    bonds = "".join(
        f"{min(a, b):3d}{max(a, b):3d}  4  0\n" for a, b in zip(range(1, 7), [2, 3, 4, 5, 6, 1], strict=True)
    )
    text = f"\n  by hand           2D\n\n  6  6  0  0  0  0  0  0  0  0999 V2000\n{ring}{bonds}M  END\n"
    assert read_molecule(text).name == "benzene"
