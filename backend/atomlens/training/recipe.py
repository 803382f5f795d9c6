"""The recipe of a training: what is trained, on what, how long; a TOML file."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Quantity


@dataclass(frozen=True)
class Fit:
    """How the fit goes.

    batch: molecules a step; epochs: passes over the training set; learning_rate: peak; schedule: "cosine" or
    "plateau"; warmup: steps; average: decay of the moving average of weights; weight_decay: decoupled;
    free_atoms: weight of the free atoms in the loss (0: left out); auxiliary: weight of G4MP2 energies in the loss, of
    which more molecules have one (0: left out; energies alone); clip: largest norm of the gradient;
    patience: epochs without improvement before a plateau schedule halves the rate.
    """

    batch: int = 64
    epochs: int = 40
    learning_rate: float = 1e-3
    schedule: str = "cosine"
    warmup: int = 1000
    average: float = 0.999
    weight_decay: float = 0.0
    free_atoms: float = 0.0
    auxiliary: float = 0.0
    clip: float = 10.0
    patience: int = 5
    seed: int = 0


@dataclass(frozen=True)
class Recipe:
    """A whole training. `path`: of the TOML file; relative folders in it are relative to the file."""

    path: Path
    name: str
    title: str
    family: str
    quantity: Quantity
    folder: Path
    network: dict[str, Any]
    fit: Fit
    description: str = ""
    limits: tuple[str, ...] = ()
    train_size: int | None = None
    released: Path = field(default=Path("models"))


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe; raises `CheckpointError` naming what is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CheckpointError(f"The recipe {path} cannot be read: {error}.") from error
    known = {item.name for item in dataclasses.fields(Fit)}
    surplus = set(data.get("fit", {})) - known
    if surplus:
        raise CheckpointError(f"{path}: [fit] does not know {sorted(surplus)}; it knows {sorted(known)}.")
    try:
        recipe = Recipe(
            path=path,
            name=data["name"],
            title=data["title"],
            family=data["network"].pop("family"),
            quantity=data["quantity"],
            folder=(path.parent / data["data"]["folder"]).resolve(),
            network=data["network"],
            fit=Fit(**data.get("fit", {})),
            description=data.get("description", ""),
            limits=tuple(data.get("limits", ())),
            train_size=data["data"].get("train_size"),
            released=(path.parent / data.get("released", "../models")).resolve(),
        )
    except KeyError as error:
        raise CheckpointError(f"{path}: {error} is missing.") from error
    if recipe.family not in ("schnet", "bp") or recipe.quantity not in ("energy", "dipole"):
        raise CheckpointError(f"{path}: family is schnet or bp, quantity energy or dipole.")
    if recipe.fit.auxiliary > 0.0 and recipe.quantity != "energy":
        raise CheckpointError(f"{path}: only energies have an auxiliary target.")
    if recipe.fit.schedule not in ("cosine", "plateau"):
        raise CheckpointError(f"{path}: schedule is cosine or plateau, not {recipe.fit.schedule}.")
    return recipe
