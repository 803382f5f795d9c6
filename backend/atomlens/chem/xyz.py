"""XYZ: a count, a comment, and one line "element x y z" per atom, in Å; extXYZ: the same, with a comment that speaks.

The parser is strict: whatever it does not understand is an error that names the line. Positions are kept to the
last bit as they are written. Further columns of plain XYZ (charges, forces) are passed over. QM9's own files,
with their tail of frequencies, SMILES and InChI (Ramakrishnan et al., Sci. Data 1, 140022 (2014)), are read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem import bonds
from atomlens.chem.check import (
    IN_BOHR,
    check_crystal_size,
    check_neutral,
    check_one_fragment,
    check_size,
    check_treatable,
)
from atomlens.chem.connections import fragments
from atomlens.chem.constitution import ISOTOPE_WARNING
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.chem.extxyz import Comment, parse_comment
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.pulled import pulled_bonds, pulled_warning
from atomlens.chem.text import number, quoted
from atomlens.chem.vacuum import with_vacuum_noted
from atomlens.errors import MalformedInput, UnsupportedMolecule
from atomlens.units import BOHR_ANGSTROM

#: Placeholders of several programs for points without a nucleus.
DUMMIES: Final = frozenset({"x", "xx", "du", "bq", "gh", "lp", "q", "*", "0"})

_COUNT: Final = re.compile(r"[+-]?\d+", re.ASCII)
_COORDINATES: Final = re.compile(r"\s*([A-Za-z]{1,2})(?:\s+[+-]?\d*\.\d+){3}\s*", re.ASCII)


@dataclass(frozen=True)
class _Frame:
    """One frame: its atoms, what its comment says, and the line (from 0) after its last atom."""

    numbers: list[int]
    positions: list[list[float]]
    comment: Comment
    warnings: tuple[str, ...]
    end: int


def looks_like_xyz(text: str) -> bool:
    """Whether the first line that is not blank is a count and nothing else."""
    lines = text.lstrip().split("\n", 1)
    return len(lines) == 2 and _COUNT.fullmatch(lines[0].strip()) is not None


def with_count(text: str) -> str | None:
    """Lines of an element and three numbers alone, as papers print them, as XYZ; None for other text."""
    lines = [line for line in text.split("\n") if line.strip()]
    found = [_COORDINATES.fullmatch(line) for line in lines]
    if not all(line is not None and line[1].capitalize() in NUMBERS for line in found):
        return None
    return "\n".join([str(len(lines)), "", *lines, ""])


def read_xyz(text: str, max_atoms: int) -> Molecule:
    """A molecule from XYZ or extXYZ, in the file's own geometry, with perceived bonds; with a cell, a crystal.

    Raises `MalformedInput` with the line and the reason, `TooLarge` ("too_many_atoms"), `InputError`
    ("coincident_atoms"), and `UnsupportedMolecule` ("periodic", "several_fragments", "charged", "open_shell").
    """
    lines = text.split("\n")
    frame = _read_frame(lines, max_atoms)
    warnings = frame.warnings + _check_tail(lines, frame)
    method = "extXYZ" if frame.comment.extended else "XYZ"
    molecule = Molecule(
        numbers=np.array(frame.numbers, dtype=np.int64),
        positions=np.array(frame.positions, dtype=np.float64),
        charge=frame.comment.charge,
        name=frame.comment.name,
        geometry=Geometry("file", method, f"The geometry is that of the {method} file."),
        warnings=warnings,
        cell=None if frame.comment.cell is None else np.array(frame.comment.cell),
    )
    if molecule.cell is not None:
        check_neutral(molecule.charge)
        return with_vacuum_noted(molecule)
    return _with_bonds(molecule, frame.comment.unpaired)


@dataclass(frozen=True, eq=False)
class FrameAtoms:
    """What a frame says of its atoms: numbers, positions (n_atoms, 3), Å, charge, e, how many electrons its
    multiplicity leaves unpaired, and whether they are repeated by a cell."""

    numbers: list[int]
    positions: NDArray[np.float64]
    charge: int = 0
    unpaired: int = 0
    repeated: bool = False


def read_frame_atoms(lines: list[str], begin: int, max_atoms: int) -> FrameAtoms:
    """The frame at or after line `begin`, counted from 0.

    Raises what `read_xyz` raises for what cannot be read; what the models could make of it is not looked at.
    """
    frame = _read_frame(lines, max_atoms, begin)
    positions = np.array(frame.positions, dtype=np.float64)
    said = frame.comment
    return FrameAtoms(frame.numbers, positions, said.charge, said.unpaired, said.cell is not None)


def _with_bonds(molecule: Molecule, unpaired: int) -> Molecule:
    """Check that the models can treat the molecule, and add what its geometry tells of its constitution."""
    found = fragments(molecule.numbers, molecule.positions)
    pulled: tuple[tuple[int, int], ...] = ()
    warnings = molecule.warnings
    if len(found) > 1:
        # where not one bond is found the unit may be wrong; of two atoms alone nobody can tell
        in_bohr = (
            len(found) == len(molecule) and len(fragments(molecule.numbers, molecule.positions * BOHR_ANGSTROM)) == 1
        )
        if len(molecule) == 2 or not in_bohr:
            pulled = pulled_bonds(molecule.numbers, molecule.positions)
        if not pulled:
            check_one_fragment(found, in_bohr)
        warnings += (pulled_warning(molecule.numbers, molecule.positions, pulled), *((IN_BOHR,) if in_bohr else ()))
        found = [molecule.numbers.tolist()]
    check_treatable(found, molecule.charge, unpaired)
    perceived = bonds.perceive(molecule.numbers, molecule.positions, molecule.charge, pulled)
    check_treatable(found, molecule.charge, perceived.unpaired)
    return replace(
        molecule,
        bonds=perceived.bonds,
        smiles=perceived.smiles,
        warnings=warnings + perceived.warnings,
    )


def _read_frame(lines: list[str], max_atoms: int, begin: int = 0) -> _Frame:
    """The first frame at or after line `begin`, counted from 0."""
    start = next(place for place in range(begin, len(lines)) if lines[place].strip())
    n_atoms = _count(lines[start], start + 1)
    text = lines[start + 1] if start + 1 < len(lines) else ""
    comment = parse_comment(text, start + 2)
    (check_size if comment.cell is None else check_crystal_size)(n_atoms, max_atoms)
    if any(comment.periodic) and comment.cell is None:
        raise UnsupportedMolecule(
            f"Line {start + 2}: the atoms are repeated in all three directions, but there is no Lattice that says how "
            "far."
            if all(comment.periodic)
            else f"Line {start + 2}: the atoms are repeated, but not in all three directions of a periodic cell. The "
            "models treat molecules, and crystals.",
            code="periodic",
            field="text",
            hint='A crystal has a Lattice and pbc="T T T"; a box that means nothing is told by pbc="F F F".',
        )
    numbers, positions, isotopes = [], [], False
    for place in range(start + 2, start + 2 + n_atoms):
        line = lines[place] if place < len(lines) else ""
        if not line.strip():
            raise MalformedInput(
                f"Line {start + 1} promises {n_atoms} atoms, but line {place + 1} is "
                f"{'blank' if place < len(lines) else 'past the end'}: there are {place - start - 2}.",
                code="atom_count",
                field="text",
                hint=f"Write {place - start - 2} in line {start + 1}, or add the atoms that are missing.",
            )
        z, position, isotope = _atom(line.split(), comment, place + 1)
        numbers.append(z)
        positions.append(position)
        isotopes = isotopes or isotope
    warnings = comment.warnings + ((ISOTOPE_WARNING,) if isotopes else ())
    return _Frame(numbers, positions, comment, warnings, start + 2 + n_atoms)


def _count(line: str, number_of_line: int) -> int:
    """The number of atoms in the first line."""
    text = line.strip()
    if not _COUNT.fullmatch(text) or len(text) > 9:
        raise MalformedInput(
            f"Line {number_of_line}: {quoted(text)} is not a number of atoms.",
            code="atom_count",
            field="text",
            hint="An XYZ file has the number of atoms in line 1, a comment in line 2, then one atom a line.",
        )
    if int(text) < 1:
        raise MalformedInput(f"Line {number_of_line}: the file has {int(text)} atoms.", code="empty", field="text")
    return int(text)


def _atom(tokens: list[str], comment: Comment, line: int) -> tuple[int, list[float], bool]:
    """Atomic number, position in Å, and whether the symbol is that of an isotope."""
    needed = max(comment.species_column, comment.position_column + 2) + 1
    if len(tokens) < needed or (comment.n_columns and len(tokens) != comment.n_columns):
        wanted = f"{comment.n_columns} columns by Properties" if comment.n_columns else "element x y z"
        raise MalformedInput(
            f"Line {line}: expected {wanted}, found {quoted(' '.join(tokens))}.",
            code="bad_line",
            field="text",
        )
    z, isotope = element(tokens[comment.species_column], line)
    first = comment.position_column
    return z, [number(tokens[first + axis], line, f"{'xyz'[axis]} coordinate") for axis in range(3)], isotope


def element(token: str, line: int) -> tuple[int, bool]:
    """Atomic number of a symbol or of a number, and whether it names an isotope (D, T).

    Raises `MalformedInput`, code "dummy_atom" or "unknown_symbol".
    """
    symbol = token.capitalize()
    if symbol in NUMBERS:
        return NUMBERS[symbol], False
    if symbol in ("D", "T"):
        return 1, True
    if token.lower() in DUMMIES:
        raise MalformedInput(
            f"Line {line}: {quoted(token)} is a dummy atom, which has no nucleus.",
            code="dummy_atom",
            field="text",
            hint="Delete the line, and correct the number of atoms.",
        )
    if re.fullmatch(r"\d{1,3}", token, re.ASCII) and 1 <= int(token) < len(SYMBOLS):
        return int(token), False
    raise MalformedInput(
        f"Line {line}: {quoted(token)} is not the symbol of an element.",
        code="unknown_symbol",
        field="text",
        hint="Write plain symbols (C, not C1) or atomic numbers.",
    )


def _check_tail(lines: list[str], frame: _Frame) -> tuple[str, ...]:
    """Look at what follows the first frame: nothing, further frames (a warning), or too many atoms (an error)."""
    place = next((place for place in range(frame.end, len(lines)) if lines[place].strip()), None)
    if place is None or lines[frame.end - len(frame.numbers) - 1].startswith("gdb "):
        return ()
    if not _COUNT.fullmatch(lines[place].strip()):
        raise MalformedInput(
            f"Line {place + 1}: {quoted(lines[place].strip())} follows the {len(frame.numbers)} atoms that the "
            "file promises.",
            code="atom_count",
            field="text",
            hint="Correct the number of atoms in the first line.",
        )
    return ("The file holds more than one frame: the first is shown.",)
