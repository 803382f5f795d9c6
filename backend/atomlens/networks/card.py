"""The model card: everything about a checkpoint but its weights. Reading one needs no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import NUMBERS
from atomlens.errors import CheckpointError, InputError
from atomlens.networks.protocol import Quantity
from atomlens.networks.sites import NEIGHBOURS, Sites
from atomlens.networks.trust import ErrorScales
from atomlens.networks.volumes import Volumes
from atomlens.units import EV_KCAL_PER_MOL

CARD, WEIGHTS = "card.json", "model.safetensors"


@dataclass(frozen=True, eq=False)
class Card:
    """A model card. `raw` is the JSON; the rest are its parts that the program needs by name."""

    raw: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Card:
        """Read folder/card.json; raises `CheckpointError` for one that is missing, incomplete or wrong."""
        path = folder / CARD
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CheckpointError(f"The card {path} cannot be read: {error}.") from error
        missing = [key for key in _REQUIRED if key not in raw]
        if missing:
            raise CheckpointError(f"The card {path} lacks {', '.join(missing)}.")
        for key, allowed in _ALLOWED.items():
            if raw[key] not in allowed:
                raise CheckpointError(f"The card {path}: {key} is {raw[key]!r}, not {' or '.join(allowed)}.")
        units = _UNITS[raw["property"]]
        if (raw["unit"], raw["contribution_unit"]) != units:
            raise CheckpointError(f"The card {path}: the units of {raw['property']} are {' and '.join(units)}.")
        unknown = [str(symbol) for symbol in raw["elements"] if symbol not in NUMBERS]
        if unknown:
            raise CheckpointError(f"The card {path} names {', '.join(unknown)}, which are no elements.")
        return cls(raw)

    @property
    def name(self) -> str:
        """data-family-property."""
        return str(self.raw["name"])

    @property
    def title(self) -> str:
        """For people."""
        return str(self.raw["title"])

    @property
    def family(self) -> str:
        """``schnet`` or ``bp``."""
        return str(self.raw["family"])

    @property
    def training_set(self) -> str:
        """What a released name begins with, as ``qm9`` or ``organic``; of one put together otherwise the whole."""
        return self.name.removesuffix(f"-{self.family}-{self.quantity}")

    @property
    def quantity(self) -> Quantity:
        """``energy`` or ``dipole``."""
        return cast(Quantity, self.raw["property"])

    @property
    def unit(self) -> str:
        """Of the total: eV or debye."""
        return str(self.raw["unit"])

    @property
    def contribution_unit(self) -> str:
        """Of the contributions: eV or e."""
        return str(self.raw["contribution_unit"])

    @property
    def elements(self) -> tuple[int, ...]:
        """Atomic numbers, ascending."""
        return tuple(sorted(NUMBERS[symbol] for symbol in self.raw["elements"]))

    @property
    def cutoff(self) -> float:
        """Å."""
        return float(self.raw["cutoff"])

    @property
    def n_members(self) -> int:
        """Networks in the ensemble."""
        return len(self.raw["members"])

    @property
    def checkpoint_hash(self) -> str:
        """SHA-256 of the weights' file."""
        return str(self.raw["sha256"])

    @property
    def test(self) -> dict[str, Any] | None:
        """mae, unit, n on the test molecules; None for an imported model, of which no error is known."""
        return cast("dict[str, Any] | None", self.raw["test"])

    @property
    def knows_displaced(self) -> bool:
        """Whether the model was tested on geometries away from minima, which it has learned too."""
        return bool((self.test or {}).get("displaced"))

    @property
    def trained(self) -> dict[str, Any]:
        """atoms_max, heavy_atoms_max of the training molecules; empty where those are not known."""
        return cast(dict[str, Any], self.raw["trained"])

    @property
    def periodic(self) -> bool:
        """Whether it is a model of crystals, which have a cell, and not of molecules."""
        return bool(self.raw.get("periodic", False))

    @property
    def volumes_trained(self) -> tuple[float, float] | None:
        """Least and largest volume of a training crystal per atom, Å³; None for models of molecules."""
        found = self.trained.get("volume_per_atom")
        return None if found is None else (float(found[0]), float(found[1]))

    @property
    def stoichiometries_trained(self) -> frozenset[tuple[int, ...]] | None:
        """Those of the training crystals (`chem.elements.stoichiometry`), where they have a few; None otherwise."""
        found = self.trained.get("stoichiometries")
        return None if found is None else frozenset(tuple(int(n) for n in one) for one in found)

    @property
    def most_atoms_trained(self) -> int | None:
        """Atoms of the largest molecule that trained; None where the card does not say."""
        found = self.trained.get("atoms_max")
        return None if found is None else int(found)

    @property
    def atoms_trained(self) -> int:
        """Atoms of the smallest molecule that trained; 0 where the card does not say."""
        return int(self.trained.get("atoms_min", 0))

    @property
    def structures_of_element(self) -> dict[str, int] | None:
        """Of how many training structures each element is part, by symbol; None where that was not counted."""
        return cast("dict[str, int] | None", (self.raw.get("data") or {}).get("structures_of_element"))

    @property
    def additive_coefficients(self) -> dict[str, list[float]] | None:
        """Of an additive model of the same data, by symbol; None where there is none."""
        return cast("dict[str, list[float]] | None", ((self.test or {}).get("additive") or {}).get("coefficients"))

    @property
    def description(self) -> str:
        """A sentence or two."""
        return str(self.raw["description"])

    @property
    def limits(self) -> tuple[str, ...]:
        """What the model cannot do."""
        return tuple(self.raw["limits"])

    @property
    def free_atom_energies(self) -> dict[str, float] | None:
        """Energies of the free atoms at the model's level, eV by symbol, or None where unknown."""
        return cast("dict[str, float] | None", self.raw["free_atom_energies"])

    @property
    def error_scales(self) -> ErrorScales | None:
        """What error the model's own signs announce; None where that was not fitted, or for an earlier checkpoint."""
        found = self.raw.get("trust")
        if self.periodic or found is None or found["checkpoint"] != self.checkpoint_hash:
            return None
        strain = (found.get("strain") or {}).get("per_atom", 0.0)
        return ErrorScales(
            found["spread"], found["distance"] / EV_KCAL_PER_MOL**2, found["atoms"], strain / EV_KCAL_PER_MOL
        )

    @property
    def volumes(self) -> Volumes | None:
        """How long bonds are in the training crystals; None for molecules, or for an earlier checkpoint or card."""
        found = self._of_crystals("volumes")
        if found is None or "stretches" not in found:
            return None
        low, high, least, most = found["stretches"]
        stretches = (float(low), float(high), float(least), float(most))
        return Volumes(_by_number(found["radii"]), _by_number(found["sums"]), _by_pair(found["pairs"], 0.0), stretches)

    @property
    def sites(self) -> Sites | None:
        """How sites stand to their neighbours in the training crystals; None as above."""
        found = self._of_crystals("sites")
        if found is None:
            return None
        low, least = found["ratios"]
        shells = np.array(found["shells"], dtype=np.float64).reshape(-1, NEIGHBOURS)
        return Sites(_by_number(found["radii"]), (float(low), float(least)), _by_pair(found["closest"], np.inf), shells)

    def _of_crystals(self, what: str) -> dict[str, Any] | None:
        trust = self.raw.get("trust")
        return trust.get(what) if trust and trust["checkpoint"] == self.checkpoint_hash else None

    @property
    def has_atlas(self) -> bool:
        """Whether an atlas of this checkpoint stands beside it (`networks.atlas`)."""
        return bool((self.raw.get("atlas") or {}).get("checkpoint") == self.checkpoint_hash)

    @property
    def reference_energies(self) -> NDArray[np.float64]:
        """(119,) ε_Z in eV, NaN for unknown elements; zeros for a dipole model."""
        if self.quantity == "dipole":
            return np.zeros(119)
        energies = np.full(119, np.nan)
        for symbol, value in self.raw["reference_energies"].items():
            energies[NUMBERS[symbol]] = value
        return energies


def _by_number(values: Mapping[str, float]) -> NDArray[np.float64]:
    """(119,) by atomic number, of values by symbol; NaN elsewhere."""
    found = np.full(119, np.nan)
    for symbol, value in values.items():
        found[NUMBERS[symbol]] = value
    return found


def _by_pair(values: Mapping[str, float], elsewhere: float) -> NDArray[np.float64]:
    """(119, 119) by atomic numbers, symmetric, of values by two symbols."""
    found = np.full((119, 119), elsewhere)
    for pair, value in values.items():
        one, other = (NUMBERS[symbol] for symbol in pair.split("-"))
        found[one, other] = found[other, one] = value
    return found


def check_kind(name: str, periodic: bool, crystal: bool) -> None:
    """Raise `InputError` where a model is of crystals and the input is none, or the other way round."""
    if periodic and not crystal:
        raise InputError(
            f"{name} is a model of crystals, and this input has no cell.",
            code="no_cell",
            field="molecule",
            hint="Give a CIF, or an extended XYZ file with a Lattice.",
        )
    if crystal and not periodic:
        raise InputError(
            f"{name} is a model of molecules, and this input is a crystal.",
            code="crystal",
            field="molecule",
            hint="Models of crystals begin with materials-.",
        )


_ALLOWED = {"family": ("schnet", "bp"), "property": ("energy", "dipole")}
#: Of the total and of the contributions.
_UNITS = {"energy": ("eV", "eV"), "dipole": ("debye", "e")}
_REQUIRED = [
    "name",
    "title",
    "family",
    "property",
    "unit",
    "contribution_unit",
    "elements",
    "cutoff",
    "members",
    "sha256",
    "test",
    "trained",
    "description",
    "limits",
    "free_atom_energies",
    "reference_energies",
]
