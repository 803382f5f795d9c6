"""Behler's symmetry functions by DScribe.

    python dscribe_acsf.py TASK.json OUT.npz

TASK.json: ``molecules`` (numbers, positions in Å), ``cutoff`` (Å), ``species`` (atomic numbers), ``g2``, rows
(η, R_s), and ``g4``, rows (η, ζ, λ). OUT.npz gets, for all atoms of all molecules one after another, ``g2``
(n_atoms, n_species, n_g2) by the neighbour's species, and ``g4`` (n_atoms, n_pairs, n_g4) by unordered pairs of
species, listed in ``pairs`` (n_pairs, 2).
"""

import json
import sys
from pathlib import Path

import numpy as np
from ase import Atoms
from dscribe.descriptors import ACSF


def main(source: Path, target: Path) -> None:
    """One file in, one file out."""
    task = json.loads(source.read_text())
    species, g2, g4 = sorted(task["species"]), task["g2"], task["g4"]
    functions = ACSF(r_cut=task["cutoff"], g2_params=g2, g4_params=g4, species=species)
    found = np.concatenate([functions.create(Atoms(m["numbers"], m["positions"])) for m in task["molecules"]])
    # for every species G1 (the cutoff functions' sum), then G2; after all of them, for every pair of species G4
    n, per = len(species), 1 + len(g2)
    radial = found[:, : n * per].reshape(len(found), n, per)[:, :, 1:]
    pairs = [(species[a], species[b]) for a in range(n) for b in range(a + 1)]
    angular = found[:, n * per :].reshape(len(found), len(pairs), len(g4))
    np.savez(target, g2=radial, g4=angular, pairs=np.array(pairs))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
