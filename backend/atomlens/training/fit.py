"""The fit: batches, loss, moving average of weights, schedule, learning curve, snapshots, release."""

from __future__ import annotations

import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import nn

from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.half_gradients import half_gradients_pay
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet
from atomlens.training import snapshot
from atomlens.training.auxiliary import Difference
from atomlens.training.datasets import Examples
from atomlens.training.flat import FlatParameters
from atomlens.training.inputs import BehlerParrinelloInputs, Inputs, build_network, prepare
from atomlens.training.objective import predicted
from atomlens.training.problem import Problem, errors_of
from atomlens.training.recipe import Recipe
from atomlens.training.whitening import Whitening

#: Seconds between snapshots: what a crash can cost.
SNAPSHOT_SECONDS = 60.0


class Trainer:
    """One fit in progress; `run` goes on until the recipe's last epoch, or `until` a step."""

    def __init__(self, recipe: Recipe, problem: Problem, folder: Path) -> None:
        self.recipe, self.problem, self.folder = recipe, problem, folder
        torch.manual_seed(recipe.fit.seed)
        self.elements = tuple(int(z) for z in np.unique(problem.splits.train.batch.numbers))
        self.network = build_network(recipe.family, recipe.network, self.elements)
        self.free_atoms = self._free_atoms()
        examples = problem.splits.train.batch
        # the free atoms stand behind the molecules and pass through the network with every batch of them
        everything = examples if self.free_atoms is None else examples.followed_by(self.free_atoms[0])
        half = recipe.fit.half_gradients and half_gradients_pay()
        self.inputs = prepare(
            self.network, everything, standardize=len(examples), scale=recipe.fit.scale, half_gradients=half
        )
        self.whitening = self._whitened()
        self.validation = self.prepare(problem.splits.validation.batch)
        self.targets = problem.residuals(problem.splits.train)
        #: what an error of each molecule counts: one, or one for each atom
        self.shares = torch.from_numpy(problem.figure.shares(examples).astype(np.float32))
        self.auxiliary_targets = problem.auxiliary_residuals(problem.splits.train)
        # what is trained and kept in snapshots; only the network is released
        self.trained = nn.ModuleDict({"network": self.network})
        if recipe.fit.auxiliary > 0.0:
            hidden = self.validation.atoms(np.arange(1)).hidden.shape[1]
            self.trained["auxiliary"] = Difference(len(self.elements), hidden)
        self.weights = FlatParameters(self.trained)
        self.optimizer = torch.optim.AdamW(
            [self.weights.vector], lr=recipe.fit.learning_rate, weight_decay=recipe.fit.weight_decay, fused=True
        )
        self.progress = snapshot.Progress()
        self._adopted: SchNet | BehlerParrinello | None = None
        self._begun: dict[str, torch.Tensor] | None = None
        self._shuffled: tuple[int, NDArray[np.int64]] | None = None

    def _whitened(self) -> Whitening | None:
        if self.recipe.fit.whitening <= 0.0 or not isinstance(self.inputs, BehlerParrinelloInputs):
            return None
        return self.inputs.whiten(self.recipe.fit.whitening)

    def prepare(self, batch: Batch) -> Inputs:
        """Other molecules as the network is trained to see them."""
        return prepare(self.network, batch, whitening=self.whitening, scale=self.recipe.fit.scale)

    @property
    def steps_per_epoch(self) -> int:
        """Whole batches in the training set; the rest of a shuffled epoch is left out."""
        return max(1, len(self.targets) // self.recipe.fit.batch)

    @property
    def total_steps(self) -> int:
        """Steps of the whole recipe."""
        return self.recipe.fit.steps or self.recipe.fit.epochs * self.steps_per_epoch

    def start_from(self, network: SchNet | BehlerParrinello) -> None:
        """Begin with a released network's weights. Raises RuntimeError for one of another form."""
        begun = copy.deepcopy(network)
        if isinstance(begun, BehlerParrinello) and isinstance(self.network, BehlerParrinello):
            begun.restandardize(self.network.mean, self.network.scale)
            if self.whitening is not None:
                self.whitening.unfold(begun)
        begun.scale_output(1.0 / self.recipe.fit.scale)
        self.network.load_state_dict(begun.state_dict())
        self.weights.average.copy_(self.weights.vector.detach())
        self._begun = {name: value.detach().clone() for name, value in self.network.state_dict().items()}

    def resume(self, path: Path) -> None:
        """Go on from a snapshot."""
        self.progress = snapshot.read_snapshot(path, self.trained, self.weights, self.optimizer)

    def save(self) -> None:
        """Write the snapshot of this moment."""
        path = self.folder / "snapshot.safetensors"
        snapshot.write_snapshot(path, self.trained, self.weights, self.optimizer, self.progress)

    def learning_rate(self) -> float:
        """Of the step to come."""
        fit, step = self.recipe.fit, self.progress.step
        rise = min(1.0, (step + 1) / max(1, fit.warmup))
        if fit.schedule == "plateau":
            return fit.learning_rate * rise * self.progress.rate_scale
        return fit.learning_rate * rise * 0.5 * (1.0 + math.cos(math.pi * step / self.total_steps))

    def step(self) -> float:
        """One step of the optimizer; returns the loss."""
        fit = self.recipe.fit
        loss = self._next_loss()
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        self.weights.zero_gradient()
        loss.backward()  # type: ignore[no-untyped-call]
        self.weights.clip_gradient(fit.clip)
        self.optimizer.step()
        self.progress.step += 1
        self.weights.move_average(min(fit.average, (1.0 + self.progress.step) / (10.0 + self.progress.step)))
        return float(loss.detach())

    def _next_loss(self) -> torch.Tensor:
        batch = self.recipe.fit.batch
        epoch, place = divmod(self.progress.step, self.steps_per_epoch)
        return self._loss(self._order(epoch)[place * batch : (place + 1) * batch])

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """Molecules of an epoch, shuffled as the seed and the epoch say, so that snapshots need not keep it."""
        if self._shuffled is None or self._shuffled[0] != epoch:
            order = np.random.default_rng([self.recipe.fit.seed, epoch]).permutation(len(self.targets))
            self._shuffled = (epoch, order)
        return self._shuffled[1]

    def _loss(self, molecules: NDArray[np.int64]) -> torch.Tensor:
        fit, n = self.recipe.fit, len(molecules)
        chosen = torch.from_numpy(molecules)
        if self.free_atoms is not None:
            molecules = np.append(molecules, len(self.targets) + np.arange(len(self.free_atoms[1])))
        atoms = self.inputs.atoms(molecules)
        predictions = predicted(atoms.raw, atoms.batch, self.problem.quantity)
        shares = self.shares[chosen]
        loss = _absolute_error(predictions[:n], self.targets[chosen], shares)
        if "auxiliary" in self.trained:
            other = self.trained["auxiliary"](atoms)[:n]
            loss = loss + fit.auxiliary * _absolute_error(other, self.auxiliary_targets[chosen], shares)
        if self.free_atoms is not None:
            loss = loss + fit.free_atoms * (predictions[n:] - self.free_atoms[1]).abs().mean()
        return loss

    @property
    def averaged(self) -> dict[str, torch.Tensor]:
        """State of the network with the moving average of its weights, and `keep` of those that it began with."""
        prefix = "network."
        average = self.weights.views(self.weights.average).items()
        own = {name.removeprefix(prefix): value for name, value in average if name.startswith(prefix)}
        keep = self.recipe.fit.keep
        if self._begun is not None and keep > 0.0:
            own = {name: torch.lerp(value, self._begun[name], keep) for name, value in own.items()}
        return {**self.network.state_dict(), **own}

    def finished(self) -> SchNet | BehlerParrinello:
        """The network as it is released: averaged weights, on standardized functions, its output as it is meant."""
        if self._adopted is not None:
            return self._adopted
        network = copy.deepcopy(self.network)
        network.load_state_dict(self.averaged)
        if self.whitening is not None and isinstance(network, BehlerParrinello):
            self.whitening.fold(network)
        network.scale_output(self.recipe.fit.scale)
        return network

    def adopt(self, network: SchNet | BehlerParrinello, steps: int, seconds: float) -> None:
        """Take a network that was trained elsewhere (`training.accelerated`) as the finished one."""
        self._adopted, self.progress.step, self.progress.seconds = network, steps, seconds
        errors = errors_of(
            prepare(network, self.problem.splits.validation.batch), self.problem.splits.validation, self.problem
        )
        self.progress.last = float(np.abs(errors).mean())

    def errors(self, inputs: Inputs, examples: Examples) -> NDArray[np.float64]:
        """(M,) signed errors of the averaged weights, in the unit in which they are reported."""
        kept = {key: value.detach().clone() for key, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.averaged)
        errors = errors_of(inputs, examples, self.problem)
        self.network.load_state_dict(kept)
        return errors

    def run(self, until: int | None = None, quiet: bool = False) -> None:
        """Train to the end, validating once an epoch and writing the learning curve as it goes."""
        last = self.total_steps if until is None else min(until, self.total_steps)
        saved = time.monotonic()
        started = saved - self.progress.seconds
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, disable=quiet) as bar:
            task = bar.add_task(self.recipe.name, total=last, completed=self.progress.step)
            running = 0.0
            while self.progress.step < last:
                loss = self.step()
                running = loss if running == 0.0 else 0.99 * running + 0.01 * loss
                self.progress.seconds = time.monotonic() - started
                bar.advance(task)
                if self.progress.step % self.steps_per_epoch == 0 and not self.recipe.fit.steps:
                    self._end_of_epoch(running)
                if time.monotonic() - saved > SNAPSHOT_SECONDS:
                    self.save()
                    saved = time.monotonic()
        self.save()

    def validate(self) -> float:
        """Mean absolute error of the averaged weights on the validation molecules, as progress and card tell it."""
        self.progress.last = float(np.abs(self.errors(self.validation, self.problem.splits.validation)).mean())
        return self.progress.last

    def _end_of_epoch(self, loss: float) -> None:
        mae = self.validate()
        if mae < self.progress.best - 1e-6:
            self.progress.best, self.progress.stale = mae, 0
        else:
            self.progress.stale += 1
        if self.recipe.fit.schedule == "plateau" and self.progress.stale > self.recipe.fit.patience:
            self.progress.rate_scale, self.progress.stale = self.progress.rate_scale * 0.5, 0
        curve = self.folder / "curve.csv"
        curve.parent.mkdir(parents=True, exist_ok=True)
        if not curve.exists():
            curve.write_text(f"epoch,step,seconds,learning_rate,loss,validation_mae_{self.problem.figure.unit}\n")
        epoch = self.progress.step // self.steps_per_epoch
        with curve.open("a") as file:
            file.write(
                f"{epoch},{self.progress.step},{self.progress.seconds:.0f},{self.learning_rate():.3e},"
                f"{loss:.6f},{mae:.5f}\n"
            )

    def _free_atoms(self) -> tuple[Batch, torch.Tensor] | None:
        """Each as a molecule of its own, and their energies without the references."""
        if self.recipe.fit.free_atoms <= 0.0 or self.problem.quantity != "energy":
            return None
        known = self.problem.data.free_atom_energies
        numbers = np.array([z for z in self.elements if z in known], dtype=np.int64)
        batch = Batch(
            numbers,
            np.zeros((len(numbers), 3)),
            np.arange(len(numbers) + 1, dtype=np.int64),
            np.zeros(len(numbers), dtype=np.int64),
        )
        energies = np.array([known[int(z)] for z in numbers])
        targets = torch.from_numpy((energies - self.problem.references[numbers]).astype(np.float32))
        return batch, targets


def _absolute_error(predictions: torch.Tensor, targets: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Mean over the batch, in which molecules without a target count as without error."""
    error = torch.where(targets.isnan(), 0.0, predictions - targets)
    return (error.abs() * shares).mean()
