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
        ('1\nproperties=species:S:1:pos:R:3 pbc="T T T"\nC 0 0 0\n', "xyz", UnsupportedMolecule, "periodic",
         "Line 2: the atoms are repeated in all three directions, but there is no Lattice"),
        ('1\nproperties=species:S:1:pos:R:3 pbc="T T F"\nC 0 0 0\n', "xyz", UnsupportedMolecule, "periodic",
         "not in all three directions"),
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


def test_the_name_in_an_extended_xyz_is_kept():
    assert read_molecule(PEROVSKITE.replace("pbc=", 'name="strontium titanate" pbc=')).name == "strontium titanate"
    assert read_molecule(PEROVSKITE).name == ""


def cif(group: str, sites: str = "Na1 Na 0 0 0\nCl1 Cl 0.5 0.5 0.5\n", cell: str = "5.64 5.64 5.64 90 90 90") -> str:
    """A file with this said of its symmetry."""
    names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"_cell_{name} {value}" for name, value in zip(names, cell.split(), strict=True)]
    columns = ["loop_", *(f"_atom_site_{name}" for name in ("label", "type_symbol", "fract_x", "fract_y", "fract_z"))]
    return "\n".join(["data_x", *lines, *([group] if group else []), *columns, sites])


def named(symbol: str) -> str:
    return f"_symmetry_space_group_name_H-M '{symbol}'"


@pytest.mark.parametrize(
    "group",
    [
        *map(named, ("F m -3 m", "Fm-3m", "F M -3 M", "Fm3m", "F 4/m -3 2/m")),
        "_symmetry_space_group_name_Hall '-F 4 2 3'",
        "_symmetry_Int_Tables_number 225",
        "_space_group_IT_number '225'",
        f"{named('?')}\n_symmetry_Int_Tables_number 225",
        f"{named('what is this')}\n_space_group_IT_number 225",
    ],
)
def test_a_space_group_is_known_by_all_its_usual_names(group):
    assert read_molecule(cif(group), "cif").structure_hash == read_molecule(SALT, "cif").structure_hash


MONOCLINIC = "6.1 7.2 8.3 90 104 90"
GENERAL = "C1 C 0.11 0.23 0.34\n"


@pytest.mark.parametrize(
    ("symbol", "operations"),
    [
        ("P 1 21/c 1", ["x,y,z", "-x,y+1/2,-z+1/2", "-x,-y,-z", "x,-y+1/2,z+1/2"]),
        ("P2(1)/c", ["x,y,z", "-x,y+1/2,-z+1/2", "-x,-y,-z", "x,-y+1/2,z+1/2"]),
        ("P 21/n", ["x,y,z", "1/2-x,1/2+y,1/2-z", "-x,-y,-z", "1/2+x,1/2-y,1/2+z"]),
        ("P 1 21/n 1", ["x,y,z", "1/2-x,1/2+y,1/2-z", "-x,-y,-z", "x+.5,.5-y,z+.5"]),
        ("P 21", ["x,y,z", "-x,y+1/2,-z"]),
    ],
)
def test_symbols_and_listed_operations_make_the_same_crystal(symbol, operations):
    lines = "\n".join(["loop_", "_symmetry_equiv_pos_as_xyz", *(f"'{line}'" for line in operations)])
    by_symbol = read_molecule(cif(named(symbol), GENERAL, MONOCLINIC), "cif")
    by_list = read_molecule(cif(lines, GENERAL, MONOCLINIC), "cif")
    both = read_molecule(cif(f"{named('P 1 21/q 1')}\n{lines}", GENERAL, MONOCLINIC), "cif")
    assert len(by_symbol.numbers) == len(operations)
    for other in (by_list, both):
        np.testing.assert_allclose(
            sorted(map(tuple, other.positions)), sorted(map(tuple, by_symbol.positions)), atol=1e-9
        )


@pytest.mark.parametrize(
    ("symbol", "cell", "n_atoms"),
    [
        ("R -3 c :H", "4.76 4.76 12.99 90 90 120", 36),
        ("R -3 c H", "4.76 4.76 12.99 90 90 120", 36),
        ("R -3 c", "4.76 4.76 12.99 90 90 120", 36),
        ("R -3 c", "5.13 5.13 5.13 55.3 55.3 55.3", 12),
        ("C 1 2/c 1", MONOCLINIC, 8),
        ("C m c a", "5 6 7 90 90 90", 16),
        ("I 41/a m d :2", "9 9 20 90 90 90", 32),
    ],
)
def test_settings_are_those_that_are_named_or_that_the_cell_allows(symbol, cell, n_atoms):
    assert len(read_molecule(cif(named(symbol), GENERAL, cell), "cif").numbers) == n_atoms


@pytest.mark.parametrize(
    ("symbol", "place", "n_atoms"),
    [
        ("F d -3 m :1", "0 0 0", 8), ("F d -3 m S", "0 0 0", 8), ("F d -3 m :2", "0.125 0.125 0.125", 8),
        ("F d -3 m Z", "0.125 0.125 0.125", 8), ("F d -3 m Z", "0 0 0", 16), ("F d -3 m", "0 0 0", 8),
        ("F d -3 m", "0.125 0.125 0.125", 8),
    ],
)  # fmt: skip
def test_diamond_is_diamond_by_either_origin(symbol, place, n_atoms):
    found = read_molecule(cif(named(symbol), f"C1 C {place}\n", "3.57 3.57 3.57 90 90 90"), "cif")
    assert len(found.numbers) == n_atoms
    assert any("origin" in said for said in found.warnings) == (symbol == "F d -3 m")


@pytest.mark.parametrize("group", [named("F d -3 m"), "_space_group_IT_number 227"])
@pytest.mark.parametrize(
    ("tetrahedral", "octahedral", "a", "oxygen", "formula"),
    [("Mg", "Al", 8.08, 0.2624, "Al16Mg8O32"), ("Fe", "Fe", 8.397, 0.2547, "Fe24O32")],
)
def test_a_spinel_is_read_from_the_origin_by_which_its_atoms_do_not_coincide(
    group, tetrahedral, octahedral, a, oxygen, formula
):
    """56 atoms by either origin: by the wrong one oxygen stands beside the tetrahedral site, and there are Mg2Al."""
    sites = f"A1 {tetrahedral} 0.125 0.125 0.125\nB1 {octahedral} 0.5 0.5 0.5\nO1 O {oxygen} {oxygen} {oxygen}\n"
    cell = f"{a} {a} {a} 90 90 90"
    for said in (
        "",
        "_chemical_formula_sum 'Al2 Mg O4'\n" if octahedral == "Al" else "_chemical_formula_sum 'Fe3 O4'\n",
    ):
        found = read_molecule(cif(said + group, sites, cell), "cif")
        chosen = read_molecule(cif(named("F d -3 m :2"), sites, cell), "cif")
        assert (found.formula, found.structure_hash) == (formula, chosen.structure_hash)
        assert found.warnings == ("The file does not say from which origin its space group counts: choice 2 is taken.",)


def test_the_formula_decides_between_origins_that_both_keep_atoms_apart():
    # by one origin A is on eight sites and B on sixteen, by the other the other way round
    sites = "A1 Sn 0.125 0.125 0.125\nB1 Pb 0.5 0.5 0.5\n"
    counts = {
        said: read_molecule(cif(f"_chemical_formula_sum '{said}'\n{named('F d -3 m')}", sites, "9 9 9 90 90 90"), "cif")
        for said in ("Sn Pb2", "Sn2 Pb")
    }
    assert [found.formula for found in counts.values()] == ["Pb16Sn8", "Pb8Sn16"]


def test_a_crystal_that_is_too_large_by_either_origin_is_refused():
    sites = "".join(f"C{k} C {0.01 * k} {0.013 * k} {0.017 * k}\n" for k in range(1, 40))
    with pytest.raises(TooLarge):
        read_molecule(cif(named("F d -3 m"), sites, "40 40 40 90 90 90"), "cif", max_atoms=300)
    assert len(read_molecule(cif(named("F d -3 m"), GENERAL, "40 40 40 90 90 90"), "cif", max_atoms=192).numbers) == 192


def test_a_file_that_names_no_symmetry_is_the_whole_cell_and_says_so():
    for group in ("", named("?"), "_symmetry_space_group_name_H-M ."):
        (said,) = read_molecule(cif(group), "cif").warnings
        assert "no symmetry" in said
    assert read_molecule(cif(named("P 1")), "cif").warnings == ()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (cif(named("P 5 3 7")), "bad_space_group", "'P 5 3 7' is not known"),
        (cif("_space_group_IT_number 999"), "bad_space_group", "'999'"),
        (cif(named("F m -3 m"), cell="5 6 7 90 90 90"), "bad_space_group", "does not have the symmetry"),
        (cif("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx,y,q"), "bad_cif", "'x,y,q' is no operation"),
        (cif("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx,x,z"), "bad_cif", "'x,x,z' is no operation"),
        (cif("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx+1/0,y,z"), "bad_cif", "'x+1/0,y,z' is no operation"),
        (cif(named("P 1"), "Xx1 Xx 0 0 0\n"), "bad_cif", "'Xx' is not the symbol of an element"),
        (cif(named("P 1"), "Na1 Na ? ? ?\n"), "bad_cif", "'?' stands where a number should"),
        (cif(named("P 1"), ""), "bad_cif", "no atoms"),
        (cif(named("P 1"), cell="5 5 5 90 90 0"), "bad_cif", "not all above zero"),
        (cif(named("P 1"), cell="-5 5 5 90 90 90"), "bad_cif", "not all above zero"),
        (cif(named("P 1"), cell="5 5 5 150 150 150"), "bad_cif", "do not meet in space"),
        (cif(named("P 1"), cell="5 5 5 90 90 200"), "bad_cif", "not below 180°"),
        (cif(named("P 1"), cell="5 5 5 180 90 90"), "bad_cif", "not below 180°"),
        (cif(named("P 1"), cell="5 5 5 -90 90 90"), "bad_cif", "not all above zero"),
        (cif(named("P 1")).replace("_cell_length_a 5.64\n", ""), "bad_cif", "no cell"),
        (cif("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx+.5,y+.5,z+.5"), "coincident_atoms", "coincide"),
    ],
)  # fmt: skip
def test_a_broken_cif_is_refused_for_what_is_broken(text, code, said):
    with pytest.raises(InputError) as caught:
        read_molecule(text)
    assert caught.value.code == code
    assert said in caught.value.message


def test_occupancies_that_are_not_given_are_full_and_uncertainties_are_read():
    sites = "Na1 Na 0 0 0 .\nCl1 Cl 0.5 0.5 0.5 ?\n"
    text = cif(named("F m -3 m"), sites, "5.64(2) 5.64(2) 5.64(2) 90 90 90")
    found = read_molecule(text.replace("_atom_site_fract_z", "_atom_site_fract_z\n_atom_site_occupancy"), "cif")
    assert found.formula == "Cl4Na4"


def test_an_occupancy_above_one_is_wrong():
    text = cif(named("F m -3 m"), "Na1 Na 0 0 0 1.3\nCl1 Cl 0.5 0.5 0.5 1\n")
    with pytest.raises(InputError, match="the occupancy of a site is more than 1"):
        read_molecule(text.replace("_atom_site_fract_z", "_atom_site_fract_z\n_atom_site_occupancy"), "cif")


OXYCHLORIDE = "Fe1 Fe .116 .25 .75\nO1 O -.048 .25 .25\nCl1 Cl .330 .25 .25\n"


@pytest.mark.parametrize("symbol", ["P n m m", "P n m m :2", "P n m m Z", "P n m m :2cab", "P 2/n 21/m 21/m"])
def test_origins_of_permuted_settings_are_origins(symbol):
    """FeOCl, Pmmn with its axes in another order: four times its atoms were read without a word."""
    found = read_molecule(cif(named(symbol), OXYCHLORIDE, "7.9 3.78 3.3 90 90 90"), "cif")
    assert found.formula == "Cl2Fe2O2"
    (said,) = found.warnings or ("choice",)
    assert ("choice 2cab is taken" in said) == (":" not in symbol and "Z" not in symbol)


@pytest.mark.parametrize("number", [48, 50, 59, 68, 70, 85, 86, 88, 129, 141, 201, 227])
def test_every_setting_of_a_group_of_two_origins_is_read_by_its_symbol_alone(number):
    """A site at the origin of choice 1 or 2, by the symbol without a choice: never more atoms than by any of them."""
    from atomlens.chem.symmetry import settings

    cell = "9 10 11 90 90 90" if number < 75 else "9 9 11 90 90 90" if number < 195 else "9 9 9 90 90 90"
    for setting in (one for one in settings() if one.number == number):
        symbol = min(sorted(setting.symbols), key=len)
        site = "C1 C 0 0 0\n"
        rivals = [one for one in settings() if symbol in one.symbols]
        counts = {len({tuple(np.round(i % 1 % 1, 6)) for i in one.operations.images(np.zeros(3))}) for one in rivals}
        found = read_molecule(cif(named(symbol), site, cell), "cif")
        assert len(found) == min(counts), symbol
        assert any("from which origin" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("symbol", "choices"),
    [
        ("Ccca", {"1", "2"}), ("Cccb", {"1ba-c", "2ba-c"}), ("Abaa", {"1cab", "2cab"}), ("Acaa", {"1-cba", "2-cba"}),
        ("Bbcb", {"1bca", "2bca"}), ("Bbab", {"1a-cb", "2a-cb"}), ("Ccce", {"1", "2", "1ba-c", "2ba-c"}),
        ("Bbeb", {"1bca", "2bca", "1a-cb", "2a-cb"}), ("Cmma", {""}), ("Cmmb", {"ba-c"}), ("Cmme", {""}),
        ("Cmca", {""}), ("Abm2", {""}), ("Bmab", {"a-cb"}),
    ],
)  # fmt: skip
def test_the_plane_that_was_written_for_e_tells_the_setting(symbol, choices):
    from atomlens.chem.symmetry import settings_named

    assert {setting.choice for setting in settings_named(symbol=symbol)} == choices


def test_a_symbol_of_hall_and_a_number_say_what_they_say_of_origins():
    cell = "7.9 3.78 3.3 90 90 90"
    by_hall = read_molecule(cif("_space_group_name_Hall '-P 2c 2bc'", OXYCHLORIDE, cell), "cif")
    assert (by_hall.formula, by_hall.warnings) == ("Cl2Fe2O2", ())
    # two settings of one symbol of Hall are one origin
    both = read_molecule(cif("_space_group_name_Hall 'C 2 2 -1ac'", GENERAL, "9 10 11 90 90 90"), "cif")
    assert (len(both), both.warnings) == (16, ())
    # a number is the setting of the Tables: axes are not permuted to have fewer atoms
    standard = "Fe1 Fe .25 .75 .116\nO1 O .25 .25 -.048\nCl1 Cl .25 .25 .330\n"
    by_number = read_molecule(cif("_space_group_IT_number 59", standard, "3.78 3.3 7.9 90 90 90"), "cif")
    assert by_number.formula == "Cl2Fe2O2"
    assert len(read_molecule(cif("_space_group_IT_number 59", OXYCHLORIDE, cell), "cif")) > 6


def test_a_symbol_that_contradicts_its_number_still_has_two_origins():
    text = cif(
        f"{named('F d -3 m')}\n_space_group_IT_number 225", "C1 C 0.125 0.125 0.125\n", "3.57 3.57 3.57 90 90 90"
    )
    found = read_molecule(text, "cif")
    assert len(found) == 8
    assert ["not number 225" in said for said in found.warnings] == [True, False]


def test_an_askew_cell_of_a_lattice_is_the_same_crystal():
    straight = np.array([[0.0, 2.82, 2.82], [2.82, 0.0, 2.82], [2.82, 2.82, 0.0]])
    askew = np.array([[1, 2, 0], [0, 1, 5], [0, 0, 1]]) @ straight
    whole = [
        Molecule(np.array([11, 17]), np.array([[0.0, 0, 0], [2.82, 0, 0]]), cell=cell) for cell in (straight, askew)
    ]
    assert whole[0].cell == pytest.approx(straight, abs=0.0)
    back = straight @ np.linalg.inv(whole[1].cell)
    assert back == pytest.approx(np.round(back), abs=1e-9)  # each vector of one is a sum of those of the other
    assert abs(np.linalg.det(back)) == pytest.approx(1.0)
    assert np.linalg.norm(whole[1].cell, axis=1).max() < 4.0


def test_an_askew_cell_of_a_cif_keeps_its_fractions():
    askew = SALT.replace("_cell_length_a 5.64", "_cell_length_a 57.24").replace("gamma 90", "gamma 5.6546")
    askew = askew.replace("'F m -3 m'", "'P 1'").replace("Tables_number 225", "Tables_number 1")
    found = read_molecule(askew, "cif")
    assert abs(np.linalg.det(found.cell)) == pytest.approx(5.64**3, rel=0.01)
    # half of the long vector and of the others
    apart = found.positions[1] - found.positions[0]
    fractions = apart @ np.linalg.inv(found.cell)
    assert 2 * fractions == pytest.approx(np.round(2 * fractions), abs=0.02)


@pytest.mark.parametrize("symbol", ["R -3 c :H", "R-3cH", "R-3c:H", "R -3 c H"])
def test_settings_of_rhombohedral_groups_are_read_however_they_are_written(symbol):
    text = SALT.replace("'F m -3 m'", f"'{symbol}'").replace("_symmetry_Int_Tables_number 225\n", "")
    text = text.replace("gamma 90", "gamma 120").replace("_cell_length_c 5.64", "_cell_length_c 13.0")
    assert len(read_molecule(text.replace("0.5 0.5 0.5", "0.3 0 0.25"), "cif")) == 24


def test_groups_of_disorder_are_refused_and_space_groups_that_contradict_are_said():
    text = SALT.replace("_atom_site_fract_z\n", "_atom_site_fract_z\n_atom_site_disorder_group\n")
    split = text.replace("Na1 Na 0 0 0", "Na1 Na 0 0 0 1").replace("Cl1 Cl 0.5 0.5 0.5", "Cl1 Cl 0.5 0.5 0.5 2")
    with pytest.raises(UnsupportedMolecule) as caught:
        read_molecule(split, "cif")
    assert caught.value.code == "disordered"
    assert len(read_molecule(split.replace("0.5 2", "0.5 ."), "cif")) == 8
    both = read_molecule(SALT.replace("'F m -3 m'", "'P 1'"), "cif")
    assert len(both) == 2
    assert any("not number 225" in warning for warning in both.warnings)
