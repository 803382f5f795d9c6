"""The field of a probe atom: the local chemical potential Ω_Z(r), and the probe charge q_Z(r).

Ω_Z(r) is the output of the network for an atom of element Z at r that feels the molecule while the molecule
does not feel it; the field is Ω_Z(r) − Ω_Z(∞). The probe charge is q_Z(r) = raw_Z(r) − (Σ_j raw_j − Q)/N with
the molecule's own correction. Points beyond the cutoff of every atom are constants and never computed.
Source: Schütt, Gastegger, Tkatchenko, Müller, arXiv:1806.10349.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import Cancelled, InputError, MalformedInput
from atomlens.explain.grid import Grid
from atomlens.explain.radii import van_der_waals_radii
from atomlens.networks.kernels.neighbors import nearest
from atomlens.networks.protocol import AtomicModel, Batch, Mixture, Precision, Quantity

FieldQuantity = Literal["potential", "charge"]

#: Points between two looks at the cancellation flag, at most, at first and at least; a block that takes longer than so
#: many seconds is followed by a smaller one, so that a busy machine and a large molecule notice a cancellation as soon.
POINTS_A_BLOCK, FIRST_BLOCK, FEWEST_A_BLOCK = 16_384, 2_048, 1_024
SECONDS_A_BLOCK = 0.15
#: Points on an edge of the bricks into which a grid is cut: the points of a brick share their neighbours.
BRICK = 32
#: Within this share of an atom's van der Waals radius no training molecule has another atom, and values are
#: extrapolations of any size: ranges and levels are chosen without them.
CORE = 0.8
#: Farther than this from every atom (Å) a field is almost its constant; a level is chosen without it.
SHELL = 3.0
#: Share of the points of the shell that the suggested level encloses.
ENCLOSED = 0.08


@dataclass(frozen=True, eq=False)
class Field:
    """A field on a grid, one array for each element of the probe.

    values: (n_elements, nx, ny, nz) float32, eV relative to Ω_Z(∞), or e; at_infinity: (n_elements,) Ω_Z(∞)
    in eV, which has been taken off, or q_Z(∞) in e, which has not; outside_core, in_shell: (n_points,) bool,
    points outside every atom's core, and those of them within 3 Å of an atom.
    """

    grid: Grid
    quantity: FieldQuantity
    unit: str
    elements: tuple[int, ...]
    values: NDArray[np.float32]
    at_infinity: NDArray[np.float64]
    outside_core: NDArray[np.bool_]
    in_shell: NDArray[np.bool_]

    def of(self, element: int) -> NDArray[np.float32]:
        """(nx, ny, nz) of one element; raises `InputError` for one that was not computed."""
        if element not in self.elements:
            known = ", ".join(SYMBOLS[z] for z in self.elements)
            raise InputError(
                f"This field was not computed for {SYMBOLS[element]}.",
                code="no_such_field",
                field="element",
                hint=f"It holds {known}.",
            )
        values: NDArray[np.float32] = self.values[self.elements.index(element)]
        return values

    def summary(self, bins: int = 64, look: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """By symbol: minimum, maximum, at_infinity, histogram and a level to begin with (docs/http.md).

        minimum and maximum are those of the whole grid. Close to the nuclei values are extrapolations that may
        be hundreds of times larger than all others; so the histogram counts only points outside 0.8 × the van
        der Waals radius of every atom and spans their quantiles 0.2 % to 99.8 %, and the suggested isovalue
        encloses about 8 % of those within 3 Å of an atom, on the side where the field goes farther from its
        value at infinity.

        look: called between steps; may raise.
        """
        return {SYMBOLS[z]: self._summary_of(place, bins, look) for place, z in enumerate(self.elements)}

    def _summary_of(self, place: int, bins: int, look: Callable[[], None]) -> dict[str, Any]:
        look()
        values = self.values[place].ravel()
        outside = values[self.outside_core] if self.outside_core.any() else values
        shell = values[self.in_shell] if self.in_shell.any() else outside
        infinite = float(self.at_infinity[place])
        low, high = (float(q) for q in np.quantile(outside, [0.002, 0.998]))
        look()
        if not high > low:
            # a constant field: one bin holds it all
            low, high = low - 0.5, high + 0.5
        counts, edges = np.histogram(outside, bins=bins, range=(low, high))
        look()
        base = 0.0 if self.quantity == "potential" else infinite
        below, above = (float(q) for q in np.quantile(shell, [ENCLOSED, 1.0 - ENCLOSED]))
        return {
            "minimum": float(values.min()),
            "maximum": float(values.max()),
            "at_infinity": infinite,
            "histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
            "suggested_isovalue": below if base - below >= above - base else above,
        }


def compute(
    model: AtomicModel,
    molecule: Molecule,
    quantity: FieldQuantity,
    elements: Sequence[int],
    grid: Grid,
    *,
    mixture: Mixture | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    block_points: int = POINTS_A_BLOCK,
) -> Field:
    """Field of probes of `elements` (atomic numbers) on a grid.

    mixture: the molecule on its way to another, in its place; progress: told the share that is done, 0 to 1; cancelled:
    asked between blocks. Raises `InputError` where the model has no such quantity, `MalformedInput` for no element,
    `UnknownElement`, `Cancelled`.
    """
    check_quantity(model, quantity)
    chosen = tuple(dict.fromkeys(int(z) for z in elements))
    if not chosen:
        raise MalformedInput("Name at least one element for the probe.", field="elements")
    batch = Batch.of([molecule]) if mixture is None else mixture
    # a probe without points still says what its values tend to
    at_infinity = model.probe(batch, np.zeros((0, 3)), chosen).at_infinity
    shift = _shift(model, batch, at_infinity)
    values = np.empty((len(chosen), grid.n_points), dtype=np.float32)
    values[:] = (at_infinity - shift)[:, None]

    def look() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The field was cancelled.")

    near, outside_core, in_shell = _regions(model.cutoff, molecule, grid, look)
    first, size = 0, min(FIRST_BLOCK, block_points)
    while first < len(near):
        look()
        began = time.perf_counter()
        block = near[first : first + size]
        values[:, block] = model.probe(batch, grid.points(block), chosen).values - shift[:, None]
        first += len(block)
        seconds = time.perf_counter() - began
        if seconds > SECONDS_A_BLOCK:
            size = max(size // 2, min(FEWEST_A_BLOCK, block_points))
        elif seconds < SECONDS_A_BLOCK / 3:
            size = min(2 * size, block_points)
        if progress is not None:
            progress(first / len(near))
    return Field(
        grid=grid,
        quantity=quantity,
        unit=field_unit(quantity),
        elements=chosen,
        values=values.reshape(len(chosen), *grid.shape),
        at_infinity=at_infinity if quantity == "potential" else at_infinity - shift,
        outside_core=outside_core,
        in_shell=in_shell,
    )


def at_points(
    model: AtomicModel,
    molecule: Molecule,
    points: NDArray[np.float64],
    elements: Sequence[int],
    precision: Precision = "float32",
    mixture: Mixture | None = None,
) -> NDArray[np.floating]:
    """The field at any points (n, 3) in Å: (n_elements, n), in the units of `Field`. mixture: see `compute`."""
    batch = Batch.of([molecule]) if mixture is None else mixture
    probe = model.probe(batch, points, elements, precision)
    shifted: NDArray[np.floating] = probe.values - _shift(model, batch, probe.at_infinity).astype(precision)[:, None]
    return shifted


def field_quantity(quantity: Quantity) -> FieldQuantity:
    """The field that a model of energies or of dipole moments has."""
    return "potential" if quantity == "energy" else "charge"


def check_quantity(model: AtomicModel, quantity: FieldQuantity) -> None:
    """Raise `InputError` where the model has no such field."""
    if quantity != field_quantity(model.quantity):
        raise InputError(
            f"{model.name} has no {quantity} field.",
            code="no_such_field",
            field="quantity",
            hint="Energy models have a potential, dipole models a charge field.",
        )


def field_unit(quantity: FieldQuantity) -> str:
    """Of a field's values: eV or e."""
    return "eV" if quantity == "potential" else "e"


def _shift(model: AtomicModel, batch: Batch | Mixture, at_infinity: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_elements,) what is taken off the raw outputs: Ω_Z(∞), or the molecule's neutrality correction."""
    if model.quantity == "energy":
        return at_infinity
    if isinstance(batch, Mixture):
        weights, charge = batch.weights, float(batch.batch.charges[0])
        correction = (weights @ model.mixed(batch).mean - charge) / weights.sum()
    else:
        raw = model.outputs(batch).mean
        correction = (raw.sum() - float(batch.charges[0])) / len(raw)
    return np.full(len(at_infinity), correction)


def _regions(
    cutoff: float, molecule: Molecule, grid: Grid, look: Callable[[], None]
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Flat indices within the cutoff of an atom, brick by brick; masks: outside all cores, and within the shell.

    look: called between bricks; may raise.
    """
    positions, radii = np.ascontiguousarray(molecule.positions), CORE * van_der_waals_radii(molecule.numbers)
    outside = np.empty(grid.n_points, dtype=np.bool_)
    shell = np.empty(grid.n_points, dtype=np.bool_)
    near = []
    for brick in grid.bricks(BRICK):
        look()
        to_atom, to_core = nearest(grid.points(brick), positions, radii, max(cutoff, SHELL))
        near.append(brick[to_atom < cutoff])
        outside[brick] = to_core >= 0.0
        shell[brick] = outside[brick] & (to_atom < SHELL)
    return np.concatenate(near), outside, shell
