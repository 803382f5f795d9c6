"""The release of a fit: the averaged weights as a checkpoint, with a complete card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens import __version__
from atomlens.chem.elements import SYMBOLS
from atomlens.errors import CheckpointError
from atomlens.networks.card import CARD, Card
from atomlens.networks.checkpoint import read_environments, read_networks, save
from atomlens.training.datasets import Examples, read_dipole_vectors
from atomlens.training.inputs import Inputs, prepare
from atomlens.training.objective import dipole_vectors
from atomlens.training.problem import errors_of
from atomlens.units import FREE_ATOM_ENERGIES_B3LYP_EV

if TYPE_CHECKING:
    from atomlens.training.fit import Trainer

#: eV by which references may differ for two fits to count as of the same problem.
SAME_REFERENCE = 1e-6
#: Published for QM9 with 110,000 training molecules: SchNetPack, J. Chem. Theory Comput. 15, 448 (2019).
PUBLISHED = {
    ("schnet", "energy"): (0.26, "kcal/mol", "U0"),
    ("bp", "energy"): (0.43, "kcal/mol", "U0"),
    ("schnet", "dipole"): (0.020, "debye", "dipole moment"),
    ("bp", "dipole"): (0.064, "debye", "dipole moment"),
}


def release(trainer: Trainer) -> Card:
    """Test the averaged weights, fix the sign of latent charges, write them to models/NAME as the recipe's member.

    Members that are there already stay, if they stand on the same references; raises `CheckpointError` otherwise.
    """
    recipe, network = trainer.recipe, trainer.finished()
    test = trainer.problem.splits.test
    figures = _figures(errors_of(prepare(network, test.batch), test, trainer.problem), trainer.problem.figure[1])
    entry: dict[str, Any] = {
        "network": network.settings.to_dict(),
        "seed": recipe.fit.seed,
        "steps": trainer.progress.step,
        "epochs": trainer.progress.step // trainer.steps_per_epoch,
        "training_seconds": round(trainer.progress.seconds),
        "fit": {**vars(recipe.fit)},
        "validation": {"mae": round(trainer.progress.last, 4), "unit": trainer.problem.figure[1]},
        "test": figures,
    }
    if trainer.problem.quantity == "dipole":
        entry |= _sign(trainer, network)
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


def _sign(trainer: Trainer, network: nn.Module) -> dict[str, Any]:
    """Sign of Σ μ·μ_MP2 over training molecules: |μ| alone leaves the sign of all charges free."""
    ids, vectors = read_dipole_vectors(trainer.recipe.folder / "qm9_mp2_10k.npz")
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
    energy = problem.quantity == "energy"
    published = PUBLISHED[recipe.family, problem.quantity]
    level = "B3LYP/6-31G(2df,p)"
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
        "free_atom_energies": _by_symbol(trainer, dict(FREE_ATOM_ENERGIES_B3LYP_EV)) if energy else None,
        "description": recipe.description
        or f"{recipe.title}: {'electronic energy' if energy else 'dipole moment'} at {level}.",
        "limits": list(recipe.limits) or _limits(energy),
        "trained": _sizes(problem.splits.train),
        "data": {
            "name": "QM9",
            "target": "electronic energy, U0 − ZPVE" if energy else "magnitude of the dipole moment",
            "level": level,
            "licence": "CC0",
            "source": "Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1, 140022 (2014)",
            "train": int(np.isfinite(problem.splits.train.targets).sum()),
            "auxiliary": _auxiliary(trainer),
            "validation": len(problem.splits.validation),
            "test": len(problem.splits.test),
            "split": "fixed, by QM9 identifiers",
        },
        "published": {
            "mae": published[0],
            "unit": published[1],
            "target": published[2],
            "train": 110000,
            "source": "SchNetPack, J. Chem. Theory Comput. 15, 448 (2019)",
        },
        "version": __version__,
    }


def _limits(energy: bool) -> list[str]:
    limits = [
        "Neutral closed-shell molecules of H, C, N, O; trained on molecules of at most nine heavy atoms.",
        "Trained on minima of B3LYP/6-31G(2df,p): stretched bonds and strained geometries lie outside.",
        "Only the sum over atoms is trained: the split among atoms is the model's own.",
    ]
    if not energy:
        limits.append("Trained on the length of the dipole moment; its sign is fixed by MP2 vectors.")
    return limits


def _auxiliary(trainer: Trainer) -> dict[str, Any] | None:
    """The other target that taught the network, and of how many molecules; None without one."""
    if trainer.recipe.fit.auxiliary <= 0.0:
        return None
    known = np.isfinite(trainer.problem.splits.train.auxiliary)
    return {
        "target": "G4MP2 energy of atomization at 0 K",
        "train": int(known.sum()),
        "source": "Ward et al., MRS Commun. 9, 891 (2019)",
    }


def _by_symbol(trainer: Trainer, values: dict[int, float]) -> dict[str, float]:
    return {SYMBOLS[z]: float(values[z]) for z in trainer.elements if z in values}


def _sizes(train: Examples) -> dict[str, int]:
    heavy = np.add.reduceat((train.batch.numbers > 1).astype(np.int64), train.batch.offsets[:-1])
    return {"atoms_max": int(np.diff(train.batch.offsets).max()), "heavy_atoms_max": int(heavy.max())}
