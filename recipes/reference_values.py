"""Makes `backend/atomlens/explain/reference_values.json`: QM9's values for molecules that the page offers.

    python recipes/reference_values.py FOLDER

FOLDER holds ``qm9.npz`` and ``qm9_split.npz`` (`training.qm9`). Few molecules, not the set: the page's examples and
other well-known ones, without stereocentres, whose constitution is in QM9 with an energy or a dipole moment. To be run
again when the examples change: a test looks for their names here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from atomlens.chem.bonds import perceive
from atomlens.chem.names import find
from atomlens.chem.smiles import canonical
from atomlens.training.qm9 import QM9

TARGET: Final = Path(__file__).resolve().parents[1] / "backend" / "atomlens" / "explain" / "reference_values.json"
#: As `chem.names` knows them; the examples of the page (frontend/examples/molecules.json) come first.
MOLECULES: Final = (
    "water", "ethanol", "acetamide", "urea", "glycine", "benzene", "phenol", "pyridine", "thiophene", "uracil",
    "chlorobenzene", "nitrobenzene", "vanillin", "paracetamol", "aspirin", "caffeine",
    "toluene", "methane", "pyrazine", "propane", "ammonia", "methanol", "ethane", "ethylene", "acetylene",
    "formaldehyde", "formic acid", "hydrogen cyanide", "acetonitrile", "acetaldehyde", "acetone", "acetic acid",
    "formamide", "dimethyl ether", "methylamine", "ethylamine", "aniline", "pyrrole", "furan", "imidazole",
    "cyclopropane", "cyclohexane", "oxirane", "methyl acetate", "pyrimidine", "propene", "glycolaldehyde",
)  # fmt: skip
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
    """The molecules' entries, in the order of `MOLECULES`; energies in Ha, dipole moments in debye, lengths in Å."""
    with np.load(folder / "qm9.npz") as file:
        data = {
            key: file[key]
            for key in (
                "ids",
                "n_atoms",
                "numbers",
                "positions",
                "energy_b3lyp",
                "energy_source",
                "dipole_b3lyp_debye",
                "smiles_derived",
            )
        }
    with np.load(folder / "qm9_split.npz") as file:
        parts = {name: set(file[name].tolist()) for name in ("train", "validation", "test")}
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))])
    wanted: dict[str, str] = {}
    for name in MOLECULES:
        entry = find(name)
        if entry is None:
            raise SystemExit(f"There is no molecule {name} among the names.")
        wanted[canonical(entry.smiles)] = name
    listed: dict[str, dict[str, Any]] = {}
    # short SMILES first narrows 128,744 strings to those that can be meant
    longest = max(map(len, wanted)) + 4
    for m, derived in enumerate(data["smiles_derived"].tolist()):
        if not derived or len(derived) > longest:
            continue
        smiles = canonical(derived)
        name = wanted.get(smiles, "")
        energy, dipole = float(data["energy_b3lyp"][m]), float(data["dipole_b3lyp_debye"][m])
        if not name or name in listed or not (np.isfinite(energy) or np.isfinite(dipole)):
            continue
        atoms = slice(offsets[m], offsets[m + 1])
        numbers = data["numbers"][atoms].astype(np.int64)
        positions = np.round(data["positions"][atoms].astype(np.float64), 7)
        number = int(data["ids"][m])
        listed[name] = {
            "name": name,
            "smiles": smiles,
            "identifier": f"gdb_{number}",
            "part": next((one for one, members in parts.items() if number in members), None),
            "energy_hartree": round(energy, 7) if np.isfinite(energy) else None,
            "energy_error_hartree": ENERGY_ERRORS.get(int(data["energy_source"][m])),
            "dipole_debye": round(dipole, 4) if np.isfinite(dipole) else None,
            "numbers": numbers.tolist(),
            "positions": positions.tolist(),
            "bonds": [list(bond) for bond in perceive(numbers, positions).bonds],
        }
    return [listed[name] for name in MOLECULES if name in listed]


if __name__ == "__main__":
    main(Path(sys.argv[1]), TARGET)
