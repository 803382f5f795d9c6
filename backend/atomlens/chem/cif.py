"""CIF: the crystallographers' files. ASE parses them; symmetry and what cannot be a crystal are decided here.

Source of the format: Hall, Allen, Brown, Acta Cryst. A47, 655 (1991). A site that several elements share has no single
structure, and is refused; a file of several blocks gives its first crystal. Operations that the file lists go before
the symbols by which it names them (`chem.symmetry`). Where a symbol leaves the origin open, it is the one by which
atoms do not coincide, make up the formula, and are the fewest: sites of special positions, taken by the other origin,
would be general ones, or other special ones. Whether the sites are all atoms of the crystal its formula tells
(`chem.composition`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.cell import checked_cell, nearest_pair
from atomlens.chem.check import check_crystal_size
from atomlens.chem.composition import agrees, check_complete, element_of_label, element_of_symbol, formulas
from atomlens.chem.molecule import COINCIDENT_ANGSTROM, Geometry, Molecule
from atomlens.chem.symmetry import Operations, Setting, listed, settings_named
from atomlens.chem.text import LONGEST_NAME, quoted
from atomlens.chem.vacuum import with_vacuum_noted
from atomlens.errors import MalformedInput, TooLarge, UnsupportedMolecule

#: Occupancies differ from one by so much through rounding alone.
FULL: Final = 0.99
#: Images of one site, or the same atom listed twice, lie within so much of each other, in Å, by rounding alone.
SAME_ANGSTROM: Final = 0.05
#: What parsing of broken files raises; ASE has no error of its own for them.
_BROKEN: Final = (ValueError, TypeError, LookupError, RuntimeError, AttributeError, AssertionError, ArithmeticError)
_DATA: Final = re.compile(r"^\s*data_(\S*)", re.IGNORECASE | re.MULTILINE)
_TAGS: Final = re.compile(r"^\s*_(?:cell|atom_site|symmetry|space_group)[_.]", re.IGNORECASE | re.MULTILINE)
_LENGTHS: Final = ("_cell_length_a", "_cell_length_b", "_cell_length_c")
_ANGLES: Final = ("_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma")
_OPERATIONS: Final = (
    "_space_group_symop_operation_xyz", "_space_group_symop.operation_xyz", "_symmetry_equiv_pos_as_xyz",
)  # fmt: skip
_HALL: Final = ("_space_group_name_hall", "_symmetry_space_group_name_hall")
_SYMBOL: Final = ("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_h-m_full")
_FORMULA: Final = ("_chemical_formula_sum", "_chemical_formula.sum")
_NUMBER: Final = ("_space_group_it_number", "_space_group.it_number", "_symmetry_int_tables_number")
#: What stands for "not known" and "does not apply".
_NOTHING: Final = ("", ".", "?")


def looks_like_cif(text: str) -> bool:
    """Whether there is a data block that speaks of a crystal."""
    return _DATA.search(text) is not None and _TAGS.search(text) is not None


def read_cif(text: str, max_atoms: int) -> Molecule:
    """A crystal from CIF, all atoms of its cell as the file has it, in Å.

    Warnings say what the file leaves open, and where the atoms are not those of its formula.

    Raises `MalformedInput` ("bad_cif", "bad_space_group"), `TooLarge` ("too_many_atoms"), `InputError` ("bad_cell",
    "coincident_atoms"), and `UnsupportedMolecule` ("disordered", "missing_atoms").
    """
    if _DATA.search(text) is None:
        raise _bad("it has no line that begins with data_")
    block, said = _first_crystal(text)
    cell = _cell(block)
    numbers, sites = _sites(block, cell)
    check_crystal_size(len(numbers), max_atoms, all_counted=False)
    atoms, fractions, of_symmetry = _filled(block, cell, numbers, sites, max_atoms)
    counted = any((_value(count) or 0.0) > 0.0 for count in _column(block, ("_atom_site_attached_hydrogens",)) or [])
    incomplete = check_complete(atoms, _word(block, _FORMULA), counted_hydrogens=counted)
    name = block.name.strip()
    crystal = Molecule(
        numbers=atoms,
        positions=fractions @ cell,
        cell=cell,
        # ASE writes image0 where there is no name
        name="" if re.fullmatch(r"image\d+", name, re.IGNORECASE) else name.replace("_", " ").strip()[:LONGEST_NAME],
        geometry=Geometry("file", "CIF", "The geometry is that of the CIF file, one cell of it."),
        warnings=(*of_symmetry, *incomplete, *said),
    )
    return with_vacuum_noted(crystal)


def _first_crystal(text: str) -> tuple[Any, tuple[str, ...]]:
    """ASE's CIFBlock, of all the first that has sites, and what is to be said of the others."""
    from ase.io.cif import parse_cif

    try:
        with catch_warnings():
            simplefilter("ignore")
            blocks = list(parse_cif(io.StringIO(text)))
    except _BROKEN as error:
        raise _bad("its loops and values do not follow the format") from error
    found = next((block for block in blocks if any(key.startswith("_atom_site_") for key in block)), None)
    if found is None:
        raise _bad("it has no atoms")
    several = len(blocks) > 1
    return found, (("The file holds more than one block: the first crystal is shown.",) if several else ())


def _column(block: Any, names: Iterable[str]) -> list[Any] | None:
    """Of the first of the names that the block has, as a list whether it stands in a loop or alone."""
    for name in names:
        if name in block:
            value = block[name]
            return list(value) if isinstance(value, list | tuple) else [value]
    return None


def _word(block: Any, names: Iterable[str]) -> str:
    """The first of these that is said; empty where none is."""
    for name in names:
        said = str((_column(block, [name]) or [""])[0]).strip()
        if said not in _NOTHING:
            return said
    return ""


def _value(said: Any) -> float | None:
    """A number, which may carry its uncertainty, as 5.64(2); None where there is none."""
    try:
        return float(re.sub(r"\(\d+\)$", "", str(said).strip()))
    except ValueError:
        return None


def _values(block: Any, names: Sequence[str]) -> NDArray[np.float64] | None:
    """(n, len(names)); None where a column is missing. Raises `MalformedInput` where a number is."""
    columns = [_column(block, [name]) for name in names]
    if any(column is None for column in columns):
        return None
    rows = list(zip(*(column for column in columns if column is not None), strict=True))
    values = [[_value(said) for said in row] for row in rows]
    for row, found in zip(rows, values, strict=True):
        for said, value in zip(row, found, strict=True):
            if value is None:
                raise _bad(f"{quoted(str(said))} stands where a number should")
    return np.array(values, dtype=np.float64)


def _cell(block: Any) -> NDArray[np.float64]:
    """(3, 3), rows vectors in Å, to which fractional coordinates refer, however askew."""
    from ase.cell import Cell

    found = _values(block, _LENGTHS)
    if found is None:
        raise _bad("it has no cell")
    angles = _values(block, _ANGLES)
    parameters = np.concatenate([found[0], np.full(3, 90.0) if angles is None else angles[0]])
    if not np.isfinite(parameters).all() or parameters.min() <= 0.0:
        raise _bad("lengths and angles of its cell are not all above zero")
    if parameters[3:].max() >= 180.0:
        raise _bad("an angle of its cell is not below 180°")
    try:
        cell = np.asarray(Cell.new(parameters).array, dtype=np.float64)
    except AssertionError:
        cell = np.zeros((3, 3))
    if not np.isfinite(cell).all() or np.linalg.det(cell) < 1e-6:
        raise _bad("the angles of its cell do not meet in space")
    checked_cell(cell)
    return cell


def _sites(block: Any, cell: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Atomic numbers (n,) and fractional coordinates (n, 3) of the sites that are listed."""
    labels = _column(block, ("_atom_site_type_symbol", "_atom_site_label"))
    sites = _values(block, [f"_atom_site_fract_{axis}" for axis in "xyz"])
    if sites is None:
        places = _values(block, [f"_atom_site_cartn_{axis}" for axis in "xyz"])
        sites = None if places is None else np.asarray(np.linalg.solve(cell.T, places.T).T, dtype=np.float64)
    if labels is None or sites is None or len(sites) == 0:
        raise _bad("it has no atoms")
    if len(labels) != len(sites):
        raise _bad("its loops and values do not follow the format")
    if not np.isfinite(sites).all():
        raise _bad("a coordinate is not finite")
    # what is not said is one
    given = map(_value, _column(block, ("_atom_site_occupancy",)) or [])
    shares = [share for share in given if share is not None]
    groups = {str(group).strip() for group in _column(block, ("_atom_site_disorder_group",)) or []} - {*_NOTHING, "0"}
    if any(share < FULL for share in shares) or len(groups) > 1:
        raise UnsupportedMolecule(
            "The crystal is disordered: a site is shared by several elements, or occupied in part.",
            code="disordered",
            field="text",
            hint="Choose one of the ordered structures.",
        )
    if any(share > 2.0 - FULL for share in shares):
        raise _bad("the occupancy of a site is more than 1")
    return np.array(_elements(block, [str(label).strip() for label in labels]), dtype=np.int64), sites


def _elements(block: Any, names: Sequence[str]) -> list[int]:
    """Atomic numbers by the symbols of the sites, or by their labels where the file has no symbols."""
    hint = "Write the symbol in _atom_site_type_symbol."
    if "_atom_site_type_symbol" in block:
        found = [element_of_symbol(name) for name in names]
        if None in found:
            raise _bad(f"{quoted(names[found.index(None)])} is not the symbol of an element", hint)
    else:
        of_formula = {z for counts in formulas(_word(block, _FORMULA)) for z in counts}
        found = [element_of_label(name, of_formula) for name in names]
        if None in found:
            raise _bad(f"the name of the site {quoted(names[found.index(None)])} does not tell its element", hint)
    return [z for z in found if z is not None]


def _filled(
    block: Any, cell: NDArray[np.float64], numbers: NDArray[np.int64], sites: NDArray[np.float64], max_atoms: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], tuple[str, ...]]:
    """All atoms of the cell, numbers (n,) and fractional coordinates (n, 3), and what is to be said of the symmetry."""
    lines = [str(line) for line in _column(block, _OPERATIONS) or [] if str(line).strip() not in _NOTHING]
    if lines:
        try:
            operations = listed(lines)
        except ValueError as error:
            raise _bad(f"{quoted(str(error))} is no operation of symmetry", _NAMED) from error
        return (*_images(operations, cell, numbers, sites, max_atoms), ())
    hall, symbol, number = (_word(block, names) for names in (_HALL, _SYMBOL, _NUMBER))
    if not (hall or symbol or number):
        alone = Operations(np.eye(3, dtype=np.int64)[None], np.zeros((1, 3)))
        warning = "The file names no symmetry: its atoms are taken for all of the cell."
        return (*_images(alone, cell, numbers, sites, max_atoms), (warning,))
    found = settings_named(hall=hall, symbol=symbol, number=int(number) if number.isdecimal() else None)
    if not found:
        raise MalformedInput(
            f"The space group {quoted(symbol or hall or number)} is not known.",
            code="bad_space_group",
            field="text",
            hint=_NAMED,
        )
    fitting = [setting for setting in found if setting.operations.keep(cell)]
    if not fitting:
        raise MalformedInput(
            f"The cell does not have the symmetry of its space group {quoted(symbol or hall or number)}.",
            code="bad_space_group",
            field="text",
            hint="Compare the lengths and angles of the cell with the space group.",
        )
    warnings: list[str] = []
    if number.isdecimal() and all(setting.number != int(number) for setting in found):
        warnings.append(
            f"The file names two space groups that are not the same: {symbol or hall} is taken, not number {number}."
        )
    origins = _origins(fitting)
    if len(origins) < 2:
        return (*_images(fitting[0].operations, cell, numbers, sites, max_atoms), tuple(warnings))
    taken, atoms = _most_likely(origins, cell, numbers, sites, max_atoms, _word(block, _FORMULA))
    warnings.append(f"The file does not say from which origin its space group counts: choice {taken.choice} is taken.")
    return (*atoms, tuple(warnings))


def _origins(fitting: Sequence[Setting]) -> list[Setting]:
    """Those of the first setting's origins that differ: by the same symbol, so that no axes are permuted unawares."""
    first = fitting[0]
    alike = [setting for setting in fitting if setting.origin and not first.symbols.isdisjoint(setting.symbols)]
    return list({setting.hall_symbol: setting for setting in reversed(alike)}.values())[::-1]


def _most_likely(
    origins: Sequence[Setting],
    cell: NDArray[np.float64],
    numbers: NDArray[np.int64],
    sites: NDArray[np.float64],
    max_atoms: int,
    formula: str,
) -> tuple[Setting, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The origin by which no atoms coincide, the atoms are those of the file's formula, they are the fewest and
    farthest from each other, the earlier the more it counts, the first of equals; and its atoms. Raises `TooLarge`
    where there are too many by all of them."""
    made = []
    for origin in origins:
        try:
            made.append((origin, _images(origin.operations, cell, numbers, sites, max_atoms)))
        except TooLarge:
            if origin is origins[-1] and not made:
                raise

    def place(one: tuple[Setting, tuple[NDArray[np.int64], NDArray[np.float64]]]) -> tuple[bool, bool, int, float]:
        atoms, fractions = one[1]
        # sites of a normal spinel make 56 atoms by either origin, by the wrong one of another formula and too near
        apart = nearest_pair(fractions @ cell, cell)[2]
        return apart < COINCIDENT_ANGSTROM, not agrees(atoms, formula), len(atoms), -round(apart, 2)

    return min(made, key=place)


_NAMED: Final = (
    "Write it as the International Tables do, such as P 1 21/c 1, or list its operations "
    "(_space_group_symop_operation_xyz)."
)


def _images(
    operations: Operations,
    cell: NDArray[np.float64],
    numbers: NDArray[np.int64],
    sites: NDArray[np.float64],
    max_atoms: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Every atom once: what falls on one of the same element that is there already is that one.

    Raises `TooLarge` beyond `max_atoms`.
    """
    kept = np.empty((0, 3))
    elements = np.empty(0, dtype=np.int64)
    for number, site in zip(numbers, sites, strict=True):
        images = operations.images(site)
        images -= np.floor(images + 1e-6)
        there = kept[elements == number]
        new: list[NDArray[np.float64]] = []
        for image in images:
            others = np.concatenate([there, np.array(new).reshape(-1, 3)])
            apart = others - image
            apart -= np.round(apart)
            if not (np.linalg.norm(apart @ cell, axis=1) < SAME_ANGSTROM).any():
                new.append(image)
        kept = np.concatenate([kept, np.array(new).reshape(-1, 3)])
        elements = np.concatenate([elements, np.full(len(new), number, dtype=np.int64)])
        check_crystal_size(len(elements), max_atoms, all_counted=False)
    return elements, kept


def _bad(reason: str, hint: str = "") -> MalformedInput:
    needed = "It needs a cell (_cell_length_a ...) and sites with fractional coordinates (_atom_site_fract_x ...)."
    return MalformedInput(
        f"The CIF cannot be read: {reason}.", code="bad_cif", field="text", hint=hint if hint else needed
    )
