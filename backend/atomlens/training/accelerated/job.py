"""A fit that can travel: everything it needs in one file, run wherever there is a device, its weights brought back.

python -m atomlens.training.accelerated.job JOB.npz OUT.safetensors [--seconds S] [--device cuda]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn

from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.protocol import Batch, Quantity, rows_of_pieces
from atomlens.networks.schnet import SchNet, species_index
from atomlens.training.accelerated import objective
from atomlens.training.accelerated.convolution import Pairs, pairs_of
from atomlens.training.accelerated.fit import DeviceFit, Loss, Schedule
from atomlens.training.accelerated.functions import changes_along, directions, functions_of, slopes_along
from atomlens.training.accelerated.networks import ElementStack, schnet_changes, schnet_outputs, schnet_tables
from atomlens.training.accelerated.tables import Gathered, Tables
from atomlens.training.inputs import build_network
from atomlens.training.whitening import Whitening

#: Å; the rounding moves a force by less than a hundredth of a kcal/mol/Å.
_GRID = 2.0**-13
#: Directions of each configuration along which a Behler–Parrinello network learns forces.
DIRECTIONS = 4


@dataclass(frozen=True, eq=False)
class Job:
    """batch: configurations; groups: (M,) whose differences count; targets of configurations and atoms by name:
    `energy` (without references), `absolute`, `cost` and `forces`; or `dipole`, `cost`; or `length`; scale: of the
    network's output while it is trained. validation: (M,) bool, held out.
    """

    family: str
    quantity: Quantity
    elements: tuple[int, ...]
    network: dict[str, Any]
    schedule: Schedule
    weights: objective.Weights
    scale: float
    whitening: float
    batch: Batch
    groups: NDArray[np.int64]
    validation: NDArray[np.bool_]
    of_configurations: dict[str, NDArray[np.float32]]
    of_atoms: dict[str, NDArray[np.float32]]

    def write(self, path: Path) -> None:
        """One npz file, as small as a fit does not notice: positions in steps of `_GRID`, forces in half precision."""
        head = {
            "family": self.family,
            "quantity": self.quantity,
            "elements": list(self.elements),
            "network": self.network,
            "schedule": asdict(self.schedule),
            "weights": asdict(self.weights),
            "scale": self.scale,
            "whitening": self.whitening,
        }
        arrays: dict[str, Any] = dict(
            head=np.array(json.dumps(head)),
            numbers=self.batch.numbers.astype(np.uint8),
            positions=_planes(np.diff(np.round(self.batch.positions / _GRID).astype(np.int32), axis=0, prepend=0)),
            n_atoms=np.diff(self.batch.offsets).astype(np.int16),
            groups=self.groups.astype(np.int32),
            validation=self.validation,
            **{f"configurations.{key}": value for key, value in self.of_configurations.items()},
            **{f"atoms.{key}": _planes(value.astype(np.float16)) for key, value in self.of_atoms.items()},
        )
        np.savez_compressed(path, **arrays)

    @classmethod
    def read(cls, path: Path) -> Job:
        """Inverse of `write`."""
        with np.load(path) as file:
            data = {key: file[key] for key in file.files}
        head = json.loads(str(data["head"]))
        offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))])
        steps = np.cumsum(_from_planes(data["positions"], np.int32), axis=0, dtype=np.int64)
        batch = Batch(
            data["numbers"].astype(np.int64),
            steps.astype(np.float64) * _GRID,
            offsets,
            np.zeros(len(offsets) - 1, dtype=np.int64),
        )
        return cls(
            head["family"],
            head["quantity"],
            tuple(head["elements"]),
            head["network"],
            Schedule(**head["schedule"]),
            objective.Weights(**head["weights"]),
            head["scale"],
            head["whitening"],
            batch,
            data["groups"].astype(np.int64),
            data["validation"],
            _under(data, "configurations."),
            {key: _from_planes(value, np.float16).astype(np.float32) for key, value in _under(data, "atoms.").items()},
        )


def _planes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Bytes of (n, k) numbers, all first ones before all second ones, where like stands beside like."""
    split = np.ascontiguousarray(values.T).view(np.uint8).reshape(*values.T.shape, values.itemsize)
    return np.ascontiguousarray(np.moveaxis(split, -1, 0))


def _from_planes(planes: NDArray[np.uint8], kind: type[np.generic]) -> NDArray[Any]:
    """Inverse of `_planes`."""
    joined: NDArray[Any] = np.ascontiguousarray(np.moveaxis(planes, 0, -1)).view(kind)[..., 0].T
    return joined


def _under(data: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {key.removeprefix(prefix): value for key, value in data.items() if key.startswith(prefix)}


@dataclass(frozen=True, eq=False)
class Trained:
    """A fit as far as it is: the network with averaged weights, as it is released; steps; seconds; validation errors
    by name."""

    network: SchNet | BehlerParrinello
    steps: int
    seconds: float
    errors: dict[str, float]


def run(job: Job, device: torch.device, keep: Callable[[Trained], None] | None = None) -> Trained:
    """Train on the device; ten times on the way a line of figures on stderr, and to `keep` what is there."""
    if device.type == "cuda":
        # factors with ten bits of mantissa, sums in single precision: a fit does not notice
        torch.backends.cuda.matmul.allow_tf32 = True
    torch.manual_seed(job.schedule.seed)
    started = time.monotonic()
    network = build_network(job.family, job.network, job.elements)
    asked = _schnet(job, network) if isinstance(network, SchNet) else _behler_parrinello(job, network)
    groups = np.where(job.validation, -1, job.groups)
    print(f"prepared in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    left = job.schedule.seconds - (time.monotonic() - started) if job.schedule.seconds else 0.0
    schedule = replace(job.schedule, seconds=max(left, 1.0))
    fit = DeviceFit(asked.module, asked.tables, groups, asked.loss, schedule, device)
    errors: dict[str, float] = {}

    def trained() -> Trained:
        whole = build_network(job.family, job.network, job.elements)
        asked.finish(whole, fit.averaged())
        whole.scale_output(job.scale)
        return Trained(whole, fit.step_number, time.monotonic() - started, dict(errors))

    def report(fit: DeviceFit) -> None:
        errors.update(_errors(job, fit, asked.outputs))
        shown = "  ".join(f"{key} {value:.4f}" for key, value in errors.items())
        done, spent = f"{100.0 * min(fit.share, 1.0):.0f} %", time.monotonic() - started
        print(
            f"{spent:5.0f} s  {done}, step {fit.step_number}  loss {float(fit.last):.4f}  {shown}",
            file=sys.stderr,
            flush=True,
        )
        if keep is not None:
            keep(trained())

    fit.run(report)
    return trained()


#: Raw outputs (N,) of a batch and, where asked for, forces (N, 3) or how outputs change along directions (R, N).
Outputs = Callable[[Tables, Gathered, bool], tuple[torch.Tensor, torch.Tensor | None]]


@dataclass(frozen=True, eq=False)
class _Asked:
    """What a fit needs of a family. finish: puts a state of the module into a network as it is released."""

    module: nn.Module
    tables: Tables
    loss: Loss
    outputs: Outputs
    finish: Callable[[Any, dict[str, torch.Tensor]], None]


def _schnet(job: Job, network: SchNet) -> _Asked:
    tables = Tables.of(job.batch, job.elements, network.cutoff, dict(job.of_configurations), dict(job.of_atoms))
    forces = "forces" in job.of_atoms and job.weights.force > 0.0

    def pairs(batch: Gathered, positions: torch.Tensor, displacements: torch.Tensor | None = None) -> Pairs:
        return pairs_of(batch, positions, network.cutoff, network.settings.intervals, displacements)

    def outputs(tables: Tables, batch: Gathered, slopes: bool) -> tuple[torch.Tensor, torch.Tensor | None]:
        filters = schnet_tables(network)
        return raw_and_forces(batch, [table.detach() for table in filters] if slopes else filters, slopes)

    def raw_and_forces(
        batch: Gathered, filters: list[torch.Tensor], slopes: bool
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        positions = batch.positions.requires_grad_(True) if slopes else batch.positions
        raw = schnet_outputs(network, batch, pairs(batch, positions), filters) * job.scale
        if not slopes:
            return raw, None
        (gradient,) = torch.autograd.grad(torch.where(batch.real, raw, 0.0).sum(), positions)
        return raw, -gradient

    def loss(tables: Tables, batch: Gathered) -> torch.Tensor:
        if not forces:
            raw, _ = outputs(tables, batch, False)
            return (
                objective.dipole_loss(tables, batch, raw)
                if job.quantity == "dipole"
                else _energy_loss(job, tables, batch, raw)
            )
        filters = schnet_tables(network)
        _, found = raw_and_forces(batch, [table.detach() for table in filters], True)
        assert found is not None
        found.requires_grad_(True)
        of_forces = objective.force_loss(tables, batch, found)
        (pull,) = torch.autograd.grad(of_forces, found)
        # forces are minus the slope: the loss falls with them as the energy changes along minus its gradient
        moved = pairs(batch, batch.positions.detach(), -pull)
        raw, change = schnet_changes(network, batch, moved, filters)
        along = torch.where(batch.real, change * job.scale, 0.0).sum()
        # the gradient of the one, the value of the other
        of_forces = along - along.detach() + of_forces.detach()
        return _energy_loss(job, tables, batch, raw * job.scale) + job.weights.force * of_forces

    def finish(whole: SchNet, state: dict[str, torch.Tensor]) -> None:
        whole.load_state_dict(state)

    return _Asked(network, tables, loss, outputs, finish)


def _energy_loss(job: Job, tables: Tables, batch: Gathered, raw: torch.Tensor) -> torch.Tensor:
    piece, known = batch.chosen.clamp(min=0), tables.of_configurations
    error = batch.summed(raw) - known["energy"][piece]
    present = (batch.chosen >= 0).float()
    return objective.energy_loss(
        error, known["cost"][piece], known["absolute"][piece], present, job.weights, job.schedule.parcel
    )


def _behler_parrinello(job: Job, network: BehlerParrinello) -> _Asked:
    species = species_index(job.batch.numbers, job.elements)
    trained = torch.from_numpy(np.repeat(~job.validation, np.diff(job.batch.offsets)))
    found = functions_of(network.settings.functions, job.batch)
    network.standardize(species[trained].numpy(), found[trained.numpy()])
    features = network.standardized(species, torch.from_numpy(found))
    whitening = Whitening.of(species[trained], features[trained], len(job.elements), job.whitening)
    of_atoms = {key: value for key, value in job.of_atoms.items() if key != "forces"}
    of_configurations = dict(job.of_configurations)
    tables = Tables.of(job.batch, job.elements, None, of_configurations, of_atoms)
    tables.of_atoms["functions"] = whitening.apply(species, features)
    forces = "forces" in job.of_atoms and job.weights.force > 0.0
    if forces:
        _add_changes(job, network, whitening, species, tables)
    stack = ElementStack(network)

    def outputs(tables: Tables, batch: Gathered, slopes: bool) -> tuple[torch.Tensor, torch.Tensor | None]:
        changes = None
        if slopes:
            row = tables.of_atoms["row"][batch.atoms]
            changes = torch.where(
                (batch.real & (row >= 0)).view(1, -1, 1),
                tables.of_atoms["changes"][:, row.clamp(min=0).long()].float(),
                0.0,
            )
        raw, change = stack.outputs(batch.species, tables.of_atoms["functions"][batch.atoms], changes)
        return raw * job.scale, None if change is None else change * job.scale

    def loss(tables: Tables, batch: Gathered) -> torch.Tensor:
        raw, change = outputs(tables, batch, forces)
        if job.quantity == "dipole":
            return objective.dipole_loss(tables, batch, raw)
        total = _energy_loss(job, tables, batch, raw)
        if change is None:
            return total
        along = batch.summed(change.T).T
        target = tables.of_configurations["slopes"][batch.chosen.clamp(min=0)].T
        target = torch.where((batch.chosen >= 0).unsqueeze(0), target, torch.nan)
        return total + job.weights.force * objective.slope_loss(tables, batch, along, target)

    def finish(whole: BehlerParrinello, state: dict[str, torch.Tensor]) -> None:
        whole.load_state_dict(network.state_dict())  # means and units of the functions
        stack.write_to(whole, state)
        whitening.fold(whole)

    return _Asked(stack, tables, loss, outputs, finish)


def _add_changes(
    job: Job, network: BehlerParrinello, whitening: Whitening, species: torch.Tensor, tables: Tables
) -> None:
    """Changes of the functions where forces are known, in half precision, and the slopes to be met."""
    sizes = np.diff(job.batch.offsets)
    known = np.flatnonzero(np.logical_and.reduceat(np.isfinite(job.of_atoms["forces"]).all(1), job.batch.offsets[:-1]))
    part = job.batch.select(known)
    rows = rows_of_pieces(job.batch.offsets[known], sizes[known])
    along = directions(part, DIRECTIONS, job.schedule.seed)
    changes = torch.from_numpy(changes_along(network.settings.functions, part, along))
    own = species[torch.from_numpy(rows)]
    changes *= network.scale[own]
    # pressed bonds change by more than half precision holds, and are not looked at that closely
    halved = torch.stack([whitening.apply(own, change) for change in changes]).clamp(-6e4, 6e4).half()
    slopes = np.full((len(sizes), DIRECTIONS), np.nan, dtype=np.float32)
    slopes[known] = slopes_along(part, job.of_atoms["forces"][rows].astype(np.float64), along)
    row = np.full(len(job.batch.numbers), -1, dtype=np.int32)
    row[rows] = np.arange(len(rows))
    tables.of_atoms["changes"], tables.of_atoms["row"] = halved, torch.from_numpy(row)
    tables.of_configurations["slopes"] = torch.from_numpy(slopes)


def _errors(job: Job, fit: DeviceFit, outputs: Outputs) -> dict[str, float]:
    """Of the averaged weights on the held-out configurations: mean absolute errors in kcal/mol, kcal/mol/Å, debye."""
    held = np.flatnonzero(job.validation)
    if not len(held):
        return {}
    kept = fit.weights.vector.detach().clone()
    with torch.no_grad():
        fit.weights.vector.copy_(fit.weights.average)
    sizes = fit.sizes[held]
    energies, forces, dipoles = [], [], []
    slopes = "forces" in job.of_atoms and job.weights.force > 0.0
    for first in range(0, len(held), 64):
        part = held[first : first + 64]
        atoms, pairs = sizes[first : first + 64].sum(0).tolist()
        chosen = torch.from_numpy(part).to(fit.device)
        batch = fit.batch(chosen, replace(fit.shape, n_atoms=atoms, n_pairs=pairs))
        with torch.set_grad_enabled(slopes and not isinstance(fit.module, ElementStack)):
            raw, found = outputs(fit.tables, batch, slopes)
        raw = raw.detach()
        if job.quantity == "dipole":
            dipoles.append(objective.dipole_vectors(batch, raw))
            continue
        energies.append((batch.summed(raw) - fit.tables.of_configurations["energy"][chosen]).cpu())
        if found is not None and not isinstance(fit.module, ElementStack):
            target = fit.tables.of_atoms["forces"][batch.atoms]
            forces.append((found.detach() - target)[~target.isnan().any(1)].abs().mean(1).cpu())
    with torch.no_grad():
        fit.weights.vector.copy_(kept)
    if job.quantity == "dipole":
        vectors = torch.cat(dipoles).cpu()
        if "dipole" in job.of_configurations:
            apart = (vectors - torch.from_numpy(job.of_configurations["dipole"][held])).norm(dim=1)
            return {"vector_D": float(apart.mean())}
        return {
            "length_D": float(
                (vectors.norm(dim=1) - torch.from_numpy(job.of_configurations["length"][held])).abs().mean()
            )
        }
    return _energy_errors(
        job, held, torch.cat(energies).double().numpy(), torch.cat(forces).double().numpy() if forces else None
    )


def _energy_errors(
    job: Job, held: NDArray[np.int64], error: NDArray[np.float64], forces: NDArray[np.float64] | None
) -> dict[str, float]:
    from atomlens.units import EV_KCAL_PER_MOL

    absolute = job.of_configurations["absolute"][held] > 0.0
    minima = absolute & (job.of_configurations["cost"][held] == 0.0)
    _, place = np.unique(job.groups[held], return_inverse=True)
    shares = minima.astype(np.float64)
    means = np.bincount(place, error * shares) / np.maximum(np.bincount(place, shares), 1.0)
    several = minima & (np.bincount(place, shares)[place] > 1)
    near = job.of_configurations["cost"][held] < 2.0
    away = near & ~minima
    found = {
        "total": np.abs(error[minima]).mean(),
        "relative": np.abs(error - means[place])[several].mean(),
        "away": np.abs(error[away & absolute]).mean() if (away & absolute).any() else np.nan,
    }
    if forces is not None:
        found["force"] = np.median(forces), forces.mean()
        found["force_median"], found["force"] = found["force"]
    return {key: float(value) * EV_KCAL_PER_MOL for key, value in found.items()}


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = parser.parse_args()
    job = Job.read(given.job)
    if given.seconds:
        job = replace(job, schedule=replace(job.schedule, steps=0, seconds=given.seconds))

    def keep(trained: Trained) -> None:
        head = {"steps": str(trained.steps), "seconds": f"{trained.seconds:.0f}", "errors": json.dumps(trained.errors)}
        temporary = given.out.with_suffix(".part")
        state = trained.network.state_dict()
        save_file({key: value.contiguous() for key, value in state.items()}, temporary, metadata=head)
        temporary.replace(given.out)

    run(job, torch.device(given.device), keep)


if __name__ == "__main__":
    main()
