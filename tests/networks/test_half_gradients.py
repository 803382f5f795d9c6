"""Gradients from half-precision factors: outputs are untouched, and gradients are off by the rounding alone."""

import numpy as np
import pytest
import torch

from atomlens.networks.convolution import MoleculePairs
from atomlens.networks.kernels import half as kernel
from atomlens.networks.schnet import SchNet, SchNetSettings


def bits(tensor: torch.Tensor) -> np.ndarray:
    return tensor.view(torch.int16).numpy().view(np.uint16)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 3.0


@pytest.mark.parametrize("rows", [1, 63, 200])
def test_kernels_round_as_torch_rounds(rows):
    x, bias = drawn(rows, 5), drawn(5, seed=1)
    half, slope, out = torch.empty(rows, 5, dtype=torch.bfloat16), torch.empty(rows, 5, dtype=torch.bfloat16), x.clone()
    kernel.shift(x.numpy(), bias.numpy(), out.numpy(), bits(half))
    assert torch.equal(half, x.bfloat16())
    assert torch.equal(out, x + bias)
    sums = kernel.round_and_sum(x.numpy(), bits(half))
    assert torch.equal(half, x.bfloat16())
    np.testing.assert_allclose(sums, x.double().sum(0).numpy(), atol=1e-4)
    softened = x.clone()
    kernel.soften(softened.numpy(), bias.numpy(), bits(half), bits(slope))
    exact = (x + bias).double()
    wanted = torch.nn.functional.softplus(exact) - np.log(2.0)
    assert (softened.double() - wanted).abs().max() < 2e-6
    assert torch.equal(half, softened.bfloat16())
    assert (slope.double() - torch.sigmoid(exact)).abs().max() < 2.0**-8
    before = half.clone()
    sums = kernel.scale_and_sum(bits(half), bits(slope))
    product = before.float() * slope.float()
    assert torch.equal(half, product.bfloat16())
    np.testing.assert_allclose(sums, product.double().sum(0).numpy(), atol=1e-4)
    assert torch.equal(torch.from_numpy(kernel.add(x.numpy(), bits(half))), x + half.float())


def test_a_training_pass_differs_from_single_precision_by_the_rounding_alone():
    torch.manual_seed(3)
    network = SchNet(SchNetSettings(features=16, interactions=3, gaussians=12, intervals=40), (1, 6, 8))
    rng = np.random.default_rng(3)
    positions, species = rng.uniform(-3.0, 3.0, (60, 3)), torch.from_numpy(rng.integers(0, 3, 60))
    pairs = MoleculePairs.within(positions, np.array([0, 20, 21, 60]), network.cutoff)
    distances = torch.from_numpy(pairs.distances)
    weights = dict(network.named_parameters())
    plain = network.output(network(species, distances, pairs)[0])
    halved = network.output(network.with_half_gradients(species, distances, pairs))
    torch.testing.assert_close(halved, plain, rtol=1e-5, atol=1e-5)
    exact = torch.autograd.grad(plain.square().sum(), list(weights.values()))
    rounded = torch.autograd.grad(halved.square().sum(), list(weights.values()))
    for name, a, b in zip(weights, exact, rounded, strict=True):
        assert (a - b).norm() < 0.01 * a.norm(), name
    # they are rounded at all: the test is not comparing one thing with itself
    assert any(not torch.allclose(a, b, rtol=1e-5) for a, b in zip(exact, rounded, strict=True))
