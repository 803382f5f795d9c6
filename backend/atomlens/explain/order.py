"""How much order of the periodic table there is in element vectors: measured, against chance.

*Correlation* of a principal component with a property of the elements (group, period, electronegativity, covalent
radius): Spearman's ρ. Its sign is as free as the component's. *Same group*: the share of elements whose nearest
neighbour among the vectors is of the same group (or, beyond the groups, another lanthanoid or actinoid). Both are held
against the same numbers after the properties were shuffled among the elements, ``SHUFFLES`` times: p is the share of
shuffles that are at least as strong, (1 + count) / (1 + SHUFFLES). Many components and properties are looked at
together, and the strongest of many chances is strong: `adjusted` compares with the strongest of all of them in each
shuffle (Westfall & Young, Resampling-Based Multiple Testing, Wiley 1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

SHUFFLES = 9_999
#: Components that are looked at.
COMPONENTS = 4
#: Fewer elements have no order that could be told from chance.
FEWEST_ELEMENTS = 8

Metric = Literal["euclidean", "cosine"]
METRICS: tuple[Metric, ...] = ("euclidean", "cosine")


def correlations(
    components: NDArray[np.float64], properties: Mapping[str, NDArray[np.float64]]
) -> list[dict[str, Any]]:
    """ρ, p and adjusted p of each property (n,) with each component (n, k); NaN is no value.

    One entry for every property and component: `property`, `component` (from 0), `rho`, `p`, `adjusted`, `n`.
    """
    rng = np.random.default_rng(0)
    found, strongest = [], np.zeros(SHUFFLES)
    for name, values in properties.items():
        known = np.flatnonzero(np.isfinite(values))
        if len(known) < FEWEST_ELEMENTS:
            continue
        theirs = _standard_ranks(values[known, None])[:, 0]
        ours = _standard_ranks(components[known])
        orders = np.argsort(rng.random((SHUFFLES, len(known))), axis=1)
        chance = np.abs(theirs[orders] @ ours)
        strongest = np.maximum(strongest, chance.max(1))
        found += [(name, k, float(rho), chance[:, k], len(known)) for k, rho in enumerate(theirs @ ours)]
    return [
        {
            "property": name,
            "component": k,
            "rho": rho,
            "p": _share(chance, abs(rho)),
            "adjusted": _share(strongest, abs(rho)),
            "n": n,
        }
        for name, k, rho, chance, n in found
    ]


def same_group(vectors: NDArray[np.float64], families: Sequence[str], metric: Metric) -> dict[str, float]:
    """`share` of elements whose nearest neighbour is of their family, `chance` (its mean over shuffles) and `p`.

    vectors: (n, n_features); families: (n,).
    """
    nearest = distances(vectors, metric).argmin(1)
    labels = np.unique(families, return_inverse=True)[1]
    share = float((labels == labels[nearest]).mean())
    orders = np.argsort(np.random.default_rng(0).random((SHUFFLES, len(labels))), axis=1)
    shuffled = labels[orders]
    chance = (shuffled == shuffled[:, nearest]).mean(1)
    return {"share": share, "chance": float(chance.mean()), "p": _share(chance, share)}


def distances(vectors: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    """(n, n) between the vectors: Euclidean, or one minus the cosine; infinite on the diagonal."""
    if metric == "cosine":
        directions = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-300)
        found = 1.0 - directions @ directions.T
    else:
        found = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.fill_diagonal(found, np.inf)
    return np.asarray(found)


def agreement(members: Sequence[NDArray[np.float64]]) -> float | None:
    """Mean Spearman correlation between the members' distances of all pairs of elements; None for one member."""
    if len(members) < 2:
        return None
    upper = np.triu_indices(len(members[0]), 1)
    ranks = _standard_ranks(np.stack([distances(vectors, "euclidean")[upper] for vectors in members], axis=1))
    pairs = np.triu_indices(len(members), 1)
    return float((ranks.T @ ranks)[pairs].mean())


def _standard_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks of each column (equal values share one), centred and of length one; zeros where all are equal."""
    ranks = rankdata(values, axis=0)
    ranks -= ranks.mean(0)
    lengths = np.linalg.norm(ranks, axis=0)
    return np.asarray(ranks / np.where(lengths > 0, lengths, 1.0))


def _share(chance: NDArray[np.float64], found: float) -> float:
    # rounding must not make an equal one weaker
    return float((1 + int((chance >= found - 1e-12).sum())) / (1 + len(chance)))
