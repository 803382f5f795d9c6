"""The kernels of a graphics processor against operations of torch, in triton's interpreter, which needs none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from atomlens.training.accelerated.convolution import (
    convolved,
    convolved_changes,
    order_by_interval,
    pairs_of,
    softened_changes,
)
from atomlens.training.accelerated.networks import schnet_tables
from atomlens.training.accelerated.tables import Tables, gather
from training.test_accelerated import molecules, schnet

ROWS = 40


@pytest.fixture(scope="module")
def compared(run_reference: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    """What was found and what is expected, by name."""
    network, rng = schnet(), torch.Generator().manual_seed(0)
    cutoff, intervals = network.cutoff, network.settings.intervals
    features = network.settings.features
    tables = Tables.of(molecules(5), network.elements, cutoff, {})
    # an empty place between others, and rows without an atom or a pair
    batch = gather(tables, torch.tensor([3, -1, 1, 0, 4]), ROWS, 300)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=rng)

    pairs = pairs_of(batch, batch.positions.requires_grad_(True), cutoff, intervals, drawn(ROWS, 3))
    assert not bool(pairs.paired.all())
    x, change, raw, bias = drawn(ROWS, features), drawn(ROWS, features), 3.0 * drawn(2, ROWS, features), drawn(features)
    table, asked = schnet_tables(network)[0].detach(), drawn(2, ROWS, features)
    inputs = {"x": x, "change": change, "table": table, "distances": pairs.distances, "raw": raw, "bias": bias}
    for value in inputs.values():
        value.requires_grad_(True)
    results = {
        "sums": (convolved(x, table, pairs, cutoff), ("x", "table", "distances"), asked[0]),
        "both": (
            convolved_changes(torch.stack([x, change]), table, pairs, cutoff),
            ("x", "change", "table"),
            asked,
        ),
        "softened": (softened_changes(raw, bias), ("raw", "bias"), asked),
    }
    expected = {}
    for name, (result, by, weights) in results.items():
        expected[name] = result
        gradients = torch.autograd.grad((result * weights).sum(), [inputs[key] for key in by])
        expected.update({f"{name}.{key}": value for key, value in zip(by, gradients, strict=True)})
    folder: Path = tmp_path_factory.mktemp("kernels")
    assert pairs.rates is not None
    given = inputs | {
        "asked": asked,
        "cutoff": torch.tensor(cutoff),
        "centres": pairs.centres,
        "neighbours": pairs.neighbours,
        "pointer": pairs.pointer,
        "paired": pairs.paired,
        "rates": pairs.rates,
        "order": order_by_interval(pairs.distances.detach(), pairs.paired, cutoff, intervals),
    }
    np.savez(folder / "in.npz", **{key: value.detach().numpy() for key, value in given.items()})
    run_reference("kernels_interpreted.py", folder / "in.npz", folder / "out.npz")
    found = np.load(folder / "out.npz")
    return {key: (found[key], value.detach().numpy()) for key, value in expected.items()}


@pytest.mark.parametrize(
    "name",
    [
        *("sums", "sums.x", "sums.table", "sums.distances"),
        *("both", "both.x", "both.change", "both.table"),
        *("softened", "softened.raw", "softened.bias"),
    ],
)
def test_kernels_give_what_operations_of_torch_give(compared: dict[str, tuple], name: str) -> None:
    found, expected = compared[name]
    assert np.abs(expected).max() > 0.1
    assert found == pytest.approx(expected, rel=2e-5, abs=2e-5 * float(np.abs(expected).max()))
