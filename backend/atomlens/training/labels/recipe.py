"""The recipe of a set of labels: which molecules, how many displaced geometries of each; a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atomlens.errors import CheckpointError

#: What a source may ask of each of its anchors, beside `anchors`, the largest number of them.
COUNTS = (
    *("stretched_bonds", "stretches", "turns", "stiff_turns", "bends", "shakes", "frames", "dimers"),
    *("angles", "hetero_turns", "puckers", "heavy_angles", "heavy_turns", "slight_turns"),
)
#: Where anchors come from.
SOURCES = ("small", "piece", "conformer", "large", "qm9", "simple", "cage")


@dataclass(frozen=True)
class Relaxed:
    """networks: folders of models whose forces are followed; atoms: of the largest molecule; frames: of each way."""

    networks: tuple[Path, ...] = ()
    atoms: int = 0
    frames: int = 0


@dataclass(frozen=True)
class LabelRecipe:
    """Name of the set, folder of the quantum-chemistry data, molecules by name, and counts of each source.

    molecules: SMILES that get anchors of their own beside those of the program's list of names, up to `heavy_atoms`;
    counts: source → what it asks (`COUNTS`, `anchors`); relaxed: what is asked of networks.
    """

    path: Path
    name: str
    data: Path
    seed: int
    heavy_atoms: int
    molecules: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    relaxed: Relaxed


def read_label_recipe(path: Path) -> LabelRecipe:
    """Read and check; raises `CheckpointError` naming what is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CheckpointError(f"The recipe {path} cannot be read: {error}.") from error
    counts = data.get("displaced", {})
    for source, asked in counts.items():
        surplus = set(asked) - {*COUNTS, "anchors"}
        if source not in SOURCES or surplus:
            raise CheckpointError(f"{path}: [displaced.{source}] {sorted(surplus)}: sources are {', '.join(SOURCES)}.")
    try:
        return LabelRecipe(
            path=path,
            name=data["name"],
            data=(path.parent / data["data"]["folder"]).resolve(),
            seed=int(data.get("seed", 0)),
            heavy_atoms=int(data["small"]["heavy_atoms"]),
            molecules=tuple(data["small"].get("molecules", ())),
            counts=counts,
            relaxed=_relaxed(data.get("relaxed"), path.parent),
        )
    except KeyError as error:
        raise CheckpointError(f"{path}: {error} is missing.") from error


def _relaxed(asked: dict[str, Any] | None, folder: Path) -> Relaxed:
    if asked is None:
        return Relaxed()
    networks = tuple((folder / network).resolve() for network in asked["networks"])
    return Relaxed(networks, int(asked["atoms"]), int(asked["frames"]))
