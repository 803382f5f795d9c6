"""Symbols of the elements (IUPAC) and sum formulae."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import gcd
from types import MappingProxyType
from typing import Final

_SYMBOLS = """
X  H  He Li Be B  C  N  O  F  Ne Na Mg Al Si P  S  Cl Ar K  Ca Sc Ti V  Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br
Kr Rb Sr Y  Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I  Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
Hf Ta W  Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U  Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh
Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""

#: Symbol by atomic number; index 0 is no element.
SYMBOLS: Final[tuple[str, ...]] = tuple(_SYMBOLS.split())

#: Atomic number by symbol.
NUMBERS: Final = MappingProxyType({symbol: z for z, symbol in enumerate(SYMBOLS) if z})


def formula(numbers: Iterable[int]) -> str:
    """Sum formula in Hill order: carbon, hydrogen, then the alphabet; all alphabetical without carbon."""
    counts = Counter(SYMBOLS[int(z)] for z in numbers)
    leading = [symbol for symbol in ("C", "H") if symbol in counts] if "C" in counts else []
    rest = sorted(symbol for symbol in counts if symbol not in leading)
    return "".join(f"{symbol}{counts[symbol] if counts[symbol] > 1 else ''}" for symbol in leading + rest)


def stoichiometry(numbers: Iterable[int]) -> tuple[int, ...]:
    """How many atoms there are of each element, by their greatest common divisor and in order: (1, 1, 3) of SrTiO3."""
    counts = sorted(Counter(int(z) for z in numbers).values())
    return tuple(count // gcd(*counts) for count in counts)
