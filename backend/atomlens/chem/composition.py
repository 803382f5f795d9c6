"""The composition that a CIF states, held against its sites: whether atoms are missing, or were misread.

A file may list fewer atoms than the crystal has: hydrogens that X-rays did not see are in its formula alone. A formula
is that of `_chemical_formula_sum`, in the dictionary of CIF (Hall, Allen, Brown, Acta Cryst. A47, 655 (1991)): symbols
with their counts, apart by blanks, such as C12 H22 O11. Only ratios are compared, since programs differ in whether it
is of one formula unit or of the cell. Deuterium counts as hydrogen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from math import gcd
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import NUMBERS, SYMBOLS, formula
from atomlens.chem.text import quoted
from atomlens.errors import UnsupportedMolecule

#: Symbols that stand for an element in a file of a crystal. T is rather a tetrahedral site than tritium.
ELEMENTS: Final = MappingProxyType({**NUMBERS, "D": 1})
#: Shares of elements in a formula with decimals are rounded by so much of themselves.
ROUNDED: Final = Fraction(2, 100)
_COUNT: Final = r"(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})?"
_COUNTED: Final = re.compile(rf"([A-Z][a-z]?)({_COUNT})")
_FORMULA: Final = re.compile(rf"(?:[A-Z][a-z]?{_COUNT})+")
_CAPITALS: Final = re.compile(rf"([A-Za-z]{{1,2}})({_COUNT})")
_CHARGE: Final = re.compile(r"\d{0,3}[+-]|[+-]\d{1,3}")
#: How many atoms there are of each element, by atomic number.
Counts = dict[int, Fraction]


def formulas(said: str) -> tuple[Counts, ...]:
    """What a formula can mean: SI1 O2 is of silicon if it is written in capitals. None where it cannot be read."""
    words = [word for word in said.split() if not _CHARGE.fullmatch(word)]
    mixed = [_COUNTED.findall(word) for word in words if _FORMULA.fullmatch(word)]
    capitals = [[found.groups()] for word in words if (found := _CAPITALS.fullmatch(word))]
    readings: list[Counts] = []
    for clusters in (mixed, capitals):
        counts: Counts = {}
        symbols = [(symbol.capitalize(), count) for cluster in clusters for symbol, count in cluster]
        if len(clusters) < len(words) or not all(symbol in ELEMENTS for symbol, _ in symbols):
            continue
        for symbol, count in symbols:
            counts[ELEMENTS[symbol]] = counts.get(ELEMENTS[symbol], Fraction(0)) + Fraction(count or 1)
        counts = {z: count for z, count in counts.items() if count}
        if counts and counts not in readings:
            readings.append(counts)
    return tuple(readings)


def element_of_symbol(said: str) -> int | None:
    """Atomic number of a symbol, such as Na, NA or Na1+; T is hydrogen, too. None where it is none."""
    letters = re.match(r"[A-Za-z]{1,2}", said)
    symbol = letters[0].capitalize() if letters else ""
    return 1 if symbol == "T" else ELEMENTS.get(symbol)


def element_of_label(label: str, said: Collection[int]) -> int | None:
    """Atomic number of a site by its name, such as Na12, O1A, C(3) or SiT; None where the name does not tell.

    An element is told by a symbol that no other letter follows, or behind two letters a capital one. Names in capitals
    and others of two letters can be of two elements, or of what is no element: CL1, CA1, and OW1, the oxygen of water.
    Those are what the formula has of them. said: atomic numbers of the formula's elements.
    """
    found = re.match(r"[A-Za-z]+", label)
    letters = found[0] if found else ""
    if len(letters) < 2:
        return ELEMENTS.get(letters.upper())
    both = letters[:2].capitalize()
    if letters.startswith(both) and both in ELEMENTS and (len(letters) == 2 or letters[2].isupper()):
        return ELEMENTS[both]
    possible = {ELEMENTS[symbol] for symbol in (letters[0].upper(), both) if symbol in ELEMENTS} & {*said}
    return possible.pop() if len(letters) == 2 and len(possible) == 1 else None


def check_complete(numbers: NDArray[np.int64], said: str, *, counted_hydrogens: bool) -> tuple[str, ...]:
    """What is to be said where the atoms of a cell are not what the file's formula says they are.

    numbers: (n_atoms,) atomic numbers; said: the formula, "" for none; counted_hydrogens: whether the file counts
    hydrogens at sites (`_atom_site_attached_hydrogens`), which are those without coordinates by the dictionary of CIF.

    Raises `UnsupportedMolecule`, code "missing_atoms", where an element of the formula is at no site, or hydrogens are
    only counted. Not for a formula of broken numbers, hydrogen apart: its other elements may share sites.
    """
    readings = formulas(said)
    complete = bool(readings) and agrees(numbers, said)
    if counted_hydrogens and not (complete and 1 in numbers):
        raise UnsupportedMolecule(
            "Hydrogens of the crystal are only counted (_atom_site_attached_hydrogens) and have no places.",
            code="missing_atoms",
            field="text",
            hint="Give every hydrogen a site of its own, or choose a structure whose hydrogens were located.",
        )
    if complete or not readings:
        return ()
    missing = min((_missing(numbers, counts) for counts in readings), key=len)
    if missing:
        listed = ", ".join(SYMBOLS[z] for z in missing)
        raise UnsupportedMolecule(
            f"Atoms of the crystal are missing: its formula {quoted(said)} has {listed}, and no site does.",
            code="missing_atoms",
            field="text",
            hint="Give every atom a site of its own, hydrogens too, or correct _chemical_formula_sum.",
        )
    return (
        f"The atoms in the cell are {_reduced(numbers)}, but the formula of the file is {quoted(said)}: some may be "
        "missing, or misread.",
    )


def agrees(numbers: NDArray[np.int64], said: str) -> bool:
    """Whether atoms (n_atoms,) are those of a formula, "" for none, which any atoms are."""
    readings = formulas(said)
    return not readings or any(_agrees(numbers, counts) for counts in readings)


def _agrees(numbers: NDArray[np.int64], counts: Counts) -> bool:
    found = Counter(numbers.tolist())
    if found.keys() != counts.keys():
        return False
    tolerance = 0 if _whole(counts) else ROUNDED
    scale = Fraction(len(numbers)) / sum(counts.values())
    return all(abs(found[z] - count * scale) <= tolerance * count * scale for z, count in counts.items())


def _missing(numbers: NDArray[np.int64], counts: Counts) -> list[int]:
    """Of the formula's elements those that are at no site, in its order."""
    return [z for z in counts if z not in numbers and (_whole(counts) or z == 1)]


def _whole(counts: Counts) -> bool:
    return all(count.denominator == 1 for count in counts.values())


def _reduced(numbers: NDArray[np.int64]) -> str:
    """Formula of the smallest whole numbers."""
    counts = Counter(numbers.tolist())
    unit = gcd(*counts.values())
    return formula(z for z, count in counts.items() for _ in range(count // unit))
