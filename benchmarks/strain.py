"""What a force field's geometry costs above the minimum, by networks and by GFN2-xTB.

    python benchmarks/strain.py qm9-schnet-energy organic-schnet-energy

Molecules of QM9, in the geometry of the force field and in QM9's own. Prints how far the networks' difference of the
two is from GFN2-xTB's, kcal/mol, and how often by more than 5. Needs the extra `labels`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from atomlens.chem.smiles import read_smiles
from atomlens.errors import UnsupportedMolecule
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.training.labels.xtb import label
from atomlens.units import EV_KCAL_PER_MOL


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--molecules", type=int, default=90)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    models = [load(Path(__file__).parents[1] / "models" / name) for name in given.models]
    with np.load(given.data / "qm9.npz") as file:
        data = {key: file[key] for key in ("n_atoms", "numbers", "positions", "smiles_derived")}
    offsets = np.concatenate([[0], np.cumsum(data["n_atoms"].astype(np.int64))])
    theirs, ours = [], []
    for k in np.random.default_rng(3).permutation(len(data["n_atoms"])).tolist():
        text, atoms = str(data["smiles_derived"][k]), slice(offsets[k], offsets[k + 1])
        if not text or "." in text:
            continue
        try:
            molecule = read_smiles(text, 100)
        except UnsupportedMolecule as error:
            print(f"{text}: {error.message}")
            continue
        numbers, positions = data["numbers"][atoms].astype(np.int64), data["positions"][atoms].astype(np.float64)
        pairs = ((molecule.numbers, molecule.positions), (numbers, positions))
        theirs.append(EV_KCAL_PER_MOL * (label(*pairs[0]).energy - label(*pairs[1]).energy))
        offset = np.array([0, len(numbers), 2 * len(numbers)])
        both = Batch(*(np.concatenate(part) for part in zip(*pairs, strict=True)), offset, np.zeros(2, dtype=np.int64))
        sums = [np.add.reduceat(model.outputs(both).mean, offset[:-1]) for model in models]
        ours.append([EV_KCAL_PER_MOL * float(high - low) for high, low in sums])
        if len(theirs) == given.molecules:
            break
    print(f"{len(theirs)} molecules; the force field's geometry costs {np.mean(theirs):.1f} kcal/mol by GFN2-xTB")
    for name, errors in zip(given.models, np.abs(np.array(ours).T - np.array(theirs)), strict=True):
        print(
            f"{name:24} off by {errors.mean():5.1f} on average (median {np.median(errors):4.1f}), "
            f"by more than 5 for {100 * (errors > 5.0).mean():.0f} %"
        )


if __name__ == "__main__":
    main()
