"""All stages of a set of labels, one after another."""

from __future__ import annotations

import json
from pathlib import Path

from atomlens.training.labels.anchors import Plan
from atomlens.training.labels.assemble import assemble, write
from atomlens.training.labels.displaced import label_all
from atomlens.training.labels.downhill import Way, label_downhill
from atomlens.training.labels.plan import make_plan
from atomlens.training.labels.recipe import read_label_recipe
from atomlens.training.openff import read_conformers


def make(path: Path, workers: int, way: Way, runs: Path = Path("runs/labels")) -> dict[str, int]:
    """Follow the recipe at `path` in runs/NAME and return how many rows of each kind there are.

    way: how a molecule is relaxed by a network.
    Stages that are there, and pieces of stages, are not made again; raises `CheckpointError` where data are missing.
    """
    from atomlens.training.labels.dft import free_atoms, label_small

    recipe = read_label_recipe(path)
    folder = runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "plan.npz").is_file():
        make_plan(recipe).write(folder / "plan.npz")
    plan = Plan.read(folder / "plan.npz")
    label_all(folder / "plan.npz", folder / "displaced", recipe.seed, recipe.counts, workers)
    small = label_small(plan, folder / "dft", workers)
    atoms = folder / "atoms.json"
    if not atoms.is_file():
        atoms.write_text(json.dumps(free_atoms()))
    free = {int(z): energy for z, energy in json.loads(atoms.read_text()).items()}
    chunks = sorted((folder / "displaced").glob("[0-9]*.npz"))
    chunks += label_downhill(folder / "plan.npz", folder / "relaxed", recipe.relaxed, way, workers)
    data, counts = assemble(plan, read_conformers(recipe.data), chunks, small, free)
    write(folder / f"{recipe.name}.npz", data, counts)
    return counts
