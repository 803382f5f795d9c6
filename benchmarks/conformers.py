"""Conformers whose geometries come from another level than the training data: does a model put them in order?

    python benchmarks/conformers.py organic-schnet-energy [--label N] [--data runs/labels/organic]

Held-out molecules, the smallest first, that have several conformers; half of the geometries are MMFF94 minima, half
GFN2-xTB minima. Their energies are B3LYP-D3BJ/DZVP (PySCF), some 20 s each: `--label N` computes them for N more
molecules and keeps them in the folder of the labels (needs the extra `labels`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from beside_xtb import model_parser
from numpy.typing import NDArray
from scipy.stats import spearmanr

from atomlens.chem.conformer import several
from atomlens.errors import InputError
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.training.datasets import TEST
from atomlens.training.labelled import read_labelled
from atomlens.training.labels.dft import NotConverged, energy
from atomlens.training.labels.xtb import NoLabel, relaxed
from atomlens.units import EV_KCAL_PER_MOL

#: Conformers asked for, kept of each kind, and how many a molecule must have.
TRIED, KEPT, LEAST = 12, 3, 5
#: Å of root mean square distance between sorted interatomic distances below which two geometries are one.
SAME = 0.08


def molecules(data: Path) -> list[str]:
    """Plain SMILES of held-out molecules, the smallest first."""
    labelled = read_labelled(data)
    sizes = np.diff(labelled.batch.offsets)
    smallest: dict[int, int] = {}
    for row in np.flatnonzero((labelled.split == TEST) & (labelled.cost == 0.0)).tolist():
        smallest.setdefault(int(labelled.molecule[row]), int(sizes[row]))
    return [str(labelled.smiles[m]) for m, _ in sorted(smallest.items(), key=lambda pair: pair[1])]


def geometries(smiles: str) -> tuple[NDArray[np.int64], list[NDArray[np.float64]]]:
    """Distinct conformers: up to `KEPT` at MMFF94 minima, then up to `KEPT` others at GFN2-xTB minima."""
    numbers, found = several(smiles, TRIED)
    kept: list[NDArray[np.float64]] = []
    for positions in found:
        wanted = len(kept) < KEPT
        try:
            chosen = positions if wanted else relaxed(numbers, positions)
        except NoLabel:
            continue
        if all(_apart(chosen, other) > SAME for other in kept):
            kept.append(chosen)
        if len(kept) == 2 * KEPT:
            break
    return numbers, kept


def _apart(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    one, other = (np.sort(np.linalg.norm(r[:, None] - r[None], axis=2), axis=None) for r in (first, second))
    return float(np.sqrt(((one - other) ** 2).mean()))


def kept_labels(folder: Path) -> Iterator[dict[str, NDArray[np.float64]]]:
    """Those that have been computed."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as file:
            yield {key: file[key] for key in file.files}


def label_more(data: Path, folder: Path, wanted: int) -> None:
    """Compute the energies of `wanted` further molecules."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, smiles in enumerate(molecules(data)):
        path = folder / f"{place:04d}.npz"
        if wanted == 0:
            return
        if path.is_file():
            continue
        try:
            numbers, positions = geometries(smiles)
            if len(positions) < LEAST:
                continue
            energies = [energy(numbers, r) for r in positions]
        except (InputError, NotConverged) as error:
            print(f"{smiles}: left out, {error}")
            continue
        np.savez(path, smiles=smiles, numbers=numbers, positions=np.array(positions), energies=np.array(energies))
        print(f"{smiles}: {len(energies)} conformers", flush=True)
        wanted -= 1


def main() -> None:
    """See the module."""
    parser = model_parser(__doc__)
    parser.add_argument("--data", type=Path, default=Path("runs/labels/organic"))
    parser.add_argument("--label", type=int, default=0)
    given = parser.parse_args()
    folder = given.data / "other-level"
    label_more(given.data, folder, given.label)
    model, order, errors = load(given.models / given.model), [], []
    for known in kept_labels(folder):
        numbers, positions, targets = known["numbers"], known["positions"], known["energies"] * EV_KCAL_PER_MOL
        count = len(positions)
        offsets = np.arange(count + 1) * len(numbers)
        batch = Batch(np.tile(numbers, count), positions.reshape(-1, 3), offsets, np.zeros(count, dtype=np.int64))
        mine = model.outputs(batch).mean.reshape(count, -1).sum(1) * EV_KCAL_PER_MOL
        order.append(float(spearmanr(mine, targets).statistic))
        errors.append(np.abs((mine - mine.mean()) - (targets - targets.mean())))
    if not order:
        raise SystemExit(f"No energies in {folder}: compute some with --label N.")
    print(f"{len(order)} molecules, {sum(map(len, errors))} conformers")
    relative = np.concatenate(errors).mean()
    print(f"median rank correlation {np.median(order):.2f}, relative energies {relative:.2f} kcal/mol")


if __name__ == "__main__":
    main()
