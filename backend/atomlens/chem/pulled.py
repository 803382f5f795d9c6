"""Bonds that are pulled too far for `chem.connections` to see them: what holds the parts of a torn molecule together.

A geometry falls into parts where a bond is longer than any at rest. Parts that are whole molecules are several
molecules. Where one of two parts is none (CH3 and CH3, H and Cl, CO and O: electrons without a partner), their nearest
atoms that still have a free valence were bonded, if they are not farther apart than the models have seen it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.bonds import perceive
from atomlens.chem.check import check_closed_shell
from atomlens.chem.connections import PULLED_ANGSTROM, connections, covalent_radii, parts
from atomlens.chem.elements import SYMBOLS
from atomlens.errors import UnsupportedMolecule

#: More parted bonds than these tell of wrong units or of an exploded simulation: the models learned one at a time.
MOST_BONDS: Final = 2
#: Neighbours that leave an atom nothing to be bonded by; phosphorus, sulfur and others have no such number.
_SATURATED: Final = {1: 1, 6: 4, 7: 4, 8: 2, 9: 1, 17: 1, 35: 1, 53: 1}


def pulled_bonds(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """Pairs (first < second) of atoms whose bond, pulled, makes one molecule of a geometry's parts, the shortest first.

    numbers: (n_atoms,); positions: (n_atoms, 3), Å. None where the geometry is in one part, or where no `MOST_BONDS`
    bonds up to `PULLED_ANGSTROM` make it so.
    """
    found: list[tuple[int, int]] = []
    near = connections(numbers, positions)
    if len(parts(len(numbers), near)) > MOST_BONDS + 1:
        return ()
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    while len(now := parts(len(numbers), near + found)) > 1:
        pair = _next(numbers, positions, distances, near + found, now) if len(found) < MOST_BONDS else None
        if pair is None:
            return ()
        found.append(pair)
    return tuple(sorted(found, key=lambda pair: float(distances[pair])))


def pulled_warning(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], pulled: tuple[tuple[int, int], ...]
) -> str:
    """A sentence that says which bonds are pulled, how far, atoms counted from 1."""
    names = [
        f"{SYMBOLS[int(numbers[a])]}{a + 1}–{SYMBOLS[int(numbers[b])]}{b + 1} "
        f"({np.linalg.norm(positions[a] - positions[b]):.2f} Å)"
        for a, b in pulled
    ]
    return (
        f"Torn: {', '.join(names)}. The parts have electrons without a partner, so they are taken for one molecule "
        "whose bond is pulled."
    )


def _next(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    distances: NDArray[np.float64],
    pairs: list[tuple[int, int]],
    now: list[NDArray[np.int64]],
) -> tuple[int, int] | None:
    """The bond, of those that could be pulled between two parts, that exceeds its length at rest least."""
    neighbours = Counter(itertools.chain.from_iterable(pairs))
    radii = covalent_radii(numbers)
    broken = [_lacks_partner(numbers[part], positions[part]) for part in now]
    best: tuple[float, int, int] | None = None
    for (one, lacks), (other, lacks_too) in itertools.combinations(zip(now, broken, strict=True), 2):
        if not (lacks or lacks_too):
            continue
        for a, b in itertools.product(one.tolist(), other.tolist()):
            free = all(neighbours[atom] < _SATURATED.get(int(numbers[atom]), len(numbers)) for atom in (a, b))
            if free and distances[a, b] <= PULLED_ANGSTROM:
                excess = float(distances[a, b] - radii[a] - radii[b])
                best = min(best or (np.inf, 0, 0), (excess, min(a, b), max(a, b)))
    return None if best is None else best[1:]


def _lacks_partner(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> bool:
    """Whether a part is no molecule by itself, having electrons without a partner."""
    try:
        check_closed_shell(numbers)
        check_closed_shell(numbers, unpaired=perceive(numbers, positions).unpaired)
    except UnsupportedMolecule:
        return True
    return False
