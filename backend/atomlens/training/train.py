"""From a recipe to a released model: the fit, wherever it runs, then statistics, weights of the ensemble, figures."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import torch

from atomlens.errors import CheckpointError, InputError
from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.checkpoint import read_networks
from atomlens.networks.schnet import SchNet
from atomlens.training.dipole_components import ComponentTrainer
from atomlens.training.displaced_fit import organic_trainer
from atomlens.training.ensemble import combine
from atomlens.training.evaluate import evaluate
from atomlens.training.fit import Trainer
from atomlens.training.organic import ORGANIC, ORGANIC_DIPOLE
from atomlens.training.problem import read_problem
from atomlens.training.recipe import Recipe, read_recipe
from atomlens.training.release import release
from atomlens.training.surroundings import take_statistics

#: Data sets with forces or vectors, whose fits are their own.
_OWN_FITS = (ORGANIC.key, ORGANIC_DIPOLE.key)


def trainer_of(recipe: Recipe, folder: Path) -> Trainer:
    """The fit of a recipe, with snapshots and learning curve in `folder`."""
    if recipe.data in _OWN_FITS:
        return organic_trainer(recipe, folder)
    kind = ComponentTrainer if recipe.fit.components else Trainer
    return kind(recipe, read_problem(recipe), folder)


def train(
    path: Path,
    resume: bool,
    runs: Path = Path("runs"),
    member: int = 0,
    device: str | None = None,
    seconds: float = 0.0,
    tune: bool = False,
) -> None:
    """Follow the recipe at `path`; snapshots and learning curve go to runs/NAME, the model to models/NAME.

    resume: go on from the newest snapshot (runs/NAME, else models/wip/NAME beside the released models); member: which
    network of the ensemble (runs/NAME-k for k > 0); device: of torch, such as "cuda", on which the whole fit then runs
    in one go, for as many steps as the recipe has or, if given, for so many seconds; tune: from the released network,
    by what the recipe says under `tune`. Raises `CheckpointError` where there is none.
    """
    recipe = read_recipe(path, member, tune)
    if tune and device is not None:
        raise CheckpointError(f"{recipe.name} is tuned by the processor alone: leave out the device.")
    folder = runs / recipe.run
    trainer = trainer_of(recipe, folder)
    if tune:
        trainer.start_from(_released(recipe))
    if device is not None:
        _train_on(trainer, device, seconds)
    else:
        if resume:
            _resume(trainer, recipe, folder)
        trainer.run()
        if recipe.fit.steps:
            trainer.validate()  # such a fit does not on its way
    release(trainer)
    model = recipe.released / recipe.name
    if member == 0:
        take_statistics(model, recipe.folder)
    combine(model, recipe.folder)
    # the card of an ensemble stands for all its members, whichever was trained last
    evaluate(model, recipe.folder)


def _released(recipe: Recipe) -> SchNet | BehlerParrinello:
    folder = recipe.released / recipe.name
    networks = read_networks(folder)
    if recipe.member >= len(networks):
        raise CheckpointError(f"{folder} has {len(networks)} networks: there is no member {recipe.member} to train on.")
    return networks[recipe.member]


def _resume(trainer: Trainer, recipe: Recipe, folder: Path) -> None:
    own, kept = folder, recipe.released / "wip" / recipe.run
    source = next((p for p in (own, kept) if (p / "snapshot.safetensors").is_file()), None)
    if source is None:
        return
    trainer.resume(source / "snapshot.safetensors")
    if source == kept and (kept / "curve.csv").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept / "curve.csv", folder / "curve.csv")


def _train_on(trainer: Trainer, device: str, seconds: float) -> None:
    from atomlens.training.accelerated.job import run
    from atomlens.training.accelerated.problems import organic_job
    from atomlens.training.labelled import read_labelled

    recipe = trainer.recipe
    if recipe.data not in _OWN_FITS:
        raise InputError(
            f"{recipe.name} is trained on the processor alone.",
            code="no_device",
            hint=f"Fits of {' and '.join(_OWN_FITS)} run on other devices.",
        )
    job = organic_job(read_labelled(recipe.folder), recipe, trainer.problem.references)
    steps = 0 if seconds else recipe.fit.steps or recipe.fit.epochs * trainer.steps_per_epoch
    job = replace(job, schedule=replace(job.schedule, steps=steps, seconds=seconds))
    done = run(job, torch.device(device))
    trainer.adopt(done.network, done.steps, done.seconds)
