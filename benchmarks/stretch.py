"""Curves of thirty bonds, pulled and pushed: one minimum where GFN2-xTB has it, and no second one?

    python benchmarks/stretch.py organic-schnet-energy [--curves FILE.csv]

Each molecule is relaxed with GFN2-xTB; then the bond takes lengths from 0.6 to 3 Å, its smaller side moved rigidly.
Needs the extra `labels`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from beside_xtb import model_parser
from numpy.typing import NDArray

from atomlens.chem.elements import NUMBERS
from atomlens.chem.smiles import read_smiles
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.training.labels.displace import LONGEST, SHORTEST, smaller_side, stretched
from atomlens.training.labels.xtb import NoLabel, label, relaxed
from atomlens.units import EV_KCAL_PER_MOL

#: SMILES, and the elements of the bond.
BONDS = (
    ("[H][H]", "H", "H"), ("F", "F", "H"), ("Cl", "Cl", "H"), ("Br", "Br", "H"), ("FF", "F", "F"), ("ClCl", "Cl", "Cl"),
    ("BrBr", "Br", "Br"), ("N#N", "N", "N"), ("[C-]#[O+]", "C", "O"), ("C", "C", "H"), ("N", "N", "H"), ("O", "O", "H"),
    ("S", "S", "H"), ("P", "P", "H"), ("CC", "C", "C"), ("C=C", "C", "C"), ("C#C", "C", "C"), ("CO", "C", "O"),
    ("C=O", "C", "O"), ("CN", "C", "N"), ("C#N", "C", "N"), ("CF", "C", "F"), ("CCl", "C", "Cl"), ("CBr", "C", "Br"),
    ("CS", "C", "S"), ("OO", "O", "O"), ("NN", "N", "N"), ("SS", "S", "S"), ("CP", "C", "P"), ("OCl", "O", "Cl"),
)  # fmt: skip
STEP = 0.02
#: Å by which a minimum may lie beside that of GFN2-xTB.
TOLERANCE = 0.05


def minima(lengths: NDArray[np.float64], energies: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) Å where a curve is lower than at both neighbours, refined by a parabola."""
    inner = np.flatnonzero((energies[1:-1] < energies[:-2]) & (energies[1:-1] < energies[2:])) + 1
    a, b, c = energies[inner - 1], energies[inner], energies[inner + 1]
    return lengths[inner] + 0.5 * (lengths[1] - lengths[0]) * (a - c) / (a - 2.0 * b + c)


def main() -> None:
    """See the module."""
    parser = model_parser(__doc__)
    parser.add_argument("--curves", type=Path)
    given = parser.parse_args()
    model, good, rows = load(given.models / given.model), 0, ["bond,length,model,xtb"]
    lengths = np.arange(SHORTEST, LONGEST + STEP / 2, STEP)
    for smiles, first, second in BONDS:
        molecule = read_smiles(smiles, 100)
        positions = relaxed(molecule.numbers, molecule.positions)
        a, b = next(
            (a, b)
            for a, b, _ in molecule.bonds
            if sorted((molecule.numbers[a], molecule.numbers[b])) == sorted((NUMBERS[first], NUMBERS[second]))
        )
        side = smaller_side(len(molecule), np.array([row[:2] for row in molecule.bonds]), a, b)
        if side is None:
            raise ValueError(f"{smiles}: the bond lies in a ring")
        geometries = [stretched(positions, side, float(length)) for length in lengths]
        batch = Batch(
            np.tile(molecule.numbers, len(lengths)),
            np.concatenate(geometries),
            np.arange(len(lengths) + 1) * len(molecule),
            np.zeros(len(lengths), dtype=np.int64),
        )
        mine = model.outputs(batch).mean.reshape(len(lengths), -1).sum(1)
        xtb = np.array([_energy(molecule.numbers, geometry) for geometry in geometries])
        ours, theirs = minima(lengths, mine), minima(lengths, xtb)
        right = len(ours) == 1 and len(theirs) > 0 and abs(ours[0] - theirs[0]) <= TOLERANCE
        good += right
        name = f"{first}–{second} in {smiles}"
        shown = ", ".join(f"{x:.3f}" for x in ours) or "none"
        print(f"{name:18} xTB {', '.join(f'{x:.3f}' for x in theirs)}  model {shown}  {'' if right else '←'}")
        rows += [
            f"{smiles},{x:.2f},{(e - mine.min()) * EV_KCAL_PER_MOL:.2f},{(t - np.nanmin(xtb)) * EV_KCAL_PER_MOL:.2f}"
            for x, e, t in zip(lengths, mine, xtb, strict=True)
        ]
    print(f"{good} of {len(BONDS)} curves have one minimum, within {TOLERANCE} Å of GFN2-xTB's")
    if given.curves:
        given.curves.write_text("\n".join(rows) + "\n")


def _energy(numbers: NDArray[np.int64], positions: NDArray[np.float64]) -> float:
    try:
        return label(numbers, positions).energy
    except NoLabel:
        return float("nan")


if __name__ == "__main__":
    main()
