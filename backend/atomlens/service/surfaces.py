"""Use cases of stored fields: surfaces in them, with the values of any field on them, and both as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from atomlens.errors import MalformedInput
from atomlens.explain.colors import ColorScale
from atomlens.explain.surface_name import surface_name
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import Executor, Progress, Task
from atomlens.service.export import Export, stem_of
from atomlens.service.fields import Fields
from atomlens.service.flight import SingleFlight
from atomlens.service.keys import content_key
from atomlens.service.molecules import Molecules
from atomlens.service.tasks import StoredField, field_file, surface

SurfaceFormat = Literal["json", "binary", "glb", "stl", "csv"]
FieldFormat = Literal["cube", "csv"]


@dataclass(frozen=True)
class Wanted:
    """A surface: an isovalue (eV or e) or an envelope's level (Å⁻²); the field whose values it carries, by its id and
    element, else its own; how a file colours it, and whether it holds the isosurface of the opposite sign too; the
    field that is subtracted from these values, by its id."""

    isovalue: float | None = None
    envelope: float | None = None
    values: str | None = None
    values_element: str | None = None
    limit: float | None = None
    zero: float = 0.0
    opacity: float = 1.0
    both_signs: bool = False
    less: str | None = None

    @property
    def isovalues(self) -> tuple[float, ...]:
        """Of all surfaces; none of an envelope."""
        if self.isovalue is None:
            return ()
        return (self.isovalue, -self.isovalue) if self.both_signs else (self.isovalue,)


class Surfaces:
    """Surfaces in stored fields, and files of both."""

    def __init__(self, config: ServiceConfig, executor: Executor, molecules: Molecules, fields: Fields) -> None:
        self._config = config
        self._executor = executor
        self._molecules = molecules
        self._fields = fields
        self._flights: SingleFlight[Any] = SingleFlight()

    async def mesh(self, key: str, element: str, wanted: Wanted, *, binary: bool) -> bytes | dict[str, Any]:
        """The surface, as bytes or in its JSON form. Raises `NotFound`, `MalformedInput`."""
        made: bytes | dict[str, Any]
        made, _ = await self._make(key, element, wanted, "binary" if binary else "json")
        return made

    async def file(self, key: str, element: str, wanted: Wanted, format: Literal["glb", "stl", "csv"]) -> Export:
        """The surface as a file. Raises `NotFound`; `MalformedInput` for one that is nowhere."""
        content, name = await self._make(key, element, wanted, format)
        return Export(content, f"{name}.{format}")

    async def field_file(self, key: str, element: str, format: FieldFormat) -> Export:
        """A field's values as a file. Raises `NotFound`, `TooLarge`."""
        described, stored = await self._fields.stored(key, element)
        molecule = await self._molecules.get(described["molecule"])
        arguments = {"field": stored, "molecule": molecule, "format": format}
        content = await self._run(field_file, arguments, content_key("file", field=key, element=element, format=format))
        return Export(content, f"{stem_of(molecule)}_{_of(stored)}.{format}")

    async def _make(self, key: str, element: str, wanted: Wanted, format: SurfaceFormat) -> tuple[Any, str]:
        """The content, and the name of a file of it without its ending."""
        if (wanted.isovalue is None) == (wanted.envelope is None):
            raise MalformedInput("Give either an isovalue or an envelope.", field="isovalue")
        if wanted.values is None and wanted.values_element is not None:
            raise MalformedInput("Name the field of that element.", field="values")
        if wanted.both_signs and (not wanted.isovalue or format in ("json", "binary")):
            raise MalformedInput(
                "Both signs are those of an isovalue other than zero, in a file.",
                field="both_signs",
                hint="Give isovalue and format with it, or ask twice.",
            )
        scale = ColorScale(wanted.limit, wanted.zero)
        described, field = await self._fields.stored(key, element)
        values = await self._other(described, wanted.values, wanted.values_element or element, "values")
        shown = values or field
        less = await self._other(described, wanted.less, shown.element, "less")
        if less is not None and less.quantity != shown.quantity:
            raise MalformedInput("A field can be subtracted from one of the same quantity alone.", field="less")
        molecule = await self._molecules.get(described["molecule"])
        name = surface_name(
            stem_of(molecule),
            _of(field),
            wanted.isovalue,
            field.unit,
            both_signs=wanted.both_signs,
            envelope=wanted.envelope,
            by=None if values is None else _of(values),
            less=None if less is None else less.model,
        )
        arguments = {
            "field": field,
            "isovalues": wanted.isovalues,
            "envelope": wanted.envelope,
            "values": values,
            "less": less,
            "molecule": molecule,
            "format": format,
            "title": name,
            "scale": scale,
            "opacity": wanted.opacity,
        }
        flight = content_key("surface", field=key, element=element, format=format, **vars(wanted))
        return await self._run(surface, arguments, flight), name

    async def _other(
        self, described: dict[str, Any], key: str | None, element: str, name: Literal["values", "less"]
    ) -> StoredField | None:
        """Another field of the same molecule; name: of the parameter that asks for it."""
        if key is None:
            return None
        other, stored = await self._fields.stored(key, element)
        if other["molecule"] != described["molecule"]:
            raise MalformedInput(
                "The field whose values the surface is to carry is of another molecule.",
                code="other_molecule",
                field=name,
                hint="Ask for a field of the same molecule: POST /api/v1/fields.",
            )
        return stored

    async def _run(self, task: Task, arguments: dict[str, Any], flight: str) -> Any:
        async def compute(_: Progress) -> Any:
            return await self._executor.run(task, arguments, lane="quick", timeout=self._config.compute_timeout)

        return await self._flights.join(flight, compute)


def _of(field: StoredField) -> str:
    return f"{field.model}_{field.quantity}_{field.element}"
