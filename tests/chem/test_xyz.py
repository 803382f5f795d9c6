"""XYZ and extXYZ: positions to the last bit, bonds perceived, dialects understood."""

from __future__ import annotations

import numpy as np
import pytest
from samples import WATER_EXTXYZ, WATER_XYZ, xyz_of

from atomlens.chem import bonds
from atomlens.chem.connections import fragments
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.errors import MalformedInput, UnsupportedMolecule


def test_positions_are_kept_exactly_and_where_they_are() -> None:
    text = "2\n\nF 10.123456789012345 -3.3e-7 5\nH 11.04 -3.3e-7 5\n"
    molecule = read_molecule(text)
    assert molecule.positions.tolist() == [[10.123456789012345, -3.3e-7, 5.0], [11.04, -3.3e-7, 5.0]]
    assert (molecule.geometry.source, molecule.geometry.method) == ("file", "XYZ")
    assert molecule.warnings == ()


@pytest.mark.parametrize("format", ["auto", "xyz", "extxyz"])
@pytest.mark.parametrize("text", [WATER_XYZ, WATER_EXTXYZ], ids=["plain", "extended"])
def test_water_is_water_in_both_dialects(text: str, format: str) -> None:
    water = read_molecule(text, format)
    assert (water.formula, water.smiles, water.name) == ("H2O", "O", "water")
    assert water.bonds == ((0, 1, 1.0), (0, 2, 1.0))


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n  \n",
        lambda text: "\n" + text,
        lambda text: text.replace(" ", "\t"),
        lambda text: text.replace("O ", "8 ").replace("H ", "1 "),
        lambda text: text.replace("O ", "o ").replace("H ", "h "),
        lambda text: text.replace("0.757", "7.57D-1").replace("0.469", "4.69d-01"),
        lambda text: text.replace("0.757", "7.57*^-1"),
        lambda text: text.replace("0.117", "0.117 -0.8").replace("-0.469", "-0.469 0.4"),
    ],
    ids=["crlf", "cr", "bom", "trailing", "leading", "tabs", "numbers", "lowercase", "fortran", "qm9", "columns"],
)
def test_dialects_are_read_as_the_same_molecule(bend) -> None:
    assert read_molecule(bend(WATER_XYZ)).structure_hash == read_molecule(WATER_XYZ).structure_hash


def test_deuterium_is_hydrogen_with_a_warning() -> None:
    heavy = read_molecule(WATER_XYZ.replace("H ", "D "))
    assert heavy.formula == "H2O"
    assert any("Isotopes" in warning for warning in heavy.warnings)


def test_of_many_frames_the_first_is_read_with_a_warning() -> None:
    molecule = read_molecule(WATER_XYZ + WATER_XYZ.replace("0.117", "0.2"))
    assert molecule.positions[0, 2] == 0.117
    assert any("more than one frame" in warning for warning in molecule.warnings)


def test_columns_are_found_by_properties() -> None:
    text = "2\nProperties=pos:R:3:tag:I:1:Z:I:1\n0 0 0 7 9\n0 0 0.92 8 1\n"
    assert read_molecule(text).formula == "FH"


def test_a_box_without_periodicity_is_left_out_with_a_warning() -> None:
    text = WATER_EXTXYZ.replace("Properties", 'Lattice="20 0 0 0 20 0 0 0 20" Properties')
    assert any("cell" in warning for warning in read_molecule(text).warnings)


def test_a_file_of_qm9_is_read() -> None:
    # the layout of Ramakrishnan et al. (2014): charges in the fifth column, then frequencies, SMILES, InChI
    text = (
        "3\ngdb 3\t799.58 437.9\nO\t0.0\t0.0\t1.17*^-1\t-0.58\nH\t0.0\t0.757\t-0.469\t0.29\n"
        "H\t0.0\t-0.757\t-0.469\t0.29\n1671.4\t3803.6\nO\tO\nInChI=1S/H2O/h1H2\tInChI=1S/H2O/h1H2\n"
    )
    assert read_molecule(text).structure_hash == read_molecule(WATER_XYZ).structure_hash


@pytest.mark.parametrize(
    "name",
    [
        "caffeine", "aspirin", "benzene", "cubane", "propellane", "nitrobenzene", "m-dinitrobenzene", "picric acid",
        "glycine zwitterion", "dimethyl sulfoxide", "sulfuric acid", "carbon disulfide", "ozone", "diazomethane",
        "methyl isocyanide", "carbon monoxide", "azulene", "pentacene", "porphine", "guanine", "glucose", "DDT",
        "hydrogen", "nitrogen", "allene", "camphor", "fulminic acid", "glutathione",
    ],
)  # fmt: skip
def test_bonds_perceived_from_a_geometry_are_those_of_the_constitution(name: str) -> None:
    drawn = read_molecule(name)
    seen = read_molecule(xyz_of(drawn))
    assert seen.name == drawn.name
    assert np.array_equal(seen.positions, drawn.positions)
    assert {bond[:2] for bond in seen.bonds} == {bond[:2] for bond in drawn.bonds}


def test_where_orders_cannot_be_found_the_connections_remain_with_a_warning() -> None:
    # diborane, whose bridging hydrogens have two bonds each (B-H 1.33 Å)
    sites = ["B 0 0 0.88", "B 0 0 -0.88", "H 0.98 0 0", "H -0.98 0 0"]
    sites += [f"H 0 {y} {z}" for y in (1.04, -1.04) for z in (1.47, -1.47)]
    molecule = read_molecule("\n".join(["8", "", *sites]))
    assert molecule.smiles == ""
    assert {order for _, _, order in molecule.bonds} == {1.0}
    assert any("Bond orders could not be found" in warning for warning in molecule.warnings)


def test_six_equal_neighbours_are_no_stereocentre() -> None:
    # sulfur hexafluoride, S-F 1.56 Å
    sites = ["1.56 0 0", "-1.56 0 0", "0 1.56 0", "0 -1.56 0", "0 0 1.56", "0 0 -1.56"]
    molecule = read_molecule("\n".join(["7", "", "S 0 0 0", *(f"F {site}" for site in sites)]))
    assert molecule.smiles == "FS(F)(F)(F)(F)F"
    assert [order for _, _, order in molecule.bonds] == [1.0] * 6


def test_missing_hydrogens_raise_a_doubt() -> None:
    propane = read_molecule("propane")
    ends = [atom for atom in range(len(propane)) if propane.symbols[atom] == "H"]
    lines = xyz_of(propane).splitlines()
    kept = [line for place, line in enumerate(lines[2:]) if place not in (ends[0], ends[-1])]
    molecule = read_molecule("\n".join([str(len(kept)), "", *kept]))
    assert any("hydrogens may be missing" in warning for warning in molecule.warnings)


def heavy_atoms(name: str) -> Molecule:
    """Read from an XYZ without the hydrogens."""
    lines = xyz_of(read_molecule(name)).splitlines()[2:]
    kept = [line for line in lines if line.split()[0] != "H"]
    return read_molecule("\n".join([str(len(kept)), "", *kept]))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        *(("ethanol", True), ("aspirin", True), ("benzene", True), ("naphthalene", True)),
        *(("ClC(Cl)=C(Cl)Cl", False), ("O=C=O", False), ("N#CC#CC#N", False), ("FC(F)(F)C#CC(F)(F)F", False)),
    ],
)
def test_carbons_without_a_single_hydrogen_raise_a_doubt(name, bare) -> None:
    molecule = heavy_atoms(name)
    assert any("not a single hydrogen" in warning for warning in molecule.warnings) == bare
    assert molecule.smiles or bare


def test_fragments_are_told_by_distance() -> None:
    numbers = np.array([1, 1, 2, 1, 1])
    positions = np.array([[0, 0, 0], [0, 0, 0.74], [0, 0, 4], [5, 0, 0], [5, 0, 0.74]], dtype=np.float64)
    assert sorted(fragments(numbers, positions)) == [[1, 1], [1, 1], [2]]


def test_bonds_of_qm9_molecules_are_perceived(shared_data) -> None:
    """A sample of real DFT minima, strained cages among them: at least 99 of 100 get bond orders."""
    with np.load(shared_data / "qm9.npz") as data:
        sizes, numbers, positions = data["n_atoms"].astype(int), data["numbers"], data["positions"]
        known = data["smiles_derived"]
    ends = np.cumsum(sizes)
    chosen = np.random.default_rng(3).choice(len(sizes), 300, replace=False)
    perceived = [
        bonds.perceive(
            numbers[ends[m] - sizes[m] : ends[m]].astype(np.int64),
            positions[ends[m] - sizes[m] : ends[m]].astype(np.float64),
        )
        for m in chosen
    ]
    assert sum(bool(one.smiles) for one in perceived) >= 297
    from atomlens.chem.smiles import without_stereochemistry

    pairs = [(one.smiles, str(known[m])) for one, m in zip(perceived, chosen, strict=True) if one.smiles and known[m]]
    same = [without_stereochemistry(ours) == without_stereochemistry(theirs) for ours, theirs in pairs]
    assert np.mean(same) >= 0.99


def test_coordinates_without_a_count_are_read_where_the_format_is_open() -> None:
    bare = "\n".join(WATER_XYZ.split("\n")[2:])
    assert read_molecule(bare).positions.tolist() == read_molecule(WATER_XYZ).positions.tolist()
    with pytest.raises(MalformedInput, match="several lines"):
        read_molecule("here 1.0 2.0 3.0\nthere 2.0 3.0 4.0")


def test_a_geometry_in_bohr_is_recognised() -> None:
    ethanol = read_molecule("CCO")
    rows = zip(ethanol.symbols, ethanol.positions / 0.529177, strict=True)
    text = f"{len(ethanol)}\n\n" + "".join(f"{symbol} {x} {y} {z}\n" for symbol, (x, y, z) in rows)
    with pytest.raises(UnsupportedMolecule) as error:
        read_molecule(text)
    assert error.value.code == "several_fragments"
    assert "bohr" in (error.value.hint or "")
