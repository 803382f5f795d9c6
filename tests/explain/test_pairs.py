"""How much a model leans on a pair: against finite differences of the plain networks."""

import numpy as np
import pytest
import torch
from molecules import METHANOL, WATER, moved

from atomlens.chem.smiles import read_smiles
from atomlens.errors import InputError
from atomlens.explain.pairs import sensitivities
from atomlens.networks.convolution import MoleculePairs, convolve_reference
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import species_index

ENERGIES = ["qm9-bp-energy", "qm9-schnet-energy"]
STEP = 1e-4


def energy(network, molecule, i, j, scale):
    """Σ raw with the cutoff function of one pair scaled, through plain torch."""
    numbers, positions = molecule.numbers.copy(), molecule.positions.copy()
    species = species_index(numbers, network.elements)
    if hasattr(network, "settings") and hasattr(network.settings, "functions"):
        features = scaled_functions(network.settings.functions, torch.from_numpy(numbers), positions, (i, j), scale)
        return float(network(species, network.standardized(species, features)).sum())
    pairs = MoleculePairs.within(positions, np.array([0, len(numbers)]), network.cutoff)
    which = ((pairs.centres == min(i, j)) & (pairs.neighbours == max(i, j))).astype(float)
    scales = torch.from_numpy(1.0 + (scale - 1.0) * which)
    x = network.embedding[species]
    for layer, table in zip(network.layers, network.tables(), strict=True):
        distances = torch.from_numpy(pairs.distances)
        x = layer.update(x, convolve_reference(layer.inward(x), table, distances, pairs, network.cutoff, scales))
    return float(network.output(x).sum())


def scaled_functions(functions, numbers, positions, pair, scale):
    """The sums of the definition, term by term."""
    n, d = len(numbers), np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    scales = np.ones((n, n))
    scales[pair[0], pair[1]] = scales[pair[1], pair[0]] = scale
    f_c = 0.5 * (np.cos(np.pi * d / functions.cutoff) + 1.0) * (d < functions.cutoff) * scales
    z = numbers.numpy()
    rows = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        row = [
            sum(z[j] * np.exp(-eta * (d[i, j] - mu) ** 2) * f_c[i, j] for j in others) for eta, mu in functions.radial
        ]
        for zeta, sign in functions.powers:
            for eta, mu in functions.shells:
                total = 0.0
                for j in others:
                    for k in others:
                        if k >= j:
                            continue
                        a, b = positions[j] - positions[i], positions[k] - positions[i]
                        angle = (1.0 + sign * (a @ b) / (d[i, j] * d[i, k])) ** zeta
                        gaussians = np.exp(-eta * sum((x - mu) ** 2 for x in (d[i, j], d[i, k], d[j, k])))
                        total += z[j] * z[k] * angle * gaussians * f_c[i, j] * f_c[i, k] * f_c[j, k]
                row.append(2.0 ** (1.0 - zeta) * total)
        rows.append(row)
    return torch.from_numpy(np.array(rows))


@pytest.mark.parametrize("name", ENERGIES)
def test_a_pair_is_the_slope_of_the_energy_by_its_cutoff_function(registry, name):
    model = registry.load(name)
    found = sensitivities(model, METHANOL)
    assert len(found.values) == 15
    for place in (0, 4, 9, 14):
        i, j = found.atoms[place]
        with torch.no_grad():
            members = [
                (energy(m.double, METHANOL, i, j, 1 + STEP) - energy(m.double, METHANOL, i, j, 1 - STEP)) / (2 * STEP)
                for m in model._members
            ]
        assert found.values[place] == pytest.approx(model.ensemble.weights @ members, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("name", ENERGIES)
def test_pairs_stand_nearest_first_and_end_at_the_cutoff(registry, name):
    model, molecule = registry.load(name), read_smiles("CCCCCCCC", 100)
    found = sensitivities(model, molecule)
    assert (np.diff(found.distances) >= 0).all()
    assert found.distances[-1] < model.cutoff
    far = np.linalg.norm(molecule.positions[:, None] - molecule.positions[None], axis=-1) < model.cutoff
    assert len(found.values) == (far.sum() - len(molecule)) // 2
    assert found.bonded.sum() == len(molecule.bonds)
    assert found.bonded[: len(molecule.bonds)].all(), "bonds are the shortest distances of an alkane"


@pytest.mark.parametrize("name", ENERGIES)
def test_turning_the_molecule_changes_nothing(registry, name):
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    model = registry.load(name)
    matrix = model.pair_sensitivities(Batch.of([METHANOL]))
    turned = model.pair_sensitivities(Batch.of([moved(METHANOL, METHANOL.positions @ turn + 3.0)]))
    np.testing.assert_allclose(turned, matrix, atol=1e-10)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.diag(matrix), 0.0)


@pytest.mark.parametrize("name", ENERGIES)
def test_an_atom_alone_has_no_pairs(registry, name):
    assert len(sensitivities(registry.load(name), moved(WATER, np.zeros((1, 3)), numbers=np.array([8]))).values) == 0


def test_a_dipole_model_has_none(registry):
    with pytest.raises(InputError, match="of energies"):
        sensitivities(registry.load("qm9-bp-dipole"), WATER)
