"""Commands about the space around a molecule: the field of a probe atom, and surfaces in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from atomlens.cli.files import check_target, write_file
from atomlens.cli.inputs import cards_for, input_molecule, open_registry, read_settings
from atomlens.cli.options import Input, Margin, ModelName, ProbeElement, Spacing
from atomlens.cli.tables import progress_bar
from atomlens.errors import MalformedInput, UnknownElement

if TYPE_CHECKING:
    from atomlens.chem.molecule import Molecule
    from atomlens.explain.field import Field
    from atomlens.networks.card import Card
    from atomlens.networks.registry import ModelRegistry
    from atomlens.settings import Settings

#: What `surface` writes, by a file's ending.
SURFACE_FILES: dict[str, Literal["glb", "stl", "csv"]] = {".glb": "glb", ".stl": "stl", ".csv": "csv"}


def probe(
    molecule: Input,
    model: ModelName,
    element: ProbeElement,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="To write: .csv a table, else a Gaussian cube")],
    spacing: Spacing = 0.2,
    margin: Margin = 3.0,
) -> None:
    """Write the field of a probe atom: local chemical potential (energy models) or probe charge (dipole models)."""
    settings = read_settings()
    registry = open_registry(settings)
    card = registry.card(model)
    check_target(out)
    number = _atomic_number(element, card)
    read = input_molecule(molecule, registry, settings.max_atoms)
    cards_for(read.numbers.tolist(), [card], registry)
    import io

    from atomlens.explain.cube import write_cube
    from atomlens.explain.points_csv import field_csv

    field = _field(settings, registry, card, number, read, spacing, margin)
    values = field.of(number)
    if out.suffix.lower() == ".csv":
        write_file(out, field_csv(field.grid, values, field.quantity, field.unit).encode())
        return
    text = io.StringIO()
    write_cube(text, field.grid, values, read, quantity=field.quantity, element=number, model=model)
    write_file(out, text.getvalue().encode())


def surface(
    molecule: Input,
    model: ModelName,
    element: ProbeElement,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="To write: .glb, .stl or .csv")],
    isovalue: Annotated[
        float | None, typer.Option("--isovalue", help="Level, eV or e; default: one that encloses something")
    ] = None,
    both_signs: Annotated[bool, typer.Option("--both-signs", help="The isosurface at minus the level too")] = False,
    envelope: Annotated[float | None, typer.Option("--envelope", help="Σ|r − rᵢ|⁻² instead, Å⁻²; 3.8 is usual")] = None,
    values_model: Annotated[
        str | None, typer.Option("--values-model", metavar="NAME", help="Model whose values colour it")
    ] = None,
    values_element: Annotated[
        str | None, typer.Option("--values-element", metavar="SYMBOL", help="Probe whose values colour it")
    ] = None,
    limit: Annotated[float | None, typer.Option("--limit", help="Where the colours end, eV or e")] = None,
    zero: Annotated[float, typer.Option("--zero", help="Where the colours have their zero, eV or e")] = 0.0,
    opacity: Annotated[float, typer.Option("--opacity", min=0.05, max=1.0, help="Of the surface in a .glb")] = 1.0,
    spacing: Spacing = 0.2,
    margin: Margin = 3.0,
) -> None:
    """Write a surface: where the field of a probe has a value, or the envelope with the field's values on it."""
    format = SURFACE_FILES.get(out.suffix.lower())
    if format is None:
        raise MalformedInput(f"{out} is none of .glb, .stl and .csv.", field="out")
    if isovalue is not None and envelope is not None:
        raise MalformedInput("Give either --isovalue or --envelope.", field="isovalue")
    if both_signs and (envelope is not None or isovalue == 0.0):
        raise MalformedInput("Both signs are those of an isovalue other than zero.", field="both_signs")
    settings = read_settings()
    registry = open_registry(settings)
    own = registry.card(model), _atomic_number(element, registry.card(model))
    other = registry.card(values_model or model)
    shown = other, _atomic_number(values_element or element, other)
    check_target(out)
    from atomlens.explain.colors import ColorScale

    scale = ColorScale(limit, zero)
    read = input_molecule(molecule, registry, settings.max_atoms)
    cards_for(read.numbers.tolist(), [own[0], other], registry)
    from atomlens.chem.elements import SYMBOLS
    from atomlens.explain.field import field_quantity, field_unit
    from atomlens.explain.surface import envelope as envelope_of
    from atomlens.explain.surface import envelope_values, isosurface
    from atomlens.explain.surface_files import surface_file

    quantity = field_quantity(other.quantity)
    levels: list[float] | None = None
    level = isovalue
    if envelope is None:
        field = _field(settings, registry, *own, read, spacing, margin)
        (summary,) = field.summary().values()
        level = summary["suggested_isovalue"] if isovalue is None else isovalue
        levels = [level, -level] if both_signs else [level]
        meshes = [isosurface(field.grid, field.of(own[1]), one, field.unit) for one in levels]
    else:
        meshes = [envelope_of(read, envelope)]
    if envelope is not None or shown != own:
        # at the vertices themselves: no second grid, no interpolation
        levels, network = None, registry.load(other.name)
        meshes = [envelope_values(network, read, quantity, shown[1], mesh) for mesh in meshes]
    from atomlens.explain.surface_name import surface_name

    name = surface_name(
        read.name or read.formula,
        f"{model}_{field_quantity(own[0].quantity)}_{element}",
        level,
        field_unit(field_quantity(own[0].quantity)),
        both_signs=both_signs,
        envelope=envelope,
        by=None if shown == own else f"{other.name}_{quantity}_{SYMBOLS[shown[1]]}",
    )
    data = surface_file(
        meshes,
        format,
        read,
        title=name,
        quantity=quantity,
        levels=levels,
        scale=scale,
        opacity=opacity,
    )
    write_file(out, data)


def _field(
    settings: Settings,
    registry: ModelRegistry,
    card: Card,
    element: int,
    molecule: Molecule,
    spacing: float,
    margin: float,
) -> Field:
    """The field of one element's probe on a grid around the molecule, with a bar of its progress."""
    from atomlens.explain.field import compute, field_quantity
    from atomlens.explain.grid import grid_around

    grid = grid_around(molecule, spacing=spacing, margin=margin, max_points=settings.max_grid_points)
    with progress_bar() as bar:
        task = bar.add_task(f"Field around {molecule.name or molecule.formula}", total=1.0)

        def report(share: float) -> None:
            bar.update(task, completed=share)

        return compute(
            registry.load(card.name), molecule, field_quantity(card.quantity), [element], grid, progress=report
        )


def _atomic_number(symbol: str, card: Card) -> int:
    from atomlens.chem.elements import NUMBERS, SYMBOLS

    number = NUMBERS.get(symbol.strip().capitalize())
    if number is None:
        raise MalformedInput(f"There is no element {symbol}.", field="element")
    if number not in card.elements:
        known = ", ".join(SYMBOLS[z] for z in card.elements)
        raise UnknownElement(
            f"{card.name} does not know {SYMBOLS[number]}.", field="element", hint=f"It knows {known}."
        )
    return number
