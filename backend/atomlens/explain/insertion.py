"""A probe atom at single points: felt by nobody, and put in.

- one-way: Ω_Z(r) − Ω_Z(∞), the molecule does not feel the probe (`explain.field`);
- insertion: E(M + probe) − E(M) − ε_Z − e_Z(∞), both feel each other: molecule and probe as one molecule.

Both vanish far away. Source: arXiv:1806.10349.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError, MalformedInput
from atomlens.networks.protocol import AtomicModel, Batch

#: Points of one question: each is a molecule of its own.
MAX_POINTS = 201
#: Atoms whose arrays are held at one time.
ATOMS_A_BLOCK = 4_096


@dataclass(frozen=True, eq=False)
class Insertion:
    """One model's answer. one_way, insertion: (n_points,) eV."""

    model: str
    checkpoint: str
    element: int
    one_way: NDArray[np.float64]
    insertion: NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Points)."""
        return {
            "model": self.model,
            "checkpoint": self.checkpoint,
            "element": SYMBOLS[self.element],
            "unit": "eV",
            "one_way": self.one_way.tolist(),
            "insertion": self.insertion.tolist(),
        }


def check_points(points: NDArray[np.float64]) -> None:
    """Raise `MalformedInput` for points (n, 3) that are none, or too many."""
    if points.ndim != 2 or points.shape[1] != 3 or not np.isfinite(points).all():
        raise MalformedInput("Points are rows of three numbers, Å.", field="points")
    if not 1 <= len(points) <= MAX_POINTS:
        raise MalformedInput(f"Give 1 to {MAX_POINTS} points.", field="points")


def insert(model: AtomicModel, molecule: Molecule, element: int, points: NDArray[np.float64]) -> Insertion:
    """Both energies of a probe of `element` (atomic number) at points (n, 3), Å; double precision.

    Raises `UnknownElement`, `MalformedInput`, and `InputError` for a dipole model.
    """
    # compiled code, which the process that checks points and answers HTTP does not need
    from atomlens.explain.field import at_points

    check_points(points)
    if model.quantity != "energy":
        raise InputError(f"{model.name} predicts dipole moments: an insertion has an energy.", code="no_insertion")
    alone = Batch.of([molecule])
    at_infinity = float(model.probe(alone, np.zeros((0, 3)), [element]).at_infinity[0])
    # references of molecule and probe stand in both energies and cancel
    before = float(model.outputs(alone).mean.sum())
    together = np.empty(len(points))
    n = len(molecule) + 1
    step = max(1, ATOMS_A_BLOCK // n)
    for first in range(0, len(points), step):
        block = points[first : first + step]
        positions = np.concatenate([np.vstack([molecule.positions, point]) for point in block])
        batch = Batch(
            np.tile(np.append(molecule.numbers, element), len(block)),
            positions,
            np.arange(len(block) + 1, dtype=np.int64) * n,
            np.full(len(block), molecule.charge, dtype=np.int64),
        )
        together[first : first + step] = model.outputs(batch).mean.reshape(-1, n).sum(1)
    one_way = at_points(model, molecule, points, [element], "float64")[0].astype(np.float64)
    return Insertion(model.name, model.checkpoint_hash, element, one_way, together - before - at_infinity)
