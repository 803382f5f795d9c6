"""The connection table of MOL and SDF, V2000 and V3000: a strict first look, before RDKit reads it.

Layout: BIOVIA, CTfile Formats (2020). The look finds what is wrong with a line number, which RDKit's parser tells
only its log, and keeps the positions to the last bit. Atoms are counted from 1, as the format does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from atomlens.chem.check import check_size
from atomlens.chem.text import number, quoted
from atomlens.chem.xyz import element
from atomlens.errors import MalformedInput

#: Symbols of the format that stand for several elements or for none.
_WILDCARDS: Final = frozenset({"A", "Q", "*", "L", "LP", "R", "R#", "AH", "QH", "X", "XH", "M", "MH", "Pol", "Mod"})
#: Lists of elements ([N,O], NOT[C]) and numbered substituents (R1).
_LISTED: Final = re.compile(r"\[|\"|NOT|R\d", re.ASCII)
_VERSION: Final = re.compile(r"V([23])000\s*$")
_COUNTS: Final = re.compile(r"[ \d]{2}\d[ \d]{2}\d", re.ASCII)
_V30: Final = "M  V30 "


@dataclass(frozen=True)
class ConnectionTable:
    """block: the MOL block, its counts in line 4; positions: per atom, Å; dimension: "2D", "3D" or ""."""

    block: str
    title: str
    dimension: str
    positions: tuple[tuple[float, float, float], ...]


def look(record: str, max_atoms: int) -> ConnectionTable:
    """Check a record (the text up to $$$$) line by line.

    Raises `MalformedInput` (codes "bad_table", "bad_number", "not_finite", "unknown_symbol", "dummy_atom",
    "not_a_molecule") and `TooLarge` ("too_many_atoms").
    """
    lines, shift = _aligned(record.split("\n"))
    version = _VERSION.search(lines[3])
    end = next((place for place, line in enumerate(lines) if line.startswith("M  END")), None)
    if end is None:
        raise _bad_table("the line 'M  END' is missing: the file is cut off")
    if version and version[1] == "3":
        positions = _look_v3000(lines[:end], shift, max_atoms)
    else:
        positions = _look_v2000(lines[:end], shift, max_atoms)
    dimension = lines[1][20:22].upper()
    return ConnectionTable(
        "\n".join(lines[: end + 1]) + "\n",
        lines[0].strip(),
        dimension if dimension in ("2D", "3D") else "",
        tuple(positions),
    )


def _aligned(lines: list[str]) -> tuple[list[str], int]:
    """Lines with the counts in the fourth, and by how many lines they were moved down for it.

    The three lines of the header may be blank, and are often lost when a block is pasted.
    """
    place = next((place for place, line in enumerate(lines[:12]) if _VERSION.search(line)), None)
    if place is None and len(lines) > 3 and _COUNTS.match(lines[3]):
        place = 3
    if place is None:
        raise _bad_table("no line with the counts of atoms and bonds (it ends in V2000 or V3000)")
    shift = 3 - place
    if shift >= 0:
        return [""] * shift + lines, shift
    if any(line.strip() for line in lines[:-shift]):
        raise _bad_table(f"the counts are in line {place + 1}, not in line 4")
    return lines[-shift:], shift


def _look_v2000(lines: list[str], shift: int, max_atoms: int) -> list[tuple[float, float, float]]:
    counts = _integers(lines[3][:6], 2)
    if counts is None:
        raise _bad_table(f"the counts are {quoted(lines[3].strip())}", 4 - shift)
    n_atoms, n_bonds = counts
    _check_count(n_atoms, max_atoms)
    if len(lines) < 4 + n_atoms + n_bonds:
        raise _bad_table(f"{n_atoms} atoms and {n_bonds} bonds are promised, but the block ends before them")
    positions = []
    for place in range(4, 4 + n_atoms):
        line, label = lines[place], place + 1 - shift
        if len(line.rstrip()) < 32:
            raise _bad_table(f"{quoted(line.strip())} is no atom", label)
        _check_symbol(line[31:34].strip(), label)
        x, y, z = (line[start : start + 10].strip() for start in (0, 10, 20))
        positions.append(_position(x, y, z, label))
    for place in range(4 + n_atoms, 4 + n_atoms + n_bonds):
        _check_bond(_integers(lines[place][:9], 3), n_atoms, lines[place], place + 1 - shift)
    return positions


def _look_v3000(lines: list[str], shift: int, max_atoms: int) -> list[tuple[float, float, float]]:
    entries = _joined(lines, shift)
    counts = next((text.split()[1:3] for _, text in entries if text.startswith("COUNTS ")), None)
    if counts is None or len(counts) != 2 or not all(re.fullmatch(r"\d{1,9}", part, re.ASCII) for part in counts):
        raise _bad_table("the line COUNTS is missing or has no two numbers")
    n_atoms, n_bonds = (int(part) for part in counts)
    _check_count(n_atoms, max_atoms)
    atoms = _section(entries, "ATOM", n_atoms)
    positions = []
    for label, text in atoms:
        tokens = text.split()
        if len(tokens) < 6:
            raise _bad_table(f"{quoted(text)} is no atom", label)
        _check_symbol(tokens[1], label)
        positions.append(_position(tokens[2], tokens[3], tokens[4], label))
    if [text.split()[0] for _, text in atoms] != [str(place + 1) for place in range(n_atoms)]:
        raise _bad_table("the atoms are not numbered 1, 2, 3, …")
    for label, text in _section(entries, "BOND", n_bonds) if n_bonds else []:
        tokens = text.split()
        numbers = _integers(" ".join([*tokens[2:4], tokens[1]]), 3) if len(tokens) >= 4 else None
        _check_bond(numbers, n_atoms, text, label)
    return positions


def _joined(lines: list[str], shift: int) -> list[tuple[int, str]]:
    """The lines "M  V30 ..." without that, those that end in "-" joined with the next; with their line number."""
    entries: list[tuple[int, str]] = []
    continued = False
    for place, line in enumerate(lines):
        if not line.startswith(_V30):
            continue
        text = line[len(_V30) :].rstrip()
        if continued:
            label, before = entries.pop()
            entries.append((label, before + text.removesuffix("-")))
        else:
            entries.append((place + 1 - shift, text.removesuffix("-")))
        continued = text.endswith("-")
    return entries


def _section(entries: list[tuple[int, str]], name: str, length: int) -> list[tuple[int, str]]:
    texts = [text for _, text in entries]
    if f"BEGIN {name}" not in texts or f"END {name}" not in texts:
        raise _bad_table(f"the section {name} does not begin or does not end")
    section = entries[texts.index(f"BEGIN {name}") + 1 : texts.index(f"END {name}")]
    if len(section) != length:
        raise _bad_table(f"COUNTS promises {length} entries of {name}, there are {len(section)}")
    return section


def _integers(text: str, count: int) -> tuple[int, ...] | None:
    """Whole numbers of three columns each, or separated by blanks; None if they are no such numbers."""
    parts = [text[start : start + 3].strip() for start in range(0, 3 * count, 3)]
    if not all(re.fullmatch(r"\d+", part, re.ASCII) for part in parts) or len(text) > 3 * count:
        parts = text.split()
    if len(parts) != count or not all(re.fullmatch(r"\d{1,9}", part, re.ASCII) for part in parts):
        return None
    return tuple(int(part) for part in parts)


def _position(x: str, y: str, z: str, label: int) -> tuple[float, float, float]:
    return number(x, label, "x coordinate"), number(y, label, "y coordinate"), number(z, label, "z coordinate")


def _check_count(n_atoms: int, max_atoms: int) -> None:
    if n_atoms < 1:
        raise MalformedInput("The MOL block holds no atoms.", code="empty", field="text")
    check_size(n_atoms, max_atoms)


def _check_symbol(symbol: str, label: int) -> None:
    if symbol in _WILDCARDS or _LISTED.match(symbol):
        raise MalformedInput(
            f"Line {label}: {quoted(symbol)} is a wildcard or a query: it stands for no element.",
            code="not_a_molecule",
            field="text",
            hint="Replace it by an element, for example hydrogen.",
        )
    element(symbol, label)


def _check_bond(numbers: tuple[int, ...] | None, n_atoms: int, line: str, label: int) -> None:
    if numbers is None:
        raise _bad_table(f"{quoted(line.strip())} is no bond", label)
    first, second, kind = numbers
    if not (1 <= first <= n_atoms and 1 <= second <= n_atoms and first != second):
        raise _bad_table(f"the bond {first}-{second} does not join two of the {n_atoms} atoms", label)
    if not (1 <= kind <= 4 or kind == 9):
        raise MalformedInput(
            f"Line {label}: the bond {first}-{second} is of type {kind}, which is a query or no covalent bond.",
            code="not_a_molecule",
            field="text",
            hint="Give every bond an order: single, double, triple or aromatic.",
        )


def _bad_table(reason: str, label: int | None = None) -> MalformedInput:
    where = f"Line {label} of the MOL block" if label is not None else "The MOL block"
    return MalformedInput(
        f"{where} cannot be read: {reason}.",
        code="bad_table",
        field="text",
        hint="Send a complete MOL or SDF file (V2000 or V3000) as plain text.",
    )
