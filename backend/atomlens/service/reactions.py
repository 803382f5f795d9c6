"""Use case of reactions: the equation is read and balanced, then every energy model gives its difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from atomlens.chem.equation import Term
from atomlens.errors import InputError
from atomlens.explain.reaction import changes_of_atoms, chosen_models, judged
from atomlens.networks.card import Card
from atomlens.service.answers import Answers
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.models import Models
from atomlens.service.tasks import react, read_equation
from atomlens.storage.database import Database


class Reactions:
    """Energies of reactions."""

    def __init__(self, config: ServiceConfig, database: Database, executor: Executor, models: Models) -> None:
        self._config, self._database, self._executor, self._models = config, database, executor, models
        self._energies = Answers("reaction", react, config, database, executor)

    async def energy(
        self, reactants: Sequence[Term], products: Sequence[Term], names: Sequence[str] | None, *, balanced: bool
    ) -> dict[str, Any]:
        """The reaction, and where it balances the energy by every energy model that knows its elements.

        Raises what `chem.reaction.read_reaction` raises, `NotFound`, `UnknownElement`, `InputError` ("energies_only").
        """
        arguments = {"reactants": list(reactants), "products": list(products), "balanced": balanced}
        reaction: dict[str, Any] = await self._executor.run(
            read_equation,
            {**arguments, "max_atoms": self._config.max_atoms},
            lane="chem",
            timeout=self._config.read_timeout,
        )
        species = reaction["reactants"] + reaction["products"]
        molecules = [one["molecule"] for one in species]
        numbers = [z for molecule in molecules for z in molecule["numbers"]]
        cards = self._models.for_elements(sorted(set(numbers)), names)
        for molecule in molecules:
            await self._database.save_molecule(molecule["id"], molecule)
        if not reaction["balance"]["balanced"]:
            return {**reaction, "predictions": [], "choice": []}
        signs = [-1] * len(reaction["reactants"]) + [1] * len(reaction["products"])
        nu = [sign * one["coefficient"] for sign, one in zip(signs, species, strict=True)]
        energies = energy_models(cards, names)
        structures = [[molecule["numbers"], molecule["positions"]] for molecule in molecules]
        found = await self._energies.of(
            energies, {"molecules": molecules, "coefficients": nu}, {"structures": structures, "coefficients": nu}
        )
        matches = [(match["reactant"], match["product"]) for match in reaction["matches"]]
        unpaired = [one["open_shell"] for one in species]
        graded = [{**judged(one, unpaired), "changes": changes_of_atoms(one, matches)} for one in found]
        asked = (
            energies
            if names is not None
            else [card for card in self._models.of_molecules() if card.quantity == "energy"]
        )
        return {**reaction, "predictions": graded, "choice": chosen_models(graded, asked, numbers)}


def energy_models(cards: Sequence[Card], names: Sequence[str] | None) -> list[Card]:
    """The energy models among them; raises `InputError` where another was named, or where there is none."""
    found = [card for card in cards if card.quantity == "energy"]
    if (len(found) < len(cards) and names is not None) or not found:
        raise InputError(
            "The energy of a reaction needs models of the energy.",
            code="energies_only",
            field="models",
            hint="Name energy models, or none for all of them.",
        )
    return found
