"""Commands about one molecule, atom by atom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atomlens.cli.files import (
    check_target,
    check_text_target,
    drawing_svg,
    extxyz_with_forces,
    offline_html,
    relaxed_xyz,
    write_file,
    write_json,
    write_text,
)
from atomlens.cli.inputs import asked_for, cards_for, input_molecule, read_settings
from atomlens.cli.options import DrawnValues, EnergyUnit, Input, JsonFile, ModelNames, TableUnit
from atomlens.cli.tables import print_explanation, print_notes, print_pairs, print_paths, print_relaxation, progress_bar
from atomlens.errors import MalformedInput, NotFound

if TYPE_CHECKING:
    from atomlens.explain.alchemy import Change, Fade


def explain(
    molecule: Input,
    model: ModelNames = None,
    json_file: JsonFile = None,
    csv_file: Annotated[
        str | None,
        typer.Option("--csv", metavar="FILE", help="Write a table of the atoms to this file, or - for stdout"),
    ] = None,
    extxyz_file: Annotated[
        str | None,
        typer.Option("--extxyz", metavar="FILE", help="Write extended XYZ, values as columns, or - for stdout"),
    ] = None,
    svg_file: Annotated[
        str | None, typer.Option("--svg", metavar="FILE", help="Write a flat drawing in the colours of the values")
    ] = None,
    html_file: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write a page that opens without a server")
    ] = None,
    quantity: Annotated[DrawnValues, typer.Option("--quantity", help="What the drawing shows")] = (
        DrawnValues.CONTRIBUTIONS
    ),
    limit: Annotated[float | None, typer.Option("--limit", help="Where the drawing's colours end, eV or e")] = None,
    unit: Annotated[
        EnergyUnit | None,
        typer.Option("--unit", help="Of energies; default: eV in the table, kcal/mol in the drawing"),
    ] = None,
) -> None:
    """Explain a molecule or a crystal: total and contribution of every atom, by every model that knows it or by those
    named."""
    files = {"csv": csv_file, "extxyz": extxyz_file, "svg": svg_file, "html": html_file}
    for file in files.values():
        check_text_target(file)
    if [*files.values(), json_file].count("-") > 1:
        raise MalformedInput("Only one of the files can go to stdout.", hint="Give the others a name in place of -.")
    if limit is not None and not limit > 0:
        raise MalformedInput("The limit of the colours is a positive number.", field="limit")
    registry, named, read = asked_for(molecule, model, json_file, crystals=True)
    cards = cards_for(read.numbers.tolist(), named, registry, crystal=read.cell is not None)
    from atomlens.explain.choice import choose
    from atomlens.explain.prediction import explain as explain_with

    predictions = [explain_with(registry.load(card.name), read).to_dict() for card in cards]
    asked = named or [card for card in registry.cards.values() if not card.periodic]
    choice = [] if read.cell is not None else choose(predictions, asked, read.numbers.tolist())
    # pictures show one model of each kind, unless somebody names others
    proposed = {one["model"] for one in choice}
    shown = [p for p in predictions if named or not proposed or p["model"] in proposed]
    if csv_file is not None:
        from atomlens.explain.atoms_csv import atoms_csv

        write_text(atoms_csv(read, predictions), csv_file)
    if extxyz_file is not None:
        write_text(extxyz_with_forces(registry, read, predictions), extxyz_file)
    if svg_file is not None:
        write_text(drawing_svg(registry, read, shown, quantity, (unit or EnergyUnit.KCAL).value, limit), svg_file)
    if html_file is not None:
        write_text(offline_html(registry, read, shown, read_settings().frontend_dir), html_file)
    if json_file is None:
        if not any(files.values()):
            print_explanation(read, predictions, unit or EnergyUnit.EV)
        return
    write_json({"molecule": read.to_dict(), "predictions": predictions, "choice": choice}, json_file)


def alchemy(
    molecule: Input,
    change: Annotated[
        list[str] | None,
        typer.Option("--change", metavar="ATOM:SYMBOL[@STAGE]", help="This atom becomes it; repeatable"),
    ] = None,
    fade_out: Annotated[
        list[str] | None, typer.Option("--fade-out", metavar="ATOM[@STAGE]", help="Goes; repeatable")
    ] = None,
    fade_in: Annotated[
        list[str] | None, typer.Option("--fade-in", metavar="ATOM[@STAGE]", help="Comes; repeatable")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", help="Points on the path, both ends included")] = 21,
    end: Annotated[
        Path | None, typer.Option("--end", metavar="FILE", help="Geometry at the end, atoms in the same order")
    ] = None,
    model: ModelNames = None,
    json_file: JsonFile = None,
) -> None:
    """Turn a molecule into another and follow the models' answers. Atoms count from 0, as in files."""
    registry, named, read = asked_for(molecule, model, json_file)
    end_positions = None if end is None else input_molecule(str(end), registry, read_settings().max_atoms).positions
    from atomlens.explain.alchemy import Path as AlchemicalPath

    changes = [_change(text) for text in change or ()]
    changes += [_change(text, "out") for text in fade_out or ()]
    changes += [_change(text, "in") for text in fade_in or ()]
    path = AlchemicalPath(read, tuple(changes), steps, end_positions)
    cards = cards_for(path.elements, named, registry)
    from atomlens.explain.alchemy import describe, follow

    paths = [follow(registry.load(card.name), path) for card in cards]
    if json_file is None:
        print_paths(path.lambdas.tolist(), paths)
        print_notes(path.warnings)
        return
    answer = {
        "molecule": read.to_dict(),
        "changes": describe(changes),
        "lambda": path.lambdas.tolist(),
        "paths": [found.to_dict() for found in paths],
        "warnings": list(path.warnings),
    }
    write_json(answer, json_file)


def pairs(
    molecule: Input,
    model: ModelNames = None,
    json_file: JsonFile = None,
    bonded: Annotated[bool, typer.Option("--bonded", help="Only bonded pairs in the table")] = False,
    unit: TableUnit = EnergyUnit.EV,
) -> None:
    """How much the energy models lean on each pair of atoms within their cutoff, nearest first."""
    registry, named, read = asked_for(molecule, model, json_file)
    cards = cards_for(read.numbers.tolist(), named, registry)
    if not named:
        cards = [card for card in cards if card.quantity == "energy"]
        if not cards:
            raise NotFound(f"There are no models of the energy in {registry.folder}.", field="model")
    from atomlens.explain.pairs import sensitivities

    found = [sensitivities(registry.load(card.name), read) for card in cards]
    if json_file is None:
        print_pairs(read, found, bonded, unit)
        return
    write_json({"molecule": read.to_dict(), "pairs": [one.to_dict() for one in found]}, json_file)


def relax(
    molecule: Input,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Default: the energy model fittest to relax with")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.xyz", help="Write the geometry at the end to this file")
    ] = None,
    json_file: JsonFile = None,
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="At most so many steps")] = 300,
    fmax: Annotated[float, typer.Option("--fmax", metavar="X", help="Until no force is larger, eV/Å")] = 0.01,
) -> None:
    """Relax a molecule with a model's forces to the nearest minimum of its energy."""
    if out is not None:
        if out.suffix.lower() != ".xyz":
            raise MalformedInput(f"{out} does not end in .xyz.", field="out")
        check_target(out)
    registry, named, read = asked_for(molecule, None if model is None else [model], json_file)
    from atomlens.explain.relaxation import check_limits, chosen_for_relaxing
    from atomlens.explain.relaxation import relax as descend

    check_limits(len(read), steps, fmax)
    cards = cards_for(read.numbers.tolist(), named, registry)
    name = named[0].name if named else chosen_for_relaxing(cards).name
    _one_thread()
    with progress_bar() as bar:
        task = bar.add_task(f"Relaxing {read.name or read.formula}", total=1.0)
        found = descend(
            registry.load(name), read, steps=steps, fmax=fmax, progress=lambda share: bar.update(task, completed=share)
        )
    if out is not None:
        write_file(out, relaxed_xyz(found.molecule, found.energies[-1]).encode())
    if json_file is None:
        print_relaxation(found)
        return
    write_json(found.to_dict(), json_file)


def _change(text: str, fade: Fade | None = None) -> Change:
    """ATOM:SYMBOL, or ATOM that fades, either with @STAGE."""
    from atomlens.chem.elements import NUMBERS
    from atomlens.explain.alchemy import Change

    what, _, stage = text.partition("@")
    atom, colon, symbol = what.partition(":")
    number = None if fade else NUMBERS.get(symbol.strip().capitalize())
    if not atom.strip().isdecimal() or not (stage or "0").isdecimal() or (colon if fade else number is None):
        said = f"3 is atom 3 that fades {fade}" if fade else "3:N makes atom 3 a nitrogen"
        raise MalformedInput(
            f"{text} is no change: {said}, 3{'' if fade else ':N'}@1 in a second stage.", field="change"
        )
    return Change(int(atom), number, fade, int(stage or 0))


def _one_thread() -> None:
    """Steps of a relaxation are too small to be shared: threads would wait for one another."""
    import numba
    import torch

    numba.set_num_threads(1)
    torch.set_num_threads(1)
