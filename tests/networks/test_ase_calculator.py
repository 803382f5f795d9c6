"""The ASE calculator gives what the model gives; energies and forces belong together."""

import numpy as np
import pytest
from ase import Atoms

from atomlens.chem.read import read_molecule
from atomlens.errors import InputError
from atomlens.networks.ase_calculator import ModelCalculator
from atomlens.networks.protocol import Batch

NAMES = ("qm9-bp-energy", "qm9-schnet-energy")


@pytest.fixture(scope="module")
def ethanol():
    return read_molecule("CCO", "smiles")


@pytest.mark.parametrize("name", NAMES)
def test_energy_contributions_and_forces_are_the_models(registry, ethanol, name):
    model, batch = registry.load(name), Batch.of([ethanol])
    atoms = Atoms(ethanol.numbers, ethanol.positions, calculator=ModelCalculator(model))
    mean = model.outputs(batch).mean
    assert atoms.get_potential_energy() == pytest.approx(
        (mean + model.reference_energies[batch.numbers]).sum(), abs=1e-9
    )
    np.testing.assert_allclose(atoms.calc.contributions, mean, atol=1e-11)
    np.testing.assert_allclose(atoms.get_forces(), model.forces(batch), atol=1e-12)
    assert atoms.get_potential_energies().sum() == pytest.approx(atoms.get_potential_energy())


@pytest.mark.parametrize("name", NAMES)
def test_every_force_is_the_slope_of_the_energy(registry, ethanol, name):
    atoms = Atoms(ethanol.numbers, ethanol.positions, calculator=ModelCalculator(registry.load(name)))
    forces, step = atoms.get_forces(), 1e-4
    numeric = np.zeros_like(forces)
    for index in np.ndindex(*forces.shape):
        energies = []
        for sign in (1, -1):
            moved = atoms.copy()
            moved.calc = atoms.calc
            moved.positions[index] += sign * step
            energies.append(moved.get_potential_energy())
        numeric[index] = -(energies[0] - energies[1]) / (2 * step)
    np.testing.assert_allclose(forces, numeric, rtol=1e-4, atol=1e-5)


def test_the_gradient_of_symmetry_functions_is_that_of_their_plain_form(registry, ethanol):
    import torch

    functions = registry.load("qm9-bp-energy")._members[0].double.settings.functions
    slopes = np.random.default_rng(0).normal(size=(len(ethanol), len(functions)))
    # one on a line with two others, and one beyond every cutoff: 0 and 180 degrees, and no neighbours
    positions = np.concatenate([ethanol.positions[:-3], [[30.0, 0, 0], [31.0, 0, 0], [32.2, 0, 0]]])
    there = torch.tensor(positions, requires_grad=True)
    plain = functions.reference(torch.tensor(ethanol.numbers), there)
    (wanted,) = torch.autograd.grad((plain * torch.from_numpy(slopes)).sum(), there)
    np.testing.assert_allclose(functions.gradient(ethanol.numbers, positions, slopes), wanted.numpy(), atol=1e-9)


def test_a_dipole_model_is_refused(registry, ethanol):
    atoms = Atoms(ethanol.numbers, ethanol.positions, calculator=ModelCalculator(registry.load("qm9-schnet-dipole")))
    with pytest.raises(InputError) as caught:
        atoms.get_forces()
    assert caught.value.code == "no_forces"
