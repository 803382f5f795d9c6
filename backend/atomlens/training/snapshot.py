"""Resumable snapshots of a fit: weights, their average, the optimizer's moments, the step; written atomically.

safetensors with a JSON header, never pickle. The order of molecules follows from the seed and the epoch, so no
state of a random generator needs keeping.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from atomlens.errors import CheckpointError
from atomlens.training.flat import FlatParameters


@dataclass
class Progress:
    """Where the fit stands: steps done, seconds spent, best and last validation error, plateau counters."""

    step: int = 0
    seconds: float = 0.0
    best: float = float("inf")
    last: float = float("nan")
    stale: int = 0
    rate_scale: float = 1.0


def write_snapshot(
    path: Path, module: nn.Module, weights: FlatParameters, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write to a temporary file beside `path`, then rename: a crash leaves the old snapshot whole."""
    tensors = {f"weights.{key}": value for key, value in module.state_dict().items()}
    tensors |= {f"average.{key}": value for key, value in weights.views(weights.average).items()}
    tensors |= {f"optimizer.{key}": torch.as_tensor(value) for key, value in _state(optimizer, weights).items()}
    tensors = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    save_file(tensors, temporary, metadata={"progress": json.dumps(vars(progress))})
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def read_snapshot(path: Path, module: nn.Module, weights: FlatParameters, optimizer: torch.optim.Optimizer) -> Progress:
    """Load into module, average and optimizer; raises `CheckpointError` where it does not fit."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (no mapping)
            progress = Progress(**json.loads(file.metadata()["progress"]))
        module.load_state_dict(_under(tensors, "weights."))
        average = _under(tensors, "average.")
        for name, view in weights.views(weights.average).items():
            view.copy_(average[name])
        state = _under(tensors, "optimizer.")
        if state and state["exp_avg"].shape != weights.vector.shape:
            raise ValueError("the optimizer's moments are of another size")
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise CheckpointError(f"The snapshot {path} does not fit this recipe: {error}.") from error
    if state:
        optimizer.state[weights.vector] = state
    return progress


def _state(optimizer: torch.optim.Optimizer, weights: FlatParameters) -> dict[str, Any]:
    state: dict[str, Any] = optimizer.state.get(weights.vector, {})
    return state


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
