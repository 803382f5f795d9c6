"""Surfaces as binary STL, which printers and modelling programs read: triangles alone, in Å, one unit each.

STL has no units and printing programs take them for millimetres: scale by 10 there for a model of 1 cm to the Å.
A surface that is closed is closed in the file; one that the box of its field cuts is open there.
"""

from __future__ import annotations

import numpy as np

from atomlens.explain.mesh import Mesh

_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def to_stl(mesh: Mesh, title: str) -> bytes:
    """Triangles counter-clockwise seen from outside, with their own normals; the title stands in the header."""
    facets = np.zeros(len(mesh.triangles), dtype=_TRIANGLE)
    facets["corners"] = mesh.positions[mesh.triangles]
    corners = facets["corners"].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facets["normal"] = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    # a header that begins with "solid" would be taken for STL in text
    header = f"atomlens: {title}".encode("ascii", "replace")[:80].ljust(80)
    return header + np.array([len(facets)], dtype="<u4").tobytes() + facets.tobytes()
