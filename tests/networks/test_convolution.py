"""The fused kernel computes what plain torch computes, and so do its gradients."""

import numpy as np
import pytest
import torch

from atomlens.networks.convolution import MoleculePairs, convolve, convolve_points, convolve_reference
from atomlens.networks.schnet import SchNet, SchNetSettings
from atomlens.networks.spline import evaluate

CUTOFF = 5.0


def random_pairs(seed: int) -> tuple[np.ndarray, MoleculePairs]:
    rng = np.random.default_rng(seed)
    positions = rng.uniform(-3.0, 3.0, (30, 3))
    return positions, MoleculePairs.within(positions, np.array([0, 11, 12, 30]), CUTOFF)


def test_pairs_are_those_within_the_cutoff_inside_each_molecule():
    positions, pairs = random_pairs(0)
    molecule = np.repeat([0, 1, 2], [11, 1, 18])
    distance = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    wanted = np.triu((distance < CUTOFF) & (molecule[:, None] == molecule), 1)
    found = np.zeros_like(wanted)
    found[pairs.centres, pairs.neighbours] = True
    assert (found == wanted).all()
    np.testing.assert_allclose(pairs.distances, distance[pairs.centres, pairs.neighbours], rtol=1e-14)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
@pytest.mark.parametrize("n_features", [1, 8, 37, 128])
def test_fused_convolution_equals_plain_torch_with_all_gradients(n_features, dtype, tolerance):
    _, pairs = random_pairs(n_features)
    generator = torch.Generator().manual_seed(n_features)
    shapes = {"features": (30, n_features), "table": (67, n_features), "weight": (30, n_features)}
    drawn = {name: torch.randn(shape, dtype=dtype, generator=generator) for name, shape in shapes.items()}
    results = []
    for function, kind in ((convolve, dtype), (convolve_reference, torch.float64)):
        features, table = (drawn[name].to(kind).requires_grad_() for name in ("features", "table"))
        distances = torch.from_numpy(pairs.distances).requires_grad_()
        out = function(features, table, distances, pairs, CUTOFF)
        slopes = torch.autograd.grad((out * drawn["weight"].to(kind)).sum(), (features, table, distances))
        results.append((out, *slopes))
    for fused, plain in zip(*results, strict=True):
        assert (fused.double() - plain).abs().max() <= tolerance * plain.abs().max()


def test_gradcheck_of_the_fused_convolution():
    positions = np.random.default_rng(5).uniform(-1.5, 1.5, (5, 3))
    pairs = MoleculePairs.within(positions, np.array([0, 5]), CUTOFF)
    inputs = (
        torch.randn(5, 3, dtype=torch.float64, requires_grad=True),
        torch.randn(19, 3, dtype=torch.float64, requires_grad=True),
        torch.from_numpy(pairs.distances).requires_grad_(),
    )
    assert torch.autograd.gradcheck(lambda f, t, d: convolve(f, t, d, pairs, CUTOFF), inputs, atol=1e-6)


@pytest.mark.parametrize("n_points", [0, 1, 63, 200])
def test_around_points_it_is_the_plain_sum_over_atoms(n_points):
    rng = np.random.default_rng(n_points)
    points, positions = rng.uniform(-9, 9, (n_points, 3)), rng.uniform(-3, 3, (9, 3))
    features, table = torch.from_numpy(rng.normal(size=(9, 5))), torch.from_numpy(rng.normal(size=(67, 5)))
    distances = torch.cdist(torch.from_numpy(points), torch.from_numpy(positions))
    filters = evaluate(table, distances.reshape(-1), CUTOFF).view(n_points, 9, 5)
    found = convolve_points(points, positions, features, table, CUTOFF, torch.full((n_points, 5), 7.0).double())
    torch.testing.assert_close(found, (filters * features).sum(1))


def test_the_table_follows_the_filter_network_closely():
    torch.manual_seed(1)
    network = SchNet(SchNetSettings(features=32, interactions=1), (1, 6)).double()
    distances = torch.linspace(0.0, CUTOFF - 1e-9, 4001, dtype=torch.float64)
    with torch.no_grad():
        exact = network.interactions[0].filters(*network.expand(distances))
        tabulated = evaluate(network.tables()[0], distances, CUTOFF)
    assert float((exact - tabulated).abs().max()) < 3e-5 * float(exact.abs().max())


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_tables_of_all_interactions_are_those_of_each_with_the_same_gradients(dtype, tolerance):
    torch.manual_seed(2)
    network = SchNet(SchNetSettings(features=7, interactions=3, gaussians=9, intervals=20), (1, 6)).to(dtype)
    weights = [
        p for layer in network.layers for p in (*layer.filter_first.parameters(), *layer.filter_second.parameters())
    ]
    expansion, envelope, solve = network.at_sites()
    alone = [solve @ layer.filters(expansion, envelope) for layer in network.layers]
    together = network.tables()
    factors = [torch.randn_like(table) for table in alone]
    slopes = [
        torch.autograd.grad(sum((f * t).sum() for f, t in zip(factors, tables, strict=True)), weights)
        for tables in (alone, together)
    ]
    for a, b in [*zip(alone, together, strict=True), *zip(*slopes, strict=True)]:
        torch.testing.assert_close(b, a, rtol=tolerance, atol=tolerance * float(a.detach().abs().max()))
