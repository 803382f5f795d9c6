"""A prediction and its split among the atoms.

Energy: E = Σ_i (ε_{Z_i} + e_i); contributions are e_i, references ε_{Z_i}. Dipole moment: contributions are the
latent charges, the total is the length of the vector. Only the sum is trained: the split among atoms is the
model's own, and differs from model to model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.connections import departures, moved_atoms
from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.networks.charges import dipole_vectors, neutralized
from atomlens.networks.grades import Trust, judge
from atomlens.networks.protocol import AtomicModel, AtomicOutputs, Batch

#: Atoms whose arrays are held at one time, about 200 molecules of QM9; a larger molecule is a block of its own.
ATOMS_A_BLOCK = 4_096


@dataclass(frozen=True, eq=False)
class Prediction:
    """One model's answer for one molecule.

    total: eV (references included), or debye; uncertainty: calibrated spread of the members' totals, None for
    one member; vector: (3,) debye for a dipole; contributions: (n_atoms,) eV or e; references: (n_atoms,) eV, None
    for a dipole; contribution_spread: (n_atoms,) spread among members, None for one member; trust: grades of
    the atoms and of the molecule, None where the model keeps no statistics of its training environments.
    """

    model: str
    checkpoint: str
    quantity: str
    unit: str
    contribution_unit: str
    total: float
    uncertainty: float | None
    vector: NDArray[np.float64] | None
    contributions: NDArray[np.float64]
    references: NDArray[np.float64] | None
    contribution_spread: NDArray[np.float64] | None
    trust: Trust | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Predictions)."""

        def listed(values: NDArray[np.float64] | None) -> list[float] | None:
            return None if values is None else values.tolist()

        return {
            "model": self.model,
            "checkpoint": self.checkpoint,
            "property": self.quantity,
            "unit": self.unit,
            "contribution_unit": self.contribution_unit,
            "total": self.total,
            "uncertainty": self.uncertainty,
            "vector": listed(self.vector),
            "contributions": listed(self.contributions),
            "references": listed(self.references),
            "contribution_spread": listed(self.contribution_spread),
            "trust": None if self.trust is None else list(self.trust.grades),
            "trust_reasons": None if self.trust is None else list(self.trust.reasons),
            "molecule_trust": None if self.trust is None else self.trust.of_molecule(),
        }


def explain(model: AtomicModel, molecule: Molecule) -> Prediction:
    """Total and contributions of every atom; raises `UnknownElement`."""
    batch = Batch.of([molecule])
    return _explained(model, molecule, batch, model.outputs(batch))


def explain_all(model: AtomicModel, molecules: Sequence[Molecule], *, block: int = ATOMS_A_BLOCK) -> list[Prediction]:
    """The same of many molecules, in blocks of about `block` atoms, which pass through the networks together.

    Raises `UnknownElement`, and `ValueError` for crystals and molecules in one list.
    """
    sizes = np.array([len(molecule) for molecule in molecules], dtype=np.int64)
    found = []
    for part in _blocks(np.arange(len(molecules)), sizes, block):
        batch = Batch.of([molecules[k] for k in part])
        atomic = model.outputs(batch)
        for place, k in enumerate(part):
            atoms = slice(batch.offsets[place], batch.offsets[place + 1])
            own = AtomicOutputs(atomic.outputs[:, atoms], atomic.weights, atomic.representation[atoms])
            found.append(_explained(model, molecules[k], batch.select([place]), own))
    return found


def _explained(model: AtomicModel, molecule: Molecule, batch: Batch, atomic: AtomicOutputs) -> Prediction:
    """What the networks' outputs for one molecule mean."""
    outputs, several = atomic.outputs, model.n_members > 1
    vector = references = None
    if model.quantity == "energy":
        members, unit, contribution_unit = outputs, "eV", "eV"
        references = model.reference_energies[batch.numbers]
        contributions = atomic.mean
        totals = members.sum(1) + references.sum()
        total = float(contributions.sum() + references.sum())
    else:
        members, unit, contribution_unit = neutralized(outputs, batch), "debye", "e"
        contributions = atomic.weights @ members
        totals = np.linalg.norm(dipole_vectors(members, batch)[:, 0], axis=1)
        vector = dipole_vectors(contributions[None], batch)[0, 0]
        total = float(np.linalg.norm(vector))
    uncertainty = model.spread_factor * float(totals.std(ddof=1)) if several else None
    spreads = members.std(0, ddof=1) if several else None
    departed = departures(molecule)
    return Prediction(
        model=model.name,
        checkpoint=model.checkpoint_hash,
        quantity=model.quantity,
        unit=unit,
        contribution_unit=contribution_unit,
        total=total,
        uncertainty=uncertainty,
        vector=vector,
        contributions=contributions,
        references=references,
        contribution_spread=spreads,
        trust=judge(
            model,
            batch.numbers,
            atomic.representation,
            uncertainty or 0.0,
            spreads,
            molecule.cell,
            # what has learned such geometries is graded by how far they go
            () if model.knows_displaced else moved_atoms(molecule, departed),
            molecule.geometry.at_rest,
            molecule.positions,
            departed,
        ),
    )


@dataclass(frozen=True, eq=False)
class BatchPrediction:
    """Many molecules: total (M,), contributions (n_atoms,), uncertainty (M,) NaN for one member; unit.

    Molecules with an element that the model does not know are NaN throughout; `unknown` counts them.
    """

    total: NDArray[np.float64]
    contributions: NDArray[np.float64]
    uncertainty: NDArray[np.float64]
    unit: str
    unknown: int


def predict_batch(model: AtomicModel, batch: Batch, *, block: int = ATOMS_A_BLOCK) -> BatchPrediction:
    """Predict molecules in blocks of about `block` atoms, which bound the memory.

    Raises `MalformedInput` for a molecule without atoms.
    """
    sizes = np.diff(batch.offsets)
    if len(sizes) and sizes.min() < 1:
        raise MalformedInput(f"Molecule {int(sizes.argmin())} (counted from 0) has no atoms.", field="n_atoms")
    total, uncertainty = np.full(len(batch), np.nan), np.full(len(batch), np.nan)
    contributions = np.full(len(batch.numbers), np.nan)
    foreign = np.concatenate([[0], np.cumsum(~np.isin(batch.numbers, model.elements))])
    chosen = np.flatnonzero(np.diff(foreign[batch.offsets]) == 0)
    for molecules in _blocks(chosen, sizes[chosen], block):
        part = batch.select(molecules)
        atoms, total[molecules], members = _members(model, part)
        if model.n_members > 1:
            uncertainty[molecules] = model.spread_factor * members.std(0, ddof=1)
        # select keeps the order of atoms inside each molecule
        inside = np.repeat(batch.offsets[molecules] - part.offsets[:-1], sizes[molecules])
        contributions[inside + np.arange(len(part.numbers))] = atoms
    unit = "eV" if model.quantity == "energy" else "debye"
    return BatchPrediction(total, contributions, uncertainty, unit, len(batch) - len(chosen))


def _members(model: AtomicModel, part: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean contributions (n_atoms,), totals (M,), totals of every member (n_members, M)."""
    atomic = model.outputs(part)
    if model.quantity == "energy":
        whole = atomic.outputs + model.reference_energies[part.numbers]
        members = np.add.reduceat(whole, part.offsets[:-1], axis=1)
        return atomic.mean, atomic.weights @ members, members
    charges = neutralized(atomic.outputs, part)
    atoms = atomic.weights @ charges
    members = np.linalg.norm(dipole_vectors(charges, part), axis=2)
    return atoms, np.linalg.norm(dipole_vectors(atoms[None], part)[0], axis=1), members


def _blocks(molecules: NDArray[np.int64], sizes: NDArray[np.int64], block: int) -> list[NDArray[np.int64]]:
    """Cut where the atoms so far pass a multiple of `block`."""
    if not len(molecules):
        return []
    group = (np.cumsum(sizes) - 1) // block
    return np.split(molecules, np.flatnonzero(np.diff(group)) + 1)
