"""What the page has from the package: pictures of its examples, and German names of molecules.

    python frontend/examples.py

Writes frontend/examples/molecules.json, drawings by RDKit for the page to colour, and frontend/js/lib/names-de.js.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atomlens.chem.german import german
from atomlens.chem.read import read_molecule
from atomlens.chem.structure import draw_structure

NAMES = Path(__file__).resolve().parent / "js" / "lib" / "names-de.js"
TARGET = Path(__file__).resolve().parent / "examples" / "molecules.json"
#: First molecules, small ones first; each shows something else.
MOLECULES = (
    "water",
    "ethanol",
    "acetamide",
    "urea",
    "glycine",
    "benzene",
    "phenol",
    "pyridine",
    "thiophene",
    "uracil",
    "chlorobenzene",
    "nitrobenzene",
    "vanillin",
    "paracetamol",
    "aspirin",
    "caffeine",
)


def main() -> None:
    """Write the file."""
    TARGET.parent.mkdir(exist_ok=True)
    lines = [json.dumps(example(name), ensure_ascii=False, separators=(",", ":")) for name in MOLECULES]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
    NAMES.write_text(german_names(), encoding="utf-8")
    print(f"{NAMES.name}: {NAMES.stat().st_size:,} bytes")


def german_names() -> str:
    """The module of the page: how a German reader calls the molecules of the list of names."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps(shown, ensure_ascii=False)}," for name, (shown, *_) in german().items()
    ]
    head = "/** German names of molecules by the service's; made by frontend/examples.py from chem/names_de.tsv. */"
    kind = "/** @type {Readonly<Record<string, string>>} */"
    return "\n".join([head, "", kind, "export const NAMES = Object.freeze({", *lines, "});", ""])


def example(name: str) -> dict[str, Any]:
    """What the page shows of one: name, formula, where its geometry comes from, and its drawing."""
    molecule = read_molecule(name, "example")
    drawing = draw_structure(molecule.smiles)
    return {"name": name, "formula": molecule.formula, "source": molecule.geometry.source, **drawing}


if __name__ == "__main__":
    main()
