"""What the scripts share that ask one model and GFN2-xTB."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.training.labels.xtb import label
from atomlens.units import EV_KCAL_PER_MOL


def model_parser(about: str | None) -> argparse.ArgumentParser:
    """Arguments of a script about one model: its name, and the folder where it is."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--models", type=Path, default=Path(__file__).parents[1] / "models")
    return parser


def costs(
    model: TrainedModel, molecule: Molecule, geometries: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n - 1,) kcal/mol of all geometries but the first above the first, by GFN2-xTB and by the model."""
    batch = Batch.of([replace(molecule, positions=positions) for positions in geometries])
    mine = model.outputs(batch).mean.reshape(len(geometries), -1).sum(1)
    theirs = np.array([label(molecule.numbers, positions).energy for positions in geometries])
    above = EV_KCAL_PER_MOL * (np.stack([theirs, mine])[:, 1:] - np.array([[theirs[0]], [mine[0]]]))
    return above[0], above[1]
