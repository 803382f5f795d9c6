"""The program `atomlens`: its commands in the order in which its help lists them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from atomlens import __version__
from atomlens.cli.fields import probe, surface
from atomlens.cli.many import batch, predict, reaction
from atomlens.cli.models import embeddings, models, rings
from atomlens.cli.molecule import alchemy, explain, pairs, relax
from atomlens.cli.serve import serve
from atomlens.cli.training import (
    atlas,
    combine,
    decay,
    environments,
    evaluate,
    import_schnetpack,
    label,
    learning_curve,
    train,
    trust,
)
from atomlens.errors import AtomlensError

if TYPE_CHECKING:
    from collections.abc import Callable

#: In the order of the help.
COMMANDS: tuple[Callable[..., None], ...] = (
    serve,
    explain,
    predict,
    probe,
    surface,
    alchemy,
    pairs,
    relax,
    batch,
    reaction,
    models,
    embeddings,
    train,
    label,
    learning_curve,
    evaluate,
    environments,
    combine,
    decay,
    atlas,
    trust,
    rings,
    import_schnetpack,
)

app = typer.Typer(
    help="Look inside interpretable atomistic neural networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


# here, not with a decorator at each: the order of imports would be that of the help
for command in COMMANDS:
    app.command()(command)
