"""Geometries that the forces of released networks lead to from the plan's anchors, with their labels.

Where a network relaxes a molecule to something that xTB holds for costly, it has learned too little just there; no
displacement that is thought out beforehand finds those places. Chunk by chunk, as `displaced`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.training.labels.anchors import Anchor
from atomlens.training.labels.displace import Positions
from atomlens.training.labels.displaced import ANCHORS_A_CHUNK, Rows, label_displaced, plan_at
from atomlens.training.labels.processes import make_missing
from atomlens.training.labels.recipe import Relaxed
from atomlens.training.labels.xtb import NoLabel, label

#: Geometries (n, 3) in Å on the way that the forces of a network lead, the first included: of its folder, atomic
#: numbers (n,), positions and bonds (n_bonds, 2). Defined at the top of a module, for other processes have to find it.
Way = Callable[[Path, NDArray[np.int64], Positions, NDArray[np.int64]], list[Positions]]


def label_downhill(plan_path: Path, folder: Path, asked: Relaxed, way: Way, workers: int) -> list[Path]:
    """Make every chunk that is missing; all of them, network by network."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(plan_at(plan_path).anchors), ANCHORS_A_CHUNK)
    wanted = [
        (folder / f"{network.name}-{first:06d}.npz", plan_path, first, network, asked, way)
        for network in asked.networks
        for first in starts
    ]
    make_missing(_chunk, wanted, workers, "Labels downhill")
    return [chunk for chunk, *_ in wanted]


def _chunk(chunk: Path, plan_path: Path, first: int, network: Path, asked: Relaxed, way: Way) -> None:
    anchors, rows = plan_at(plan_path).anchors, Rows()
    for index in range(first, min(first + ANCHORS_A_CHUNK, len(anchors))):
        if 3 <= len(anchors[index].numbers) <= asked.atoms and anchors[index].source != "simple":
            _label_anchor(rows, anchors[index], index, network, asked.frames, way)
    rows.write(chunk)


def _label_anchor(rows: Rows, anchor: Anchor, index: int, network: Path, frames: int, way: Way) -> None:
    """So many geometries, evenly spaced along the way, the last among them."""
    try:
        zero = label(anchor.numbers, anchor.positions).energy
    except NoLabel:
        rows.failed += 1
        return
    found = way(network, anchor.numbers, anchor.positions, anchor.bonds)
    last = len(found) - 1
    for k in sorted({last * k // frames for k in range(1, frames + 1)} - {0}) if last > 0 else []:
        label_displaced(rows, "relaxed", index, (anchor.numbers, found[k]), zero)
