"""A triangle mesh with normals and a value on every vertex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Mesh:
    """A surface.

    positions, normals: (n_vertices, 3) float32, Å, normals of unit length pointing out; values: (n_vertices,)
    float32 in `unit`; triangles: (n_triangles, 3) uint32, counter-clockwise seen from outside.
    """

    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    values: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    unit: str = ""

    @classmethod
    def empty(cls, unit: str = "") -> Mesh:
        """A surface that is nowhere."""
        nothing = np.zeros((0, 3), dtype=np.float32)
        return cls(nothing, nothing, np.zeros(0, np.float32), np.zeros((0, 3), np.uint32), unit)

    @classmethod
    def oriented(
        cls,
        positions: NDArray[np.float64],
        outward: NDArray[np.float64],
        values: NDArray[np.float64],
        triangles: NDArray[np.integer],
        unit: str = "",
    ) -> Mesh:
        """From consistently wound triangles and outward directions (n_vertices, 3) of any length.

        All triangles are turned over together where most of their own normals point inward.
        """
        corners = positions[triangles]
        face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(outward, axis=1, keepdims=True)
        normals = outward / np.maximum(length, 1e-30)
        # where a field is flat it has no direction: the mean of the faces around has
        if float((face * normals[triangles].sum(1)).sum()) < 0.0:
            triangles, face = triangles[:, ::-1], -face
        flat = np.flatnonzero(length[:, 0] < 1e-12)
        if len(flat):
            around = np.zeros_like(positions)
            for corner in range(3):
                np.add.at(around, triangles[:, corner], face)
            normals[flat] = around[flat] / np.maximum(np.linalg.norm(around[flat], axis=1)[:, None], 1e-30)
        return cls(
            positions.astype(np.float32),
            normals.astype(np.float32),
            values.astype(np.float32),
            np.ascontiguousarray(triangles, dtype=np.uint32),
            unit,
        )

    @classmethod
    def joined(cls, parts: Sequence[Mesh]) -> Mesh:
        """Surfaces of one unit as one, in their order. Raises ValueError for none."""
        starts = np.cumsum([0, *(len(part.positions) for part in parts)])
        return cls(
            np.concatenate([part.positions for part in parts]),
            np.concatenate([part.normals for part in parts]),
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.triangles + np.uint32(start) for part, start in zip(parts, starts, strict=False)]),
            parts[0].unit,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form with flat arrays (docs/http.md, Fields)."""
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
