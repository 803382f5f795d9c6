"""Space groups: the operations that a crystal's file lists, or names by a symbol or a number.

Symbols and operations are those of spglib's table of the 530 settings of the International Tables (Togo, Shinohara,
Tanaka, Sci. Technol. Adv. Mater. Methods 4, 2384822 (2024)); symbols of Hall: Acta Cryst. A37, 517 (1981). A symbol
that does not say its setting means the one whose operations keep the lengths and angles of the cell.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Settings in the table of spglib, numbered from one.
SETTINGS: Final = 530
#: Of lengths and angles: rounding in a file, relative to the metric's largest entry.
METRIC_TOLERANCE: Final = 0.01
#: Cubic groups whose axis of order three was written without its minus, as in F m 3 m (before the Tables of 1983).
_OLD_CUBIC: Final = frozenset((*range(200, 207), *range(221, 231)))
#: Groups whose settings with the same e were told apart by the plane that was written for it: Cmma from Cmmb.
_PERMUTED_BY_PLANE: Final = frozenset((67, 68))
_PLANES: Final = {"": "a", "ba-c": "b", "cab": "b", "-cba": "c", "bca": "c", "a-cb": "a"}
# a setting behind the symbol: ":1", ":H", or one of the letters of the ICSD, where S and Z are origins 1 and 2
_CHOICE: Final = re.compile(r"(?::\s*(?P<any>[-\w]+)|\s+(?P<letter>[HRSZ]))\s*$", re.IGNORECASE)
_ORIGINS: Final = {"s": "1", "z": "2"}
_TERM: Final = re.compile(r"[-+xyz\d./\s]+", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Operations:
    """rotations: (n, 3, 3); translations: (n, 3); of fractional coordinates."""

    rotations: NDArray[np.int64]
    translations: NDArray[np.float64]

    def images(self, site: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 3): where the operations bring a site (3,)."""
        return np.asarray(self.rotations @ site + self.translations, dtype=np.float64)

    def keep(self, cell: NDArray[np.float64]) -> bool:
        """Whether lengths and angles of the cell (3, 3), rows vectors in Å, stay what they are."""
        metric = cell @ cell.T
        turned = np.swapaxes(self.rotations, 1, 2) @ metric @ self.rotations
        return bool((np.abs(turned - metric) <= METRIC_TOLERANCE * np.abs(metric).max()).all())


@dataclass(frozen=True)
class Setting:
    """hall: its number in spglib's table, from 1; number: of the space group; symbols: by which it is known, folded."""

    hall: int
    number: int
    choice: str
    hall_symbol: str
    symbols: frozenset[str]

    @property
    def operations(self) -> Operations:
        """Those of all its points."""
        return _operations(self.hall)

    @property
    def origin(self) -> str:
        """Choice "1" or "2" of the Tables, however axes are permuted; empty where there is one origin."""
        return self.choice[:1] if self.choice[:1] in _ORIGINS.values() else ""


def listed(lines: Sequence[str]) -> Operations:
    """The operations of lines such as "-x, y+1/2, -z+1/2"; raises `ValueError` where one is none."""
    from ase.spacegroup.spacegroup import parse_sitesym

    for line in lines:
        terms = line.split(",")
        if len(terms) != 3 or not all(_TERM.fullmatch(term) for term in terms):
            raise ValueError(line)
    parsed = []
    for line in lines:
        try:
            parsed.append(parse_sitesym([re.sub(r"\s", "", line)]))
        except (ArithmeticError, LookupError, TypeError) as error:
            raise ValueError(line) from error
    rotations, translations = (np.concatenate(part) for part in zip(*parsed, strict=True))
    found = Operations(np.asarray(rotations, dtype=np.int64), np.asarray(translations, dtype=np.float64))
    for line, determinant in zip(lines, np.linalg.det(found.rotations), strict=True):
        if abs(abs(determinant) - 1.0) > 1e-6:
            raise ValueError(line)
    return found


def settings_named(*, hall: str = "", symbol: str = "", number: int | None = None) -> tuple[Setting, ...]:
    """Those that a symbol of Hall, a symbol of Hermann and Mauguin or a number can mean, the usual first.

    The first of the three that is known decides; none where none is.
    """
    if hall:
        wanted = _plain_hall(hall)
        if found := tuple(setting for setting in settings() if setting.hall_symbol == wanted):
            return found
    if symbol:
        said = _CHOICE.search(symbol)
        bare = _folded(symbol[: said.start()] if said else symbol)
        found = tuple(setting for setting in settings() if bare in setting.symbols)
        choice = "" if said is None else (said["any"] or said["letter"]).lower()
        if not found and bare[:1] == "r" and bare[-1:] in ("h", "r"):
            # R-3cH, as databases write R -3 c :H
            bare, choice = bare[:-1], bare[-1]
            found = tuple(setting for setting in settings() if bare in setting.symbols)
        choice = _ORIGINS.get(choice, choice)
        chosen = tuple(setting for setting in found if setting.choice.lower() == choice)
        if choice and not chosen:
            # P n m m :2 is 2cab in the table: the symbol itself says how axes are permuted
            chosen = tuple(setting for setting in found if setting.origin == choice)
        if found:
            return chosen or found
    return tuple(setting for setting in settings() if setting.number == number)


@cache
def settings() -> tuple[Setting, ...]:
    """All of the table."""
    import spglib

    with _without_advice():
        return tuple(_setting(hall, spglib.get_spacegroup_type(hall)) for hall in range(1, SETTINGS + 1))


def _setting(hall: int, kind: Any) -> Setting:
    full, short = _folded(kind.international_full), _folded(kind.international_short)
    symbols = {full, short, *(_folded(part) for part in kind.international.split("="))}
    # P 1 21/n 1 is written P 21/n, whichever axis is meant: the cell says
    parts = kind.international_full.split()
    unique = [part for part in parts[1:] if part != "1"]
    if len(parts) == 4 and len(unique) == 1:
        symbols.add(_folded(parts[0] + unique[0]))
    if kind.number in _OLD_CUBIC:
        symbols |= {symbol.replace("-3", "3") for symbol in symbols}
    # the double glide plane e was one of the two planes that it is, before the Tables of 1992: Cmce is Cmca
    named = {symbol for symbol in symbols if "e" in symbol}
    if kind.number in _PERMUTED_BY_PLANE:
        plane = _PLANES[kind.choice.lstrip("12")]
        # of one setting Bbeb the table has the short symbol as Bbcb
        named |= {symbol.replace("2/", "") for symbol in named}
        symbols |= named | {symbol.replace("e", plane) for symbol in named}
    else:
        symbols |= {symbol.replace("e", plane) for symbol in named for plane in "abc"}
    return Setting(hall, kind.number, kind.choice, _plain_hall(kind.hall_symbol), frozenset(symbols))


@contextmanager
def _without_advice() -> Iterator[None]:
    """spglib 2.8 advises with every call how its errors should be caught; a look into its table has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _folded(symbol: str) -> str:
    """Without blanks, underscores, brackets and capitals: P2(1)/c and P 2_1/c are the same."""
    return re.sub(r"[\s_()]", "", symbol).lower()


def _plain_hall(symbol: str) -> str:
    return " ".join(symbol.replace("_", " ").split()).lower()


@cache
def _operations(hall: int) -> Operations:
    import spglib

    with _without_advice():
        found = spglib.get_symmetry_from_database(hall)
    if found is None:
        raise LookupError(hall)
    return Operations(
        np.asarray(found["rotations"], dtype=np.int64), np.asarray(found["translations"], dtype=np.float64)
    )
