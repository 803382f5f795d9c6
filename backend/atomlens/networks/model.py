"""Trained models: ensembles of networks of one family behind the `AtomicModel` protocol."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from atomlens.chem.elements import SYMBOLS
from atomlens.errors import InputError, UnknownElement
from atomlens.networks.behler_parrinello import BehlerParrinello
from atomlens.networks.card import Card, check_kind
from atomlens.networks.convolution import MoleculePairs, convolve_reference
from atomlens.networks.protocol import (
    AtomicOutputs,
    Batch,
    MemberOutputs,
    Mixture,
    Precision,
    ProbeOutputs,
    Quantity,
)
from atomlens.networks.schnet import SchNet, species_index
from atomlens.networks.schnet_probe import SchNetProbe
from atomlens.networks.sites import Sites
from atomlens.networks.trust import ErrorScales
from atomlens.networks.volumes import Volumes
from atomlens.networks.wacsf import SymmetryFunctions

#: Points that a probe treats at a time: bounds memory, and keeps a block's arrays in cache.
POINTS_A_BLOCK = 4096

N = TypeVar("N", bound=nn.Module)


class Member(Protocol):
    """One network of an ensemble, as the ensemble needs it."""

    n_weights: int

    def raw(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Raw outputs (n_atoms,) and representation (n_atoms, n_features), float64, no gradients."""

    def mixed(self, mixture: Mixture) -> torch.Tensor:
        """Raw outputs (n_atoms,) of atoms on the way between elements, float64, no gradients."""

    def with_gradient(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Raw outputs (n_atoms,) and (n_atoms, 3) ∂ Σ raw / ∂r, in one pass."""

    def pair_sensitivities(self, molecule: Batch) -> NDArray[np.float64]:
        """(n_atoms, n_atoms) ∂ Σ raw / ∂s_ij, symmetric."""

    def probe(
        self,
        molecule: Batch | Mixture,
        points: NDArray[np.float64],
        species: Sequence[int],
        precision: Precision,
        shared: dict[SymmetryFunctions, torch.Tensor],
    ) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
        """Raw outputs (n_elements, n_points), and at infinity (n_elements,).

        shared: functions of these points, (n_points, n_functions), which members leave to those after them.
        """

    def embeddings(self) -> NDArray[np.float64] | None:
        """(n_elements, n_features) or None."""


class _Member(Generic[N]):
    """Holds a network in double precision, and a single-precision twin for fields."""

    def __init__(self, network: N) -> None:
        self.single = copy.deepcopy(network).float().eval().requires_grad_(False)
        self.double = network.double().eval().requires_grad_(False)
        self.n_weights = sum(weights.numel() for weights in network.parameters())

    def twin(self, precision: Precision) -> N:
        """The network of that precision."""
        return self.single if precision == "float32" else self.double


class SchNetMember(_Member[SchNet]):
    """SchNet; what probes need, filters as tables included, is made once per precision."""

    def __init__(self, network: SchNet) -> None:
        super().__init__(network)
        self._probes = {
            "float32": SchNetProbe(self.single, self.double),
            "float64": SchNetProbe(self.double, self.double),
        }
        self.tables = self._probes["float64"].tables

    def raw(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Member`."""
        network = self.double
        pairs = MoleculePairs.of(batch, network.cutoff)
        species = species_index(batch.numbers, network.elements)
        x, _ = network(species, torch.from_numpy(pairs.distances), pairs, self.tables)
        return network.output(x), x

    def mixed(self, mixture: Mixture) -> torch.Tensor:
        """See `Member`: the vectors a_Z of both elements are mixed, messages weighted."""
        network, batch = self.double, mixture.batch
        pairs = MoleculePairs.of(batch, network.cutoff)
        weights, distances = torch.from_numpy(mixture.weights), torch.from_numpy(pairs.distances)
        x, _ = network.mixed(network.begun(mixture), weights, distances, pairs, self.tables)
        return network.output(x)

    def with_gradient(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `Member`."""
        network = self.double
        pairs = MoleculePairs.of(batch, network.cutoff)
        positions = torch.from_numpy(batch.positions.copy()).requires_grad_()
        vectors = positions[torch.from_numpy(pairs.neighbours)] - positions[torch.from_numpy(pairs.centres)]
        distances = vectors.norm(dim=1)
        species = species_index(batch.numbers, network.elements)
        x, _ = network(species, distances, pairs, self.tables)
        raw = network.output(x)
        if not len(distances):
            return raw.detach().numpy(), np.zeros_like(batch.positions)
        (gradient,) = torch.autograd.grad(raw.sum(), positions)
        return raw.detach().numpy(), gradient.numpy()

    def pair_sensitivities(self, molecule: Batch) -> NDArray[np.float64]:
        """See `Member`: the filter of a pair, in both directions and every interaction, times s."""
        network = self.double
        pairs = MoleculePairs.of(molecule, network.cutoff)
        matrix = np.zeros((len(molecule.numbers), len(molecule.numbers)))
        if not len(pairs.neighbours):
            return matrix
        scales = torch.ones(len(pairs.neighbours), dtype=torch.float64, requires_grad=True)
        distances = torch.from_numpy(pairs.distances)
        x = network.embedding[species_index(molecule.numbers, network.elements)]
        for layer, table in zip(network.layers, self.tables, strict=True):
            summed = convolve_reference(layer.inward(x), table, distances, pairs, network.cutoff, scales)
            x = layer.update(x, summed)
        (slopes,) = torch.autograd.grad(network.output(x).sum(), scales)
        matrix[pairs.centres, pairs.neighbours] = slopes.numpy()
        return matrix + matrix.T

    def probe(
        self,
        molecule: Batch | Mixture,
        points: NDArray[np.float64],
        species: Sequence[int],
        precision: Precision,
        shared: dict[SymmetryFunctions, torch.Tensor],
    ) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
        """See `Member` and `networks.schnet_probe`."""
        values = self._probes[precision].values(molecule, points, species)
        return values, self._probes["float64"].at_infinity(species).astype(np.float64)

    def embeddings(self) -> NDArray[np.float64] | None:
        """Learned vectors a_Z."""
        return self.double.embedding.numpy().copy()


class BehlerParrinelloMember(_Member[BehlerParrinello]):
    """Behler–Parrinello network."""

    def raw(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """See `Member`; the representation is the standardized symmetry functions."""
        network = self.double
        features = network.settings.functions.of_molecules(batch.numbers, batch.positions, batch.offsets)
        species = species_index(batch.numbers, network.elements)
        standardized = network.standardized(species, torch.from_numpy(features))
        return network(species, standardized), standardized

    def mixed(self, mixture: Mixture) -> torch.Tensor:
        """See `Member`: weights in the functions are mixed, and the outputs of both elements' networks."""
        network, batch = self.double, mixture.batch
        functions = network.settings.functions.of_molecules(mixture.charges, batch.positions, batch.offsets)
        features = torch.from_numpy(functions)
        first, second = (
            network(species, network.standardized(species, features))
            for species in (species_index(n, network.elements) for n in (batch.numbers, mixture.others))
        )
        return torch.lerp(first, second, torch.from_numpy(mixture.shares))

    def with_gradient(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `Member`: the slope of the networks by every function, then how the functions change with positions."""
        raw, slopes = self._slopes(batch)
        gradient = np.zeros_like(batch.positions)
        for start, stop in zip(batch.offsets[:-1], batch.offsets[1:], strict=True):
            atoms = slice(start, stop)
            gradient[atoms] = self.double.settings.functions.gradient(
                batch.numbers[atoms], batch.positions[atoms], slopes[atoms]
            )
        return raw, gradient

    def pair_sensitivities(self, molecule: Batch) -> NDArray[np.float64]:
        """See `Member`: the slope of the networks by every function, then what each pair gives to the functions."""
        _, slopes = self._slopes(molecule)
        return self.double.settings.functions.shares_of_pairs(molecule.numbers, molecule.positions, slopes)

    def _slopes(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Raw outputs (n_atoms,), and the slope of their sum by every atom's functions (n_atoms, n_functions)."""
        network = self.double
        functions = network.settings.functions.of_molecules(batch.numbers, batch.positions, batch.offsets)
        features = torch.from_numpy(functions).requires_grad_()
        species = species_index(batch.numbers, network.elements)
        raw = network(species, network.standardized(species, features))
        (slopes,) = torch.autograd.grad(raw.sum(), features)
        return raw.detach().numpy(), slopes.numpy()

    def probe(
        self,
        molecule: Batch | Mixture,
        points: NDArray[np.float64],
        species: Sequence[int],
        precision: Precision,
        shared: dict[SymmetryFunctions, torch.Tensor],
    ) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
        """Symmetry functions of the points, then the network of each element."""
        network = self.twin(precision)
        functions = network.settings.functions
        if functions not in shared:
            batch = molecule.batch if isinstance(molecule, Mixture) else molecule
            charges = molecule.charges if isinstance(molecule, Mixture) else batch.numbers
            found = functions.of_points(points, charges, batch.positions, precision)
            shared[functions] = torch.from_numpy(found)
        values = np.empty((len(species), len(points)), dtype=precision)
        for first in range(0, len(points), POINTS_A_BLOCK):
            block = slice(first, first + POINTS_A_BLOCK)
            raw = shared[functions][block]
            for place, index in enumerate(species):
                of_element = torch.full((len(raw),), index)
                values[place, block] = network(of_element, network.standardized(of_element, raw)).numpy()
        indices = torch.tensor(list(species))
        empty = torch.zeros((len(species), len(functions)), dtype=torch.float64)
        infinite = self.double(indices, self.double.standardized(indices, empty))
        return values, infinite.numpy()

    def embeddings(self) -> NDArray[np.float64] | None:
        """A Behler–Parrinello network learns no element vectors."""
        return None


def member_of(network: nn.Module) -> Member:
    """The network as a member of an ensemble; it is frozen. Raises `TypeError` for a network of no known family."""
    if isinstance(network, SchNet):
        return SchNetMember(network)
    if isinstance(network, BehlerParrinello):
        return BehlerParrinelloMember(network)
    raise TypeError(f"no member is made of {type(network).__name__}")


@dataclass(frozen=True, eq=False)
class Ensemble:
    """How members make one answer. weights: (n_members,), sum 1; factor: of the spread of their totals."""

    weights: NDArray[np.float64]
    factor: float = 1.0

    @classmethod
    def equal(cls, n_members: int) -> Ensemble:
        """Every member counts the same, and nothing is known about the spread."""
        return cls(np.full(n_members, 1.0 / n_members))


class TrainedModel:
    """An ensemble and its card; see `networks.protocol.AtomicModel` for every method."""

    def __init__(
        self,
        card: Card,
        members: Sequence[Member],
        environments: Mapping[str, NDArray[np.float64]],
        ensemble: Ensemble,
    ) -> None:
        self.card, self._members, self._environments = card, tuple(members), dict(environments)
        self.ensemble = ensemble
        # a dipole's magnitude leaves the sign of all charges free; it is fixed member by member
        self._signs = np.array([float(entry.get("sign", 1)) for entry in card.raw["members"]])

    @property
    def name(self) -> str:
        """data-family-property."""
        return self.card.name

    @property
    def family(self) -> str:
        """``schnet`` or ``bp``."""
        return self.card.family

    @property
    def quantity(self) -> Quantity:
        """``energy`` or ``dipole``."""
        return self.card.quantity

    @property
    def elements(self) -> tuple[int, ...]:
        """Atomic numbers, ascending."""
        return self.card.elements

    @property
    def cutoff(self) -> float:
        """Å."""
        return self.card.cutoff

    @property
    def periodic(self) -> bool:
        """Of crystals."""
        return self.card.periodic

    @property
    def n_members(self) -> int:
        """Networks in the ensemble."""
        return len(self._members)

    @property
    def spread_factor(self) -> float:
        """From the spread of the members' totals to the expected error."""
        return self.ensemble.factor

    @property
    def checkpoint_hash(self) -> str:
        """SHA-256 of the weights."""
        return self.card.checkpoint_hash

    @property
    def reference_energies(self) -> NDArray[np.float64]:
        """(119,) ε_Z in eV."""
        return self.card.reference_energies

    @property
    def environments(self) -> Mapping[str, NDArray[np.float64]]:
        """Statistics of the training environments."""
        return self._environments

    @property
    def volumes_trained(self) -> tuple[float, float] | None:
        """Of crystals, Å³ per atom."""
        return self.card.volumes_trained

    @property
    def volumes(self) -> Volumes | None:
        """Of crystals, as the card says."""
        return self.card.volumes

    @property
    def sites(self) -> Sites | None:
        """Of crystals, as the card says."""
        return self.card.sites

    @property
    def stoichiometries_trained(self) -> frozenset[tuple[int, ...]] | None:
        """Of crystals, as the card says."""
        return self.card.stoichiometries_trained

    @property
    def most_atoms_trained(self) -> int | None:
        """As the card says."""
        return self.card.most_atoms_trained

    @property
    def atoms_trained(self) -> int:
        """Of the smallest molecule that trained."""
        return self.card.atoms_trained

    @property
    def knows_displaced(self) -> bool:
        """As the card says."""
        return self.card.knows_displaced

    @property
    def error_scales(self) -> ErrorScales | None:
        """Of this checkpoint, as its card has them."""
        return self.card.error_scales

    def outputs(self, batch: Batch) -> AtomicOutputs:
        """Raw outputs of every member (n_members, n_atoms) and the representation; float64."""
        self._check(batch.numbers)
        check_kind(self.name, self.periodic, batch.cells is not None)
        with torch.no_grad():
            results = [member.raw(batch) for member in self._members]
        stacked = np.stack([raw.numpy() for raw, _ in results]) * self._signs[:, None]
        return AtomicOutputs(stacked, self.ensemble.weights, results[0][1].numpy())

    def mixed(self, mixture: Mixture) -> MemberOutputs:
        """See `AtomicModel`."""
        self._check(mixture.batch.numbers)
        self._check(mixture.others)
        self._molecules_only(mixture.batch)
        with torch.no_grad():
            results = np.stack([member.mixed(mixture).numpy() for member in self._members])
        return MemberOutputs(results * self._signs[:, None], self.ensemble.weights)

    def forces(self, batch: Batch) -> NDArray[np.float64]:
        """(n_atoms, 3) eV/Å."""
        return self.contributions_and_forces(batch)[1]

    def contributions_and_forces(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `AtomicModel`."""
        if self.quantity != "energy":
            raise InputError(f"{self.name} predicts dipole moments: it has no forces.", code="no_forces")
        self._check(batch.numbers)
        self._molecules_only(batch)
        contributions, forces = np.zeros(len(batch.numbers)), np.zeros_like(batch.positions)
        for share, member in zip(self.ensemble.weights.tolist(), self._members, strict=True):
            if share == 0.0:
                continue  # it has no say, and would cost as much as another
            raw, gradient = member.with_gradient(batch)
            contributions += share * raw
            forces -= share * gradient
        return contributions, forces

    def member_forces(self, batch: Batch) -> NDArray[np.float64]:
        """(n_members, n_atoms, 3) eV/Å, of members that have no say too."""
        self._check(batch.numbers)
        self._molecules_only(batch)
        return np.stack([-member.with_gradient(batch)[1] for member in self._members])

    def pair_sensitivities(self, molecule: Batch) -> NDArray[np.float64]:
        """See `AtomicModel`."""
        if self.quantity != "energy":
            raise InputError(f"{self.name} predicts dipole moments: pairs are of energies.", code="no_pairs")
        self._check(molecule.numbers)
        self._molecules_only(molecule)
        shares = np.stack([member.pair_sensitivities(molecule) for member in self._members])
        mean: NDArray[np.float64] = np.tensordot(self.ensemble.weights, shares, axes=1)
        return mean

    def lightest(self) -> TrainedModel:
        """See `AtomicModel`."""
        place = min(range(self.n_members), key=lambda k: self._members[k].n_weights)
        alone = copy.copy(self)
        alone._members, alone.ensemble, alone._signs = (self._members[place],), Ensemble.equal(1), self._signs[[place]]
        return alone

    def probe(
        self,
        molecule: Batch | Mixture,
        points: NDArray[np.float64],
        elements: Sequence[int],
        precision: Precision = "float32",
    ) -> ProbeOutputs:
        """One-way outputs of probe atoms, weighted mean over members."""
        self._molecules_only(molecule.batch if isinstance(molecule, Mixture) else molecule)
        if isinstance(molecule, Mixture):
            self._check(np.append(molecule.batch.numbers, molecule.others))
        else:
            self._check(molecule.numbers)
        self._check(np.asarray(elements, dtype=np.int64))
        species = [self.elements.index(int(z)) for z in elements]
        values = np.zeros((len(species), len(points)), dtype=precision)
        infinite = np.zeros(len(species))
        shared: dict[SymmetryFunctions, torch.Tensor] = {}
        for share, member in zip((self._signs * self.ensemble.weights).tolist(), self._members, strict=True):
            if share == 0.0:
                continue  # it has no say, and would cost as much as another
            with torch.no_grad():
                found, far = member.probe(molecule, points, species, precision, shared)
            values += share * found
            infinite += share * far
        return ProbeOutputs(values, infinite)

    def embeddings(self) -> tuple[NDArray[np.float64], ...] | None:
        """(n_elements, n_features) of each member, or None."""
        found = [vectors for member in self._members if (vectors := member.embeddings()) is not None]
        return tuple(found) or None

    def _molecules_only(self, batch: Batch) -> None:
        if self.periodic or batch.cells is not None:
            raise InputError(
                "A crystal has contributions alone: what pulls, probes or changes an atom does so to all its images.",
                code="crystal",
                field="molecule",
            )

    def _check(self, numbers: NDArray[np.int64]) -> None:
        unknown = sorted(set(np.unique(numbers).tolist()) - set(self.elements))
        if unknown:
            names = ", ".join(SYMBOLS[z] for z in unknown)
            known = ", ".join(SYMBOLS[z] for z in self.elements)
            raise UnknownElement(f"{self.name} does not know {names}.", field="molecule", hint=f"It knows {known}.")
