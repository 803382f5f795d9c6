"""Which angles and bond lengths the training molecules have, as `chem/shapes.json` is made."""

import numpy as np
from molecules import METHANOL, WATER, moved

from atomlens.chem.shapes import angles_and_bonds
from atomlens.networks.protocol import Batch
from atomlens.training.shapes import ranges


def test_angles_and_bonds_go_by_element_neighbours_and_small_rings():
    triangle = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, np.sqrt(0.75), 0.0], [-1.0, 0.0, 0.0]])
    bonded = np.zeros((4, 4), dtype=bool)
    for first, second in ((0, 1), (1, 2), (0, 2), (0, 3)):
        bonded[first, second] = bonded[second, first] = True
    angles, bonds = angles_and_bonds(np.array([6, 6, 8, 1]), triangle, bonded)
    kinds = {(corner, kind): degrees for corner, kind, degrees in angles}
    assert np.allclose([kinds[1, (6, 2, 3)], kinds[2, (8, 2, 3)], kinds[0, (6, 3, 3)]], 60.0)
    assert {round(degrees) for corner, kind, degrees in angles if (corner, kind) == (0, (6, 3, 0))} == {120, 180}
    assert (0, 3, ((1, 1), (6, 3)), 1.0) in bonds


def test_a_range_holds_all_but_the_rarest_and_rare_kinds_have_none():
    rng = np.random.default_rng(0)
    shaken = [moved(WATER, WATER.positions + rng.normal(0.0, 0.01, WATER.positions.shape)) for _ in range(50)]
    found = ranges(Batch.of([*shaken, METHANOL]), common=50)
    assert [row[:3] for row in found["angles"]] == [[8, 2, 0]]
    (bond,) = found["bonds"]
    assert bond[:4] == [1, 1, 8, 2]
    lengths = [np.linalg.norm(m.positions[h] - m.positions[0]) for m in shaken for h in (1, 2)]
    assert bond[4] <= np.quantile(lengths, 1e-4) < np.quantile(lengths, 1.0 - 1e-4) <= bond[5]
    assert bond[5] - bond[4] < np.ptp(lengths) + 0.01
