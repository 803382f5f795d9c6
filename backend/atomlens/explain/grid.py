"""A regular grid of points in a box around a molecule; C order, z fastest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, TooLarge

#: Points of a grid unless a setting says otherwise: 200³.
MAX_POINTS = 8_000_000


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

    def points(self) -> NDArray[np.float64]:
        """(n_points, 3) Å, z fastest."""
        axes = [
            start + step * np.arange(n)
            for start, step, n in zip(self.origin, self.spacing, self.shape, strict=True)
        ]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)

    def index_of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fractional grid coordinates (n, 3) of points (n, 3) in Å."""
        places: NDArray[np.float64] = (points - np.array(self.origin)) / np.array(self.spacing)
        return places


def grid_around(
    molecule: Molecule,
    *,
    spacing: float | None = None,
    shape: tuple[int, int, int] | None = None,
    margin: float = 3.0,
    max_points: int = MAX_POINTS,
) -> Grid:
    """The molecule's box plus `margin` (Å) on every side, by spacing (Å) or by shape.

    Raises `MalformedInput` for numbers that make no grid, `TooLarge` naming the largest that is allowed.
    """
    if (spacing is None) == (shape is None):
        raise MalformedInput("Give either a spacing or a shape.", field="spacing")
    if not 0.0 <= margin <= 20.0:
        raise MalformedInput("The margin lies between 0 and 20 Å.", field="margin")
    low = molecule.positions.min(0) - margin
    extent = molecule.positions.max(0) + margin - low
    if spacing is not None:
        if not (math.isfinite(spacing) and spacing > 0.0):
            raise MalformedInput("The spacing is a positive number of Å.", field="spacing")
        counts = np.floor(extent / spacing) + 1.0
        if float(np.prod(counts)) > max_points:
            finest = _finest(extent, max_points)
            raise TooLarge(
                f"A spacing of {spacing} Å makes {np.prod(counts):.3g} points; {max_points} are allowed.",
                code="grid_too_large",
                field="spacing",
                hint=f"The finest spacing for this molecule and margin is {finest:.3f} Å.",
            )
        # at least two points a side, so that every surface has room
        n = np.maximum(counts.astype(int), 2)
        step = np.full(3, spacing)
        low = low + 0.5 * (extent - (n - 1) * step)
    else:
        n = np.array(shape, dtype=int)
        if n.shape != (3,) or n.min() < 2:
            raise MalformedInput("A shape is three whole numbers, each at least 2.", field="shape")
        if math.prod(n.tolist()) > max_points:
            raise TooLarge(
                f"The shape has {math.prod(n.tolist())} points; {max_points} are allowed.",
                code="grid_too_large",
                field="shape",
                hint=f"The largest cube is {int(max_points ** (1 / 3) + 1e-9)} points a side.",
            )
        step = np.maximum(extent, 1e-3) / (n - 1)
    return Grid(
        (float(low[0]), float(low[1]), float(low[2])),
        (float(step[0]), float(step[1]), float(step[2])),
        (int(n[0]), int(n[1]), int(n[2])),
    )


def _finest(extent: NDArray[np.float64], max_points: int) -> float:
    spacing = float(np.prod(extent) / max_points) ** (1 / 3)
    while float(np.prod(np.floor(extent / spacing) + 1.0)) > max_points:
        spacing *= 1.01
    return float(math.ceil(spacing * 1000)) / 1000
