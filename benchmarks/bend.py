"""What it costs to bend an angle, by a network and by GFN2-xTB.

    python benchmarks/bend.py organic-schnet-energy

Each molecule is relaxed with GFN2-xTB; then the angle between two of its bonds is opened and closed, all that hangs on
the one bond moved rigidly. Prints kcal/mol above the minimum. Needs the extra `labels`.
"""

from __future__ import annotations

import numpy as np
from beside_xtb import costs, model_parser

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.smiles import read_smiles
from atomlens.networks.checkpoint import load
from atomlens.training.labels.displace import at_angle, side_of
from atomlens.training.labels.xtb import relaxed

#: SMILES, and the three atoms of the angle (of the geometry with hydrogens, which come last).
ANGLES = (
    ("O", 1, 0, 2), ("S", 1, 0, 2), ("N", 1, 0, 2), ("P", 1, 0, 2), ("C", 1, 0, 2), ("C#N", 1, 0, 2),
    ("O=C=O", 0, 1, 2), ("O=S=O", 0, 1, 2), ("S=C=S", 0, 1, 2), ("FOF", 0, 1, 2), ("ClOCl", 0, 1, 2),
    ("N=C=O", 0, 1, 2), ("N=C=O", 1, 0, 3), ("OO", 0, 1, 3), ("C=O", 2, 0, 3), ("C=O", 1, 0, 2),
    ("C=C", 1, 0, 2), ("C#C", 1, 0, 2), ("CO", 0, 1, 5), ("COC", 0, 1, 2), ("CSC", 0, 1, 2),
    ("CS(C)=O", 0, 1, 2), ("CS(C)=O", 0, 1, 3), ("CN", 0, 1, 5), ("CP", 0, 1, 5), ("CCC", 0, 1, 2),
    ("CC=O", 0, 1, 2), ("NC=O", 0, 1, 2), ("CC#N", 0, 1, 2), ("CN=C=S", 0, 1, 2), ("ClCCl", 0, 1, 2),
    ("FC(F)F", 0, 1, 2), ("BrCBr", 0, 1, 2), ("C=C=O", 0, 1, 2), ("CN=NC", 0, 1, 2), ("ON=O", 0, 1, 2),
    ("c1ccccc1O", 4, 5, 6), ("CC(C)=O", 0, 1, 2), ("OC=O", 0, 1, 2), ("CCO", 0, 1, 2), ("FN(F)F", 0, 1, 2),
    ("ClP(Cl)Cl", 0, 1, 2),
)  # fmt: skip
DEGREES = (60, 80, 100, 120, 140, 160, 178)
#: kcal/mol by xTB beyond which a geometry does not count in the mean.
HIGHEST = 150.0


def main() -> None:
    """See the module."""
    given = model_parser(__doc__).parse_args()
    model = load(given.models / given.model)
    degrees = " ".join(f"{one:>5}°" for one in DEGREES)
    print(f"{'angle':22} at rest  xTB {degrees}   model {degrees}")
    apart = []
    for smiles, *corners in ANGLES:
        molecule = read_smiles(smiles, 100)
        first, middle, last = corners
        bonds = np.array([row[:2] for row in molecule.bonds])
        atoms = side_of(len(molecule), bonds, middle, last)
        if atoms is None:
            raise ValueError(f"{smiles}: the bond lies in a ring")
        lowest = relaxed(molecule.numbers, molecule.positions)
        arms = lowest[[first, last]] - lowest[middle]
        at_rest = np.degrees(np.arccos(arms[0] @ arms[1] / np.prod(np.linalg.norm(arms, axis=1))))
        corner = (first, middle, last, atoms)
        geometries = [lowest, *(at_angle(lowest, corner, np.radians(one)) for one in DEGREES)]
        theirs, mine = costs(model, molecule, geometries)
        # a class asks what an angle costs, not what two atoms on top of one another do
        apart.append(np.where(theirs < HIGHEST, np.abs(mine - theirs), np.nan))
        name = "–".join(SYMBOLS[molecule.numbers[one]] for one in (first, middle, last)) + f" in {smiles}"
        shown = (" ".join(f"{one:6.1f}" for one in energies) for energies in (theirs, mine))
        print(f"{name:22} {at_rest:6.1f}°      {next(shown)}         {next(shown)}", flush=True)
    mean = " ".join(f"{error:6.1f}" for error in np.nanmean(apart, axis=0))
    print(f"{f'mean difference, up to {HIGHEST:.0f} kcal/mol':22} {mean}   all {np.nanmean(apart):.2f}")


if __name__ == "__main__":
    main()
