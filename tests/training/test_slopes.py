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
from atomlens.training.accelerated import objective
from atomlens.training.accelerated.convolution import pairs_of
from atomlens.training.accelerated.networks import schnet_outputs, schnet_tables
from atomlens.training.accelerated.tables import Tables, gather
from atomlens.training.inputs import BehlerParrinelloInputs, SchNetInputs, build_network, prepare
from atomlens.training.slopes import BehlerParrinelloSides, SchNetSides
from training.test_accelerated import BP, ELEMENTS, SCHNET, molecules

FORCED = np.array([True, False, True, True, False, True])


def forces_of(network: SchNet | BehlerParrinello, batch: Batch) -> np.ndarray:
    return -member_of(copy.deepcopy(network)).with_gradient(batch)[1]


def two_sides(family: str) -> tuple[SchNetSides | BehlerParrinelloSides, Batch]:
    torch.manual_seed(0)
    network = build_network(family, SCHNET if family == "schnet" else BP, ELEMENTS)
    batch = molecules(6)
    inputs = prepare(network, batch, standardize=6)
    forces = forces_of(network, batch).astype(np.float32)
    if isinstance(inputs, SchNetInputs):
        return SchNetSides(inputs, forces, FORCED), batch
    assert isinstance(inputs, BehlerParrinelloInputs)
    return BehlerParrinelloSides(inputs, None, forces, FORCED, 0), batch


@pytest.mark.parametrize("family", ["schnet", "bp"])
def test_a_network_that_is_the_data_has_no_error_on_either_side(family: str) -> None:
    sides, batch = two_sides(family)
    rows = np.array([3, 1, 0, 5])
    with torch.no_grad():
        raw, chosen = sides.inputs.raw(rows)
    found = sides.sides(rows, np.random.default_rng(0))
    size = float(np.abs(forces_of(sides.inputs.network, batch)).mean())
    # its own forces, found in single precision
    assert float(found.loss.detach()) < 0.02 * size
    totals = np.add.reduceat(raw.numpy(), chosen.offsets[:-1])
    assert found.energies.detach().numpy() == pytest.approx(totals, abs=2e-3)


def test_the_forces_of_schnet_are_those_of_the_released_network() -> None:
    sides, batch = two_sides("schnet")
    assert isinstance(sides, SchNetSides)
    assert sides.forces_at(batch) == pytest.approx(forces_of(sides.inputs.network, batch), abs=1e-3)


def test_both_sides_have_the_gradient_of_a_loss_of_all_forces() -> None:
    """Against second derivatives, in double precision."""
    sides, batch = two_sides("schnet")
    assert isinstance(sides, SchNetSides)
    rng = np.random.default_rng(1)
    sides.forces = rng.normal(0.0, 2.0, batch.positions.shape).astype(np.float32)
    network, rows = sides.inputs.network, np.array([3, 1, 0, 5])
    weights = [layer.first.weight for layer in network.layers] + [network.layers[0].filter_first.weight]
    found = torch.autograd.grad(sides.sides(rows, rng).loss, weights)

    double = copy.deepcopy(network).double()
    tables = Tables.of(batch, ELEMENTS, network.cutoff, {}, {"forces": sides.forces})
    gathered = gather(tables, torch.tensor([3, 0, 5]), 30, 240)
    positions = gathered.positions.double().requires_grad_(True)
    pairs = pairs_of(gathered, positions, network.cutoff, network.settings.intervals)
    raw = schnet_outputs(double, gathered, pairs, schnet_tables(double))
    (slope,) = torch.autograd.grad(torch.where(gathered.real, raw, 0.0).sum(), positions, create_graph=True)
    loss = objective.force_loss(tables, gathered, -slope)
    theirs = [layer.first.weight for layer in double.layers] + [double.layers[0].filter_first.weight]
    for mine, expected in zip(found, torch.autograd.grad(loss, theirs), strict=True):
        assert float((mine - expected).norm()) < 0.02 * float(expected.norm())
