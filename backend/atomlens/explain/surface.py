"""Isosurfaces of a field on a grid, and a field's values on any mesh.

Marching cubes (Lewiner, Lopes, Vieira, Tavares, J. Graph. Tools 8, 1 (2003), by scikit-image) with linear
interpolation along the edges of cells; its vertices are then moved onto the level along the gradient of the
cubic spline through the grid, for linear edges miss a level of curvature 1/R by up to h²/8R.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.envelope import ENVELOPE_LEVEL, envelope, molecule_envelope, van_der_waals_envelope
from atomlens.explain.field import FieldQuantity, at_points, check_quantity, field_unit
from atomlens.explain.grid import Grid
from atomlens.explain.mesh import Mesh
from atomlens.networks.protocol import AtomicModel, Mixture

__all__ = [
    "ENVELOPE_LEVEL",
    "Mesh",
    "envelope",
    "envelope_values",
    "isosurface",
    "molecule_envelope",
    "values_on",
    "van_der_waals_envelope",
]

#: Cells by which a field is carried on beyond its box: a spline that ends there has no slope at its border, and is
#: wrong by less than a quarter of that with every cell inward.
PADDING = 4
#: Step, in cells, of the differences that give the spline's gradient.
DIFFERENCE = 0.05
#: Vertices whose field is evaluated at a time.
VERTICES_A_BLOCK = 65_536


def isosurface(
    grid: Grid, values: NDArray[np.floating], isovalue: float, unit: str = "", *, quick: bool = False
) -> Mesh:
    """Where the field (nx, ny, nz) equals `isovalue`; empty where it never does.

    quick: vertices stay where linear interpolation has them, for pictures in motion. Out is the side where the border
    of the box lies. Raises `MalformedInput` for a level that is no number.
    """
    from skimage.measure import marching_cubes

    if not math.isfinite(isovalue):
        raise MalformedInput("The isovalue is a finite number.", field="isovalue")
    single = np.ascontiguousarray(values, dtype=np.float32)
    if not single.min() < np.float32(isovalue) < single.max():
        return Mesh.empty(unit)
    cells, triangles, _, _ = marching_cubes(single, float(np.float32(isovalue)), allow_degenerate=False)  # type: ignore[no-untyped-call]
    if not len(triangles):
        return Mesh.empty(unit)
    places = cells.astype(np.float64)
    if quick:
        along: list[NDArray[np.float64]] = list(np.gradient(values.astype(np.float64)))
        slope = np.stack([map_coordinates(a, places.T, order=1) for a in along], axis=1) / np.array(grid.spacing)
    else:
        coefficients = _spline(values)
        places = _onto_level(coefficients, places, isovalue)
        slope = _gradient(coefficients, places) / np.array(grid.spacing)
    outward = slope if _outside(single) > isovalue else -slope
    positions = places * np.array(grid.spacing) + np.array(grid.origin)
    return Mesh.oriented(positions, outward, np.full(len(positions), isovalue), triangles, unit)


def values_on(mesh: Mesh, grid: Grid, values: NDArray[np.floating], unit: str = "") -> Mesh:
    """The mesh with a field's values on its vertices, by cubic interpolation of the grid (nx, ny, nz).

    A vertex beyond the box of the grid gets the value of the box's nearest point.
    """
    places = np.clip(grid.index_of(mesh.positions.astype(np.float64)), 0.0, np.array(grid.shape) - 1.0)
    found = _sample(_spline(values), places)
    return replace(mesh, values=found.astype(np.float32), unit=unit)


def envelope_values(
    model: AtomicModel,
    molecule: Molecule,
    quantity: FieldQuantity,
    element: int,
    mesh: Mesh,
    mixture: Mixture | None = None,
) -> Mesh:
    """The mesh with the field of a probe of `element` on its vertices, computed there: no interpolation.

    mixture: the molecule on its way to another, in its place. Raises `InputError` where the model has no such
    quantity, `UnknownElement`.
    """
    check_quantity(model, quantity)
    points = mesh.positions.astype(np.float64)
    values = np.empty(len(points), dtype=np.float32)
    for first in range(0, len(points), VERTICES_A_BLOCK):
        block = slice(first, first + VERTICES_A_BLOCK)
        values[block] = at_points(model, molecule, points[block], [element], mixture=mixture)[0]
    return replace(mesh, values=values, unit=field_unit(quantity))


def _outside(values: NDArray[np.float32]) -> float:
    """The field's median on the faces of the box."""
    faces = [np.take(values, index, axis=axis).ravel() for axis in range(3) for index in (0, -1)]
    return float(np.median(np.concatenate(faces)))


def _spline(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Coefficients of the cubic spline through the field, its slope carried on by `PADDING` cells on every side."""
    padded = np.pad(np.asarray(values, dtype=np.float64), PADDING, mode="reflect", reflect_type="odd")
    coefficients: NDArray[np.float64] = spline_filter(padded, order=3, mode="mirror")
    return coefficients


def _sample(coefficients: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spline at places (n, 3) in grid coordinates: (n,)."""
    found: NDArray[np.float64] = map_coordinates(
        coefficients, (places + PADDING).T, order=3, prefilter=False, mode="mirror"
    )
    return found


def _onto_level(coefficients: NDArray[np.float64], places: NDArray[np.float64], isovalue: float) -> NDArray[np.float64]:
    """Two Newton steps along the gradient of the spline, each of at most half a cell; grid coordinates."""
    limit = np.array(coefficients.shape) - 1.0 - 2 * PADDING
    for _ in range(2):
        value = _sample(coefficients, places)
        slope = _gradient(coefficients, places)
        square = np.maximum((slope**2).sum(1), 1e-20)
        step = ((value - isovalue) / square)[:, None] * slope
        length = np.linalg.norm(step, axis=1, keepdims=True)
        places = np.clip(places - step * np.minimum(1.0, 0.5 / np.maximum(length, 1e-12)), 0.0, limit)
    return places


def _gradient(coefficients: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Central differences of the spline, per cell: (n, 3)."""
    columns = []
    for axis in range(3):
        shift = np.zeros(3)
        shift[axis] = DIFFERENCE
        ahead, behind = (_sample(coefficients, places + s) for s in (shift, -shift))
        columns.append((ahead - behind) / (2.0 * DIFFERENCE))
    return np.stack(columns, axis=1)
