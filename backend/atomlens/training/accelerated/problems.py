"""Jobs from recipes: the targets of the `organic` models as a fit sees them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch
from atomlens.training.accelerated.fit import Schedule
from atomlens.training.accelerated.job import Job
from atomlens.training.accelerated.objective import Weights
from atomlens.training.datasets import TRAIN, VALIDATION, reference_energies
from atomlens.training.labelled import Labelled, anchored, trained_rows
from atomlens.training.recipe import Recipe

#: Times that every free atom, and every geometry of two and of three atoms, is met in an epoch: a dozen curves among
#: hundreds of thousands of larger molecules hardly would be, and they are the first that a class looks at.
ROUNDS = {1: 40, 2: 8, 3: 2}
#: Atoms up to which the total of a molecule at its minimum may count more (`recipe.Fit.small`): there are some hundreds
#: of them, each among a hundred displaced ones.
FEW = 12


def references_of(labelled: Labelled) -> NDArray[np.float64]:
    """(119,) ε_Z in eV, by regression over the training conformers of the data set."""
    rows = np.flatnonzero(anchored(labelled) & (labelled.split == TRAIN))
    return reference_energies(labelled.batch.select(rows), labelled.energy[rows])


def without_references(labelled: Labelled, references: NDArray[np.float64]) -> NDArray[np.float64]:
    """(M,) eV as the network gives them; differences, which are of one composition, as they are."""
    sums = np.add.reduceat(references[labelled.batch.numbers], labelled.batch.offsets[:-1])
    return labelled.energy - np.where(labelled.absolute, sums, 0.0)


def met_more_often(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of configurations that an epoch holds beside all of them once. sizes: (M,) atoms."""
    small = [np.repeat(np.flatnonzero(sizes == n), rounds - 1) for n, rounds in ROUNDS.items()]
    return np.concatenate(small)


def totals_count(
    absolute: NDArray[np.bool_], cost: NDArray[np.float64], sizes: NDArray[np.int64], small: float
) -> NDArray[np.float32]:
    """(M,) how much the total of each configuration counts. absolute, cost: as of `Labelled`; sizes: atoms; small: as
    in `recipe.Fit`.
    """
    return (absolute * np.where((cost == 0.0) & (sizes <= FEW), small, 1.0)).astype(np.float32)


def organic_job(labelled: Labelled, recipe: Recipe, references: NDArray[np.float64]) -> Job:
    """The fit of a recipe on configurations away from the minima too."""
    fit, rows = recipe.fit, trained_rows(labelled, recipe.quantity)
    rows = np.concatenate([rows, rows[met_more_often(np.diff(labelled.batch.offsets)[rows])]])
    part = labelled.select(rows)
    of_configurations = {"cost": part.cost.astype(np.float32)}
    of_atoms = {}
    if recipe.quantity == "energy":
        of_configurations["energy"] = without_references(part, references).astype(np.float32)
        of_configurations["absolute"] = totals_count(part.absolute, part.cost, np.diff(part.batch.offsets), fit.small)
        of_atoms["forces"] = part.forces
    else:
        of_configurations["dipole"] = part.dipole.astype(np.float32)
    parcels = fit.batch // fit.parcel
    schedule = Schedule(
        fit.steps,
        0.0,
        parcels,
        fit.parcel,
        fit.learning_rate,
        fit.warmup,
        fit.average,
        fit.weight_decay,
        fit.clip,
        fit.seed,
    )
    return Job(
        recipe.family,
        recipe.quantity,
        tuple(int(z) for z in np.unique(part.batch.numbers)),
        recipe.network,
        schedule,
        Weights(fit.absolute, fit.relative, fit.force, fit.minima, fit.displaced, fit.far),
        fit.scale,
        fit.whitening,
        _centred(part.batch),
        part.group,
        part.split == VALIDATION,
        of_configurations,
        of_atoms,
    )


def dipole_length_job(
    batch: Batch, lengths: NDArray[np.float64], validation: NDArray[np.bool_], recipe: Recipe, elements: tuple[int, ...]
) -> Job:
    """The fit of |μ| (debye) alone, as QM9 has it."""
    fit = recipe.fit
    schedule = Schedule(
        fit.steps, 0.0, fit.batch, 1, fit.learning_rate, fit.warmup, fit.average, fit.weight_decay, fit.clip, fit.seed
    )
    return Job(
        recipe.family,
        "dipole",
        elements,
        recipe.network,
        schedule,
        Weights(),
        fit.scale,
        fit.whitening,
        _centred(batch),
        np.arange(len(batch)),
        validation,
        {"length": lengths.astype(np.float32)},
        {},
    )


def _centred(batch: Batch) -> Batch:
    """Every molecule about its centroid: single precision is finest there."""
    sizes = np.diff(batch.offsets)
    means = np.add.reduceat(batch.positions, batch.offsets[:-1]) / sizes[:, None]
    return Batch(batch.numbers, batch.positions - np.repeat(means, sizes, axis=0), batch.offsets, batch.charges)
