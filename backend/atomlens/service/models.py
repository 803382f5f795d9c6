"""Use cases of models: what there is, and what a card says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from atomlens.chem.check import check_elements, check_known_to_one
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError
from atomlens.networks.card import Card, check_kind
from atomlens.networks.decay import read_decay
from atomlens.networks.registry import ModelRegistry
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Task
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.tasks import embeddings, rings
from atomlens.storage.database import Database


class Models:
    """The released models, by their cards; weights are loaded in the workers alone."""

    def __init__(self, config: ServiceConfig, database: Database, executor: Executor) -> None:
        self._registry = ModelRegistry(config.models_dir)
        self._config = config
        self._database = database
        self._executor = executor
        self._flights: SingleFlight[dict[str, Any]] = SingleFlight()

    def all(self) -> list[dict[str, Any]]:
        """Every model, as docs/http.md gives it."""
        return [describe(card) for card in self._registry.cards.values()]

    def names(self) -> list[str]:
        """In the order of showing."""
        return list(self._registry.cards)

    def card(self, name: str) -> Card:
        """Raises `NotFound` naming those there are."""
        return self._registry.card(name)

    def of_molecules(self) -> list[Card]:
        """Every model that is not of crystals."""
        return [card for card in self._registry.cards.values() if not card.periodic]

    def checkpoints(self) -> dict[str, str]:
        """Hash of the weights by name."""
        return {name: card.checkpoint_hash for name, card in self._registry.cards.items()}

    def for_molecule(self, molecule: Molecule, names: Sequence[str] | None, *, named_in: str = "models") -> list[Card]:
        """See `for_elements`, of a molecule or a crystal."""
        crystal = molecule.cell is not None
        return self.for_elements(molecule.numbers.tolist(), names, crystal=crystal, named_in=named_in)

    def for_elements(
        self,
        numbers: Sequence[int],
        names: Sequence[str] | None,
        *,
        crystal: bool = False,
        more: Sequence[int] = (),
        field: str = "molecule",
        named_in: str = "models",
    ) -> list[Card]:
        """The cards of these models, or of every model of molecules (or crystals) that knows the elements.

        numbers: atomic numbers of the molecule; more: others, that stand in this `field` of the request; named_in: the
        field of the names. Raises `NotFound`, `UnknownElement` where a named model, or every model, lacks one, and
        `InputError` for a named model of the other kind, or where there is none of this kind.
        """
        if names is not None:
            cards = [self._registry.card(name, named_in) for name in dict.fromkeys(names)]
            for card in cards:
                check_kind(card.name, card.periodic, crystal)
                check_elements(numbers, card.elements, card.name)
                check_elements(more, card.elements, card.name, field)
            return cards
        everyone = list(self._registry.cards.values())
        cards = [card for card in everyone if card.periodic == crystal]
        if everyone and not cards:
            check_kind(everyone[0].name, everyone[0].periodic, crystal)
        fitting = [card for card in cards if {*numbers, *more} <= set(card.elements)]
        if cards and not fitting:
            known = [card.elements for card in cards]
            check_known_to_one(numbers, known, crystal=crystal)
            check_known_to_one([*numbers, *more], known, field, crystal=crystal)
        return fitting

    def decay(self, name: str) -> dict[str, Any]:
        """How a model's pairs fall with distance; raises `NotFound` where that was not measured."""
        card = self.card(name)
        return read_decay(self._registry.folder / card.name, card)

    def environments(self, name: str, element: str) -> dict[str, Any]:
        """How a model's contributions to this element are distributed; raises `NotFound` where it has no atlas."""
        return self._registry.atlas(name).distribution(element)

    async def rings(self, name: str) -> dict[str, Any]:
        """Rings ranked by what an energy model gives their atoms; raises `NotFound`, and `InputError` for another."""
        card = self.card(name)
        if card.quantity != "energy":
            message = f"{card.name} predicts dipole moments: stability is of energies."
            raise InputError(message, code="energies_only", field="model", hint="Name an energy model.")
        return await self._kept("rings", rings, card, references=card.raw["reference_energies"], **card_parts(card))

    async def embeddings(self, name: str) -> dict[str, Any]:
        """A model's element vectors and the order in them; raises `NotFound` for a family without."""
        card = self.card(name)
        known = {"structures": card.structures_of_element, "additive": card.additive_coefficients}
        return await self._kept("element vectors", embeddings, card, **known)

    async def _kept(self, kind: str, task: Task, card: Card, **question: Any) -> dict[str, Any]:
        """What a task finds of a model, computed once for its checkpoint and what else it depends on."""
        key = content_key(kind, checkpoint=card.checkpoint_hash, **question)

        async def compute(_: object) -> dict[str, Any]:
            kept = await self._database.result(key, kind)
            if kept is not None:
                return kept
            chosen = {"model": card.name, "checkpoint": card.checkpoint_hash}
            found: dict[str, Any] = await self._executor.run(task, chosen, timeout=self._config.compute_timeout)
            await self._database.save_result(key, kind, found)
            return found

        return await self._flights.join(key, compute)


def card_parts(card: Card) -> dict[str, Any]:
    """What an answer may depend on beside the checkpoint and its references: how trust is graded, and the atlas."""
    return {"model": card.name, "trust": card.raw.get("trust"), "atlas": (card.raw.get("atlas") or {}).get("sha256")}


def describe(card: Card) -> dict[str, Any]:
    """A card's public part (docs/http.md, Models)."""
    return {
        "name": card.name,
        "title": card.title,
        "family": card.family,
        "training_set": card.training_set,
        "property": card.quantity,
        "periodic": card.periodic,
        "unit": card.unit,
        "contribution_unit": card.contribution_unit,
        "elements": [SYMBOLS[z] for z in card.elements],
        "cutoff": card.cutoff,
        "members": card.n_members,
        "checkpoint": card.checkpoint_hash,
        "test": card.test,
        "atoms_max_trained": card.trained.get("atoms_max"),
        "heavy_atoms_max_trained": card.trained.get("heavy_atoms_max"),
        "description": card.description,
        "limits": list(card.limits),
        "knows_displaced": card.knows_displaced,
        "free_atom_energies": card.free_atom_energies,
    }
