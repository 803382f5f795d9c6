"""Latent charges behind the dipole moment: μ = Σ q_i r_i with q_i = raw_i − (Σ_j raw_j − Q)/N.

For a charged molecule the moment depends on the origin, which is then the centre of mass (masses: ase.data).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch
from atomlens.units import E_ANGSTROM_DEBYE


def neutralized(raw: NDArray[np.float64], batch: Batch) -> NDArray[np.float64]:
    """Charges (n_members, n_atoms) in e that sum to each molecule's charge; raw likewise."""
    sizes = np.diff(batch.offsets)
    surplus = np.add.reduceat(raw, batch.offsets[:-1], axis=1) - batch.charges
    corrected: NDArray[np.float64] = raw - np.repeat(surplus / sizes, sizes, axis=1)
    return corrected


def dipole_vectors(
    charges: NDArray[np.float64], batch: Batch, masses: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(n_members, n_molecules, 3) debye from charges (n_members, n_atoms) in e.

    masses: (n_atoms,) u, where they are not those of the elements.
    """
    positions = batch.positions - np.repeat(_origins(batch, masses), np.diff(batch.offsets), axis=0)
    moments = charges[:, :, None] * positions[None]
    vectors: NDArray[np.float64] = np.add.reduceat(moments, batch.offsets[:-1], axis=1) * E_ANGSTROM_DEBYE
    return vectors


def masses_of(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,) u, by atomic number."""
    from ase.data import atomic_masses

    masses: NDArray[np.float64] = atomic_masses[numbers]
    return masses


def _origins(batch: Batch, masses: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Centre of mass of charged molecules; the mean position, where it does not matter, of neutral ones."""
    charged = np.repeat(batch.charges, np.diff(batch.offsets)) != 0
    counted = np.where(charged, masses_of(batch.numbers) if masses is None else masses, 1.0)
    weighted = np.add.reduceat(counted[:, None] * batch.positions, batch.offsets[:-1], axis=0)
    centres: NDArray[np.float64] = weighted / np.add.reduceat(counted, batch.offsets[:-1])[:, None]
    return centres
