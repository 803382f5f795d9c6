"""The element vectors a_Z that SchNet learns: principal components, of every member, and the order in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem import periodic
from atomlens.chem.elements import SYMBOLS
from atomlens.errors import NotFound
from atomlens.explain import order
from atomlens.networks.protocol import AtomicModel

#: Elements of fewer training structures have hardly been learned: they are left out of what is measured.
FEWEST_STRUCTURES = 50
#: Of the numbers in the JSON form.
DIGITS = 6


def element_vectors(
    model: AtomicModel,
    structures: Mapping[str, int] | None = None,
    additive: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Any]:
    """The JSON form of docs/http.md, Embeddings.

    structures: of how many training structures each element is part, by symbol, where that is known; additive: the
    coefficients of an additive model of the same data, by symbol: the order that needs no network. Raises `NotFound`
    for a family that learns no element vectors.
    """
    members = model.embeddings()
    if members is None:
        raise NotFound(f"{model.name} learns no element vectors.", code="no_embeddings", field="model")
    symbols = [SYMBOLS[z] for z in model.elements]
    properties = element_properties(model.elements)
    families = [periodic.family(z) for z in model.elements]
    measured = np.array([structures is None or structures.get(s, 0) >= FEWEST_STRUCTURES for s in symbols])
    enough = int(measured.sum()) >= order.FEWEST_ELEMENTS
    found = [principal_components(vectors) for vectors in members]
    first = found[0][0]
    listed = []
    for vectors, (components, variance) in zip(members, found, strict=True):
        aligned = _aligned(components, first)
        entry: dict[str, Any] = {
            "vectors": vectors.round(DIGITS).tolist(),
            "components": aligned[:, : order.COMPONENTS].round(DIGITS).tolist(),
            "explained_variance": variance.round(DIGITS).tolist(),
            "correlations": [],
            "same_group": None,
        }
        if enough:
            chosen = {name: values[measured] for name, values in properties.items()}
            entry["correlations"] = order.correlations(aligned[measured, : order.COMPONENTS], chosen)
            entry["same_group"] = _same_group(vectors[measured], _chosen(families, measured))
        listed.append(entry)
    base = None
    if enough and additive is not None and all(s in additive for s in symbols):
        coefficients = np.array([additive[s] for s in symbols], dtype=np.float64)
        base = _same_group(coefficients[measured], _chosen(families, measured))
    return {
        "elements": symbols,
        "components": first.tolist(),
        "explained_variance": found[0][1].tolist(),
        "families": families,
        "properties": {
            name: [None if np.isnan(value) else float(value) for value in values] for name, values in properties.items()
        },
        "structures": None if structures is None else [int(structures.get(s, 0)) for s in symbols],
        "measured": measured.tolist(),
        "members": listed,
        "agreement": order.agreement([vectors[measured] for vectors in members]) if enough else None,
        "additive": base,
    }


def element_properties(numbers: Sequence[int]) -> dict[str, NDArray[np.float64]]:
    """group, period, electronegativity (Pauling) and covalent radius (Å) of elements, (n,) each; NaN is no value."""
    columns: dict[str, list[float | None]] = {
        "group": [periodic.group(z) for z in numbers],
        "period": [periodic.period(z) for z in numbers],
        "electronegativity": [periodic.electronegativity(SYMBOLS[z]) for z in numbers],
        "covalent_radius": [periodic.covalent_radius(z) for z in numbers],
    }
    return {
        name: np.array([np.nan if value is None else value for value in column], dtype=np.float64)
        for name, column in columns.items()
    }


def principal_components(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Components (n_elements, k) and explained variance (k,), k = n_elements − 1 at most; largest first.

    vectors: (n_elements, n_features). The sign of a component is free: its largest entry is made positive.
    """
    centred = vectors - vectors.mean(0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    kept = min(len(vectors) - 1, len(singular))
    components = (left * singular)[:, :kept]
    largest = components[np.abs(components).argmax(0), np.arange(kept)]
    components = components * np.where(largest < 0, -1.0, 1.0)
    variance = singular[:kept] ** 2
    return components, variance / max(float(variance.sum()), 1e-300)


def _aligned(components: NDArray[np.float64], first: NDArray[np.float64]) -> NDArray[np.float64]:
    """The components with the signs that make them most like those of the first member."""
    kept = min(components.shape[1], first.shape[1])
    signs = np.ones(components.shape[1])
    signs[:kept] = np.where((components[:, :kept] * first[:, :kept]).sum(0) < 0, -1.0, 1.0)
    return np.asarray(components * signs)


def _same_group(vectors: NDArray[np.float64], families: Sequence[str]) -> dict[str, dict[str, float]]:
    return {metric: order.same_group(vectors, families, metric) for metric in order.METRICS}


def _chosen(families: Sequence[str], measured: NDArray[np.bool_]) -> list[str]:
    return [family for family, counts in zip(families, measured, strict=True) if counts]
