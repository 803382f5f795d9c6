"""What `organic` models are measured by, beside the errors of totals: conformers, displaced geometries, vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from atomlens.chem.elements import SYMBOLS
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.training.datasets import TEST, VALIDATION, Examples
from atomlens.training.in_blocks import blocks, member_dipoles, member_energies
from atomlens.training.labelled import Labelled, read_labelled
from atomlens.training.labels.kinds import KINDS, MOVED
from atomlens.units import EV_KCAL_PER_MOL

#: Conformers that a molecule must have for an order among them to mean something.
CONFORMERS = 5
#: What errors among conformers, of what displacements cost (kcal/mol) and of components of forces (kcal/mol/Å) count
#: beside one of a total, where members are weighed. Conformers more than their smaller errors ask for: it is there that
#: members mend one another, while the one that knows forces best knows them best alone.
DIFFERENCES, COSTS, COMPONENTS = 14.0, 1.0, 0.8
#: Held-out geometries whose forces members are weighed by.
WEIGHED = 300
#: eV above the anchor up to which displaced geometries count: a bond half pulled apart, not one pressed to nothing.
NEAR_EV = 2.0
#: Displaced geometries that forces are measured on, evenly spaced through those held out.
FORCES = 3000
#: Molecules a block where forces are wanted, which need several times the memory of energies.
FORCED = 50


def of_conformers(folder: Path, test: Examples, errors: NDArray[np.float64]) -> dict[str, Any]:
    """Relative energies and their order within each test molecule. errors: (M,) kcal/mol."""
    molecule = read_labelled(folder).molecule[test.ids]
    relative, order = [], []
    for mine in np.split(np.argsort(molecule, kind="stable"), np.flatnonzero(np.diff(np.sort(molecule))) + 1):
        if len(mine) > 1:
            relative.append(np.abs(errors[mine] - errors[mine].mean()))
        if len(mine) >= CONFORMERS:
            targets = test.targets[mine] * EV_KCAL_PER_MOL
            order.append(float(spearmanr(targets, targets + errors[mine]).statistic))
    return {
        "molecules": len(np.unique(molecule)),
        "relative_mae": round(float(np.concatenate(relative).mean()), 4),
        "median_rank_correlation": round(float(np.median(order)), 4),
        "ranked_molecules": len(order),
    }


def by_all_figures(
    folder: Path, model: TrainedModel, validation: Examples, errors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Errors of totals, of energies among the conformers of each molecule, of what displacements cost, and of forces
    away from the minima, as often and as much as they are to count: (n_members, 4 M), fewer where few were displaced.

    errors: (n_members, M) kcal/mol, of totals.
    """
    labelled = read_labelled(folder)
    among = DIFFERENCES * among_conformers(labelled.molecule[validation.ids], errors)
    anchors, rows = _displaced(labelled, VALIDATION)
    moved = _spaced(rows, errors.shape[1])
    costs = COSTS * _errors_of_costs(model, labelled, anchors, moved)
    forced = labelled.select(_spaced(rows, WEIGHED))
    found = np.concatenate([model.member_forces(block) for block in blocks(forced.batch, FORCED)], axis=1)
    components = ((found - forced.forces) * EV_KCAL_PER_MOL).reshape(len(errors), -1)
    # as many of them as there are totals
    chosen = np.linspace(0, components.shape[1] - 1, errors.shape[1]).astype(np.int64)
    return np.concatenate([errors, among, costs, COMPONENTS * components[:, chosen]], axis=1)


def among_conformers(molecule: NDArray[np.int64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_members, M) errors from their mean over each molecule. molecule: (M,); errors: (n_members, M)."""
    _, place, counts = np.unique(molecule, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(place, row) / counts for row in errors])
    return np.asarray(errors - means[:, place])


def away_from_minima(model: TrainedModel, folder: Path) -> dict[str, Any]:
    """What displacements cost and the forces there, against GFN2-xTB, on held-out molecules."""
    labelled = read_labelled(folder)
    anchors, rows = _displaced(labelled, TEST)
    error = model.ensemble.weights @ _errors_of_costs(model, labelled, anchors, rows)
    kind = labelled.kind[rows]
    spaced = _spaced(rows, FORCES)
    forced = labelled.select(spaced)
    apart = np.abs(_forces(model, forced.batch) - forced.forces) * EV_KCAL_PER_MOL
    return {
        "displaced": {
            "n": len(rows),
            "mae": round(float(np.abs(error).mean()), 4),
            "by_kind": {
                name: {"n": int((kind == k).sum()), "mae": round(float(np.abs(error[kind == k]).mean()), 4)}
                for k, name in enumerate(KINDS)
                if (kind == k).any()
            },
            "force_mae": round(float(apart.mean()), 4),
            "force_median": round(float(np.median(apart)), 4),
            "force_geometries": len(spaced),
            "highest": NEAR_EV * EV_KCAL_PER_MOL,
        }
    }


def of_vectors(model: TrainedModel, folder: Path) -> dict[str, Any]:
    """Dipole vectors and latent charges against GFN2-xTB's, on held-out molecules near their minima."""
    labelled = read_labelled(folder)
    known = np.isfinite(labelled.dipole).all(1) & (labelled.split == TEST) & (labelled.cost < NEAR_EV)
    part = labelled.select(np.flatnonzero(known))
    ours, mine = (np.tensordot(model.ensemble.weights, each, axes=1) for each in member_dipoles(model, part.batch))
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(part.dipole, axis=1)
    cosine = (ours * part.dipole).sum(1)[lengths > 0.01] / lengths[lengths > 0.01]
    numbers = part.batch.numbers
    correlation = {
        SYMBOLS[z]: round(float(np.corrcoef(mine[numbers == z], part.charges[numbers == z])[0, 1]), 3)
        for z in np.unique(numbers)
    }
    return {
        "vector_mae": round(float(np.linalg.norm(ours - part.dipole, axis=1).mean()), 4),
        "median_cosine_with_xtb_dipole": round(float(np.median(cosine)), 4),
        "correlation_with_xtb_charges": correlation,
    }


def _spaced(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """So many of them, or all, evenly spaced."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, count).astype(np.int64))]


def _displaced(labelled: Labelled, split: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Anchors of the molecules of a part, and what was displaced about them and does not cost too much."""
    kind, held = labelled.kind, labelled.split == split
    anchors = np.flatnonzero(held & (kind == KINDS.index("anchor")))
    moved = held & np.isin(kind, MOVED) & (labelled.cost < NEAR_EV)
    rows = np.flatnonzero(moved & np.isin(labelled.group, labelled.group[anchors]))
    return anchors, rows


def _errors_of_costs(
    model: TrainedModel, labelled: Labelled, anchors: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n_members, n_rows) kcal/mol, of what displaced geometries cost above their anchors.

    anchors: (n_anchors,), rows: (n_rows,) of `labelled`.
    """
    needed = anchors[np.isin(labelled.group[anchors], labelled.group[rows])]
    both = np.concatenate([needed, rows])
    errors = member_energies(model, labelled.select(both).batch) - labelled.energy[both]
    place = {group: k for k, group in enumerate(labelled.group[needed].tolist())}
    own = [place[group] for group in labelled.group[rows].tolist()]
    return np.asarray((errors[:, len(needed) :] - errors[:, own]) * EV_KCAL_PER_MOL)


def _forces(model: TrainedModel, batch: Batch) -> NDArray[np.float64]:
    return np.concatenate([model.contributions_and_forces(block)[1] for block in blocks(batch, FORCED)])
