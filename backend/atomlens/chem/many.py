"""Reading many: records one by one, where one that cannot be read says why and the others go on; and frames of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atomlens.chem import names
from atomlens.chem.check import check_no_crystal, check_treatable
from atomlens.chem.elements import formula
from atomlens.chem.extxyz import said_of
from atomlens.chem.frames import check_size, frame_molecule
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.chem.records import Record, split_records, xyz_frames
from atomlens.chem.smiles import cut_line
from atomlens.chem.text import LONGEST_NAME, clean
from atomlens.chem.xyz import FrameAtoms, read_frame_atoms
from atomlens.errors import AtomlensError, InputError, MalformedInput, UnsupportedMolecule


def read_record(record: Record, max_atoms: int) -> Molecule:
    """The molecule of a record, with the name that the file gives it.

    Raises what `read_molecule` raises, and `UnsupportedMolecule` ("crystal").
    """
    text, format, title = record.text, record.format, record.name
    if format == "line":
        format, text, title = _line(text)
    molecule = read_molecule(text, format, max_atoms=max_atoms)
    check_no_crystal(molecule)
    return replace(molecule, name=title) if title else molecule


def _line(text: str) -> tuple[str, str, str]:
    """Format, text and title of a line: a known name, or a SMILES with a title behind it."""
    if names.find(text) is not None or names.outside(text) is not None:
        return "name", text, ""
    smiles, extension, title = cut_line(text)
    return "auto", f"{smiles} {extension}".strip(), title[:LONGEST_NAME]


def read_records(records: Sequence[Record], max_atoms: int) -> list[Molecule | AtomlensError]:
    """The molecule of each record, or the error that says why there is none."""
    found: list[Molecule | AtomlensError] = []
    for record in records:
        try:
            found.append(read_record(record, max_atoms))
        except AtomlensError as error:
            found.append(error)
    return found


@dataclass(frozen=True, eq=False)
class Frames:
    """One molecule in several geometries: the first; positions: (n_frames, n_atoms, 3) Å; labels: what the file says of
    each, "" where nothing."""

    molecule: Molecule
    positions: NDArray[np.float64]
    labels: tuple[str, ...]


def read_frames(text: str, format: str, max_atoms: int) -> Frames:
    """The frames of a multi-frame XYZ or extended XYZ, or the records of an SDF of one molecule.

    Raises what `read_molecule` raises for the first frame; `MalformedInput`, code "other_atoms" for a frame with other
    atoms than the first, "other_order" for one that has them in another order, "one_frame" where there is only one;
    `UnsupportedMolecule`, codes "charged", "open_shell" and "crystal", for one that says so of itself; `TooLarge`,
    code "too_many_frames".
    """
    text = clean(text)
    records = split_records(text, format)
    if records[0].format not in ("xyz", "sdf") or len(records) < 2:
        raise MalformedInput(
            "There is one frame only: a trajectory has several.",
            code="one_frame",
            field="text",
            hint="Open it as a molecule.",
        )
    lines = text.split("\n")
    begins = [begin for begin, _ in xyz_frames(lines)] if records[0].format == "xyz" else []
    if begins:
        labels = tuple(said_of(lines[begin + 1])[:LONGEST_NAME] for begin in begins)
    else:
        labels = tuple(record.name for record in records)
    first = read_record(replace(records[0], name=""), max_atoms)
    # what differs from frame to frame is no name of the molecule, in the record's own text either
    if len(set(labels)) > 1 and first.name == labels[0]:
        first = replace(first, name=names.name_of(first.smiles))
    elif len(set(labels)) == 1 and labels[0] and "=" not in labels[0]:
        first = replace(first, name=labels[0])
    n_frames = len(records)
    check_size(n_frames, len(first))
    if begins:
        found = [read_frame_atoms(lines, begin, max_atoms) for begin in begins]
    else:
        read = [first, *(_record_of_frame(record, max_atoms) for record in records[1:])]
        found = [FrameAtoms(molecule.numbers.tolist(), molecule.positions) for molecule in read]
    for k, frame in enumerate(found):
        _check_atoms(first, frame.numbers, k)
        _check_frame(first, frame, k, n_frames)
    shown = frame_molecule(first, first.positions, 0, n_frames)
    return Frames(shown, np.stack([frame.positions for frame in found]), labels)


def _record_of_frame(record: Record, max_atoms: int) -> Molecule:
    try:
        return read_record(record, max_atoms)
    except InputError as error:
        raise _in_frame(error, record.place) from error


def _check_atoms(first: Molecule, numbers: Sequence[int], k: int) -> None:
    if list(numbers) == first.numbers.tolist():
        return
    theirs = formula(numbers)
    if theirs == first.formula:
        raise MalformedInput(
            f"Frame {k + 1} has its atoms in another order than frame 1.",
            code="other_order",
            field="text",
            hint="Give every frame its atoms in the same order.",
        )
    raise MalformedInput(
        f"Frame {k + 1} has other atoms ({theirs}) than frame 1 ({first.formula}): a trajectory is one molecule in "
        "several geometries.",
        code="other_atoms",
        field="text",
        hint="Open the file as many molecules instead (/batch), or give every frame the same atoms in the same order.",
    )


def _check_frame(first: Molecule, frame: FrameAtoms, k: int, n_frames: int) -> None:
    """What the models can make of it; pieces that came apart on the way are no further molecules."""
    if frame.repeated:
        raise UnsupportedMolecule(
            f"Frame {k + 1} has a cell, and frame 1 has none: a trajectory is one molecule in several geometries.",
            code="crystal",
            field="text",
            hint="Open the crystal alone, or leave out its Lattice.",
        )
    try:
        check_treatable([frame.numbers], frame.charge, frame.unpaired)
        frame_molecule(first, frame.positions, k, n_frames)
    except InputError as error:
        raise _in_frame(error, k + 1) from error


def _in_frame(error: InputError, number: int) -> InputError:
    """The same error with the frame's number, from 1."""
    return type(error)(f"Frame {number}: {error.message}", code=error.code, field=error.field, hint=error.hint)
