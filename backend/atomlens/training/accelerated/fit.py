"""The loop of a fit on a device: batches of fixed shape, a recorded step, a moving average of the weights."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens.training.accelerated.batches import Shape, batches, fit_into, parcels, shape_for
from atomlens.training.accelerated.tables import Gathered, Tables, gather
from atomlens.training.flat import FlatParameters

#: Loss of a gathered batch.
Loss = Callable[[Tables, Gathered], torch.Tensor]


@dataclass(frozen=True)
class Schedule:
    """steps: of the whole fit, or 0 for as many as `seconds` allow, along which the learning rate then falls; see
    `recipe.Fit` for the rest."""

    steps: int
    seconds: float = 0.0
    parcels: int = 16
    parcel: int = 4
    learning_rate: float = 1e-3
    warmup: int = 1000
    average: float = 0.999
    weight_decay: float = 0.0
    clip: float = 10.0
    seed: int = 0


class DeviceFit:
    """One fit in progress on a device; configurations of the group -1 are not trained."""

    def __init__(
        self,
        module: nn.Module,
        tables: Tables,
        groups: NDArray[np.int64],
        loss: Loss,
        schedule: Schedule,
        device: torch.device,
    ) -> None:
        self.schedule, self.device, self.loss = schedule, device, loss
        self.module = module.to(device)
        self.groups, self.sizes = groups, tables.sizes
        self.tables = tables.to(device)
        self.weights = FlatParameters(self.module)
        self.rate, self.decay = (torch.zeros((), device=device) for _ in range(2))
        cuda = device.type == "cuda"
        self.optimizer = torch.optim.AdamW(
            [self.weights.vector],
            lr=self.rate if cuda else 0.0,
            weight_decay=schedule.weight_decay,
            fused=True,
            capturable=cuda,
        )
        first = self._batches(0)
        self.shape = shape_for(first, self.sizes, schedule.parcels, schedule.parcel)
        self.chosen = torch.full((self.shape.places,), -1, dtype=torch.int64, device=device)
        self.last = torch.zeros((), device=device)
        self.step_number, self.share = 0, 0.0

    def _batches(self, epoch: int) -> NDArray[np.int64]:
        rng = np.random.default_rng([self.schedule.seed, epoch])
        trained = np.flatnonzero(self.groups >= 0)
        table = parcels(self.groups[trained], self.schedule.parcel, rng)
        return batches(np.where(table >= 0, trained[table], -1), self.sizes, self.schedule.parcels, rng)

    def _schedule(self) -> Iterator[NDArray[np.int64]]:
        epoch = 0
        while True:
            yield from fit_into(self._batches(epoch), self.sizes, self.shape)
            epoch += 1

    def batch(self, chosen: torch.Tensor, shape: Shape | None = None) -> Gathered:
        """Gathered from the tables; shape: other than that of training."""
        shape = shape or self.shape
        return gather(self.tables, chosen, shape.n_atoms, shape.n_pairs)

    def _step(self) -> None:
        """Everything that is recorded: no value may be looked at here."""
        self.weights.zero_gradient()
        loss = self.loss(self.tables, self.batch(self.chosen))
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = self.weights.vector.grad
        assert gradient is not None
        length = torch.linalg.vector_norm(gradient)
        # a batch whose gradient is not finite moves nothing
        scale = torch.where(length.isfinite(), (self.schedule.clip / length).clamp(max=1.0), 0.0)
        gradient.copy_(torch.where(gradient.isfinite(), gradient, 0.0) * scale)
        self.optimizer.step()
        with torch.no_grad():
            self.weights.average.lerp_(self.weights.vector, 1.0 - self.decay)
            self.last.lerp_(loss.detach(), 0.01)

    def _recorded(self) -> Callable[[], None]:
        if self.device.type != "cuda":
            return self._step
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self._step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._step()
        return graph.replay

    def _set(self, batch: NDArray[np.int64]) -> None:
        s, k = self.schedule, self.step_number
        rise = min(1.0, (k + 1) / max(1, s.warmup))
        rate = s.learning_rate * rise * 0.5 * (1.0 + math.cos(math.pi * min(1.0, self.share)))
        self.rate.fill_(rate)
        if self.device.type != "cuda":
            for group in self.optimizer.param_groups:
                group["lr"] = rate
        self.decay.fill_(min(s.average, (1.0 + k) / (10.0 + k)))
        self.chosen.copy_(torch.from_numpy(batch), non_blocking=True)

    def run(self, report: Callable[[DeviceFit], None] | None = None, reports: int = 10) -> None:
        """Train to the last step; `report` is called so many times on the way, and at the end."""
        started, schedule, told = time.monotonic(), self._schedule(), 0
        self._set(next(schedule))
        self.rate.fill_(0.0)  # the recording takes steps of its own
        replay = self._recorded()
        for batch in schedule:
            self.share = self._progress(started)
            if self.share >= 1.0:
                break
            self._set(batch)
            replay()
            self.step_number += 1
            if report is not None and int(self.share * reports) > told:
                told = int(self.share * reports)
                report(self)
        self._wait()
        if report is not None:
            report(self)

    def _progress(self, started: float) -> float:
        """Share of the fit that is done, by steps or by time."""
        if self.schedule.steps:
            return self.step_number / self.schedule.steps
        if self.step_number % 20:
            return self.share
        self._wait()  # steps are queued long before they are done
        return (time.monotonic() - started) / self.schedule.seconds

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def averaged(self) -> dict[str, torch.Tensor]:
        """State of the module with the moving average of its weights, on the processor."""
        average = self.weights.views(self.weights.average)
        return {
            **{k: v.cpu() for k, v in self.module.state_dict().items()},
            **{k: v.detach().cpu().clone() for k, v in average.items()},
        }
