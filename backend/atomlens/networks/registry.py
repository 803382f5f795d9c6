"""The models of a folder: cards at once, weights when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from atomlens.errors import CheckpointError, NotFound
from atomlens.networks.atlas import Atlas, read_atlas
from atomlens.networks.card import CARD, Card

if TYPE_CHECKING:
    from atomlens.networks.protocol import AtomicModel


class ModelRegistry:
    """Released models under one folder, each in a folder of its own name; raises `CheckpointError` for a bad card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cards = [_read(path.parent) for path in sorted(folder.glob(f"*/{CARD}"))]
        # molecules before crystals, energies before dipoles, Behler–Parrinello before SchNet: the order of showing
        cards.sort(key=lambda card: (card.periodic, card.quantity != "energy", card.family, card.name))
        self._cards = {card.name: card for card in cards}
        self._loaded: dict[str, AtomicModel] = {}
        self._atlases: dict[str, Atlas] = {}

    @property
    def cards(self) -> Mapping[str, Card]:
        """Card by name, in the order of showing."""
        return self._cards

    def molecular_elements(self) -> list[tuple[int, ...]]:
        """Atomic numbers that each model of molecules knows, in the order of showing."""
        return [card.elements for card in self._cards.values() if not card.periodic]

    def card(self, name: str, field: str = "model") -> Card:
        """The card of that name; raises `NotFound` naming those there are. field: of the request, that names it."""
        try:
            return self._cards[name]
        except KeyError:
            raise NotFound(
                f"There is no model {name}.",
                code="unknown_model",
                field=field,
                hint=f"There are {', '.join(self._cards) or 'none'}.",
            ) from None

    def atlas(self, name: str) -> Atlas:
        """The atlas of that model, read once; raises `NotFound` where there is none of its checkpoint."""
        card = self.card(name)
        if name not in self._atlases:
            self._atlases[name] = read_atlas(self.folder / card.name, card)
        return self._atlases[name]

    def atlas_if_any(self, name: str) -> Atlas | None:
        """The same, or None where there is none of its checkpoint."""
        return self.atlas(name) if self.card(name).has_atlas else None

    def load(self, name: str) -> AtomicModel:
        """The model of that name, loaded once."""
        from atomlens.networks.checkpoint import load

        card = self.card(name)
        if name not in self._loaded:
            self._loaded[name] = load(self.folder / card.name)
        return self._loaded[name]


def _read(folder: Path) -> Card:
    card = Card.read(folder)
    if card.name != folder.name:
        raise CheckpointError(f"The card in {folder} is of a model named {card.name}: folder and name must agree.")
    return card
