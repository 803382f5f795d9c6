"""The frames of a trajectory as molecules. RDKit is not needed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Geometry, Molecule
from atomlens.errors import TooLarge

#: Source of such a geometry: on its way somewhere, it is no minimum, or one by chance.
FRAME = "frame of a file"
MOST_FRAMES = 1000
#: Atoms times frames of one trajectory: bounds its time, and the size of the answer.
MOST_ATOM_FRAMES = 30_000


def check_size(n_frames: int, n_atoms: int, field: str = "text") -> None:
    """Raise `TooLarge`, code "too_many_frames", for more than is played."""
    if n_frames > MOST_FRAMES or n_frames * n_atoms > MOST_ATOM_FRAMES:
        most = min(MOST_FRAMES, MOST_ATOM_FRAMES // n_atoms)
        raise TooLarge(
            f"There are {n_frames:,} frames of {n_atoms} atoms; at most {most:,} are played.",
            code="too_many_frames",
            field=field,
            hint="Keep every second frame, or fewer.",
        )


def frame_molecule(first: Molecule, positions: NDArray[np.float64], k: int, n_frames: int) -> Molecule:
    """The first frame's molecule in the geometry of frame k, from 0; positions: (n_atoms, 3), Å. Its bonds stay."""
    note = f"The geometry is frame {k + 1} of {n_frames} of the file."
    return first.elsewhere(positions, Geometry(FRAME, first.geometry.method, note))
