"""Measures how a model of crystals is trusted (`networks.grades`): how often errors are large in each grade.

Nothing is fitted here: the calibrated spread of the ensemble, and distances among held-out sites, are the model's own.
They are measured on its own test crystals, and on the crystals of the other sets that have its elements: other
compositions and structures, with energies of formation from other references, by some tenths of an eV an atom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.networks.grades import GRADES, judge
from atomlens.networks.model import TrainedModel
from atomlens.networks.sites import fit_sites
from atomlens.networks.trust import ERROR
from atomlens.training.crystals import CRYSTALS
from atomlens.training.datasets import Examples
from atomlens.training.roc import auc
from atomlens.training.sources import entry_of, spaced
from atomlens.training.volumes import fit_volumes
from atomlens.units import EV_KCAL_PER_MOL

#: Crystals of another set that are looked at, evenly spaced.
FOREIGN = 1_000
#: Test crystals that are looked at once one atom of each was moved, at random and by so many Å.
DISPLACED, STEP = 300, 0.6


def as_trained(model: TrainedModel, data: Path) -> dict[str, Any]:
    """How long bonds are in the model's training crystals (`networks.volumes`), and how their sites stand to their
    neighbours (`networks.sites`), for its card; data: as below."""
    splits = entry_of({crystals.title: crystals for crystals in CRYSTALS}, model.card).read(data, "energy")
    batch = splits.train.batch
    if batch.cells is None:
        raise TypeError("crystals have cells")
    volumes = fit_volumes(batch, splits.validation.batch)
    sites = fit_sites(batch.numbers, batch.positions, batch.cells, batch.offsets)
    return {
        "volumes": {
            "radii": _by_symbol(volumes.radii),
            "sums": _by_symbol(volumes.sums),
            "pairs": _by_symbols(volumes.pairs, volumes.pairs != 0.0),
            "stretches": [round(stretch, 4) for stretch in volumes.stretches],
        },
        "sites": {
            "radii": _by_symbol(sites.radii),
            "ratios": [round(ratio, 4) for ratio in sites.ratios],
            "closest": _by_symbols(sites.closest, np.isfinite(sites.closest)),
            "shells": sites.shells.round(4).tolist(),
        },
    }


def _by_symbol(values: NDArray[np.float64]) -> dict[str, float]:
    """Of (119,) those that are known."""
    return {SYMBOLS[z]: round(float(values[z]), 3) for z in np.flatnonzero(np.isfinite(values))}


def _by_symbols(values: NDArray[np.float64], said: NDArray[np.bool_]) -> dict[str, float]:
    """Of (119, 119), symmetric, those that are to be said."""
    return {
        f"{SYMBOLS[one]}-{SYMBOLS[other]}": round(float(values[one, other]), 3)
        for one, other in np.argwhere(said).tolist()
        if one <= other
    }


def measure_crystals(model: TrainedModel, data: Path) -> dict[str, Any]:
    """Figures for the card of a model of crystals, whose volumes it has; data: folder of the data sets."""
    own = entry_of({crystals.title: crystals for crystals in CRYSTALS}, model.card)
    trust = model.card.raw["trust"]
    figures: dict[str, Any] = {**trust, "unit": "kcal/mol per atom", "error": ERROR}
    test = own.read(data, "energy").test
    grades, spread, errors = _judged(model, test, range(len(test)))
    figures["auc"] = auc(spread, errors > ERROR)
    figures["test"] = {"data": own.title, **_shares(grades, errors)}
    displaced = _with_one_moved(test.select(spaced(len(test), DISPLACED)))
    grades, _, _ = _judged(model, displaced, range(len(displaced)))
    counts = np.bincount(grades, minlength=len(GRADES)).tolist()
    figures["moved"] = {"angstrom": STEP, "n": len(displaced), "grades": dict(zip(GRADES, counts, strict=True))}
    figures["others"] = []
    for other in CRYSTALS:
        if other is not own:
            examples = other.read(data, "energy").train
            rows = _of_elements(examples, np.array(model.elements))
            rows = rows[spaced(len(rows), FOREIGN)]
            grades, _, errors = _judged(model, examples, rows.tolist())
            figures["others"].append({"data": other.title, **_shares(grades, errors)})
    return figures


def _with_one_moved(examples: Examples) -> Examples:
    """The same crystals, an atom of each moved by `STEP`; their energies are no longer theirs."""
    rng = np.random.default_rng(0)
    positions, offsets = examples.batch.positions.copy(), examples.batch.offsets
    steps = rng.normal(size=(len(examples), 3))
    positions[rng.integers(offsets[:-1], offsets[1:])] += STEP * steps / np.linalg.norm(steps, axis=1, keepdims=True)
    return replace(examples, batch=replace(examples.batch, positions=positions))


def _of_elements(examples: Examples, elements: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of the crystals that have no others."""
    foreign = ~np.isin(examples.batch.numbers, elements)
    return np.flatnonzero(np.add.reduceat(foreign.astype(np.int64), examples.batch.offsets[:-1]) == 0)


def _judged(
    model: TrainedModel, examples: Examples, rows: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """(n,) places of the grades in `GRADES`; calibrated spreads and absolute errors, kcal/mol an atom."""
    found = []
    for row in rows:
        part = examples.select(np.array([row]))
        batch, outputs = part.batch, model.outputs(part.batch)
        n = len(batch.numbers)
        totals = outputs.outputs.sum(1) + model.reference_energies[batch.numbers].sum()
        spread = model.spread_factor * float(totals.std(ddof=1))
        cell = None if batch.cells is None else batch.cells[0]
        spreads = outputs.outputs.std(0, ddof=1)
        trust = judge(model, batch.numbers, outputs.representation, spread, spreads, cell, positions=batch.positions)
        grade = GRADES.index("outside" if trust is None else trust.grade)
        found.append((grade, spread / n, abs(float(outputs.weights @ totals) - part.targets[0]) / n))
    grades, spreads_, errors = np.array(found).T
    return grades.astype(np.int64), spreads_ * EV_KCAL_PER_MOL, errors * EV_KCAL_PER_MOL


def _shares(grades: NDArray[np.int64], errors: NDArray[np.float64]) -> dict[str, Any]:
    """How many crystals get each grade, and how many of those err by more than 5 kcal/mol an atom."""
    rows = {}
    for place, grade in enumerate(GRADES):
        mine = grades == place
        beyond = round(float((errors[mine] > ERROR).mean()), 4) if mine.any() else None
        rows[grade] = {"n": int(mine.sum()), "share_beyond": beyond}
    return {"n": len(grades), "share_beyond": round(float((errors > ERROR).mean()), 4), "grades": rows}
