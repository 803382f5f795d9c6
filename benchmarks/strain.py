"""What a force field's geometry costs above the minimum, by networks and by GFN2-xTB.

    python benchmarks/strain.py qm9-schnet-energy organic-schnet-energy

Test molecules of QM9, in the geometry of the force field and in QM9's own. Prints how far the networks' difference of
the two is from GFN2-xTB's, kcal/mol, and how often by more than 5. Needs the extra `labels`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from atomlens.networks.checkpoint import load
from atomlens.training.sources import source_of
from atomlens.training.strain import MOLECULES, measure_strain

MODELS = Path(__file__).parents[1] / "models"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--molecules", type=int, default=MOLECULES)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    sample = source_of(load(MODELS / "qm9-schnet-energy").card, given.data).test
    for name, found in measure_strain(sample, [load(MODELS / name) for name in given.models], given.molecules).items():
        print(
            f"{name:24} off by {found['mae']:5.2f} on average (median {found['median']:4.2f}) of {found['cost']:.1f}, "
            f"by more than 5 for {100 * found['share_beyond']:.0f} % of {found['n']}; {found['per_atom']:.3f} an atom"
        )


if __name__ == "__main__":
    main()
