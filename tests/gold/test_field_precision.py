"""The field engine against the plain way, for every model of molecules: the error that docs/performance.md states."""

import make
import numpy as np
import pytest

from atomlens.chem.smiles import read_smiles
from atomlens.networks.registry import ModelRegistry
from plain_probe import plain_probe

NAMES = [name for name, card in ModelRegistry(make.MODELS).cards.items() if not card.periodic]
#: Share of the field's range, over all points.
LARGEST, MEAN = 1e-3, 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_field_in_single_precision_is_that_of_plain_double_precision(name):
    model = ModelRegistry(make.MODELS).load(name)
    molecule = read_smiles("NCC(=O)O", 100)
    n_points = 1000 if model.family == "schnet" else 300
    reach = molecule.positions.min(0) - 3.0, molecule.positions.max(0) + 3.0
    points = np.random.default_rng(0).uniform(*reach, (n_points, 3))
    batch = make.Batch.of([molecule])
    plain = sum(
        share * plain_probe(member.double, batch, points, list(range(len(model.elements))))
        for share, member in zip(model._signs * model.ensemble.weights, model._members, strict=True)
    )
    found = model.probe(batch, points, model.elements).values
    errors = found.astype(np.float64) - plain
    span = np.ptp(plain, axis=1)
    assert found.dtype == np.float32
    assert (np.abs(errors).max(1) < LARGEST * span).all()
    assert (np.abs(errors).mean(1) < MEAN * span).all()
