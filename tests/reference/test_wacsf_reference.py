"""Our weighted symmetry functions are sums of DScribe's over elements, weighted by atomic numbers.

Radial functions are compared with any centre μ, angular ones where the definitions coincide, at μ = 0: there
Behler's exp(−η (d_ij² + d_ik² + d_jk²)) is the product of ours.
"""

import json

import numpy as np
import pytest

from atomlens.networks.wacsf import SymmetryFunctions

SPECIES = [1, 6, 7, 8]
CUTOFF = 5.0
RADIAL = ((0.05, 0.0), (0.8, 0.0), (4.0, 0.0), (6.0, 1.4), (3.0, 2.6))
SHELLS = ((0.01, 0.0), (0.1, 0.0), (0.6, 0.0))
POWERS = ((1.0, 1.0), (1.0, -1.0), (4.0, 1.0), (4.0, -1.0), (16.0, 1.0))


@pytest.fixture(scope="module")
def dscribe(run_reference, molecules, tmp_path_factory) -> dict[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("dscribe")
    task = {
        "molecules": molecules,
        "cutoff": CUTOFF,
        "species": SPECIES,
        "g2": [list(row) for row in RADIAL],
        "g4": [[eta, zeta, sign] for zeta, sign in POWERS for eta, _ in SHELLS],
    }
    (folder / "task.json").write_text(json.dumps(task))
    run_reference("dscribe_acsf.py", folder / "task.json", folder / "functions.npz")
    return dict(np.load(folder / "functions.npz"))


@pytest.fixture(scope="module")
def ours(batch) -> np.ndarray:
    functions = SymmetryFunctions(RADIAL, SHELLS, POWERS, CUTOFF)
    return functions.of_molecules(batch.numbers, batch.positions, batch.offsets)


def test_radial_functions_are_the_weighted_sums_of_g2(dscribe, ours):
    weighted = np.einsum("asf,s->af", dscribe["g2"], np.array(SPECIES))
    assert weighted.max() > 1.0
    np.testing.assert_allclose(ours[:, : len(RADIAL)], weighted, rtol=1e-6, atol=1e-9)


def test_angular_functions_are_the_weighted_sums_of_g4(dscribe, ours):
    weighted = np.einsum("apf,p->af", dscribe["g4"], dscribe["pairs"].prod(1))
    assert weighted.max() > 1.0
    np.testing.assert_allclose(ours[:, len(RADIAL) :], weighted, rtol=1e-6, atol=1e-9)
