"""Forces: −∂E/∂r_i of an energy model, by which each atom is pulled where the energy falls."""

from __future__ import annotations

from typing import Any

from atomlens.chem.molecule import Molecule
from atomlens.networks.protocol import AtomicModel, Batch


def forces(model: AtomicModel, molecule: Molecule) -> dict[str, Any]:
    """(n_atoms, 3) eV/Å, JSON form; raises `UnknownElement`, and `InputError` ("no_forces") for a dipole model."""
    found = model.forces(Batch.of([molecule]))
    return {"model": model.name, "checkpoint": model.checkpoint_hash, "unit": "eV/Å", "forces": found.tolist()}
