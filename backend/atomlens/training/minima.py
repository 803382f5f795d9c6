"""Minima of the page's examples (`chem/minima.json`) from the data sets in a folder.

    python -m atomlens.training.minima DATA_FOLDER

Of each name the molecule of QM9 with its constitution, else the conformer of the OpenFF set that is lowest in energy.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem import bonds, names
from atomlens.chem.minima import QUANTUM_CHEMISTRY
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.smiles import canonical, without_stereochemistry

IN_QM9 = ("water", "ethanol", "acetamide", "urea", "benzene", "phenol", "pyridine", "uracil")
IN_OPENFF = ("thiophene", "chlorobenzene", "nitrobenzene", "vanillin", "paracetamol")
TARGET = Path(__file__).resolve().parents[1] / "chem" / "minima.json"


def main(folder: Path) -> None:
    """Write the file."""
    found = {molecule.name: molecule for molecule in (*_qm9(folder / "qm9.npz"), *_openff(folder))}
    lines = [json.dumps(_entry(found[name]), ensure_ascii=False) for name in (*IN_QM9, *IN_OPENFF)]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} molecules, {TARGET.stat().st_size:,} bytes")


def _qm9(path: Path) -> Iterator[Molecule]:
    wanted = _constitutions(IN_QM9)
    with np.load(path) as file:
        ids, written, n_atoms = file["ids"], file["smiles_derived"], file["n_atoms"].astype(np.int64)
        numbers, positions = file["numbers"], file["positions"]
    ends = np.cumsum(n_atoms)
    for index, smiles in enumerate(written.tolist()):
        if smiles in wanted:
            name = wanted.pop(smiles)
            atoms = slice(ends[index] - n_atoms[index], ends[index])
            geometry = _geometry("B3LYP/6-31G(2df,p)", f"QM9, molecule gdb_{ids[index]}")
            yield _molecule(name, numbers[atoms], positions[atoms], geometry)


def _openff(folder: Path) -> Iterator[Molecule]:
    wanted = _constitutions(IN_OPENFF)
    with np.load(folder / "openff_industry_b3lypd3bj_dzvp.npz") as file:
        written, of, n_atoms = file["smiles"].tolist(), file["molecule_index"], file["n_atoms"].astype(np.int64)
        numbers, positions, energies, records = (
            file["numbers"], file["positions"], file["energy_kcal"], file["record_id"],
        )  # fmt: skip
    ends = np.cumsum(n_atoms)
    for molecule, smiles in enumerate(written):
        plain = without_stereochemistry(canonical(smiles))
        if plain in wanted:
            name = wanted.pop(plain)
            conformers = np.flatnonzero(of == molecule)
            lowest = int(conformers[np.argmin(energies[conformers])])
            atoms = slice(ends[lowest] - n_atoms[lowest], ends[lowest])
            geometry = _geometry("B3LYP-D3BJ/DZVP", f"OpenFF industry benchmark set, record {records[lowest]}")
            yield _molecule(name, numbers[atoms], positions[atoms], geometry)


def _constitutions(wanted: tuple[str, ...]) -> dict[str, str]:
    """Names by canonical SMILES."""
    found = {}
    for name in wanted:
        smiles = names.lookup(name)
        if smiles is None:
            raise ValueError(f"{name} is not in the list of names")
        found[without_stereochemistry(smiles)] = name
    return found


def _geometry(method: str, where: str) -> Geometry:
    return Geometry(QUANTUM_CHEMISTRY, method, f"The geometry is a minimum of {method}: {where}.")


def _molecule(name: str, numbers: NDArray[Any], positions: NDArray[Any], geometry: Geometry) -> Molecule:
    """The molecule with its bonds, centred at its centroid; `ValueError` where they are not those of its name."""
    listed = numbers.astype(np.int64)
    where = positions.astype(np.float64)
    centred = np.round(where - where.mean(axis=0), 6) + 0.0
    perceived = bonds.perceive(listed, centred)
    entry = names.find(name)
    if entry is None or without_stereochemistry(perceived.smiles) != without_stereochemistry(entry.smiles):
        raise ValueError(f"the geometry of {name} is of {perceived.smiles}")
    bare = Molecule(numbers=listed, positions=centred, geometry=geometry)
    return replace(bare, bonds=perceived.bonds, smiles=perceived.smiles, name=name)


def _entry(molecule: Molecule) -> dict[str, Any]:
    """What is kept of it."""
    data = molecule.to_dict()
    return {key: data[key] for key in ("name", "smiles", "numbers", "positions", "bonds", "geometry")}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
