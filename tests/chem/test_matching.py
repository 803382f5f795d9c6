"""Corresponding atoms of two molecules, and one laid over the other."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from atomlens.chem.matching import match
from atomlens.chem.read import read_molecule


def molecule(text: str):
    return read_molecule(text, "auto", max_atoms=100)


def heavy(found, first) -> set[tuple[int, int]]:
    return {(i, j) for i, j in found.pairs if first.numbers[i] > 1}


def test_a_molecule_that_was_turned_moved_and_renumbered_corresponds_to_itself():
    first = molecule("OCC=O")
    order = np.random.default_rng(7).permutation(len(first))
    turn = Rotation.from_euler("xyz", [0.4, -1.2, 2.5]).as_matrix()
    place = {int(old): new for new, old in enumerate(order)}
    bonds = tuple((*sorted((place[i], place[j])), kind) for i, j, kind in first.bonds)
    moved = (first.positions @ turn.T + [3.0, -2.0, 5.0])[order]
    second = replace(first, numbers=first.numbers[order], positions=moved, bonds=bonds)
    found = match(first, second)
    assert found.pairs == [(i, place[i]) for i in range(len(first))]
    assert found.rmsd == pytest.approx(0.0, abs=1e-9)
    assert np.abs(found.positions[[j for _, j in found.pairs]] - first.positions).max() < 1e-9
    assert np.abs(found.rotation - turn.T).max() < 1e-9
    assert found.complete


@pytest.mark.parametrize(
    ("texts", "common"),
    [
        (("acetamide", "acetic acid"), "CCO"),  # not N with O
        (("benzene", "pyridine"), "CCCCC"),
        (("benzene", "toluene"), "CCCCCC"),
        (("water", "methanol"), "O"),  # no bond of heavy atoms in common
        (("hexane", "benzene"), "C"),  # no chain with a ring
    ],
)
def test_what_corresponds_is_of_the_same_elements_and_as_much_as_there_is(texts, common):
    first, second = map(molecule, texts)
    found = match(first, second)
    pairs = heavy(found, first)
    assert "".join(sorted(first.symbols[i] for i, _ in pairs)) == "".join(sorted(common))
    assert all(first.symbols[i] == second.symbols[j] for i, j in found.pairs)
    for side in zip(*found.pairs, strict=True):
        assert len(set(side)) == len(side)
    bonded = [{frozenset(bond[:2]) for bond in one.bonds} for one in (first, second)]
    for (i, j), (k, m) in [(p, q) for p in found.pairs for q in pairs if first.numbers[p[0]] == 1]:
        assert (frozenset((i, k)) in bonded[0]) == (frozenset((j, m)) in bonded[1]), "a hydrogen left its atom"


def test_substituted_places_of_a_ring_correspond():
    first, second = molecule("phenol"), molecule("aniline")
    found = match(first, second)
    assert len(found.pairs) == 11, "six carbon and five hydrogen atoms"
    ipso = [
        next(i for i in range(len(one)) if one.symbols[i] == "C" and any({i, k} == set(b[:2]) for b in one.bonds))
        for one, k in ((first, first.symbols.index("O")), (second, second.symbols.index("N")))
    ]
    assert tuple(ipso) in found.pairs


def test_laying_over_changes_no_distance_and_no_hand():
    first, second = molecule("C[C@H](N)O"), molecule("C[C@@H](N)O")
    found = match(first, second)
    assert np.linalg.det(found.rotation) == pytest.approx(1.0)
    before, after = (np.linalg.norm(p[:, None] - p[None], axis=-1) for p in (second.positions, found.positions))
    assert np.abs(before - after).max() < 1e-9
    assert found.rmsd > 0.1, "mirror images do not lie over one another"


def test_without_a_common_element_nothing_corresponds_and_the_middles_coincide():
    first, second = molecule("water"), molecule("methane")
    found = match(first, second)
    assert (found.pairs, found.rmsd) == ([], None)
    assert np.abs(found.positions.mean(0) - first.positions.mean(0)).max() < 1e-9
