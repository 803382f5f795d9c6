"""How much a model leans on each pair of atoms: P_ij = ∂E/∂s_ij at s = 1.

s_ij multiplies the cutoff function of the pair wherever it enters: in SchNet in both directions of every interaction,
in Behler–Parrinello in the radial functions and in every angular function that contains it, a third atom's included.
Σ P_ij is not the energy: it is a sensitivity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.networks.protocol import AtomicModel, Batch


@dataclass(frozen=True, eq=False)
class Pairs:
    """One model's pairs within its cutoff, nearest first.

    atoms: (n_pairs, 2), the smaller number first; distances: (n_pairs,) Å; values: (n_pairs,) P_ij in eV; bonded:
    (n_pairs,) bool.
    """

    model: str
    checkpoint: str
    cutoff: float
    atoms: NDArray[np.int64]
    distances: NDArray[np.float64]
    values: NDArray[np.float64]
    bonded: NDArray[np.bool_]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Pairs)."""
        return {
            "model": self.model,
            "checkpoint": self.checkpoint,
            "unit": "eV",
            "cutoff": self.cutoff,
            "atoms": self.atoms.tolist(),
            "distances": self.distances.tolist(),
            "values": self.values.tolist(),
            "bonded": self.bonded.tolist(),
        }


def sensitivities(model: AtomicModel, molecule: Molecule) -> Pairs:
    """All pairs within the model's cutoff; raises `UnknownElement`, `InputError` for a dipole model."""
    matrix = model.pair_sensitivities(Batch.of([molecule]))
    first, second = np.triu_indices(len(molecule), 1)
    distances = np.linalg.norm(molecule.positions[first] - molecule.positions[second], axis=1)
    order = np.argsort(distances, kind="stable")
    order = order[distances[order] < model.cutoff]
    first, second = first[order], second[order]
    bonds = {(min(i, j), max(i, j)) for i, j, _ in molecule.bonds}
    return Pairs(
        model=model.name,
        checkpoint=model.checkpoint_hash,
        cutoff=model.cutoff,
        atoms=np.stack([first, second], axis=1),
        distances=distances[order],
        values=matrix[first, second],
        bonded=np.array([pair in bonds for pair in zip(first.tolist(), second.tolist(), strict=True)], dtype=np.bool_),
    )
