"""Forces from energies to both sides of a geometry."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.model import member_of
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet
from atomlens.training.inputs import BehlerParrinelloInputs, SchNetInputs, build_network, prepare
from atomlens.training.slopes import BehlerParrinelloSides, SchNetSides
from training.test_accelerated import BP, ELEMENTS, SCHNET, molecules

FORCED = np.array([True, False, True, True, False, True])


def forces_of(network: SchNet | BehlerParrinello, batch: Batch) -> np.ndarray:
    return -member_of(copy.deepcopy(network)).with_gradient(batch)[1]


@pytest.mark.parametrize("family", ["schnet", "bp"])
def test_both_sides_differ_as_the_forces_say(family: str):
    torch.manual_seed(0)
    network = build_network(family, SCHNET if family == "schnet" else BP, ELEMENTS)
    batch = molecules(6)
    inputs = prepare(network, batch, standardize=6)
    forces = forces_of(network, batch).astype(np.float32)
    if isinstance(inputs, SchNetInputs):
        two_sided: SchNetSides | BehlerParrinelloSides = SchNetSides(inputs, forces, FORCED)
    else:
        assert isinstance(inputs, BehlerParrinelloInputs)
        two_sided = BehlerParrinelloSides(inputs, None, forces, FORCED, 0)
    rows = np.array([3, 1, 0, 5])
    with torch.no_grad():
        found = two_sided.sides(rows, np.random.default_rng(0))
        raw, chosen = inputs.raw(rows)
    size = float(found.targets.abs().mean())
    assert len(found.slopes) == 3
    # the network is the data: its own forces, found in single precision
    assert (found.slopes - found.targets).abs().max() < 0.02 * size + 2e-3
    totals = np.add.reduceat(raw.numpy(), chosen.offsets[:-1])
    assert found.energies.numpy() == pytest.approx(totals, abs=2e-3)
    assert found.degrees.numpy() == pytest.approx(np.sqrt(3.0 * np.diff(batch.offsets)[[3, 0, 5]]))
