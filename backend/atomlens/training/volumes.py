"""Fits how long the bonds of crystals are (`networks.volumes`): radii, sums and corrections of pairs of elements.

Sought are the r, ln s and δ by which training crystals are stretched least: least absolute deviations of the stretch of
every crystal, and, by less, of every site, by least squares whose weights are taken anew (Gauss–Newton, for a sum
depends on a length by the bond's share of it). Corrections of pairs are held small (ridge) and left out where they are:
pairs of few crystals have none. What is usual is read off held-out crystals, to which nothing was fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch
from atomlens.networks.volumes import SOFTNESS, Volumes, bonds, log_sums

#: Of the stretches of held-out crystals: between the first two one is usual; beyond the last two, by `SLACK`, outside.
QUANTILES = (0.01, 0.99, 0.005, 0.995)
SLACK = 0.03
#: By so much measured cells may be shorter than those of PBE, of which all sets are: 1.4 % on average, 2 to 3 for heavy
#: elements (Haas, Tran, Blaha, Phys. Rev. B 79, 085104 (2009)).
MEASURED = 0.02
#: By which any crystal's lengths may differ: cells are written down with few digits.
ROUNDING = 0.007
#: Å below which a correction of a pair is left out.
LEAST_PAIR = 0.05
#: Rounds of the fit; stretches of a crystal and of a site before they count for less; how much sites count.
_ROUNDS, _MISS, _MISS_SITE, _SITES = 8, 0.01, 0.05, 0.2
#: Å at which radii begin; by how much they and sums are held there, and corrections at zero.
_RADIUS, _HELD, _HELD_PAIR = 1.2, 0.01, 1.0


@dataclass(frozen=True, eq=False)
class _Bonds:
    """Of all sites of crystals one after another, as `networks.volumes.bonds` gives them; crystal: of every site."""

    numbers: NDArray[np.int64]
    others: NDArray[np.int64]
    distances: NDArray[np.float64]
    weights: NDArray[np.float64]
    crystal: NDArray[np.int64]

    @classmethod
    def of(cls, batch: Batch) -> _Bonds:
        """Raises `TypeError` for molecules."""
        if batch.cells is None:
            raise TypeError("crystals have cells")
        parts = []
        for k, cell in enumerate(batch.cells):
            part = slice(batch.offsets[k], batch.offsets[k + 1])
            neighbours, distances, weights = bonds(batch.positions[part], cell)
            parts.append((batch.numbers[part][neighbours], distances, weights))
        others, distances, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        crystal = np.repeat(np.arange(len(batch)), np.diff(batch.offsets))
        return cls(batch.numbers, others, distances, weights, crystal)

    def stretches(self, found: Volumes) -> NDArray[np.float64]:
        """(M,) of every crystal, as `Volumes.stretch`."""
        usual = found.radii[self.numbers][:, None] + found.radii[self.others]
        usual = usual + found.pairs[self.numbers[:, None], self.others]
        longer = found.sums[self.numbers] - SOFTNESS * log_sums(usual - self.distances, self.weights)
        known = np.isfinite(longer)
        # a crystal of an element that no training crystal has says nothing of what is usual
        strange = np.bincount(self.crystal, ~known) > 0
        sums = np.bincount(self.crystal, np.where(known, longer, 0.0))
        return np.asarray((1.0 + sums / np.bincount(self.crystal, self.distances[:, 0]))[~strange])


def fit_volumes(train: Batch, held_out: Batch) -> Volumes:
    """Of the training crystals and others of the same set. Raises `TypeError` for molecules."""
    found = _fitted(_Bonds.of(train))
    low, high, least, most = np.quantile(_Bonds.of(held_out).stretches(found), QUANTILES).tolist()
    return Volumes(
        found.radii,
        found.sums,
        found.pairs,
        (
            min(low, 1.0 - ROUNDING) - MEASURED,
            max(high, 1.0 + ROUNDING),
            min(least, 1.0 - ROUNDING) - MEASURED - SLACK,
            max(most, 1.0 + ROUNDING) + SLACK,
        ),
    )


def _fitted(found: _Bonds) -> Volumes:
    """The lengths that fit best, whatever is usual."""
    from scipy.sparse import coo_array, csr_array, diags_array, vstack

    site, place = np.nonzero(found.weights)
    elements, number = np.unique(found.numbers, return_inverse=True)
    ends = np.sort(np.stack([found.numbers[site], found.others[site, place]]), axis=0)
    pairs, pair = np.unique(ends, axis=1, return_inverse=True)
    n, n_sites = len(elements), len(found.numbers)
    # radii, sums, corrections
    start = np.concatenate([np.full(n, _RADIUS), np.zeros(n + pairs.shape[1])])
    held = np.concatenate([np.full(2 * n, _HELD), np.full(pairs.shape[1], _HELD_PAIR)])
    columns = np.stack([*np.searchsorted(elements, ends), 2 * n + pair.reshape(-1)])
    first = found.distances[:, 0]
    whole = 1.0 / np.bincount(found.crystal, first)
    averaged = coo_array((whole[found.crystal], (found.crystal, np.arange(n_sites)))).tocsr()
    rows = csr_array(vstack([averaged, diags_array(1.0 / first)]))
    counts = np.concatenate([np.full(len(whole), 1.0), np.full(n_sites, _SITES)])
    misses = np.concatenate([np.full(len(whole), _MISS), np.full(n_sites, _MISS_SITE)])
    values = start
    for _ in range(_ROUNDS):
        usual = np.zeros_like(found.distances)
        usual[site, place] = values[columns].sum(0)
        logs = log_sums(usual - found.distances, found.weights)
        shares = found.weights[site, place] * np.exp(
            (usual[site, place] - found.distances[site, place]) / SOFTNESS - logs[site]
        )
        slopes = coo_array((-np.tile(shares, 3), (np.tile(site, 3), columns.ravel())), shape=(n_sites, len(start)))
        slopes = slopes + coo_array((np.ones(n_sites), (np.arange(n_sites), n + number)), shape=slopes.shape)
        design = (rows @ slopes).tocsr()
        missed = rows @ (values[n + number] - SOFTNESS * logs)
        weighted = design.T * (counts / np.sqrt(missed**2 + misses**2))
        matrix = (weighted @ design).toarray() + np.diag(held)
        values = values - np.linalg.solve(matrix, weighted @ missed + held * (values - start))
    return _volumes(elements, pairs, values)


def _volumes(elements: NDArray[np.int64], pairs: NDArray[np.int64], values: NDArray[np.float64]) -> Volumes:
    n = len(elements)
    radii, sums, corrections = np.full(119, np.nan), np.full(119, np.nan), np.zeros((119, 119))
    radii[elements], sums[elements] = values[:n], values[n : 2 * n]
    kept = np.where(np.abs(values[2 * n :]) < LEAST_PAIR, 0.0, values[2 * n :])
    corrections[pairs[0], pairs[1]] = corrections[pairs[1], pairs[0]] = kept
    return Volumes(radii, sums, corrections, (0.0, np.inf, 0.0, np.inf))
