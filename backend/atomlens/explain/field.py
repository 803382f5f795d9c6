"""The field of a probe atom: the local chemical potential Ω_Z(r), and the probe charge q_Z(r).

Ω_Z(r) is the output of the network for an atom of element Z at r that feels the molecule while the molecule
does not feel it; shown relative to Ω_Z(∞). The probe charge is raw_Z(r) − (Σ_j raw_j − Q)/N with the
molecule's own correction. Points beyond the cutoff of every atom are constants and never computed.
Source: Schütt, Gastegger, Tkatchenko, Müller, arXiv:1806.10349.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import Cancelled, InputError
from atomlens.explain.grid import Grid
from atomlens.networks.protocol import AtomicModel, Batch, Precision

FieldQuantity = Literal["potential", "charge"]

#: Points between two looks at the cancellation flag.
POINTS_A_BLOCK = 16_384
#: Nearer to a nucleus than this (Å) values are far extrapolations; ranges and levels are chosen without them.
CORE_ANGSTROM = 1.2


@dataclass(frozen=True, eq=False)
class Field:
    """values: (n_elements, nx, ny, nz) float32, eV relative to Ω(∞), or e; at_infinity: (n_elements,)."""

    grid: Grid
    quantity: FieldQuantity
    unit: str
    elements: tuple[int, ...]
    values: NDArray[np.float32]
    at_infinity: NDArray[np.float64]
    outside_core: NDArray[np.bool_]

    def summary(self, bins: int = 64) -> dict[str, Any]:
        """Per element: minimum, maximum, at_infinity, histogram and a level to begin with (docs/http.md).

        Histogram and level leave out the cores of the atoms, where values are extrapolations of any size.
        """
        return {
            SYMBOLS[z]: self._summary_of(values, float(infinite), bins)
            for z, values, infinite in zip(self.elements, self.values, self.at_infinity, strict=True)
        }

    def _summary_of(self, values: NDArray[np.float32], infinite: float, bins: int) -> dict[str, Any]:
        seen = values.ravel()[self.outside_core]
        if not len(seen):
            seen = values.ravel()
        low, high = (float(q) for q in np.quantile(seen, [0.002, 0.998]))
        if not high > low:
            low, high = low - 0.5, high + 0.5
        counts, edges = np.histogram(seen, bins=bins, range=(low, high))
        # about a third of the way out on the side where the field reaches farther; a charge field's far value
        # is not zero, so the level is kept within what the grid holds
        level = float(np.clip(0.35 * (low if abs(low) >= abs(high) else high), low, high))
        return {
            "minimum": float(values.min()),
            "maximum": float(values.max()),
            "at_infinity": infinite,
            "histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
            "suggested_isovalue": level,
        }


def compute(
    model: AtomicModel,
    molecule: Molecule,
    quantity: FieldQuantity,
    elements: Sequence[int],
    grid: Grid,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Field:
    """Field of probes of `elements` (atomic numbers) on a grid.

    Raises `InputError` where the model has no such quantity, `UnknownElement`, `Cancelled`.
    """
    if (quantity == "potential") != (model.quantity == "energy"):
        raise InputError(
            f"{model.name} has no {quantity} field.",
            code="no_such_field",
            field="quantity",
            hint="Energy models have a potential, dipole models a charge field.",
        )
    points = grid.points()
    distance = cKDTree(molecule.positions).query(points, distance_upper_bound=model.cutoff)[0]
    near = np.flatnonzero(distance < model.cutoff)
    batch = Batch.of([molecule])
    # one point, so that the constants are known where no point of the grid is near
    at_infinity = model.probe(batch, points[:1], elements).at_infinity
    shift = _shift(model, batch, at_infinity)
    values = np.empty((len(elements), len(points)), dtype=np.float32)
    values[:] = (at_infinity - shift)[:, None]
    for first in range(0, len(near), POINTS_A_BLOCK):
        if cancelled is not None and cancelled():
            raise Cancelled("The field was cancelled.")
        block = near[first : first + POINTS_A_BLOCK]
        values[:, block] = model.probe(batch, points[block], elements).values - shift[:, None]
        if progress is not None:
            progress(min(1.0, (first + len(block)) / max(1, len(near))))
    return Field(
        grid=grid,
        quantity=quantity,
        unit="eV" if quantity == "potential" else "e",
        elements=tuple(int(z) for z in elements),
        values=values.reshape(len(elements), *grid.shape),
        at_infinity=at_infinity,
        outside_core=np.asarray(distance > CORE_ANGSTROM),
    )


def at_points(
    model: AtomicModel,
    molecule: Molecule,
    points: NDArray[np.float64],
    elements: Sequence[int],
    precision: Precision = "float32",
) -> NDArray[np.floating]:
    """The field at any points (n, 3) in Å: (n_elements, n), in the units of `Field`."""
    batch = Batch.of([molecule])
    probe = model.probe(batch, points, elements, precision)
    values: NDArray[np.floating] = (
        probe.values - _shift(model, batch, probe.at_infinity).astype(precision)[:, None]
    )
    return values


def _shift(model: AtomicModel, batch: Batch, at_infinity: NDArray[np.float64]) -> NDArray[np.float64]:
    if model.quantity == "energy":
        return at_infinity
    raw = model.outputs(batch).outputs.mean(0)
    correction = (raw.sum() - float(batch.charges[0])) / len(raw)
    return np.full(len(at_infinity), correction)
