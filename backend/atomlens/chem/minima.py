"""Minima of quantum chemistry that come with the program: geometries of the page's example molecules.

From QM9 (Ramakrishnan et al., Sci. Data 1, 140022 (2014), CC0) and the OpenFF industry benchmark set (MIT), written to
`minima.json` by `python -m atomlens.training.minima`. Whoever asks for an example gets this geometry; a plain name and
its SMILES are one molecule, with a force field's.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from atomlens.chem.molecule import Molecule

#: Source of such a geometry.
QUANTUM_CHEMISTRY: Final = "quantum chemistry"


def find(name: str) -> Molecule | None:
    """The molecule of this main name of the list of names at its minimum, or None."""
    data = _table().get(name)
    return None if data is None else Molecule.from_dict({**data, "charge": 0, "warnings": []})


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (files("atomlens.chem") / "minima.json").read_text(encoding="utf-8")
    return {entry["name"]: entry for entry in json.loads(text)}
