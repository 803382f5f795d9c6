"""What a network of crystals must hold: the answer is that of the infinite crystal, however its cell is chosen."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, make_supercell
from ase.neighborlist import neighbor_list
from scipy.spatial.transform import Rotation

from atomlens.errors import InputError
from atomlens.networks import environments
from atomlens.networks.checkpoint import load, save
from atomlens.networks.convolution import MoleculePairs, convolve, convolve_reference
from atomlens.networks.protocol import Batch, Mixture
from tiny import tiny_card, tiny_network

CUTOFF = 5.0


def crystal(seed: int, n: int = 5) -> Atoms:
    """Some atoms of H, C, N, O in a small skewed cell, so that most neighbours are images, some of the atom itself."""
    rng = np.random.default_rng(seed)
    cell = np.diag(rng.uniform(2.5, 4.5, 3)) + rng.uniform(-0.8, 0.8, (3, 3))
    return Atoms(rng.choice([1, 6, 7, 8], n), scaled_positions=rng.uniform(-1, 2, (n, 3)), cell=cell, pbc=True)


def batch_of(*crystals: Atoms) -> Batch:
    return Batch(
        np.concatenate([atoms.numbers for atoms in crystals]),
        np.concatenate([atoms.positions for atoms in crystals]),
        np.concatenate([[0], np.cumsum([len(atoms) for atoms in crystals])]),
        np.zeros(len(crystals), int),
        np.stack([atoms.cell.array for atoms in crystals]),
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crystals")
    networks = [tiny_network("schnet", seed) for seed in range(2)]
    save(folder, {**tiny_card("schnet", "energy", networks), "periodic": True}, networks, {})
    return load(folder)


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_those_of_ase_each_once(seed):
    atoms, fcc = crystal(seed), bulk("Cu", a=3.6)
    pairs = MoleculePairs.of(batch_of(atoms, fcc), CUTOFF)
    ours = sorted(zip(pairs.centres, pairs.neighbours, pairs.distances.round(8), strict=True))
    theirs = []
    for first, each in ((0, atoms), (len(atoms), fcc)):
        i, j, d = neighbor_list("ijd", each, CUTOFF)
        own = np.flatnonzero(i == j)
        # ase has every pair in both directions
        theirs += [(a + first, b + first, r) for a, b, r in zip(i, j, d.round(8), strict=True) if a < b]
        theirs += [(a + first, a + first, r) for a, r in sorted(zip(i[own], d[own].round(8), strict=True))[::2]]
    assert ours == sorted(theirs)
    assert (pairs.centres == pairs.neighbours).any()


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
@pytest.mark.parametrize("n_features", [3, 32])
def test_the_fused_convolution_adds_up_images_of_the_atom_itself(n_features, dtype, tolerance):
    pairs = MoleculePairs.of(batch_of(bulk("Cu", a=3.6), crystal(3), bulk("Po", "sc", a=3.3)), CUTOFF)
    generator = torch.Generator().manual_seed(n_features)
    drawn = [torch.randn((n, n_features), dtype=dtype, generator=generator) for n in (7, 67, 7)]
    results = []
    for function, kind in ((convolve, dtype), (convolve_reference, torch.float64)):
        features, table = (values.to(kind).requires_grad_() for values in drawn[:2])
        out = function(features, table, torch.from_numpy(pairs.distances), pairs, CUTOFF)
        slopes = torch.autograd.grad((out * drawn[2].to(kind)).sum(), (features, table))
        results.append((out, *slopes))
    for fused, plain in zip(*results, strict=True):
        assert (fused.double() - plain).abs().max() <= tolerance * plain.abs().max()


@pytest.mark.parametrize("seed", range(3))
def test_a_supercell_of_eight_cells_has_eight_times_the_energy(model, seed):
    atoms = crystal(seed)
    one, eight = model.outputs(batch_of(atoms)).outputs, model.outputs(batch_of(atoms.repeat((2, 2, 2)))).outputs
    np.testing.assert_allclose(eight, np.tile(one, 8), rtol=1e-9, atol=1e-10)


def test_another_choice_of_lattice_vectors_changes_nothing(model):
    atoms = crystal(4)
    other = make_supercell(atoms, [[1, 1, 0], [0, 1, 0], [-1, 2, 1]])
    np.testing.assert_allclose(
        model.outputs(batch_of(other)).outputs, model.outputs(batch_of(atoms)).outputs, rtol=1e-9, atol=1e-10
    )


@pytest.mark.parametrize("seed", range(3))
def test_lattice_translations_rotation_and_permutation_change_nothing(model, seed):
    atoms, rng = crystal(seed), np.random.default_rng(seed)
    turn, order = Rotation.random(random_state=rng).as_matrix(), rng.permutation(len(atoms))
    shifted = atoms.positions + rng.integers(-3, 4, (len(atoms), 3)) @ atoms.cell.array + rng.uniform(-5, 5, 3)
    moved = Atoms(atoms.numbers[order], shifted[order] @ turn.T, cell=atoms.cell.array @ turn.T, pbc=True)
    np.testing.assert_allclose(
        model.outputs(batch_of(moved)).outputs,
        model.outputs(batch_of(atoms)).outputs[:, order],
        rtol=1e-9,
        atol=1e-10,
    )


def test_a_batch_of_crystals_gives_what_each_gives_alone(model):
    parts = [crystal(seed, n) for seed, n in enumerate((4, 1, 7))]
    alone = np.concatenate([model.outputs(batch_of(part)).outputs for part in parts], axis=1)
    whole = batch_of(*parts)
    np.testing.assert_allclose(model.outputs(whole).outputs, alone, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        model.outputs(whole.select([2, 0])).outputs, alone[:, [5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3]]
    )


def test_in_a_wide_cell_a_crystal_is_the_molecule_alone(model, registry):
    atoms = crystal(6)
    lonely = Atoms(atoms.numbers, atoms.positions, cell=np.eye(3) * 60.0, pbc=True)
    alone = Batch(atoms.numbers, atoms.positions, np.array([0, 5]), np.zeros(1, int))
    np.testing.assert_allclose(
        model.outputs(batch_of(lonely)).outputs, registry.load("qm9-schnet-energy").outputs(alone).outputs, rtol=1e-10
    )


def test_molecules_and_crystals_are_told_apart(model, registry):
    batch = batch_of(crystal(0))
    alone = Batch(batch.numbers, batch.positions, batch.offsets, batch.charges)
    with pytest.raises(InputError, match="no cell"):
        model.outputs(alone)
    with pytest.raises(InputError, match="is a crystal"):
        registry.load("qm9-schnet-energy").outputs(batch)
    mixture = Mixture(batch, batch.numbers, np.zeros(5), np.ones(5))
    for ask in (
        lambda: model.forces(batch),
        lambda: model.pair_sensitivities(batch),
        lambda: model.mixed(mixture),
        lambda: model.probe(batch, np.zeros((1, 3)), [1]),
    ):
        with pytest.raises(InputError, match="contributions alone"):
            ask()
    with pytest.raises(ValueError, match="one batch"):
        batch.followed_by(alone)


def test_an_element_with_too_few_atoms_has_no_statistics_and_the_others_have():
    numbers, held = np.array([1] * 30 + [6]), np.array([1] * 10 + [8])
    rng = np.random.default_rng(0)
    arrays = environments.fit(numbers, rng.normal(size=(31, 4)), held, rng.normal(size=(11, 4)))
    assert environments.elements(arrays) == {1}
    found = environments.distances(arrays, np.array([1, 6, 8]), np.zeros((3, 4)))
    assert np.isfinite(found).tolist() == [True, False, False]
