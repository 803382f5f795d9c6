"""Reading: from text or a file to a `Molecule` that the models can treat, or to an error that says why not.

These functions are plain, with arguments and results that can be pickled, so that a service can run them in a
worker process and kill it should RDKit hang.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from atomlens.chem import minima, names
from atomlens.chem.check import check_known_to_one, check_size
from atomlens.chem.cif import looks_like_cif, read_cif
from atomlens.chem.elements import NUMBERS
from atomlens.chem.formulas import counts, is_sum, structures
from atomlens.chem.molecule import Molecule
from atomlens.chem.records import is_table
from atomlens.chem.sdf import looks_like_sdf, read_sdf, title
from atomlens.chem.smiles import MAX_SMILES_CHARACTERS, canonical, cut_line, parse, read_smiles, without_extension
from atomlens.chem.text import LONGEST_NAME, clean, quoted, read_text_file, too_long_smiles
from atomlens.chem.xyz import looks_like_xyz, read_xyz, with_count
from atomlens.errors import MalformedInput, TooLarge, UnsupportedMolecule

FORMATS: Final = ("auto", "name", "example", "smiles", "xyz", "extxyz", "sdf", "mol", "cif")
DEFAULT_MAX_ATOMS: Final = 300

_FORMAT_OF_SUFFIX: Final = MappingProxyType(
    {".xyz": "xyz", ".extxyz": "extxyz", ".sdf": "sdf", ".mol": "mol", ".cif": "cif"}
)

#: Characters of a name that stands behind a SMILES.
#: Lines by which it is told whether each is a molecule.
_TELLING_LINES: Final = 20
#: Two numbers in a line: of an atom, not of a molecule.
_COORDINATES: Final = re.compile(r"\s[+-]?\d*\.?\d+\s+[+-]?\d*\.?\d+(\s|$)")

_CAS: Final = re.compile(r"\d{2,7}-\d\d-\d", re.ASCII)
#: Elements that stand in a SMILES without brackets.
_ORGANIC_SUBSET: Final = frozenset({"B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I"})

#: SMILES that many people write for something else.
_LOOKALIKES: Final = MappingProxyType(
    {
        "CO": "methanol; carbon monoxide is [C-]#[O+]",
        "NO": "hydroxylamine; nitric oxide is a radical, [N]=O",
        "CN": "methylamine; hydrogen cyanide is C#N",
        "CS": "methanethiol; carbon disulfide is S=C=S",
        "SO": "hydrogen thioperoxide; sulfur dioxide is O=S=O",
        "CF": "fluoromethane; carbon tetrafluoride is FC(F)(F)F",
        # hydrogens that a SMILES leaves out
        "C": "methane; carbon by itself is a solid, no molecule",
        "N": "ammonia; nitrogen is N#N",
        "O": "water; oxygen is O=O",
        "F": "hydrogen fluoride; fluorine is FF",
        "P": "phosphine; white phosphorus is P12P3P1P23",
        "S": "hydrogen sulfide; sulfur is S1SSSSSSS1",
        "Cl": "hydrogen chloride; chlorine is ClCl",
        "Br": "hydrogen bromide; bromine is BrBr",
    }
)


def read_molecule(
    text: str, format: str = "auto", *, max_atoms: int = DEFAULT_MAX_ATOMS, known: Sequence[Sequence[int]] = ()
) -> Molecule:
    """A molecule from text in one of `FORMATS`.

    "auto": a common name, else text of several lines in a file format that is recognised, else SMILES, with a title
    behind it or none. A file's geometry is kept as it is; names and SMILES get one from a force field, centred at its
    centroid. "example": a name, at the minimum of quantum chemistry that comes with the program (`chem.minima`) where
    there is one. known: atomic numbers that each network knows; what they cannot treat is refused for elements that
    none of them knows rather than for anything else (`UnknownElement`), since nothing mends that.

    Raises `InputError` of the kinds and codes that the modules behind it document: `MalformedInput` for what
    cannot be read, `TooLarge` beyond `max_atoms` or the limits of the text, `UnsupportedMolecule` for what the
    models cannot treat.
    """
    if format not in FORMATS:
        raise MalformedInput(
            f"The format {quoted(format)} is not known.",
            code="unknown_format",
            field="format",
            hint=f"Formats: {', '.join(FORMATS)}.",
        )
    text = clean(text)
    try:
        return _named(_READERS[format](text, max_atoms))
    except UnsupportedMolecule as error:
        if known and error.elements:
            check_known_to_one(error.elements, known, field="text")
        raise


def read_file(path: str | Path, *, max_atoms: int = DEFAULT_MAX_ATOMS, known: Sequence[Sequence[int]] = ()) -> Molecule:
    """A molecule from a file .xyz, .extxyz, .sdf, .mol or .cif; errors as `read_molecule`, and for the file itself."""
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMAT_OF_SUFFIX:
        raise MalformedInput(
            f"Files of the kind {quoted(suffix or 'without a suffix')} are not read.",
            code="unknown_format",
            field="path",
            hint=f"Files that are read: {', '.join(_FORMAT_OF_SUFFIX)}.",
        )
    return read_molecule(read_text_file(path), _FORMAT_OF_SUFFIX[suffix], max_atoms=max_atoms, known=known)


def _named(molecule: Molecule) -> Molecule:
    """Give a molecule its common name, if it has one and no name yet."""
    if molecule.name or not molecule.smiles:
        return molecule
    return replace(molecule, name=names.name_of(molecule.smiles))


def _read_name(text: str, max_atoms: int) -> Molecule:
    found = _find_name(text, max_atoms)
    if found is not None:
        return found
    raise _unknown_name(text.strip())


def _read_example(text: str, max_atoms: int) -> Molecule:
    entry = names.find(text)
    minimum = minima.find(entry.name) if entry is not None else None
    if minimum is None:
        return _read_name(text, max_atoms)
    check_size(len(minimum), max_atoms)
    return minimum


def _find_name(text: str, max_atoms: int) -> Molecule | None:
    """The molecule of a known name, or None; species known to be outside raise why they are."""
    entry = names.find(text)
    if entry is not None:
        return replace(read_smiles(entry.smiles, max_atoms), name=entry.name)
    outside = names.outside(text)
    return replace(read_smiles(outside, max_atoms), name=text.strip()) if outside is not None else None


def _read_auto(text: str, max_atoms: int) -> Molecule:
    lines = text.strip().split("\n")
    if len(lines) > 1:
        if looks_like_sdf(text):
            return _read_sdf(text, max_atoms)
        if looks_like_xyz(text):
            return read_xyz(text, max_atoms)
        if looks_like_cif(text):
            return read_cif(text, max_atoms)
        counted = with_count(text)
        if counted is not None:
            return read_xyz(counted, max_atoms)
        if _are_molecules(lines) or is_table(text):
            raise MalformedInput(
                "These are several molecules, one a line; this reads one.",
                code="several_molecules",
                field="text",
                hint="Open them as many molecules instead (/batch, atomlens batch), or leave one line.",
            )
        raise MalformedInput(
            "The text has several lines but is neither XYZ (its first line is no number of atoms) nor MOL, SDF or CIF.",
            code="unknown_format",
            field="text",
            hint="An XYZ file begins with the number of atoms and a comment line; SMILES and names are one line.",
        )
    found = _find_name(text, max_atoms) if len(text) <= MAX_SMILES_CHARACTERS else None
    found = found or _with_title(lines[0], max_atoms)
    return found if found is not None else _read_smiles_or_explain(lines[0].strip(), max_atoms)


def _are_molecules(lines: Sequence[str]) -> bool:
    """Whether each line is a name or begins with a SMILES; the first ones tell."""
    written = [line.strip() for line in lines if line.strip()][:_TELLING_LINES]
    if any(_COORDINATES.search(line) for line in written):
        return False
    return all(names.find(line) is not None or _is_smiles(line.split()[0]) for line in written)


def _is_smiles(text: str) -> bool:
    try:
        parse(text)
    except (MalformedInput, TooLarge):
        return False
    return True


def _with_title(text: str, max_atoms: int) -> Molecule | None:
    """The molecule of a SMILES with a title behind it, as lines of .smi files are; None where it is none.

    One letter is rather the beginning of a name ("n butane") unless the title is that molecule's own name.
    """
    first, extension, title = cut_line(text)
    if not (extension or title) or not _is_smiles(first):
        return None
    entry = names.find(title)
    if not extension and len(first) == 1 and (entry is None or entry.smiles != first):
        return None
    try:
        molecule = _read_smiles_or_explain(first, max_atoms)
    except MalformedInput:
        if first.isalpha():  # a word of a name ("No such")
            return None
        raise
    found = without_extension(molecule, extension)
    return replace(found, name=title[:LONGEST_NAME]) if title else found


def _read_smiles_or_explain(text: str, max_atoms: int) -> Molecule:
    """SMILES; where it cannot even be parsed, the message says that it is no known name either, or only that."""
    try:
        molecule = read_smiles(text, max_atoms)
    except MalformedInput as error:
        if error.code != "bad_smiles":
            raise
        meant = _read_formula(text, max_atoms)
        if meant is not None:
            return meant
        if _looks_like_a_name(text):
            raise _unknown_name(text) from error
        raise MalformedInput(
            f"{quoted(text)} is neither a known name nor a readable SMILES. {error.message}",
            code="unreadable",
            field="text",
            hint=_meant(text) or error.hint,
        ) from error
    warning = _lookalike(text, molecule)
    return replace(molecule, warnings=(*molecule.warnings, warning)) if warning else molecule


def _lookalike(text: str, molecule: Molecule) -> str:
    """What text that is a SMILES was probably meant to be, a sentence, or ""."""
    if text in _LOOKALIKES:
        return f"{text} was read as SMILES: {_LOOKALIKES[text]}."
    named = names.of_formula(text, 2) if text.isalpha() and is_sum(text) else []
    smiles = names.lookup(named[0]) if len(named) == 1 else None
    if smiles is None or canonical(smiles) == molecule.smiles:
        return ""
    return f"{text} was read as SMILES: {molecule.name or molecule.formula}; {named[0]} is {smiles}."


def _read_formula(text: str, max_atoms: int) -> Molecule | None:
    """The molecule that a formula can mean: the one of the list with this sum, or the one with this structure."""
    named = names.of_formula(text, 2) if is_sum(text) else []
    found = {names.lookup(named[0])} if len(named) == 1 else {canonical(smiles) for smiles in structures(text)}
    smiles = found.pop() if len(found) == 1 else None
    if smiles is None:
        return None
    molecule = _named(read_smiles(smiles, max_atoms))
    warning = f"{text} was read as a formula: {molecule.name or molecule.smiles}."
    return replace(molecule, warnings=(*molecule.warnings, warning))


def _looks_like_a_name(text: str) -> bool:
    """Whether text that is no SMILES is rather a name, a sum formula or a number of the Chemical Abstracts Service."""
    if text.startswith("InChI=") or text in NUMBERS:
        return False
    if _CAS.fullmatch(text):
        return True
    elements = (counts(text) or {}).keys()
    if elements - _ORGANIC_SUBSET:
        return elements <= NUMBERS.keys()
    letters = re.findall(r"[^\W\d_]", re.sub(r"\[[^\]]*\]?|Cl|Br", "", text))
    return len(letters) > 3 and any(letter.islower() and letter not in "bcnops" for letter in letters)


def _unknown_name(text: str) -> MalformedInput:
    near = names.of_formula(text) or names.near(text)
    if near:
        hint = f"Did you mean {', '.join(near)}? Give its SMILES, draw it, or open a file."
    elif _CAS.fullmatch(text):
        hint = "CAS numbers are not looked up. Give its SMILES, draw it, or open a file."
    else:
        hint = "Give its SMILES, draw it, or open a file."
    return MalformedInput(
        f"{quoted(text, 60)} is not in the list of names.",
        code="unknown_name",
        field="text",
        hint=hint,
    )


def _meant(text: str) -> str | None:
    """What text that is neither a name nor a SMILES was probably meant to be."""
    if text in NUMBERS:
        return f"In SMILES the element {text} stands in brackets: [{text}]."
    near = names.of_formula(text) or names.near(text)
    return f"Did you mean {', '.join(near)}?" if near else None


def _read_smiles(text: str, max_atoms: int) -> Molecule:
    if len(text) > 2 * MAX_SMILES_CHARACTERS:
        raise too_long_smiles(len(text), MAX_SMILES_CHARACTERS)
    return read_smiles(text, max_atoms)


def _read_sdf(text: str, max_atoms: int) -> Molecule:
    molecule = read_sdf(text, max_atoms)
    common = names.name_of(molecule.smiles)
    return replace(molecule, name=common or title(text))


_READERS: Final[MappingProxyType[str, Callable[[str, int], Molecule]]] = MappingProxyType(
    {
        "auto": _read_auto,
        "name": _read_name,
        "example": _read_example,
        "smiles": _read_smiles,
        "xyz": read_xyz,
        "extxyz": read_xyz,
        "sdf": _read_sdf,
        "mol": _read_sdf,
        "cif": read_cif,
    }
)
