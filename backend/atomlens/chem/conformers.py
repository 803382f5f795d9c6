"""Other conformers of a molecule: minima of the force field that rotations about its bonds lead to.

Embedded and relaxed as `chem.conformer` does; each is a molecule of its own with the same atoms in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers, rdMolAlign
from scipy.spatial.distance import pdist

from atomlens.chem import mended
from atomlens.chem.as_rdkit import as_rdkit
from atomlens.chem.check import check_no_crystal
from atomlens.chem.conformer import (
    EMBEDDING_TRIES,
    FORCE_FIELD_STEPS,
    FORCE_FIELD_STEPS_TIMES_ATOMS,
    SEED,
    no_geometry,
    origin,
)
from atomlens.chem.constitution import configured, quiet
from atomlens.chem.molecule import Geometry, Molecule

#: For each conformer that is wanted so many are tried, as far as their time goes (it grows with the atoms).
TRIES: Final = 4
TRIES_TIMES_ATOMS: Final = 1_000
#: Minima of nearly the same energy all of whose distances are nearly the same are one, or mirror images.
SAME_KCAL: Final = 0.05
SAME_ANGSTROM: Final = 0.1


@dataclass(frozen=True)
class Conformer:
    """molecule: at a minimum of the force field; strain: the force field's energy above the lowest, kcal/mol."""

    molecule: Molecule
    strain: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {"molecule": self.molecule.to_dict(), "strain": self.strain}


def conformers(molecule: Molecule, count: int) -> list[Conformer]:
    """At most `count` conformers of a molecule, the force field's lowest first, laid over its heavy atoms.

    Of minima that are alike, or mirror images, one is kept; the stereochemistry is the molecule's. Raises
    `UnsupportedMolecule` ("crystal", "no_bonds", "no_geometry").
    """
    check_no_crystal(molecule)
    mol, reference = as_rdkit(molecule), as_rdkit(molecule)
    with quiet():
        method, energies = _relaxed(mol, count)
        kept = _different(mol, sorted(energies, key=lambda index: energies[index]), energies, count)
        laid = [(a.GetIdx(), a.GetIdx()) for a in mol.GetAtoms() if a.GetAtomicNum() > 1 or mol.GetNumHeavyAtoms() < 3]
        for index in kept:
            rdMolAlign.AlignMol(mol, reference, prbCid=index, atomMap=laid)
    note = origin(method)
    found = [molecule.elsewhere(_rounded(mol, index), Geometry("force field", method, note)) for index in kept]
    return [
        Conformer(replace(one, warnings=(note, *one.warnings)), energies[index] - energies[kept[0]])
        for one, index in zip(found, kept, strict=True)
    ]


def _relaxed(mol: Chem.Mol, count: int) -> tuple[str, dict[int, float]]:
    """Embed and relax conformers in place: the force field, and their energies in kcal/mol by index."""
    n_atoms = mol.GetNumAtoms()
    tries = max(2, min(TRIES * count, TRIES_TIMES_ATOMS // n_atoms))
    parameters = configured(rdDistGeom.ETKDGv3(), randomSeed=SEED, maxIterations=EMBEDDING_TRIES)
    if n_atoms == 1:
        raise no_geometry("it is a single atom", "Choose a molecule with bonds that turn.")
    found = list(rdDistGeom.EmbedMultipleConfs(mol, tries, parameters))
    steps = min(FORCE_FIELD_STEPS, FORCE_FIELD_STEPS_TIMES_ATOMS // n_atoms)
    if not found:
        raise no_geometry("distance geometry finds no conformers", "Choose another molecule.")
    if rdForceFieldHelpers.MMFFHasAllMoleculeParams(mol):
        method, results = "MMFF94", rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, maxIters=steps)
        if lengths := mended.lacking(mol):
            results = mended.relax(mol, lengths, steps, found)
    elif rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        method, results = "UFF", rdForceFieldHelpers.UFFOptimizeMoleculeConfs(mol, maxIters=steps)
    else:
        raise no_geometry("no force field has parameters for its bonds", "Choose another molecule.")
    for index in found:
        mended.turn_cumulenes(mol, index)
    return method, {index: float(energy) for index, (_, energy) in zip(found, results, strict=True)}


def _rounded(mol: Chem.Mol, index: int) -> NDArray[np.float64]:
    """(n_atoms, 3), Å, to six decimals, far below what a force field means."""
    positions: NDArray[np.float64] = np.round(mol.GetConformer(index).GetPositions(), 6) + 0.0
    return positions


def _different(mol: Chem.Mol, indices: list[int], energies: dict[int, float], count: int) -> list[int]:
    """The first `count` of these conformers that are none of the earlier ones again, nor a mirror image of it."""
    kept: list[int] = []
    for index in indices:
        if len(kept) == count:
            break
        alike = (other for other in kept if energies[index] - energies[other] < SAME_KCAL)
        if not any(np.abs(_distances(mol, index) - _distances(mol, other)).max() < SAME_ANGSTROM for other in alike):
            kept.append(index)
    return kept


def _distances(mol: Chem.Mol, index: int) -> NDArray[np.float64]:
    """All distances between atoms, sorted, Å: the same for one turned, mirrored, or with like atoms exchanged."""
    return np.sort(pdist(np.array(mol.GetConformer(index).GetPositions(), dtype=np.float64)))
