"""Relaxation: the molecule follows a network's forces downhill to the minimum of its energy.

L-BFGS (Liu & Nocedal, Math. Program. 45, 503 (1989)) as in ASE, in Cartesian coordinates, scaled by how stiff the
molecule is along its bonds, angles and torsions (`explain.stiffness`), with steps cut back until the energy falls
(Armijo): without that it leaps from valley to valley where a network's energy is rough. Every geometry on the way is
kept with its energy, its split among the atoms and its largest force. The minimum is the network's own: one that has
learned from molecules at rest alone knows little of what lies between.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.connections import connections, fragments, ring_torsions
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.errors import InputError, MalformedInput, TooLarge, UnsupportedMolecule
from atomlens.networks.card import Card
from atomlens.networks.grades import BENT_DEGREES, Trust
from atomlens.networks.protocol import AtomicModel

if TYPE_CHECKING:
    from ase.calculators.calculator import Calculator

#: Converged when no force is larger, eV/Å.
FMAX = 0.01
STEPS = 300
MOST_STEPS = 1000
#: Atoms times steps of one relaxation: bounds its time, and the size of the answer.
MOST_ATOM_STEPS = 100_000
#: The longest way of an atom in one step, Å; docs/performance.md.
LONGEST_STEP = 0.1
#: Two nuclei nearer than this are no molecule any more, Å (the shortest bond, H2, is 0.74 Å long).
COLLAPSED = 0.45
#: Where geometries on the way are to be learned from: steps, and the largest force (eV/Å) at the end.
MOST_LEARNED, LEARNED_FMAX = 120, 0.02
#: Source of a relaxed geometry.
RELAXED = "relaxed"
#: Source of a geometry on the way there.
PARTLY_RELAXED = "partly relaxed"


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A way downhill, the first geometry included.

    positions: (n_frames, n_atoms, 3) Å; energies: (n_frames,) eV, references included; contributions: (n_frames,
    n_atoms) e_i in eV; largest_forces: (n_frames,) eV/Å, length of the largest force on an atom; molecule: at the end;
    trust: in what the model says of that one.
    """

    model: str
    checkpoint: str
    fmax: float
    converged: bool
    positions: NDArray[np.float64]
    energies: NDArray[np.float64]
    contributions: NDArray[np.float64]
    largest_forces: NDArray[np.float64]
    molecule: Molecule
    trust: Trust | None

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self.energies) - 1

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Relaxations)."""
        return {
            "model": self.model,
            "checkpoint": self.checkpoint,
            "unit": "eV",
            "force_unit": "eV/Å",
            "fmax": self.fmax,
            "converged": self.converged,
            "steps": self.steps,
            "energies": self.energies.tolist(),
            "largest_forces": self.largest_forces.tolist(),
            "contributions": self.contributions.tolist(),
            "positions": self.positions.tolist(),
            "molecule": self.molecule.to_dict(),
            "molecule_trust": None if self.trust is None else self.trust.of_molecule(),
        }


def check_limits(n_atoms: int, steps: int, fmax: float) -> None:
    """Raise `MalformedInput` for limits that make no sense, `TooLarge` for more than is computed."""
    if not 1 <= steps <= MOST_STEPS:
        raise MalformedInput(f"{steps} steps: give 1 to {MOST_STEPS}.", field="steps")
    if not 1e-4 <= fmax <= 10.0:
        raise MalformedInput(f"A largest force of {fmax:g} eV/Å: give 0.0001 to 10.", field="fmax")
    if n_atoms * steps > MOST_ATOM_STEPS:
        most = MOST_ATOM_STEPS // n_atoms
        hint = f"At most {most} steps of this molecule." if most else "It has too many atoms."
        raise TooLarge(f"{steps} steps of {n_atoms} atoms are too many.", field="steps", hint=hint)


def chosen_for_relaxing(cards: Sequence[Card]) -> Card:
    """Of these models of the energy one that knows geometries away from minima, and of those the one that errs least.

    Raises `InputError`, code "no_forces", where there is none of the energy.
    """
    energies = [card for card in cards if card.quantity == "energy"]
    if not energies:
        raise InputError(
            "No energy model knows this molecule: only those have forces.", code="no_forces", field="model"
        )
    return min(energies, key=lambda card: (not card.knows_displaced, card.test["mae"] if card.test else np.inf))


def relax(
    model: AtomicModel,
    molecule: Molecule,
    *,
    steps: int = STEPS,
    fmax: float = FMAX,
    progress: Callable[[float], None] = lambda _: None,
    look: Callable[[], None] = lambda: None,
) -> Relaxation:
    """Relax a molecule with an energy model until no force is larger than `fmax` (eV/Å), or for so many steps.

    look: called before every step; what it raises ends the relaxation. Not to converge is no error. Raises
    `UnknownElement`; `InputError`, code "no_forces", for a dipole model; `UnsupportedMolecule` where the model's forces
    lead to no molecule: "not_finite", "collapsed", "fell_apart".
    """
    from atomlens.explain.prediction import explain
    from atomlens.networks.ase_calculator import ModelCalculator

    check_limits(len(molecule), steps, fmax)
    calculator = ModelCalculator(model, molecule.charge)
    frames, converged = descend(calculator, molecule, model.name, steps, fmax, progress, look)
    relaxed = _relaxed(molecule, frames[-1].positions, model.name, None if converged else frames[-1].largest_force)
    return Relaxation(
        model=model.name,
        checkpoint=model.checkpoint_hash,
        fmax=fmax,
        converged=converged,
        positions=np.stack([frame.positions for frame in frames]),
        energies=np.array([frame.energy for frame in frames]),
        contributions=np.stack([frame.contributions for frame in frames]),
        largest_forces=np.array([frame.largest_force for frame in frames]),
        molecule=relaxed,
        trust=explain(model, relaxed).trust,
    )


def way_downhill(
    folder: Path, numbers: NDArray[np.int64], positions: NDArray[np.float64], bonds: NDArray[np.int64]
) -> list[NDArray[np.float64]]:
    """Geometries (n, 3) in Å down the energy of the checkpoint in `folder`; none where that leads to no molecule.

    numbers: (n,); positions: (n, 3) Å; bonds: (n_bonds, 2).
    """
    from atomlens.networks.ase_calculator import ModelCalculator

    model = _loaded(folder)
    ordered = np.sort(bonds.reshape(-1, 2), axis=1).tolist()
    molecule = Molecule(numbers, positions, tuple((first, second, 1.0) for first, second in ordered))
    try:
        frames, _ = descend(ModelCalculator(model, 0), molecule, model.name, MOST_LEARNED, LEARNED_FMAX)
    except UnsupportedMolecule:
        return []
    return [frame.positions for frame in frames]


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> AtomicModel:
    from atomlens.networks.checkpoint import load

    return load(folder)


@dataclass(frozen=True, eq=False)
class Frame:
    """positions: (n_atoms, 3) Å; energy: eV; contributions: (n_atoms,) eV; largest_force: eV/Å."""

    positions: NDArray[np.float64]
    energy: float
    contributions: NDArray[np.float64]
    largest_force: float


def descend(
    calculator: Calculator,
    molecule: Molecule,
    name: str,
    steps: int,
    fmax: float,
    progress: Callable[[float], None] = lambda _: None,
    look: Callable[[], None] = lambda: None,
) -> tuple[list[Frame], bool]:
    """Geometries on the way, and whether the last has converged; `name` of the model, for sentences."""
    from ase import Atoms
    from ase.optimize.precon import PreconLBFGS

    from atomlens.explain.stiffness import ModelHessian

    atoms = Atoms(molecule.numbers, molecule.positions, calculator=calculator)
    hessian = ModelHessian(len(molecule), molecule.bonds)
    optimizer = PreconLBFGS(atoms, precon=hessian, use_armijo=True, maxstep=LONGEST_STEP, logfile=None)
    # where a direction leads uphill it begins anew along the force, and says so in two ways
    logging.getLogger("ase.utils.linesearcharmijo").setLevel(logging.CRITICAL)
    frames: list[Frame] = []
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Passed direction which is not downhill|Armijo linesearch failed", UserWarning
        )
        try:
            converged = _follow(optimizer, frames, name, steps, fmax, progress, look)
        except RuntimeError as error:
            if "Armijo linesearch failed" not in str(error):
                raise
            # no step lowers the energy by more than its last digits: as near as numbers allow, and said to the reader
            converged = False
    return frames, converged


def _follow(
    optimizer: Any,
    frames: list[Frame],
    name: str,
    steps: int,
    fmax: float,
    progress: Callable[[float], None],
    look: Callable[[], None],
) -> bool:
    """Add every geometry to `frames`; whether the last has converged."""
    atoms = optimizer.atoms
    done = 0.0
    for converged in optimizer.irun(fmax=fmax, steps=steps):
        forces, energy = atoms.get_forces(), atoms.get_potential_energy()
        _check_sane(atoms.positions, energy, forces, name, len(frames))
        largest = float(np.linalg.norm(forces, axis=1).max())
        contributions = np.array(getattr(atoms.calc, "contributions", np.zeros(len(atoms))))
        frames.append(Frame(atoms.positions.copy(), float(energy), contributions, largest))
        # forces fall by about the same factor every step
        first = frames[0].largest_force
        near = np.log(first / largest) / np.log(first / fmax) if first > fmax and largest > 0 else 1.0
        done = float(max(done, min(1.0, near), len(frames) / (steps + 1)))
        progress(done)
        look()
        if converged:
            return True
    return False


def _check_sane(
    positions: NDArray[np.float64], energy: float, forces: NDArray[np.float64], name: str, step: int
) -> None:
    """Raise `UnsupportedMolecule` for what is no molecule."""
    from scipy.spatial.distance import pdist, squareform

    hint = "Begin with a geometry nearer to a minimum, or relax with another model."
    if not (np.isfinite(energy) and np.isfinite(forces).all()):
        raise UnsupportedMolecule(
            f"The forces of {name} are no finite numbers at step {step}.",
            code="not_finite",
            field="molecule",
            hint=hint,
        )
    if len(positions) > 1:
        distances = squareform(pdist(positions))
        np.fill_diagonal(distances, np.inf)
        first, second = np.unravel_index(distances.argmin(), distances.shape)
        if distances[first, second] < COLLAPSED:
            raise UnsupportedMolecule(
                f"Atoms {first + 1} and {second + 1} fell into one another: {distances[first, second]:.2f} Å apart at "
                f"step {step}. {name} does not know that atoms repel each other there.",
                code="collapsed",
                field="molecule",
                hint=hint,
            )


def _relaxed(molecule: Molecule, positions: NDArray[np.float64], name: str, force: float | None) -> Molecule:
    """The molecule at the end; force: the largest, where it has not converged."""
    parts = fragments(molecule.numbers, positions)
    if len(parts) > 1:
        raise UnsupportedMolecule(
            f"The molecule fell apart into {len(parts)} parts on the way down the energy of {name}.",
            code="fell_apart",
            field="molecule",
            hint="Begin with a geometry nearer to a minimum, or relax with another model.",
        )
    note = f"The geometry was relaxed with {name}: a minimum of that network's energy, not a quantum-chemical one."
    if force is not None:
        left = f"a force of {force:.2g} eV/Å is left"
        note = f"The geometry was relaxed with {name}, which stopped before it had converged: {left}."
    return _elsewhere(molecule, positions, Geometry(RELAXED, name, note))


def step_molecule(start: Molecule, positions: NDArray[np.float64], name: str, step: int, steps: int) -> Molecule:
    """A molecule on its way down the energy of the model `name`; positions: (n_atoms, 3), Å, after `step` of `steps`.

    Step 0 is the molecule that was relaxed itself.
    """
    if step == 0:
        return start
    note = f"The geometry is step {step} of {steps} of a relaxation with {name}: not yet a minimum."
    return _elsewhere(start, positions, Geometry(PARTLY_RELAXED, name, note))


def _elsewhere(molecule: Molecule, positions: NDArray[np.float64], geometry: Geometry) -> Molecule:
    """The molecule in a geometry to which a network's forces led, with a word where its bonds are others there."""
    found = molecule.elsewhere(positions, geometry)
    others = list(found.warnings)
    drawn = {(first, second) for first, second, _ in molecule.bonds}
    before, after = (set(connections(molecule.numbers, where)) for where in (molecule.positions, positions))
    changed = sorted((drawn - after) | (after - before - drawn))
    if drawn and changed:
        listed = ", ".join(f"{molecule.symbols[i]}{i + 1}–{molecule.symbols[j]}{j + 1}" for i, j in changed[:6])
        others.append(
            f"Relaxation with {geometry.method} broke or made bonds ({listed}); drawn are those of the molecule before."
        )
    flat, bent = (float(ring_torsions(one).max(initial=0.0)) for one in (molecule, found))
    if bent > max(BENT_DEGREES[0], flat):
        others.append(
            f"Relaxation with {geometry.method} bent an aromatic ring by {bent:.0f} degrees: "
            "a fault of that network's, for such rings are flat."
        )
    return replace(found, warnings=(geometry.note, *others))
