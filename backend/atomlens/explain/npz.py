"""Many molecules in one npz file, and their predictions in another: what `atomlens predict` reads and writes.

==============  ====================  ==================================================================
array           shape                 meaning
==============  ====================  ==================================================================
n_atoms         (M,)                  atoms of each molecule, whole numbers from 1
numbers         (sum of n_atoms,)     atomic numbers, molecule after molecule
positions       (sum of n_atoms, 3)   Å
cell            (M, 3, 3)             of crystals: rows lattice vectors, Å; absent for molecules
total           (M,)                  energy with its references in eV, or length of the dipole in debye
contributions   (sum of n_atoms,)     e_i in eV, or latent charges in e
uncertainty     (M,)                  standard deviation of the members' totals; NaN for a single one
unit            ()                    of total: eV or debye
==============  ====================  ==================================================================
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.cell import checked_cell
from atomlens.chem.molecule import COINCIDENT_ANGSTROM
from atomlens.errors import InputError, MalformedInput
from atomlens.explain.prediction import BatchPrediction
from atomlens.networks.protocol import Batch

LAYOUT: Final = "It is an npz of n_atoms (M,), numbers (sum of n_atoms,) and positions (sum of n_atoms, 3) in Å."
#: As for single molecules, no position lies farther from the origin, Å.
FARTHEST: Final = 1e5
#: Kinds of numpy's types that each array may have: whole numbers, or any real ones.
_KINDS: Final = {"n_atoms": "iu", "numbers": "iu", "positions": "iuf"}


def read_batch(path: Path) -> Batch:
    """The molecules of a file, all neutral; raises `MalformedInput` that says what does not fit."""
    sizes, numbers, positions, cells = _arrays(path)
    sizes, numbers = sizes.astype(np.int64), numbers.astype(np.int64)
    if sizes.ndim != 1:
        raise _wrong(path, f"n_atoms has the shape {sizes.shape}, not (M,)")
    if len(sizes) and sizes.min() < 1:
        raise _wrong(path, f"molecule {int(np.argmax(sizes < 1))} (counted from 0) has {sizes[sizes < 1][0]} atoms")
    # Python's whole numbers do not overflow
    total = sum(sizes.tolist())
    if numbers.shape != (total,) or positions.shape != (total, 3):
        raise _wrong(
            path,
            f"n_atoms {sizes.shape} of sum {total}, numbers {numbers.shape} and positions {positions.shape} do not "
            "fit one another",
        )
    if cells is not None and cells.shape != (len(sizes), 3, 3):
        raise _wrong(path, f"cell has the shape {cells.shape}, not ({len(sizes)}, 3, 3)")
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    lattices = None if cells is None else np.array([_cell(path, cell) for cell in cells]).reshape(-1, 3, 3)
    batch = Batch(numbers, positions.astype(np.float64), offsets, np.zeros(len(sizes), dtype=np.int64), lattices)
    _check_positions(path, batch)
    return batch


def to_npz(result: BatchPrediction) -> bytes:
    """The bytes of the file of predictions."""
    buffer = io.BytesIO()
    np.savez(
        buffer,
        total=result.total,
        contributions=result.contributions,
        uncertainty=result.uncertainty,
        unit=np.array(result.unit),
    )
    return buffer.getvalue()


def _cell(path: Path, cell: NDArray[Any]) -> NDArray[np.float64]:
    try:
        return checked_cell(cell)
    except InputError as error:
        raise _wrong(path, error.message.rstrip(".")) from error


def _arrays(path: Path) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any] | None]:
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise _wrong(path, "it is no npz file")
        with np.load(path, allow_pickle=False) as stored:
            missing = [name for name in _KINDS if name not in stored]
            if missing:
                raise _wrong(path, f"it has no {' and no '.join(missing)}")
            found = [stored[name] for name in _KINDS]
            cells = stored.get("cell")
    except OSError as error:
        raise _wrong(path, (error.strerror or str(error)).lower()) from error
    # zlib's own errors are the base of none of the others
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise _wrong(path, str(error).rstrip(".")) from error
    for (name, kinds), array in zip(_KINDS.items(), found, strict=True):
        if array.dtype.kind not in kinds:
            wanted = "whole numbers" if kinds == "iu" else "real numbers"
            raise _wrong(path, f"{name} has the type {array.dtype}, which does not hold {wanted}")
    if cells is not None and cells.dtype.kind not in "iuf":
        raise _wrong(path, f"cell has the type {cells.dtype}, which does not hold real numbers")
    sizes, numbers, positions = found
    return sizes, numbers, positions, cells


def _check_positions(path: Path, batch: Batch) -> None:
    """Raise `MalformedInput` for the first molecule whose atoms lie nowhere, too far or on one another."""
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero(~(np.abs(batch.positions) <= FARTHEST).all(axis=1))
    if len(bad):
        molecule = int(np.searchsorted(batch.offsets, bad[0], side="right")) - 1
        raise _wrong(
            path,
            f"a position in molecule {molecule} (counted from 0) is not a finite number within {FARTHEST:,.0f} Å",
        )
    coincident = _first_coincidence(batch)
    if coincident is not None:
        raise _wrong(
            path,
            f"two atoms of molecule {coincident} (counted from 0) are nearer than {COINCIDENT_ANGSTROM} Å",
        )


def _first_coincidence(batch: Batch) -> int | None:
    from scipy.spatial import cKDTree

    for molecule, (start, end) in enumerate(zip(batch.offsets[:-1], batch.offsets[1:], strict=True)):
        if cKDTree(batch.positions[start:end]).query_pairs(COINCIDENT_ANGSTROM):
            return molecule
    return None


def _wrong(path: Path, reason: str) -> MalformedInput:
    return MalformedInput(f"{path} cannot be read: {reason}.", field="in", hint=LAYOUT)
