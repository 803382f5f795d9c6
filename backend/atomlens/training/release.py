"""The release of a fit: the averaged weights as a checkpoint, with a complete card."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens import __version__
from atomlens.chem.elements import SYMBOLS, stoichiometry
from atomlens.errors import CheckpointError
from atomlens.networks.card import CARD, Card
from atomlens.networks.checkpoint import read_environments, read_networks, save
from atomlens.training.datasets import Examples, Target, element_counts
from atomlens.training.inputs import Inputs, prepare
from atomlens.training.objective import dipole_vectors
from atomlens.training.problem import errors_of

if TYPE_CHECKING:
    from atomlens.training.fit import Trainer

#: eV by which references may differ for two fits to count as of the same problem.
SAME_REFERENCE = 1e-6
#: Stoichiometries of crystals up to which a card names them.
FEW = 3


def release(trainer: Trainer) -> Card:
    """Test the averaged weights, fix the sign of latent charges, write them to models/NAME as the recipe's member.

    Members that are there already stay, if they stand on the same references; raises `CheckpointError` otherwise.
    """
    recipe, network = trainer.recipe, trainer.finished()
    test = trainer.problem.splits.test
    figures = _figures(errors_of(prepare(network, test.batch), test, trainer.problem), trainer.problem.figure.unit)
    took = {
        "seed": recipe.fit.seed,
        "steps": trainer.progress.step,
        "epochs": trainer.progress.step // trainer.steps_per_epoch,
        "training_seconds": round(trainer.progress.seconds),
        "fit": {**vars(recipe.fit)},
    }
    # what a network was before it was tuned stays told
    first = Card.read(recipe.released / recipe.name).raw["members"][recipe.member] if recipe.tune else {}
    entry: dict[str, Any] = {
        **first,
        "network": network.settings.to_dict(),
        **({"tune": {**took, "before": first.get("tune")}} if recipe.tune else took),
        "validation": {"mae": round(trainer.progress.last, 4), "unit": trainer.problem.figure.unit},
        "test": figures,
    }
    vectors = trainer.problem.data.dipole_vectors
    if trainer.problem.quantity == "dipole" and vectors is not None:
        entry |= _sign(trainer, network, *vectors(recipe.folder))
    return _join(recipe.released / recipe.name, recipe.member, network, {**_card(trainer), "test": figures}, entry)


def _join(folder: Path, member: int, network: nn.Module, card: dict[str, Any], entry: dict[str, Any]) -> Card:
    """Put a network among the members in `folder`; the card is the first member's."""
    kept: list[nn.Module] = []
    entries: list[dict[str, Any]] = []
    if (folder / CARD).is_file():
        old = Card.read(folder).raw
        if _differ(old["reference_energies"], card["reference_energies"]):
            raise CheckpointError(
                f"The members in {folder} stand on other references than this one.",
                hint="Move them away, or train on the same molecules.",
            )
        kept, entries = list(read_networks(folder)), list(old["members"])
        card = {**card, "learning_curve": old.get("learning_curve")} if member == 0 else old
    if member > len(kept):
        raise CheckpointError(f"{folder} has {len(kept)} members: member {member} cannot follow. Train those first.")
    kept[member : member + 1] = [network]
    entries[member : member + 1] = [entry]
    return save(folder, {**card, "members": entries}, kept, {} if member == 0 else read_environments(folder))


def _differ(a: dict[str, float] | None, b: dict[str, float] | None) -> bool:
    if a is None or b is None:
        return a is not b
    return a.keys() != b.keys() or any(abs(a[key] - b[key]) > SAME_REFERENCE for key in a)


def _figures(errors: NDArray[np.float64], unit: str) -> dict[str, Any]:
    return {
        "mae": round(float(np.abs(errors).mean()), 4),
        "rmse": round(float(np.sqrt((errors**2).mean())), 4),
        "unit": unit,
        "n": len(errors),
    }


def _sign(trainer: Trainer, network: nn.Module, ids: NDArray[np.int64], vectors: NDArray[np.float64]) -> dict[str, Any]:
    """Sign of Σ μ·μ_known over training molecules with known vectors: |μ| alone leaves that of all charges free."""
    train = trainer.problem.splits.train
    _, ours, theirs = np.intersect1d(train.ids, ids, return_indices=True)
    predictions = _vectors(prepare(network, train.batch.select(ours)), np.arange(len(ours)))
    projection = float((predictions * vectors[theirs]).sum())
    return {
        "sign": 1 if projection > 0 else -1,
        "sign_projection": projection,
        "sign_molecules": len(ours),
    }


def _vectors(inputs: Inputs, molecules: NDArray[np.int64]) -> NDArray[np.float64]:
    parts = []
    with torch.no_grad():
        for first in range(0, len(molecules), 500):
            parts.append(dipole_vectors(*inputs.raw(molecules[first : first + 500])).double().numpy())
    return np.concatenate(parts)


def _card(trainer: Trainer) -> dict[str, Any]:
    recipe, problem = trainer.recipe, trainer.problem
    data, target, energy = problem.data, problem.data.target(problem.quantity), problem.quantity == "energy"
    free = _by_symbol(trainer, data.free_atom_energies) if energy else {}
    return {
        "name": recipe.name,
        "title": recipe.title,
        "family": recipe.family,
        "property": problem.quantity,
        "unit": "eV" if energy else "debye",
        "contribution_unit": "eV" if energy else "e",
        "elements": [SYMBOLS[z] for z in trainer.elements],
        "cutoff": trainer.network.cutoff,
        "reference_energies": _by_symbol(trainer, dict(enumerate(problem.references))) if energy else None,
        "free_atom_energies": free or None,
        "description": recipe.description or f"{recipe.title}: {target.noun} at {data.level}.",
        "limits": list(recipe.limits) or _limits(trainer, target),
        "periodic": data.periodic,
        "trained": _sizes(problem.splits.train),
        "data": {
            "name": data.title,
            "target": target.target,
            "level": data.level,
            "licence": data.licence,
            "source": data.source,
            "train": int(np.isfinite(problem.splits.train.targets).sum()),
            "auxiliary": _auxiliary(trainer),
            "validation": len(problem.splits.validation),
            "test": len(problem.splits.test),
            "split": data.split,
            "structures_of_element": _structures(trainer),
        },
        "published": dict(target.published[recipe.family]) if recipe.family in target.published else None,
        "version": __version__,
    }


def _structures(trainer: Trainer) -> dict[str, int]:
    """Of how many training structures each element is part."""
    elements, counts = element_counts(trainer.problem.splits.train.batch)
    found = (counts > 0).sum(0)
    return {SYMBOLS[z]: int(n) for z, n in zip(elements, found, strict=True)}


def _limits(trainer: Trainer, target: Target) -> list[str]:
    """Those of the data set, and whether its compositions leave the references undetermined."""
    limits = list(target.limits)
    if trainer.problem.quantity == "energy":
        elements, counts = element_counts(trainer.problem.splits.train.batch)
        rank = int(np.linalg.matrix_rank(counts))
        if rank < len(elements):
            limits.append(
                f"The compositions determine {rank} of {len(elements)} combinations of reference energies; among the "
                "rest the references of minimum norm were taken, so a contribution has no zero of its own."
            )
    return limits


def _auxiliary(trainer: Trainer) -> dict[str, Any] | None:
    """The other target that taught the network, and of how many molecules; None without one."""
    described = trainer.problem.data.auxiliary
    if trainer.recipe.fit.auxiliary <= 0.0 or described is None:
        return None
    known = np.isfinite(trainer.problem.splits.train.auxiliary)
    return {"target": described["target"], "train": int(known.sum()), "source": described["source"]}


def _by_symbol(trainer: Trainer, values: Mapping[int, float]) -> dict[str, float]:
    return {SYMBOLS[z]: float(values[z]) for z in trainer.elements if z in values}


def _sizes(train: Examples) -> dict[str, Any]:
    sizes: dict[str, Any] = {}
    if train.batch.cells is not None:
        volumes = np.abs(np.linalg.det(train.batch.cells)) / np.diff(train.batch.offsets)
        sizes["volume_per_atom"] = [round(float(volumes.min()), 4), round(float(volumes.max()), 4)]
        kinds = {
            stoichiometry(train.batch.numbers[start:stop]) for start, stop in pairwise(train.batch.offsets.tolist())
        }
        # of many kinds, none is telling
        if len(kinds) <= FEW:
            sizes["stoichiometries"] = sorted(list(kind) for kind in kinds)
    heavy = np.add.reduceat((train.batch.numbers > 1).astype(np.int64), train.batch.offsets[:-1])
    atoms = np.diff(train.batch.offsets)
    sizes["atoms_max"] = int(atoms.max())
    if train.batch.cells is None:  # how many atoms a cell has is the author's choice
        sizes["atoms_min"] = int(atoms.min())
    return {"heavy_atoms_max": int(heavy.max()), **sizes}
