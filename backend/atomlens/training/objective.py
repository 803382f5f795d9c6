"""From raw per-atom outputs to the trained quantity and its loss."""

from __future__ import annotations

import torch

from atomlens.networks.protocol import Batch
from atomlens.units import E_ANGSTROM_DEBYE

#: |μ| is smoothed at zero, where its gradient is undefined, by this many debye.
SMOOTH_DEBYE = 1e-3


def molecule_of_atom(batch: Batch) -> torch.Tensor:
    """(n_atoms,) index of the molecule of every atom."""
    sizes = torch.from_numpy(batch.offsets).diff()
    return torch.repeat_interleave(torch.arange(len(batch)), sizes)


def summed(raw: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Σ_i raw_i of every molecule: (M,)."""
    return torch.zeros(len(batch), dtype=raw.dtype).index_add(0, molecule_of_atom(batch), raw)


def dipole_vectors(raw: torch.Tensor, batch: Batch) -> torch.Tensor:
    """μ = Σ q_i r_i in debye with q made neutral (M, 3); the molecules here carry no charge."""
    molecule = molecule_of_atom(batch)
    sizes = torch.from_numpy(batch.offsets).diff().to(raw.dtype)
    mean = (summed(raw, batch) / sizes)[molecule]
    moments = (raw - mean).unsqueeze(1) * torch.from_numpy(batch.positions).to(raw.dtype)
    zero = torch.zeros((len(batch), 3), dtype=raw.dtype)
    return zero.index_add(0, molecule, moments) * E_ANGSTROM_DEBYE


def predicted(raw: torch.Tensor, batch: Batch, quantity: str) -> torch.Tensor:
    """(M,) energy without the references (eV), or the smoothed |μ| (debye)."""
    if quantity == "energy":
        return summed(raw, batch)
    return torch.sqrt((dipole_vectors(raw, batch) ** 2).sum(1) + SMOOTH_DEBYE**2)
