"""Use cases of molecules: read, keep, find, edit; other conformers; names to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from atomlens.chem.changes import Change
from atomlens.chem.check import check_no_crystal
from atomlens.chem.molecule import MOVED, Geometry, Molecule
from atomlens.errors import MalformedInput, NotFound
from atomlens.explain.reference_values import references
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Task
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.tasks import complete, conformers, edit, match, parts, read, structure
from atomlens.storage.database import Database

#: Of a geometry that somebody moved by hand.
MOVED_NOTE = (
    "Atoms were moved by hand. Networks that have learned from geometries at rest alone extrapolate away from one."
)


class Molecules:
    """Molecules that somebody posted."""

    def __init__(self, config: ServiceConfig, database: Database, executor: Executor) -> None:
        self._config = config
        self._database = database
        self._executor = executor
        self._flights: SingleFlight[dict[str, Any]] = SingleFlight()
        self._conformers: SingleFlight[list[dict[str, Any]]] = SingleFlight()

    async def read(self, text: str, format: str) -> dict[str, Any]:
        """Read a molecule and keep it. Raises what `chem.read` raises, `ComputationFailed` where it hangs."""
        key = content_key("read", text=text, format=format)

        async def compute(_: object) -> dict[str, Any]:
            arguments = {"text": text, "format": format, "max_atoms": self._config.max_atoms}
            data: dict[str, Any] = await self._executor.run(
                read, arguments, lane="chem", timeout=self._config.read_timeout
            )
            await self._database.save_molecule(data["id"], data)
            return data

        return await self._flights.join(key, compute)

    async def moved(self, identifier: str, positions: Sequence[Sequence[float]]) -> dict[str, Any]:
        """The same molecule with its atoms elsewhere (n_atoms, 3), Å, kept as one of its own.

        Raises `NotFound`, and `InputError` for positions that do not fit it.
        """
        molecule = await self.load(identifier)
        check_no_crystal(molecule)
        if len(positions) != len(molecule):
            raise MalformedInput(
                f"The molecule has {len(molecule)} atoms, and positions are given for {len(positions)}.",
                code="shape",
                field="positions",
                hint="Give x, y and z in Å for every atom, in their order.",
            )
        moved = molecule.elsewhere(
            np.array(positions, dtype=np.float64).reshape(-1, 3),
            Geometry(MOVED, molecule.geometry.method, MOVED_NOTE),
        )
        data = moved.to_dict()
        await self._database.save_molecule(data["id"], data)
        return data

    async def edited(self, identifier: str, change: Change) -> dict[str, Any]:
        """The molecule after a change by hand, kept as one of its own; raises `NotFound` and what `chem.edit` does."""
        arguments = {"molecule": await self.get(identifier), "change": change, "max_atoms": self._config.max_atoms}
        data: dict[str, Any] = await self._executor.run(edit, arguments, lane="chem", timeout=self._config.read_timeout)
        await self._database.save_molecule(data["id"], data)
        return data

    async def conformers(self, identifier: str, count: int) -> list[dict[str, Any]]:
        """Other conformers, kept as molecules of their own; raises `NotFound` and what `chem.conformers` raises."""
        data = await self.get(identifier)
        key = content_key("conformers", molecule=identifier, count=count)

        async def compute(_: object) -> list[dict[str, Any]]:
            known = await self._database.result(key, "conformers")
            if known is not None:
                return list(known["conformers"])
            found: list[dict[str, Any]] = await self._executor.run(
                conformers, {"molecule": data, "count": count}, lane="chem", timeout=self._config.compute_timeout
            )
            for conformer in found:
                await self._database.save_molecule(conformer["molecule"]["id"], conformer["molecule"])
            await self._database.save_result(key, "conformers", {"conformers": found})
            return found

        return await self._conformers.join(key, compute)

    async def get(self, identifier: str, field: str = "id") -> dict[str, Any]:
        """The molecule's JSON; raises `NotFound`."""
        data = await self._database.molecule(identifier)
        if data is None:
            raise NotFound(
                "There is no such molecule here.",
                code="unknown_molecule",
                field=field,
                hint="Post the molecule first: POST /api/v1/molecules.",
            )
        return data

    async def load(self, identifier: str, field: str = "molecule") -> Molecule:
        """The molecule itself; raises `NotFound`."""
        return Molecule.from_dict(await self.get(identifier, field))

    async def names(self, prefix: str, limit: int) -> list[dict[str, str]]:
        """Common names that begin so."""
        found: list[dict[str, str]] = await self._executor.run(
            complete, {"prefix": prefix, "limit": limit}, lane="chem", timeout=self._config.read_timeout
        )
        return found

    async def parts(self, identifier: str) -> dict[str, Any]:
        """`{"parts"}`: groups, rings and heavy atoms with their hydrogens; raises `NotFound`."""
        data = await self.get(identifier)
        return await self._kept("parts", parts, molecule=data)

    async def structure(self, identifier: str) -> dict[str, Any]:
        """`{"size", "paths"}` of the structural formula; no paths where no bonds are known; raises `NotFound`."""
        data = await self.get(identifier)
        return await self._kept("structure", structure, molecule=data)

    async def compare(self, first: str, second: str) -> dict[str, Any]:
        """Corresponding atoms of two molecules, and the second laid over the first.

        Raises `NotFound`, `UnsupportedMolecule` for crystals.
        """
        both = {"first": await self.get(first, "first"), "second": await self.get(second, "second")}
        for data in both.values():
            check_no_crystal(Molecule.from_dict(data))
        return {**both, **await self._kept("comparison", match, **both)}

    async def references(self, identifier: str) -> dict[str, Any]:
        """`{"references"}`: what quantum chemistry gives this constitution, with molecules that are kept here.

        Raises `NotFound`.
        """
        found = references(await self.load(identifier, "id"))
        for reference in found:
            await self._database.save_molecule(reference["molecule"]["id"], reference["molecule"])
        return {"references": found}

    async def _kept(self, kind: str, task: Task, **molecules: dict[str, Any]) -> dict[str, Any]:
        """What a task finds of molecules, computed once and kept."""
        key = content_key(kind, **{name: data["id"] for name, data in molecules.items()})

        async def compute(_: object) -> dict[str, Any]:
            kept = await self._database.result(key, kind)
            if kept is not None:
                return kept
            found: dict[str, Any] = await self._executor.run(
                task, molecules, lane="chem", timeout=self._config.read_timeout
            )
            await self._database.save_result(key, kind, found)
            return found

        return await self._flights.join(key, compute)
