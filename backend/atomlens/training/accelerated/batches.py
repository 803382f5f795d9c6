"""Which configurations make a batch.

Configurations of one group (the conformers of a molecule, or an anchor and what was displaced from it) come in
parcels, so that differences within a group are seen in one step; batches are drawn by strata of size, so that all of
them are about equally large and little of their fixed shape stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Shape:
    """Of every batch: parcels, configurations a parcel, rows for atoms and for pairs."""

    parcels: int
    parcel: int
    n_atoms: int
    n_pairs: int

    @property
    def places(self) -> int:
        """Configurations a batch."""
        return self.parcels * self.parcel


def parcels(groups: NDArray[np.int64], parcel: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """(n_parcels, parcel) indices of configurations of one group, -1 where a group runs out.

    groups: (M,). A group that leaves a single one over leaves it out this time, unless it is the group.
    """
    if parcel == 1:
        alone: NDArray[np.int64] = rng.permutation(len(groups))[:, None]
        return alone
    order = np.lexsort((rng.random(len(groups)), groups))
    sorted_groups = groups[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    counts = np.diff(np.r_[starts, len(groups)])
    place = np.arange(len(groups)) - np.repeat(starts, counts)
    size = np.repeat(counts, counts)
    single = (size % parcel == 1) & (place == size - 1) & (size > 1)
    kept = np.flatnonzero(~single)
    # a parcel begins wherever a group does, and after every `parcel` of its configurations
    begins = place[kept] % parcel == 0
    table = np.full((int(begins.sum()), parcel), -1, dtype=np.int64)
    table[np.cumsum(begins) - 1, place[kept] % parcel] = order[kept]
    return table


def batches(
    table: NDArray[np.int64], sizes: NDArray[np.int64], shape_parcels: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """(n_batches, places): one parcel of every stratum of size in each batch; the rest of an epoch is left out.

    table: (n_parcels, parcel); sizes: (M, 2) atoms and pairs.
    """
    weight = np.where(table >= 0, sizes[table, 0] + sizes[table, 1], 0).sum(1)
    n_batches = max(1, len(table) // shape_parcels)
    if n_batches * shape_parcels > len(table):
        table = np.concatenate([table, np.full((shape_parcels - len(table), table.shape[1]), -1)])
        weight = np.concatenate([weight, np.zeros(len(table) - len(weight), dtype=weight.dtype)])
    kept = rng.permutation(len(table))[: n_batches * shape_parcels]
    strata = kept[np.argsort(weight[kept], kind="stable")].reshape(shape_parcels, n_batches)
    shuffled = rng.permuted(strata, axis=1)
    drawn: NDArray[np.int64] = table[shuffled.T].reshape(n_batches, -1)
    return drawn


def fit_into(batch: NDArray[np.int64], sizes: NDArray[np.int64], shape: Shape) -> NDArray[np.int64]:
    """The batches with their last parcels emptied where there is no room for them in the shape."""
    totals = np.where((batch >= 0)[..., None], sizes[batch], 0).sum(1)
    over = np.flatnonzero((totals[:, 0] > shape.n_atoms) | (totals[:, 1] > shape.n_pairs))
    result = batch.copy()
    for k in over.tolist():
        cut = result[k].reshape(shape.parcels, shape.parcel)
        for row in range(shape.parcels):
            present = result[k][result[k] >= 0]
            atoms, pairs = sizes[present].sum(0)
            if atoms <= shape.n_atoms and pairs <= shape.n_pairs:
                break
            cut[row] = -1
    return result


def shape_for(batch: NDArray[np.int64], sizes: NDArray[np.int64], n_parcels: int, parcel: int) -> Shape:
    """Room for 99.5 % of these batches."""
    totals = np.where((batch >= 0)[..., None], sizes[batch], 0).sum(1)
    atoms, pairs = np.quantile(totals, 0.995, axis=0)
    return Shape(n_parcels, parcel, int(-(-atoms // 64) * 64), int(-(-pairs // 256) * 256) if pairs else 0)
