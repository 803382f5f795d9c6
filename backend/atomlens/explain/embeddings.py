"""Principal components of the element vectors a_Z that SchNet learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from atomlens.chem.elements import SYMBOLS
from atomlens.errors import NotFound
from atomlens.networks.protocol import AtomicModel


def principal_components(model: AtomicModel) -> dict[str, Any]:
    """Components (n_elements, k) and explained variance (k,), k = n_elements − 1; largest first.

    The sign of a component is free: its largest entry is made positive. Raises `NotFound` for a family that
    learns no element vectors.
    """
    vectors = model.embeddings()
    if vectors is None:
        raise NotFound(f"{model.name} learns no element vectors.", code="no_embeddings", field="model")
    centred = vectors - vectors.mean(0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    kept = min(len(vectors) - 1, len(singular))
    components = (left * singular)[:, :kept]
    largest = components[np.abs(components).argmax(0), np.arange(kept)]
    components = components * np.where(largest < 0, -1.0, 1.0)
    variance = singular[:kept] ** 2
    return {
        "elements": [SYMBOLS[z] for z in model.elements],
        "components": components.tolist(),
        "explained_variance": (variance / max(float(variance.sum()), 1e-300)).tolist(),
    }
