"""How |P_ij| (`explain.pairs`) falls with the distance of the pair, over the test molecules of a model's data.

All pairs within the cutoff, sorted by their two elements and by distance in steps of `WIDTH`. Of each step: the mean of
P_ij with its sign, and the 10 %, 50 % and 90 % quantiles of |P_ij|. Bonds need no mark, for distance tells
them: among QM9's minima they are shorter than 1.7 Å, with hydrogen 1.2 Å, and nearly all other distances longer than
1.9 Å (two hydrogens: 1.6 Å).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.errors import InputError
from atomlens.networks.checkpoint import load
from atomlens.networks.decay import DECAY
from atomlens.networks.protocol import AtomicModel, Batch
from atomlens.training.catalogue import data_set_of

#: Å.
WIDTH = 0.1
#: Steps with fewer pairs are left out: their quantiles would be single pairs.
FEWEST = 10
QUANTILES = {"low": 0.1, "median": 0.5, "high": 0.9}


def take_decay(folder: Path, data: Path, progress: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """Statistics of the model in `folder` over the test molecules in `data`; also written to folder/pairs.json.

    Raises `InputError` for a dipole model.
    """
    model = load(folder)
    if model.quantity != "energy":
        raise InputError(f"{model.name} predicts dipole moments: pairs are of energies.", code="no_pairs")
    test = data_set_of(model.card).read(data, "energy").test.batch
    found = decay(model, test, progress)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    # a line for each pair of elements, so that a change is seen where it is
    (folder / DECAY).write_text(text.replace('{"elements"', '\n{"elements"') + "\n", encoding="utf-8")
    return found


def decay(model: AtomicModel, molecules: Batch, progress: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """The statistics as docs/http.md gives them; energies in eV, lengths in Å."""
    elements, distances, values = _all_pairs(model, molecules, progress)
    steps = np.floor(distances / WIDTH).astype(np.int64)
    tables = []
    for first, second in np.unique(elements, axis=0).tolist():
        mine = (elements == (first, second)).all(1)
        table = _table(steps[mine], values[mine])
        if table["n"]:
            tables.append({"elements": [SYMBOLS[first], SYMBOLS[second]], **table})
    return {
        "model": model.name,
        "checkpoint": model.checkpoint_hash,
        "unit": "eV",
        "cutoff": model.cutoff,
        "width": WIDTH,
        "molecules": len(molecules),
        "pairs": tables,
    }


def _table(steps: NDArray[np.int64], values: NDArray[np.float64]) -> dict[str, list[Any]]:
    table: dict[str, list[Any]] = {key: [] for key in ("distances", "n", "mean", *QUANTILES)}
    for step, n in zip(*(counts.tolist() for counts in np.unique(steps, return_counts=True)), strict=True):
        if n < FEWEST:
            continue
        mine = values[steps == step]
        table["distances"].append(round((step + 0.5) * WIDTH, 3))
        table["n"].append(n)
        table["mean"].append(_digits(mine.mean()))
        for key, part in QUANTILES.items():
            table[key].append(_digits(np.quantile(np.abs(mine), part)))
    return table


def _digits(value: np.floating) -> float:
    return float(f"{value:.4g}")


def _all_pairs(
    model: AtomicModel, molecules: Batch, progress: Callable[[float], None]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Of every pair: its atomic numbers (n, 2), the smaller first; distance (n,) in Å; P_ij (n,) in eV."""
    # one small molecule at a time: threads would only wait for one another
    threads = torch.get_num_threads(), numba.get_num_threads()
    torch.set_num_threads(1)
    numba.set_num_threads(1)
    parts = []
    try:
        for m in range(len(molecules)):
            molecule = molecules.select([m])
            first, second = np.triu_indices(len(molecule.numbers), 1)
            d = np.linalg.norm(molecule.positions[first] - molecule.positions[second], axis=1)
            near = d < model.cutoff
            first, second = first[near], second[near]
            numbers = np.sort(molecule.numbers[np.stack([first, second], axis=1)], axis=1)
            parts.append((numbers, d[near], model.pair_sensitivities(molecule)[first, second]))
            progress((m + 1) / len(molecules))
    finally:
        torch.set_num_threads(threads[0])
        numba.set_num_threads(threads[1])
    elements, distances, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    return elements, distances, values
