"""What the page has from the package: pictures of its examples, and German names of molecules.

    python frontend/examples.py

Writes frontend/examples/molecules.json, drawings by RDKit for the page to colour, and frontend/js/lib/names-de.js.

RDKit draws with a colour for each element; the page has its own for light and dark, so that what is kept of a path is
its element and whether it is stroked or filled.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from atomlens.chem.names import german
from atomlens.chem.read import read_molecule

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
#: Pixels of the widest drawing; bonds are equally long in all that fit.
WIDTH, HEIGHT, BOND = 104, 64, 19.0
#: A colour that stands for each element in RDKit's drawing.
PALETTE = {6: "#000000", 7: "#0000FF", 8: "#FF0000", 16: "#CCCC00", 17: "#00CC00", 1: "#000000"}
ELEMENTS = {"#0000FF": "N", "#FF0000": "O", "#CCCC00": "S", "#00CC00": "Cl", "#000000": ""}


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
    drawing = draw(molecule.smiles)
    return {"name": name, "formula": molecule.formula, "source": molecule.geometry.source, **drawing}


def draw(smiles: str) -> dict[str, Any]:
    """`{"size": [w, h], "paths": [{"element", "fill", "d"}]}`, one path for each kind; the element of carbon is ""."""
    mol = Chem.MolFromSmiles(smiles)
    rdDepictor.SetPreferCoordGen(True)
    rdDepictor.Compute2DCoords(mol)
    canvas = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
    options = canvas.drawOptions()
    options.fixedBondLength = BOND
    options.bondLineWidth = 1.4
    options.scaleBondWidth = False
    options.minFontSize = options.maxFontSize = 13
    options.padding = 0.02
    options.clearBackground = False
    options.additionalAtomLabelPadding = 0.06
    options.updateAtomPalette({z: tuple(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)) for z, c in PALETTE.items()})
    canvas.DrawMolecule(mol)
    canvas.FinishDrawing()
    root = ElementTree.fromstring(canvas.GetDrawingText())
    paths: dict[tuple[str, bool], list[str]] = {}
    for node in root.iter():
        if node.tag.endswith("}path"):
            element, filled, d = _path(node)
            paths.setdefault((element, filled), []).append(d)
    listed = [{"element": element, "fill": filled, "d": "".join(d)} for (element, filled), d in paths.items()]
    return {"size": [WIDTH, HEIGHT], "paths": listed}


def _path(node: ElementTree.Element) -> tuple[str, bool, str]:
    """Element, whether it is filled, and where it runs."""
    style = dict(part.split(":", 1) for part in node.get("style", "").strip(";").split(";") if part)
    filled = node.get("fill") or style.get("fill", "none")
    color = filled if filled != "none" else style["stroke"]
    d = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), node.attrib["d"])
    return ELEMENTS[color.upper()], filled != "none", re.sub(r" ?([A-Z]) ?", r"\1", d).strip()


if __name__ == "__main__":
    main()
