"""The data of a fit on the device, and the batch that is gathered from it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.protocol import Batch


@dataclass(frozen=True, eq=False)
class Tables:
    """Configurations, concatenated.

    species: (n,) index of each element among those of the network; positions: (n, 3) Å; offsets: (M + 1,);
    first, second: (p,) atoms of each pair within the cutoff, both ways, counted from the configuration's first atom and
    sorted by `first`; pair_offsets: (M + 1,); distances: (p,) Å where they are not those of the positions (crystals),
    else None; of_configurations, of_atoms: targets by name, (M, ...) and (n, ...).
    """

    species: torch.Tensor
    positions: torch.Tensor
    offsets: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    pair_offsets: torch.Tensor
    distances: torch.Tensor | None
    of_configurations: dict[str, torch.Tensor]
    of_atoms: dict[str, torch.Tensor]

    @classmethod
    def of(
        cls,
        batch: Batch,
        elements: tuple[int, ...],
        cutoff: float | None,
        of_configurations: dict[str, NDArray[np.floating]],
        of_atoms: dict[str, NDArray[np.floating]] | None = None,
    ) -> Tables:
        """Of molecules; cutoff: Å, None for networks that see no pairs."""
        first, second, pair_offsets = _pairs(batch, cutoff)
        return cls(
            torch.from_numpy(np.searchsorted(np.asarray(elements), batch.numbers)),
            torch.from_numpy(batch.positions.astype(np.float32)),
            torch.from_numpy(batch.offsets),
            first,
            second,
            pair_offsets,
            None,
            {key: torch.from_numpy(np.asarray(value, dtype=np.float32)) for key, value in of_configurations.items()},
            {key: torch.from_numpy(np.asarray(value, dtype=np.float32)) for key, value in (of_atoms or {}).items()},
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def to(self, device: torch.device) -> Tables:
        """The same on another device."""

        def moved(value: torch.Tensor) -> torch.Tensor:
            return value.to(device)

        return Tables(
            moved(self.species),
            moved(self.positions),
            moved(self.offsets),
            moved(self.first),
            moved(self.second),
            moved(self.pair_offsets),
            None if self.distances is None else moved(self.distances),
            {key: moved(value) for key, value in self.of_configurations.items()},
            {key: moved(value) for key, value in self.of_atoms.items()},
        )

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(M, 2) atoms and pairs of each configuration."""
        both = torch.stack([self.offsets.diff(), self.pair_offsets.diff()], 1)
        sizes: NDArray[np.int64] = both.cpu().numpy()
        return sizes


def _pairs(batch: Batch, cutoff: float | None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """In blocks, so that the arrays of all atoms are never there twice."""
    if cutoff is None:
        nothing = torch.zeros(0, dtype=torch.int16)
        return nothing, nothing, torch.zeros(len(batch) + 1, dtype=torch.int64)
    from atomlens.networks.convolution import MoleculePairs

    firsts, seconds, counts = [], [], [np.zeros(1, dtype=np.int64)]
    for start in range(0, len(batch), 2000):
        part = batch.select(np.arange(start, min(start + 2000, len(batch))))
        pairs = MoleculePairs.within(part.positions, part.offsets, cutoff)
        begins = np.repeat(part.offsets[:-1], np.diff(part.offsets))
        centres = np.concatenate([pairs.centres, pairs.neighbours])
        neighbours = np.concatenate([pairs.neighbours, pairs.centres])
        order = np.argsort(centres, kind="stable")
        centres, neighbours = centres[order], neighbours[order]
        firsts.append((centres - begins[centres]).astype(np.int16))
        seconds.append((neighbours - begins[neighbours]).astype(np.int16))
        rows = np.bincount(centres, minlength=len(begins))
        counts.append(np.add.reduceat(rows, part.offsets[:-1]))
    return (
        torch.from_numpy(np.concatenate(firsts)),
        torch.from_numpy(np.concatenate(seconds)),
        torch.from_numpy(np.cumsum(np.concatenate(counts))),
    )


@dataclass(frozen=True, eq=False)
class Gathered:
    """A batch of K places, in fixed shapes: N rows for atoms, E for pairs.

    chosen: (K,) configurations, -1 for an empty place; atoms: (N,) rows in the tables; real: (N,) which of them count;
    place: (N,) the place of each atom, K for the rest; species: (N,); positions: (N, 3); first, second: (E,) rows of
    atoms, any for the rest; paired: (E,) which count; distances: (E,) Å where the tables hold them.
    """

    chosen: torch.Tensor
    atoms: torch.Tensor
    real: torch.Tensor
    place: torch.Tensor
    species: torch.Tensor
    positions: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    paired: torch.Tensor
    distances: torch.Tensor | None

    def summed(self, values: torch.Tensor) -> torch.Tensor:
        """Σ over the atoms of each place: (N, ...) → (K, ...)."""
        zero = values.new_zeros((len(self.chosen) + 1, *values.shape[1:]))
        masked = torch.where(self.real.view(-1, *[1] * (values.dim() - 1)), values, 0.0)
        return zero.index_add(0, self.place, masked)[:-1]


def gather(tables: Tables, chosen: torch.Tensor, n_atoms: int, n_pairs: int) -> Gathered:
    """The batch of these configurations (K,), -1 for none; n_atoms, n_pairs: rows, at least as many as they have."""
    atoms, place, real, begins = _rows(tables.offsets, chosen, n_atoms)
    first, second, distances = (torch.zeros(0, dtype=torch.int64, device=chosen.device),) * 2 + (None,)
    paired = torch.zeros(0, dtype=torch.bool, device=chosen.device)
    if n_pairs:
        rows, of, paired, _ = _rows(tables.pair_offsets, chosen, n_pairs)
        shift = begins[of.clamp(max=len(chosen) - 1)]
        # empty rows add nothing, but each to another atom: thousands that met at one would wait for one another
        spread = torch.arange(n_pairs, device=chosen.device) % n_atoms
        first, second = (
            torch.where(paired, local[rows].long() + shift, spread) for local in (tables.first, tables.second)
        )
        distances = None if tables.distances is None else tables.distances[rows]
    positions = tables.positions[atoms]
    return Gathered(chosen, atoms, real, place, tables.species[atoms], positions, first, second, paired, distances)


def _rows(
    offsets: torch.Tensor, chosen: torch.Tensor, n_rows: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rows of the chosen pieces one after another in (n_rows,): row, place, whether it counts; where pieces begin."""
    piece = chosen.clamp(min=0)
    sizes = torch.where(chosen >= 0, offsets[piece + 1] - offsets[piece], 0)
    ends = torch.cumsum(sizes, 0)
    slots = torch.arange(n_rows, device=chosen.device)
    place = torch.searchsorted(ends, slots, right=True)
    real = place < len(chosen)
    inside = place.clamp(max=len(chosen) - 1)
    begins = ends - sizes
    rows = torch.where(real, offsets[piece][inside] + slots - begins[inside], 0)
    return rows, place, real, begins
