"""The comment line of extended XYZ: key=value pairs that say what the columns are and what surrounds the atoms.

The format is that of ASE (https://wiki.fysik.dtu.dk/ase/ase/io/formatoptions.html#extxyz) and of the extxyz
specification (https://github.com/libAtoms/extxyz): values may be quoted, `Properties` is a list of name:type:width.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from atomlens.chem.text import LONGEST_NAME, number, quoted, short
from atomlens.errors import MalformedInput

_KEYS: Final = re.compile(r"(?:^|\s)(?:properties|lattice|pbc)\s*=", re.IGNORECASE)
_READ: Final = re.compile(r"""(?:^|\s)(?:properties|lattice|pbc)\s*=\s*("[^"]*"|'[^']*'|\S+)""", re.IGNORECASE)
_NAME_ALONE: Final = re.compile(r"""name\s*=\s*(?P<name>"[^"]*"|'[^']*'|\S+)""", re.IGNORECASE)
# a plain comment that tells the charge or the spin is believed, too
_CHARGE: Final = re.compile(r"\bcharge\s*=\s*([+-]?\d{1,3})\b", re.IGNORECASE | re.ASCII)
_MULTIPLICITY: Final = re.compile(r"\bmultiplicity\s*=\s*(\d{1,2})\b", re.IGNORECASE | re.ASCII)
_PAIR: Final = re.compile(
    r"""\s*(?P<key>"[^"]*"|[^\s="']+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|\{[^}]*\}|\[[^\]]*\]|[^\s"'{\[]\S*))?"""
)
_SPECIES: Final = frozenset({"species", "symbols", "symbol", "z", "numbers", "atomic_numbers"})
_POSITIONS: Final = frozenset({"pos", "positions", "position"})
_CHARGES: Final = ("charge", "total_charge")
_MULTIPLICITIES: Final = ("multiplicity", "spin_multiplicity")


@dataclass(frozen=True)
class Comment:
    """What a comment says; the defaults are those of plain XYZ.

    Columns count from 0; n_columns: 0 where their number is not fixed; charge in e; multiplicity: 2S + 1; periodic:
    whether the atoms are repeated, by direction, empty for in none; cell: where they are in all three, rows lattice
    vectors in Å.
    """

    extended: bool = False
    species_column: int = 0
    position_column: int = 1
    n_columns: int = 0
    charge: int = 0
    multiplicity: int = 1
    periodic: tuple[bool, ...] = ()
    cell: tuple[tuple[float, ...], ...] | None = None
    warnings: tuple[str, ...] = ()
    name: str = ""

    @property
    def unpaired(self) -> int:
        """Electrons without a partner, 2S."""
        return max(self.multiplicity - 1, 0)


def said_of(comment: str) -> str:
    """What a comment says of its frame beside how its columns are read; a name alone without its key."""
    rest = _READ.sub(" ", comment).strip()
    named = _NAME_ALONE.fullmatch(rest)
    return named["name"].strip("\"'") if named else rest


def parse_comment(text: str, line: int) -> Comment:
    """Read a comment; one with Properties, Lattice or pbc is extXYZ and read strictly.

    Raises `MalformedInput`, code "bad_comment", with the line and the reason.
    """
    if not _KEYS.search(text):
        charge, multiplicity = _CHARGE.search(text), _MULTIPLICITY.search(text)
        return Comment(charge=int(charge[1]) if charge else 0, multiplicity=int(multiplicity[1]) if multiplicity else 1)
    pairs = _pairs(text, line)
    species, positions, n_columns = _columns(pairs.get("properties"), line)
    periodic, cell, warnings = _cell(pairs.get("lattice"), pairs.get("pbc"), line)
    return Comment(
        extended=True,
        species_column=species,
        position_column=positions,
        n_columns=n_columns,
        charge=_whole(pairs, _CHARGES, 0, line),
        multiplicity=_whole(pairs, _MULTIPLICITIES, 1, line),
        periodic=periodic,
        cell=cell,
        warnings=warnings,
        name=pairs.get("name", "")[:LONGEST_NAME],
    )


def _pairs(text: str, line: int) -> dict[str, str]:
    """Keys (lower case) and values without their quotes; a key alone means "T"."""
    pairs: dict[str, str] = {}
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _PAIR.match(text, place)
        if found is None or found.end() == place:
            raise _bad_comment(line, f"{quoted(text[place:].strip())} is no key=value pair")
        value = found["value"]
        if value is None:
            value = "T"
        elif value[0] in "\"'{[":
            value = value[1:-1]
        pairs[found["key"].strip('"').lower()] = value.strip()
        place = found.end()
    return pairs


def _columns(properties: str | None, line: int) -> tuple[int, int, int]:
    """Column of the species, first column of the positions, number of columns."""
    if properties is None:
        return 0, 1, 0
    parts = properties.split(":")
    if len(parts) % 3:
        raise _bad_comment(line, "Properties is not a list of name:type:width")
    species = positions = None
    column = 0
    for name, kind, width in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if not re.fullmatch(r"[1-9]\d{0,3}", width, re.ASCII) or kind.upper() not in ("S", "I", "R", "L"):
            raise _bad_comment(line, f"Properties holds {quoted(f'{name}:{kind}:{width}')}")
        if name.lower() in _SPECIES and species is None:
            species = column
        if name.lower() in _POSITIONS:
            if width != "3":
                raise _bad_comment(line, f"the positions have {width} columns, not 3")
            positions = column
        column += int(width)
    if species is None or positions is None:
        raise _bad_comment(line, "Properties names no species (species:S:1) or no positions (pos:R:3)")
    return species, positions, column


def _cell(
    lattice: str | None, pbc: str | None, line: int
) -> tuple[tuple[bool, ...], tuple[tuple[float, ...], ...] | None, tuple[str, ...]]:
    """In which directions the atoms are repeated, the cell where they are so in all, and a warning where a cell without
    meaning is left out."""
    flags = pbc.replace(",", " ").split() if pbc is not None else []
    if any(flag.upper() not in ("T", "F", "TRUE", "FALSE", "0", "1") for flag in flags):
        raise _bad_comment(line, f"pbc is {quoted(pbc or '')}")
    repeats = tuple(flag.upper() in ("T", "TRUE", "1") for flag in flags)
    if lattice is None:
        return repeats, None, ()
    entries = [number(token, line, "Lattice entry") for token in lattice.replace(",", " ").split()]
    if len(entries) not in (3, 9):
        raise _bad_comment(line, f"Lattice has {len(entries)} entries, not 9")
    if not any(entries):
        return repeats, None, ()
    # without pbc a lattice means periodicity in all directions
    if pbc is not None and not any(repeats):
        return (), None, ("The cell of the file is left out: the molecule is treated alone.",)
    if not all(repeats):
        return repeats, None, ()
    if len(entries) == 3:
        entries = [entries[k] if k == m else 0.0 for k in range(3) for m in range(3)]
    return (True, True, True), tuple(tuple(entries[k : k + 3]) for k in (0, 3, 6)), ()


def _whole(pairs: dict[str, str], keys: tuple[str, ...], default: int, line: int) -> int:
    """The whole number under the first of the keys that is there."""
    for key in keys:
        if key in pairs:
            value = number(pairs[key], line, key)
            if value != round(value) or abs(value) > 1000:
                raise _bad_comment(line, f"{key} is {short(pairs[key])}, which is no whole number in reason")
            return int(value)
    return default


def _bad_comment(line: int, reason: str) -> MalformedInput:
    return MalformedInput(
        f"Line {line}: the comment looks like extended XYZ but cannot be read: {reason}.",
        code="bad_comment",
        field="text",
        hint='Mend it, or write a plain comment, e.g. Properties=species:S:1:pos:R:3 pbc="F F F".',
    )
