"""The structural formula of a molecule as paths, for a page to colour.

RDKit draws with a colour for each element; the page has its own for light and dark, so that what is kept of a path is
its element and whether it is stroked or filled.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from atomlens.chem.constitution import configured, sanitize
from atomlens.chem.smiles import parse

#: Pixels of the widest drawing; bonds are equally long in all that fit.
WIDTH, HEIGHT, BOND = 104, 64, 19.0
#: A colour that stands for each element in RDKit's drawing.
PALETTE = {6: "#000000", 7: "#0000FF", 8: "#FF0000", 16: "#CCCC00", 17: "#00CC00", 1: "#000000"}
ELEMENTS = {"#0000FF": "N", "#FF0000": "O", "#CCCC00": "S", "#00CC00": "Cl", "#000000": ""}


def draw_structure(smiles: str) -> dict[str, Any]:
    """`{"size": [w, h], "paths": [{"element", "fill", "d"}]}`, one path for each kind; the element of carbon is "".

    Elements without a colour of their own are drawn as carbon is. Without a SMILES there are no paths.
    """
    if not smiles:
        return {"size": [WIDTH, HEIGHT], "paths": []}
    mol = parse(smiles)
    sanitize(mol)
    mol = Chem.RemoveHs(mol)
    rdDepictor.SetPreferCoordGen(True)
    rdDepictor.Compute2DCoords(mol)
    canvas = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
    options = configured(
        canvas.drawOptions(),
        fixedBondLength=BOND,
        bondLineWidth=1.4,
        scaleBondWidth=False,
        minFontSize=13,
        maxFontSize=13,
        padding=0.02,
        clearBackground=False,
        additionalAtomLabelPadding=0.06,
    )
    options.useBWAtomPalette()
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
