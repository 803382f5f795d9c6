"""python kernels_interpreted.py IN.npz OUT.npz: the kernels of the accelerated fit, in triton's interpreter.

Reads a batch of pairs, values, and what gradients are asked with; writes results and gradients.
"""

import os
import sys
from dataclasses import replace

os.environ["TRITON_INTERPRET"] = "1"

import numpy as np
import torch

from atomlens.training.accelerated import kernels
from atomlens.training.accelerated.convolution import Pairs


def main(source: str, target: str) -> None:
    given = {key: torch.from_numpy(value) for key, value in np.load(source).items()}
    cutoff = float(given["cutoff"])
    x, change, table, distances, raw, bias = (
        given[key].requires_grad_(True) for key in ("x", "change", "table", "distances", "raw", "bias")
    )
    indices = {key: given[key].int() for key in ("centres", "neighbours", "pointer", "order")}
    pairs = Pairs(**indices, paired=given["paired"], distances=distances, rates=given["rates"])
    found = {}

    def keep(name: str, result: torch.Tensor, asked: torch.Tensor, inputs: dict[str, torch.Tensor]) -> None:
        found[name] = result
        gradients = torch.autograd.grad((result * asked).sum(), list(inputs.values()))
        found.update({f"{name}.{key}": value for key, value in zip(inputs, gradients, strict=True)})

    sums = kernels.convolve(x, table, pairs, cutoff)
    keep("sums", sums, given["asked"][0], {"x": x, "table": table, "distances": distances})
    both = kernels.convolve_changes(
        torch.stack([x, change]), table, replace(pairs, distances=distances.detach()), cutoff
    )
    keep("both", both, given["asked"], {"x": x, "change": change, "table": table})
    keep("softened", kernels.soften_changes(raw, bias), given["asked"], {"raw": raw, "bias": bias})
    np.savez(target, **{key: value.detach().numpy() for key, value in found.items()})


main(*sys.argv[1:])
