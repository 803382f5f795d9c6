"""GFN2-xTB: energy, forces, dipole moment and charges of a geometry, by tblite (the extra `labels`).

Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 15, 1652 (2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ase import Atoms, units
from ase.md.langevin import Langevin
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.optimize import LBFGS
from numpy.typing import NDArray
from tblite.ase import TBLite
from tblite.exceptions import TBLiteRuntimeError
from tblite.interface import Calculator

from atomlens.units import ATOMIC_UNIT_DEBYE, BOHR_ANGSTROM, HARTREE_EV

METHOD = "GFN2-xTB"
#: Largest force, eV/Å, of a relaxed geometry.
RELAXED = 0.01


class NoLabel(Exception):
    """xTB gave no answer for a geometry."""


@dataclass(frozen=True, eq=False)
class Label:
    """energy: eV; forces: (n_atoms, 3) eV/Å; dipole: (3,) debye; charges: (n_atoms,) e."""

    energy: float
    forces: NDArray[np.float64]
    dipole: NDArray[np.float64]
    charges: NDArray[np.float64]


def label(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> Label:
    """Of a neutral closed-shell molecule; positions in Å. Raises `NoLabel` where the charges do not converge."""
    try:
        calculator = Calculator(METHOD, numbers, positions / BOHR_ANGSTROM)
        calculator.set("verbosity", 0)
        found = calculator.singlepoint()
    except TBLiteRuntimeError as error:
        raise NoLabel(str(error)) from error
    energy = float(found.get("energy")) * HARTREE_EV
    forces = -np.asarray(found.get("gradient")) * (HARTREE_EV / BOHR_ANGSTROM)
    if not np.isfinite(energy) or not np.isfinite(forces).all():
        raise NoLabel("not finite")
    dipole = np.asarray(found.get("dipole")) * ATOMIC_UNIT_DEBYE
    return Label(energy, forces, dipole, np.asarray(found.get("charges")))


def relaxed(
    numbers: NDArray[np.int64], positions: NDArray[np.float64], fmax: float = RELAXED, steps: int = 300
) -> NDArray[np.float64]:
    """(n_atoms, 3) Å, the minimum near `positions`. Raises `NoLabel` where none is found in so many steps."""
    atoms = _atoms(numbers, positions)
    try:
        found = LBFGS(atoms, logfile=None).run(fmax=fmax, steps=steps)
    except (TBLiteRuntimeError, RuntimeError) as error:
        raise NoLabel(str(error)) from error
    if not found:
        raise NoLabel(f"not relaxed after {steps} steps")
    return np.asarray(atoms.get_positions(), dtype=np.float64)


def trajectory(
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    temperature: float,
    frames: int,
    apart: int = 8,
) -> list[NDArray[np.float64]]:
    """Geometries of Langevin dynamics (1 fs, friction 0.02/fs), `apart` steps apart, at most `frames` of them.

    temperature: K. It ends early where xTB gives no answer.
    """
    atoms = _atoms(numbers, positions)
    MaxwellBoltzmannDistribution(atoms, temperature_K=temperature, rng=rng)
    dynamics = Langevin(
        atoms, units.fs, temperature_K=temperature, friction=0.02 / units.fs, fixcm=False, rng=rng, logfile=None
    )
    taken: list[NDArray[np.float64]] = []
    try:
        for _ in range(frames):
            dynamics.run(apart)
            taken.append(np.asarray(atoms.get_positions(), dtype=np.float64))
    except (TBLiteRuntimeError, RuntimeError):
        return taken
    return taken


def _atoms(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> Atoms:
    atoms = Atoms(numbers=numbers, positions=positions)
    atoms.calc = TBLite(method=METHOD, verbosity=0)
    return atoms
