"""Text as it arrives: bytes decoded, line ends made one kind, numbers read one by one.

Everything here raises `MalformedInput` (HTTP 400) or `TooLarge` (413) with the line where the fault is, so that
the parsers behind it meet plain text only.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import MappingProxyType
from typing import Final

from atomlens.errors import MalformedInput, TooLarge

#: 300 atoms take about 20 kB in any format; this leaves room for many-record files, of which one is read.
MAX_TEXT_CHARACTERS: Final = 2_000_000

#: Letters of a name from a file that are kept.
LONGEST_NAME: Final = 80

_BINARY_HINT: Final = "Send plain text: SMILES, XYZ, extXYZ, MOL, SDF or CIF."
#: U+0085, the next line of some mainframes, is none (`_PLAIN`).
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
#: What word processors and web pages put between letters: nobody sees it, and no format knows it.
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
#: Spaces of all widths, letters of full width, and the minus sign, each as ASCII has it.
_PLAIN: Final = MappingProxyType(
    {
        **_INVISIBLE,
        **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
        **dict.fromkeys([0x2028, 0x2029, 0x85], "\n"),
        **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **{0x2080 + digit: str(digit) for digit in range(10)},  # H₂O
        ord("\u2212"): "-",
        ord("\ufe63"): "-",
    }
)
#: In one line, typographic hyphens and quotation marks are those of a keyboard.
_TYPED: Final = MappingProxyType(
    {
        **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013"), "-"),
        **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u2032"), "'"),
    }
    | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
)
# Fortran writes exponents with D; QM9's own files with *^ (Ramakrishnan et al., Sci. Data 1, 140022 (2014))
_NUMBER: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:(?:[eEdD]|\*\^)([+-]?\d+))?", re.ASCII)
_NOT_FINITE: Final = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


def read_text_file(path: str | Path, most: int = MAX_TEXT_CHARACTERS) -> str:
    """The text of a file (`decode`); most: characters that are read.

    Raises `MalformedInput` (codes "unreadable_file", "not_text") and `TooLarge` (code "too_long"); the size is
    looked at before the file is read.
    """
    file = Path(path)
    try:
        # four bytes is the longest character of UTF-8
        if file.stat().st_size > 4 * most:
            raise _too_long(f"The file {file.name} has {file.stat().st_size:,} bytes", most)
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MalformedInput(
            f"The file {quoted(file.name)} cannot be read: {reason}.", code="unreadable_file", field="path"
        ) from error
    return decode(data)


def decode(data: bytes) -> str:
    """Bytes to text: UTF-8 (a byte order mark allowed), UTF-16 that announces itself by its mark, or else Windows-1252.

    The last is what spreadsheets write in the west of Europe; Latin-1's letters are its own. It has nearly every byte,
    so that control characters are what tells data that is no text; raises `MalformedInput`, code "not_text".
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data:
        raise _binary(f"NUL byte at position {data.index(0) + 1}")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        text = _western(data) if encoding == "utf-8-sig" else None
        if text is not None:
            return text
        line = data[: error.start].count(b"\n") + 1
        raise _binary(f"bytes in line {line} that are not {encoding.removesuffix('-sig').upper()}") from error


def _western(data: bytes) -> str | None:
    """Text in Windows-1252, or None where there are bytes that no text has."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def clean(text: str, most: int = MAX_TEXT_CHARACTERS) -> str:
    """Text with "\\n" at line ends, free of control characters, and as a keyboard writes it (`plain`).

    Raises `MalformedInput` (code "empty" or "not_text") and `TooLarge` (code "too_long").
    """
    if len(text) > most:
        raise _too_long(f"The text has {len(text):,} characters", most)
    text = plain(text.replace("\r\n", "\n").replace("\r", "\n"))
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        name = "NUL byte" if found[0] == "\0" else f"control character U+{ord(found[0]):04X}"
        raise _binary(f"{name} in line {line}")
    if not text.strip():
        raise MalformedInput("The input is empty.", code="empty", field="text", hint="Give a name, a SMILES or a file.")
    return text


def plain(text: str) -> str:
    """Text as a keyboard writes it: what was pasted from a page or a document has characters that only look the same.

    Invisible characters go; spaces, full-width letters and minus signs become ASCII, in one line hyphens and quotation
    marks too, and a line that stands between quotation marks loses them.
    """
    text = text.translate(_PLAIN)
    if "\n" in text.strip():
        return text
    typed = text.translate(_TYPED)
    line = typed.strip()
    enclosed = len(line) > 1 and line[0] == line[-1] and line[0] in "\"'`"
    return line[1:-1] if enclosed else typed


def number(token: str, line: int, meaning: str) -> float:
    """A finite decimal number; exponents may be written 1e-3, 1D-3 (Fortran) or 1*^-3 (QM9).

    Raises `MalformedInput`, code "not_finite" or "bad_number", that names the line and the `meaning`.
    """
    found = _NUMBER.fullmatch(token)
    value = float(f"{found[1]}e{found[2] or 0}") if found else math.nan
    if math.isfinite(value):
        return value
    if found or _NOT_FINITE.fullmatch(token):
        raise MalformedInput(
            f"Line {line}: the {meaning} is {short(token)}, which is not a finite number.",
            code="not_finite",
            field="text",
            hint="Write a number there, or make the file anew: a program that failed leaves such places.",
        )
    hint = "Use a decimal point, not a comma." if re.fullmatch(r"[+-]?\d+,\d+", token) else None
    raise MalformedInput(
        f"Line {line}: the {meaning} is {quoted(token)}, which is not a number.",
        code="bad_number",
        field="text",
        hint=hint,
    )


def short(text: str, length: int = 40) -> str:
    """Text cut to a length that fits a message."""
    return text if len(text) <= length else text[: length - 1] + "…"


def quoted(text: str, length: int = 40) -> str:
    """Text between quotation marks as people read it, cut to a length; what cannot be seen by its code point."""
    seen = "".join(letter if letter.isprintable() else f"[U+{ord(letter):04X}]" for letter in short(text, length))
    return f'"{seen}"' if "'" in seen else f"'{seen}'"


def too_long_smiles(length: int, limit: int) -> TooLarge:
    """The error for a line that is longer than any SMILES that could be treated."""
    return TooLarge(f"The SMILES has {length:,} characters; at most {limit:,} are read.", code="too_long", field="text")


def _too_long(what: str, most: int) -> TooLarge:
    return TooLarge(
        f"{what}; at most {most:,} characters are read.",
        code="too_long",
        field="text",
        hint="Send one molecule.",
    )


def _binary(what: str) -> MalformedInput:
    return MalformedInput(
        f"This is not text but binary data: it holds a {what}."
        if not what.startswith("bytes")
        else f"This is not text but binary data: it holds {what}.",
        code="not_text",
        field="text",
        hint=_BINARY_HINT,
    )
