"""The same weights in SchNetPack's SchNet and in ours give the same energies, contributions, forces and dipoles."""

import numpy as np
import pytest
import torch

from atomlens.networks.charges import dipole_vectors, neutralized
from atomlens.networks.model import SchNetMember
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet, SchNetSettings
from atomlens.units import E_ANGSTROM_DEBYE

ELEMENTS = (1, 6, 7, 8)
#: Where each of our layers stands in SchNetPack's interaction.
LAYERS = {
    "filter_first": "filter_network.0",
    "filter_second": "filter_network.1",
    "inward": "in2f",
    "first": "f2out.0",
    "second": "f2out.1",
}
#: The filters here go through a table: with so many intervals its error is below 1e-6 of the largest force.
FINE = 2048


def ours(weights: dict[str, np.ndarray], intervals: int) -> SchNetMember:
    """Our network with SchNetPack's weights."""
    features = weights["representation.embedding.weight"].shape[1]
    gaussians = len(weights["representation.radial_basis.offsets"])
    settings = SchNetSettings(features, interactions=3, gaussians=gaussians, cutoff=5.0, intervals=intervals)
    tensors = {"embedding": weights["representation.embedding.weight"][list(ELEMENTS)]}
    for k in range(3):
        for name, theirs in LAYERS.items():
            for part in ("weight", "bias"):
                key = f"representation.interactions.{k}.{theirs}.{part}"
                if (name, part) != ("inward", "bias"):
                    tensors[f"interactions.{k}.{name}.{part}"] = weights[key]
    for name, place in (("out_first", 0), ("out_second", 1)):
        for part in ("weight", "bias"):
            tensors[f"{name}.{part}"] = weights[f"output_modules.0.outnet.{place}.{part}"]
    network = SchNet(settings, ELEMENTS)
    network.load_state_dict({key: torch.from_numpy(value) for key, value in tensors.items()})
    return SchNetMember(network)


def energies(member: SchNetMember, batch: Batch) -> dict[str, np.ndarray]:
    with torch.no_grad():
        atoms = member.raw(batch)[0].numpy()
    return {
        "total": np.add.reduceat(atoms, batch.offsets[:-1]),
        "atoms": atoms,
        "forces": -member.with_gradient(batch)[1],
    }


def largest_deviation(found: np.ndarray, reference: np.ndarray) -> float:
    """As a share of the largest value."""
    return float(np.abs(found - reference).max() / np.abs(reference).max())


def test_schnetpack_has_a_bias_where_we_have_one_and_none_where_we_have_none(schnetpack):
    weights = schnetpack["same"].weights()
    assert "representation.interactions.0.in2f.bias" not in weights
    assert "representation.interactions.0.filter_network.1.bias" in weights


@pytest.mark.parametrize("quantity", ["total", "atoms", "forces"])
def test_energies_contributions_and_forces_are_those_of_schnetpack(schnetpack, batch, quantity):
    reference = schnetpack["same"]
    found = energies(ours(reference.weights(), FINE), batch)[quantity]
    assert found.shape == reference.arrays[quantity].shape
    wanted = reference.arrays[quantity]
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6 * np.abs(wanted).max())


def test_the_table_of_usual_size_costs_energies_nothing_and_forces_little(schnetpack, batch):
    reference = schnetpack["same"]
    found = energies(ours(reference.weights(), SchNetSettings().intervals), batch)
    for quantity, tolerance in (("total", 1e-5), ("atoms", 1e-5), ("forces", 3e-4)):
        assert largest_deviation(found[quantity], reference.arrays[quantity]) < tolerance


def test_charges_and_dipole_moments_are_those_of_schnetpack(schnetpack, batch):
    reference = schnetpack["same-dipole"]
    with torch.no_grad():
        raw = ours(reference.weights(), FINE).raw(batch)[0].numpy()
    # SchNetPack's moment is in its unit of charge times Å
    charges = neutralized(raw[None], batch)
    np.testing.assert_allclose(charges[0], reference.arrays["atoms"], rtol=1e-5, atol=1e-7)
    moments = np.add.reduceat(charges[0][:, None] * batch.positions, batch.offsets[:-1])
    np.testing.assert_allclose(moments, reference.arrays["total"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        dipole_vectors(charges, batch)[0], reference.arrays["total"] * E_ANGSTROM_DEBYE, rtol=1e-5, atol=1e-6
    )


def test_the_table_converges_with_the_fourth_power(schnetpack, batch):
    reference = schnetpack["same"]
    coarse, fine = (
        largest_deviation(energies(ours(reference.weights(), n), batch)["atoms"], reference.arrays["atoms"])
        for n in (64, 128)
    )
    assert fine < coarse / 10
