"""Where a network's forces lead strained molecules, and what GFN2-xTB says of that geometry.

    OMP_NUM_THREADS=1 .venv/bin/python benchmarks/downhill.py organic-schnet-energy [--molecules 400] [--data FOLDER]

Held-out molecules of QM9 with rings of three (`split_of`), each relaxed from QM9's own geometry with the model's
forces. Prints what the end costs above the start by xTB, kcal/mol (below 0 where xTB's minimum is nearer), how many end
more than 5 and 15 above, and how the model grades those; then the worst. Needs the extra `labels`.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numba
import numpy as np
import torch
from beside_xtb import model_parser

from atomlens.chem.molecule import Molecule
from atomlens.errors import UnsupportedMolecule
from atomlens.explain.relaxation import relax
from atomlens.networks.checkpoint import load
from atomlens.training.datasets import TRAIN
from atomlens.training.labels.plan import caged_molecules
from atomlens.training.labels.xtb import label
from atomlens.training.openff import split_of
from atomlens.units import EV_KCAL_PER_MOL

ROOT = Path(__file__).resolve().parents[1]
SEED = 0
#: kcal/mol above the start.
FAR = (5.0, 15.0)


def main() -> None:
    """See the module."""
    parser = model_parser(__doc__)
    parser.add_argument("--molecules", type=int, default=400)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    given = parser.parse_args()
    # steps are too small to be shared
    torch.set_num_threads(1)
    numba.set_num_threads(1)
    model = load(given.models / given.model)
    rising, grades, names = [], [], []
    held = (a for a in caged_molecules(given.data, (), np.random.default_rng(SEED)) if split_of(a.smiles) != TRAIN)
    for anchor in islice(held, given.molecules):
        bonds = tuple((int(i), int(j), 1.0) for i, j in anchor.bonds)
        names.append(anchor.smiles)
        try:
            found = relax(model, Molecule(anchor.numbers, anchor.positions, bonds))
        except UnsupportedMolecule as error:
            rising.append(np.inf)
            grades.append(error.code)
            continue
        energies = [
            label(anchor.numbers, positions).energy for positions in (anchor.positions, found.molecule.positions)
        ]
        rising.append((energies[1] - energies[0]) * EV_KCAL_PER_MOL)
        grades.append(found.trust.of_molecule()["grade"] if found.trust else "")
    above = np.array(rising)
    print(f"{given.model}: {len(above)} held-out molecules with rings of three, median {np.median(above):.2f} kcal/mol")
    for far in FAR:
        which = [grade for grade, cost in zip(grades, above, strict=True) if cost > far]
        counted = ", ".join(f"{which.count(grade)} {grade}" for grade in sorted(set(which)))
        print(f"more than {far:g} kcal/mol above: {len(which) / len(above):.1%} ({counted})")
    for k in np.argsort(above)[::-1][:10]:
        print(f"{above[k]:8.1f}  {grades[k]:8}  {names[k]}")


if __name__ == "__main__":
    main()
