"""Training environments: what a model's own representation of an atom looked like while it learned.

For each element Z, principal components of the representations x of its training atoms. With mean m, kept axes
u_j of variance λ_j (at most 32), and the part of x − m outside them, the distance of an environment is

    d² = Σ_j (u_j · (x − m))² / λ_j  +  |x − m − Σ_j u_j u_j · (x − m)|² / σ²

σ² is the mean square of that remainder over the training atoms, so the remainder counts as one component more,
and d² averages k + 1 there: Mahalanobis' distance in the kept components. It is judged by where it lies among
the distances of held-out atoms of the same element, which no fit has seen.

Arrays, kept beside the weights as float32

==============================  ===========  ==================================================================
name                            shape        meaning
==============================  ===========  ==================================================================
environments.Z<number>.mean     (F,)         m
environments.Z<number>.axes     (k, F)       u_j, orthonormal, largest variance first
environments.Z<number>.scales   (k + 1,)     √λ_j, and σ last
environments.Z<number>.held_out (n_levels,)  quantiles of d among held-out atoms, at `LEVELS`
==============================  ===========  ==================================================================
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

#: Principal components kept for an element.
COMPONENTS = 32
#: A component whose standard deviation is below this share of the first one's is rounding.
FLAT = 1e-4
#: Atoms of an element that are looked at; more change nothing that float32 keeps.
ATOMS = 20_000
#: Quantiles kept of the distances of held-out atoms: every hundredth, then a finer tail up to the largest.
LEVELS: NDArray[np.float64] = np.concatenate([np.linspace(0.0, 0.99, 100), [0.995, 0.998, 0.999, 0.9995, 1.0]])


def fit(
    numbers: NDArray[np.int64],
    representation: NDArray[np.floating],
    held_out_numbers: NDArray[np.int64],
    held_out_representation: NDArray[np.floating],
) -> dict[str, NDArray[np.float32]]:
    """Statistics of training atoms (n, F), judged by held-out atoms (n', F).

    An element with fewer than two training atoms or no held-out atom has none: there is nothing to judge it by, and
    whatever is asked about its environments is answered so.
    """
    arrays = {}
    for z in np.unique(numbers):
        mine, theirs = representation[numbers == z], held_out_representation[held_out_numbers == z]
        if len(mine) >= 2 and len(theirs):
            arrays.update(_fit_element(int(z), _thinned(mine), _thinned(theirs)))
    return arrays


def elements(arrays: Mapping[str, NDArray[np.floating]]) -> frozenset[int]:
    """Atomic numbers that have statistics."""
    return frozenset(int(key.split(".")[1][1:]) for key in arrays if key.endswith(".mean"))


def distances(
    arrays: Mapping[str, NDArray[np.floating]], numbers: NDArray[np.int64], representation: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(n_atoms,) distance of every environment to the training environments; NaN for elements without statistics."""
    found = np.full(len(numbers), np.nan)
    for z in elements(arrays) & set(np.unique(numbers).tolist()):
        atoms = numbers == z
        mean, axes, scales = (
            np.asarray(arrays[_name(z, part)], dtype=np.float64) for part in ("mean", "axes", "scales")
        )
        found[atoms] = _distance(np.asarray(representation[atoms], dtype=np.float64) - mean, axes, scales)
    return found


def percentiles(
    arrays: Mapping[str, NDArray[np.floating]], numbers: NDArray[np.int64], representation: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(n_atoms,) per cent of held-out atoms of the element that lie nearer; NaN for elements without statistics."""
    found = distances(arrays, numbers, representation)
    for z in elements(arrays) & set(np.unique(numbers).tolist()):
        atoms = numbers == z
        found[atoms] = 100.0 * np.interp(found[atoms], arrays[_name(z, "held_out")], LEVELS)
    return found


def held_out_distance(
    arrays: Mapping[str, NDArray[np.floating]], numbers: NDArray[np.int64], level: float
) -> NDArray[np.float64]:
    """(n_atoms,) quantile `level` (0 to 1) of the distances of held-out atoms of each atom's element."""
    found = np.full(len(numbers), np.nan)
    for z in elements(arrays) & set(np.unique(numbers).tolist()):
        found[numbers == z] = np.interp(level, LEVELS, arrays[_name(z, "held_out")])
    return found


def reduced(
    arrays: Mapping[str, NDArray[np.floating]], numbers: NDArray[np.int64], representation: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(n_atoms, COMPONENTS) representations along the kept axes of their elements, u_j · (x − m), zero beyond.

    In units of the first axis's standard deviation of the element; NaN for elements without statistics.
    """
    found = np.full((len(numbers), COMPONENTS), np.nan)
    for z in elements(arrays) & set(np.unique(numbers).tolist()):
        atoms = numbers == z
        mean, axes, scales = (
            np.asarray(arrays[_name(z, part)], dtype=np.float64) for part in ("mean", "axes", "scales")
        )
        found[atoms] = 0.0
        along = (np.asarray(representation[atoms], dtype=np.float64) - mean) @ axes.T / scales[0]
        found[np.flatnonzero(atoms)[:, None], np.arange(len(axes))] = along
    return found


def _fit_element(
    z: int, training: NDArray[np.float64], held_out: NDArray[np.float64]
) -> dict[str, NDArray[np.float32]]:
    mean = training.mean(0)
    centred = training - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / (len(training) - 1))
    order = np.argsort(variances)[::-1][: min(COMPONENTS, len(training) - 1)]
    spread = np.sqrt(np.maximum(variances[order], 0.0))
    kept = spread > max(FLAT * spread[0], 1e-12)
    axes, spread = vectors[:, order[kept]].T, spread[kept]
    if not len(spread):
        # all training atoms are one: any other environment is far from them
        axes, spread = np.zeros((0, training.shape[1])), np.zeros(0)
    remainder = centred - (centred @ axes.T) @ axes
    smallest = float(spread[-1]) if len(spread) else 1e-6
    # directions that no training atom ever left the plane along count like the narrowest kept one
    sigma = max(float(np.sqrt((remainder**2).sum(1).mean())), FLAT * smallest if len(spread) else smallest)
    arrays = {
        _name(z, "mean"): mean.astype(np.float32),
        _name(z, "axes"): axes.astype(np.float32),
        _name(z, "scales"): np.append(spread, sigma).astype(np.float32),
    }
    # measured with the rounded arrays, as it will be later
    found = distances(arrays, np.full(len(held_out), z), held_out)
    arrays[_name(z, "held_out")] = np.quantile(found, LEVELS).astype(np.float32)
    return arrays


def _distance(away: NDArray[np.float64], axes: NDArray[np.float64], scales: NDArray[np.float64]) -> NDArray[np.float64]:
    along = away @ axes.T
    remainder = ((away - along @ axes) ** 2).sum(1) / scales[-1] ** 2
    distance: NDArray[np.float64] = np.sqrt(((along / scales[:-1]) ** 2).sum(1) + remainder)
    return distance


def _thinned(representation: NDArray[np.floating]) -> NDArray[np.float64]:
    """At most `ATOMS` of them, evenly spaced through the data set."""
    if len(representation) > ATOMS:
        representation = representation[np.linspace(0, len(representation) - 1, ATOMS).astype(np.int64)]
    return representation.astype(np.float64)


def _name(z: int, part: str) -> str:
    return f"environments.Z{z}.{part}"
