"""The atlas of a model's environments: models/NAME/atlas.safetensors, beside the card, which holds its hash.

An index derived from the model's own answers for molecules of its data set: no reference energy is in it. Of every
element and chemical environment (`chem.atom_groups`) how the contributions (eV), or latent charges (e), of the test
atoms are distributed; and a thinned sample of training atoms with their molecules, so that those most like another atom
can be found and shown. Written by `training.atlas`, read without torch.

==============  ==================  =======================================================================
tensor          shape, type         meaning
==============  ==================  =======================================================================
meta            (n,) uint8          deflated JSON: model, checkpoint, data, licence, unit, distributions, ids,
                                    smiles, rings
atoms           (n_atoms, 4) int16  of a training atom: atomic number, environment (in `meta`'s list of its
                                    element), molecule, place in it
values          (n_atoms,) float32  its contribution or charge
reduced         (n_atoms, k) half   its representation (`networks.environments.reduced`)
sizes           (n_molecules, 2)    int16, atoms and bonds of each molecule
numbers         (sum,) uint8        atomic numbers of all molecules
positions       (sum, 3) int16      steps of `STEP` Å from the middle of each
bonds           (sum, 3) uint8      first, second, twice the order
==============  ==================  =======================================================================
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from atomlens.chem.elements import SYMBOLS, formula
from atomlens.errors import CheckpointError, NotFound
from atomlens.networks.card import Card

ATLAS = "atlas.safetensors"
if TYPE_CHECKING:  # it brings RDKit, which the process that answers does without
    from atomlens.chem.constitution import Bonds

#: Å; positions are kept to this.
STEP: Final = 0.001
#: Per cent at which quantiles are kept.
PERCENTS: NDArray[np.float64] = np.linspace(0.0, 100.0, 101)


@dataclass(frozen=True, eq=False)
class Atlas:
    """See the head of this module; `offsets`: (n_molecules + 1, 2) where atoms and bonds of a molecule begin."""

    meta: dict[str, Any]
    atoms: NDArray[np.int16]
    values: NDArray[np.float32]
    reduced: NDArray[np.float16]
    offsets: NDArray[np.int64]
    numbers: NDArray[np.uint8]
    positions: NDArray[np.int16]
    bonds: NDArray[np.uint8]

    def distribution(self, symbol: str) -> dict[str, Any]:
        """Of the test atoms of this element (docs/http.md, Environments); raises `NotFound` for one without."""
        known = self.meta["elements"]
        if symbol not in known:
            raise NotFound(
                f"The atlas of {self.meta['model']} has no atoms of {symbol}.",
                code="no_atlas",
                field="element",
                hint=f"It has {', '.join(known)}.",
            )
        kept = ("model", "checkpoint", "unit", "data", "licence", "molecules")
        return {**{key: self.meta[key] for key in kept}, "element": symbol, **known[symbol]}

    def percentile(self, symbol: str, value: float, group: str | None = None) -> float | None:
        """Per cent of test atoms of the element, or of one environment, below this value; None where there are none."""
        quantiles = self._table(symbol, group).get("quantiles")
        return None if not quantiles else float(np.interp(value, quantiles, PERCENTS))

    def count(self, symbol: str, group: str | None = None) -> int:
        """Test atoms of the element, or of one environment, on which a percentile rests."""
        return int(self._table(symbol, group).get("n", 0))

    def _table(self, symbol: str, group: str | None) -> dict[str, Any]:
        table: dict[str, Any] = self.meta["elements"].get(symbol, {"groups": []})
        return table if group is None else next((one for one in table["groups"] if one["name"] == group), {})

    def molecule(self, m: int) -> dict[str, Any]:
        """A molecule of the data set: id, smiles, formula, symbols, positions (Å) and bonds."""
        (atom, bond), (last, end) = self.offsets[m], self.offsets[m + 1]
        numbers = self.numbers[atom:last].astype(np.int64)
        return {
            "id": self.meta["ids"][m],
            "smiles": self.meta["smiles"][m],
            "formula": formula(numbers),
            "symbols": [SYMBOLS[z] for z in numbers],
            "positions": (self.positions[atom:last] * STEP).round(3).tolist(),
            "bonds": [[int(i), int(j), order / 2] for i, j, order in self.bonds[bond:end].tolist()],
        }

    def nearest(self, z: int, reduced: NDArray[np.float64], n: int) -> list[tuple[int, float]]:
        """The n training atoms of element z nearest to a reduced representation (k,): index and distance."""
        mine = np.flatnonzero(self.atoms[:, 0] == z)
        distances = np.linalg.norm(self.reduced[mine].astype(np.float64) - reduced, axis=1)
        order = np.argsort(distances, kind="stable")[:n]
        return [(int(mine[k]), float(distances[k])) for k in order]


def read_atlas(folder: Path, card: Card) -> Atlas:
    """The atlas of the model in `folder`.

    Raises `NotFound` where there is none, or one of an earlier checkpoint; `CheckpointError` for another file than the
    card names, or a broken one.
    """
    path, hint = folder / ATLAS, f"atomlens atlas {card.name} makes it."
    entry = card.raw.get("atlas")
    if entry is None or not path.is_file():
        raise NotFound(f"There is no atlas of {card.name}.", code="no_atlas", field="model", hint=hint)
    if entry["checkpoint"] != card.checkpoint_hash:
        message = f"The atlas of {card.name} is of an earlier checkpoint."
        raise NotFound(message, code="no_atlas", field="model", hint=hint)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise CheckpointError(f"{path} is not the file that its card names (sha256).", hint=hint)
    arrays = load_arrays(data)
    sizes = arrays.pop("sizes").astype(np.int64)
    offsets = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(sizes, axis=0)])
    return Atlas(json.loads(zlib.decompress(arrays.pop("meta").tobytes())), offsets=offsets, **arrays)


def atlas_bytes(
    meta: dict[str, Any],
    atoms: NDArray[np.int64],
    values: NDArray[np.float64],
    reduced: NDArray[np.float64],
    molecules: list[tuple[NDArray[np.int64], NDArray[np.float64], Bonds]],
) -> bytes:
    """The file. molecules: atomic numbers, positions (n, 3) in Å, and bonds of each."""
    placed = [np.round((positions - positions.mean(0)) / STEP) for _, positions, _ in molecules]
    bonds = [(i, j, round(2 * order)) for _, _, listed in molecules for i, j, order in listed]
    text = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode()
    arrays = {
        "meta": np.frombuffer(zlib.compress(text, 9), dtype=np.uint8),
        "atoms": _narrowed(atoms, np.int16),
        "values": values.astype(np.float32),
        "reduced": reduced.astype(np.float16),
        "sizes": _narrowed([(len(numbers), len(listed)) for numbers, _, listed in molecules], np.int16),
        "numbers": _narrowed(np.concatenate([numbers for numbers, _, _ in molecules]), np.uint8),
        "positions": _narrowed(np.concatenate(placed), np.int16),
        "bonds": _narrowed(bonds, np.uint8),
    }
    return save_arrays(arrays)


def _narrowed(values: ArrayLike, kind: type[np.int16 | np.uint8]) -> NDArray[np.integer]:
    """The same whole numbers in fewer bytes; raises `ValueError` for one that has no room there."""
    whole, room = np.asarray(values), np.iinfo(kind)
    if whole.size and not (room.min <= whole.min() and whole.max() <= room.max):
        raise ValueError(f"{whole.min()} to {whole.max()} does not fit {kind.__name__}")
    return np.ascontiguousarray(whole.astype(kind))
