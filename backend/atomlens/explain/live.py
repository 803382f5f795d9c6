"""Surfaces of a field while a molecule moves: coarse ones at once, fine ones when it rests.

A coarse surface is found on a grid of about 30³ points, of which only those near the level are computed: every second
point along each axis first, then all points of the cells that the level passes through or comes near. Its field is that
of the lightest member of an ensemble; a fine surface is the whole ensemble's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.envelope import envelope
from atomlens.explain.field import at_points, compute, field_quantity, field_unit
from atomlens.explain.grid import MAX_POINTS, Grid, grid_around
from atomlens.explain.mesh import Mesh
from atomlens.explain.surface import envelope_values, isosurface
from atomlens.networks.protocol import AtomicModel, Mixture

#: Points of a coarse grid, and its finest spacing, Å, around a small molecule.
COARSE_POINTS = 22_000
FINEST_COARSE_SPACING = 0.225
#: Spacing of a fine grid, Å, and of the envelope's, coarse and fine.
FINE_SPACING = 0.2
ENVELOPE_SPACING = (0.4, 0.25)
#: A cell counts as near the level within this share of what the field varies over it.
NEAR = 0.3

#: The field at points (n, 3), Å: (n,).
At = Callable[[NDArray[np.float64]], NDArray[np.floating]]


def surfaces(
    model: AtomicModel,
    molecule: Molecule,
    element: int,
    *,
    isovalues: Sequence[float] = (),
    envelope_level: float | None = None,
    mixture: Mixture | None = None,
    fine: bool = False,
    max_points: int = MAX_POINTS,
    cancelled: Callable[[], bool] | None = None,
) -> list[Mesh]:
    """Isosurfaces of a probe's field at levels (eV or e), or else the envelope (Å⁻²) with the field's values on it.

    element: of the probe, atomic number; mixture: the molecule on its way to another, in its place; max_points: of a
    fine grid. Raises `UnknownElement`, `Cancelled`, `TooLarge`.
    """
    quantity, asked = field_quantity(model.quantity), model if fine else model.lightest()
    if envelope_level is not None:
        bare = envelope(molecule, envelope_level, ENVELOPE_SPACING[fine])
        return [envelope_values(asked, molecule, quantity, element, bare, mixture)]
    unit = field_unit(quantity)
    if fine:
        grid, whole = _fine(model, molecule, element, mixture, max_points, cancelled)
        return [isosurface(grid, whole, level, unit) for level in isovalues]
    grid = coarse_grid(molecule)
    values = near_levels(
        grid, lambda points: at_points(asked, molecule, points, [element], mixture=mixture)[0], isovalues
    )
    return [isosurface(grid, values, level, unit, quick=True) for level in isovalues]


def near_plane(
    model: AtomicModel,
    molecule: Molecule,
    element: int,
    origin: NDArray[np.float64],
    normal: NDArray[np.float64],
    *,
    mixture: Mixture | None = None,
    fine: bool = False,
    max_points: int = MAX_POINTS,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Grid, NDArray[np.float32]]:
    """A grid, and the field (nx, ny, nz) on it: a fine one wholly, a coarse one where cubics through a plane need it.

    origin, normal: (3,) of the plane, Å; elsewhere a coarse field is zero. Further arguments and errors: `surfaces`;
    `MalformedInput` for a normal without a length.
    """
    length = float(np.linalg.norm(normal))
    if not length > 1e-6:
        raise MalformedInput("The normal of a plane has a length.", field="plane")
    if fine:
        return _fine(model, molecule, element, mixture, max_points, cancelled)
    grid = coarse_grid(molecule)
    points = grid.points()
    away = np.abs((points - origin) @ normal) / length
    # a cubic takes two points on either side along each axis
    chosen = np.flatnonzero(away <= 2.01 * float(np.abs(normal / length) @ np.array(grid.spacing)))
    values = np.zeros(grid.n_points, dtype=np.float32)
    values[chosen] = at_points(model.lightest(), molecule, points[chosen], [element], mixture=mixture)[0]
    return grid, values.reshape(grid.shape)


def _fine(
    model: AtomicModel,
    molecule: Molecule,
    element: int,
    mixture: Mixture | None,
    max_points: int,
    cancelled: Callable[[], bool] | None,
) -> tuple[Grid, NDArray[np.float32]]:
    """A fine grid, and the whole field (nx, ny, nz) on it."""
    grid = grid_around(molecule, spacing=FINE_SPACING, max_points=max_points)
    quantity = field_quantity(model.quantity)
    found = compute(model, molecule, quantity, [element], grid, mixture=mixture, cancelled=cancelled)
    return grid, found.values[0]


def coarse_grid(molecule: Molecule) -> Grid:
    """About `COARSE_POINTS` points around a molecule, an odd number along each axis; fewer for a small one."""
    extent = np.ptp(molecule.positions, axis=0) + 6.0
    spacing = max(float(np.prod(extent) / COARSE_POINTS) ** (1 / 3), FINEST_COARSE_SPACING)
    shape = 2 * np.ceil(0.5 * extent / spacing).astype(int) + 1
    return grid_around(molecule, shape=(int(shape[0]), int(shape[1]), int(shape[2])))


def near_levels(grid: Grid, at: At, levels: Sequence[float]) -> NDArray[np.float32]:
    """(nx, ny, nz): the field at every second point along each axis and near the levels, elsewhere interpolated.

    grid: an odd number of points along each axis.
    """
    coarse = np.zeros(grid.shape, dtype=np.bool_)
    coarse[::2, ::2, ::2] = True
    known = np.flatnonzero(coarse)
    sparse = at(grid.points(known)).astype(np.float32).reshape(tuple((n + 1) // 2 for n in grid.shape))
    values, close = _doubled(sparse), np.zeros(grid.shape, dtype=np.bool_)
    low, high = _corners(sparse, np.minimum), _corners(sparse, np.maximum)
    slack = NEAR * (high - low)
    passed = np.zeros(low.shape, dtype=np.bool_)
    for level in levels:
        passed |= (low - slack <= level) & (level <= high + slack)
    nx, ny, nz = (size - 1 for size in sparse.shape)
    for x, y, z in np.ndindex(3, 3, 3):
        close[x : x + 2 * nx : 2, y : y + 2 * ny : 2, z : z + 2 * nz : 2] |= passed
    chosen = np.flatnonzero(close & ~coarse)
    values.reshape(-1)[chosen] = at(grid.points(chosen))
    return values


def _corners(
    values: NDArray[np.float32], choose: Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """The least or greatest of the eight corners of every cell."""
    for axis in range(3):
        moved = np.moveaxis(values, axis, 0)
        values = np.moveaxis(choose(moved[:-1], moved[1:]), 0, axis)
    return values


def _doubled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Twice as many cells along each axis, by linear interpolation."""
    for axis in range(3):
        moved = np.moveaxis(values, axis, 0)
        wide = np.empty((2 * len(moved) - 1, *moved.shape[1:]), dtype=np.float32)
        wide[::2], wide[1::2] = moved, 0.5 * (moved[1:] + moved[:-1])
        values = np.moveaxis(wide, 0, axis)
    return np.ascontiguousarray(values)
