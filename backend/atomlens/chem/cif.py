"""CIF: the crystallographers' files. ASE reads them and applies the symmetry; what it cannot know is refused here.

Source of the format: Hall, Allen, Brown, Acta Cryst. A47, 655 (1991). A site that several elements share has no single
structure, and is refused; a file of several blocks gives its first crystal.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import Any, Final

import numpy as np

from atomlens.chem.check import check_size
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.errors import MalformedInput, UnsupportedMolecule

#: Occupancies differ from one by so much through rounding alone.
FULL: Final = 0.99
#: What reading of broken files raises; ASE has no error of its own for them.
_BROKEN: Final = (ValueError, TypeError, LookupError, RuntimeError, AttributeError, AssertionError, ArithmeticError)
_NUMBERED: Final = re.compile(r"image\d+", re.IGNORECASE)
_DATA: Final = re.compile(r"^\s*data_(\S*)", re.IGNORECASE | re.MULTILINE)


def looks_like_cif(text: str) -> bool:
    """Whether there is a data block with a cell."""
    return _DATA.search(text) is not None and "_cell_length_a" in text.lower()


def read_cif(text: str, max_atoms: int) -> Molecule:
    """A crystal from CIF, all atoms of its cell as the file has it, in Å.

    Raises `MalformedInput` ("bad_cif"), `TooLarge` ("too_many_atoms"), `InputError` ("bad_cell", "coincident_atoms"),
    and `UnsupportedMolecule` ("disordered").
    """
    block = _DATA.search(text)
    if block is None:
        raise _bad("it has no line that begins with data_")
    atoms, said = _first_crystal(text)
    if not len(atoms):
        raise _bad("it has no atoms")
    if not atoms.pbc.all() or atoms.cell.rank < 3:
        raise _bad("it has no cell")
    if (atoms.numbers < 1).any():
        raise _bad("a site has no element")
    check_size(len(atoms), max_atoms)
    partial = atoms.info.get("occupancy", {})
    if any(len(site) > 1 or min(site.values()) < FULL for site in partial.values()):
        raise UnsupportedMolecule(
            "The crystal is disordered: a site is shared by several elements, or occupied in part.",
            code="disordered",
            field="text",
            hint="Choose one of the ordered structures.",
        )
    return Molecule(
        numbers=np.asarray(atoms.numbers, dtype=np.int64),
        positions=np.asarray(atoms.positions, dtype=np.float64),
        cell=np.asarray(atoms.cell.array, dtype=np.float64),
        # ASE writes image0 where there is no name
        name="" if _NUMBERED.fullmatch(block[1]) else block[1].replace("_", " ").strip()[:80],
        geometry=Geometry("file", "CIF", "The geometry is that of the CIF file, one cell of it."),
        warnings=said,
    )


def _first_crystal(text: str) -> tuple[Any, tuple[str, ...]]:
    """ASE's Atoms, and what is to be said of the reading."""
    from ase.io.cif import read_cif as crystals

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # of all blocks the first that is a crystal
            atoms = next(iter(crystals(io.StringIO(text), index=slice(None), fractional_occupancies=True)), None)
        except _BROKEN as error:
            raise _bad(str(error).strip().rstrip(".") or type(error).__name__) from error
    if atoms is None:
        raise _bad("no block of it is a crystal")
    several = len(_DATA.findall(text)) > 1
    said = dict.fromkeys(str(one.message).split("\n")[0] for one in caught if issubclass(one.category, UserWarning))
    return atoms, (*said, *(("The file holds more than one block: the first crystal is shown.",) if several else ()))


def _bad(reason: str) -> MalformedInput:
    return MalformedInput(
        f"The CIF cannot be read: {reason}.",
        code="bad_cif",
        field="text",
        hint="It needs a cell (_cell_length_a ...) and sites with fractional coordinates (_atom_site_fract_x ...).",
    )
