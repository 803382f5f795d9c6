"""A reaction: molecules on both sides with their coefficients, whether they balance, and which atom becomes which.

Open-shell molecules, which are refused elsewhere, may take part: oxygen is what most things burn in. Models answer for
them as if they were the closed-shell singlet; each carries the reason as a warning, and whoever reads the energy has to
be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from atomlens.chem import names
from atomlens.chem.atom_map import map_atoms
from atomlens.chem.check import check_no_crystal, check_one_fragment, check_size
from atomlens.chem.constitution import check_plain_atoms, count_atoms, sanitize
from atomlens.chem.equation import Balance, Term, balance, check_sides, written
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.chem.smiles import parse, with_geometry
from atomlens.chem.text import short
from atomlens.errors import AtomlensError, UnsupportedMolecule


@dataclass(frozen=True, eq=False)
class Species:
    """A molecule of the equation; text: what stood for it; open_shell: why models cannot treat it, or ""."""

    coefficient: int
    text: str
    molecule: Molecule
    open_shell: str

    @property
    def label(self) -> str:
        """What stands for it in one line: of a file of several its name, or its formula."""
        line = self.text.strip()
        return line if "\n" not in line else self.molecule.name or self.molecule.formula

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Reactions)."""
        return {
            "coefficient": self.coefficient,
            "text": self.text,
            "open_shell": bool(self.open_shell),
            "molecule": self.molecule.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class Reaction:
    """reactants, products; balance; matches: pairs of atoms, each (species from 0 over both sides, copy, atom), that
    become one another, empty where it does not balance."""

    reactants: tuple[Species, ...]
    products: tuple[Species, ...]
    balance: Balance
    matches: tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...]

    @property
    def species(self) -> tuple[Species, ...]:
        """Of both sides, reactants first."""
        return self.reactants + self.products

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was taken for something else than was perhaps meant, or did not go smoothly, once each.

        Where a geometry comes from is no remark, and what open shells mean is told with the grades.
        """
        closed = [one.molecule for one in self.species if not one.open_shell]
        said = (text for molecule in closed for text in molecule.warnings if text != molecule.geometry.note)
        return tuple(dict.fromkeys(said))

    @property
    def equation(self) -> str:
        """As it was written, in one line."""
        return _equation(self.reactants, self.products, [one.coefficient for one in self.species])

    @property
    def balanced_equation(self) -> str | None:
        """With the coefficients that balance it; None where there are none, or it is balanced."""
        found = self.balance.suggestion
        return None if found is None else _equation(self.reactants, self.products, found)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "equation": self.equation,
            "reactants": [one.to_dict() for one in self.reactants],
            "products": [one.to_dict() for one in self.products],
            "balance": {
                "balanced": self.balance.balanced,
                "message": self.balance.sentence,
                "differences": [
                    {"element": symbol, "left": left, "right": right}
                    for symbol, left, right in self.balance.differences
                ],
                "coefficients": None if self.balance.suggestion is None else list(self.balance.suggestion),
                "equation": self.balanced_equation,
            },
            "matches": [{"reactant": list(a), "product": list(b)} for a, b in self.matches],
        }


def read_reaction(
    reactants: Sequence[Term], products: Sequence[Term], max_atoms: int, *, balanced: bool = False
) -> Reaction:
    """Read the molecules of an equation; balanced: with the coefficients that balance it, where there are any.

    Raises what `read_molecule` raises, with the molecule's text in the message, `MalformedInput` ("bad_equation") and
    `TooLarge` ("too_many_molecules", "too_many_atoms" of all together).
    """
    check_sides(reactants, products)
    sides = [tuple(_species(term, max_atoms) for term in side) for side in (reactants, products)]
    left, right = sides
    found = _balance(left, right)
    if balanced and found.suggestion is not None:
        given = iter(found.suggestion)
        left, right = (tuple(replace(one, coefficient=next(given)) for one in side) for side in (left, right))
        found = _balance(left, right)
    if not found.balanced:
        return Reaction(left, right, found, ())
    check_size(sum(one.coefficient * len(one.molecule) for one in left), max_atoms)
    return Reaction(left, right, found, tuple(_matches(left, right)))


def _balance(left: Sequence[Species], right: Sequence[Species]) -> Balance:
    first, second = ([one.molecule.numbers.tolist() for one in side] for side in (left, right))
    return balance(first, second, [one.coefficient for one in (*left, *right)])


def _matches(
    left: Sequence[Species], right: Sequence[Species]
) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    places = [list(_places(left, 0)), list(_places(right, len(left)))]
    for first, second in map_atoms(_copies(left), _copies(right)):
        yield places[0][first], places[1][second]


def _copies(side: Sequence[Species]) -> list[Molecule]:
    return [one.molecule for one in side for _ in range(one.coefficient)]


def _places(side: Sequence[Species], begin: int) -> Iterator[tuple[int, int, int]]:
    for place, one in enumerate(side, start=begin):
        for copy in range(one.coefficient):
            for atom in range(len(one.molecule)):
                yield place, copy, atom


def _species(term: Term, max_atoms: int) -> Species:
    try:
        try:
            molecule = read_molecule(term.text, max_atoms=max_atoms)
        except UnsupportedMolecule as error:
            if error.code != "open_shell":
                raise
            return Species(term.coefficient, term.text, _open_shell(term.text, max_atoms, error.message), error.message)
        check_no_crystal(molecule)
    except AtomlensError as error:
        raise type(error)(
            f"{short(term.text.strip().splitlines()[0], 60)}: {error.message}",
            code=error.code,
            field="equation",
            hint=error.hint,
        ) from error
    return Species(term.coefficient, term.text, molecule, "")


def _open_shell(text: str, max_atoms: int, reason: str) -> Molecule:
    """The molecule that `read_molecule` refuses for its spin alone."""
    smiles = names.outside(text)
    mol = parse(smiles or text)
    check_plain_atoms(mol)
    sanitize(mol)
    check_size(count_atoms(mol), max_atoms)
    molecule = with_geometry(mol, (reason,))
    check_one_fragment([molecule.numbers.tolist()])
    return replace(molecule, name=text) if smiles is not None else molecule


def _equation(reactants: Sequence[Species], products: Sequence[Species], coefficients: Sequence[int]) -> str:
    n = len(reactants)
    left = written(coefficients[:n], [one.label for one in reactants])
    right = written(coefficients[n:], [one.label for one in products])
    return f"{left} -> {right}"
