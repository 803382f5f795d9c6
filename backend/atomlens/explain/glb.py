"""Surface and molecule as one binary glTF 2.0 (.glb): for viewers, Blender, slides, augmented reality.

Written here, since it takes fewer lines than telling a library of three-dimensional scenes about linear vertex
colours and a translucent material. Source: Khronos Group, glTF 2.0 Specification (2021).
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.explain.colors import linear_rgb
from atomlens.explain.mesh import Mesh
from atomlens.explain.radii import van_der_waals_radii

#: glTF is in metres: vertices stay in Å under a node of this scale, so that 1 Å is 1 cm and a molecule fits a table.
METRES_A_UNIT = 0.01
#: Of the drawn balls, in van der Waals radii, and of the sticks, Å.
BALL, STICK = 0.27, 0.1

_FLOAT, _UNSIGNED = 5126, 5125
_VERTICES, _INDICES = 34962, 34963


def to_glb(mesh: Mesh, colors: NDArray[np.float64], molecule: Molecule, title: str, opacity: float = 1.0) -> bytes:
    """A surface with its normals over balls and sticks of its molecule.

    colors: (n_vertices, 3) linear RGB, 0 to 1; title: the name of the whole; opacity: of the surface, 0 to 1.
    """
    scene = _Scene(title)
    surface = scene.material(np.ones(3), opacity)
    lengths = np.linalg.norm(mesh.normals, axis=1, keepdims=True)
    # a vertex of degenerate triangles alone has no normal; glTF wants some direction
    normals = np.where(lengths > 0.5, mesh.normals, [[0.0, 0.0, 1.0]])
    shape = scene.shape(mesh.positions, normals, mesh.triangles, colors)
    scene.node("surface", scene.mesh(shape, surface))
    _add_molecule(scene, molecule)
    return scene.to_bytes()


def _add_molecule(scene: _Scene, molecule: Molecule) -> None:
    from ase.data.colors import jmol_colors

    elements = {int(z) for z in molecule.numbers}
    materials = {z: scene.material(linear_rgb(jmol_colors[z]), 1.0) for z in elements}
    ball, stick = scene.shape(*_ball()), scene.shape(*_stick())
    balls = {z: scene.mesh(ball, material) for z, material in materials.items()}
    sticks = {z: scene.mesh(stick, material) for z, material in materials.items()}
    radii = BALL * van_der_waals_radii(molecule.numbers)
    for atom, (z, place, radius) in enumerate(zip(molecule.numbers, molecule.positions, radii, strict=True)):
        name = f"{molecule.symbols[atom]}{atom + 1}"
        scene.node(name, balls[int(z)], translation=place.tolist(), scale=[float(radius)] * 3)
    for first, second, _ in molecule.bonds:
        # each half in the colour of its atom
        for begin, end in ((first, second), (second, first)):
            along = 0.5 * (molecule.positions[end] - molecule.positions[begin])
            length = float(np.linalg.norm(along))
            scene.node(
                f"{molecule.symbols[begin]}{begin + 1}–{molecule.symbols[end]}{end + 1}",
                sticks[int(molecule.numbers[begin])],
                translation=molecule.positions[begin].tolist(),
                rotation=_turn_from_y(along / length),
                scale=[STICK, length, STICK],
            )


class _Scene:
    """The JSON of a glTF and its one buffer, as they grow."""

    def __init__(self, title: str) -> None:
        self._data = bytearray()
        self._json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "atomlens"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"name": title, "scale": [METRES_A_UNIT] * 3, "children": []}],
            **{name: [] for name in ("meshes", "materials", "accessors", "bufferViews")},
        }

    def shape(
        self,
        positions: NDArray[np.floating],
        normals: NDArray[np.floating],
        triangles: NDArray[np.integer],
        colors: NDArray[np.float64] | None = None,
    ) -> dict[str, Any]:
        """A primitive without its material."""
        place = self._accessor(positions)
        limits = {"min": positions.min(0).astype("<f4").tolist(), "max": positions.max(0).astype("<f4").tolist()}
        self._json["accessors"][place].update(limits)
        attributes = {"POSITION": place, "NORMAL": self._accessor(normals)}
        if colors is not None:
            attributes["COLOR_0"] = self._accessor(colors)
        indices = self._append(triangles.astype("<u4").tobytes(), _INDICES, _UNSIGNED, "SCALAR", 3 * len(triangles))
        return {"attributes": attributes, "indices": indices}

    def material(self, rgb: NDArray[np.float64], opacity: float) -> int:
        translucent = {"alphaMode": "BLEND"} if opacity < 1.0 else {}
        metal = {
            "baseColorFactor": [*np.round(rgb, 6).tolist(), opacity],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.6,
        }
        return self._add("materials", {"pbrMetallicRoughness": metal, "doubleSided": True, **translucent})

    def mesh(self, shape: dict[str, Any], material: int) -> int:
        return self._add("meshes", {"primitives": [{**shape, "material": material}]})

    def node(self, name: str, mesh: int, **placed: list[float]) -> None:
        self._json["nodes"][0]["children"].append(self._add("nodes", {"name": name, "mesh": mesh, **placed}))

    def to_bytes(self) -> bytes:
        document = {**self._json, "buffers": [{"byteLength": len(self._data)}]}
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        whole = 12 + 8 + len(text) + 8 + len(self._data)
        header = struct.pack("<4sII", b"glTF", 2, whole) + struct.pack("<I4s", len(text), b"JSON")
        return header + text + struct.pack("<I4s", len(self._data), b"BIN\0") + bytes(self._data)

    def _accessor(self, rows: NDArray[np.floating]) -> int:
        return self._append(rows.astype("<f4").tobytes(), _VERTICES, _FLOAT, "VEC3", len(rows))

    def _append(self, data: bytes, target: int, component: int, kind: str, count: int) -> int:
        view = {"buffer": 0, "byteOffset": len(self._data), "byteLength": len(data), "target": target}
        self._data += data
        place = self._add("bufferViews", view)
        return self._add("accessors", {"bufferView": place, "componentType": component, "count": count, "type": kind})

    def _add(self, table: str, entry: dict[str, Any]) -> int:
        self._json[table].append(entry)
        return len(self._json[table]) - 1


def _ball(rings: int = 16) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """The unit sphere by latitudes and longitudes: positions, normals, triangles."""
    around = 2 * rings
    polar, turn = (angle.ravel() for angle in np.mgrid[0 : np.pi : (rings + 1) * 1j, 0 : 2 * np.pi : (around + 1) * 1j])
    points = np.stack([np.sin(polar) * np.sin(turn), np.cos(polar), np.sin(polar) * np.cos(turn)], axis=1)
    return points, points, _strips(rings, around, poles=True)


def _stick(around: int = 16) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """A cylinder of radius 1 along y, from 0 to 1, open: its ends lie in balls or meet."""
    height, turn = (part.ravel() for part in np.mgrid[1:0:2j, 0 : 2 * np.pi : (around + 1) * 1j])
    normals = np.stack([np.sin(turn), np.zeros_like(turn), np.cos(turn)], axis=1)
    return normals + height[:, None] * [0.0, 1.0, 0.0], normals, _strips(1, around)


def _strips(rows: int, columns: int, poles: bool = False) -> NDArray[np.int64]:
    """Triangles of a (rows + 1) × (columns + 1) net of points, counter-clockwise; poles: no empty ones at its ends."""
    row, column = (index.ravel() for index in np.mgrid[0:rows, 0:columns])
    a = row * (columns + 1) + column
    b, c, d = a + columns + 1, a + columns + 2, a + 1
    first, second = np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)
    if poles:
        first, second = first[row < rows - 1], second[row > 0]
    return np.concatenate([first, second])


def _turn_from_y(direction: NDArray[np.float64]) -> list[float]:
    """The quaternion x, y, z, w that turns y into a unit vector."""
    x, y, z = (float(part) for part in direction)
    if y < -0.999999:
        return [1.0, 0.0, 0.0, 0.0]
    quaternion = np.array([z, 0.0, -x, 1.0 + y])
    return (quaternion / np.linalg.norm(quaternion)).tolist()  # type: ignore[no-any-return]
