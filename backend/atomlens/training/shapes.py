"""Write `chem/shapes.json`: the angles and bond lengths of molecules at rest (`chem.shapes`), from QM9.

python -m atomlens.training.shapes ../shared/data
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from atomlens.chem.connections import connections
from atomlens.chem.shapes import FILE, Angle, Bond, angles_and_bonds
from atomlens.networks.protocol import Batch
from atomlens.training.catalogue import data_set
from atomlens.training.sources import spaced

#: Training molecules that are looked at, how many of a kind make it common, and the share beyond either end of a range.
MOLECULES, COMMON, BEYOND = 60_000, 1_000, 1e-4


def ranges(batch: Batch, common: int = COMMON) -> dict[str, list[list[float]]]:
    """JSON-ready: kinds and their ranges, degrees and Å, rounded outwards."""
    angles: dict[Angle, list[float]] = defaultdict(list)
    bonds: dict[Bond, list[float]] = defaultdict(list)
    for m in range(len(batch)):
        atoms = slice(batch.offsets[m], batch.offsets[m + 1])
        numbers, positions = batch.numbers[atoms], batch.positions[atoms]
        bonded = np.zeros((len(numbers), len(numbers)), dtype=np.bool_)
        pairs = np.array(connections(numbers, positions), dtype=np.int64).reshape(-1, 2)
        bonded[pairs[:, 0], pairs[:, 1]] = bonded[pairs[:, 1], pairs[:, 0]] = True
        corners, lengths = angles_and_bonds(numbers, positions, bonded)
        for _, angle, degrees in corners:
            angles[angle].append(degrees)
        for _, _, bond, length in lengths:
            bonds[bond].append(length)
    return {
        "angles": [[*kind, *_range(found, 1)] for kind, found in sorted(angles.items()) if len(found) >= common],
        "bonds": [
            [*near, *far, *_range(found, 3)] for (near, far), found in sorted(bonds.items()) if len(found) >= common
        ],
    }


def _range(values: list[float], digits: int) -> tuple[float, float]:
    low, high = np.quantile(values, [BEYOND, 1.0 - BEYOND])
    step = 10.0**-digits
    return round(float(low) - step / 2, digits), round(float(high) + step / 2, digits)


def main(data: Path) -> None:
    """See the module."""
    batch = data_set("qm9").read(data, "energy").train.batch
    found = ranges(batch.select(spaced(len(batch), MOLECULES)))
    rows = ",\n".join(
        f' "{name}": [\n' + ",\n".join(f"  {json.dumps(row)}" for row in found[name]) + "\n ]" for name in found
    )
    target = Path(__file__).parents[1] / "chem" / FILE
    target.write_text("{\n" + rows + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {len(found['angles'])} kinds of angles, {len(found['bonds'])} of bonds\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
