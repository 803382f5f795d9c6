"""Geometries that the forces of released networks lead to from the plan's anchors, with their labels.

Where a network relaxes a molecule to something that xTB holds for costly, it has learned too little just there; no
displacement that is thought out beforehand finds those places. Chunk by chunk, as `displaced`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from atomlens.training.labels.anchors import Anchor, Plan
from atomlens.training.labels.displace import Positions
from atomlens.training.labels.displaced import ANCHORS_A_CHUNK, Rows, label_displaced
from atomlens.training.labels.recipe import Relaxed
from atomlens.training.labels.xtb import NoLabel, label

#: Geometries (n, 3) in Å on the way that the forces of a network lead, the first included: of its folder, atomic
#: numbers (n,), positions and bonds (n_bonds, 2). Defined at the top of a module, for other processes have to find it.
Way = Callable[[Path, NDArray[np.int64], Positions, NDArray[np.int64]], list[Positions]]


def label_downhill(plan_path: Path, folder: Path, asked: Relaxed, way: Way, workers: int) -> list[Path]:
    """Make every chunk that is missing; all of them, network by network."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(Plan.read(plan_path).anchors), ANCHORS_A_CHUNK)
    wanted = [
        (network, folder / f"{network.name}-{first:06d}.npz", first) for network in asked.networks for first in starts
    ]
    os.environ["OMP_NUM_THREADS"] = "1"  # as in `displaced.label_all`
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = [
            pool.submit(_chunk, plan_path, chunk, first, network, asked, way)
            for network, chunk, first in wanted
            if not chunk.is_file()
        ]
        for future in track(as_completed(futures), "Labels downhill", total=len(futures)):
            future.result()
    return [chunk for _, chunk, _ in wanted]


def _chunk(plan_path: Path, chunk: Path, first: int, network: Path, asked: Relaxed, way: Way) -> None:
    anchors, rows = Plan.read(plan_path).anchors, Rows()
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
