"""Makes `backend/atomlens/explain/reference_values.json`: values of public sets for molecules that the page offers.

    python recipes/reference_values.py FOLDER

FOLDER holds ``qm9.npz`` and ``qm9_split.npz`` (`training.qm9`), and the OpenFF conformers (`training.openff`). Few
molecules, not the sets: those whose geometry comes with the program from there (`training.minima`). To be run again
when they change.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from atomlens.chem import minima
from atomlens.chem.smiles import without_stereochemistry
from atomlens.training import openff
from atomlens.training.datasets import TEST, TRAIN, VALIDATION
from atomlens.training.minima import MOLECULES, rows_in_qm9
from atomlens.training.organic import ORGANIC
from atomlens.training.qm9 import QM9

TARGET: Final = Path(__file__).resolve().parents[1] / "backend" / "atomlens" / "explain" / "reference_values.json"
#: Largest error of an energy by where it came from, Ha: 1, seven significant digits; 2, seven decimals; 3, QM9's own U0
#: and zero-point energy, six decimals each.
ENERGY_ERRORS: Final = {1: 1e-4, 2: 1e-7, 3: 1e-6}
#: The same of the OpenFF set, which gives them as the program printed them.
OPENFF_ERROR: Final = 1e-7
_RECORD: Final = re.compile(r"OpenFF industry benchmark set, record (\d+)\.")
_PARTS: Final = {TRAIN: "train", VALIDATION: "validation", TEST: "test"}


def main(folder: Path, target: Path) -> None:
    """Write the file, and say which molecules are not in it."""
    sets = [
        (
            {
                "set": QM9.title,
                "training_set": QM9.key,
                "level": QM9.level,
                "source": QM9.source,
                "licence": QM9.licence,
            },
            collect(folder),
        ),
        (
            {
                "set": "OpenFF",
                "training_set": ORGANIC.key,
                "level": "B3LYP-D3BJ/DZVP",
                "source": openff.SOURCE,
                "licence": "MIT",
            },
            collect_openff(folder),
        ),
    ]
    # a molecule a line: what changes is seen
    written = []
    for about, found in sets:
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in found)
        written.append(f'{json.dumps(about, ensure_ascii=False)[:-1]}, "molecules": [\n{lines}\n]}}')
    target.write_text("[" + ",\n".join(written) + "]\n", encoding="utf-8")
    names = [entry["name"] for _, found in sets for entry in found]
    missing = sorted(set(MOLECULES) - set(names))
    print(f"{target.name}: {len(names)} molecules, {target.stat().st_size:,} bytes; in no set: {missing or 'none'}")


def collect(folder: Path) -> list[dict[str, Any]]:
    """The molecules' entries, in the order of `MOLECULES`; energies in Ha, dipole moments in debye."""
    with np.load(folder / "qm9.npz") as file:
        data = {
            key: file[key] for key in ("ids", "energy_b3lyp", "energy_source", "dipole_b3lyp_debye", "smiles_derived")
        }
    with np.load(folder / "qm9_split.npz") as file:
        parts = {name: set(file[name].tolist()) for name in ("train", "validation", "test")}
    rows = rows_in_qm9(data)
    return [_entry(name, data, rows[name], parts) for name in MOLECULES if name in rows]


def collect_openff(folder: Path) -> list[dict[str, Any]]:
    """Entries of those that come with the program from the OpenFF set; it has no dipole moments."""
    with np.load(folder / openff.FILE) as file:
        energies = dict(zip(file["record_id"].tolist(), file["energy_hartree"].tolist(), strict=True))
    found = []
    for name in MOLECULES:
        molecule = minima.find(name)
        record = molecule and _RECORD.search(molecule.geometry.note)
        if molecule and record:
            part = _PARTS[openff.split_of(without_stereochemistry(molecule.smiles))]
            found.append(
                {
                    "name": name,
                    "identifier": f"record {record[1]}",
                    "part": part,
                    "energy_hartree": round(energies[int(record[1])], 7),
                    "energy_error_hartree": OPENFF_ERROR,
                    "dipole_debye": None,
                }
            )
    return found


def _entry(name: str, data: dict[str, Any], row: int, parts: dict[str, set[int]]) -> dict[str, Any]:
    energy, dipole = float(data["energy_b3lyp"][row]), float(data["dipole_b3lyp_debye"][row])
    number = int(data["ids"][row])
    return {
        "name": name,
        "identifier": f"gdb_{number}",
        "part": next((one for one, members in parts.items() if number in members), None),
        "energy_hartree": round(energy, 7) if np.isfinite(energy) else None,
        "energy_error_hartree": ENERGY_ERRORS.get(int(data["energy_source"][row])),
        "dipole_debye": round(dipole, 4) if np.isfinite(dipole) else None,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), TARGET)
