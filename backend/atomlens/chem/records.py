"""Records: the molecules of a text that holds many, each still as text, so that one that is wrong spoils no other.

Formats: SDF (records between lines ``$$$$``), XYZ and extended XYZ (frames one after another), CSV (a column of SMILES,
and of names where there is one; commas, semicolons or tabs between; without a head where the first line has a SMILES),
lines of SMILES with a name behind it (``.smi``), or of names. Cutting needs no RDKit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from atomlens.chem.text import LONGEST_NAME, MAX_TEXT_CHARACTERS, clean, quoted, short
from atomlens.errors import MalformedInput, TooLarge

FORMATS: Final = ("auto", "sdf", "xyz", "extxyz", "csv", "smi")

_FORMAT_OF_SUFFIX: Final = MappingProxyType(
    {
        ".sdf": "sdf",
        ".sd": "sdf",
        ".mol": "sdf",
        ".xyz": "xyz",
        ".extxyz": "xyz",
        ".csv": "csv",
        ".tsv": "csv",
        ".smi": "smi",
        ".smiles": "smi",
        ".txt": "auto",
        "": "auto",
    }
)
_END_OF_SDF_RECORD: Final = re.compile(r"^\$\$\$\$.*$\n?", re.MULTILINE)
_SDF_MARKS: Final = re.compile(r"V[23]000[ \t]*$|^M  END|^\$\$\$\$", re.MULTILINE)
_COUNT: Final = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_SMILES_COLUMN: Final = re.compile(r"smiles|smi|structure", re.IGNORECASE)
#: A name before a number, whatever stands first.
_NAME_COLUMNS: Final = (
    re.compile(r"name|title|compound|molecule|label", re.IGNORECASE),
    re.compile(r"id", re.IGNORECASE),
)
_QUOTED: Final = re.compile(r'"[^"]*"')
_NUMBER: Final = re.compile(r"[+-]?\d*\.?\d+", re.ASCII)


#: A SMILES as far as it can be told without reading it.
_SMILES: Final = re.compile(r"(?=.*[A-Za-z])(?:\[[^\]\s]+\]|Cl|Br|[BCNOPSFI]|[bcnops]|[-=#$:/\\.()%@+]|\d)+")
#: The beginning of names such as N,N-dimethylaniline.
_LOCANTS: Final = re.compile(r"(?:[A-Z]\d*'*,)+[A-Z]\d*'*-")


@dataclass(frozen=True)
class Record:
    """One molecule as text.

    source: the file's name, or ""; place: within it, from 1; name: that the file gives it, or ""; format: as
    `chem.read.read_molecule` takes it, or "line", a SMILES or a name with a title behind it.
    """

    source: str
    place: int
    name: str
    format: str
    text: str


def format_of_file(name: str) -> str:
    """The format that the end of a file's name tells, "auto" without one; raises `MalformedInput`, "unknown_format"."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _FORMAT_OF_SUFFIX:
        raise MalformedInput(
            f"Files of the kind {quoted(suffix)} are not read as many molecules.",
            code="unknown_format",
            field="files",
            hint=f"Files that are read: {', '.join(filter(None, _FORMAT_OF_SUFFIX))}.",
        )
    return _FORMAT_OF_SUFFIX[suffix]


def split_records(
    text: str, format: str = "auto", source: str = "", *, most: int | None = None, characters: int = MAX_TEXT_CHARACTERS
) -> list[Record]:
    """The records of a text in one of `FORMATS`; most: molecules, None for any number.

    Raises `MalformedInput` where no records can be told ("empty", "not_text", "unknown_format", "no_smiles_column"),
    `TooLarge` ("too_long", "too_many_molecules").
    """
    if format not in FORMATS:
        raise MalformedInput(
            f"The format {quoted(format)} is not known.",
            code="unknown_format",
            field="format",
            hint=f"Formats of many molecules: {', '.join(FORMATS)}.",
        )
    text = clean(text, characters)
    cut = _CUTTERS[_guessed(text) if format == "auto" else format]
    records = [Record(source, place, *found) for place, found in enumerate(cut(text), start=1)]
    if most is not None:
        check_number(len(records), most)
    if not records:
        raise MalformedInput("There is no molecule in it.", code="empty", field="text")
    return records


def check_number(records: int, most: int) -> None:
    """Raise `TooLarge`, code "too_many_molecules", beyond `most`."""
    if records > most:
        raise TooLarge(
            f"There are {records:,} molecules; at most {most:,} are treated at once.",
            code="too_many_molecules",
            field="files",
            hint=f"Send at most {most:,}, or use the command line: atomlens batch has no such limit.",
        )


def xyz_frames(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First line and line after the last of every frame, from 0; what is no frame goes to its reader as it is."""
    place = 0
    while True:
        while place < len(lines) and not lines[place].strip():
            place += 1
        if place >= len(lines):
            return
        whole = _COUNT.fullmatch(lines[place]) is not None
        end = min(place + 2 + int(lines[place]), len(lines)) if whole else len(lines)
        # one that promises more atoms than it has ends where the next begins
        end = next((k for k in range(place + 2, end) if _COUNT.fullmatch(lines[k])), end)
        # a frame that promises fewer atoms than follow is one with them: its reader says so
        while end < len(lines) and lines[end].strip() and not _COUNT.fullmatch(lines[end]):
            end += 1
        yield place, end
        place = end


def is_table(text: str) -> bool:
    """Whether text is a table most rows of which have a SMILES, in the column that its head names or, without a head,
    in any; lines of an element and its coordinates are none."""
    try:
        heads, *rows = _table(text)
    except (MalformedInput, ValueError):
        return False
    place = _column(heads, _SMILES_COLUMN)
    if place is None:
        atoms = all(sum(map(_is_number, row)) > 2 for row in (heads, *rows))
        return len(heads) > 1 and not atoms and _column_without_head([heads, *rows]) is not None
    cells = [row[place].strip() for row in rows if place < len(row)]
    return sum(map(bool, map(_SMILES.fullmatch, cells))) > len(rows) / 2


def _guessed(text: str) -> str:
    if _SDF_MARKS.search(text):
        return "sdf"
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and _COUNT.fullmatch(lines[0]):
        return "xyz"
    rows = _table("\n".join(lines))
    if not rows:
        return "smi"
    if _column(rows[0], _SMILES_COLUMN) is not None:
        return "csv"
    several = len(rows[0]) > 1 and not _LOCANTS.match(lines[0])
    return "csv" if several and _column_without_head(rows) is not None else "smi"


def _sdf(text: str) -> Iterator[tuple[str, str, str]]:
    records = _END_OF_SDF_RECORD.split(text)
    if not records[-1].strip():
        records.pop()  # what stands behind the last end
    # an empty one is said to be so, and keeps its number
    for record in records:
        yield record.split("\n", 1)[0].strip()[:LONGEST_NAME], "sdf", record


def _xyz(text: str) -> Iterator[tuple[str, str, str]]:
    lines = text.split("\n")
    for begin, end in xyz_frames(lines):
        comment = lines[begin + 1].strip() if begin + 1 < end else ""
        name = "" if "=" in comment else comment[:LONGEST_NAME]
        yield name, "xyz", "\n".join(lines[begin:end]) + "\n"


def _smi(text: str) -> Iterator[tuple[str, str, str]]:
    for line in text.split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            yield "", "line", line.strip()


def _csv(text: str) -> Iterator[tuple[str, str, str]]:
    table = _table(text)
    if not table:
        return
    heads, *rows = table
    smiles = _column(heads, _SMILES_COLUMN)
    name = next((found for wanted in _NAME_COLUMNS if (found := _column(heads, wanted)) is not None), None)
    if smiles is None and name is not None and _column_without_head([heads, *rows]) is None:
        for row in rows:  # names alone are read as the page's box reads them
            cell = row[name].strip() if name < len(row) else ""
            yield "", "line" if cell else "smiles", cell
        return
    if smiles is None:
        rows = [heads, *rows]
        smiles = _column_without_head(rows)
        others = (place for place, cell in enumerate(heads) if place != smiles and re.search(r"[^\W\d]{2}", cell))
        name = next(others, None)
    if smiles is None:
        raise MalformedInput(
            f"The table has no column of SMILES: its columns are {short(', '.join(heads), 120)}.",
            code="no_smiles_column",
            field="text",
            hint="Call the column SMILES in the first line; a column of names may be called name.",
        )
    for row in rows:
        cell = row[smiles].strip() if smiles < len(row) else ""
        title = row[name].strip()[:LONGEST_NAME] if name is not None and name < len(row) else ""
        yield title, "smiles", cell


def _column_without_head(rows: list[list[str]]) -> int | None:
    """The first column that begins with a SMILES and holds more of them than of anything else, or None."""
    for place, cell in enumerate(rows[0]):
        column = [row[place].strip() for row in rows if place < len(row)]
        if _SMILES.fullmatch(cell.strip()) and sum(map(bool, map(_SMILES.fullmatch, column))) > len(rows) / 2:
            return place
    return None


def _table(text: str) -> list[list[str]]:
    """Rows that are not empty; a cell in quotes keeps its line breaks."""
    head = text.lstrip("\n").split("\n", 1)[0]
    try:
        rows = csv.reader(io.StringIO(text), delimiter=_delimiter(head))
        return [row for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise MalformedInput(f"This is no table: {error}.", code="unreadable", field="text") from error


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _delimiter(head: str) -> str:
    return max(",;\t", key=_QUOTED.sub("", head).count)


def _column(heads: list[str], wanted: re.Pattern[str]) -> int | None:
    """The column of that name, or else the first whose name contains it as a word."""
    names = [head.strip().lstrip("#").strip() for head in heads]
    exact = [place for place, name in enumerate(names) if wanted.fullmatch(name)]
    parts = [place for place, name in enumerate(names) if any(map(wanted.fullmatch, re.split(r"[^A-Za-z]+", name)))]
    return next(iter(exact + parts), None)


_CUTTERS: Final = MappingProxyType({"sdf": _sdf, "xyz": _xyz, "extxyz": _xyz, "csv": _csv, "smi": _smi})
