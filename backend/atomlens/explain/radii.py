"""Van der Waals radii: Alvarez, Dalton Trans. 42, 8617 (2013), by way of ase.data; Bondi's where there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Å, for the few heavy elements without a tabulated radius: near the median of the table.
UNTABULATED = 2.0


def van_der_waals_radii(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n_atoms,) Å."""
    from ase.data.vdw import vdw_radii

    table = np.full(max(len(vdw_radii), int(np.max(numbers)) + 1), np.nan)
    table[: len(vdw_radii)] = vdw_radii
    radii = table[numbers]
    return np.where(np.isfinite(radii), radii, UNTABULATED)
