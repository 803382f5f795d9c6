"""Use cases of fields: compute once, keep as blobs."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from atomlens.chem.check import check_no_crystal
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.errors import MalformedInput, NotFound, UnknownElement
from atomlens.explain.grid import grid_around
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Progress
from atomlens.service.jobs import Job, Jobs
from atomlens.service.kept import Kept
from atomlens.service.keys import content_key
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import ComputedField, GridSpec, StoredField, field
from atomlens.storage.blobs import BlobStore
from atomlens.storage.database import Database

FieldQuantity = Literal["potential", "charge"]


class Fields:
    """Fields of probe atoms."""

    def __init__(
        self,
        config: ServiceConfig,
        database: Database,
        blobs: BlobStore,
        executor: Executor,
        molecules: Molecules,
        models: Models,
        jobs: Jobs,
    ) -> None:
        self._config = config
        self._database = database
        self._blobs = blobs
        self._executor = executor
        self._molecules = molecules
        self._models = models
        self._kept = Kept(config, database, jobs, "field", path="fields", code="unknown_field", stored=self._stored)

    async def request(
        self,
        identifier: str,
        model: str,
        quantity: FieldQuantity,
        elements: Sequence[str],
        *,
        spacing: float | None,
        shape: tuple[int, int, int] | None,
        margin: float,
        coarser: bool = False,
    ) -> dict[str, Any] | Job:
        """The field where it is ready within the short wait, else the job that computes it.

        Raises `NotFound`, `UnknownElement`, `MalformedInput`, `TooLarge` before any work begins.
        """
        data = await self._molecules.get(identifier, "molecule")
        molecule = Molecule.from_dict(data)
        check_no_crystal(molecule)
        card = self._models.card(model)
        (card,) = self._models.for_molecule(molecule, [model])
        if (quantity == "potential") != (card.quantity == "energy"):
            raise MalformedInput(
                f"{model} has no {quantity} field.",
                code="no_such_field",
                field="quantity",
                hint="Energy models have a potential, dipole models a charge field.",
            )
        numbers = _numbers(elements, card.elements, model)
        limit = max(1, self._config.max_grid_points // len(numbers))
        grid = grid_around(molecule, spacing=spacing, shape=shape, margin=margin, max_points=limit, coarser=coarser)
        spec = GridSpec(grid.origin, grid.spacing, grid.shape)
        header = {
            "molecule": identifier,
            "model": model,
            "checkpoint": card.checkpoint_hash,
            "quantity": quantity,
            "origin": list(grid.origin),
            "spacing": list(grid.spacing),
            "shape": list(grid.shape),
            "margin": margin,
        }
        key = content_key("field", elements=list(numbers), **header)
        arguments = {
            "molecule": data,
            "model": model,
            "checkpoint": card.checkpoint_hash,
            "quantity": quantity,
            "elements": numbers,
            "grid": spec,
        }

        async def compute(progress: Progress) -> None:
            result: ComputedField = await self._executor.run(
                field, arguments, timeout=self._config.compute_timeout, progress=progress
            )
            await self._keep(key, header, result, numbers)

        return await self._kept.request(key, compute)

    async def get(self, key: str) -> dict[str, Any]:
        """The field's description; raises `NotFound`."""
        return await self._kept.get(key)

    async def data(self, key: str, element: str) -> bytes:
        """Little-endian float32, C order; raises `NotFound`."""
        await self._check_element(key, element)
        found = await asyncio.to_thread(self._blobs.get, _blob(key, element))
        if found is None:
            raise NotFound("The values of this field are gone.", code="unknown_field", field="id")
        return found

    async def stored(self, key: str, element: str) -> tuple[dict[str, Any], StoredField]:
        """The field's description, and where one element's values are kept; raises `NotFound`."""
        described = await self._check_element(key, element)
        return described, StoredField(
            file=self._blobs.path(_blob(key, element)),
            grid=GridSpec(tuple(described["origin"]), tuple(described["spacing"]), tuple(described["shape"])),
            model=described["model"],
            checkpoint=described["checkpoint"],
            quantity=described["quantity"],
            element=element,
            unit=described["unit"],
        )

    async def _check_element(self, key: str, element: str) -> dict[str, Any]:
        stored = await self.get(key)
        if element not in stored["elements"]:
            listed = ", ".join(stored["elements"])
            raise NotFound(
                f"This field has no element {element}; it has {listed}.", code="unknown_element", field="element"
            )
        return stored

    async def _keep(self, key: str, header: dict[str, Any], result: ComputedField, numbers: Sequence[int]) -> None:
        for z, values in zip(numbers, result.values, strict=True):
            data = np.ascontiguousarray(values, dtype="<f4").tobytes()
            await asyncio.to_thread(self._blobs.put, _blob(key, SYMBOLS[z]), data)
        # the row is written last: whoever sees it finds the blobs
        whole = {"id": key, **header, "unit": result.unit, "order": "C, z fastest", "elements": result.summary}
        await self._database.save_result(key, "field", whole)

    async def _stored(self, key: str) -> dict[str, Any] | None:
        stored = await self._database.result(key, "field")
        if stored is None:
            return None
        blobs = [_blob(key, element) for element in stored["elements"]]
        size = 4 * math.prod(stored["shape"])
        # a row whose files somebody has removed or cut counts as none: the field is computed again
        whole = await asyncio.to_thread(lambda: all(self._blobs.size(blob) == size for blob in blobs))
        return stored if whole else None


def _blob(key: str, element: str) -> str:
    return f"{key}-{element}"


def _numbers(elements: Sequence[str], known: Sequence[int], model: str) -> tuple[int, ...]:
    """Atomic numbers, ascending, each once; raises `MalformedInput`, `UnknownElement`."""
    for symbol in elements:
        if symbol not in NUMBERS:
            raise MalformedInput(f"{symbol!r} is no element's symbol.", code="element", field="elements")
    numbers = tuple(sorted({NUMBERS[symbol] for symbol in elements}))
    unknown = [SYMBOLS[z] for z in numbers if z not in known]
    if unknown:
        raise UnknownElement(
            f"The model {model} does not know {', '.join(unknown)}.",
            field="elements",
            hint=f"It knows {', '.join(SYMBOLS[z] for z in known)}.",
        )
    return numbers
