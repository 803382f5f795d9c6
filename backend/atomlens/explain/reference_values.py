"""Values of quantum chemistry for molecules of public sets, to stand beside a prediction.

`reference_values.json`, made by ``python recipes/reference_values.py``: of the molecules whose minimum comes with the
program (`chem.minima`), from QM9 or the OpenFF set, the energy and the dipole moment that the set gives. A value
belongs to its geometry: at another one it is no measure of an error, and no other level of theory has the same zero of
energy.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from atomlens.chem import minima
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.units import HARTREE_EV

FILE: Final = "reference_values.json"


def references(molecule: Molecule) -> list[dict[str, Any]]:
    """What is known of the molecule with this SMILES, JSON form (docs/http.md, Molecules).

    Found by constitution; `same_geometry`: whether this molecule lies as the reference does, to the last digit.
    """
    return [
        {**about, **_described(entry, known, molecule)}
        for about, entry, known in _at_minima()
        if known.smiles == molecule.smiles
    ]


def _described(entry: dict[str, Any], known: Molecule, asked: Molecule) -> dict[str, Any]:
    energy, doubt = entry["energy_hartree"], entry["energy_error_hartree"]
    return {
        "identifier": entry["identifier"],
        "part": entry["part"],
        "energy": None if energy is None else energy * HARTREE_EV,
        "energy_error": None if energy is None else doubt * HARTREE_EV,
        "dipole": entry["dipole_debye"],
        "same_geometry": known.structure_hash == asked.structure_hash,
        "molecule": known.to_dict(),
    }


@cache
def _at_minima() -> tuple[tuple[dict[str, Any], dict[str, Any], Molecule], ...]:
    """Of each value set, entry and molecule. `ValueError` where the program's geometry is of another record."""
    found = []
    for about in json.loads(files("atomlens.explain").joinpath(FILE).read_text("utf-8")):
        for entry in about.pop("molecules"):
            minimum = minima.find(entry["name"])
            if minimum is None or f"{entry['identifier']}." not in minimum.geometry.note:
                raise ValueError(f"{FILE} and minima.json do not speak of the same {entry['name']}")
            geometry = Geometry(about["set"], f"{entry['identifier']}, {about['level']}")
            found.append((about, entry, replace(minimum, geometry=geometry)))
    return tuple(found)
