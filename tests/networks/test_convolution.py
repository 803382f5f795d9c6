"""The fused kernel computes what plain torch computes, and so do its gradients."""

import numpy as np
import pytest
import torch

from atomlens.networks.convolution import MoleculePairs, PointPairs, convolve, convolve_reference
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


@pytest.mark.parametrize("seed", range(3))
def test_fused_convolution_equals_plain_torch_with_all_gradients(seed):
    _, pairs = random_pairs(seed)
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(30, 8, dtype=torch.float64, generator=generator, requires_grad=True)
    table = torch.randn(67, 8, dtype=torch.float64, generator=generator, requires_grad=True)
    distances = torch.from_numpy(pairs.distances).requires_grad_()
    weight = torch.randn(30, 8, dtype=torch.float64, generator=generator)
    results = []
    for function in (convolve, convolve_reference):
        out = function(features, table, distances, pairs, CUTOFF)
        results.append((out, *torch.autograd.grad((out * weight).sum(), (features, table, distances))))
    for fused, plain in zip(*results, strict=True):
        torch.testing.assert_close(fused, plain, rtol=1e-10, atol=1e-10)


def test_gradcheck_of_the_fused_convolution():
    positions = np.random.default_rng(5).uniform(-1.5, 1.5, (5, 3))
    pairs = MoleculePairs.within(positions, np.array([0, 5]), CUTOFF)
    inputs = (
        torch.randn(5, 3, dtype=torch.float64, requires_grad=True),
        torch.randn(19, 3, dtype=torch.float64, requires_grad=True),
        torch.from_numpy(pairs.distances).requires_grad_(),
    )
    assert torch.autograd.gradcheck(lambda f, t, d: convolve(f, t, d, pairs, CUTOFF), inputs, atol=1e-6)


def test_around_points_it_equals_plain_torch_and_refuses_gradients():
    rng = np.random.default_rng(2)
    pairs = PointPairs.around(rng.uniform(-4, 4, (50, 3)), rng.uniform(-3, 3, (9, 3)), CUTOFF)
    features, table = torch.from_numpy(rng.normal(size=(9, 4))), torch.from_numpy(rng.normal(size=(67, 4)))
    arguments = (table, torch.from_numpy(pairs.distances), pairs, CUTOFF)
    torch.testing.assert_close(convolve(features, *arguments), convolve_reference(features, *arguments))
    with pytest.raises(TypeError, match="no gradient"):
        convolve(features.requires_grad_(), *arguments)


def test_the_table_follows_the_filter_network_closely():
    torch.manual_seed(1)
    network = SchNet(SchNetSettings(features=32, interactions=1), (1, 6)).double()
    distances = torch.linspace(0.0, CUTOFF - 1e-9, 4001, dtype=torch.float64)
    with torch.no_grad():
        exact = network.interactions[0].filters(*network.expand(distances))
        tabulated = evaluate(network.tables()[0], distances, CUTOFF)
    assert float((exact - tabulated).abs().max()) < 3e-5 * float(exact.abs().max())
