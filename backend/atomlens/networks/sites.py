"""Whether the sites of a crystal stand to their neighbours as those that a model of crystals has learned from.

Neither a distance of environments nor a spread tells that an atom was moved: networks that have seen ideal or relaxed
crystals alone answer smoothly, and alike, for any other. So two things are looked at that need no network:

- where all training crystals are of a few arrangements (one perovskite, one elpasolite), the *shells*: the distances
  from a site to its nearest neighbours, in cube roots of the volume per atom, must be those of one of their sites;
- elsewhere, *contacts*: every element has a radius, such that sums of two come as near as they can to the distances
  from the sites of the training crystals to their nearest neighbours; the ratio of a distance to its sum is compared
  with theirs. Only what is too near is strange: a layer or a molecule may well be far from the next. And nothing is
  that was as near in some training crystal, as vanadium and oxygen are whose bond is double: a radius knows of none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Nearest neighbours of a site that are its shells.
NEIGHBOURS = 8
#: Kinds of sites up to which arrangements are few.
FEW = 12
#: Share of a distance in a shell up to which it is the usual one (few digits in a file, cells that are not quite
#: ideal), and beyond which it is another.
USUAL, OTHER = 0.04, 0.1
#: Of the ratios of contacts in training crystals: below the first one is unusual, below the second outside.
QUANTILES = (0.01, 0.002)
#: Of a shell's distances two sites of one kind may differ by so much, and of a contact two crystals.
_SAME = 0.02
#: Rounds of the fit of radii, and Å by which a distance may miss its sum before it counts for less.
_ROUNDS, _MISS = 10, 0.05


@dataclass(frozen=True, eq=False)
class Sites:
    """radii: (119,) Å by atomic number, NaN for unknown ones; ratios: of contacts, at the `QUANTILES`; closest:
    (119, 119) Å of the pairs that have been nearer than the first of these, infinite for others; shells: (n_kinds,
    NEIGHBOURS) ascending, in cube roots of the volume per atom; none where arrangements are many.
    """

    radii: NDArray[np.float64]
    ratios: tuple[float, float]
    closest: NDArray[np.float64]
    shells: NDArray[np.float64]

    def grades(
        self, numbers: NDArray[np.int64], positions: NDArray[np.float64], cell: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """(n_atoms,): 0 for a usual site, 1 for an unusual one, 2 for one outside of all.

        numbers: (n_atoms,); positions: (n_atoms, 3); cell: (3, 3) Å.
        """
        if len(self.shells):
            mine = shells(positions, cell)
            away = np.abs(mine[:, None] / self.shells - 1.0).max(2).min(1)
            return np.asarray((away > USUAL).astype(np.int64) + (away > OTHER))
        neighbour, distances = _closest(positions, cell)
        ratios = distances / (self.radii[numbers] + self.radii[numbers[neighbour]])
        # comparisons with NaN are false: of what is not known nothing is said here
        near = (ratios < self.ratios[0]).astype(np.int64) + (ratios < self.ratios[1])
        return np.asarray(np.where(distances < (1.0 - _SAME) * self.closest[numbers, numbers[neighbour]], near, 0))


def shells(positions: NDArray[np.float64], cell: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_atoms, NEIGHBOURS) ascending, in cube roots of the volume per atom. positions: (n_atoms, 3); cell: (3, 3)."""
    return np.asarray(nearest(positions, cell, NEIGHBOURS)[1] / _length(positions, cell))


def fit_sites(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    cells: NDArray[np.float64],
    offsets: NDArray[np.int64],
) -> Sites:
    """Of training crystals one after another, their sites from offsets[k] to offsets[k + 1]; cells: (M, 3, 3) Å."""
    kinds: list[NDArray[np.float64]] = []
    pairs, lengths = [], []
    for k, cell in enumerate(cells):
        part = slice(offsets[k], offsets[k + 1])
        neighbour, distances = _closest(positions[part], cell)
        pairs.append(np.stack([numbers[part], numbers[part][neighbour]], axis=1))
        lengths.append(distances)
        if len(kinds) <= FEW:
            for mine in shells(positions[part], cell):
                if len(kinds) <= FEW and not any(np.abs(mine / kind - 1.0).max() < _SAME for kind in kinds):
                    kinds.append(mine)
    ends, reached = np.concatenate(pairs), np.concatenate(lengths)
    radii = _radii(ends, reached)
    ratios = reached / (radii[ends[:, 0]] + radii[ends[:, 1]])
    low, least = np.quantile(ratios, QUANTILES).tolist()
    closest = np.full((119, 119), np.inf)
    for (one, other), length in zip(ends[ratios < low].tolist(), reached[ratios < low].tolist(), strict=True):
        closest[one, other] = closest[other, one] = min(closest[one, other], length)
    return Sites(radii, (low, least), closest, np.stack(kinds) if len(kinds) <= FEW else np.zeros((0, NEIGHBOURS)))


def _closest(
    positions: NDArray[np.float64], cell: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest neighbour of every site, and its distance in Å: (n_atoms,) each."""
    neighbours, distances, _ = nearest(positions, cell, 1)
    return neighbours[:, 0], distances[:, 0]


def nearest(
    positions: NDArray[np.float64], cell: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """So many neighbours of every site, images included, the nearest first, and their distances in Å: (n_atoms, count)
    each; and vectors to them, (n_atoms, count, 3). positions: (n_atoms, 3); cell: (3, 3)."""
    from ase.neighborlist import primitive_neighbor_list  # whoever looks at molecules need not load it

    sites = np.arange(len(positions))
    reach = 1.5 * _length(positions, cell)
    while True:
        first, second, distances, vectors = primitive_neighbor_list("ijdD", (True,) * 3, cell, positions, reach)
        if np.bincount(first, minlength=len(sites)).min() >= count:
            break
        reach *= 1.3
    order = np.lexsort((distances, first))
    chosen = order[np.searchsorted(first[order], sites)[:, None] + np.arange(count)]
    return second[chosen], distances[chosen], vectors[chosen]


def _length(positions: NDArray[np.float64], cell: NDArray[np.float64]) -> float:
    return float((abs(np.linalg.det(cell)) / len(positions)) ** (1 / 3))


def _radii(pairs: NDArray[np.int64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """(119,) Å, NaN without a pair, whose sums of two come nearest to the lengths: least absolute deviations, by
    least squares whose weights are taken anew. pairs: (n, 2) atomic numbers; lengths: (n,) Å."""
    known, place = np.unique(pairs, return_inverse=True)
    design = np.zeros((len(lengths), len(known)))
    for end in place.reshape(pairs.shape).T:
        design[np.arange(len(lengths)), end] += 1.0
    weights = np.ones(len(lengths))
    for _ in range(_ROUNDS):
        weighted = design * weights[:, None]
        # elements that only ever meet each other have a sum and no difference: the smallest radii then
        radii = np.linalg.lstsq(weighted.T @ weighted, weighted.T @ (weights * lengths), rcond=1e-9)[0]
        weights = 1.0 / np.sqrt(np.abs(design @ radii - lengths) + _MISS)
    found = np.full(119, np.nan)
    found[known] = radii
    return found
