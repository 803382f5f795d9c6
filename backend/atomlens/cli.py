"""The command line. Heavy imports wait until a command needs them, so that --help is quick."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atomlens.errors import AtomlensError, InputError, NotFound

if TYPE_CHECKING:
    from atomlens.chem.molecule import Molecule
    from atomlens.networks.registry import ModelRegistry

app = typer.Typer(
    help="Look inside interpretable atomistic neural networks.", no_args_is_help=True, add_completion=False
)

Input = Annotated[str, typer.Argument(metavar="INPUT", help="SMILES, a name, or a .xyz .extxyz .sdf .mol file")]
ModelName = Annotated[str, typer.Option("--model", help="Name of a model; see `atomlens models`")]


def main() -> None:
    """Run the command line; errors that the caller can mend end in one sentence and exit code 2."""
    try:
        app()
    except AtomlensError as error:
        typer.echo(f"atomlens: {error.message}" + (f" {error.hint}" if error.hint else ""), err=True)
        sys.exit(2)


@app.command()
def explain(
    molecule: Input,
    model: Annotated[list[str] | None, typer.Option("--model", help="Only this model; repeatable")] = None,
    json_file: Annotated[str | None, typer.Option("--json", help="Write JSON to this file, or - for stdout")] = None,
) -> None:
    """Explain a molecule: total and contribution of every atom, by every model or those named."""
    from atomlens.chem.check import check_elements
    from atomlens.explain.prediction import explain as explain_with

    registry = _registry()
    chosen = model or list(registry.cards)
    cards = [registry.card(name) for name in chosen]
    read = _molecule(molecule)
    if model is None:
        fitting = [card for card in cards if set(read.numbers.tolist()) <= set(card.elements)]
        # no model at all: the first one's complaint names the elements
        cards = fitting or cards[:1]
    for card in cards:
        check_elements(read, card.elements, card.name)
    predictions = [explain_with(registry.load(card.name), read) for card in cards]
    answer = {"molecule": read.to_dict(), "predictions": [p.to_dict() for p in predictions]}
    if json_file == "-":
        typer.echo(json.dumps(answer))
    elif json_file is not None:
        _write_text(Path(json_file), json.dumps(answer) + "\n")
    else:
        _print_table(answer)


@app.command()
def predict(
    model: ModelName,
    source: Annotated[Path, typer.Option("--in", help="npz with n_atoms, numbers, positions (Å)")],
    target: Annotated[Path, typer.Option("--out", help="npz to write: total, contributions, uncertainty, unit")],
) -> None:
    """Predict many molecules. Those with an element that the model does not know get NaN."""
    import numpy as np

    from atomlens.explain.prediction import predict_batch

    batch = _read_batch(source)
    result = predict_batch(_registry().load(model), batch)
    try:
        with target.open("wb") as file:
            np.savez(
                file,
                total=result.total,
                contributions=result.contributions,
                uncertainty=result.uncertainty,
                unit=np.array(result.unit),
            )
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}.") from error
    if result.unknown:
        typer.echo(f"{result.unknown} of {len(batch)} molecules have elements that {model} does not know.", err=True)


@app.command()
def probe(
    molecule: Input,
    model: ModelName,
    element: Annotated[str, typer.Option("--element", help="Element of the probe atom")],
    out: Annotated[Path, typer.Option("--out", help="Gaussian cube file to write")],
    spacing: Annotated[float, typer.Option("--spacing", help="Distance of grid points, Å")] = 0.2,
    margin: Annotated[float, typer.Option("--margin", help="Room around the molecule, Å")] = 3.0,
) -> None:
    """Write the field of a probe atom: local chemical potential (energy models) or probe charge."""
    from atomlens.chem.check import check_elements
    from atomlens.chem.elements import NUMBERS
    from atomlens.explain.cube import write_cube
    from atomlens.explain.field import compute
    from atomlens.explain.grid import grid_around

    registry = _registry()
    card = registry.card(model)
    number = NUMBERS.get(element.capitalize())
    if number is None:
        raise InputError(f"There is no element {element}.", field="element")
    read = _molecule(molecule)
    check_elements(read, card.elements, card.name)
    grid = grid_around(read, spacing=spacing, margin=margin)
    quantity = "potential" if card.quantity == "energy" else "charge"
    field = compute(registry.load(model), read, quantity, [number], grid)  # type: ignore[arg-type]
    try:
        with out.open("w", encoding="ascii", errors="replace") as file:
            write_cube(file, field, number, read, model)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}.") from error


@app.command()
def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print the cards as JSON")] = False,
) -> None:
    """List the models, their elements and their errors on the test molecules."""
    cards = _registry().cards
    if as_json:
        typer.echo(json.dumps({"models": [card.raw for card in cards.values()]}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "property", "elements", "test error", "members")
    for card in cards.values():
        error = f"{card.test['mae']} {card.test['unit']}"
        table.add_row(card.name, card.quantity, " ".join(card.raw["elements"]), error, str(card.n_members))
    Console().print(table)


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What to train, on what, how long")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest snapshot")] = False,
) -> None:
    """Train a model by a recipe; snapshots go to runs/NAME, the model to models/NAME."""
    from atomlens.training.fit import train as follow

    follow(recipe, resume)


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(metavar="NAME", help="Name of a model")],
    data: Annotated[Path, typer.Option("--data", help="Folder with qm9.npz, qm9_split.npz, qm9_mp2_10k.npz")],
) -> None:
    """Measure a model on the test molecules, print the figures and write them to its card."""
    from atomlens.training.evaluate import evaluate as measure

    registry = _registry()
    figures = measure(registry.folder / registry.card(model).name, data)
    typer.echo(json.dumps({"model": model, **figures}, indent=2))


def _registry() -> ModelRegistry:
    from atomlens.networks.registry import ModelRegistry
    from atomlens.settings import Settings

    folder = Settings().models_dir
    registry = ModelRegistry(folder)
    if not registry.cards:
        raise NotFound(f"There are no models in {folder}.", hint="Set ATOMLENS_MODELS_DIR.")
    return registry


def _molecule(text: str) -> Molecule:
    from atomlens.chem.read import read_file, read_molecule
    from atomlens.settings import Settings

    limit = Settings().max_atoms
    path = Path(text)
    if path.suffix.lower() in (".xyz", ".extxyz", ".sdf", ".mol"):
        return read_file(path, max_atoms=limit)
    return read_molecule(text, max_atoms=limit)


def _read_batch(path: Path) -> Any:
    import numpy as np

    from atomlens.networks.protocol import Batch

    try:
        with np.load(path, allow_pickle=False) as file:
            sizes, numbers, positions = (file[key] for key in ("n_atoms", "numbers", "positions"))
    except (OSError, KeyError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read: {error}.", hint="It holds n_atoms (M,), numbers and positions (sum n, 3)."
        ) from error
    offsets = np.concatenate([[0], np.cumsum(sizes.astype(np.int64))]).astype(np.int64)
    if not len(sizes) or sizes.min() < 1 or numbers.shape != (offsets[-1],) or positions.shape != (offsets[-1], 3):
        raise InputError(f"{path}: n_atoms, numbers and positions do not fit one another.")
    if not np.isfinite(positions).all():
        raise InputError(f"{path}: a position is not a finite number.")
    return Batch(numbers.astype(np.int64), positions.astype(np.float64), offsets, np.zeros(len(sizes), dtype=np.int64))


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def _print_table(answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console, molecule = Console(), answer["molecule"]
    table = Table("atom", "element", *(f"{p['model']}, {p['contribution_unit']}" for p in answer["predictions"]))
    for index, symbol in enumerate(molecule["symbols"]):
        values = (f"{p['contributions'][index]:.4f}" for p in answer["predictions"])
        table.add_row(str(index + 1), symbol, *values)
    console.print(f"{molecule['name'] or molecule['smiles']}  {molecule['formula']}")
    console.print(table)
    for p in answer["predictions"]:
        spread = "" if p["uncertainty"] is None else f" ± {p['uncertainty']:.4f}"
        console.print(f"{p['model']}: {p['total']:.6f}{spread} {p['unit']}")
    console.print("The split among atoms is each model's own: only the sum is trained.")
    for warning in molecule["warnings"]:
        console.print(warning)
