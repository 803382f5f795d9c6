"""Displaced geometries of a molecule: bonds pulled, torsions turned, angles bent, atoms shaken, two molecules met.

A bond that lies in no ring divides its molecule into two sides; the smaller one is moved rigidly.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ase.data import covalent_radii
from numpy.typing import NDArray

from atomlens.chem.connections import PULLED_ANGSTROM, neighbours, parts, small_rings

Positions = NDArray[np.float64]
Bonds = NDArray[np.int64]

#: Å between which bonds are pulled.
SHORTEST, LONGEST = 0.6, PULLED_ANGSTROM
#: Radians between which angles are opened and closed.
NARROWEST, WIDEST = 0.8, np.pi
#: Part of the sum of two covalent radii below which a bond counts as held by more than one pair of electrons: that of
#: ethylene has 0.88, of amides 0.93, the middle one of butadiene 0.95, that of ethane 1.
STIFF = 0.955
#: Radians up to which an angle, or a double bond's plane, is near where it was.
SLIGHT = 0.9
#: Atomic number of the last element of the second row.
NEON = 10
#: Å by which the atoms of a ring may lie off their mean plane, as the root of the mean square, for it to be flat.
FLAT = 0.06
#: Å, the root of the sum of squares, between which flat rings are puckered.
PUCKERED = (0.05, 0.45)


def side_of(n_atoms: int, bonds: Bonds, first: int, second: int) -> NDArray[np.int64] | None:
    """All atoms on the second's side of the bond; None for a bond in a ring. bonds: (n_bonds, 2)."""
    beside = neighbours(n_atoms, (bond for bond in bonds.tolist() if set(bond) != {first, second}))
    reached, todo = {second}, [second]
    while todo:
        for atom in beside[todo.pop()]:
            if atom not in reached:
                reached.add(atom)
                todo.append(atom)
    return None if first in reached else np.array(sorted(reached))


def smaller_side(n_atoms: int, bonds: Bonds, first: int, second: int) -> tuple[int, int, NDArray[np.int64]] | None:
    """(fixed atom, moved atom, all atoms of the moved side) of a bond; None for a bond in a ring.

    bonds: (n_bonds, 2).
    """
    side = side_of(n_atoms, bonds, first, second)
    if side is None:
        return None
    if 2 * len(side) <= n_atoms:
        return first, second, side
    return second, first, np.setdiff1d(np.arange(n_atoms), side)


def open_bonds(n_atoms: int, bonds: Bonds) -> list[tuple[int, int, NDArray[np.int64]]]:
    """`smaller_side` of every bond that lies in no ring."""
    sides = (smaller_side(n_atoms, bonds, int(a), int(b)) for a, b in bonds)
    return [side for side in sides if side is not None]


def stiff(
    numbers: NDArray[np.int64], positions: Positions, sides: list[tuple[int, int, NDArray[np.int64]]]
) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Those of these sides that a double or conjugated bond holds: it is shorter than a single one, by `STIFF`.

    Radii: ase (Cordero et al., Dalton Trans. 2832 (2008)). To turn such a bond costs ten times as much as another,
    which few of all bonds would say.
    """
    return [
        side
        for side in sides
        if np.linalg.norm(positions[side[0]] - positions[side[1]])
        < STIFF * (covalent_radii[numbers[side[0]]] + covalent_radii[numbers[side[1]]])
    ]


def stretched(positions: Positions, side: tuple[int, int, NDArray[np.int64]], length: float) -> Positions:
    """The bond at `length` Å, its smaller side moved along it."""
    fixed, moved, atoms = side
    along = positions[moved] - positions[fixed]
    distance = float(np.linalg.norm(along))
    new = positions.copy()
    new[atoms] += along * (length / distance - 1.0)
    return new


def turned(positions: Positions, side: tuple[int, int, NDArray[np.int64]], angle: float) -> Positions:
    """The smaller side turned about the bond by `angle` (radians)."""
    fixed, moved, atoms = side
    return _rotated(positions, atoms, positions[moved], positions[moved] - positions[fixed], angle)


def bent(
    positions: Positions, side: tuple[int, int, NDArray[np.int64]], axis: NDArray[np.float64], angle: float
) -> Positions:
    """The smaller side swung about an axis through the fixed atom (its part across the bond) by `angle` (radians)."""
    fixed, moved, atoms = side
    bond = positions[moved] - positions[fixed]
    across = axis - bond * (axis @ bond) / (bond @ bond)
    return _rotated(positions, atoms, positions[fixed], across, angle)


def at_angle(positions: Positions, corner: tuple[int, int, int, NDArray[np.int64]], angle: float) -> Positions:
    """The angle of three atoms at `angle` (radians), what hangs on the last one (the fourth entry) moved rigidly."""
    first, middle, last, atoms = corner
    one, other = positions[first] - positions[middle], positions[last] - positions[middle]
    axis = np.cross(one, other)
    if np.linalg.norm(axis) < 1e-3 * np.linalg.norm(one) * np.linalg.norm(other):
        # of a straight angle every way is as good: the one along the coordinate that it has least of
        axis = np.cross(one, np.eye(3)[np.abs(one).argmin()])
    now = np.arccos(np.clip(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)), -1.0, 1.0))
    return _rotated(positions, atoms, positions[middle], axis, angle - now)


def shaken(positions: Positions, rng: np.random.Generator, deviation: float) -> Positions:
    """Every coordinate displaced by a normal deviate of `deviation` Å."""
    return positions + rng.normal(0.0, deviation, positions.shape)


def lengths(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """(count,) Å, spread evenly from `SHORTEST` to `LONGEST`, one at random in each part."""
    return SHORTEST + (LONGEST - SHORTEST) * (np.arange(count) + rng.random(count)) / count


def met(first: Positions, second: Positions, rng: np.random.Generator, gap: float) -> Positions:
    """Both molecules, the second turned at random and placed in a random direction, `gap` Å from the first."""
    direction = rng.normal(size=3)
    direction /= np.linalg.norm(direction)
    orientation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    if np.linalg.det(orientation) < 0.0:
        orientation[:, 0] *= -1.0
    here, there = first - first.mean(0), (second - second.mean(0)) @ orientation.T
    # from where they cannot touch, moved in until the nearest two atoms are so far apart
    near, far = 0.0, float(np.abs(here).max() + np.abs(there).max()) * 2.0 + gap + 1.0
    for _ in range(40):
        middle = 0.5 * (near + far)
        apart = np.linalg.norm(here[:, None] - (there + middle * direction)[None], axis=2).min()
        near, far = (middle, far) if apart < gap else (near, middle)
    return np.concatenate([here, there + far * direction])


def sample(
    numbers: NDArray[np.int64], positions: Positions, bonds: Bonds, rng: np.random.Generator, counts: dict[str, int]
) -> Iterator[tuple[str, Positions]]:
    """Displaced geometries with their kinds.

    counts: `stretched_bonds` (at most so many bonds, at random) times `stretches`, `turns`, `stiff_turns` (about double
    and conjugated bonds), `bends`, `shakes`.
    """
    sides = open_bonds(len(positions), bonds)
    order = rng.permutation(len(sides))[: counts.get("stretched_bonds", 0)]
    for k in order.tolist():
        for length in lengths(rng, counts.get("stretches", 0)).tolist():
            new = stretched(positions, sides[k], length)
            # every other one is shaken as well: a rigid pull leaves most of space unseen
            yield "stretch", shaken(new, rng, 0.04) if rng.random() < 0.5 else new
    large = [side for side in sides if len(side[2]) > 1] or sides
    held = stiff(numbers, positions, [side for side in sides if len(side[2]) > 1])
    for chosen, count in ((large, counts.get("turns", 0)), (held, counts.get("stiff_turns", 0))):
        for _ in range(count if chosen else 0):
            side = chosen[rng.integers(len(chosen))]
            yield "turn", shaken(turned(positions, side, float(rng.uniform(-np.pi, np.pi))), rng, 0.02)
    for _ in range(counts.get("bends", 0) if sides and len(positions) > 2 else 0):
        side = sides[rng.integers(len(sides))]
        angle = float(rng.uniform(0.1, 0.9) * rng.choice([-1.0, 1.0]))
        yield "bend", shaken(bent(positions, side, rng.normal(size=3), angle), rng, 0.02)
    for _ in range(counts.get("shakes", 0)):
        yield "shake", shaken(positions, rng, float(rng.uniform(0.02, 0.16)))


def sample_corners(
    numbers: NDArray[np.int64], positions: Positions, bonds: Bonds, rng: np.random.Generator, counts: dict[str, int]
) -> Iterator[tuple[str, Positions]]:
    """Further displaced geometries with their kinds: what `sample` shows too little of.

    counts: `angles` (two bonds of an atom at every angle from `NARROWEST` on: swung a little from where they are, as
    `sample` bends them, they never reach the straight one), `hetero_turns` (about bonds of others than two carbons).
    """
    corners = _corners(len(positions), bonds)
    count = counts.get("angles", 0) if corners else 0
    for angle in (NARROWEST + (WIDEST - NARROWEST) * (np.arange(count) + rng.random(count)) / max(count, 1)).tolist():
        here = corners[rng.integers(len(corners))]
        corner = here[rng.integers(len(here))]
        new = at_angle(positions, corner, angle)
        if rng.random() < 0.4:
            _, middle, last, atoms = corner
            length = float(np.linalg.norm(positions[last] - positions[middle]) * rng.uniform(0.85, 1.35))
            new = stretched(new, (middle, last, atoms), length)
        yield "angle", shaken(new, rng, 0.03) if rng.random() < 0.5 else new
    turnable = [
        side
        for side in open_bonds(len(positions), bonds)
        if len(side[2]) > 1 and not (numbers[side[0]] == 6 and numbers[side[1]] == 6)
    ]
    for _ in range(counts.get("hetero_turns", 0) if turnable else 0):
        side = turnable[rng.integers(len(turnable))]
        yield "turn", shaken(turned(positions, side, float(rng.uniform(-np.pi, np.pi))), rng, 0.02)


def sample_rings(
    positions: Positions, bonds: Bonds, rng: np.random.Generator, counts: dict[str, int]
) -> Iterator[tuple[str, Positions]]:
    """Flat rings that are bent to boats, twists and chairs, of which `sample` shows small ones alone: `puckers`.

    A network that has seen none has minima there: relaxing, it bent phenyl rings by some thirty degrees.
    """
    rings = [ring for ring in small_rings(len(positions), bonds.tolist()) if _out_of_plane(positions[ring]) < FLAT]
    for _ in range(counts.get("puckers", 0) if rings else 0):
        ring = rings[rng.integers(len(rings))]
        yield "bend", shaken(puckered(positions, bonds, ring, *_pucker(len(ring), rng)), rng, 0.01)


def sample_rare(
    numbers: NDArray[np.int64], positions: Positions, bonds: Bonds, rng: np.random.Generator, counts: dict[str, int]
) -> Iterator[tuple[str, Positions]]:
    """Displaced geometries of what few molecules have: `heavy_angles` (two bonds of an atom from the third row on, near
    the angle at rest: sulfoxides opened at no cost), `heavy_turns` (about its bonds: thioesters turned at none), and
    `slight_turns` (about double and conjugated bonds, within `SLIGHT`: of all angles few are near the plane)."""
    corners = [here for here in _corners(len(positions), bonds) if numbers[here[0][1]] > NEON]
    for _ in range(counts.get("heavy_angles", 0) if corners else 0):
        here = corners[rng.integers(len(corners))]
        first, middle, last, atoms = here[rng.integers(len(here))]
        one, other = positions[first] - positions[middle], positions[last] - positions[middle]
        now = np.arccos(np.clip(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)), -1.0, 1.0))
        angle = float(np.clip(now + rng.uniform(-SLIGHT, SLIGHT), NARROWEST, WIDEST))
        yield "angle", shaken(at_angle(positions, (first, middle, last, atoms), angle), rng, 0.02)
    sides = [side for side in open_bonds(len(positions), bonds) if len(side[2]) > 1]
    heavy = [side for side in sides if max(numbers[side[0]], numbers[side[1]]) > NEON]
    for chosen, widest, count in (
        (heavy, np.pi, counts.get("heavy_turns", 0)),
        (stiff(numbers, positions, sides), SLIGHT, counts.get("slight_turns", 0)),
    ):
        for _ in range(count if chosen else 0):
            side = chosen[rng.integers(len(chosen))]
            yield "turn", shaken(turned(positions, side, float(rng.uniform(-widest, widest))), rng, 0.02)


def puckered(
    positions: Positions, bonds: Bonds, ring: NDArray[np.int64], heights: NDArray[np.float64], scale: float = 1.0
) -> Positions:
    """The ring's atoms moved off its mean plane by `heights` (n_ring,) times `scale`, Å; what hangs on one goes with
    it, and what hangs on several by their mean."""
    normal = np.linalg.svd(positions[ring] - positions[ring].mean(0))[2][2]
    new = positions.copy()
    new[ring] += scale * np.outer(heights, normal)
    touching = np.isin(bonds, ring).any(1)
    for part in parts(len(positions), bonds[~touching].tolist()):
        held = np.isin(ring, bonds[touching & np.isin(bonds, part).any(1)])
        if held.any() and not np.isin(part, ring).any():
            new[part] += scale * heights[held].mean() * normal
    return new


def _pucker(size: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], float]:
    """Heights of a ring's atoms whose squares sum to one, and by how many Å (D. Cremer, J. A. Pople, JACS 97, 1354
    (1975)): for six the one that alternates has a part of its own."""
    steps = np.arange(size)
    heights = np.sqrt(2.0 / size) * np.cos(4.0 * np.pi * steps / size + rng.uniform(0.0, 2.0 * np.pi))
    if size == 6:
        share = rng.uniform(0.0, 1.0) ** 2
        heights = np.sqrt(1.0 - share) * heights + np.sqrt(share / size) * (-1.0) ** steps
    return heights, float(rng.uniform(*PUCKERED))


def _out_of_plane(positions: Positions) -> float:
    """Å, root of the mean square."""
    return float(np.linalg.svd(positions - positions.mean(0), compute_uv=False)[2] / np.sqrt(len(positions)))


def _corners(n_atoms: int, bonds: Bonds) -> list[list[tuple[int, int, int, NDArray[np.int64]]]]:
    """Of every atom that has some, what `at_angle` can open there."""
    found = []
    for middle, around in enumerate(neighbours(n_atoms, bonds.tolist())):
        sides = {last: side_of(n_atoms, bonds, middle, last) for last in around} if len(around) > 1 else {}
        here = [
            (first, middle, last, side)
            for last, side in sides.items()
            if side is not None and 2 * len(side) <= n_atoms
            for first in around
            if first != last
        ]
        found.extend([here] if here else [])
    return found


def _rotated(
    positions: Positions, atoms: NDArray[np.int64], origin: Positions, axis: Positions, angle: float
) -> Positions:
    """Rodrigues' formula for these atoms about an axis through `origin`."""
    k = axis / np.linalg.norm(axis)
    away = positions[atoms] - origin
    new = positions.copy()
    cosine, sine = np.cos(angle), np.sin(angle)
    new[atoms] = origin + away * cosine + np.cross(k, away) * sine + np.outer(away @ k, k) * (1.0 - cosine)
    return new
