"""Minima of simple molecules that force fields do not know, such as CO2, whose bonds they draw out by 0.1 to 0.4 Å.

MMFF94 gives bonds that its tables lack the length of single ones and says that it has parameters; such a geometry costs
up to 110 kcal/mol. `python -m atomlens.training.simple_minima` writes `simple_minima.json`: of well-known molecules
those whose geometry by force field has wrong bonds and costs more than 5 kcal/mol above the minimum of GFN2-xTB
(Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 15, 1652 (2019)) that it leads to, at that minimum.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from atomlens.chem.constitution import canonical_smiles, quiet
from atomlens.chem.minima import QUANTUM_CHEMISTRY
from atomlens.chem.molecule import Geometry

METHOD: Final = "GFN2-xTB"
#: Atoms of the largest: beyond, there is no need to look.
MOST_ATOMS: Final = 30


def find(mol: Chem.Mol) -> tuple[NDArray[np.float64], Geometry] | None:
    """Positions (n_atoms, 3), Å, in the order of the molecule's atoms, and where they come from; None for most.

    mol: sanitized, hydrogens as atoms.
    """
    if mol.GetNumAtoms() > MOST_ATOMS:
        return None
    with quiet():
        entry = _table().get(canonical_smiles(mol))
        if entry is None:
            return None
        known = with_hydrogens(entry["smiles"])
    match = mol.GetSubstructMatch(known)
    if len(match) != mol.GetNumAtoms():
        return None
    positions = np.empty((len(match), 3))
    positions[list(match)] = entry["positions"]
    note = f"The geometry is a minimum of {METHOD}: force fields do not know this molecule."
    return positions, Geometry(QUANTUM_CHEMISTRY, METHOD, note)


def with_hydrogens(smiles: str) -> Chem.Mol:
    """The molecule in whose order the file has its positions."""
    return Chem.AddHs(Chem.MolFromSmiles(smiles))


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (files("atomlens.chem") / "simple_minima.json").read_text(encoding="utf-8")
    return {entry["smiles"]: entry for entry in json.loads(text)}
