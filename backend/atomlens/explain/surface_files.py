"""Surfaces as files that other programs open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput
from atomlens.explain.colors import ColorScale
from atomlens.explain.glb import to_glb
from atomlens.explain.mesh import Mesh
from atomlens.explain.points_csv import mesh_csv
from atomlens.explain.stl import to_stl

SurfaceFormat = Literal["glb", "stl", "csv"]


def surface_file(
    meshes: Sequence[Mesh],
    format: SurfaceFormat,
    molecule: Molecule,
    *,
    title: str,
    quantity: str,
    levels: Sequence[float] | None,
    scale: ColorScale,
    opacity: float = 1.0,
) -> bytes:
    """Surfaces of one molecule as binary glTF (with it), STL, or a table of their vertices.

    quantity: of the values on the vertices, for a table's header; levels: of isosurfaces coloured by them, one a mesh,
    None where the vertices have colours by their values; scale, opacity: of glTF alone. Raises `MalformedInput` (code
    ``empty_surface``) for surfaces that are nowhere: programs that open such a file say less clearly what is wrong.
    """
    mesh = Mesh.joined(meshes)
    if not len(mesh.triangles):
        raise MalformedInput(
            "There is no surface at this level: it has nothing to export.",
            code="empty_surface",
            field="isovalue",
            hint="Choose a level between the field's minimum and maximum.",
        )
    colors = (
        scale.of_values(mesh.values)
        if levels is None
        else np.concatenate([scale.of_level(level, len(one.values)) for one, level in zip(meshes, levels, strict=True)])
    )
    formats: dict[SurfaceFormat, Callable[[], bytes]] = {
        "glb": lambda: to_glb(mesh, colors, molecule, title, opacity),
        "stl": lambda: to_stl(mesh, title),
        "csv": lambda: mesh_csv(mesh, quantity).encode(),
    }
    return formats[format]()
