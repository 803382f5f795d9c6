"""How each network of an ensemble divides a molecule among its atoms: from it follows the spread of any sum of atoms.

The spread of a sum is that of the members' sums, not of the atoms' spreads: what one member moves from an atom to its
neighbour leaves the sum of both as it is. Σ over all atoms gives the spread of the total (for energies; before its
calibration), a single atom the `contribution_spread` of `explain.prediction`.
"""

from __future__ import annotations

from typing import Any

from atomlens.chem.molecule import Molecule
from atomlens.networks.charges import neutralized
from atomlens.networks.protocol import AtomicModel, Batch


def members(model: AtomicModel, molecule: Molecule) -> dict[str, Any]:
    """Contributions (n_members, n_atoms) of every network, eV or e, and its weight; raises `UnknownElement`."""
    batch = Batch.of([molecule])
    atomic = model.outputs(batch)
    energy = model.quantity == "energy"
    outputs = atomic.outputs if energy else neutralized(atomic.outputs, batch)
    return {
        "model": model.name,
        "checkpoint": model.checkpoint_hash,
        "unit": "eV" if energy else "e",
        "weights": atomic.weights.tolist(),
        "contributions": outputs.tolist(),
    }
