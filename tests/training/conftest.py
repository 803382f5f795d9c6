from collections.abc import Iterator
from pathlib import Path

import numba
import numpy as np
import pytest
import torch

RECIPE = """
name = "toy-{family}-{quantity}"
title = "toy"
quantity = "{quantity}"
[data]
folder = "data"
[network]
family = "{family}"
{network}
[fit]
batch = 8
epochs = 40
learning_rate = 1e-2
warmup = 5
schedule = "{schedule}"
average = 0.95
{free}
"""
NETWORKS = {
    "schnet": "features = 16\ninteractions = 2\ngaussians = 16",
    "bp": "cutoff = 5.0\nradial = 6\nshells = 2\nhidden = 16",
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Toy networks gain nothing from threads, which wait for one another where other processes run."""
    threads = torch.get_num_threads(), numba.get_num_threads()
    torch.set_num_threads(1)
    numba.set_num_threads(1)
    yield
    torch.set_num_threads(threads[0])
    numba.set_num_threads(threads[1])


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory) -> Path:
    """Sixty random chains with a pairwise energy and the dipole of fixed charges, in QM9's file layout."""
    rng, signs = np.random.default_rng(0), np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("recipes")
    charge = {1: 0.2, 6: -0.1, 8: -0.4}
    sizes = rng.integers(3, 7, 60)
    numbers, positions, energies, dipoles, vectors, components = [], [], [], [], [], []
    for n in sizes:
        z = rng.choice([1, 6, 8], n)
        steps = rng.normal(0, 0.2, (n, 3)) + np.array([1.3, 0, 0])
        r = np.cumsum(steps, axis=0)
        d = np.linalg.norm(r[:, None] - r[None], axis=-1)[np.triu_indices(n, 1)]
        q = np.array([charge[int(k)] for k in z])
        mu = (q - q.mean()) @ r * 4.8032
        # QM9's vectors stand along the principal axes of the nuclear charge, in directions that are not kept
        x = r - (z[:, None] * r).sum(0) / z.sum()
        axes = np.linalg.eigh(np.einsum("n,ni,nj->ij", z.astype(float), x, x))[1][:, ::-1]
        components.append((mu @ axes) * signs.choice([-1.0, 1.0], 3))
        numbers.append(z), positions.append(r), vectors.append(mu / 4.8032 / 0.529177)
        energies.append(-0.05 * np.exp(-d).sum() - 0.5 * n), dipoles.append(np.linalg.norm(mu))
    ids = np.arange(1, 61)
    (folder / "data").mkdir()
    np.savez(
        folder / "data" / "qm9.npz",
        ids=ids,
        n_atoms=sizes,
        numbers=np.concatenate(numbers).astype(np.uint8),
        positions=np.concatenate(positions).astype(np.float32),
        energy_b3lyp=np.array(energies),
        g4mp2_atomization_0K=np.array(energies) + 0.01 * sizes,
        dipole_b3lyp_debye=np.array(dipoles),
        dipole_vector_standard_orientation_debye=np.array(components),
        smiles_derived=np.array(["CO"] * 60),
    )
    np.savez(folder / "data" / "qm9_split.npz", train=ids[:40], validation=ids[40:50], test=ids[50:])
    whole = np.concatenate(numbers)
    charges = np.array([charge[int(z)] for z in whole])
    mulliken = charges - np.repeat(np.add.reduceat(charges, np.cumsum(sizes) - sizes) / sizes, sizes)
    np.savez(
        folder / "data" / "qm9_mp2_10k.npz",
        ids=ids,
        n_atoms=sizes,
        dipole_mp2_au=np.array(vectors),
        mulliken_mp2=mulliken,
    )
    return folder


@pytest.fixture
def write_recipe(toy_data):
    def write(family: str, quantity: str, schedule: str = "cosine") -> Path:
        path = toy_data / f"{family}-{quantity}-{schedule}.toml"
        free = "free_atoms = 1e-4" if quantity == "energy" else ""
        text = RECIPE.format(family=family, quantity=quantity, schedule=schedule, network=NETWORKS[family], free=free)
        path.write_text(text)
        return path

    return write
