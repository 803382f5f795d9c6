"""The atoms of a molecule as a table: what every model gives each, and how far it is to be trusted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from atomlens.chem.molecule import Molecule


def atoms_csv(molecule: Molecule, predictions: Sequence[Mapping[str, Any]]) -> str:
    """Comma-separated values with a head, a line for each atom, counted from 0. predictions: in their JSON form.

    label: the atom as the page names it, by its element and counted from 1.

    Of each model: contribution (eV) and the reference energy of the element (eV), which add up to the total, or charge
    (e), its spread, grade of trust and what speaks against the atom; then,
    the same on every line, the total (eV or debye), its uncertainty, and grade and reason of the whole molecule.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    heads = [head for p in predictions for head in _heads(p)]
    table.writerow(["atom", "element", "label", "x_angstrom", "y_angstrom", "z_angstrom", *heads])
    for atom, symbol in enumerate(molecule.symbols):
        place = map(repr, molecule.positions[atom].tolist())
        table.writerow(
            [atom, symbol, f"{symbol}{atom + 1}", *place, *(cell for p in predictions for cell in _cells(p, atom))]
        )
    return text.getvalue()


def _heads(p: Mapping[str, Any]) -> list[str]:
    kind = "contribution" if p["property"] == "energy" else "charge"
    of_atom = [f"{kind}_{p['contribution_unit']}", *_reference(p, f"reference_{p['contribution_unit']}")]
    of_atom += [f"spread_{p['contribution_unit']}", "trust", "trust_reason"]
    of_molecule = [f"total_{p['unit']}", f"uncertainty_{p['unit']}", "molecule_trust", "molecule_trust_reason"]
    return [f"{p['model']}_{name}" for name in of_atom + of_molecule]


def _reference(p: Mapping[str, Any], cell: str) -> list[str]:
    """Of energies alone: dipole moments have no references."""
    return [cell] if p["property"] == "energy" else []


def _cells(p: Mapping[str, Any], atom: int) -> list[str]:
    """Numbers with all their digits; empty where there is none."""
    spread = "" if p["contribution_spread"] is None else repr(float(p["contribution_spread"][atom]))
    uncertainty = "" if p["uncertainty"] is None else repr(float(p["uncertainty"]))
    # links of earlier versions keep no reasons
    reasons, whole = p.get("trust_reasons"), p.get("molecule_trust") or {}
    own = ["" if p["trust"] is None else p["trust"][atom], "" if not reasons else reasons[atom] or ""]
    of_molecule = [whole.get("grade", ""), whole.get("reason") or ""]
    references = p["references"]
    reference = _reference(p, "" if references is None else repr(float(references[atom])))
    return [
        repr(float(p["contributions"][atom])),
        *reference,
        spread,
        *own,
        repr(float(p["total"])),
        uncertainty,
        *of_molecule,
    ]
