"""Makes `backend/atomlens/explain/reference_values.json`: QM9's values for molecules that the page offers.

    python recipes/reference_values.py FOLDER

FOLDER holds ``qm9.npz`` and ``qm9_split.npz`` (`training.qm9`). Few molecules, not the set: those whose geometry comes
with the program from QM9 (`training.minima`). To be run again when they change.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from atomlens.training.minima import MOLECULES, rows_in_qm9
from atomlens.training.qm9 import QM9

TARGET: Final = Path(__file__).resolve().parents[1] / "backend" / "atomlens" / "explain" / "reference_values.json"
#: Largest error of an energy by where it came from, Ha: 1, seven significant digits; 2, seven decimals; 3, QM9's own U0
#: and zero-point energy, six decimals each.
ENERGY_ERRORS: Final = {1: 1e-4, 2: 1e-7, 3: 1e-6}


def main(folder: Path, target: Path) -> None:
    """Write the file, and say which molecules are not in it."""
    found = collect(folder)
    content = {
        "set": QM9.title,
        "training_set": QM9.key,
        "level": QM9.level,
        "source": QM9.source,
        "licence": QM9.licence,
    }
    # a molecule a line: what changes is seen
    head = json.dumps(content, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in found)
    target.write_text(f'{head}, "molecules": [\n{lines}\n]}}\n', encoding="utf-8")
    missing = sorted(set(MOLECULES) - {entry["name"] for entry in found})
    print(
        f"{target.name}: {len(found)} molecules, {target.stat().st_size:,} bytes; not in the set: {missing or 'none'}"
    )


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
