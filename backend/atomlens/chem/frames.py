"""The frames of a trajectory as molecules. RDKit is not needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Geometry, Molecule


def frame_molecule(first: Molecule, positions: NDArray[np.float64], k: int, n_frames: int) -> Molecule:
    """The first frame's molecule in the geometry of frame k, from 0; positions: (n_atoms, 3), Å. Its bonds stay."""
    note = f"The geometry is frame {k + 1} of {n_frames} of the file."
    warnings = tuple(said for said in first.warnings if said != first.geometry.note)
    geometry = Geometry("file", first.geometry.method, note)
    return replace(first, positions=positions, geometry=geometry, warnings=warnings)
