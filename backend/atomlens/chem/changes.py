"""What can be changed of a molecule by hand (`chem.edit` does it). Atoms count from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Group = Literal[
    "methyl", "hydroxyl", "amino", "fluoro", "chloro", "cyano", "formyl", "carboxyl", "methoxy", "nitro", "phenyl"
]
#: What can take the place of a hydrogen; the first atom of the SMILES, which has a hydrogen too many, is bound.
GROUPS: Final[Mapping[Group, str]] = MappingProxyType(
    {
        "methyl": "C",
        "hydroxyl": "O",
        "amino": "N",
        "fluoro": "F",
        "chloro": "Cl",
        "cyano": "C#N",
        "formyl": "C=O",
        "carboxyl": "C(=O)O",
        "methoxy": "OC",
        "nitro": "[NH+](=O)[O-]",
        "phenyl": "c1ccccc1",
    }
)


@dataclass(frozen=True)
class ToElement:
    """The atom becomes another element."""

    atom: int
    to: str


@dataclass(frozen=True)
class Delete:
    """The atoms go, and with them the hydrogens that are bound to them."""

    atoms: tuple[int, ...]


@dataclass(frozen=True)
class AddHydrogens:
    """One more hydrogen on each of the atoms and on its partner in a multiple bond; no atoms: all that are missing."""

    atoms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Attach:
    """A group of `GROUPS` takes the place of the atom, if that is a hydrogen, else of one of its hydrogens."""

    atom: int
    group: Group


Change = ToElement | Delete | AddHydrogens | Attach
