"""German names of the bundled molecules, without the machinery that reads molecules: drawings need them alone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def german() -> dict[str, list[str]]:
    """German names by the main name, the one that is shown first."""
    return {name: parts(written) for name, written in rows("names_de.tsv")}


def in_german(name: str) -> str:
    """How a German reader calls the molecule of this main name; the name itself where the table has no other."""
    return next(iter(german().get(name, ())), name)


def rows(table: str) -> list[list[str]]:
    """Cells of a table of this package, without its comments."""
    text = files("atomlens.chem").joinpath(table).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def parts(written: str) -> list[str]:
    """The names in a cell, which stand between semicolons."""
    return [part.strip() for part in written.split(";") if part.strip()]
