"""The smooth envelope of a molecule: the level of a closed form, so its vertices and normals are exact.

- inverse squares: Σ_i |r − r_i|⁻² = 3.8 Å⁻² (DTNN: Schütt, Arbabzadah, Chmiela, Müller, Tkatchenko, Nat. Commun.
  8, 13890 (2017)). It swells with the molecule: benzene's lies 0.6 to 1.4 Å from the nearest atom, that of 154
  atoms up to 3.1 Å.
- smooth union of van der Waals spheres: −k ln Σ_i exp(−(|r − r_i| − f R_i)/k) = 0, the soft minimum of the
  signed distances to spheres of f times the van der Waals radii; of any size, it stays near its atoms.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.grid import Grid, finest_spacing, grid_around
from atomlens.explain.mesh import Mesh
from atomlens.explain.radii import van_der_waals_radii

#: The level of inverse squares, Å⁻² (DTNN, 2017).
ENVELOPE_LEVEL = 3.8
#: Beyond so many atoms the envelope of inverse squares is swollen, and the van der Waals spheres are drawn.
SWOLLEN_ATOMS = 30
#: Width k over which two spheres melt into one, Å.
MELTING = 0.25
#: Beyond this distance from its sphere, Å, an atom no longer shapes the union.
FAR = 4.0
#: Points that are looked at together, neighbours on the grid.
POINTS_A_BLOCK = 16_384
#: Points of the grid on which a surface is first found; larger molecules get a coarser one.
MAX_POINTS = 400_000

#: A function of points (n, 3): its values (n,), negative inside, and gradients (n, 3).
Level = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]


def envelope(molecule: Molecule, level: float = ENVELOPE_LEVEL, spacing: float = 0.25) -> Mesh:
    """The envelope Σ_i |r − r_i|⁻² = level (Å⁻²); values are zero until a field is put on it.

    spacing: Å, of the grid on which it is found. Raises `MalformedInput` for a level outside 0.2 to 50 Å⁻².
    """
    if not 0.2 <= level <= 50.0:
        raise MalformedInput("The envelope's level lies between 0.2 and 50 Å⁻².", field="envelope")
    # all atoms at one place would have a sphere of this radius: no envelope reaches farther
    reach = float(np.sqrt(len(molecule) / level))

    def inverse_squares(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        # −ln(Σ/level): tame near the nuclei, so that linear interpolation starts close to the level
        total, slope = np.zeros(len(points)), np.zeros_like(points)
        for atom in molecule.positions:
            away = points - atom
            inverse = 1.0 / np.maximum((away**2).sum(1), 1e-6)
            total += inverse
            slope += 2.0 * inverse[:, None] ** 2 * away
        return -np.log(total / level), slope / total[:, None]

    return _level_surface(inverse_squares, molecule, reach, spacing)


def van_der_waals_envelope(molecule: Molecule, factor: float = 1.0, spacing: float = 0.25) -> Mesh:
    """The smooth union of spheres of `factor` times the van der Waals radii.

    Values are zero until a field is put on it. Raises `MalformedInput` for a factor outside 0.4 to 3.
    """
    if not 0.4 <= factor <= 3.0:
        raise MalformedInput("The factor of the radii lies between 0.4 and 3.", field="factor")
    radii = factor * van_der_waals_radii(molecule.numbers)

    def union(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        # a sphere FAR away stands for all atoms that are farther: e^(−FAR/k) is 1e-7
        lowest, total, slope = np.full(len(points), FAR), np.ones(len(points)), np.zeros_like(points)
        beyond = np.maximum(points.min(0) - molecule.positions, molecule.positions - points.max(0))
        near = np.linalg.norm(np.maximum(beyond, 0.0), axis=1) < radii + FAR
        for atom, radius in zip(molecule.positions[near], radii[near], strict=True):
            away = points - atom
            distance = np.linalg.norm(away, axis=1)
            signed = distance - radius
            # a running soft minimum: what was summed is rescaled when a nearer sphere appears
            nearest = np.minimum(lowest, signed)
            rescale, weight = np.exp((nearest - lowest) / MELTING), np.exp((nearest - signed) / MELTING)
            direction = away / np.maximum(distance, 1e-12)[:, None]
            slope = slope * rescale[:, None] + direction * weight[:, None]
            total, lowest = total * rescale + weight, nearest
        return lowest - MELTING * np.log(total), slope / total[:, None]

    reach = float(radii.max() + MELTING * np.log(len(molecule)))
    return _level_surface(union, molecule, reach, spacing)


def molecule_envelope(molecule: Molecule) -> Mesh:
    """The envelope to draw: inverse squares up to 30 atoms, the van der Waals spheres beyond."""
    return envelope(molecule) if len(molecule) <= SWOLLEN_ATOMS else van_der_waals_envelope(molecule)


def _level_surface(level: Level, molecule: Molecule, reach: float, spacing: float) -> Mesh:
    """Where `level` vanishes: marching cubes, then Newton steps on the function itself."""
    from skimage.measure import marching_cubes

    grid = _grid(molecule, reach, spacing)
    field = np.empty(grid.n_points)
    for block in grid.blocks(POINTS_A_BLOCK):
        field[block] = level(grid.points(block))[0]
    cells, triangles, _, _ = marching_cubes(  # type: ignore[no-untyped-call]
        field.reshape(grid.shape).astype(np.float32), 0.0
    )
    positions = cells.astype(np.float64) * np.array(grid.spacing) + np.array(grid.origin)
    furthest = 0.5 * grid.spacing[0]
    for _ in range(3):
        value, slope = _in_blocks(level, positions)
        step = (value / np.maximum((slope**2).sum(1), 1e-12))[:, None] * slope
        length = np.linalg.norm(step, axis=1, keepdims=True)
        positions -= step * np.minimum(1.0, furthest / np.maximum(length, 1e-12))
    return Mesh.oriented(positions, _in_blocks(level, positions)[1], np.zeros(len(positions)), triangles)


def _in_blocks(level: Level, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    parts = [level(points[first : first + POINTS_A_BLOCK]) for first in range(0, len(points), POINTS_A_BLOCK)]
    return np.concatenate([value for value, _ in parts]), np.concatenate([slope for _, slope in parts])


def _grid(molecule: Molecule, reach: float, spacing: float) -> Grid:
    margin = min(reach + 2.0 * spacing, 20.0)
    extent = np.ptp(molecule.positions, axis=0) + 2.0 * margin
    fitting = max(spacing, finest_spacing(extent, MAX_POINTS))
    return grid_around(molecule, spacing=fitting, margin=margin, max_points=MAX_POINTS)
