"""Whether the grades of dipole models tell where they err: against GFN2-xTB on held-out molecules of the labelled set.

    python benchmarks/dipole_trust.py qm9-bp-dipole qm9-schnet-dipole organic-bp-dipole organic-schnet-dipole

For each model, on those of the molecules whose elements it knows, at their minima, and displaced from them: the mean
error of |μ|, the share beyond 2 debye (of all, and of each grade with the share of geometries in it), and the area
under the curve for flagging these by the ensemble's spread. Needs the set that `atomlens label
recipes/labels/organic.toml` makes.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

import numpy as np

from atomlens.chem.molecule import Geometry, Molecule
from atomlens.explain.prediction import explain_all
from atomlens.networks.checkpoint import load
from atomlens.networks.grades import ERROR_DEBYE, GRADES
from atomlens.training.datasets import TEST
from atomlens.training.labelled import read_labelled
from atomlens.training.labels.kinds import KINDS
from atomlens.training.roc import auc

MODELS = Path(__file__).parents[1] / "models"
AT_REST = [KINDS.index("anchor"), KINDS.index("conformer")]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--molecules", type=int, default=800)
    parser.add_argument("--data", type=Path, default=Path("runs/labels/organic"))
    given = parser.parse_args()
    labelled = read_labelled(given.data)
    known = np.isfinite(labelled.dipole).all(1) & (labelled.split == TEST)
    at_rest = np.isin(labelled.kind, AT_REST)
    for name, geometry in product(given.models, ("at rest", "displaced")):
        model = load(MODELS / name)
        rows = np.flatnonzero(known & (at_rest if geometry == "at rest" else ~at_rest))
        held_out = labelled.select(np.random.default_rng(0).permutation(rows))
        strange = np.logical_or.reduceat(~np.isin(held_out.batch.numbers, model.elements), held_out.batch.offsets[:-1])
        part = held_out.select(np.flatnonzero(~strange)[: given.molecules])
        singles = [part.batch.select([k]) for k in range(len(part))]
        molecules = [Molecule(b.numbers, b.positions, geometry=Geometry("file", "xTB")) for b in singles]
        found = explain_all(model, molecules)
        error = np.abs(np.array([one.total for one in found]) - np.linalg.norm(part.dipole, axis=1))
        large, spread = error > ERROR_DEBYE, np.array([one.uncertainty or 0.0 for one in found])
        grades = np.array([one.trust.grade if one.trust else "" for one in found])
        said = ", ".join(
            f"{grade} {100 * (grades == grade).mean():.0f} % ({100 * large[grades == grade].mean():.0f} %)"
            for grade in GRADES
            if (grades == grade).any()
        )
        print(
            f"{name:22} {geometry:9} {len(found)} geometries: off by {error.mean():.2f} debye, by more than "
            f"{ERROR_DEBYE:g} for {100 * large.mean():.0f} %; of these by grade: {said}; "
            f"area by spread {auc(spread, large)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
