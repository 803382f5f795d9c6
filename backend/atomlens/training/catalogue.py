"""The data sets that recipes may name, and which of them a released model was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atomlens.errors import CheckpointError
from atomlens.networks.card import Card
from atomlens.training.crystals import CRYSTALS
from atomlens.training.datasets import DataSet
from atomlens.training.organic import ORGANIC, ORGANIC_DIPOLE
from atomlens.training.qm9 import QM9

#: By the key that stands in a recipe.
DATA_SETS: Final[Mapping[str, DataSet]] = MappingProxyType(
    {one.key: one for one in (QM9, ORGANIC, ORGANIC_DIPOLE, *CRYSTALS)}
)


def data_set(key: str) -> DataSet:
    """The data set of that name; raises `CheckpointError` naming those there are."""
    try:
        return DATA_SETS[key]
    except KeyError:
        raise CheckpointError(f"There is no data set {key}: there are {', '.join(DATA_SETS)}.") from None


def data_set_of(card: Card) -> DataSet:
    """That which a model was trained on; of an imported model nothing is known, and it is measured on QM9."""
    title = (card.raw.get("data") or {}).get("name", QM9.title)
    found = next((one for one in DATA_SETS.values() if one.title == title), None)
    if found is None:
        raise CheckpointError(f"{card.name} was trained on {title}, which is no data set here.")
    return found
