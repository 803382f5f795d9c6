"""The periodic table: where an element stands in it, and two of its properties that follow from that.

Sources: groups and periods, IUPAC (lanthanoids La–Lu and actinoids Ac–Lr belong to no group here); electronegativities,
Pauling's scale, CRC Handbook of Chemistry and Physics, as the package mendeleev (MIT) lists them; covalent radii,
Cordero et al., Dalton Trans. 2008, 2832, as ASE lists them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

LANTHANOIDS: Final = range(57, 72)
ACTINOIDS: Final = range(89, 104)
#: Atomic numbers with which periods begin.
_PERIODS: Final = (1, 3, 11, 19, 37, 55, 87, 119)

_ELECTRONEGATIVITIES = """
H 2.20 Li 0.98 Be 1.57 B 2.04 C 2.55 N 3.04 O 3.44 F 3.98 Na 0.93 Mg 1.31 Al 1.61 Si 1.90 P 2.19 S 2.58 Cl 3.16
K 0.82 Ca 1.00 Sc 1.36 Ti 1.54 V 1.63 Cr 1.66 Mn 1.55 Fe 1.83 Co 1.88 Ni 1.91 Cu 1.90 Zn 1.65 Ga 1.81 Ge 2.01 As
2.18 Se 2.55 Br 2.96 Rb 0.82 Sr 0.95 Y 1.22 Zr 1.33 Nb 1.60 Mo 2.16 Tc 2.10 Ru 2.20 Rh 2.28 Pd 2.20 Ag 1.93 Cd
1.69 In 1.78 Sn 1.96 Sb 2.05 Te 2.10 I 2.66 Xe 2.60 Cs 0.79 Ba 0.89 La 1.10 Ce 1.12 Pr 1.13 Nd 1.14 Sm 1.17 Gd
1.20 Dy 1.22 Ho 1.23 Er 1.24 Tm 1.25 Lu 1.00 Hf 1.30 Ta 1.50 W 1.70 Re 1.90 Os 2.20 Ir 2.20 Pt 2.20 Au 2.40 Hg
1.90 Tl 1.80 Pb 1.80 Bi 1.90 Po 2.00 At 2.20 Fr 0.70 Ra 0.90 Ac 1.10 Th 1.30 Pa 1.50 U 1.70 Np 1.30 Pu 1.30
"""
_WORDS = _ELECTRONEGATIVITIES.split()
#: Pauling's, by symbol.
ELECTRONEGATIVITIES: Final = MappingProxyType(dict(zip(_WORDS[::2], map(float, _WORDS[1::2]), strict=True)))


def period(z: int) -> int:
    """Of the element with this atomic number: 1 to 7."""
    return next(k for k, first in enumerate(_PERIODS) if first > z)


def group(z: int) -> int | None:
    """1 to 18; None for lanthanoids and actinoids."""
    if z in LANTHANOIDS or z in ACTINOIDS:
        return None
    if z == 2:
        return 18
    row = period(z)
    place = z - _PERIODS[row - 1] + 1
    if row <= 3:
        return place if place <= 2 else place + 10
    if row <= 5 or place <= 2:
        return place
    return place - 14


def family(z: int) -> str:
    """The group as a text, or "lanthanoids", or "actinoids": elements that are said to be alike."""
    if z in LANTHANOIDS:
        return "lanthanoids"
    return "actinoids" if z in ACTINOIDS else str(group(z))


def electronegativity(symbol: str) -> float | None:
    """Pauling's; None where none is known."""
    return ELECTRONEGATIVITIES.get(symbol)


def covalent_radius(z: int) -> float | None:
    """Å; None where none is known."""
    from ase.data import covalent_radii, missing

    radius = float(covalent_radii[z])
    return None if radius == missing else radius
