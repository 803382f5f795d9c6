"""Crystals from CIF and extXYZ, and why some are refused."""

import io

import numpy as np
import pytest
from ase.build import bulk
from ase.io import write
from ase.neighborlist import neighbor_list

from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_file, read_molecule
from atomlens.errors import InputError, MalformedInput, TooLarge, UnsupportedMolecule

SALT = """data_halite
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F m -3 m'
_symmetry_Int_Tables_number 225
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 Na 0 0 0
Cl1 Cl 0.5 0.5 0.5
"""
PEROVSKITE = """5
Lattice="3.9 0 0 0 3.9 0 0 0 3.9" Properties=species:S:1:pos:R:3 pbc="T T T"
Sr 0 0 0
Ti 1.95 1.95 1.95
O 1.95 1.95 0
O 1.95 0 1.95
O 0 1.95 1.95
"""


def test_symmetry_fills_the_cell_of_a_cif():
    salt = read_molecule(SALT, "cif")
    assert salt.formula == "Cl4Na4"
    assert salt.name == "halite"
    np.testing.assert_allclose(salt.cell, 5.64 * np.eye(3), atol=1e-12)
    assert salt.bonds == ()
    distances = neighbor_list("d", bulk("NaCl", "rocksalt", a=5.64), 3.0)
    assert distances.min() == pytest.approx(2.82)
    assert np.linalg.norm(salt.positions[0] - salt.positions[4:], axis=1).min() == pytest.approx(2.82)


def test_several_lines_with_a_cell_are_known_as_a_cif(tmp_path):
    assert read_molecule(SALT).structure_hash == read_molecule(SALT, "cif").structure_hash
    (tmp_path / "salt.cif").write_text(SALT)
    assert read_file(tmp_path / "salt.cif").cell is not None


@pytest.mark.parametrize("name", ["rocksalt", "zincblende", "wurtzite"])
def test_what_ase_writes_is_read_back(name):
    atoms = bulk("MgO", name, a=4.2)
    text = io.StringIO()
    write(text, atoms, format="extxyz")
    found = read_molecule(text.getvalue(), "extxyz")
    np.testing.assert_allclose(found.cell, atoms.cell.array, atol=1e-7)
    np.testing.assert_allclose(found.positions, atoms.positions, atol=1e-7)
    assert found.numbers.tolist() == atoms.numbers.tolist()


def test_an_extended_xyz_with_a_lattice_is_a_crystal_with_or_without_pbc():
    first = read_molecule(PEROVSKITE, "extxyz")
    assert first.formula == "O3SrTi"
    assert read_molecule(PEROVSKITE.replace(' pbc="T T T"', "")).structure_hash == first.structure_hash
    assert first.smiles == ""
    # charges and unpaired electrons are no question of the cell's count of electrons
    assert sum(first.numbers) % 2 == 0
    assert read_molecule(PEROVSKITE.replace("Sr", "La")).formula == "LaO3Ti"


def test_a_crystal_survives_its_json_and_hashes_apart_from_the_molecule():
    crystal = read_molecule(PEROVSKITE)
    again = Molecule.from_dict(crystal.to_dict())
    assert again.id == crystal.id
    np.testing.assert_array_equal(again.cell, crystal.cell)
    alone = Molecule(crystal.numbers, crystal.positions)
    assert alone.structure_hash != crystal.structure_hash
    wider = Molecule(crystal.numbers, crystal.positions, cell=crystal.cell * 1.01)
    assert wider.structure_hash != crystal.structure_hash
    kept_earlier = {key: value for key, value in alone.to_dict().items() if key != "cell"}
    assert Molecule.from_dict(kept_earlier).id == alone.id


SHARED = SALT.replace("_atom_site_fract_z\n", "_atom_site_fract_z\n_atom_site_occupancy\n").replace(
    "Na1 Na 0 0 0", "Na1 Na 0 0 0 0.5\nK1 K 0 0 0 0.5"
).replace("0.5 0.5 0.5\n", "0.5 0.5 0.5 1\n")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format", "kind", "code", "said"),
    [
        (SHARED, "cif", UnsupportedMolecule, "disordered", "shared"),
        (SALT.replace("_cell_length_a 5.64\n", ""), "cif", MalformedInput, "bad_cif", "cannot be read"),
        ("nothing here", "cif", MalformedInput, "bad_cif", "data_"),
        ("data_x\n_cell_length_a 3\n", "cif", MalformedInput, "bad_cif", "cannot be read"),
        (SALT.replace("5.64", "nan"), "cif", InputError, None, ""),
        (SALT.replace("_cell_length_a 5.64", "_cell_length_a 2e3"), "cif", InputError, "bad_cell", "longer"),
        (SALT.replace("Cl 0.5 0.5 0.5", "Cl 0 0 0.999"), "cif", InputError, "coincident_atoms", "coincide"),
        (PEROVSKITE.replace("T T T", "T T F"), "xyz", UnsupportedMolecule, "periodic", "three directions"),
        (PEROVSKITE.replace("3.9 0 0 0 3.9 0 0 0 3.9", "3.9 0 0 3.9 0 0 0 0 3.9"), "xyz", InputError, "bad_cell", ""),
        (PEROVSKITE.replace("3.9 0 0 0", "0.3 0 0 0"), "xyz", InputError, "bad_cell", "apart"),
        (PEROVSKITE.replace("O 0 1.95", "O 1.95 1.95").replace("1.95 1.95\n", "1.95 3.9\n"), "xyz", InputError,
         "coincident_atoms", "coincide"),
        (PEROVSKITE.replace("Properties", "charge=1 Properties"), "xyz", UnsupportedMolecule, "charged", "+1 e"),
        ('1\nproperties=species:S:1:pos:R:3 pbc="T T T"\nC 0 0 0\n', "xyz", UnsupportedMolecule, "periodic", "Line 2"),
    ],
)  # fmt: skip
def test_what_is_no_crystal_is_refused_with_a_reason(text, format, kind, code, said):
    with pytest.raises(kind) as caught:
        read_molecule(text, format)
    assert code is None or caught.value.code == code
    assert said in caught.value.message


def test_symmetry_counts_towards_the_size():
    with pytest.raises(TooLarge):
        read_molecule(SALT, "cif", max_atoms=7)


def test_the_nearest_images_are_those_of_an_independent_reader():
    """`check_images` looks at one image of each pair: in any allowed cell a nearer one than that is not near enough."""
    rng = np.random.default_rng(0)
    from ase import Atoms

    from atomlens.chem.cell import check_images, checked_cell

    for _ in range(60):
        cell = rng.uniform(-3, 3, (3, 3))
        try:
            checked = checked_cell(cell)
        except InputError:
            continue
        positions = rng.uniform(-4, 4, (4, 3))
        found = neighbor_list("ijd", Atoms("H4", positions, cell=cell, pbc=True), 0.35)
        near = [d for i, j, d in zip(*found, strict=True) if i != j]
        if near and min(near) < 0.35:
            with pytest.raises(InputError):
                check_images(positions, checked, 0.35)
        else:
            check_images(positions, checked, 0.35)
