"""What every model family offers to the rest of the program.

`explain` and `service` speak to `AtomicModel` alone; a new family gets every explanation by implementing it.
Arrays cross this border as numpy, molecules as concatenated batches.

Data that cross it

==================  ======================  =================================================================
name                shape                   meaning
==================  ======================  =================================================================
numbers             (n_atoms,)              atomic numbers
positions           (n_atoms, 3)            Å
offsets             (n_molecules + 1,)      atoms of molecule m are offsets[m]:offsets[m + 1]
charges             (n_molecules,)          total charge of each molecule, e
cells               (n_molecules, 3, 3)     of crystals: rows are lattice vectors, Å; None for molecules
outputs             (n_members, n_atoms)    raw output of every network of the ensemble: e_i in eV, or the
                                            raw latent charge in e before it is made neutral
weights             (n_members,)            share of each network in the ensemble's own answer; they sum to one
representation      (n_atoms, n_features)   what the output network of the first member sees of each atom
==================  ======================  =================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.molecule import Molecule
from atomlens.networks.sites import Sites
from atomlens.networks.trust import ErrorScales
from atomlens.networks.volumes import Volumes

Quantity = Literal["energy", "dipole"]
Precision = Literal["float32", "float64"]


def rows_of_pieces(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(sum of sizes,) rows of a concatenated table that pieces take, one after another, which begin at `starts`."""
    rows: NDArray[np.int64] = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
    return rows


@dataclass(frozen=True, eq=False)
class Batch:
    """Molecules, or crystals, concatenated (see the table at the top of this module)."""

    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    offsets: NDArray[np.int64]
    charges: NDArray[np.int64]
    cells: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def of(cls, molecules: Iterable[Molecule]) -> Batch:
        """Concatenate molecules, or crystals; raises `ValueError` for both in one batch."""
        listed = list(molecules)
        cells = [m.cell for m in listed if m.cell is not None]
        if cells and len(cells) < len(listed):
            raise ValueError("crystals and molecules in one batch")
        return cls(
            numbers=np.concatenate([m.numbers for m in listed]),
            positions=np.concatenate([m.positions for m in listed]),
            offsets=np.concatenate([[0], np.cumsum([len(m) for m in listed])]).astype(np.int64),
            charges=np.array([m.charge for m in listed], dtype=np.int64),
            cells=np.stack(cells) if cells else None,
        )

    def followed_by(self, other: Batch) -> Batch:
        """These molecules and then those of `other`; crystals and molecules make no batch (`ValueError`)."""
        if (self.cells is None) != (other.cells is None):
            raise ValueError("crystals and molecules in one batch")
        return Batch(
            np.concatenate([self.numbers, other.numbers]),
            np.concatenate([self.positions, other.positions]),
            np.concatenate([self.offsets, self.offsets[-1] + other.offsets[1:]]),
            np.concatenate([self.charges, other.charges]),
            None if self.cells is None or other.cells is None else np.concatenate([self.cells, other.cells]),
        )

    def select(self, molecules: Sequence[int] | NDArray[np.int64]) -> Batch:
        """The molecules with these indices, in this order."""
        chosen = np.asarray(molecules, dtype=np.int64)
        sizes = np.diff(self.offsets)[chosen]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        atoms = rows_of_pieces(self.offsets[chosen], sizes)
        cells = None if self.cells is None else self.cells[chosen]
        return Batch(self.numbers[atoms], self.positions[atoms], offsets, self.charges[chosen], cells)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Molecules on the way from one to another, concatenated; at share 0 and weight 1 they are those of `batch`.

    batch: elements at the beginning, and positions here; others: (n_atoms,) atomic numbers at the end; shares:
    (n_atoms,) of the other element, 0 to 1; weights: (n_atoms,) with which an atom is felt by the others, 0 to 1.
    """

    batch: Batch
    others: NDArray[np.int64]
    shares: NDArray[np.float64]
    weights: NDArray[np.float64]

    @property
    def charges(self) -> NDArray[np.float64]:
        """(n_atoms,) the atomic number that each atom's neighbours feel: as much as there is of either element."""
        mixed: NDArray[np.float64] = (1.0 - self.shares) * self.batch.numbers + self.shares * self.others
        return mixed * self.weights


@dataclass(frozen=True, eq=False)
class MemberOutputs:
    """Raw per-atom outputs of all members, and their weights in the ensemble's own answer."""

    outputs: NDArray[np.float64]
    weights: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(n_atoms,) the ensemble's own output."""
        mean: NDArray[np.float64] = self.weights @ self.outputs
        return mean


@dataclass(frozen=True, eq=False)
class AtomicOutputs(MemberOutputs):
    """The same, and the representation of the first member."""

    representation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ProbeOutputs:
    """One-way outputs of a probe atom, weighted mean over the members.

    values: (n_elements, n_points) float32, raw output (eV without the reference energy, or e before the
    molecule's own neutrality correction); at_infinity: (n_elements,) the same network with an empty
    neighbour sum.
    """

    values: NDArray[np.float32]
    at_infinity: NDArray[np.float64]


@runtime_checkable
class AtomicModel(Protocol):
    """A trained model: one or more networks (members) of one family for one quantity.

    All methods raise `UnknownElement` for an element outside `elements`, and `InputError` for a molecule where the
    model is of crystals, or a crystal where it is not. Crystals have outputs alone: what pulls, probes or changes an
    atom would do so to all of its images.
    """

    @property
    def name(self) -> str:
        """data-family-property, for example ``qm9-schnet-energy``."""

    @property
    def family(self) -> str:
        """``schnet`` or ``bp``."""

    @property
    def quantity(self) -> Quantity:
        """What the sum over atoms is: the energy (eV) or the dipole moment (from charges in e)."""

    @property
    def elements(self) -> tuple[int, ...]:
        """Atomic numbers that the model was trained on, ascending."""

    @property
    def cutoff(self) -> float:
        """Radius beyond which atoms do not interact directly, Å."""

    @property
    def periodic(self) -> bool:
        """Whether it is a model of crystals, which have a cell; others are of molecules."""

    @property
    def n_members(self) -> int:
        """Number of networks in the ensemble."""

    @property
    def spread_factor(self) -> float:
        """What the standard deviation of the members' totals is multiplied by to be the expected error, as it was
        fitted on validation molecules; 1 where it was not."""

    @property
    def checkpoint_hash(self) -> str:
        """SHA-256 of the weights."""

    @property
    def reference_energies(self) -> NDArray[np.float64]:
        """(119,) ε_Z in eV by atomic number, NaN for unknown elements; zeros for a dipole model."""

    @property
    def environments(self) -> Mapping[str, NDArray[np.float64]]:
        """Statistics of the training environments kept beside the weights (`networks.environments`); empty
        where none were taken."""

    @property
    def volumes_trained(self) -> tuple[float, float] | None:
        """Least and largest volume of a training crystal per atom, Å³; None for models of molecules."""

    @property
    def volumes(self) -> Volumes | None:
        """How much room elements take in the training crystals; None for molecules, and where that is not known."""

    @property
    def sites(self) -> Sites | None:
        """How sites stand to their neighbours in the training crystals; None for molecules, and where that is not
        known."""

    @property
    def stoichiometries_trained(self) -> frozenset[tuple[int, ...]] | None:
        """Of the training crystals (`chem.elements.stoichiometry`); None for molecules, and where there are many."""

    @property
    def most_atoms_trained(self) -> int | None:
        """Atoms of the largest molecule or cell that trained; None where that is not known."""

    @property
    def atoms_trained(self) -> int:
        """Atoms of the smallest molecule or cell that trained; 0 where that is not known."""

    @property
    def knows_displaced(self) -> bool:
        """Whether it has learned geometries away from minima, down to torn bonds, and was tested on them."""

    @property
    def error_scales(self) -> ErrorScales | None:
        """What error the model's own signs announce (`networks.trust`); None where nobody has fitted that."""

    def outputs(self, batch: Batch) -> AtomicOutputs:
        """Raw outputs e_i (eV) or raw charges (e) of every member, and the representation; float64."""

    def mixed(self, mixture: Mixture) -> MemberOutputs:
        """Raw outputs of atoms that are partly another element or only partly there; float64.

        An atom's own output is that of a whole atom: what its weight does to its share of the total is the caller's.
        """

    def forces(self, batch: Batch) -> NDArray[np.float64]:
        """(n_atoms, 3) −∂E/∂r in eV/Å, weighted mean over members; float64. Energy models only."""

    def contributions_and_forces(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """e_i (n_atoms,) in eV, weighted mean over members, and the forces, from one pass through the networks.

        Raises `InputError`, code "no_forces", for a model that is none of the energy.
        """

    def pair_sensitivities(self, molecule: Batch) -> NDArray[np.float64]:
        """(n_atoms, n_atoms) P_ij = ∂E/∂s_ij at s = 1 in eV, weighted mean over members; symmetric, float64.

        s_ij multiplies the cutoff function of a pair wherever it enters. One molecule, energy models only.
        """

    def probe(
        self,
        molecule: Batch | Mixture,
        points: NDArray[np.float64],
        elements: Sequence[int],
        precision: Precision = "float32",
    ) -> ProbeOutputs:
        """One-way outputs of probe atoms of `elements` at `points` (n_points, 3), Å, around one molecule."""

    def lightest(self) -> AtomicModel:
        """The member with the fewest weights as a model of its own, for answers that must come at once."""

    def embeddings(self) -> tuple[NDArray[np.float64], ...] | None:
        """(n_elements, n_features) learned vectors a_Z of each member, or None for a family without."""
