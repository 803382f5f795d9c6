"""The molecule: a frozen, validated set of nuclei in space, with what is known of its bonds and origin; or a crystal.

A `Molecule` cannot be wrong in form: `__post_init__` refuses shapes that do not fit, numbers that are not
finite, atomic numbers that do not exist, atoms at one place, images included. A crystal is a molecule with a cell: the
atoms of one cell, which are repeated. Whether a *model* can treat it (elements, spin,
charge, fragments) is decided elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.cell import check_images, checked_cell
from atomlens.chem.elements import SYMBOLS, formula
from atomlens.errors import InputError, MalformedInput

#: Sources of geometries whose atoms somebody moved, or exchanged, added or deleted.
MOVED: Final = "moved by hand"
EDITED: Final = "edited by hand"
#: Those that are no minima of density-functional theory, or by chance.
_NO_MINIMA: Final = frozenset({"frame of a file", "force field", "relaxed", "partly relaxed", MOVED, EDITED})
#: Two nuclei nearer than this are one mistake (the shortest bond, H2, is 0.74 Å long).
COINCIDENT_ANGSTROM = 0.3

#: How warnings begin that are of the positions, not of the molecule.
OF_POSITIONS: Final = ("Torn: ", "Were these bohr")


@dataclass(frozen=True)
class Geometry:
    """Where the positions came from.

    `source`: "file" | "frame of a file" | "force field" | "quantum chemistry" | "relaxed" | "partly relaxed" |
    "moved by hand" | "edited by hand", or the name of a set of quantum chemistry whose value is shown (QM9);
    `method`: e.g. "MMFF94", "UFF" or a file format;
    `note`: a sentence for people, or "".
    """

    source: str
    method: str = ""
    note: str = ""

    @property
    def at_rest(self) -> bool:
        """Whether it may be a minimum of density-functional theory.

        Frames, and what force fields, networks and hands make, are none; nor what GFN2-xTB makes, to networks of
        another level. SDF and MOL files have no place for where their geometry comes from, and most of them are made
        by programs that have force fields alone.
        """
        return self.source not in _NO_MINIMA and self.method not in ("SDF", "GFN2-xTB")


@dataclass(frozen=True, eq=False)
class Molecule:
    """A molecule in its geometry.

    numbers: (n_atoms,) int64, atomic numbers; positions: (n_atoms, 3) float64, Å; bonds: (first, second,
    order) with first < second and order 1, 2, 3 or 1.5 (aromatic); charge: total charge in e; smiles:
    canonical, or "" where no constitution is known; warnings: sentences for people; cell: of a crystal, (3, 3)
    float64, rows lattice vectors in Å; None for a molecule.
    """

    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    bonds: tuple[tuple[int, int, float], ...] = ()
    charge: int = 0
    smiles: str = ""
    name: str = ""
    geometry: Geometry = Geometry("file")
    warnings: tuple[str, ...] = ()
    cell: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        numbers = np.array(self.numbers, dtype=np.int64)
        positions = np.array(self.positions, dtype=np.float64)
        if numbers.ndim != 1 or positions.shape != (len(numbers), 3):
            raise InputError(f"{numbers.shape} atomic numbers do not fit {positions.shape} positions.", code="shape")
        if len(numbers) == 0:
            raise InputError("The molecule has no atoms.", code="empty")
        if numbers.min() < 1 or numbers.max() >= len(SYMBOLS):
            raise InputError("An atomic number lies outside 1 to 118.", code="atomic_number", field="numbers")
        check_positions(positions)
        if self.cell is not None:
            object.__setattr__(self, "cell", checked_cell(self.cell))
            check_images(positions, np.asarray(self.cell), COINCIDENT_ANGSTROM)
        for first, second, _ in self.bonds:
            if not 0 <= first < second < len(numbers):
                raise InputError(f"Bond {first}-{second} names no pair of atoms.", code="bond", field="bonds")
        numbers.setflags(write=False)
        positions.setflags(write=False)
        object.__setattr__(self, "numbers", numbers)
        object.__setattr__(self, "positions", positions)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Element symbols, atom by atom."""
        return tuple(SYMBOLS[z] for z in self.numbers)

    @property
    def formula(self) -> str:
        """Sum formula in Hill order."""
        return formula(self.numbers)

    @property
    def id(self) -> str:
        """Content hash of what the networks see and the page draws: nuclei, bonds, charge, name, origin."""
        digest = hashlib.sha256()
        digest.update(self.numbers.astype("<i8").tobytes())
        digest.update(self.positions.astype("<f8").tobytes())
        digest.update(repr((self.bonds, self.charge, self.smiles, self.name, self.geometry, self.warnings)).encode())
        digest.update(self._cell_bytes)
        return digest.hexdigest()[:24]

    @property
    def structure_hash(self) -> str:
        """Content hash of what the networks see alone: elements, positions, charge, cell."""
        digest = hashlib.sha256(self.numbers.astype("<i8").tobytes())
        digest.update(self.positions.astype("<f8").tobytes())
        digest.update(str(self.charge).encode())
        digest.update(self._cell_bytes)
        return digest.hexdigest()

    @property
    def _cell_bytes(self) -> bytes:
        return b"" if self.cell is None else b"cell" + self.cell.astype("<f8").tobytes()

    def elsewhere(self, positions: NDArray[np.float64], geometry: Geometry) -> Molecule:
        """The same molecule with its atoms there, (n_atoms, 3) Å; nothing stays said of where they were before."""
        warnings = tuple(
            said for said in self.warnings if said != self.geometry.note and not said.startswith(OF_POSITIONS)
        )
        return replace(self, positions=positions, geometry=geometry, warnings=warnings)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `from_dict` is its inverse to the last bit."""
        return {
            "id": self.id,
            "name": self.name,
            "formula": self.formula,
            "symbols": list(self.symbols),
            "numbers": self.numbers.tolist(),
            "positions": self.positions.tolist(),
            "bonds": [list(bond) for bond in self.bonds],
            "charge": self.charge,
            "smiles": self.smiles,
            "geometry": {
                "source": self.geometry.source,
                "method": self.geometry.method,
                "note": self.geometry.note,
            },
            "warnings": list(self.warnings),
            "cell": None if self.cell is None else self.cell.tolist(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Molecule:
        """Rebuild from `to_dict`'s form (derived fields in it are ignored)."""
        return cls(
            numbers=np.asarray(data["numbers"], dtype=np.int64),
            positions=np.asarray(data["positions"], dtype=np.float64).reshape(-1, 3),
            bonds=tuple((int(i), int(j), float(order)) for i, j, order in data["bonds"]),
            charge=int(data["charge"]),
            smiles=data["smiles"],
            name=data["name"],
            geometry=Geometry(**data["geometry"]),
            warnings=tuple(data["warnings"]),
            # molecules that were kept before there were crystals have no such entry
            cell=None if data.get("cell") is None else np.asarray(data["cell"], dtype=np.float64),
        )


def check_atom(atom: int, n_atoms: int) -> None:
    """Raise `MalformedInput` where there is no such atom (counted from 0)."""
    if not 0 <= atom < n_atoms:
        raise MalformedInput(f"There is no atom {atom}: the molecule has {n_atoms}.", code="atom", field="atom")


def check_positions(positions: NDArray[np.float64], atoms: NDArray[np.int64] | None = None) -> None:
    """Raise `InputError`: "not_finite", "out_of_range", or "coincident_atoms".

    positions: (n, 3) Å; atoms: (n,) which of a molecule's they are, from 0 (None: all, in their order).
    """
    named = np.arange(len(positions)) if atoms is None else atoms
    bad = np.flatnonzero(~np.isfinite(positions).all(axis=1))
    if len(bad):
        raise InputError(
            f"The position of atom {named[bad[0]] + 1} is not a finite number.", code="not_finite", field="positions"
        )
    if np.abs(positions).max() > 1e5:
        raise InputError("A position lies more than 100,000 Å from the origin.", code="out_of_range", field="positions")
    # sorting along x keeps the search near-linear for large inputs
    order = np.argsort(positions[:, 0], kind="stable")
    x = positions[order, 0]
    for place, atom in enumerate(order):
        end = np.searchsorted(x, x[place] + COINCIDENT_ANGSTROM, side="right")
        others = order[place + 1 : end]
        if len(others):
            distance = np.linalg.norm(positions[others] - positions[atom], axis=1)
            nearest = int(np.argmin(distance))
            if distance[nearest] < COINCIDENT_ANGSTROM:
                first, second = sorted((int(named[atom]) + 1, int(named[others[nearest]]) + 1))
                raise InputError(
                    f"Atoms {first} and {second} are {distance[nearest]:.3f} Å apart: they coincide.",
                    code="coincident_atoms",
                    field="positions",
                    hint=f"Keep every pair of atoms at least {COINCIDENT_ANGSTROM} Å apart.",
                )
