"""The compiled shifted softplus equals its definition, and its slope the logistic function."""

import numpy as np
import pytest
import torch

from atomlens.networks.activation import shifted_softplus

EDGES = [0.0, -0.0, 1e-8, -1e-8, 1.0, -1.0, 20.0, -20.0, 87.0, -87.0, 104.0, -104.0, 1e4, -1e4]


def values(dtype) -> torch.Tensor:
    spread = np.random.default_rng(0).normal(0.0, 4.0, 5000)
    return torch.tensor(np.concatenate([EDGES, spread]), dtype=dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-14)])
def test_value_and_slope(dtype, tolerance):
    x = values(dtype).requires_grad_()
    exact = np.logaddexp(0.0, x.detach().double().numpy()) - np.log(2.0)
    out = shifted_softplus(x)
    np.testing.assert_allclose(out.detach().numpy(), exact, rtol=tolerance, atol=tolerance)
    (slope,) = torch.autograd.grad(out.sum(), x)
    logistic = 0.5 * (1.0 + np.tanh(0.5 * x.detach().double().numpy()))
    np.testing.assert_allclose(slope.numpy(), logistic, rtol=0.0, atol=tolerance)


def test_any_shape_and_layout():
    x = torch.randn(6, 4).t()
    torch.testing.assert_close(shifted_softplus(x), torch.nn.functional.softplus(x) - float(np.log(2.0)))
    assert shifted_softplus(torch.zeros(0, 3)).shape == (0, 3)
