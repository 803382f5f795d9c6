"""The conformer: one plausible geometry for a constitution, from distance geometry and a force field.

Embedding: ETKDGv3 (Wang, Witek, Landrum, Riniker, J. Chem. Inf. Model. 60, 2044 (2020)) with a fixed seed, of the
atoms in canonical order and of one of two mirror images, so that a constitution has the same geometry however it is
written down, and mirror images have those of one another: networks must not tell them apart. Relaxation: MMFF94
(Halgren, J. Comput. Chem. 17, 490 (1996); `chem.mended`) or, where it has no parameters, UFF (Rappé et al., J. Am.
Chem. Soc. 114, 10024 (1992)). Simple molecules of which both know little have a minimum of GFN2-xTB
(`chem.simple_minima`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

from atomlens.chem import mended, simple_minima
from atomlens.chem.constitution import canonical_smiles, configured, quiet
from atomlens.chem.molecule import Geometry
from atomlens.errors import UnsupportedMolecule

SEED: Final = 1806
#: Tries of one embedding; a molecule that needs more is given to the next, looser, way of embedding.
EMBEDDING_TRIES: Final = 20
FORCE_FIELD_STEPS: Final = 2000
#: A step costs in proportion to the square of the atoms: 300 atoms get 333 steps, some seconds.
FORCE_FIELD_STEPS_TIMES_ATOMS: Final = 100_000


@dataclass(frozen=True, eq=False)
class Conformer:
    """positions: (n_atoms, 3) float64, Å, centred at their centroid."""

    positions: NDArray[np.float64]
    geometry: Geometry
    warnings: tuple[str, ...]


def generate(mol: Chem.Mol) -> Conformer:
    """A conformer of a sanitized molecule whose hydrogens are atoms.

    Raises `UnsupportedMolecule`, code "no_geometry", if none can be found.
    """
    found = simple_minima.find(mol)
    if found is None:
        return by_force_field(mol)
    return Conformer(*found, (found[1].note,))


def by_force_field(mol: Chem.Mol) -> Conformer:
    """The same, relaxed by a force field, whatever it knows of the molecule."""
    return _shaped(mol, _relax)


def rough(mol: Chem.Mol) -> Conformer:
    """The same to begin another relaxation with: where no force field has parameters, as distance geometry has it."""
    try:
        return by_force_field(mol)
    except UnsupportedMolecule:
        return _shaped(mol, lambda _: ("distance geometry", True))


def _shaped(mol: Chem.Mol, relax: Callable[[Chem.Mol], tuple[str, bool]]) -> Conformer:
    with quiet():
        standard, order, sense = _standard(mol)
        _embed(standard)
        method, converged = relax(standard)
    positions = np.empty((mol.GetNumAtoms(), 3))
    positions[order] = standard.GetConformer().GetPositions() * (sense, 1.0, 1.0)
    if not np.isfinite(positions).all():
        raise no_geometry("the force field failed", "Send a file with positions.")
    # six decimals are far below what a force field means; adding zero turns -0.0 into 0.0
    positions = np.round(positions - positions.mean(axis=0), 6) + 0.0
    if not method:
        return Conformer(positions, Geometry("force field", "", "A single atom has no geometry."), ())
    warnings = [origin(method)]
    if not converged:
        warnings.append(f"The {method} relaxation stopped before it had converged.")
    return Conformer(positions, Geometry("force field", method, origin(method)), tuple(warnings))


def _standard(mol: Chem.Mol) -> tuple[Chem.Mol, NDArray[np.int64], float]:
    """The molecule or its mirror image, whose SMILES comes first, as that SMILES is read; which of `mol`'s atoms each
    of its atoms is; and −1 for the mirror image.

    Read anew, since distance geometry heeds the order of bonds too, which no renumbering of atoms changes.
    """
    image = Chem.Mol(mol)
    for atom in image.GetAtoms():
        atom.InvertChirality()
    Chem.AssignStereochemistry(image, cleanIt=True, force=True)
    mirrored = canonical_smiles(image) < canonical_smiles(mol)
    chosen = image if mirrored else mol
    text = Chem.MolToSmiles(chosen)
    parameters = configured(Chem.SmilesParserParams(), removeHs=False, allowCXSMILES=False, parseName=False)
    order = np.array(list(chosen.GetPropsAsDict(True, True)["_smilesAtomOutputOrder"]), dtype=np.int64)
    return Chem.MolFromSmiles(text, parameters), order, -1.0 if mirrored else 1.0


def _embed(mol: Chem.Mol) -> None:
    """Give `mol` one conformer, by ever looser rules."""
    for random_coordinates, knowledge in ((False, True), (True, True), (True, False)):
        parameters = configured(
            rdDistGeom.ETKDGv3(),
            randomSeed=SEED,
            maxIterations=EMBEDDING_TRIES,
            useRandomCoords=random_coordinates,
            useBasicKnowledge=knowledge,
            useExpTorsionAnglePrefs=knowledge,
            ignoreSmoothingFailures=random_coordinates,
        )
        try:
            if rdDistGeom.EmbedMolecule(mol, parameters) == 0:
                return
        except (RuntimeError, ValueError):
            # bounds that contradict one another are raised, not returned; a looser rule may do without them
            continue
    raise no_geometry(
        "its rings or stereocentres may be impossible",
        "Check ring closures and stereo marks (@, @@, /, \\), or send a file with positions.",
    )


def _relax(mol: Chem.Mol) -> tuple[str, bool]:
    """Relax the conformer in place; the name of the force field ("" for a single atom) and convergence."""
    if mol.GetNumAtoms() == 1:
        return "", True
    steps = min(FORCE_FIELD_STEPS, FORCE_FIELD_STEPS_TIMES_ATOMS // mol.GetNumAtoms())
    if mol.GetNumBonds() and rdForceFieldHelpers.MMFFHasAllMoleculeParams(mol):
        status = rdForceFieldHelpers.MMFFOptimizeMolecule(mol, maxIters=steps)
        lengths = mended.lacking(mol)
        if status >= 0 and lengths:
            ((status, _),) = mended.relax(mol, lengths, steps)
        if status >= 0:
            mended.turn_cumulenes(mol)
            return "MMFF94", status == 0
    if rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        status = rdForceFieldHelpers.UFFOptimizeMolecule(mol, maxIters=steps)
        if status >= 0:
            mended.turn_cumulenes(mol)
            return "UFF", status == 0
    # distance geometry alone leaves bonds wrong by tenths of an Å
    raise no_geometry("no force field has parameters for its bonds", "Send a file with positions.")


def origin(method: str) -> str:
    """What there is to say of a force field's geometry."""
    return f"The geometry comes from the force field {method}: it is not a quantum-chemical minimum."


def no_geometry(reason: str, hint: str) -> UnsupportedMolecule:
    """The error where distance geometry or the force field finds none."""
    return UnsupportedMolecule(
        f"No geometry in space could be found for this constitution: {reason}.",
        code="no_geometry",
        field="text",
        hint=hint,
    )


def several(smiles: str, count: int) -> tuple[NDArray[np.int64], list[NDArray[np.float64]]]:
    """Atomic numbers (n_atoms,) and geometries (n_atoms, 3), Å, of up to `count` conformers, relaxed with MMFF94.

    Raises `UnsupportedMolecule`, code "no_geometry", where distance geometry or the force field gives none.
    """
    with quiet():
        mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
        parameters = configured(rdDistGeom.ETKDGv3(), randomSeed=SEED)
        found = list(rdDistGeom.EmbedMultipleConfs(mol, count, parameters))
        if not found or not rdForceFieldHelpers.MMFFHasAllMoleculeParams(mol):
            raise no_geometry("no conformers", "Choose another molecule.")
        rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, maxIters=FORCE_FIELD_STEPS)
    numbers = np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()], dtype=np.int64)
    return numbers, [np.array(mol.GetConformer(k).GetPositions(), dtype=np.float64) for k in found]
