"""What our models cannot treat: the domain in which a prediction means something.

The networks are trained on single, neutral, closed-shell molecules. They see elements and positions only, not
the charge and not the spin, so an ion or a radical would be predicted as if it were the neutral singlet. Each
such case is refused with a reason, as an `UnsupportedMolecule` (HTTP 422) with a code of its own:
"several_fragments", "charged", "open_shell"; `UnknownElement`; and `TooLarge` (HTTP 413), "too_many_atoms".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS, formula
from atomlens.chem.molecule import Molecule
from atomlens.errors import TooLarge, UnknownElement, UnsupportedMolecule

#: Molecules with an even number of electrons whose ground state is a triplet all the same, by sum formula.
#: Diatomics: X ³Σ⁻, Huber & Herzberg, Constants of Diatomic Molecules (1979). Methylene: ³B₁, 9.0 kcal/mol below
#: the singlet, Jensen & Bunker, J. Chem. Phys. 89, 1327 (1988).
TRIPLETS: Final = MappingProxyType(
    {
        "O2": "molecular oxygen, O2",
        "S2": "disulfur, S2",
        "OS": "sulfur monoxide, SO",
        "HN": "imidogen, NH",
        "HP": "phosphinidene, PH",
        "CH2": "methylene, CH2",
    }
)

#: Free atoms with a closed-shell ground state (¹S₀, NIST Atomic Spectra Database).
CLOSED_SHELL_ATOMS: Final = frozenset(
    {2, 10, 18, 36, 54, 86, 4, 12, 20, 38, 56, 88, 30, 48, 80, 46}  # He..Rn, Be..Ra, Zn Cd Hg, Pd
)

IN_BOHR: Final = "Were these bohr, it would be one molecule: multiply by 0.529177, for XYZ files are in ångström."

_WHY_SPIN: Final = (
    "The models are trained on closed-shell molecules, in which all electrons are paired, and are not told the spin"
)


def check_size(n_atoms: int, max_atoms: int, counted: str = "atoms") -> None:
    """Raise `TooLarge`, code "too_many_atoms", beyond `max_atoms`."""
    if n_atoms > max_atoms:
        raise TooLarge(
            f"The molecule has {n_atoms:,} {counted}; at most {max_atoms:,} atoms are treated.",
            code="too_many_atoms",
            field="text",
            hint="Cut out the part that you want to look at, and close it with hydrogens.",
        )


def check_crystal_size(n_atoms: int, max_atoms: int, *, all_counted: bool = True) -> None:
    """Raise `TooLarge`, code "too_many_atoms", beyond `max_atoms` in a cell; all_counted: whether there are no more."""
    if n_atoms > max_atoms:
        raise TooLarge(
            f"The crystal has {'' if all_counted else 'at least '}{n_atoms:,} atoms in its cell; at most {max_atoms:,} "
            "atoms are treated.",
            code="too_many_atoms",
            field="text",
            hint="Give its primitive cell (a supercell, or a centred one, has the same atoms several times), "
            "or a smaller crystal.",
        )


def check_no_crystal(molecule: Molecule) -> None:
    """Raise `UnsupportedMolecule`, code "crystal", for one with a cell, where an explanation is of molecules alone."""
    if molecule.cell is not None:
        raise UnsupportedMolecule(
            "This is a crystal: it has contributions alone. Fields, pairs, alchemy, relaxation and moved atoms are "
            "of molecules, where an atom stands once; in a crystal all its images would follow.",
            code="crystal",
            field="molecule",
            hint="Ask for predictions, or give a molecule.",
        )


def check_one_fragment(fragments: Sequence[Sequence[int]], in_bohr: bool = False) -> None:
    """Raise `UnsupportedMolecule`, code "several_fragments", for more than one list of atomic numbers; in_bohr: whether
    it were one molecule, were its lengths bohr."""
    if len(fragments) < 2:
        return
    names = [formula(part) for part in fragments]
    listed = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    raise UnsupportedMolecule(
        f"The input holds {len(fragments)} separate molecules ({listed}). The models are trained on single "
        "molecules: forces between molecules and salts are outside what they learned.",
        code="several_fragments",
        field="text",
        hint=IN_BOHR if in_bohr else "Send one molecule at a time.",
    )


def check_neutral(charge: int) -> None:
    """Raise `UnsupportedMolecule`, code "charged", for a total charge other than zero."""
    if charge:
        written = f"{charge:+d}".replace("-", "−")
        raise UnsupportedMolecule(
            f"The molecule carries a total charge of {written} e. The models are trained on neutral "
            "molecules and are not told the charge, so they would answer for another molecule.",
            code="charged",
            field="text",
            hint="Add or remove H+ to make it neutral; zwitterions with a total charge of zero are fine.",
        )


def check_closed_shell(numbers: Sequence[int] | NDArray[np.int64], charge: int = 0, unpaired: int = 0) -> None:
    """Raise `UnsupportedMolecule`, code "open_shell", where electrons are known to be unpaired.

    numbers: (n_atoms,) atomic numbers; charge: total, e; unpaired: electrons that the constitution leaves
    unpaired (RDKit's radical electrons). The number of electrons decides where it is odd; triplet ground
    states are known by name.
    """
    formula_ = formula(numbers)
    electrons = int(sum(int(z) for z in numbers)) - charge
    if electrons % 2:
        counted = "1 electron" if electrons == 1 else f"{electrons} electrons"
        reason = f"{formula_} has {counted}, an odd number: one stays unpaired (a radical)."
    elif formula_ in TRIPLETS:
        reason = f"The ground state of {TRIPLETS[formula_]} is a triplet: two electrons are unpaired."
    elif len(numbers) == 1 and int(numbers[0]) not in CLOSED_SHELL_ATOMS:
        reason = f"A free {SYMBOLS[int(numbers[0])]} atom has unpaired electrons in its ground state."
    elif unpaired:
        reason = f"The constitution leaves {unpaired} electrons without a partner (a radical, carbene or nitrene)."
    else:
        return
    raise UnsupportedMolecule(
        f"{reason} {_WHY_SPIN}: open-shell molecules lie outside.",
        code="open_shell",
        field="text",
        hint="If hydrogens are missing, add them; otherwise choose a closed-shell molecule.",
    )


def check_treatable(fragments: Sequence[Sequence[int]], charge: int, unpaired: int = 0) -> None:
    """One fragment, neutral, closed shell: raise `UnsupportedMolecule` for the first of these that fails.

    fragments: atomic numbers of each connected part.
    """
    numbers = [z for part in fragments for z in part]
    try:
        check_one_fragment(fragments)
        check_neutral(charge)
        check_closed_shell(numbers, charge, unpaired)
    except UnsupportedMolecule as error:
        error.note_elements(numbers)
        raise


def check_elements(numbers: Iterable[int], known: Sequence[int], model_name: str, field: str = "molecule") -> None:
    """Raise `UnknownElement` for atomic numbers outside `known` (those that a model was trained on).

    The message names the unknown elements and those that the model knows.
    """
    unknown = sorted({int(z) for z in numbers} - {int(z) for z in known})
    if unknown:
        theirs = _listed(sorted(int(z) for z in known))
        raise UnknownElement(
            f"The model {model_name} does not know {_listed(unknown)}; it knows {theirs}.",
            field=field,
            hint="Choose a model that was trained on these elements, or another molecule."
            if field == "molecule"
            else "Choose a model that was trained on these elements, or other elements.",
        )


def check_known_to_one(
    numbers: Iterable[int], models: Iterable[Sequence[int]], field: str = "molecule", *, crystal: bool = False
) -> None:
    """Raise `UnknownElement` for atomic numbers that no model knows all of.

    models: what each was trained on; crystal: whether they are those of crystals, which know other elements than those
    of molecules.
    """
    what = "crystals" if crystal else "molecules"
    asked, known = {int(z) for z in numbers}, [{int(z) for z in one} for one in models]
    if any(asked <= one for one in known):
        return
    everything = set().union(*known)
    unknown, theirs = sorted(asked - everything), _listed(sorted(everything))
    raise UnknownElement(
        f"No network of {what} here knows {_listed(unknown)}; they know {theirs}."
        if unknown
        else f"No network of {what} here knows {_listed(sorted(asked))} together; they know {theirs}.",
        field=field,
        hint="Choose something of these elements.",
    )


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(SYMBOLS[z] for z in numbers)
