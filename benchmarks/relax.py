"""How an energy model relaxes molecules: convergence, distance from the xTB minimum, what becomes of the energies.

    OMP_NUM_THREADS=1 .venv/bin/python benchmarks/relax.py MODEL [--set qm9] [--molecules 200] [--optimizers 12]

Test molecules of QM9, or of the OpenFF set (--set openff: held out, with sulfur, phosphorus and halogens, and larger),
from their SMILES: the program's own conformer (ETKDGv3, MMFF94) is relaxed with the model and, for comparison, with
GFN2-xTB (tblite, extra `labels`). Printed are the share that converges, why others do not, the RMSD between both minima
(all atoms, aligned, equivalent atoms in the best order), what the model's minimum costs above the other by xTB, how
many have an aromatic ring bent out of its plane there, seconds a molecule, and, of models of QM9's energy, the mean
absolute error against the energy that QM9 has for this constitution, predicted at four geometries. --data FOLDER: of
the data sets. --optimizers N compares ASE's optimizers on N of the molecules, for the model and for xTB.
"""

from __future__ import annotations

import argparse
import collections
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import torch
from ase import Atoms, optimize
from ase.optimize.precon import PreconLBFGS
from rdkit import Chem
from rdkit.Chem import rdMolAlign
from tblite.ase import TBLite

from atomlens.chem.connections import ring_torsions
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.errors import AtomlensError, UnsupportedMolecule
from atomlens.explain.prediction import explain
from atomlens.explain.relaxation import FMAX, LONGEST_STEP, STEPS, descend, relax
from atomlens.explain.stiffness import ALONE, ModelHessian
from atomlens.networks.ase_calculator import ModelCalculator
from atomlens.networks.grades import BENT_DEGREES
from atomlens.networks.protocol import AtomicModel
from atomlens.networks.registry import ModelRegistry
from atomlens.training.datasets import TEST
from atomlens.training.openff import read_conformers
from atomlens.training.qm9 import read_qm9, read_smiles
from atomlens.units import EV_KCAL_PER_MOL

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
#: Orders of equivalent atoms that are tried for the RMSD.
ORDERS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--set", choices=("qm9", "openff"), default="qm9")
    parser.add_argument("--molecules", type=int, default=200)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--optimizers", type=int, metavar="N", default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # a step is too small to be shared
    numba.set_num_threads(1)
    model = ModelRegistry(ROOT / "models").load(arguments.model)
    count = max(arguments.molecules, arguments.optimizers)
    cases = (test_molecules if arguments.set == "qm9" else held_out)(arguments.data, count)
    if arguments.optimizers:
        compare_optimizers(model, [start for start, _, _ in cases[: arguments.optimizers]])
        return
    measure(model, cases)


def test_molecules(folder: Path, count: int) -> list[tuple[Molecule, Molecule, float]]:
    """Conformer of the program, geometry of QM9, and energy of QM9 in eV."""
    test = read_qm9(folder, "energy").test
    smiles = read_smiles(folder, test.ids)
    found: list[tuple[Molecule, Molecule, float]] = []
    refused = 0
    for index in np.random.default_rng(SEED).permutation(len(test)):
        if len(found) == count:
            break
        if not smiles[index]:
            continue
        try:
            start = read_molecule(smiles[index], "smiles")
        except AtomlensError:
            refused += 1
            continue
        one = test.batch.select([int(index)])
        found.append((start, Molecule(one.numbers, one.positions), float(test.targets[index])))
    print(f"{len(found)} test molecules of QM9 from SMILES; {refused} more were refused (no geometry, charges)")
    return found


def held_out(folder: Path, count: int) -> list[tuple[Molecule, Molecule, float]]:
    """The same of test molecules of the organic set; their energy at a geometry of their own is not asked for."""
    conformers = read_conformers(folder)
    test = np.unique(conformers.molecule[conformers.split == TEST])
    found: list[tuple[Molecule, Molecule, float]] = []
    refused = 0
    for index in np.random.default_rng(SEED).permutation(test).tolist():
        if len(found) == count:
            break
        try:
            start = read_molecule(str(conformers.smiles[index]), "smiles")
        except AtomlensError:
            refused += 1
            continue
        found.append((start, start, np.nan))
    print(f"{len(found)} test molecules of OpenFF from SMILES; {refused} more were refused (no geometry, charges)")
    return found


def measure(model: AtomicModel, cases: list[tuple[Molecule, Molecule, float]]) -> None:
    seconds, steps, distances, costs = [], [], [], []
    bent = aromatic = 0
    errors: dict[str, list[float]] = collections.defaultdict(list)
    outcomes: collections.Counter[str] = collections.Counter()
    for start, own, reference in cases:
        began = time.perf_counter()
        try:
            found = relax(model, start)
        except UnsupportedMolecule as error:
            outcomes[error.code] += 1
            continue
        seconds.append(time.perf_counter() - began)
        steps.append(found.steps)
        outcomes["converged" if found.converged else f"not within {STEPS} steps"] += 1
        frames, _ = descend(TBLite(method="GFN2-xTB", verbosity=0), start, "GFN2-xTB", 1000, FMAX)
        minimum = Molecule(start.numbers, frames[-1].positions, start.bonds)
        distances.append(rmsd(found.molecule, minimum))
        there = Atoms(start.numbers, found.molecule.positions, calculator=TBLite(method="GFN2-xTB", verbosity=0))
        costs.append((there.get_potential_energy() - frames[-1].energy) * EV_KCAL_PER_MOL)
        aromatic += any(order == 1.5 for *_, order in start.bonds)
        bent += bool(ring_torsions(found.molecule).max() > BENT_DEGREES[0])
        if model.name.startswith("qm9-"):
            places = {"force field": start, "relaxed with the model": found.molecule, "relaxed with xTB": minimum}
            for where, molecule in {**places, "QM9's own": own}.items():
                errors[where].append(EV_KCAL_PER_MOL * (explain(model, molecule).total - reference))
    print(f"{model.name}: " + ", ".join(f"{how} {100 * n / len(cases):.1f} %" for how, n in outcomes.most_common()))
    print(
        f"steps: median {np.median(steps):.0f}; seconds: median {np.median(seconds):.2f}, "
        f"95 % {np.quantile(seconds, 0.95):.2f}"
    )
    low, middle, high = np.quantile(distances, [0.25, 0.5, 0.75])
    print(f"RMSD to the xTB minimum: median {middle:.3f} Å, quartiles {low:.3f} and {high:.3f} Å")
    low, middle, high = np.quantile(costs, [0.25, 0.5, 0.75])
    print(f"above it by xTB: median {middle:.1f} kcal/mol, quartiles {low:.1f} and {high:.1f}")
    print(f"an aromatic ring bent by more than {BENT_DEGREES[0]:.0f} degrees: {bent} of {aromatic} that have one")
    for where, values in errors.items():
        found = np.array(values)
        print(
            f"energy at geometry {where}: MAE {np.abs(found).mean():.2f}, median error {np.median(found):+.2f} kcal/mol"
        )


def rmsd(first: Molecule, second: Molecule) -> float:
    """Å, aligned, over all atoms, the least over orders of equivalent atoms."""
    return float(rdMolAlign.GetBestRMS(_drawn(first), _drawn(second), maxMatches=ORDERS))


def _drawn(molecule: Molecule) -> Chem.Mol:
    mol = Chem.RWMol()
    for z in molecule.numbers.tolist():
        mol.AddAtom(Chem.Atom(z))
    for i, j, _ in molecule.bonds:
        # orders do not matter: what is equivalent in them alone counts as equivalent
        mol.AddBond(i, j, Chem.BondType.SINGLE)
    conformer = Chem.Conformer(len(molecule))
    conformer.SetPositions(np.ascontiguousarray(molecule.positions))
    mol.AddConformer(conformer)
    return mol.GetMol()


def compare_optimizers(model: AtomicModel, molecules: list[Molecule]) -> None:
    # options: of this molecule
    kinds: dict[str, tuple[type, Callable[[Molecule], dict[str, Any]]]] = {
        "LBFGS with Armijo steps and a model Hessian, as in the program": (
            PreconLBFGS,
            lambda molecule: {
                "precon": ModelHessian(len(molecule), molecule.bonds),
                "use_armijo": True,
                "maxstep": LONGEST_STEP,
            },
        ),
        "LBFGS with Armijo steps and one curvature": (
            PreconLBFGS,
            lambda _: {"precon": None, "use_armijo": True, "alpha": ALONE, "maxstep": LONGEST_STEP},
        ),
        "LBFGS with the same curvature and longest step": (
            optimize.LBFGS,
            lambda _: {"alpha": ALONE, "maxstep": LONGEST_STEP},
        ),
        "LBFGS, ASE's defaults": (optimize.LBFGS, lambda _: {}),
        "BFGS": (optimize.BFGS, lambda _: {}),
        "BFGSLineSearch": (optimize.BFGSLineSearch, lambda _: {}),
        "FIRE": (optimize.FIRE, lambda _: {}),
        "FIRE2": (optimize.FIRE2, lambda _: {}),
    }
    for surface in ("GFN2-xTB", model.name):
        for name, (kind, options) in kinds.items():
            calls, converged, began = [], 0, time.perf_counter()
            for molecule in molecules:
                calculator = TBLite(method=surface, verbosity=0) if surface == "GFN2-xTB" else ModelCalculator(model)
                counted = Counted(calculator)
                atoms = Atoms(molecule.numbers, molecule.positions, calculator=calculator)
                converged += bool(kind(atoms, logfile=None, **options(molecule)).run(fmax=FMAX, steps=STEPS))
                calls.append(counted.calls)
            seconds = time.perf_counter() - began
            print(
                f"{surface}, {name}: {converged} of {len(molecules)} converged, evaluations median "
                f"{np.median(calls):.0f}, most {max(calls)}; {seconds:.1f} s"
            )


class Counted:
    """Counts how often a calculator computes."""

    def __init__(self, calculator: Any) -> None:
        self.calls, self._calculate = 0, calculator.calculate
        calculator.calculate = self

    def __call__(self, *arguments: Any, **options: Any) -> None:
        """In place of `calculate`."""
        self.calls += 1
        self._calculate(*arguments, **options)


if __name__ == "__main__":
    main()
