"""Weighted atom-centred symmetry functions: the input of the Behler–Parrinello networks.

Gastegger, Schwiedrzik, Bittermann, Berzsenyi, Marquetand, J. Chem. Phys. 148, 241709 (2018):

    radial   G_i = Σ_j Z_j exp(−η (d_ij − μ)²) f_c(d_ij)
    angular  G_i = 2^{1−ζ} Σ_{j<k} Z_j Z_k (1 + λ cos θ_jik)^ζ Π_{ij,ik,jk} exp(−η (d − μ)²) f_c(d)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from atomlens.networks.kernels import symmetry_functions as kernel
from atomlens.networks.protocol import Precision
from atomlens.networks.spline import collocation

#: Of the tables that functions of points come from: they err by less than 1e-7 of the spread of a function.
INTERVALS = 1024


@dataclass(frozen=True)
class SymmetryFunctions:
    """A set of functions: rows (η in Å⁻², μ in Å) for radial and angular shells, rows (ζ, λ) for angles."""

    radial: tuple[tuple[float, float], ...]
    shells: tuple[tuple[float, float], ...]
    powers: tuple[tuple[float, float], ...]
    cutoff: float

    @classmethod
    def spaced(
        cls,
        cutoff: float = 6.0,
        radial: int = 24,
        shells: int = 8,
        zetas: tuple[int, ...] = (1, 4),
        start: float = 0.8,
    ) -> SymmetryFunctions:
        """Evenly spaced centres: radial from `start` to 0.5 Å below the cutoff; of the angular shells half are wide
        ones around 0, the others narrow, from `start` on; λ = ±1."""
        centres = np.linspace(start, cutoff - 0.5, radial)
        eta = 0.5 / (centres[1] - centres[0]) ** 2
        angular = np.linspace(start, start + (cutoff - start) * 0.6, shells)
        angular_eta = 0.5 / (angular[1] - angular[0]) ** 2 if shells > 1 else 0.1
        # wide shells around 0 see the pairs of unequal lengths that a narrow common centre misses
        wide = [(0.5 / width**2, 0.0) for width in np.geomspace(1.0, 0.6 * cutoff, max(shells // 2, 1))]
        narrow = [(float(angular_eta) * 0.25, float(mu)) for mu in angular[: shells - len(wide)]]
        return cls(
            tuple((float(eta), float(mu)) for mu in centres),
            tuple(wide + narrow),
            tuple((float(zeta), sign) for zeta in zetas for sign in (1.0, -1.0)),
            cutoff,
        )

    def __len__(self) -> int:
        return len(self.radial) + len(self.shells) * len(self.powers)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "radial": [list(row) for row in self.radial],
            "shells": [list(row) for row in self.shells],
            "powers": [list(row) for row in self.powers],
            "cutoff": self.cutoff,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> SymmetryFunctions:
        """Inverse of `to_dict`."""
        rows = {key: tuple((float(a), float(b)) for a, b in data[key]) for key in ("radial", "shells", "powers")}
        return cls(**rows, cutoff=float(data["cutoff"]))

    def _arrays(self) -> tuple[NDArray[np.float64], ...]:
        return tuple(
            np.array(rows, dtype=np.float64).reshape(-1, 2) for rows in (self.radial, self.shells, self.powers)
        )

    def of_molecules(
        self,
        weights: NDArray[np.integer] | NDArray[np.floating],
        positions: NDArray[np.float64],
        offsets: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """(n_atoms, n_functions) for every atom of a batch (positions in Å); weights: Z of every atom."""
        radial, shells, powers = self._arrays()
        features: NDArray[np.float64] = kernel.molecule_functions(
            weights.astype(np.float64),
            np.ascontiguousarray(positions, np.float64),
            offsets,
            radial,
            shells,
            powers,
            self.cutoff,
        )
        return features

    def shares_of_pairs(
        self, numbers: NDArray[np.int64], positions: NDArray[np.float64], slopes: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(n_atoms, n_atoms), symmetric: Σ slopes · ∂(functions of one molecule)/∂s_ij at s = 1.

        slopes: (n_atoms, n_functions); s_ij multiplies f_c(d_ij) in every function that contains it.
        """
        radial, shells, powers = self._arrays()
        shares: NDArray[np.float64] = kernel.shares_of_pairs(
            numbers.astype(np.float64),
            np.ascontiguousarray(positions, np.float64),
            np.ascontiguousarray(slopes, np.float64),
            radial,
            shells,
            powers,
            self.cutoff,
        )
        return shares

    def gradient(
        self, numbers: NDArray[np.int64], positions: NDArray[np.float64], slopes: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(n_atoms, 3): Σ slopes · ∂(functions of one molecule)/∂r, per Å; slopes: (n_atoms, n_functions)."""
        radial, shells, powers = self._arrays()
        by_distance, distances = kernel.slopes_by_distance(
            numbers.astype(np.float64),
            np.ascontiguousarray(positions, np.float64),
            np.ascontiguousarray(slopes, np.float64),
            radial,
            shells,
            powers,
            self.cutoff,
        )
        along = by_distance / np.where(distances > 0.0, distances, 1.0)
        gradient: NDArray[np.float64] = along.sum(1)[:, None] * positions - along @ positions
        return gradient

    def of_points(
        self,
        points: NDArray[np.float64],
        weights: NDArray[np.integer] | NDArray[np.floating],
        positions: NDArray[np.float64],
        precision: Precision = "float64",
    ) -> NDArray[np.floating]:
        """(n_points, n_functions) for points in space (Å) among the atoms of one molecule, summed in `precision`.

        weights: Z of every atom.
        """
        _, shells, powers = self._arrays()
        places = np.ascontiguousarray(points, np.float64)
        table = _table(self, precision)
        n_radial, n_columns = (_filled(len(rows)) for rows in (self.radial, self.shells))
        found: NDArray[np.floating] = kernel.point_functions(
            places, weights.astype(np.float64), positions, table, n_radial, shells, powers, self.cutoff
        )
        if (n_radial, n_columns) == (len(self.radial), len(self.shells)):
            return found
        angular = found[:, n_radial:].reshape(len(found), len(powers), n_columns)[:, :, : len(self.shells)]
        return np.concatenate(
            [found[:, : len(self.radial)], angular.reshape(len(found), len(powers) * len(self.shells))], axis=1
        )

    def reference(self, numbers: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """The same for one molecule in plain torch operations, differentiable: (n_atoms, n_functions)."""
        radial, shells, powers = (torch.from_numpy(rows).to(positions.dtype) for rows in self._arrays())
        n = len(numbers)
        difference = positions.unsqueeze(0) - positions.unsqueeze(1)
        # the diagonal is moved away from zero, where the norm has no derivative, and masked out below
        eye = torch.eye(n, dtype=positions.dtype)
        distance = torch.sqrt((difference**2).sum(-1) + eye)
        envelope = 0.5 * (torch.cos(math.pi * distance / self.cutoff) + 1.0)
        envelope = envelope * (distance < self.cutoff) * (1.0 - eye)
        z = numbers.to(positions.dtype)
        d = distance.unsqueeze(-1)
        gaussians = torch.exp(-radial[:, 0] * (d - radial[:, 1]) ** 2) * envelope.unsqueeze(-1)
        columns = [(gaussians * z[None, :, None]).sum(1)]
        factors = torch.exp(-shells[:, 0] * (d - shells[:, 1]) ** 2) * envelope.unsqueeze(-1)
        cosine = torch.einsum("ijc,ikc->ijk", difference, difference)
        cosine = cosine / (distance.unsqueeze(2) * distance.unsqueeze(1))
        pair = torch.triu(torch.ones(n, n, dtype=positions.dtype), 1) * z[:, None] * z[None, :]
        triple = factors.unsqueeze(2) * factors.unsqueeze(1) * factors.unsqueeze(0) * pair[None, :, :, None]
        for zeta, sign in powers.tolist():
            angle = 2.0 ** (1.0 - zeta) * (1.0 + sign * cosine) ** int(zeta)
            columns.append((angle.unsqueeze(-1) * triple).sum((1, 2)))
        return torch.cat(columns, dim=1)


def _filled(columns: int) -> int:
    """So many columns, and more up to a whole number of the kernel's lanes."""
    return -(-columns // kernel.LANES) * kernel.LANES


@lru_cache(maxsize=8)
def _table(functions: SymmetryFunctions, precision: Precision) -> NDArray[np.floating]:
    """Splines of exp(−η(d−μ)²) f_c(d), radial functions and then shells, each filled up with zeros:
    (INTERVALS + 3, n_radial + n_columns)."""
    sites, solve = collocation(INTERVALS, functions.cutoff)
    d = sites[:, None]
    envelope = 0.5 * (np.cos(np.pi * d / functions.cutoff) + 1.0)
    parts = []
    for listed in (functions.radial, functions.shells):
        rows = np.array(listed, dtype=np.float64).reshape(-1, 2)
        part = solve @ (np.exp(-rows[:, 0] * (d - rows[:, 1]) ** 2) * envelope)
        parts.append(np.pad(part, ((0, 0), (0, _filled(len(rows)) - len(rows)))))
    return np.ascontiguousarray(np.concatenate(parts, axis=1), dtype=precision)
