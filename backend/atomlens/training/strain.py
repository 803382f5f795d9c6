"""How wrong models are in geometries of a force field.

What such a geometry costs above the molecule's own of the data set, by the model and by GFN2-xTB: the difference of the
two is the error. Its standard deviation is taken to grow with the number of atoms n, σ = c n, and c is that with which
Laplace's distribution makes the errors most likely (`networks.trust`). Needs the extra ``labels``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.bonds import perceive
from atomlens.chem.molecule import Molecule
from atomlens.chem.smiles import read_smiles
from atomlens.errors import UnsupportedMolecule
from atomlens.networks.model import TrainedModel
from atomlens.networks.protocol import Batch
from atomlens.networks.trust import ERROR
from atomlens.training.labels.xtb import NoLabel, label
from atomlens.training.scales import best_scales
from atomlens.training.sources import Sample, spaced
from atomlens.units import EV_KCAL_PER_MOL

#: Test molecules that are measured.
MOLECULES = 300


def measure_strain(sample: Sample, models: Sequence[TrainedModel], molecules: int = MOLECULES) -> dict[str, Any]:
    """By the models' names, in kcal/mol; sample: of molecules in minima.

    ``n`` and ``without`` (molecules without SMILES, or of which the force field or xTB has nothing to say); ``cost``:
    on average, by GFN2-xTB; ``mae``, ``median`` and ``share_beyond`` 5 kcal/mol of the errors; ``per_atom``: c.
    """
    atoms, theirs, ours = [], [], []
    chosen = spaced(len(sample), molecules)
    for m in chosen.tolist():
        only = sample.batch.select([m])
        rest = Molecule(only.numbers, only.positions)
        # a diastereomer of a strained ring would cost more than any force field's error
        smiles = perceive(rest.numbers, rest.positions).smiles
        if not smiles or "." in smiles:
            continue
        try:
            strained = read_smiles(smiles, len(rest))
            theirs.append(_energy(strained) - _energy(rest))
        except (UnsupportedMolecule, NoLabel):
            continue
        pair = Batch.of([strained, rest])
        sums = [np.add.reduceat(model.outputs(pair).mean, pair.offsets[:-1]) for model in models]
        ours.append([float(high - low) for high, low in sums])
        atoms.append(len(rest))
    errors = EV_KCAL_PER_MOL * (np.array(ours).T - np.array(theirs))
    what = {
        "what": "what the force field's geometry costs above the data set's; GFN2-xTB",
        "n": len(theirs),
        "without": len(chosen) - len(theirs),
        "cost": round(EV_KCAL_PER_MOL * float(np.mean(theirs)), 2),
    }
    return {
        model.name: {**what, **_figures(found, np.array(atoms, dtype=np.float64))}
        for model, found in zip(models, errors, strict=True)
    }


def _energy(molecule: Molecule) -> float:
    """By GFN2-xTB, eV."""
    return label(molecule.numbers, molecule.positions).energy


def _figures(errors: NDArray[np.float64], atoms: NDArray[np.float64]) -> dict[str, Any]:
    """errors: kcal/mol."""
    (squared,) = best_scales((atoms**2)[:, None], errors)
    return {
        "mae": round(float(np.abs(errors).mean()), 2),
        "median": round(float(np.median(np.abs(errors))), 2),
        "share_beyond": round(float((np.abs(errors) > ERROR).mean()), 3),
        "per_atom": round(float(np.sqrt(squared)), 4),
    }
