"""What it costs to turn double and conjugated bonds, by a network and by GFN2-xTB.

    python benchmarks/turn.py organic-schnet-energy

Each molecule is relaxed with GFN2-xTB; then the smaller side of the bond is turned rigidly, by a quarter and by less.
Prints kcal/mol above the minimum. Needs the extra `labels`.
"""

from __future__ import annotations

import numpy as np
from beside_xtb import costs, model_parser

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.smiles import read_smiles
from atomlens.networks.checkpoint import load
from atomlens.training.labels.displace import smaller_side, turned
from atomlens.training.labels.xtb import relaxed

#: SMILES, and the atoms of the bond.
BONDS = (
    ("C=C", 0, 1), ("CC=CC", 1, 2), ("C=CC=C", 0, 1), ("C=CC=O", 0, 1), ("CN=NC", 1, 2), ("CC=NC", 1, 2),
    ("CC=NO", 1, 2), ("NC=O", 0, 1), ("CNC(C)=O", 1, 2), ("NC(N)=O", 0, 1), ("CN(C)N=O", 1, 3), ("COC(C)=O", 1, 2),
    ("C=CC=C", 1, 2), ("c1ccccc1C=O", 5, 6), ("CCCC", 1, 2), ("CSSC", 1, 2), ("OO", 0, 1), ("CC(=O)SC", 1, 3),
)  # fmt: skip
DEGREES = (0, 30, 60, 90)


def main() -> None:
    """See the module."""
    given = model_parser(__doc__).parse_args()
    model = load(given.models / given.model)
    degrees = " ".join(f"{one:>5}°" for one in DEGREES[1:])
    print(f"{'bond':24} xTB {degrees}   model {degrees}")
    apart = []
    for smiles, first, second in BONDS:
        molecule = read_smiles(smiles, 100)
        bonds = np.array([row[:2] for row in molecule.bonds])
        side = smaller_side(len(molecule), bonds, first, second)
        if side is None:
            raise ValueError(f"{smiles}: the bond lies in a ring")
        lowest = relaxed(molecule.numbers, molecule.positions)
        geometries = [turned(lowest, side, np.radians(one)) for one in DEGREES]
        both = costs(model, molecule, geometries)
        shown = (" ".join(f"{one:6.1f}" for one in energies) for energies in both)
        apart.append(np.abs(both[0] - both[1]))
        name = f"{SYMBOLS[molecule.numbers[first]]}–{SYMBOLS[molecule.numbers[second]]} in {smiles}"
        print(f"{name:24}     {next(shown)}         {next(shown)}", flush=True)
    mean = " ".join(f"{error:6.1f}" for error in np.mean(apart, axis=0))
    print(f"{'mean absolute difference':24}     {'':20}         {mean}")


if __name__ == "__main__":
    main()
