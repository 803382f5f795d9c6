"""Compiling ahead of time leaves nothing to compile later."""

import numpy as np
from numba.core.registry import CPUDispatcher

from atomlens.networks.kernels import activation, convolution, neighbors, pairs, symmetry_functions
from atomlens.networks.kernels.__main__ import compile_all
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry
from tiny import ELEMENTS, tiny_models_dir


def signatures() -> dict[str, int]:
    modules = (activation, convolution, neighbors, pairs, symmetry_functions)
    return {
        name: len(value.signatures)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, CPUDispatcher)
        and not name.startswith("_")
        and value.targetoptions.get("inline") != "always"
    }


def test_every_kernel_is_compiled_for_the_types_that_models_give_it(tmp_path):
    compile_all()
    before = signatures()
    assert min(before.values()) >= 1
    batch = Batch(np.array([8, 1, 1]), np.eye(3), np.array([0, 3]), np.zeros(1, np.int64))
    registry = ModelRegistry(tiny_models_dir(tmp_path))
    for name, card in registry.cards.items():
        model = registry.load(name)
        model.outputs(batch)
        for precision in ("float32", "float64"):
            model.probe(batch, np.ones((5, 3)), ELEMENTS, precision)
        if card.quantity == "energy":
            model.forces(batch)
    assert signatures() == before
