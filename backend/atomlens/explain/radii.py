"""Van der Waals radii: Alvarez, Dalton Trans. 42, 8617 (2013), as tabulated in ase.data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Å, for the few radioactive elements that the table leaves out: near the median of its metals.
UNTABULATED = 2.5


def van_der_waals_radii(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n_atoms,) Å for atomic numbers (n_atoms,)."""
    from ase.data.vdw_alvarez import vdw_radii

    table = np.full(max(len(vdw_radii), int(np.max(numbers)) + 1), np.nan)
    table[: len(vdw_radii)] = vdw_radii
    radii = table[numbers]
    return np.where(np.isfinite(radii), radii, UNTABULATED)
