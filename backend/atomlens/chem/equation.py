"""The equation of a reaction: what reacts to what, and in what proportions; whether its two sides hold the same atoms.

Reads ``2 H2 + O2 -> 2 H2O`` (molecules by name, sum formula that is a name, or SMILES; coefficients before them) and
reaction SMILES, ``C=C.[HH]>>CC``, whose agents (``A>[H+]>B``) are left out: they are the same on both sides. RDKit is
not needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.text import plain, quoted, short
from atomlens.errors import MalformedInput, TooLarge

MOST_CHARACTERS: Final = 2_000
#: Molecules on one side, and how often each.
MOST_SPECIES: Final = 10
MOST_COPIES: Final = 99
#: Of a coefficient, with zeros before it.
DIGITS: Final = 6

_ARROW: Final = re.compile(r"<?[-=–—]+>|→|⟶|⇌|⇄|>>|\s=\s")
# behind "H" in "H+ + OH-" stands its charge
_PLUS: Final = re.compile(r"\s+\+\s*|\+\s+(?![\s+])")
#: Reaction SMILES with agents; "a->b->c" is none, for no SMILES ends in a bond.
_AGENTS: Final = re.compile(r"([^\s>]*[^\s>=–—-])>([^\s>]*[^\s>=–—-])>([^\s>]+)")
#: "2 H2", "2H2", "2 * H2"; not "2-butanol" nor "1,3-butadiene", and "2 1,3-butadiene" is two of those.
_COEFFICIENT: Final = re.compile(r"(\d+e\d+|[-−]?\d+)(?:\s*[*·×]\s*|\s+|(?=[A-Za-z\[(]))(.+)")
#: "1/2 O2", "0.5 O2", "½ O2", "2,5 CCO"; not "2,5-dimethylfuran".
_FRACTION: Final = re.compile(
    r"(\d{1,4}/\d{1,4}|\d{1,4}[.,]\d{1,4}|\d{0,4}[¼½¾⅓⅔])(?:\s*[*·×]\s*|\s+|(?=[A-Za-z\[(]))(.+)"
)


@dataclass(frozen=True)
class Term:
    """One molecule of an equation: its coefficient, and what stands for it."""

    coefficient: int
    text: str


def parse_equation(text: str) -> tuple[list[Term], list[Term]]:
    """Reactants and products; raises `MalformedInput`, code "bad_equation", `TooLarge`, code "too_long"."""
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(
            f"The equation has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read.",
            code="too_long",
            field="equation",
        )
    text = plain(text).strip()
    with_agents = _AGENTS.fullmatch(text)
    if with_agents:
        text = f"{with_agents[1]}>>{with_agents[3]}"
    sides = _ARROW.split(text)
    if len(sides) == 1:
        raise _bad_equation(
            f"An arrow (->, → or =>) is needed between reactants and products: {quoted(text, 60)} has none"
        )
    if len(sides) > 2:
        raise _bad_equation(f"{quoted(text, 60)} has {len(sides) - 1} arrows between reactants and products")
    smiles = ">>" in text
    left, right = (_side(side, which, smiles) for side, which in zip(sides, ("left", "right"), strict=True))
    return left, right


def agents_of(text: str) -> list[str]:
    """What stands above the arrow of a reaction SMILES, and takes no part in the equation."""
    with_agents = _AGENTS.fullmatch(plain(text).strip()) if len(text) <= MOST_CHARACTERS else None
    return with_agents[2].split(".") if with_agents else []


def _side(text: str, which: str, smiles: bool) -> list[Term]:
    parts = [one for part in _PLUS.split(text.strip()) for one in _parted(part)]
    if smiles and len(parts) == 1:
        parts = text.strip().split(".")
    if not all(part.strip() for part in parts):
        raise _bad_equation(f"A molecule is missing on the {which} side of the arrow")
    return [term(part.strip()) for part in parts]


def _parted(text: str) -> list[str]:
    """What plus signs without blanks join, as in CC+[HH]: those outside of brackets, with something behind them."""
    parts, depth, begin = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "[(") - (letter in "])")
        if letter == "+" and depth == 0 and text[begin:place].strip() and text[place + 1 : place + 2].strip(" +-"):
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def term(text: str, coefficient: int | None = None) -> Term:
    """A molecule with its coefficient, that of the text where none is given; raises `MalformedInput`."""
    fraction = _FRACTION.fullmatch(text) if coefficient is None else None
    if fraction:
        raise _bad_equation(
            f"The coefficient of {short(fraction[2].strip())} is {fraction[1]}: coefficients are whole numbers",
            "Multiply the whole equation until all are whole, for example: 3 acetylene -> benzene.",
        )
    found = _COEFFICIENT.fullmatch(text) if coefficient is None else None
    given, name = (found[1], found[2].strip()) if found else (str(1 if coefficient is None else coefficient), text)
    # a number of many digits is not worth reading
    if not given.isdecimal() or len(given) > DIGITS or not 1 <= int(given) <= MOST_COPIES:
        raise _bad_equation(f"The coefficient of {short(name)} is {short(given)}: it has to be 1 to {MOST_COPIES}")
    return Term(int(given), name)


def check_sides(reactants: Sequence[Term], products: Sequence[Term]) -> None:
    """Raise `MalformedInput` ("bad_equation") for an empty side, `TooLarge` ("too_many_molecules") for a long one."""
    for side, which in ((reactants, "left"), (products, "right")):
        if not side:
            raise _bad_equation(f"A molecule is missing on the {which} side of the arrow")
        if len(side) > MOST_SPECIES:
            raise TooLarge(
                f"There are {len(side)} molecules on the {which} side; at most {MOST_SPECIES} are treated.",
                code="too_many_molecules",
                field="equation",
            )


def written(coefficients: Sequence[int], texts: Sequence[str]) -> str:
    """One side of an equation: ``2 H2 + O2``."""
    return " + ".join(f"{n} {text}" if n > 1 else text for n, text in zip(coefficients, texts, strict=True))


@dataclass(frozen=True)
class Balance:
    """differences: (symbol, atoms on the left, atoms on the right) where these differ; suggestion: coefficients of all
    reactants, then of all products, with which both sides hold the same; None where there are none.
    """

    differences: tuple[tuple[str, int, int], ...]
    suggestion: tuple[int, ...] | None

    @property
    def balanced(self) -> bool:
        """Whether both sides hold the same atoms."""
        return not self.differences

    @property
    def sentence(self) -> str:
        """What is wrong, for people; "" where nothing is."""
        if self.balanced:
            return ""
        parts = [
            f"{abs(left - right)} {symbol} more on the {'left' if left > right else 'right'} ({left} against {right})"
            for symbol, left, right in self.differences
        ]
        return f"The equation is not balanced: {', '.join(parts)}."


def balance(
    reactants: Sequence[Sequence[int]], products: Sequence[Sequence[int]], coefficients: Sequence[int]
) -> Balance:
    """Whether both sides hold the same atoms, and where not, the smallest coefficients with which they would.

    reactants, products: atomic numbers of each molecule; coefficients: of all reactants, then of all products.
    """
    counts = [Counter(numbers) for numbers in (*reactants, *products)]
    signs = np.array([1] * len(reactants) + [-1] * len(products))
    elements = sorted(set().union(*counts))
    matrix = np.array([[count[z] for count in counts] for z in elements]) * signs
    amounts = matrix * np.asarray(coefficients)
    left = np.where(signs > 0, amounts, 0).sum(1)
    right = -np.where(signs < 0, amounts, 0).sum(1)
    differences = tuple((SYMBOLS[z], int(a), int(b)) for z, a, b in zip(elements, left, right, strict=True) if a != b)
    return Balance(differences, _smallest(matrix) if differences else None)


def _smallest(matrix: np.ndarray) -> tuple[int, ...] | None:
    """Positive whole numbers x of least sum with matrix @ x = 0, or None: an integer linear program."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = matrix.shape[1]
    found = milp(
        np.ones(n),
        constraints=LinearConstraint(matrix, 0, 0),
        integrality=np.ones(n, dtype=np.int64),
        bounds=Bounds(1, MOST_COPIES),
    )
    if found.x is None:
        return None
    x = np.rint(found.x).astype(int)
    return tuple(x.tolist()) if not (matrix @ x).any() else None


def _bad_equation(reason: str, hint: str | None = None) -> MalformedInput:
    if hint is None:
        hint = "Write reactants and products by name or as SMILES, for example: 3 acetylene -> benzene."
    return MalformedInput(f"{reason}.", code="bad_equation", field="equation", hint=hint)
