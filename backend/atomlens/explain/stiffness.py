"""How stiff a molecule is along its bonds, angles and torsions: what L-BFGS is told before it has seen any curvature.

Bonds are a hundred times stiffer than torsions: steps of one length for all directions are short for the one or long
for the other. The model Hessian of Lindh, Bernhardsson, Karlström & Malmqvist (Chem. Phys. Lett. 241, 423 (1995)) has
one force constant for each kind of internal coordinate; here the coordinates are those of the bonds that a molecule
has, and each constant is the one at the bond's own length. It sets the steps alone: minima and energies are the
network's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from ase import Atoms
from ase.optimize.precon.precon import Precon
from ase.units import Bohr, Hartree
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from atomlens.chem.connections import neighbours
from atomlens.chem.constitution import Bonds

#: Force constants of Lindh et al.: of bonds, eV/Å², of angles and of torsions, eV.
STRETCH = 0.45 * Hartree / Bohr**2
BEND = 0.15 * Hartree
TURN = 0.005 * Hartree
#: Of every atom beside, eV/Å²: what no bond, angle or torsion holds (the whole molecule's motions, contacts).
REST = 0.3
#: Of an atom that has no bond, eV/Å².
ALONE = 25.0
#: Sine of an angle below which its three atoms count as in a line.
STRAIGHT = 0.26


class InternalCoordinates:
    """Bonds (n, 2), angles (n, 3), centre in the middle, and torsions (n, 4) of a molecule: indices of its atoms."""

    def __init__(self, n_atoms: int, bonds: Bonds) -> None:
        pairs = [(first, second) for first, second, _ in bonds]
        beside = neighbours(n_atoms, pairs)
        angles = [
            (i, centre, k)
            for centre, around in enumerate(beside)
            for n, i in enumerate(around)
            for k in around[n + 1 :]
        ]
        torsions = [(i, j, k, m) for j, k in pairs for i in beside[j] if i != k for m in beside[k] if m not in (j, i)]
        self.n_atoms = n_atoms
        self.bonds, self.angles, self.torsions = _indices(pairs, 2), _indices(angles, 3), _indices(torsions, 4)
        self.alone = np.array([not around for around in beside])

    def stiffness(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """The model Hessian, (3 n_atoms, 3 n_atoms), eV/Å², positive definite. positions: (n_atoms, 3) Å."""
        parts = [self._stretches(positions), *self._bends(positions), self._turns(positions)]
        atoms = [np.repeat(which, 3, axis=1) * 3 + np.tile([0, 1, 2], which.shape[1]) for which, _ in parts]
        slopes = [slope.reshape(len(slope), 3 * which.shape[1]) for which, slope in parts]
        counts = np.concatenate([np.full(len(slope), slope.shape[1]) for slope in slopes])
        rows = csr_array(
            (
                np.concatenate([slope.ravel() for slope in slopes]),
                np.concatenate([which.ravel() for which in atoms]),
                np.concatenate([[0], np.cumsum(counts)]),
            ),
            shape=(len(counts), 3 * self.n_atoms),
        )
        found: NDArray[np.float64] = (rows.T @ rows).toarray()
        found[np.diag_indices_from(found)] += np.repeat(np.where(self.alone, ALONE, REST), 3)
        return found

    def _stretches(self, positions: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        along, _ = _unit(positions[self.bonds[:, 0]] - positions[self.bonds[:, 1]])
        return self.bonds, np.sqrt(STRETCH) * np.stack([along, -along], axis=1)

    def _bends(self, positions: NDArray[np.float64]) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        i, centre, k = self.angles.T
        u, u_length = _unit(positions[i] - positions[centre])
        v, v_length = _unit(positions[k] - positions[centre])
        cosine = (u * v).sum(axis=1, keepdims=True)
        sine = np.sqrt(np.clip(1.0 - cosine**2, 0.0, None))
        bent = sine[:, 0] > STRAIGHT
        cos, sin, a, b, a_length, b_length = (each[bent] for each in (cosine, sine, u, v, u_length, v_length))
        first, last = (cos * a - b) / (sin * a_length), (cos * b - a) / (sin * b_length)
        found = [(self.angles[bent], np.sqrt(BEND) * np.stack([first, -first - last, last], axis=1))]
        # three atoms in a line bend both ways: the sum (folded up: difference) of both unit vectors, in all directions
        for axis in range(3):
            unit = np.eye(3)[axis]
            first = (unit - u * u[:, axis : axis + 1]) / u_length
            last = -np.sign(cosine) * (unit - v * v[:, axis : axis + 1]) / v_length
            slopes = np.stack([first, -first - last, last], axis=1)
            found.append((self.angles[~bent], np.sqrt(BEND) * slopes[~bent]))
        return found

    def _turns(self, positions: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        i, j, k, m = self.torsions.T
        before, axis, after = positions[i] - positions[j], positions[k] - positions[j], positions[m] - positions[k]
        along, length = _unit(axis)
        one, two = np.cross(axis, before), np.cross(axis, after)
        first_square, last_square = ((normal**2).sum(axis=1, keepdims=True) for normal in (one, two))
        sines = np.sqrt(first_square / (before**2).sum(axis=1, keepdims=True)) / length
        other = np.sqrt(last_square / (after**2).sum(axis=1, keepdims=True)) / length
        known = (sines > STRAIGHT) & (other > STRAIGHT)  # round an axis whose ends are bent
        with np.errstate(invalid="ignore", divide="ignore"):
            first, last = length * one / first_square, -length * two / last_square
        at = (before * along).sum(axis=1, keepdims=True) / length
        to = (after * along).sum(axis=1, keepdims=True) / length
        slopes = np.stack([first, (at - 1.0) * first + to * last, -at * first - (1.0 + to) * last, last], axis=1)
        return self.torsions[known[:, 0]], np.sqrt(TURN) * slopes[known[:, 0]]


class ModelHessian(Precon):  # type: ignore[misc]  # ASE has no types
    """The stiffness as ASE's optimizers take it, of every geometry anew."""

    def __init__(self, n_atoms: int, bonds: Bonds) -> None:
        self.coordinates = InternalCoordinates(n_atoms, bonds)
        self.matrix: NDArray[np.float64] = np.zeros((0, 0))
        self._factor: Any = None

    def make_precon(self, atoms: Atoms, reinitialize: bool | None = None) -> None:
        """Take the geometry's."""
        self.matrix = self.coordinates.stiffness(atoms.positions)
        self._factor = cho_factor(self.matrix)

    def Pdot(self, x: NDArray[np.float64]) -> NDArray[np.float64]:  # noqa: N802 (ASE's name)
        """The matrix times a vector."""
        return self.matrix @ x

    def solve(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Its inverse times a vector."""
        return cho_solve(self._factor, x)

    def copy(self) -> ModelHessian:
        """As ASE asks for it."""
        found = ModelHessian.__new__(ModelHessian)
        found.coordinates, found.matrix, found._factor = self.coordinates, self.matrix, self._factor
        return found

    def asarray(self) -> NDArray[np.float64]:
        """The matrix."""
        return self.matrix


def _indices(found: Sequence[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    return np.array(found, dtype=np.int64).reshape(-1, width)


def _unit(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / lengths, lengths
