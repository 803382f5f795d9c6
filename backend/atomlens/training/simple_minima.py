"""Minima of simple molecules that force fields do not know (`chem/simple_minima.json`), by GFN2-xTB.

    python -m atomlens.training.simple_minima recipes/labels/organic.toml

Of the molecules that the recipe names and those of the program's list of names, up to seven heavy atoms. Needs the
extra `labels`; OMP_NUM_THREADS=1 is fastest.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.connections import torn_atoms
from atomlens.chem.constitution import Bonds
from atomlens.chem.names import entries
from atomlens.chem.simple_minima import MOST_ATOMS
from atomlens.chem.smiles import rough
from atomlens.errors import InputError
from atomlens.training.labels.recipe import LabelRecipe, read_label_recipe
from atomlens.training.labels.xtb import NoLabel, label, relaxed
from atomlens.units import EV_KCAL_PER_MOL

#: kcal/mol above its minimum, and Å of a bond, from which a geometry is not good enough: where bonds are right, the two
#: methods disagree about a shape.
COST, APART = 5.0, 0.045
HEAVY_ATOMS: Final = 7
TARGET = Path(__file__).resolve().parents[1] / "chem" / "simple_minima.json"


def main(recipe: Path) -> None:
    """Write the file, and say what each geometry would have cost."""
    found = sorted(_costly(read_label_recipe(recipe)), key=lambda entry: len(entry["positions"]))
    lines = [json.dumps(entry, ensure_ascii=False) for entry in found]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} molecules, {TARGET.stat().st_size:,} bytes")


def _costly(recipe: LabelRecipe) -> Iterator[dict[str, Any]]:
    done: set[str] = set()
    for smiles in (*recipe.molecules, *(entry.smiles for entry in entries())):
        try:
            molecule = rough(smiles, MOST_ATOMS)
        except InputError:
            continue  # a salt, a radical, or in no way a shape
        plain, numbers, positions = molecule.smiles, molecule.numbers, molecule.positions
        if plain in done or len(numbers) < 2 or int((numbers > 1).sum()) > HEAVY_ATOMS:
            continue
        done.add(plain)
        try:
            minimum = relaxed(numbers, positions)
            cost = (label(numbers, positions).energy - label(numbers, minimum).energy) * EV_KCAL_PER_MOL
        except NoLabel as error:
            print(f"{plain}: left out, {error}")
            continue
        if torn_atoms(replace(molecule, positions=minimum)).any():
            print(f"{plain}: left out, it falls apart")
        elif cost > COST and (apart := _apart(molecule.bonds, positions, minimum)) > APART:
            print(f"{plain}: {cost:.1f} kcal/mol, {apart:.2f} Å")
            rows = np.round(minimum - minimum.mean(axis=0), 4) + 0.0
            yield {"smiles": plain, "positions": rows.tolist()}


def _apart(bonds: Bonds, first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Å by which a bond differs most. first, second: (n_atoms, 3) Å."""
    a, b = np.array([bond[:2] for bond in bonds]).T
    lengths = (np.linalg.norm(positions[a] - positions[b], axis=1) for positions in (first, second))
    return float(np.abs(np.subtract(*lengths)).max())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
