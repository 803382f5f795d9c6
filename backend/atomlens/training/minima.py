"""Minima of the page's examples and other well-known molecules (`chem/minima.json`) from the data sets in a folder.

    python -m atomlens.training.minima DATA_FOLDER

Of each name the molecule of QM9 with its constitution, else the conformer of the OpenFF set that is lowest in energy;
none where it is in neither. ``recipes/reference_values.py`` adds what QM9 knows of the same molecules.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem import bonds, names
from atomlens.chem.minima import QUANTUM_CHEMISTRY
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.smiles import canonical, without_stereochemistry

#: As `chem.names` knows them; the examples of the page (frontend/examples/molecules.json) come first.
MOLECULES: Final = (
    "water", "ethanol", "acetamide", "urea", "glycine", "benzene", "phenol", "pyridine", "thiophene", "uracil",
    "chlorobenzene", "nitrobenzene", "vanillin", "paracetamol", "aspirin", "caffeine",
    "toluene", "methane", "pyrazine", "propane", "ammonia", "methanol", "ethane", "ethylene", "acetylene",
    "formaldehyde", "formic acid", "hydrogen cyanide", "acetonitrile", "acetaldehyde", "acetone", "acetic acid",
    "formamide", "dimethyl ether", "methylamine", "ethylamine", "aniline", "pyrrole", "furan", "imidazole",
    "cyclopropane", "cyclohexane", "ethylene oxide", "methyl acetate", "pyrimidine", "propylene", "glycolaldehyde",
)  # fmt: skip
TARGET = Path(__file__).resolve().parents[1] / "chem" / "minima.json"


def main(folder: Path) -> None:
    """Write the file, and say which molecules are not in it."""
    found = {molecule.name: molecule for molecule in _qm9(folder / "qm9.npz")}
    rest = tuple(name for name in MOLECULES if name not in found)
    found |= {molecule.name: molecule for molecule in _openff(folder, rest)}
    lines = [json.dumps(_entry(found[name]), ensure_ascii=False) for name in MOLECULES if name in found]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    missing = [name for name in MOLECULES if name not in found]
    print(f"{TARGET.name}: {len(lines)} molecules, {TARGET.stat().st_size:,} bytes; in no set: {missing or 'none'}")


def rows_in_qm9(file: Mapping[str, NDArray[Any]]) -> dict[str, int]:
    """Of `MOLECULES` those in QM9: rows of ``qm9.npz`` by name, the first one of each constitution with a value.

    file: with ``smiles_derived``, ``energy_b3lyp`` and ``dipole_b3lyp_debye``, (molecules,) each.
    """
    wanted = _constitutions(MOLECULES)
    # short SMILES first narrows 128,744 strings to those that can be meant
    longest = max(map(len, wanted)) + 4
    known = np.isfinite(file["energy_b3lyp"]) | np.isfinite(file["dipole_b3lyp_debye"])
    found: dict[str, int] = {}
    for row, derived in enumerate(file["smiles_derived"].tolist()):
        if derived and known[row] and len(derived) <= longest and (name := wanted.get(canonical(derived))):
            found.setdefault(name, row)
    return found


def _qm9(path: Path) -> Iterator[Molecule]:
    with np.load(path) as archive:
        file = {
            key: archive[key]
            for key in (
                "ids",
                "n_atoms",
                "numbers",
                "positions",
                "smiles_derived",
                "energy_b3lyp",
                "dipole_b3lyp_debye",
            )
        }
    n_atoms = file["n_atoms"].astype(np.int64)
    ends = np.cumsum(n_atoms)
    for name, row in rows_in_qm9(file).items():
        atoms = slice(ends[row] - n_atoms[row], ends[row])
        geometry = _geometry("B3LYP/6-31G(2df,p)", f"QM9, molecule gdb_{file['ids'][row]}")
        yield _molecule(name, file["numbers"][atoms], file["positions"][atoms], geometry)


def _openff(folder: Path, sought: tuple[str, ...]) -> Iterator[Molecule]:
    wanted = _constitutions(sought)
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
        entry = names.find(name)
        if entry is None or entry.name != name:
            raise ValueError(f"{name} is not a main name of the list of names")
        found[without_stereochemistry(entry.smiles)] = name
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
