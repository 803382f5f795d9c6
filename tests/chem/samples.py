"""Texts of one water molecule and one methanol in every format, for tests to bend."""

from __future__ import annotations

from atomlens.chem.molecule import Molecule

WATER_XYZ = """3
water
O 0.0 0.0 0.117
H 0.0 0.757 -0.469
H 0.0 -0.757 -0.469
"""

WATER_EXTXYZ = """3
Properties=species:S:1:pos:R:3:forces:R:3 energy=-14.2 pbc="F F F"
O 0.0 0.0 0.117 0.1 0 0
H 0.0 0.757 -0.469 0 0.1 0
H 0.0 -0.757 -0.469 0 0 -0.1
"""

# the positions are of no program but were set by hand: C-O 1.42 Å, O-H 0.96 Å, C-H 1.09 Å
METHANOL_MOL = """methanol
  by hand           3D

  6  5  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.4200    0.0000    0.0000 O   0  0
    1.7405    0.9049    0.0000 H   0  0
   -0.3633   -1.0276    0.0000 H   0  0
   -0.3633    0.5138    0.8900 H   0  0
   -0.3633    0.5138   -0.8900 H   0  0
  1  2  1  0
  2  3  1  0
  1  4  1  0
  1  5  1  0
  1  6  1  0
M  END
"""

METHANOL_V3000 = """methanol
  by hand           3D

  0  0  0  0  0  0  0  0  0  0999 V3000
M  V30 BEGIN CTAB
M  V30 COUNTS 6 5 0 0 0
M  V30 BEGIN ATOM
M  V30 1 C 0 0 0 0
M  V30 2 O 1.42 0 0 0
M  V30 3 H 1.7405 0.9049 0 0
M  V30 4 H -0.3633 -1.0276 0 0
M  V30 5 H -0.3633 0.5138 0.89 -
M  V30 0
M  V30 6 H -0.3633 0.5138 -0.89 0
M  V30 END ATOM
M  V30 BEGIN BOND
M  V30 1 1 1 2
M  V30 2 1 2 3
M  V30 3 1 1 4
M  V30 4 1 1 5
M  V30 5 1 1 6
M  V30 END BOND
M  V30 END CTAB
M  END
"""

#: (R)- or (S)- is told by the wedge of the bond from the stereocentre to the nitrogen.
ALANINE_DRAWING = """
  by hand           2D

  6  5  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.2990    0.7500    0.0000 C   0  0
    1.2990    2.2500    0.0000 N   0  0
    2.5981   -0.0000    0.0000 C   0  0
    2.5981   -1.5000    0.0000 O   0  0
    3.8971    0.7500    0.0000 O   0  0
  2  1  1  0
  2  3  1  1
  2  4  1  0
  4  5  2  0
  4  6  1  0
M  END
"""


def xyz_of(molecule: Molecule) -> str:
    """An XYZ file of a molecule that keeps every bit of its positions."""
    rows = zip(molecule.symbols, molecule.positions.tolist(), strict=True)
    lines = [f"{symbol} {x!r} {y!r} {z!r}" for symbol, (x, y, z) in rows]
    return "\n".join([str(len(molecule)), "", *lines, ""])
