"""Rings ranked by stability: what a model gives an atom of the ring, on average.

Of each ring of `chem.rings` whose elements a model knows, the mean over the ring's own atoms (hydrogens are none) of
the contribution e_i, against the reference energies, and of E_i − E_atom, against free atoms, where the model has
those. The lower, the more stable the model takes the ring to be. Reference energies have a zero of each element's
own, so that the second ranks where there is one; elements differ there too: compare rings of like atoms. Everything is
computed: on the force-field conformer that a SMILES gets, and on the geometry of the model's data set where its atlas
holds the molecule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from atomlens.chem.elements import NUMBERS
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.rings import RINGS, ring_atoms
from atomlens.chem.smiles import read_smiles
from atomlens.errors import InputError
from atomlens.networks.atlas import Atlas
from atomlens.networks.protocol import AtomicModel, Batch


def rank_rings(model: AtomicModel, free_atoms: dict[str, float] | None, atlas: Atlas | None) -> list[dict[str, Any]]:
    """The rings, the most stable first (docs/http.md, Rings); energies in eV a ring atom.

    free_atoms: energies by symbol, eV, or None. Raises `InputError` for a dipole model and one of crystals.
    """
    if model.quantity != "energy":
        raise InputError(f"{model.name} predicts dipole moments: stability is of energies.", code="energies_only")
    if model.periodic:
        raise InputError(f"{model.name} is a model of crystals: rings are of molecules.", code="crystal", field="model")
    rows = []
    for name, smiles in RINGS.items():
        conformer = read_smiles(smiles, max_atoms=100)
        if set(conformer.numbers.tolist()) <= set(model.elements):
            rows.append(_row(model, free_atoms, name, conformer, atlas))
    return sorted(rows, key=lambda row: row["contribution" if free_atoms is None else "versus_free_atoms"])


def _row(
    model: AtomicModel, free_atoms: dict[str, float] | None, name: str, conformer: Molecule, atlas: Atlas | None
) -> dict[str, Any]:
    kept = atlas.meta["rings"].get(name) if atlas is not None else None
    geometries = [conformer]
    if atlas is not None and kept is not None:
        geometries.append(_of_the_data(atlas, kept))
    values = [_mean(model, free_atoms, molecule) for molecule in geometries]
    # a minimum of the level that the model learned says more than a force field's geometry
    (plain, plain_atomization), (contribution, atomization) = values[0], values[-1]
    return {
        "name": name,
        "smiles": conformer.smiles,
        "atoms": len(ring_atoms(conformer)),
        "geometry": geometries[-1].geometry.method,
        "contribution": contribution,
        "versus_free_atoms": atomization,
        "force_field": {
            "method": conformer.geometry.method,
            "contribution": plain,
            "versus_free_atoms": plain_atomization,
        },
    }


def _mean(model: AtomicModel, free_atoms: dict[str, float] | None, molecule: Molecule) -> tuple[float, float | None]:
    batch = Batch.of([molecule])
    ring = ring_atoms(molecule)
    contributions = model.outputs(batch).mean[ring]
    if free_atoms is None:
        return float(contributions.mean()), None
    free = np.array([free_atoms[molecule.symbols[atom]] for atom in ring])
    whole = contributions + model.reference_energies[batch.numbers[ring]]
    return float(contributions.mean()), float((whole - free).mean())


def _of_the_data(atlas: Atlas, kept: int) -> Molecule:
    found = atlas.molecule(kept)
    return Molecule(
        numbers=np.array([NUMBERS[symbol] for symbol in found["symbols"]], dtype=np.int64),
        positions=np.array(found["positions"]),
        bonds=tuple((i, j, order) for i, j, order in found["bonds"]),
        smiles=found["smiles"],
        geometry=Geometry("file", f"{atlas.meta['data']} {found['id']}"),
    )
