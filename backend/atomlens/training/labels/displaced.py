"""Displaced geometries of the plan's anchors with their labels, chunk by chunk, on all processors.

A chunk is a file of its own, written when it is whole: what is there is not made again. Random numbers depend on the
recipe's seed and the anchor alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.training.labels import displace
from atomlens.training.labels.anchors import Anchor, Plan
from atomlens.training.labels.kinds import KINDS
from atomlens.training.labels.processes import make_missing
from atomlens.training.labels.xtb import Label, NoLabel, label, trajectory

ANCHORS_A_CHUNK = 25
#: Two atoms nearer than this (Å) are no molecule any more.
NEAREST = 0.5
#: Å between two molecules that meet.
GAPS = (1.5, 4.0)


@dataclass
class Rows:
    """Labelled geometries as they come.

    difference: eV from xTB's energy of the anchor (of both, for two that meet); anchor, partner: places in the plan.
    """

    numbers: list[NDArray[np.int64]] = field(default_factory=list)
    positions: list[NDArray[np.float64]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    difference: list[float] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    anchor: list[int] = field(default_factory=list)
    partner: list[int] = field(default_factory=list)
    failed: int = 0

    def add(
        self,
        kind: str,
        anchor: int,
        geometry: tuple[NDArray[np.int64], displace.Positions],
        zero: float,
        found: Label,
        partner: int = -1,
    ) -> None:
        """One row."""
        self.numbers.append(geometry[0])
        self.positions.append(geometry[1])
        self.labels.append(found)
        self.difference.append(found.energy - zero)
        self.kind.append(KINDS.index(kind))
        self.anchor.append(anchor)
        self.partner.append(partner)

    def write(self, path: Path) -> None:
        """One npz file, in one piece."""
        empty = np.zeros((0, 3))
        arrays = {
            "n_atoms": np.array([len(z) for z in self.numbers], dtype=np.int16),
            "numbers": np.concatenate([*self.numbers, np.zeros(0)]).astype(np.uint8),
            "positions": np.concatenate([*self.positions, empty]).astype(np.float32),
            "forces": np.concatenate([*(x.forces for x in self.labels), empty]).astype(np.float32),
            "charges": np.concatenate([*(x.charges for x in self.labels), np.zeros(0)]).astype(np.float16),
            "dipole": np.array([x.dipole for x in self.labels], dtype=np.float32).reshape(-1, 3),
            "difference": np.array(self.difference, dtype=np.float64),
            "kind": np.array(self.kind, dtype=np.uint8),
            "anchor": np.array(self.anchor, dtype=np.int32),
            "partner": np.array(self.partner, dtype=np.int32),
            "failed": np.array(self.failed),
        }
        temporary = path.with_suffix(f".{os.getpid()}.part.npz")
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
        temporary.replace(path)


def label_anchor(rows: Rows, plan: Plan, index: int, seed: int, asked: dict[str, int]) -> None:
    """Put the anchor and its displaced geometries into `rows`; geometries without an answer are counted there."""
    anchor = plan.anchors[index]
    rng = np.random.default_rng([seed, index])
    try:
        zero = label(anchor.numbers, anchor.positions)
    except NoLabel:
        rows.failed += 1
        return
    rows.add("anchor", index, (anchor.numbers, anchor.positions), zero.energy, zero)
    for kind, positions in _geometries(anchor, rng, asked):
        label_displaced(rows, kind, index, (anchor.numbers, positions), zero.energy)
    for _ in range(asked.get("dimers", 0)):
        _meet(rows, plan, index, zero.energy, rng)
    # with random numbers of their own: the others stay what they are where a recipe asks for more of these
    rng = np.random.default_rng([seed, index, 1])
    for kind, positions in displace.sample_corners(anchor.numbers, anchor.positions, anchor.bonds, rng, asked):
        label_displaced(rows, kind, index, (anchor.numbers, positions), zero.energy)
    rng = np.random.default_rng([seed, index, 2])
    for kind, positions in displace.sample_rings(anchor.positions, anchor.bonds, rng, asked):
        label_displaced(rows, kind, index, (anchor.numbers, positions), zero.energy)
    rng = np.random.default_rng([seed, index, 3])
    for kind, positions in displace.sample_rare(anchor.numbers, anchor.positions, anchor.bonds, rng, asked):
        label_displaced(rows, kind, index, (anchor.numbers, positions), zero.energy)


def _geometries(
    anchor: Anchor, rng: np.random.Generator, asked: dict[str, int]
) -> Iterator[tuple[str, displace.Positions]]:
    if len(anchor.numbers) < 2:
        return
    yield from displace.sample(anchor.numbers, anchor.positions, anchor.bonds, rng, asked)
    frames = asked.get("frames", 0)
    if frames:
        temperature = float(rng.uniform(300.0, 1000.0))
        for positions in trajectory(anchor.numbers, anchor.positions, rng, temperature=temperature, frames=frames):
            yield "frame", positions


def _meet(rows: Rows, plan: Plan, index: int, zero: float, rng: np.random.Generator) -> None:
    """The anchor beside another small one."""
    small = [k for k, other in enumerate(plan.anchors) if other.source == "small" and len(other.numbers) <= 12]
    partner = small[rng.integers(len(small))]
    one, other = plan.anchors[index], plan.anchors[partner]
    try:
        both = zero + label(other.numbers, other.positions).energy
    except NoLabel:
        rows.failed += 1
        return
    positions = displace.met(one.positions, other.positions, rng, float(rng.uniform(*GAPS)))
    label_displaced(rows, "dimer", index, (np.concatenate([one.numbers, other.numbers]), positions), both, partner)


def label_displaced(
    rows: Rows,
    kind: str,
    index: int,
    geometry: tuple[NDArray[np.int64], displace.Positions],
    zero: float,
    partner: int = -1,
) -> None:
    """Put a geometry into `rows`; one without an answer, or with atoms in one place, is counted there."""
    numbers, positions = geometry
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    if (distances + 9.0 * np.eye(len(numbers))).min() < NEAREST:
        rows.failed += 1
        return
    try:
        found = label(numbers, positions)
    except NoLabel:
        rows.failed += 1
        return
    rows.add(kind, index, geometry, zero, found, partner)


def label_chunk(chunk: Path, plan_path: Path, first: int, seed: int, counts: dict[str, dict[str, int]]) -> None:
    """Label the anchors from `first` on into the file `chunk`."""
    plan = plan_at(plan_path)
    rows = Rows()
    for index in range(first, min(first + ANCHORS_A_CHUNK, len(plan.anchors))):
        label_anchor(rows, plan, index, seed, counts[plan.anchors[index].source])
    rows.write(chunk)


def label_all(
    plan_path: Path, folder: Path, seed: int, counts: dict[str, dict[str, int]], workers: int, backwards: bool = False
) -> None:
    """Make every chunk that is missing. backwards: from the last, so that two machines meet in the middle."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(Plan.read(plan_path).anchors), ANCHORS_A_CHUNK)
    wanted = [(folder / f"{first:06d}.npz", plan_path, first, seed, counts) for first in starts]
    make_missing(label_chunk, wanted[::-1] if backwards else wanted, workers, "Labels")


_PLANS: dict[Path, Plan] = {}


def plan_at(path: Path) -> Plan:
    """The plan in a file, read once a process."""
    if path not in _PLANS:
        _PLANS[path] = Plan.read(path)
    return _PLANS[path]
