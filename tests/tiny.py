"""Small untrained checkpoints of every family and quantity, quick to load: for tests of everything around."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from atomlens.chem.elements import NUMBERS
from atomlens.chem.smiles import read_smiles
from atomlens.networks import environments
from atomlens.networks.behler_parrinello import BehlerParrinello, BehlerParrinelloSettings
from atomlens.networks.checkpoint import load, replace_environments, save
from atomlens.networks.protocol import Batch
from atomlens.networks.schnet import SchNet, SchNetSettings
from atomlens.networks.wacsf import SymmetryFunctions
from atomlens.training.sources import Sample, Source

ELEMENTS = (1, 6, 7, 8)


def tiny_network(family: str, seed: int = 0, elements: tuple[int, ...] = ELEMENTS) -> SchNet | BehlerParrinello:
    """A small network with random weights."""
    torch.manual_seed(seed)
    if family == "schnet":
        return SchNet(SchNetSettings(features=16, interactions=2, gaussians=20), elements)
    functions = SymmetryFunctions.spaced(cutoff=5.0, radial=8, shells=2)
    network = BehlerParrinello(BehlerParrinelloSettings(functions, 16), elements)
    network.mean[:] = 1.0
    network.scale[:] = 0.2
    return network


def tiny_models_dir(folder: Path, members: int = 1) -> Path:
    """Write qm9-{bp,schnet}-{energy,dipole} under `folder` and return it."""
    for family in ("bp", "schnet"):
        for quantity in ("energy", "dipole"):
            networks = [tiny_network(family, seed) for seed in range(members)]
            save(folder / f"qm9-{family}-{quantity}", tiny_card(family, quantity, networks), networks, {})
    return folder


def tiny_card(family: str, quantity: str, networks: list[SchNet | BehlerParrinello]) -> dict[str, object]:
    """A complete card."""
    references = dict(zip(("H", "C", "N", "O"), np.array([-16.7, -1036.2, -1489.9, -2047.1]), strict=True))
    energy = quantity == "energy"
    return {
        "name": f"qm9-{family}-{quantity}",
        "title": f"{family}, {quantity}, untrained",
        "family": family,
        "property": quantity,
        "unit": "eV" if energy else "debye",
        "contribution_unit": "eV" if energy else "e",
        "elements": ["H", "C", "N", "O"],
        "cutoff": networks[0].cutoff,
        "reference_energies": references if energy else None,
        "free_atom_energies": {"H": -13.6, "C": -1029.9, "N": -1485.3, "O": -2042.6} if energy else None,
        "members": [{"network": network.settings.to_dict(), "seed": k} for k, network in enumerate(networks)],
        "trained": {"atoms_max": 29, "heavy_atoms_max": 9},
        "test": {"mae": 1.0, "unit": "kcal/mol" if energy else "debye", "n": 5000},
        "description": "Random weights.",
        "limits": ["Untrained."],
    }


def tiny_organic(folder: Path) -> Path:
    """Write organic-{bp,schnet}-{energy,dipole}, which know S and Cl too and err more than untrained families
    contradict each other, under `folder` and return it."""
    elements = ("H", "C", "N", "O", "S", "Cl")
    for family in ("bp", "schnet"):
        for quantity in ("energy", "dipole"):
            networks = [tiny_network(family, 5, tuple(NUMBERS[e] for e in elements))]
            card = tiny_card(family, quantity, networks)
            changes = {"name": f"organic-{family}-{quantity}", "elements": list(elements)}
            changes["test"] = {**card["test"], "mae": 1e6, "displaced": {"force_mae": 2.0}}
            if quantity == "energy":
                changes["reference_energies"] = {**card["reference_energies"], "S": -10800.0, "Cl": -12500.0}
            save(folder / changes["name"], {**card, **changes}, networks, {})
    return folder


def tiny_materials(folder: Path) -> Path:
    """Write materials-salts, a model of crystals of some elements and of water's, under `folder` and return it."""
    torch.manual_seed(0)
    elements = ("H", "O", "Na", "Mg", "Cl", "K")
    settings = SchNetSettings(features=16, interactions=2, gaussians=20)
    networks: list[SchNet | BehlerParrinello] = [
        SchNet(settings, tuple(NUMBERS[e] for e in elements)) for _ in range(2)
    ]
    counts = dict.fromkeys(elements, 200) | {"K": 20}
    changes = {
        "name": "materials-salts",
        "title": "SchNet, formation energy, salts",
        "periodic": True,
        "elements": list(elements),
        "reference_energies": dict.fromkeys(elements, -1.0),
        "free_atom_energies": None,
        "test": {"mae": 0.05, "unit": "eV/atom", "n": 100},
        "data": {"name": "salts", "structures_of_element": counts},
    }
    save(folder / "materials-salts", {**tiny_card("schnet", "energy", networks), **changes}, networks, {})
    return folder


#: Of which `tiny_source` is made; the third is benzene.
SMILES = ("CCO", "CC(N)=O", "c1ccccc1", "CC(=O)OC", "C#CC=C", "CN(C)C", "CC#N", "OCC=O")


def tiny_source() -> Source:
    """A data set of a few molecules, trained and tested on the same."""
    molecules = [read_smiles(smiles, 100) for smiles in SMILES]
    ids = tuple(f"tiny_{m}" for m in range(len(molecules)))
    # of the second none is known, as it is of some molecules of QM9
    smiles = tuple("" if m == 1 else molecule.smiles for m, molecule in enumerate(molecules))
    sample = Sample(Batch.of(molecules), ids, smiles, lambda m: molecules[m].bonds)
    return Source("tiny", "CC0", sample, sample)


def with_statistics(folder: Path) -> None:
    """Give the model in `folder` statistics of the environments in `tiny_source`; its hash changes."""
    batch = tiny_source().train.batch
    found = load(folder).outputs(batch).representation
    replace_environments(folder, environments.fit(batch.numbers, found, batch.numbers, found))
