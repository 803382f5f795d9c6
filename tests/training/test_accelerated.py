"""The fit on a device: the same networks in plain operations, and what a batch is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet, species_index
from atomlens.training.accelerated import objective
from atomlens.training.accelerated.batches import batches, fit_into, parcels, shape_for
from atomlens.training.accelerated.convolution import Pairs, pairs_of
from atomlens.training.accelerated.fit import Schedule
from atomlens.training.accelerated.functions import changes_along, directions
from atomlens.training.accelerated.job import Job, run
from atomlens.training.accelerated.networks import ElementStack, schnet_changes, schnet_outputs, schnet_tables
from atomlens.training.accelerated.tables import Gathered, Tables, gather
from atomlens.training.inputs import build_network

ELEMENTS = (1, 6, 8)
SCHNET = {"features": 16, "interactions": 2, "gaussians": 20, "cutoff": 4.0, "embedding_scale": 1.0}
BP = {"cutoff": 5.0, "radial": 8, "shells": 4, "zetas": [1, 2], "hidden": 12}


def molecules(count: int, seed: int = 0) -> Batch:
    """Of up to seven atoms at random places that keep their distance."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 8, count)
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), -1).reshape(-1, 3) * 1.3
    positions = [grid[rng.permutation(27)[:n]] + rng.normal(0.0, 0.15, (n, 3)) for n in sizes]
    numbers = rng.choice(ELEMENTS, sizes.sum())
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    return Batch(numbers, np.concatenate(positions), offsets, np.zeros(count, dtype=np.int64))


def schnet() -> SchNet:
    torch.manual_seed(0)
    network = build_network("schnet", SCHNET, ELEMENTS)
    assert isinstance(network, SchNet)
    return network


def pairs_at(
    network: SchNet, batch: Gathered, positions: torch.Tensor, displacements: torch.Tensor | None = None
) -> Pairs:
    return pairs_of(batch, positions, network.cutoff, network.settings.intervals, displacements)


def outputs_at(network: SchNet, batch: Gathered, positions: torch.Tensor) -> torch.Tensor:
    return schnet_outputs(network, batch, pairs_at(network, batch, positions), schnet_tables(network))


def test_schnet_is_the_network_of_the_compiled_kernels() -> None:
    batch, network = molecules(5), schnet()
    pairs = MoleculePairs.within(batch.positions, batch.offsets, network.cutoff)
    with torch.no_grad():
        x, _ = network(species_index(batch.numbers, ELEMENTS), torch.from_numpy(pairs.distances), pairs)
        expected = network.output(x)
        tables = Tables.of(batch, ELEMENTS, network.cutoff, {})
        gathered = gather(tables, torch.arange(5), *map(int, tables.sizes.sum(0) + 3))
        found = outputs_at(network, gathered, gathered.positions)
    assert torch.allclose(found[gathered.real], expected, atol=2e-5)


def test_places_without_a_configuration_and_rows_without_an_atom_count_nothing() -> None:
    batch, network = molecules(6), schnet()
    tables = Tables.of(batch, ELEMENTS, network.cutoff, {})

    def sums(chosen: list[int], n_atoms: int, n_pairs: int) -> torch.Tensor:
        gathered = gather(tables, torch.tensor(chosen), n_atoms, n_pairs)
        raw = outputs_at(network, gathered, gathered.positions)
        return gathered.summed(raw).detach()

    alone = [sums([k], 40, 200)[0].item() for k in (4, 1)]
    assert sums([-1, 4, -1, 1], 64, 300).tolist() == pytest.approx([0.0, alone[0], 0.0, alone[1]], abs=1e-5)


def test_forces_are_the_slope_of_the_energy() -> None:
    batch, network = molecules(3), schnet().double()
    tables = Tables.of(batch, ELEMENTS, network.cutoff, {})
    gathered = gather(tables, torch.arange(3), 30, 240)
    positions = gathered.positions.double().requires_grad_(True)

    def energy(at: torch.Tensor) -> torch.Tensor:
        raw = outputs_at(network, gathered, at)
        return torch.where(gathered.real, raw, 0.0).sum()

    (slope,) = torch.autograd.grad(energy(positions), positions)
    step = torch.zeros_like(positions)
    step[1, 2] = 1e-4
    ahead, behind = energy(positions.detach() + step), energy(positions.detach() - step)
    assert slope[1, 2].item() == pytest.approx(((ahead - behind) / 2e-4).item(), abs=1e-7)


def test_a_loss_of_forces_has_the_gradient_of_a_change_along_one_displacement() -> None:
    """Against the way that everybody takes: backwards through the backward pass."""
    batch, network = molecules(4), schnet().double()
    tables = Tables.of(batch, ELEMENTS, network.cutoff, {})
    gathered = gather(tables, torch.tensor([2, -1, 0, 3]), 40, 240)
    positions = gathered.positions.double().requires_grad_(True)
    target = torch.randn_like(positions)

    def total(raw: torch.Tensor) -> torch.Tensor:
        return torch.where(gathered.real, raw, 0.0).sum()

    def of_forces(forces: torch.Tensor) -> torch.Tensor:
        return ((forces - target).abs() * gathered.real.unsqueeze(1)).sum()

    (slope,) = torch.autograd.grad(total(outputs_at(network, gathered, positions)), positions, create_graph=True)
    weights = list(network.parameters())
    expected = torch.autograd.grad(of_forces(-slope), weights, allow_unused=True)
    found = (-slope).detach().requires_grad_(True)
    (pull,) = torch.autograd.grad(of_forces(found), found)
    moved = pairs_at(network, gathered, positions.detach(), -pull)
    raw, change = schnet_changes(network, gathered, moved, schnet_tables(network))
    assert torch.allclose(raw, outputs_at(network, gathered, positions))
    for mine, other in zip(torch.autograd.grad(total(change), weights, allow_unused=True), expected, strict=True):
        # the last bias moves no force
        assert (mine is None and other is None) or torch.allclose(
            torch.zeros(()) if mine is None else mine, torch.zeros_like(mine) if other is None else other, atol=1e-9
        )


def test_the_stacked_elements_are_the_networks_of_the_elements() -> None:
    torch.manual_seed(0)
    network = build_network("bp", BP, ELEMENTS)
    assert isinstance(network, BehlerParrinello)
    stack = ElementStack(network)
    batch = molecules(4)
    functions, species = network.settings.functions, species_index(batch.numbers, ELEMENTS)
    features = torch.from_numpy(functions.of_molecules(batch.numbers, batch.positions, batch.offsets)).float()
    along = directions(batch, 2, 0)
    changes = torch.from_numpy(changes_along(functions, batch, along))
    out, slopes = stack.outputs(species, features, changes)
    assert torch.allclose(out, network(species, features), atol=1e-4)
    moved = functions.of_molecules(batch.numbers, batch.positions + 1e-3 * along[1], batch.offsets)
    back = functions.of_molecules(batch.numbers, batch.positions - 1e-3 * along[1], batch.offsets)
    network.double()
    with torch.no_grad():
        expected = (network(species, torch.from_numpy(moved)) - network(species, torch.from_numpy(back))) / 2e-3
    assert slopes is not None
    together, changed = stack._through(slice(None), features, changes)  # as a graphics processor has them
    rows = torch.arange(len(species))
    assert changed is not None
    assert torch.allclose(together[species, rows], out, atol=1e-5)
    assert torch.allclose(changed[species, :, rows].T, slopes, atol=1e-5)
    assert torch.allclose(slopes[1].double(), expected, rtol=1e-3, atol=1e-3)
    again = build_network("bp", BP, ELEMENTS)
    assert isinstance(again, BehlerParrinello)
    stack.write_to(again, stack.state_dict())
    assert torch.allclose(again(species, features), out, atol=1e-4)


def test_parcels_hold_one_group_and_every_configuration_at_most_once() -> None:
    groups = np.repeat([3, 5, 9, 11], [9, 1, 4, 2])
    table = parcels(groups, 4, np.random.default_rng(0))
    used = table[table >= 0]
    assert len(np.unique(used)) == len(used) == 15  # nine in fours leave one over
    for row in table:
        assert len(set(groups[row[row >= 0]])) == 1
    assert 9 in table  # the only one of its group comes all the same


def test_where_two_levels_disagree_the_minima_decide_as_much_as_asked_for() -> None:
    """Half of a parcel are minima, off by one from the displaced geometries, whose level says something else."""
    error = torch.tensor([0.0, 0.0, 1.0, 1.0], requires_grad=True)
    cost = torch.tensor([0.0, 0.0, 1e-9, 1e-9])
    ones = torch.ones(4)
    slopes = []
    for minima in (1.0, 8.0):
        weights = objective.Weights(absolute=0.0, relative=1.0, minima=minima)
        loss = objective.energy_loss(error, cost, ones, ones, weights, 4)
        (slope,) = torch.autograd.grad(loss, error)
        slopes.append(slope)
    assert float(slopes[0].abs().max()) == pytest.approx(0.25)
    # errors of minima count eight times, those of displaced geometries once
    direct = torch.tensor([-8.0, -8.0, 1.0, 1.0]) / 4.0
    torch.testing.assert_close(slopes[1], direct - direct.mean())


def test_large_errors_of_displaced_geometries_count_by_their_square_where_that_is_asked_for() -> None:
    error = torch.tensor([0.0, 0.0, 0.0, 2.0])
    ones, cost = torch.ones(4), torch.tensor([0.0, 0.0, 0.0, 1e-9])

    def loss(**weights: float) -> float:
        chosen = objective.Weights(absolute=0.0, relative=1.0, **weights)
        return float(objective.energy_loss(error, cost, ones, ones, chosen, 4))

    # off by 1.5 from the mean, the minima by 0.5
    assert loss() == pytest.approx((1.5 + 1.5) / 4)
    assert loss(displaced=3.0) == pytest.approx((1.5 + 4.5) / 4)
    assert loss(far=0.1) == pytest.approx((1.5 + 1.5 + 1.5**2 / 0.2) / 4)
    # but not those of a bond that is pressed
    cost[3] = 20.0
    assert loss(far=0.1) == loss()


def test_batches_fit_into_their_shape() -> None:
    rng = np.random.default_rng(0)
    sizes = np.stack([rng.integers(3, 60, 400), rng.integers(10, 900, 400)], 1)
    table = batches(parcels(rng.integers(0, 60, 400), 4, rng), sizes, 8, rng)
    shape = shape_for(table, sizes, 8, 4)
    small = dataclasses.replace(shape, n_atoms=int(shape.n_atoms * 0.8))
    cut = fit_into(table, sizes, small)
    totals = np.where((cut >= 0)[..., None], sizes[cut], 0).sum(1)
    assert (totals <= [small.n_atoms, small.n_pairs]).all()
    assert (cut != table).any()
    assert set(cut[cut >= 0]) <= set(table[table >= 0])


@pytest.mark.parametrize("family", ["schnet", "bp"])
def test_a_job_learns_energies_and_forces_of_springs(family: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(1)
    length = rng.uniform(0.7, 1.6, 240)
    positions = np.zeros((480, 3))
    positions[1::2, 0] = length
    forces = np.zeros((480, 3), dtype=np.float32)
    forces[1::2, 0] = -2.0 * (length - 1.1)
    forces[::2, 0] = 2.0 * (length - 1.1)
    energy = ((length - 1.1) ** 2).astype(np.float32)
    batch = Batch(np.tile([1, 8], 240), positions, np.arange(0, 481, 2), np.zeros(240, dtype=np.int64))
    zero = np.zeros(240, dtype=np.float32)
    job = Job(
        family,
        "energy",
        (1, 8),
        SCHNET if family == "schnet" else BP,
        Schedule(steps=400, parcels=8, parcel=4, learning_rate=5e-3, warmup=10, average=0.98),
        objective.Weights(),
        1.0,
        1e-2,
        batch,
        np.repeat(np.arange(60), 4),
        np.arange(240) >= 200,
        {"energy": energy, "absolute": zero + 1.0, "cost": zero},
        {"forces": forces},
    )
    job.write(tmp_path / "job.npz")
    read = Job.read(tmp_path / "job.npz")
    assert np.abs(read.batch.positions - positions).max() < 1e-4
    assert read.of_atoms["forces"] == pytest.approx(forces, rel=1e-3, abs=1e-6)
    trained = run(read, torch.device("cpu"))
    assert trained.steps == 400
    spread = float(np.abs(energy - energy.mean()).mean()) * 23.06
    assert trained.errors["total"] < 0.15 * spread
    if family == "schnet":
        assert trained.errors["force"] < 3.0  # of about 9 kcal/mol/Å on average
