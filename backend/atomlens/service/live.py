"""Use case of a molecule in motion: what the models say of it now, as fast as they can."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from atomlens.chem.check import check_no_crystal
from atomlens.chem.elements import NUMBERS
from atomlens.chem.molecule import MOVED, Geometry
from atomlens.errors import MalformedInput
from atomlens.explain.alchemy import MIN_STEPS, Path
from atomlens.service.alchemy import change_of
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor
from atomlens.service.models import Models
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import Seen, Wanted, glimpse


@dataclass(frozen=True)
class Moment:
    """A molecule as it is just now.

    molecule: identifier; models: names; positions: (n_atoms, 3) Å, where its atoms were moved to; changes, share: it is
    at λ = share of this alchemical path; element: of the probe whose field is wanted, with isovalues (eV or e), the
    envelope's level (Å⁻²) or a plane (`{"origin", "normal"}`, Å); fine: as fine as it gets, in place of as fast.
    """

    molecule: str
    models: Sequence[str]
    positions: Sequence[Sequence[float]] | None = None
    changes: Sequence[dict[str, Any]] = ()
    share: float = 0.0
    element: str | None = None
    isovalues: Sequence[float] = ()
    envelope: float | None = None
    plane: dict[str, Sequence[float]] | None = None
    fine: bool = False


class Live:
    """Answers that are kept nowhere: the next one is already wanted."""

    def __init__(self, config: ServiceConfig, executor: Executor, molecules: Molecules, models: Models) -> None:
        self._config = config
        self._executor = executor
        self._molecules = molecules
        self._models = models

    async def look(self, moment: Moment) -> dict[str, Seen]:
        """What each model says, by its name.

        Raises `NotFound`, `UnknownElement`, `MalformedInput`, `InputError`, `Busy`.
        """
        molecule = await self._molecules.load(moment.molecule)
        check_no_crystal(molecule)
        if moment.positions is not None:
            positions = np.array(moment.positions, dtype=np.float64).reshape(-1, 3)
            molecule = replace(molecule, positions=positions, geometry=Geometry(MOVED))
        path, more, field = None, list[int](), "changes"
        if moment.changes:
            path = Path(molecule, tuple(change_of(change) for change in moment.changes), MIN_STEPS)
            more = list(path.elements)
        wanted = self._wanted(moment)
        if wanted is not None:
            more, field = [*more, wanted.element], field if more else "element"
        cards = self._models.for_elements(molecule.numbers.tolist(), moment.models, more=more, field=field)
        arguments = {"molecule": molecule, "path": path, "share": moment.share, "wanted": wanted, "fine": moment.fine}
        runs = [
            asyncio.ensure_future(
                self._executor.run(
                    glimpse,
                    {**arguments, "model": card.name, "checkpoint": card.checkpoint_hash},
                    lane="quick",
                    timeout=self._config.compute_timeout,
                )
            )
            for card in cards
        ]
        try:
            found = await asyncio.gather(*runs)
        finally:
            for run in runs:
                run.cancel()
        return dict(zip((card.name for card in cards), found, strict=True))

    def _wanted(self, moment: Moment) -> Wanted | None:
        if moment.element is None:
            return None
        if moment.element not in NUMBERS:
            raise MalformedInput(f"There is no element {moment.element}.", field="element")
        if sum((bool(moment.isovalues), moment.envelope is not None, moment.plane is not None)) != 1:
            raise MalformedInput("Give either isovalues, an envelope or a plane.", field="isovalues")
        levels = tuple(float(level) for level in moment.isovalues)
        cut = moment.plane
        plane = None if cut is None else (tuple(cut["origin"]), tuple(cut["normal"]))
        return Wanted(NUMBERS[moment.element], levels, moment.envelope, plane, self._config.max_grid_points)
