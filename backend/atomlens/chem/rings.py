"""Rings that a chemist compares: aromatic, saturated and strained, each as the molecule that is that ring alone."""

from __future__ import annotations

from typing import Final

from rdkit import Chem

from atomlens.chem.atom_groups import graph
from atomlens.chem.molecule import Molecule

#: SMILES by name.
RINGS: Final[dict[str, str]] = {
    "benzene": "c1ccccc1",
    "pyridine": "c1ccncc1",
    "pyrimidine": "c1cncnc1",
    "pyrazine": "c1cnccn1",
    "pyrrole": "c1cc[nH]c1",
    "imidazole": "c1c[nH]cn1",
    "furan": "c1ccoc1",
    "oxazole": "c1cocn1",
    "thiophene": "c1ccsc1",
    "cyclopentadiene": "C1C=CC=C1",
    "cyclohexene": "C1CCC=CC1",
    "cyclopropane": "C1CC1",
    "cyclobutane": "C1CCC1",
    "cyclopentane": "C1CCCC1",
    "cyclohexane": "C1CCCCC1",
    "aziridine": "C1CN1",
    "oxirane": "C1CO1",
    "oxetane": "C1COC1",
    "pyrrolidine": "C1CCNC1",
    "tetrahydrofuran": "C1CCOC1",
    "piperidine": "C1CCNCC1",
}


def ring_atoms(molecule: Molecule) -> list[int]:
    """Indices of the atoms of a molecule's only ring; raises `ValueError` where it has none or several."""
    rings = Chem.GetSymmSSSR(graph(molecule.numbers.tolist(), molecule.bonds))
    if len(rings) != 1:
        raise ValueError(f"{molecule.smiles} has {len(rings)} rings")
    return sorted(rings[0])
