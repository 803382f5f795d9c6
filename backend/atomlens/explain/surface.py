"""Surfaces: isosurfaces of a field, and the smooth envelope of a molecule with values on its vertices.

Envelope: Σ_i |r − r_i|⁻² = 3.8 Å⁻² (DTNN, Schütt et al., Nat. Commun. 8, 13890 (2017)).
Isosurfaces: marching cubes (Lewiner et al., J. Graph. Tools 8, 1 (2003), by scikit-image), its vertices then
moved onto the level along the gradient of the cubic interpolant, for linear edges miss a curved level by h²/8R.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter

from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError
from atomlens.explain.grid import Grid, grid_around

#: The envelope's level in Å⁻² (DTNN, 2017).
ENVELOPE_LEVEL = 3.8


@dataclass(frozen=True, eq=False)
class Mesh:
    """positions, normals: (n, 3) float32, Å; values: (n,) float32; triangles: (m, 3) uint32; unit of values."""

    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    values: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    unit: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form with flat arrays."""
        return {
            "positions": self.positions.ravel().tolist(),
            "normals": self.normals.ravel().tolist(),
            "values": self.values.tolist(),
            "indices": self.triangles.ravel().tolist(),
            "unit": self.unit,
        }

    def to_bytes(self) -> bytes:
        """int32 n_vertices, int32 n_triangles, then float32 arrays and uint32 indices, little-endian."""
        header = np.array([len(self.positions), len(self.triangles)], dtype="<i4")
        arrays = [array.astype("<f4") for array in (self.positions, self.normals, self.values)]
        return b"".join(a.tobytes() for a in (header, *arrays, self.triangles.astype("<u4")))


def isosurface(grid: Grid, values: NDArray[np.floating], isovalue: float, unit: str = "") -> Mesh:
    """Where the field (nx, ny, nz) equals `isovalue`; empty where it never does.

    Normals point to where |field| falls, so out of a lobe whose values lie beyond the level.
    """
    from skimage import measure

    if not values.min() < isovalue < values.max():
        return _empty(unit)
    vertices, triangles, _, _ = measure.marching_cubes(  # type: ignore[no-untyped-call]
        values.astype(np.float32), isovalue
    )
    coefficients = spline_filter(values.astype(np.float64), order=3, mode="nearest")
    vertices = _onto_level(coefficients, vertices.astype(np.float64), isovalue)
    slope = _gradient(coefficients, vertices) / np.array(grid.spacing)
    normals = -np.sign(isovalue if isovalue != 0 else 1.0) * slope
    positions = vertices * np.array(grid.spacing) + np.array(grid.origin)
    constant = np.full(len(positions), isovalue)
    return _mesh(positions, normals, constant, triangles.astype(np.int64), unit)


def envelope(molecule: Molecule, level: float = ENVELOPE_LEVEL, spacing: float = 0.25) -> Mesh:
    """The envelope Σ_i |r − r_i|⁻² = level (Å⁻²); values are zero until a field is put on it."""
    from skimage import measure

    if not 0.2 <= level <= 50.0:
        raise InputError("The envelope's level lies between 0.2 and 50 Å⁻².", field="envelope")
    # the surface of n atoms at one place would have this radius: no envelope reaches farther
    reach = float(np.sqrt(len(molecule) / level)) + 2 * spacing
    grid = grid_around(molecule, spacing=spacing, margin=min(reach, 20.0))
    points = grid.points()
    inverse = np.zeros(len(points))
    for atom in molecule.positions:
        inverse += 1.0 / np.maximum(((points - atom) ** 2).sum(1), 1e-4)
    # the logarithm is tame near the nuclei, so linear interpolation starts close to the level
    field = np.log(inverse / level).reshape(grid.shape)
    vertices, triangles, _, _ = measure.marching_cubes(  # type: ignore[no-untyped-call]
        field.astype(np.float32), 0.0
    )
    positions = vertices.astype(np.float64) * np.array(grid.spacing) + np.array(grid.origin)
    for _ in range(4):
        value, slope = _inverse_square(molecule.positions, positions)
        step = (np.log(value / level) / np.maximum((slope**2).sum(1) / value, 1e-12))[:, None] * slope
        length = np.linalg.norm(step, axis=1, keepdims=True)
        positions -= step * np.minimum(1.0, 0.5 * spacing / np.maximum(length, 1e-12))
    _, slope = _inverse_square(molecule.positions, positions)
    return _mesh(positions, -slope, np.zeros(len(positions)), triangles.astype(np.int64), "")


def values_on(mesh: Mesh, grid: Grid, values: NDArray[np.floating], unit: str = "") -> Mesh:
    """The mesh with a field's values (cubic interpolation) on its vertices."""
    places = grid.index_of(mesh.positions.astype(np.float64)).T
    found = map_coordinates(values.astype(np.float64), places, order=3, mode="nearest")
    return replace(mesh, values=found.astype(np.float32), unit=unit)


def _inverse_square(
    atoms: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Σ|r − r_i|⁻² (n,) and its gradient (n, 3)."""
    value, slope = np.zeros(len(points)), np.zeros_like(points)
    for atom in atoms:
        away = points - atom
        square = np.maximum((away**2).sum(1), 1e-4)
        value += 1.0 / square
        slope -= 2.0 * away / square[:, None] ** 2
    return value, slope


def _onto_level(
    coefficients: NDArray[np.float64], vertices: NDArray[np.float64], isovalue: float
) -> NDArray[np.float64]:
    """Two Newton steps along the gradient of the spline, each at most half a cell; grid coordinates."""
    for _ in range(2):
        value = map_coordinates(coefficients, vertices.T, order=3, prefilter=False, mode="nearest")
        slope = _gradient(coefficients, vertices)
        square = np.maximum((slope**2).sum(1), 1e-20)
        step = ((value - isovalue) / square)[:, None] * slope
        length = np.linalg.norm(step, axis=1, keepdims=True)
        vertices = vertices - step * np.minimum(1.0, 0.5 / np.maximum(length, 1e-12))
    limit = np.array(coefficients.shape) - 1.0
    return np.clip(vertices, 0.0, limit)


def _gradient(coefficients: NDArray[np.float64], vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Central differences of the spline, per grid step: (n, 3)."""
    columns = []
    for axis in range(3):
        shift = np.zeros(3)
        shift[axis] = 0.05
        ahead, behind = (
            map_coordinates(coefficients, (vertices + s).T, order=3, prefilter=False, mode="nearest")
            for s in (shift, -shift)
        )
        columns.append((ahead - behind) / 0.1)
    return np.stack(columns, axis=1)


def _mesh(
    positions: NDArray[np.float64],
    normals: NDArray[np.float64],
    values: NDArray[np.float64],
    triangles: NDArray[np.int64],
    unit: str,
) -> Mesh:
    """Unit normals, and triangles wound so that their own normal agrees with those of their corners."""
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    against = (face * normals[triangles].sum(1)).sum(1) < 0
    triangles = np.where(against[:, None], triangles[:, ::-1], triangles)
    return Mesh(
        positions.astype(np.float32),
        normals.astype(np.float32),
        values.astype(np.float32),
        triangles.astype(np.uint32),
        unit,
    )


def _empty(unit: str) -> Mesh:
    nothing = np.zeros((0, 3), dtype=np.float32)
    return Mesh(nothing, nothing, np.zeros(0, np.float32), np.zeros((0, 3), np.uint32), unit)
