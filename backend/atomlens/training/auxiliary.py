"""An auxiliary target of energy models: G4MP2 energies of atomization, which more molecules have.

The energy of the other level is that of the network plus a small difference, δ_i = w_{Z_i} · h_i + b_{Z_i} on what
the last layers see of each atom. The difference between the levels is far smoother than either (after a regression
on elements it scatters by 3.5 kcal/mol over QM9, the energy by 25), so a molecule that has only the other level
still teaches the network itself. The head is trained beside the network and not released with it.
Idea: Ramakrishnan, Dral, Rupp, von Lilienfeld, J. Chem. Theory Comput. 11, 2087 (2015), turned round.
"""

from __future__ import annotations

import torch
from torch import nn

from atomlens.training.inputs import Atoms
from atomlens.training.objective import summed


class Difference(nn.Module):
    """δ of every atom, a linear map of its element."""

    def __init__(self, n_elements: int, n_hidden: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n_elements, n_hidden))
        self.bias = nn.Parameter(torch.zeros(n_elements))

    def forward(self, atoms: Atoms) -> torch.Tensor:
        """(M,) energy of the other level without its references, eV."""
        difference = (self.weight[atoms.species] * atoms.hidden).sum(1) + self.bias[atoms.species]
        return summed(atoms.raw + difference, atoms.batch)
