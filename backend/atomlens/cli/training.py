"""Commands that make models, and what stands on their cards and beside them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from atomlens.cli.inputs import checkpoint_folder, open_registry, read_settings
from atomlens.cli.options import DataFolder, ModelArgument
from atomlens.cli.tables import progress_bar


def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml: what to train, on what, how long")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest snapshot")] = False,
    member: Annotated[int, typer.Option("--member", metavar="K", help="Network of the ensemble; 0: the main one")] = 0,
    device: Annotated[
        str | None, typer.Option("--device", metavar="NAME", help="Device of torch, such as cuda")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long on the device, in place of steps")] = 0.0,
    tune: Annotated[
        bool, typer.Option("--tune", help="Go on from the released network, as [tune] of the recipe says")
    ] = False,
) -> None:
    """Train a model by a recipe; snapshots and learning curve go to runs/NAME, the model to models/NAME.

    An ensemble's networks are trained one by one, each joining those that models/NAME has.
    """
    from atomlens.training.train import train as follow

    follow(recipe, resume, member=member, device=device, seconds=seconds, tune=tune)


def label(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml: which molecules, how they are displaced")],
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes; 0: one a processor")] = 0,
) -> None:
    """Make the training data of the organic models: geometries away from the minima, by GFN2-xTB and DFT.

    The data go to runs/labels/NAME; what is there is not made again. Needs the extra `labels`.
    """
    from atomlens.explain.relaxation import way_downhill
    from atomlens.training.labels.make import make

    counts = make(recipe, workers or os.cpu_count() or 1, way_downhill)
    for kind, count in counts.items():
        typer.echo(f"{kind}: {count}")


def learning_curve(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A .toml with [learning_curve]")],
) -> None:
    """Measure the error against the number of training molecules and keep it on the model's card.

    Goes on where it was broken off; takes as long as several trainings.
    """
    from atomlens.training.learning_curve import learning_curve as measure

    typer.echo(json.dumps(measure(recipe), indent=2))


def evaluate(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Measure a model on its test molecules, print the figures as JSON and keep them on its card.

    In a checkout, the tables of README.md and docs/models.md and the drawings in docs/figures follow.
    """
    registry = open_registry(read_settings())
    card = registry.card(model)
    from atomlens.training.evaluate import evaluate as measure

    figures: dict[str, object] = {"test": measure(registry.folder / card.name, data)}
    figures["learning_curve"] = card.raw.get("learning_curve")
    typer.echo(json.dumps(figures, indent=2))
    _rewrite_pages()


def environments(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Take the statistics of a model's training environments anew; from them trust is graded.

    Training ends with it; the hash of the checkpoint changes.
    """
    folder = checkpoint_folder(model)
    from atomlens.training.surroundings import take_statistics

    typer.echo(f"{model}: checkpoint {take_statistics(folder, data).checkpoint_hash}")


def combine(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Fit the weights of a model's members, and the factor of their spread, on validation molecules.

    Training ends with it; the hash of the checkpoint changes.
    """
    folder = checkpoint_folder(model)
    from atomlens.training.ensemble import combine as fit

    typer.echo(f"{model}: checkpoint {fit(folder, data).checkpoint_hash}")


def decay(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Take the statistics of how an energy model's pairs fall with distance, over the test molecules of its data.

    They stand beside its card, for the page's plot. Training and `combine` leave them behind: take them anew.
    """
    folder = checkpoint_folder(model)
    from atomlens.training.pair_decay import take_decay

    with progress_bar() as bar:
        task = bar.add_task(f"Pairs of {model}", total=1.0)
        found = take_decay(folder, data, progress=lambda share: bar.update(task, completed=share))
    n = sum(sum(table["n"]) for table in found["pairs"])
    typer.echo(f"{model}: {n} pairs of {found['molecules']} molecules, checkpoint {found['checkpoint']}")


def atlas(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Make the atlas of a model's environments: distributions over test molecules, a sample of training atoms.

    It stands beside the card, which holds its hash. A new checkpoint leaves it behind: make it anew.
    """
    folder = checkpoint_folder(model)
    from atomlens.training.atlas import make_atlas

    with progress_bar() as bar:
        task = bar.add_task(f"Atlas of {model}", total=1.0)
        found = make_atlas(folder, data, progress=lambda share: bar.update(task, completed=share))
    typer.echo(json.dumps(found, indent=2))


def trust(
    model: ModelArgument,
    data: DataFolder = Path("../shared/data"),
) -> None:
    """Fit what error an energy model's own signs announce, on molecules of another kind, and measure it on others.

    Prints the figures, the area under the ROC curve among them, and keeps them on the card; the hash stays, and in a
    checkout the table of docs/models.md follows.
    """
    folder = checkpoint_folder(model)
    from atomlens.training.trust import fit_trust

    typer.echo(json.dumps(fit_trust(folder, data), indent=2))
    _rewrite_pages()


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
    folder = read_settings().models_dir
    card = bring(file, folder, name, elements=symbols, unit=unit, length_unit=length_unit, title=title)
    typer.echo(f"{card.name}: {card.quantity} of {' '.join(card.raw['elements'])}, in {folder / card.name}")


def _rewrite_pages() -> None:
    """In a checkout: the tables and drawings of its pages, from the cards as they are now."""
    from atomlens.training.figures import draw
    from atomlens.training.report import PAGES, rewrite

    registry = open_registry(read_settings())
    cards, root = list(registry.cards.values()), registry.folder.parent
    pages = [root / name for name in PAGES if (root / name).is_file()]
    for page in pages:
        if rewrite(page, cards):
            typer.echo(f"{page} follows.", err=True)
    if pages:
        draw(root, cards)
