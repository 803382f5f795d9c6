"""The command line (docs/cli.md). Heavy imports wait until a command needs them, so that --help is quick."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from atomlens import __version__
from atomlens.errors import AtomlensError, InputError, MalformedInput, NotFound
from atomlens.units import ENERGY_UNITS_PER_EV

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from atomlens.chem.molecule import Molecule
    from atomlens.chem.reaction import Reaction
    from atomlens.chem.records import Record
    from atomlens.explain.alchemy import Change, Fade, PathPrediction
    from atomlens.explain.field import Field
    from atomlens.explain.pairs import Pairs
    from atomlens.explain.relaxation import Relaxation
    from atomlens.networks.card import Card
    from atomlens.networks.registry import ModelRegistry
    from atomlens.settings import Settings

#: Files that INPUT may name; anything else is a common name or a SMILES.
FILES = (".xyz", ".extxyz", ".sdf", ".mol", ".cif")
#: What `surface` writes, by a file's ending.
SURFACE_FILES: dict[str, Literal["glb", "stl", "csv"]] = {".glb": "glb", ".stl": "stl", ".csv": "csv"}
#: What `batch` writes, by a file's ending.
BATCH_FILES = (".csv", ".json", ".sdf")
#: Of a file of many molecules.
MOST_BATCH_CHARACTERS = 1_000_000_000
#: Molecules of a batch that pass through the networks together.
BATCH_BLOCK = 256
#: Width of tables where no terminal says its own.
TABLE_WIDTH = 120
#: How a grade of trust is marked behind a value.
MARKS = {"inside": "  ", "unusual": " ?", "outside": " !"}

app = typer.Typer(
    help="Look inside interpretable atomistic neural networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class EnergyUnit(StrEnum):
    """Units in which a table may show energies."""

    EV = "eV"
    KCAL = "kcal/mol"
    KJ = "kJ/mol"
    HARTREE = "Ha"


class DrawnValues(StrEnum):
    """What a flat drawing may show of the atoms."""

    CONTRIBUTIONS = "contributions"
    ATOMIZATION = "atomization"
    CHARGES = "charges"


Input = Annotated[
    str, typer.Argument(metavar="INPUT", help="SMILES, a common name, or a .xyz .extxyz .sdf .mol .cif file")
]
ModelName = Annotated[str, typer.Option("--model", metavar="NAME", help="Name of a model; see `atomlens models`")]
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name of a model; see `atomlens models`")]
ModelNames = Annotated[list[str] | None, typer.Option("--model", metavar="NAME", help="This model; repeatable")]
JsonFile = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write JSON to this file, or - for stdout")
]
ProbeElement = Annotated[str, typer.Option("--element", metavar="SYMBOL", help="Element of the probe atom")]
Spacing = Annotated[float, typer.Option("--spacing", help="Distance of grid points, Å")]
Margin = Annotated[float, typer.Option("--margin", help="Room around the molecule, Å")]
DataFolder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Folder of the data sets that it was trained on")
]


def main() -> None:
    """Run the command line; an error that the caller can mend ends in one message on stderr and exit code 2."""
    try:
        app()
    except AtomlensError as error:
        typer.echo(f"atomlens: {error.message}" + (f"\n{error.hint}" if error.hint else ""), err=True)
        sys.exit(2)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end")
    ] = False,
) -> None:
    """Look inside interpretable atomistic neural networks."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; default 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; default 8000")] = None,
) -> None:
    """Serve the page and the HTTP interface until interrupted."""
    settings = _settings()
    _registry(settings)
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    from atomlens.api.server import serve as run_server

    run_server(settings.model_copy(update=given))


@app.command()
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
        _check_json_target(file)
    if limit is not None and not limit > 0:
        raise MalformedInput("The limit of the colours is a positive number.", field="limit")
    registry, named, read = _asked(molecule, model, json_file, crystals=True)
    cards = _cards_for(read.numbers.tolist(), named, registry, crystal=read.cell is not None)
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

        _write_text(atoms_csv(read, predictions), csv_file)
    if extxyz_file is not None:
        _write_text(_extxyz(registry, read, predictions), extxyz_file)
    if svg_file is not None:
        _write_text(_drawing(registry, read, shown, quantity, (unit or EnergyUnit.KCAL).value, limit), svg_file)
    if html_file is not None:
        _write_text(_offline(registry, read, shown), html_file)
    if json_file is None:
        if not any(files.values()):
            _print_explanation(read, predictions, unit or EnergyUnit.EV)
        return
    _write_json({"molecule": read.to_dict(), "predictions": predictions, "choice": choice}, json_file)


@app.command()
def predict(
    model: ModelName,
    source: Annotated[Path, typer.Option("--in", metavar="FILE.npz", help="n_atoms, numbers, positions (Å)")],
    target: Annotated[
        Path, typer.Option("--out", metavar="FILE.npz", help="To write: total, contributions, uncertainty, unit")
    ],
) -> None:
    """Predict many molecules; those with an element that the model does not know get NaN."""
    registry = _registry(_settings())
    registry.card(model)
    _check_target(target)
    from atomlens.explain.npz import read_batch, to_npz

    batch = read_batch(source)
    from atomlens.explain.prediction import predict_batch

    result = predict_batch(registry.load(model), batch)
    _write(target, to_npz(result))
    if result.unknown:
        typer.echo(f"{result.unknown} of {len(batch)} molecules have elements that {model} does not know.", err=True)


@app.command()
def probe(
    molecule: Input,
    model: ModelName,
    element: ProbeElement,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="To write: .csv a table, else a Gaussian cube")],
    spacing: Spacing = 0.2,
    margin: Margin = 3.0,
) -> None:
    """Write the field of a probe atom: local chemical potential (energy models) or probe charge (dipole models)."""
    settings = _settings()
    registry = _registry(settings)
    card = registry.card(model)
    _check_target(out)
    number = _atomic_number(element, card)
    read = _molecule(molecule, settings.max_atoms)
    _cards_for(read.numbers.tolist(), [card], registry)
    import io

    from atomlens.explain.cube import write_cube
    from atomlens.explain.points_csv import field_csv

    field = _field(settings, registry, card, number, read, spacing, margin)
    values = field.of(number)
    if out.suffix.lower() == ".csv":
        _write(out, field_csv(field.grid, values, field.quantity, field.unit).encode())
        return
    text = io.StringIO()
    write_cube(text, field.grid, values, read, quantity=field.quantity, element=number, model=model)
    _write(out, text.getvalue().encode())


@app.command()
def surface(
    molecule: Input,
    model: ModelName,
    element: ProbeElement,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="To write: .glb, .stl or .csv")],
    isovalue: Annotated[
        float | None, typer.Option("--isovalue", help="Level, eV or e; default: one that encloses something")
    ] = None,
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
    settings = _settings()
    registry = _registry(settings)
    own = registry.card(model), _atomic_number(element, registry.card(model))
    other = registry.card(values_model or model)
    shown = other, _atomic_number(values_element or element, other)
    _check_target(out)
    from atomlens.explain.colors import ColorScale

    scale = ColorScale(limit, zero)
    read = _molecule(molecule, settings.max_atoms)
    _cards_for(read.numbers.tolist(), [own[0], other], registry)
    from atomlens.explain.field import field_quantity
    from atomlens.explain.surface import envelope as envelope_of
    from atomlens.explain.surface import envelope_values, isosurface
    from atomlens.explain.surface_files import surface_file

    level = isovalue
    if envelope is None:
        field = _field(settings, registry, *own, read, spacing, margin)
        (summary,) = field.summary().values()
        level = summary["suggested_isovalue"] if level is None else level
        mesh = isosurface(field.grid, field.of(own[1]), level, field.unit)
    else:
        mesh = envelope_of(read, envelope)
    if envelope is not None or shown != own:
        # at the vertices themselves: no second grid, no interpolation
        level, mesh = (
            None,
            envelope_values(registry.load(other.name), read, field_quantity(other.quantity), shown[1], mesh),
        )
    data = surface_file(
        mesh,
        format,
        read,
        title=f"{read.name or read.formula}, {model}, {element}",
        quantity=field_quantity(other.quantity),
        level=level,
        scale=scale,
        opacity=opacity,
    )
    _write(out, data)


@app.command()
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
    registry, named, read = _asked(molecule, model, json_file)
    end_positions = None if end is None else _molecule(str(end), _settings().max_atoms).positions
    from atomlens.explain.alchemy import Path as AlchemicalPath

    changes = [_change(text) for text in change or ()]
    changes += [_change(text, "out") for text in fade_out or ()]
    changes += [_change(text, "in") for text in fade_in or ()]
    path = AlchemicalPath(read, tuple(changes), steps, end_positions)
    cards = _cards_for(path.elements, named, registry)
    from atomlens.explain.alchemy import describe, follow

    paths = [follow(registry.load(card.name), path) for card in cards]
    if json_file is None:
        _print_paths(path.lambdas.tolist(), paths)
        return
    answer = {
        "molecule": read.to_dict(),
        "changes": describe(changes),
        "lambda": path.lambdas.tolist(),
        "paths": [found.to_dict() for found in paths],
    }
    _write_json(answer, json_file)


@app.command()
def pairs(
    molecule: Input,
    model: ModelNames = None,
    json_file: JsonFile = None,
    bonded: Annotated[bool, typer.Option("--bonded", help="Only bonded pairs in the table")] = False,
    unit: Annotated[EnergyUnit, typer.Option("--unit", help="Unit of energies in the table")] = EnergyUnit.EV,
) -> None:
    """How much the energy models lean on each pair of atoms within their cutoff, nearest first."""
    registry, named, read = _asked(molecule, model, json_file)
    cards = _cards_for(read.numbers.tolist(), named, registry)
    from atomlens.explain.pairs import sensitivities

    if not named:
        cards = [card for card in cards if card.quantity == "energy"]
    found = [sensitivities(registry.load(card.name), read) for card in cards]
    if json_file is None:
        _print_pairs(read, found, bonded, unit)
        return
    _write_json({"molecule": read.to_dict(), "pairs": [one.to_dict() for one in found]}, json_file)


@app.command()
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
        _check_target(out)
    registry, named, read = _asked(molecule, None if model is None else [model], json_file)
    from atomlens.explain.relaxation import check_limits, chosen_for_relaxing
    from atomlens.explain.relaxation import relax as descend

    check_limits(len(read), steps, fmax)
    cards = _cards_for(read.numbers.tolist(), named, registry)
    name = named[0].name if named else chosen_for_relaxing(cards).name
    _one_thread()
    with _progress() as bar:
        task = bar.add_task(f"Relaxing {read.name or read.formula}", total=1.0)
        found = descend(
            registry.load(name), read, steps=steps, fmax=fmax, progress=lambda share: bar.update(task, completed=share)
        )
    if out is not None:
        _write(out, _xyz(found.molecule, found.energies[-1]).encode())
    if json_file is None:
        _print_relaxation(found)
        return
    _write_json(found.to_dict(), json_file)


@app.command()
def batch(
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="Many molecules: .sdf, .csv (a column of SMILES), .smi, .xyz, .extxyz"),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="To write: .csv, .json, or .sdf; default: a table")
    ] = None,
    model: ModelNames = None,
    unit: Annotated[EnergyUnit, typer.Option("--unit", help="Unit of energies in the table")] = EnergyUnit.EV,
) -> None:
    """Predict many molecules: a row for each, with energies, dipole moments, spread and trust, or why not."""
    if out is not None:
        if out.suffix.lower() not in BATCH_FILES:
            raise MalformedInput(f"{out} is none of {', '.join(BATCH_FILES)}.", field="out")
        _check_target(out)
    settings = _settings()
    registry = _registry(settings)
    cards = [registry.card(name) for name in model or ()]
    cards = cards or [card for card in registry.cards.values() if not card.periodic]
    from atomlens.chem.records import format_of_file, split_records
    from atomlens.chem.text import read_text_file
    from atomlens.networks.card import check_kind

    for card in cards:
        check_kind(card.name, card.periodic, False)
    format = format_of_file(source.name)
    text = read_text_file(source, MOST_BATCH_CHARACTERS)
    records = split_records(text, format, source.name, characters=MOST_BATCH_CHARACTERS)
    rows, molecules = _batch(registry, cards, records, settings.max_atoms)
    failed = sum(row["error"] is not None for row in rows)
    if out is None:
        _print_batch(rows, unit)
    else:
        from atomlens.explain.batch import batch_csv, batch_sdf

        kind = out.suffix.lower()
        if kind == ".json":
            answer = {"models": [card.name for card in cards], "rows": rows}
            _write(out, (json.dumps(answer, allow_nan=False) + "\n").encode())
        else:
            made = batch_csv(rows) if kind == ".csv" else batch_sdf(zip(rows, molecules, strict=True))
            _write(out, made.encode())
    if failed:
        typer.echo(f"{failed} of {len(rows)} molecules have no prediction; their rows say why.", err=True)


@app.command()
def reaction(
    equation: Annotated[
        str, typer.Argument(metavar="EQUATION", help='Names or SMILES: "C=C + [HH] -> CC", "2 H2 + O2 -> 2 H2O"')
    ],
    balance: Annotated[bool, typer.Option("--balance", help="Take the coefficients that balance the equation")] = False,
    model: ModelNames = None,
    json_file: JsonFile = None,
    unit: Annotated[EnergyUnit, typer.Option("--unit", help="Unit of energies in the table")] = EnergyUnit.EV,
) -> None:
    """The electronic energy of a reaction by every energy model, and the atoms that change most."""
    settings = _settings()
    registry = _registry(settings)
    named = [registry.card(name) for name in model or ()]
    _check_json_target(json_file)
    from atomlens.chem.equation import parse_equation
    from atomlens.chem.reaction import read_reaction
    from atomlens.service.alone import run_alone

    reactants, products = parse_equation(equation)
    found = run_alone(read_reaction, reactants, products, settings.max_atoms, balanced=balance)
    if not found.balance.balanced:
        better = found.balanced_equation
        hint = f"Balanced: {better} (--balance takes this)." if better else "No coefficients balance it."
        raise MalformedInput(found.balance.sentence, code="unbalanced", field="equation", hint=hint)
    answer = _reaction(registry, named, found)
    if json_file is None:
        _print_reaction(answer, unit)
        return
    _write_json(answer, json_file)


@app.command()
def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print the cards as JSON")] = False,
) -> None:
    """List the models, their elements and their errors on the test molecules."""
    cards = _registry(_settings()).cards
    if as_json:
        typer.echo(json.dumps({"models": [card.raw for card in cards.values()]}))
        return
    from rich.table import Table

    table = Table("model", "property", "elements", "cutoff, Å", "error on test molecules", "members")
    for card in cards.values():
        table.add_row(
            card.name,
            card.quantity,
            " ".join(card.raw["elements"]),
            f"{card.cutoff:g}",
            f"{card.test['mae']} {card.test['unit']}" if card.test else "unknown",
            str(card.n_members),
        )
    _console().print(table)


@app.command()
def embeddings(model: ModelArgument, json_file: JsonFile = None) -> None:
    """The order of the periodic table in a SchNet's element vectors: what is measured, beside chance."""
    registry = _registry(_settings())
    card = registry.card(model)
    _check_json_target(json_file)
    from atomlens.explain.embeddings import element_vectors

    found = element_vectors(registry.load(model), card.structures_of_element, card.additive_coefficients)
    if json_file is None:
        _print_order(found)
        return
    _write_json(found, json_file)


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml: what to train, on what, how long")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest snapshot")] = False,
    member: Annotated[int, typer.Option("--member", metavar="K", help="Network of the ensemble; 0: the main one")] = 0,
    device: Annotated[
        str | None, typer.Option("--device", metavar="NAME", help="Device of torch, such as cuda")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long on the device, in place of steps")] = 0.0,
) -> None:
    """Train a model by a recipe; snapshots and learning curve go to runs/NAME, the model to models/NAME.

    An ensemble's networks are trained one by one, each joining those that models/NAME has.
    """
    from atomlens.training.train import train as follow

    follow(recipe, resume, member=member, device=device, seconds=seconds)


@app.command()
def label(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml: which molecules, how they are displaced")],
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes; 0: one a processor")] = 0,
) -> None:
    """Make the training data of the organic models: geometries away from the minima, by GFN2-xTB and DFT.

    The data go to runs/labels/NAME; what is there is not made again. Needs the extra `labels`.
    """
    from atomlens.training.labels.make import make

    counts = make(recipe, workers or os.cpu_count() or 1)
    for kind, count in counts.items():
        typer.echo(f"{kind}: {count}")


@app.command("learning-curve")
def learning_curve(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml with [learning_curve]")],
) -> None:
    """Measure the error against the number of training molecules and keep it on the model's card.

    Goes on where it was broken off; takes as long as several trainings.
    """
    from atomlens.training.learning_curve import learning_curve as measure

    typer.echo(json.dumps(measure(recipe), indent=2))


@app.command()
def evaluate(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Measure a model on its test molecules, print the figures as JSON and keep them on its card.

    In a checkout, the tables of README.md and docs/models.md and the drawings in docs/figures follow.
    """
    registry = _registry(_settings())
    card = registry.card(model)
    from atomlens.training.evaluate import evaluate as measure

    figures: dict[str, object] = {"test": measure(registry.folder / card.name, data)}
    figures["learning_curve"] = card.raw.get("learning_curve")
    typer.echo(json.dumps(figures, indent=2))
    _rewrite_pages()


@app.command()
def environments(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Take the statistics of a model's training environments anew; from them trust is graded.

    Training ends with it; the hash of the checkpoint changes.
    """
    folder = _folder(model)
    from atomlens.training.surroundings import take_statistics

    typer.echo(f"{model}: checkpoint {take_statistics(folder, data).checkpoint_hash}")


@app.command()
def combine(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Fit the weights of an energy model's members, and the factor of their spread, on validation molecules.

    Training ends with it; the hash of the checkpoint changes.
    """
    folder = _folder(model)
    from atomlens.training.ensemble import combine as fit

    typer.echo(f"{model}: checkpoint {fit(folder, data).checkpoint_hash}")


@app.command()
def decay(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Take the statistics of how an energy model's pairs fall with distance, over the test molecules of its data.

    They stand beside its card, for the page's plot. Training and `combine` leave them behind: take them anew.
    """
    folder = _folder(model)
    from atomlens.training.pair_decay import take_decay

    with _progress() as bar:
        task = bar.add_task(f"Pairs of {model}", total=1.0)
        found = take_decay(folder, data, progress=lambda share: bar.update(task, completed=share))
    n = sum(sum(table["n"]) for table in found["pairs"])
    typer.echo(f"{model}: {n} pairs of {found['molecules']} molecules, checkpoint {found['checkpoint']}")


@app.command()
def atlas(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Make the atlas of a model's environments: distributions over test molecules, a sample of training atoms.

    It stands beside the card, which holds its hash. A new checkpoint leaves it behind: make it anew.
    """
    folder = _folder(model)
    from atomlens.training.atlas import make_atlas

    with _progress() as bar:
        task = bar.add_task(f"Atlas of {model}", total=1.0)
        found = make_atlas(folder, data, progress=lambda share: bar.update(task, completed=share))
    typer.echo(json.dumps(found, indent=2))


@app.command()
def trust(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Fit what error an energy model's own signs announce, on molecules of another kind, and measure it on others.

    Prints the figures, the area under the ROC curve among them, and keeps them on the card; the hash stays, and in a
    checkout the table of docs/models.md follows.
    """
    folder = _folder(model)
    from atomlens.training.trust import fit_trust

    typer.echo(json.dumps(fit_trust(folder, data), indent=2))
    _rewrite_pages()


@app.command()
def rings(
    model: ModelArgument,
    unit: Annotated[EnergyUnit, typer.Option("--unit", help="Unit of energies in the table")] = EnergyUnit.EV,
    json_file: JsonFile = None,
) -> None:
    """Rank rings by stability: what an energy model gives an atom of the ring, on average."""
    registry = _registry(_settings())
    card = registry.card(model)
    _check_json_target(json_file)
    from atomlens.explain.rings import rank_rings

    found = rank_rings(registry.load(model), card.free_atom_energies, registry.atlas_if_any(model))
    if json_file is None:
        _print_rings(found, unit)
        return
    _write_json({"model": model, "checkpoint": card.checkpoint_hash, "unit": "eV", "rings": found}, json_file)


@app.command("import-schnetpack")
def import_schnetpack(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The model that SchNetPack saved whole: best_model")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the new model: data-family-property")],
    elements: Annotated[
        str, typer.Option("--elements", metavar="H,C,..", help="Default: those with a reference energy in the file")
    ] = "",
    unit: Annotated[
        str | None,
        typer.Option("--unit", help="Of its energies: eV (default), kcal/mol, kJ/mol, Ha; dipoles: debye, e·Å, au"),
    ] = None,
    length_unit: Annotated[str, typer.Option("--length-unit", help="Of positions there: Å or Bohr")] = "Å",
    title: Annotated[str | None, typer.Option("--title", help="For people")] = None,
) -> None:
    """Import a SchNet (energy or dipole) that was trained with SchNetPack 2; nothing in the file is run."""
    from atomlens.training.import_schnetpack import import_schnetpack as bring

    symbols = [symbol.strip() for symbol in elements.split(",") if symbol.strip()]
    folder = _settings().models_dir
    card = bring(file, folder, name, elements=symbols, unit=unit, length_unit=length_unit, title=title)
    typer.echo(f"{card.name}: {card.quantity} of {' '.join(card.raw['elements'])}, in {folder / card.name}")


def _settings() -> Settings:
    from pydantic import ValidationError

    from atomlens.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"ATOMLENS_{'_'.join(str(part) for part in e['loc']).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors()
        )
        raise InputError(f"The settings cannot be used: {wrong}.", hint="docs/settings.md lists them.") from error


def _registry(settings: Settings) -> ModelRegistry:
    from atomlens.networks.registry import ModelRegistry

    registry = ModelRegistry(settings.models_dir)
    if not registry.cards:
        raise NotFound(f"There are no models in {settings.models_dir}.", hint="Set ATOMLENS_MODELS_DIR.")
    return registry


def _folder(model: str) -> Path:
    """Of the checkpoint of this name."""
    registry = _registry(_settings())
    return registry.folder / registry.card(model).name


def _rewrite_pages() -> None:
    """In a checkout: the tables and drawings of its pages, from the cards as they are now."""
    from atomlens.training.figures import draw
    from atomlens.training.report import PAGES, rewrite

    registry = _registry(_settings())
    cards, root = list(registry.cards.values()), registry.folder.parent
    pages = [root / name for name in PAGES if (root / name).is_file()]
    for page in pages:
        if rewrite(page, cards):
            typer.echo(f"{page} follows.", err=True)
    if pages:
        draw(root, cards)


def _molecule(text: str, max_atoms: int, *, crystals: bool = False) -> Molecule:
    from atomlens.chem.check import check_no_crystal
    from atomlens.chem.read import read_file, read_molecule
    from atomlens.service.alone import run_alone

    suffix = Path(text).suffix.lower()
    # a file of another kind gets the reader's message about kinds, not one about SMILES
    read = read_file if suffix in FILES or (suffix and _is_file(text)) else read_molecule
    found = run_alone(read, text, max_atoms=max_atoms)
    if not crystals:
        check_no_crystal(found)
    return found


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        # a SMILES longer than any file name, or with characters that none has
        return False


def _asked(
    molecule: str, model: list[str] | None, json_file: str | None, *, crystals: bool = False
) -> tuple[ModelRegistry, list[Card], Molecule]:
    """Models, the cards of those named, and the molecule; what is wrong is said before anything is computed."""
    settings = _settings()
    registry = _registry(settings)
    _check_json_target(json_file)
    named = [registry.card(name) for name in model or ()]
    return registry, named, _molecule(molecule, settings.max_atoms, crystals=crystals)


def _cards_for(
    numbers: Sequence[int], named: list[Card], registry: ModelRegistry, *, crystal: bool = False
) -> list[Card]:
    """The cards of the models named, or of all of molecules (or crystals) that know these elements.

    Raises `UnknownElement`, and `InputError` for models of the other kind.
    """
    from atomlens.chem.check import check_elements
    from atomlens.networks.card import check_kind

    cards = named
    if not named:
        listed = list(registry.cards.values())
        everyone = [card for card in listed if card.periodic == crystal] or listed[:1]
        # where none knows it, the first one's complaint names the elements
        cards = [card for card in everyone if set(numbers) <= set(card.elements)] or everyone[:1]
    for card in cards:
        check_kind(card.name, card.periodic, crystal)
        check_elements(numbers, card.elements, card.name)
    return cards


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
    with _progress() as bar:
        task = bar.add_task(f"Field around {molecule.name or molecule.formula}", total=1.0)

        def report(share: float) -> None:
            bar.update(task, completed=share)

        return compute(
            registry.load(card.name), molecule, field_quantity(card.quantity), [element], grid, progress=report
        )


def _atomic_number(symbol: str, card: Card) -> int:
    from atomlens.chem.elements import NUMBERS, SYMBOLS
    from atomlens.errors import UnknownElement

    number = NUMBERS.get(symbol.strip().capitalize())
    if number is None:
        raise MalformedInput(f"There is no element {symbol}.", field="element")
    if number not in card.elements:
        known = ", ".join(SYMBOLS[z] for z in card.elements)
        raise UnknownElement(
            f"{card.name} does not know {SYMBOLS[number]}.", field="element", hint=f"It knows {known}."
        )
    return number


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


def _print_paths(lambdas: Sequence[float], paths: Sequence[PathPrediction]) -> None:
    """Totals less the straight line between both ends, model by model."""
    from rich.table import Table

    units = ["eV" if found.quantity == "energy" else "debye" for found in paths]
    table = Table("λ", *(f"{found.model}, {unit}" for found, unit in zip(paths, units, strict=True)))
    for share, *excess in zip(lambdas, *(found.excess for found in paths), strict=True):
        table.add_row(f"{share:.3f}", *(f"{value:.4f}" for value in excess))
    for place, what in ((0, "total at 0"), (-1, "total at 1")):
        table.add_row(what, *(f"{found.totals[place]:.4f}" for found in paths))
    _console().print("Less the straight line between both ends:")
    _console().print(table)


def _print_pairs(molecule: Molecule, found: Sequence[Pairs], bonded: bool, unit: EnergyUnit) -> None:
    from rich.table import Table

    name, factor = _shown("eV", unit)
    table = Table("pair", "distance, Å", "bonded", *(f"{one.model}, {name}" for one in found))
    columns = [dict(zip(map(tuple, one.atoms.tolist()), one.values.tolist(), strict=True)) for one in found]
    widest = max(found, key=lambda one: one.cutoff)
    for pair, distance, bond in zip(
        widest.atoms.tolist(), widest.distances.tolist(), widest.bonded.tolist(), strict=True
    ):
        if bond or not bonded:
            shown = "–".join(f"{molecule.symbols[atom]}{atom + 1}" for atom in pair)
            # one with a shorter cutoff has no value there
            values = (column.get(tuple(pair)) for column in columns)
            cells = ("" if value is None else f"{value * factor:.4f}" for value in values)
            table.add_row(shown, f"{distance:.3f}", "yes" if bond else "", *cells)
    _console().print(table)
    _console().print("Each is the energy's slope when all that the pair does is scaled: their sum is not the energy.")


def _print_order(found: dict[str, Any]) -> None:
    from rich.table import Table

    console, members = _console(), found["members"]
    if members[0]["same_group"] is None:
        console.print("With so few elements there is no order that could be told from chance.")
        return
    table = Table("network", "component", "variance", *found["properties"])
    for k, member in enumerate(members):
        for component in sorted({entry["component"] for entry in member["correlations"]}):
            cells = {e["property"]: e for e in member["correlations"] if e["component"] == component}
            shown = (
                "" if name not in cells else f"{cells[name]['rho']:+.2f}{'*' if cells[name]['adjusted'] < 0.05 else ''}"
                for name in found["properties"]
            )
            variance = f"{100 * member['explained_variance'][component]:.0f} %"
            table.add_row(str(k + 1), str(component + 1), variance, *shown)
    console.print("Rank correlation of components and properties; *: beyond chance, all of them considered (p < 0.05)")
    console.print(table)
    shares = [(f"network {k + 1}", member["same_group"]) for k, member in enumerate(members)]
    if found["additive"] is not None:
        shares.append(("additive model", found["additive"]))
    for name, share in shares:
        parts = (f"{metric} {100 * share[metric]['share']:.0f} %" for metric in share)
        console.print(f"nearest neighbour of the same group, {name}: {', '.join(parts)}")
    console.print(f"shuffled elements: {100 * members[0]['same_group']['euclidean']['chance']:.0f} %")
    if found["agreement"] is not None:
        console.print(f"rank correlation of distances between networks: {found['agreement']:.2f}")
    left = [symbol for symbol, counts in zip(found["elements"], found["measured"], strict=True) if not counts]
    if left:
        console.print(f"not measured, of too few training structures: {' '.join(left)}")


def _batch(
    registry: ModelRegistry, cards: list[Card], records: Sequence[Record], max_atoms: int
) -> tuple[list[dict[str, Any]], list[Molecule | None]]:
    """Rows, and molecules, None where a record could not be read; with a bar of the progress."""
    from atomlens.chem.many import read_records
    from atomlens.errors import AtomlensError
    from atomlens.explain.batch import in_short, row, unknown_to_all
    from atomlens.explain.prediction import explain_all
    from atomlens.service.alone import run_alone

    rows: list[dict[str, Any]] = []
    molecules: list[Molecule | None] = []
    with _progress() as bar:
        task = bar.add_task(f"{len(records):,} molecules", total=len(records))
        for start in range(0, len(records), BATCH_BLOCK):
            part = records[start : start + BATCH_BLOCK]
            read = run_alone(read_records, part, max_atoms)
            answers: list[list[dict[str, Any]]] = [[] for _ in part]
            for card in cards:
                known = {
                    k: one for k, one in enumerate(read) if not isinstance(one, AtomlensError) and _knows(card, one)
                }
                found = explain_all(registry.load(card.name), list(known.values())) if known else []
                for (k, molecule), prediction in zip(known.items(), found, strict=True):
                    answers[k].append(in_short(prediction, molecule, card))
            for record, one, given in zip(part, read, answers, strict=True):
                there = None if isinstance(one, AtomlensError) else one
                data = None if there is None else there.to_dict()
                error = one if isinstance(one, AtomlensError) else unknown_to_all(data, given, cards)
                rows.append(row(record, data, given, cards, error))
                molecules.append(there)
            bar.update(task, completed=len(rows))
    return rows, molecules


def _knows(card: Card, molecule: Molecule) -> bool:
    return set(molecule.numbers.tolist()) <= set(card.elements)


def _reaction(registry: ModelRegistry, named: list[Card], found: Reaction) -> dict[str, Any]:
    """The answer of `POST /reactions`."""
    from atomlens.explain.reaction import changes_of_atoms, chosen_models, judged, reaction_energy

    numbers = [z for one in found.species for z in one.molecule.numbers.tolist()]
    cards = [card for card in _cards_for(numbers, named, registry) if card.quantity == "energy"]
    if not cards or (named and len(cards) < len(named)):
        raise InputError("The energy of a reaction needs models of the energy.", code="energies_only", field="model")
    signs = [-1] * len(found.reactants) + [1] * len(found.products)
    nu = [sign * one.coefficient for sign, one in zip(signs, found.species, strict=True)]
    molecules = [one.molecule for one in found.species]
    sizes, unpaired = [len(one) for one in molecules], [bool(one.open_shell) for one in found.species]
    predictions = []
    for card in cards:
        one = judged(reaction_energy(registry.load(card.name), molecules, nu), card, sizes, unpaired)
        predictions.append({**one, "changes": changes_of_atoms(one, found.matches)})
    asked = named or [card for card in registry.cards.values() if not card.periodic and card.quantity == "energy"]
    return {**found.to_dict(), "predictions": predictions, "choice": chosen_models(predictions, asked, numbers)}


def _print_batch(rows: Sequence[dict[str, Any]], unit: EnergyUnit) -> None:
    """One line for each row: of each property and family the model chosen for the molecule."""
    from rich.table import Table

    families = {
        (one["property"], _family(one["model"])): one["unit"]
        for row in rows
        for one in row["predictions"]
        if one["model"] in row["shown"]
    }
    heads = [f"{family} {what}\n{_shown(of, unit)[0]}" for (what, family), of in families.items()]
    table = Table("#", "molecule", "formula", "atoms", *heads, "trust")
    for row in rows:
        shown = {
            (one["property"], _family(one["model"])): one for one in row["predictions"] if one["model"] in row["shown"]
        }
        name = row["name"] or row["smiles"] or row["input"]
        if row["error"] is not None:
            table.add_row(str(row["record"]), f"{name}: {row['error']['message']}", row["formula"])
            continue
        cells = [_value(shown.get(key), unit) for key in families]
        grades = [one["molecule_trust"]["grade"] for one in shown.values() if one["molecule_trust"]]
        worst = max(grades, key=list(MARKS).index, default="")
        table.add_row(str(row["record"]), name, row["formula"], str(row["atoms"]), *cells, worst)
    _console().print(table)


def _family(model: str) -> str:
    return model.split("-")[-2] if model.count("-") > 1 else model


def _value(prediction: dict[str, Any] | None, unit: EnergyUnit) -> str:
    if prediction is None:
        return ""
    factor = _shown(prediction["unit"], unit)[1]
    spread = "" if prediction["uncertainty"] is None else f" ± {prediction['uncertainty'] * factor:.3f}"
    return f"{prediction['total'] * factor:.3f}{spread}"


def _print_reaction(answer: dict[str, Any], unit: EnergyUnit) -> None:
    from rich.table import Table

    console, (name, factor) = _console(), _shown("eV", unit)
    species = answer["reactants"] + answer["products"]
    console.print(answer["equation"])
    table = Table("model", f"energy of reaction, {name}", "trust", "because of")
    for found in answer["predictions"]:
        spread = "" if found["uncertainty"] is None else f" ± {found['uncertainty'] * factor:.3f}"
        doubts = [
            f"{one['text']} ({_WHY[graded['reason']]})"
            for one, graded in zip(species, found["species"], strict=True)
            if graded["grade"] == found["grade"] != "inside"
        ]
        table.add_row(found["model"], f"{found['energy'] * factor:.3f}{spread}", found["grade"], ", ".join(doubts))
    console.print(table)
    chosen = {choice["model"] for choice in answer["choice"]}
    for found in (one for one in answer["predictions"] if one["model"] in chosen):
        largest = sorted(zip(found["changes"], answer["matches"], strict=True), key=lambda pair: -abs(pair[0]))
        parts = (
            f"{_atom_of(species, match['reactant'])} → {_atom_of(species, match['product'])} {change * factor:+.3f}"
            for change, match in largest[:5]
        )
        console.print(f"{found['model']}, contributions that change most, {name}: {'; '.join(parts)}")
    console.print("Electronic energies at 0 K: no zero-point, thermal or solvent part. ±: spread of the difference.")


_WHY = {
    "spread": "its networks disagree",
    "distance": "its surroundings are strange",
    "small": "smaller than any training molecule",
    "open_shell": "unpaired electrons",
    None: "not measured",
}


def _atom_of(species: Sequence[dict[str, Any]], place: Sequence[int]) -> str:
    """C1 of ethene; atoms count from 1 in tables."""
    one = species[place[0]]
    return f"{one['molecule']['symbols'][place[2]]}{place[2] + 1} of {one['text']}"


def _one_thread() -> None:
    """Steps of a relaxation are too small to be shared: threads would wait for one another."""
    import numba
    import torch

    numba.set_num_threads(1)
    torch.set_num_threads(1)


def _xyz(molecule: Molecule, energy: float) -> str:
    """XYZ, whose comment says where the geometry is from."""
    lines = (
        f"{symbol} {x:.8f} {y:.8f} {z:.8f}"
        for symbol, (x, y, z) in zip(molecule.symbols, molecule.positions.tolist(), strict=True)
    )
    comment = f"relaxed with {molecule.geometry.method}, {energy:.6f} eV"
    return "\n".join([str(len(molecule)), comment, *lines, ""])


def _print_relaxation(found: Relaxation) -> None:
    from rich.table import Table

    table = Table("step", "energy, eV", "lower by, kcal/mol", "largest force, eV/Å")
    # some ten lines tell the story of a hundred steps
    shown = sorted({round(step) for step in (found.steps * k / 10 for k in range(11))})
    for step in shown:
        lower = (found.energies[0] - found.energies[step]) * ENERGY_UNITS_PER_EV["kcal/mol"]
        table.add_row(str(step), f"{found.energies[step]:.6f}", f"{lower:.3f}", f"{found.largest_forces[step]:.4f}")
    console = _console()
    console.print(table)
    if found.converged:
        console.print(f"{found.model}: converged after {found.steps} steps.")
    else:
        console.print(f"{found.model}: not converged after {found.steps} steps.")
    for warning in found.molecule.warnings:
        console.print(f"note: {warning}")


def _print_rings(found: Sequence[dict[str, Any]], unit: EnergyUnit) -> None:
    from rich.table import Table

    name, factor = _shown("eV", unit)
    heads = (f"contribution, {name}", f"vs free atoms, {name}")
    table = Table("ring", "atoms", *heads, "geometry", f"on the force field's, {name}")
    for row in found:
        values = (row["contribution"], row["versus_free_atoms"], row["force_field"]["contribution"])
        first, second, third = ("" if value is None else f"{value * factor:.4f}" for value in values)
        table.add_row(row["name"], str(row["atoms"]), first, second, row["geometry"], third)
    _console().print(table)
    _console().print("Means over the atoms of the ring, hydrogens left out: the lower, the more stable.")


def _check_target(path: Path) -> None:
    """Complain of a file that cannot be written before the work, not after it."""
    if path.is_dir():
        raise InputError(f"{path} cannot be written: it is a folder.", field="out")
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}.", field="out")


def _check_json_target(json_file: str | None) -> None:
    """`_check_target` of a --json or --csv option."""
    if json_file not in (None, "-"):
        _check_target(Path(json_file))


def _write_json(answer: dict[str, Any], json_file: str) -> None:
    """One line of JSON to the file, or to stdout for -."""
    _write_text(json.dumps(answer, allow_nan=False) + "\n", json_file)


def _write_text(text: str, file: str) -> None:
    """To the file, or to stdout for -."""
    if file == "-":
        typer.echo(text, nl=False)
    else:
        _write(Path(file), text.encode())


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def _extxyz(registry: ModelRegistry, molecule: Molecule, predictions: list[dict[str, Any]]) -> str:
    """Extended XYZ of predictions, with forces of the energy models; crystals have none."""
    from atomlens.explain.extxyz_file import explanation_extxyz
    from atomlens.networks.protocol import Batch

    energies = [p["model"] for p in predictions if p["property"] == "energy" and molecule.cell is None]
    forces = {name: registry.load(name).forces(Batch.of([molecule])).tolist() for name in energies}
    return explanation_extxyz(molecule, predictions, forces)


def _drawing(
    registry: ModelRegistry,
    molecule: Molecule,
    predictions: list[dict[str, Any]],
    quantity: DrawnValues,
    unit: str,
    limit: float | None,
) -> str:
    """SVG of the molecule, flat, its atoms in the colours of their values."""
    from atomlens.chem.depiction import flat_positions
    from atomlens.explain.drawing import drawing, free_atoms, panels

    energies = {p["model"]: registry.card(p["model"]).free_atom_energies for p in predictions}
    chosen = panels(predictions, quantity.value, free_atoms(molecule, energies))
    return drawing(molecule, flat_positions(molecule), chosen, quantity.value, unit=unit, limit=limit)


def _offline(registry: ModelRegistry, molecule: Molecule, predictions: list[dict[str, Any]]) -> str:
    """The page of this explanation as one file."""
    from atomlens.service.offline import offline_explanation, offline_page

    names = [p["model"] for p in predictions]
    models, cards = [registry.load(name) for name in names], [registry.card(name) for name in names]
    title = f"{molecule.name or molecule.formula} · atomlens"
    explanation = offline_explanation(molecule, predictions, models, cards)
    return offline_page(_settings().frontend_dir, explanation, title)


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    # markup would swallow the brackets of SMILES
    return Console(stderr=stderr, width=None if terminal else TABLE_WIDTH, markup=False, highlight=False)


def _progress() -> Any:
    from rich.progress import Progress

    # gone when done, and never on a stderr that is no terminal
    return Progress(console=_console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _print_explanation(molecule: Molecule, predictions: list[dict[str, Any]], unit: EnergyUnit) -> None:
    from rich.table import Table

    console = _console()
    heading = (molecule.name, molecule.formula, molecule.smiles)
    console.print("  ".join(part for part in heading if part))
    if molecule.geometry.method:
        console.print(f"geometry: {molecule.geometry.source}, {molecule.geometry.method}")
    table = Table("atom", "element")
    for p in predictions:
        table.add_column(f"{p['model']}\n{_shown(p['contribution_unit'], unit)[0]}", justify="right")
    columns = [_column(p, unit) for p in predictions]
    for index, symbol in enumerate(molecule.symbols):
        table.add_row(str(index + 1), symbol, *(column[index] for column in columns))
    console.print(table)
    for p in predictions:
        name, factor = _shown(p["unit"], unit)
        spread = "" if p["uncertainty"] is None else f" ± {p['uncertainty'] * factor:.4f}"
        console.print(f"{p['model']}: {p['total'] * factor:.6f}{spread} {name}{_grade(p['molecule_trust'])}")
    console.print("Only the sum is trained: the split among atoms is each model's own, and differs between models.")
    if any(grade != "inside" for p in predictions for grade in p["trust"] or ()):
        console.print("?: an environment unusual among the training data   !: outside of it")
    for warning in molecule.warnings:
        console.print(f"note: {warning}")


def _grade(trust: dict[str, Any] | None) -> str:
    """How far the whole molecule is like the training data, and what speaks against it."""
    if trust is None:
        return ""
    words = {"inside": "like the training data", "unusual": "unusual", "outside": "outside the training data"}
    why = {"spread": "its networks disagree", "distance": "its surroundings are strange", None: ""}[trust["reason"]]
    chance = trust["probability"]
    risk = "" if chance is None else f"{100 * chance:.0f} % for an error beyond 5 kcal/mol"
    notes = ", ".join(filter(None, (why, risk)))
    return f"; {words[trust['grade']]}" + (f" ({notes})" if notes else "")


def _column(prediction: dict[str, Any], unit: EnergyUnit) -> list[str]:
    factor = _shown(prediction["contribution_unit"], unit)[1]
    values = [f"{value * factor:.4f}" for value in prediction["contributions"]]
    if prediction["trust"] is None:
        return values
    return [value + MARKS[grade] for value, grade in zip(values, prediction["trust"], strict=True)]


def _shown(unit: str, energy_unit: EnergyUnit) -> tuple[str, float]:
    """Unit in which a value is shown, and its factor."""
    return (energy_unit.value, ENERGY_UNITS_PER_EV[energy_unit.value]) if unit == "eV" else (unit, 1.0)
