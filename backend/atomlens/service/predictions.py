"""Use cases of a molecule as it is: predictions, where an atom stands in the atlas, pairs, a probe at single points."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np

from atomlens.chem.check import check_no_crystal
from atomlens.chem.elements import NUMBERS
from atomlens.chem.molecule import Molecule, check_atom
from atomlens.errors import InputError, MalformedInput
from atomlens.explain.choice import choose
from atomlens.explain.insertion import check_points
from atomlens.networks.card import Card
from atomlens.service.answers import Answers
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import forces, members, pairs, points, predict, surroundings
from atomlens.storage.database import Database


class Predictions:
    """Answers of models for molecules."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        executor: Executor,
        molecules: Molecules,
        models: Models,
    ) -> None:
        self._config = config
        self._executor = executor
        self._molecules = molecules
        self._models = models
        self._predictions = Answers("prediction", predict, config, database, executor)
        self._pairs = Answers("pairs", pairs, config, database, executor)
        self._surroundings = Answers("environments", surroundings, config, database, executor)
        self._points = Answers("points", points, config, database, executor)
        self._members = Answers("members", members, config, database, executor)
        self._forces = Answers("forces", forces, config, database, executor)

    async def predict(self, identifier: str, names: Sequence[str] | None, field: str = "molecule") -> dict[str, Any]:
        """`{"molecule", "predictions", "choice"}`; raises `NotFound`, `UnknownElement`.

        choice: of the models named, or of all; of a crystal none is made, and all are to be shown.
        """
        data = await self._molecules.get(identifier, field)
        molecule = Molecule.from_dict(data)
        cards = self._models.for_molecule(molecule, names)
        found = await self._predictions.of(cards, {"molecule": data}, _graded(molecule))
        asked = cards if names is not None else self._models.of_molecules()
        choice = [] if molecule.cell is not None else choose(found, asked, molecule.numbers.tolist())
        return {"molecule": data, "predictions": found, "choice": choice}

    async def members(self, identifier: str, names: Sequence[str] | None) -> dict[str, Any]:
        """`{"molecule", "members"}`: how each network of each model divides it; raises `NotFound`, `UnknownElement`."""
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        cards = self._models.for_molecule(molecule, names)
        question = {"structure": molecule.structure_hash}
        return {"molecule": data, "members": await self._members.of(cards, {"molecule": data}, question)}

    async def forces(self, identifier: str, names: Sequence[str] | None) -> dict[str, Any]:
        """`{"molecule", "forces"}` of energy models; raises `NotFound`, `UnknownElement`, `InputError` for others."""
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_no_crystal(molecule)
        cards = self._energies(self._models.for_molecule(molecule, names), names)
        question = {"structure": molecule.structure_hash}
        return {"molecule": data, "forces": await self._forces.of(cards, {"molecule": data}, question)}

    async def anew(self, data: dict[str, Any], cards: Sequence[Card]) -> list[dict[str, Any]]:
        """What these models say of a molecule (JSON form) when they compute it once more, whatever is kept of them."""
        asked = [{"molecule": data, "model": card.name, "checkpoint": card.checkpoint_hash} for card in cards]
        timeout = self._config.compute_timeout
        return list(
            await asyncio.gather(*(self._executor.run(predict, one, lane="quick", timeout=timeout) for one in asked))
        )

    async def pairs(self, identifier: str, names: Sequence[str] | None) -> dict[str, Any]:
        """`{"molecule", "pairs"}` of energy models; raises `NotFound`, `UnknownElement`, `InputError` for others."""
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_no_crystal(molecule)
        cards = self._models.for_molecule(molecule, names)
        energies = self._energies(cards, names)
        question = {"structure": molecule.structure_hash, "bonds": data["bonds"]}
        return {"molecule": data, "pairs": await self._pairs.of(energies, {"molecule": data}, question)}

    async def conformers(self, identifier: str, names: Sequence[str] | None, count: int) -> dict[str, Any]:
        """`{"molecule", "conformers", "energies"}`: other conformers, and their energies and the molecule's own.

        names None: every energy model that knows the elements. Raises `NotFound`, `UnknownElement`, `InputError` for
        dipole models, and what `chem.conformers` raises.
        """
        data = await self._molecules.get(identifier)
        cards = self._energies(self._models.for_molecule(Molecule.from_dict(data), names), names)
        found = await self._molecules.conformers(identifier, count)
        totals = []
        for shown in (data, *(conformer["molecule"] for conformer in found)):
            question = _graded(Molecule.from_dict(shown))
            answers = await self._predictions.of(cards, {"molecule": shown}, question)
            totals.append({answer["model"]: answer["total"] for answer in answers})
        energies = [
            {
                "model": card.name,
                "checkpoint": card.checkpoint_hash,
                "unit": "eV",
                "molecule": totals[0][card.name],
                "conformers": [each[card.name] for each in totals[1:]],
            }
            for card in cards
        ]
        return {"molecule": data, "conformers": found, "energies": energies}

    async def environments(
        self, identifier: str, names: Sequence[str] | None, atom: int, nearest: int
    ) -> dict[str, Any]:
        """`{"molecule", "environments"}`: where an atom stands in the atlas of each model.

        names None: every model that knows the elements and has an atlas. Raises `NotFound`, `UnknownElement`,
        `MalformedInput` where the molecule has no such atom.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_atom(atom, len(molecule))
        cards = self._models.for_molecule(molecule, names)
        if names is None:
            cards = [card for card in cards if card.has_atlas]
        arguments = {"molecule": data, "atom": atom, "nearest": nearest}
        question = {"structure": molecule.structure_hash, "bonds": data["bonds"], "atom": atom, "nearest": nearest}
        return {"molecule": data, "environments": await self._surroundings.of(cards, arguments, question)}

    async def points(
        self, identifier: str, names: Sequence[str] | None, element: str, where: Sequence[Sequence[float]]
    ) -> dict[str, Any]:
        """`{"molecule", "points", "probes"}` of energy models: a probe there, felt and unfelt.

        Raises `NotFound`, `UnknownElement`, `MalformedInput`, `InputError` for dipole models.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_no_crystal(molecule)
        if element not in NUMBERS:
            raise MalformedInput(f"There is no element {element}.", field="element")
        listed = [[float(x) for x in point] for point in where]
        check_points(np.array(listed, dtype=np.float64))
        cards = self._models.for_elements(molecule.numbers.tolist(), names, more=[NUMBERS[element]], field="element")
        question = {"structure": molecule.structure_hash, "element": element, "points": listed}
        arguments = {"molecule": data, "element": NUMBERS[element], "points": listed}
        found = await self._points.of(self._energies(cards, names), arguments, question)
        return {"molecule": data, "points": listed, "probes": found}

    @staticmethod
    def _energies(cards: Sequence[Card], names: Sequence[str] | None) -> list[Card]:
        """The energy models among them; raises `InputError` where another was named."""
        others = [card.name for card in cards if card.quantity != "energy"]
        if names is not None and others:
            raise InputError(
                f"{', '.join(others)}: this is of energies.",
                code="energies_only",
                field="models",
                hint="Name energy models, or none for all of them.",
            )
        return [card for card in cards if card.quantity == "energy"]


def _graded(molecule: Molecule) -> dict[str, Any]:
    """What a prediction depends on, for its key: grades heed bonds and where the geometry came from, too."""
    return {
        "structure": molecule.structure_hash,
        "bonds": [list(bond) for bond in molecule.bonds],
        "at_rest": molecule.geometry.at_rest,
    }
