"""Whatever the text, the answer is a molecule or an `InputError`; and molecules survive being written and read."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from samples import METHANOL_MOL, METHANOL_V3000, WATER_EXTXYZ, WATER_XYZ, xyz_of

from atomlens.chem.molecule import Molecule
from atomlens.chem.read import FORMATS, read_molecule
from atomlens.chem.text import clean, decode
from atomlens.errors import InputError

SAMPLES = (WATER_XYZ, WATER_EXTXYZ, METHANOL_MOL, METHANOL_V3000, "CC(=O)Oc1ccccc1C(=O)O", "caffeine")
# a small limit keeps the geometries of random SMILES cheap
MAX_ATOMS = 40


def answer_to(text: str, format: str) -> Molecule | InputError:
    """What comes back; every other exception is a failure of the test."""
    try:
        return read_molecule(text, format, max_atoms=MAX_ATOMS)
    except InputError as refused:
        return refused


def molecule_or_reason(text: str, format: str) -> None:
    answer = answer_to(text, format)
    if isinstance(answer, InputError):
        assert answer.code
        assert 0 < len(answer.message) < 600
    else:
        assert len(answer) <= MAX_ATOMS
        assert answer.charge == 0
        assert int(answer.numbers.sum()) % 2 == 0


@given(st.text(max_size=80), st.sampled_from(FORMATS))
def test_any_text(text: str, format: str) -> None:
    molecule_or_reason(text, format)


@given(st.text(alphabet="CNOSFBclnos123()[]=#+-@H/\\%.*:", max_size=25))
def test_any_string_of_the_letters_of_smiles(text: str) -> None:
    molecule_or_reason(text, "smiles")


@settings(max_examples=300)
@given(st.sampled_from(SAMPLES), st.data(), st.sampled_from(FORMATS))
def test_any_sample_with_something_replaced(sample: str, data: st.DataObject, format: str) -> None:
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 12)))
    piece = data.draw(st.one_of(st.text(max_size=6), st.text(alphabet="0123456789 .-eD\nVMCH", max_size=12)))
    molecule_or_reason(sample[:start] + piece + sample[end:], format)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    try:
        text = clean(decode(data))
    except InputError:
        return
    molecule_or_reason(text, "auto")


coordinate = st.floats(-50, 50, allow_nan=False).map(lambda value: value + 0.0)


@settings(max_examples=50)
@given(
    st.sampled_from(["methane", "formaldehyde", "hydrogen cyanide", "water", "glycine"]),
    coordinate,
    coordinate,
    st.integers(0, 2**32 - 1),
)
def test_a_molecule_written_as_xyz_comes_back_to_the_last_bit(name: str, x: float, y: float, seed: int) -> None:
    molecule = read_molecule(name)
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    moved = Molecule(molecule.numbers, molecule.positions @ rotation.T + np.array([x, y, x - y]))
    first, second = read_molecule(xyz_of(moved)), read_molecule(xyz_of(moved))
    assert np.array_equal(first.positions, moved.positions)
    assert np.array_equal(first.numbers, moved.numbers)
    assert first.structure_hash == moved.structure_hash
    assert first.id == second.id
    assert {bond[:2] for bond in first.bonds} == {bond[:2] for bond in molecule.bonds}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([1, 6, 7, 8]), coordinate, coordinate, coordinate), min_size=1, max_size=12))
def test_random_atoms_are_kept_or_refused_with_a_known_reason(atoms: list[tuple[int, float, float, float]]) -> None:
    text = "\n".join([str(len(atoms)), "", *(f"{z} {x!r} {y!r} {w!r}" for z, x, y, w in atoms)])
    answer = answer_to(text, "xyz")
    if isinstance(answer, InputError):
        assert answer.code in ("several_fragments", "open_shell", "coincident_atoms")
    else:
        assert answer.positions.tolist() == [[x, y, w] for _, x, y, w in atoms]


@settings(max_examples=25)
@given(st.permutations(range(9)))
def test_the_order_of_atoms_is_that_of_the_file(order: list[int]) -> None:
    ethanol = read_molecule("ethanol")
    assume(order != list(range(9)))
    shuffled = read_molecule(xyz_of(Molecule(ethanol.numbers[order], ethanol.positions[order])))
    assert shuffled.numbers.tolist() == ethanol.numbers[order].tolist()
    assert shuffled.smiles == "CCO"
