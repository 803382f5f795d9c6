"""An energy model as an ASE calculator, so that ASE's optimizers and whatever else drives atoms can use it.

ASE: Hjorth Larsen et al., J. Phys.: Condens. Matter 29, 273002 (2017).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from atomlens.networks.protocol import AtomicModel, Batch


class ModelCalculator(Calculator):  # type: ignore[misc]  # ASE is followed by no types
    """Energy (eV, references included), forces (n_atoms, 3) in eV/Å and energies of the atoms (n_atoms,), float64.

    contributions: (n_atoms,) e_i in eV of the last geometry, as the network splits the energy without references.
    """

    implemented_properties: ClassVar[list[str]] = ["energy", "free_energy", "energies", "forces"]

    def __init__(self, model: AtomicModel, charge: int = 0) -> None:
        """charge: of the whole molecule, e. Raises `InputError` at the first calculation if the model has no forces."""
        super().__init__()
        self.model = model
        self.charge = charge
        self.contributions = np.zeros(0)

    def calculate(
        self, atoms: Atoms | None = None, properties: list[str] | None = None, system_changes: Any = all_changes
    ) -> None:
        """All properties at once; raises `UnknownElement`, `InputError` ("no_forces")."""
        super().calculate(atoms, properties, system_changes)
        numbers = self.atoms.numbers.astype(np.int64)
        batch = Batch(
            numbers,
            np.ascontiguousarray(self.atoms.positions, dtype=np.float64),
            np.array([0, len(numbers)], dtype=np.int64),
            np.array([self.charge], dtype=np.int64),
        )
        self.contributions, forces = self.model.contributions_and_forces(batch)
        energies = self.contributions + self.model.reference_energies[numbers]
        energy = float(energies.sum())
        self.results = {"energy": energy, "free_energy": energy, "energies": energies, "forces": forces}
