"""Learning curves: the error against the number of training molecules, at a fixed number of steps.

A recipe asks for one in [learning_curve]: `sizes`, `steps`, and what of the network and the fit differs. Molecules with
the target alone count, so the auxiliary target is left out.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from atomlens.errors import CheckpointError
from atomlens.networks.card import CARD
from atomlens.training.fit import Trainer
from atomlens.training.inputs import prepare
from atomlens.training.problem import errors_of, read_problem
from atomlens.training.recipe import Recipe, read_recipe


def recipes_of(path: Path) -> list[Recipe]:
    """One recipe for each size that the recipe at `path` names; raises `CheckpointError` where it names none."""
    recipe = read_recipe(path)
    asked = tomllib.loads(path.read_text(encoding="utf-8")).get("learning_curve")
    if not asked or not {"sizes", "steps"} <= asked.keys():
        raise CheckpointError(f"{path} asks for no learning curve: [learning_curve] with sizes and steps.")
    fit = dataclasses.replace(recipe.fit, auxiliary=0.0, steps=asked["steps"], **asked.get("fit", {}))
    network = {**recipe.network, **asked.get("network", {})}
    return [dataclasses.replace(recipe, network=network, fit=fit, train_size=size) for size in asked["sizes"]]


def learning_curve(path: Path, runs: Path = Path("runs")) -> dict[str, Any]:
    """Train on each size, or go on where that was broken off; returns what is then written to the card in models/NAME.

    Errors are those of the test molecules. Snapshots go to runs/NAME-learning-SIZE.
    """
    recipes = recipes_of(path)
    points = []
    for recipe in recipes:
        folder = runs / f"{recipe.name}-learning-{recipe.train_size}"
        problem = read_problem(recipe)
        trainer = Trainer(recipe, problem, folder)
        if (folder / "snapshot.safetensors").is_file():
            trainer.resume(folder / "snapshot.safetensors")
        trainer.run()
        test = problem.splits.test
        errors = errors_of(prepare(trainer.finished(), test.batch), test, problem)
        points.append({"train": recipe.train_size, "mae": round(float(np.abs(errors).mean()), 4)})
    curve = {
        "steps": recipes[0].fit.steps,
        "unit": problem.figure.unit,
        "network": recipes[0].network,
        "batch": recipes[0].fit.batch,
        "points": points,
    }
    card = recipes[0].released / recipes[0].name / CARD
    raw = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps({**raw, "learning_curve": curve}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return curve
