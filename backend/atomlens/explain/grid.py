"""A regular grid of points in a box around a molecule; C order, z fastest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, TooLarge

#: Coarsest spacing, Å: beyond it a grid shows nothing of a molecule.
MAX_SPACING = 10.0
#: Points of a grid unless a setting says otherwise: 200³.
MAX_POINTS = 8_000_000
#: The widest margin around a molecule, Å: four times the cutoff of the networks.
MAX_MARGIN = 20.0
#: No box is thinner than this, Å: a planar molecule without a margin still has three extents.
THINNEST = 0.01


@dataclass(frozen=True)
class Grid:
    """origin: corner, Å; spacing: (dx, dy, dz), Å; shape: (nx, ny, nz)."""

    origin: tuple[float, float, float]
    spacing: tuple[float, float, float]
    shape: tuple[int, int, int]

    @property
    def n_points(self) -> int:
        """nx ny nz."""
        return math.prod(self.shape)

    def points(self, indices: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """(n, 3) Å: the points with these flat indices, or all of them."""
        flat = np.arange(self.n_points) if indices is None else indices
        places = np.stack(np.unravel_index(flat, self.shape), axis=-1)
        points: NDArray[np.float64] = places * np.array(self.spacing) + np.array(self.origin)
        return points

    def blocks(self, size: int) -> Iterator[NDArray[np.int64]]:
        """Flat indices of all points, at most `size` at a time: no caller holds a large grid's coordinates."""
        for first in range(0, self.n_points, size):
            yield np.arange(first, min(first + size, self.n_points))

    def bricks(self, edge: int) -> Iterator[NDArray[np.int64]]:
        """Flat indices of all points, brick by brick of at most `edge`³ neighbouring points."""
        nx, ny, nz = self.shape
        for x, y, z in product(*(range(0, n, edge) for n in self.shape)):
            i, j, k = (np.arange(a, min(a + edge, n)) for a, n in ((x, nx), (y, ny), (z, nz)))
            yield ((i[:, None, None] * ny + j[:, None]) * nz + k).reshape(-1)

    def index_of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fractional grid coordinates (n, 3) of points (n, 3) in Å."""
        fractional: NDArray[np.float64] = (points - np.array(self.origin)) / np.array(self.spacing)
        return fractional


def grid_around(
    molecule: Molecule,
    *,
    spacing: float | None = None,
    shape: tuple[int, int, int] | None = None,
    margin: float = 3.0,
    max_points: int = MAX_POINTS,
    coarser: bool = False,
) -> Grid:
    """The molecule's box plus at least `margin` (Å) on every side, by spacing (Å) or by shape.

    coarser: where the spacing makes too many points, the finest takes its place that does not.

    Raises `MalformedInput` for numbers that make no grid, `TooLarge` (code ``grid_too_large``) whose hint names
    the finest spacing or the largest shape that is allowed.
    """
    if (spacing is None) == (shape is None):
        raise MalformedInput("Give either a spacing or a shape.", field="spacing")
    if not 0.0 <= margin <= MAX_MARGIN:
        raise MalformedInput(f"The margin lies between 0 and {MAX_MARGIN:g} Å.", field="margin")
    low = molecule.positions.min(0) - margin
    extent = np.maximum(molecule.positions.max(0) + margin - low, THINNEST)
    if spacing is not None:
        if coarser:
            spacing = max(spacing, finest_spacing(extent, max_points))
        counts = _counts(extent, spacing, max_points)
        step = np.full(3, float(spacing))
        # what rounding up added is shared by both sides
        low = low + 0.5 * (extent - (counts - 1) * step)
    elif shape is not None:
        counts = _checked_shape(shape, max_points)
        step = extent / (counts - 1)
    return Grid(
        (float(low[0]), float(low[1]), float(low[2])),
        (float(step[0]), float(step[1]), float(step[2])),
        (int(counts[0]), int(counts[1]), int(counts[2])),
    )


def finest_spacing(extent: NDArray[np.float64], max_points: int) -> float:
    """The finest spacing, Å, to three decimals, with which a box of `extent` (3,) Å has room."""
    spacing: float = math.ceil(1000.0 * float(np.prod(extent) / max_points) ** (1 / 3)) / 1000.0
    # rounding up and the last point of every side cost more than the volume says
    while _raw_counts(extent, spacing).prod() > max_points:
        spacing += 0.001
    return round(spacing, 3)


def _raw_counts(extent: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    # a hair less than a whole number of steps counts as whole
    counts: NDArray[np.float64] = np.maximum(np.ceil(extent / spacing - 1e-9) + 1.0, 2.0)
    return counts


def _counts(extent: NDArray[np.float64], spacing: float, max_points: int) -> NDArray[np.int64]:
    if not 0.0 < spacing <= MAX_SPACING:
        raise MalformedInput(f"The spacing is a positive number of Å, at most {MAX_SPACING:g}.", field="spacing")
    counts = _raw_counts(extent, max(spacing, 1e-12))
    if counts.prod() > max_points:
        raise TooLarge(
            f"A spacing of {spacing:g} Å makes {counts.prod():,.0f} points; {max_points:,} are allowed.",
            code="grid_too_large",
            field="spacing",
            hint=f"The finest spacing for this molecule and margin is {finest_spacing(extent, max_points):.3f} Å.",
        )
    return counts.astype(np.int64)


def _checked_shape(shape: tuple[int, int, int], max_points: int) -> NDArray[np.int64]:
    sides = tuple(shape)
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 2 for n in sides)
    if len(sides) != 3 or not whole:
        raise MalformedInput("A shape is three whole numbers, each at least 2.", field="shape")
    points = math.prod(int(n) for n in sides)
    if points > max_points:
        side = int(max_points ** (1 / 3) + 1e-9)
        raise TooLarge(
            f"The shape has {points:,} points; {max_points:,} are allowed.",
            code="grid_too_large",
            field="shape",
            hint=f"The largest cube is {side} × {side} × {side}.",
        )
    return np.array(sides, dtype=np.int64)
