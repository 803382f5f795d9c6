"""Formulas as people write them: sums of elements (C2H6O) and condensed structures (CH3CHO, (CH3)2CO, CH3(CH2)4CH3).

A condensed formula names its heavy atoms along the chain, each with the hydrogens and halogens behind it. What it
leaves out, which atoms are bonded and how often, is searched for: an atom is bonded to the one before it, or to that
one's own predecessor, and every valence must be filled. A formula that several structures fit, or none, says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

#: Bonds that an atom may have; several are tried, the fewest first.
_VALENCES: Final = {"C": (4,), "N": (3, 5), "O": (2,), "S": (2, 4, 6), "P": (3, 5)}
_LEAVES: Final = frozenset({"H", "F", "Cl", "Br"})
_ELEMENT: Final = re.compile(r"([A-Z][a-z]?)(\d{0,3})", re.ASCII)
_SUM: Final = re.compile(rf"(?:{_ELEMENT.pattern})+", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Z][a-z]?|\d+|[()=#≡]|[-–—·]", re.ASCII)
_ORDERS: Final = {"-": 1, "–": 1, "—": 1, "·": 1, "=": 2, "#": 3, "≡": 3}
#: Groups that are written as sums, or against the direction of the chain, at the beginning and behind it.
_SHORT: Final = (
    (re.compile(r"(^|\()HOOC"), r"\1C(O)(OH)"),
    (re.compile(r"(^|\()OHC"), r"\1CH(O)"),
    (re.compile(r"(^|\()O2N"), r"\1N(O)(O)"),
    (re.compile(r"(^|\()C2H5"), r"\1CH3CH2"),
    (re.compile(r"C2H5"), "CH2CH3"),
)
#: Benzene's ring, which no chain gives.
_PHENYL: Final = "C6H5"
#: Heavy atoms of the longest, and structures that are tried: what takes more is no formula that anybody writes.
_MOST_ATOMS, _MOST_TRIED = 40, 20_000


def counts(formula: str) -> Counter[str] | None:
    """How many of each element a sum formula has; None where it is none."""
    if not _SUM.fullmatch(formula):
        return None
    found: Counter[str] = Counter()
    for symbol, count in _ELEMENT.findall(formula):
        found[symbol] += int(count or 1)
    return found


def is_sum(formula: str) -> bool:
    """Whether each element is written once, as in a sum formula (C2H6O) and not in a structure (CH3OCH3)."""
    symbols = [symbol for symbol, _ in _ELEMENT.findall(formula)]
    return counts(formula) is not None and len(set(symbols)) == len(symbols)


@dataclass
class _Node:
    """A heavy atom, or Ph, benzene's ring in its place: leaves, bonded to it alone; branches, chains that begin at it;
    order of the bond before it, if that is written.
    """

    symbol: str
    leaves: list[str] = field(default_factory=list)
    branches: list[list[_Node]] = field(default_factory=list)
    order: int | None = None


class _NoFormula(Exception):
    """It is no condensed formula."""


def structures(formula: str) -> list[str]:
    """SMILES, not canonical, of the structures that a condensed formula with carbon fits; none where it is none."""
    for pattern, long in _SHORT:
        formula = pattern.sub(long, formula)
    tokens = _TOKEN.findall(formula.replace(_PHENYL, "Ph"))
    if "".join(tokens) != formula.replace(_PHENYL, "Ph") or not {"C", "Ph"} & set(tokens):
        return []
    found: list[str] = []
    for inline in (False, True):
        try:
            chain = _Reader(tokens, inline=inline).read()
        except _NoFormula:
            continue
        if chain and _size(chain) <= _MOST_ATOMS:
            found = list(dict.fromkeys(_Search(chain).smiles()))
        if found:
            break
    return found


def _size(chain: list[_Node]) -> int:
    return sum(1 + sum(map(_size, node.branches)) for node in chain)


class _Reader:
    """Nodes of a formula, token by token.

    inline: repeated groups behind an atom, as (CH2)4, are parts of the chain and not branches.
    """

    def __init__(self, tokens: list[str], *, inline: bool) -> None:
        self._tokens, self._place, self._inline = tokens, 0, inline

    def read(self) -> list[_Node]:
        """The whole formula; raises `_NoFormula`."""
        chain = self._chain()
        if self._place < len(self._tokens):
            raise _NoFormula
        return chain

    def _chain(self) -> list[_Node]:
        """To the end or a closing bracket."""
        chain: list[_Node] = []
        ahead = _Node("")
        while self._place < len(self._tokens) and self._tokens[self._place] != ")":
            token = self._tokens[self._place]
            self._place += 1
            if token in _ORDERS:
                ahead.order = _ORDERS[token]
            elif token == "(":
                self._group(chain, ahead)
            elif token in _LEAVES:
                leaves = [token] * self._number()
                if chain:
                    _hang(leaves, chain)
                else:
                    ahead.leaves += leaves
            elif token in _VALENCES or token == "Ph":
                for _ in range(self._number()):
                    chain.append(replace(ahead, symbol=token))
                    ahead = _Node("")
            else:
                raise _NoFormula
            if len(chain) > _MOST_ATOMS:
                raise _NoFormula
        if ahead.leaves or ahead.branches:
            if chain or ahead.branches or len(ahead.leaves) != 1:
                raise _NoFormula
            return [_Node(ahead.leaves[0])]
        return chain

    def _group(self, chain: list[_Node], ahead: _Node) -> None:
        """What stands in brackets, and behind an opening one."""
        group = self._chain()
        if self._place >= len(self._tokens) or not group:
            raise _NoFormula
        self._place += 1
        number = self._number()
        if not chain:
            # (CH3)2CO: bonded to what follows, by its last atom
            ahead.branches += [_reversed(group) for _ in range(number)]
        elif self._inline and number > 1:
            chain += [node for _ in range(number) for node in _copied(group)]
        else:
            chain[-1].branches += [_copied(group) for _ in range(number)]

    def _number(self) -> int:
        if self._place < len(self._tokens) and self._tokens[self._place].isdigit():
            self._place += 1
            return min(int(self._tokens[self._place - 1]), _MOST_ATOMS + 1)
        return 1


def _hang(leaves: list[str], chain: list[_Node]) -> None:
    """Hydrogens and halogens on the atom before them; in COCl2 on that before the oxygen, in PO3H2 on all oxygens."""
    last = chain[-1]
    if last.symbol == "O" and not last.leaves and len(chain) > 1:
        if leaves[:1] != ["H"]:
            chain[-2].leaves += leaves
            return
        ends = chain[-len(leaves) :]
        oxygens = [node for node in ends if node.symbol == "O" and not node.leaves and not node.branches]
        if len(oxygens) == len(leaves):
            for node, leaf in zip(oxygens, leaves, strict=True):
                node.leaves.append(leaf)
            return
    last.leaves += leaves


def _copied(chain: list[_Node]) -> list[_Node]:
    return [_Node(n.symbol, list(n.leaves), [_copied(b) for b in n.branches], n.order) for n in chain]


def _reversed(chain: list[_Node]) -> list[_Node]:
    copied = _copied(chain)
    orders = [node.order for node in copied]
    for node, order in zip(copied[::-1], [None, *orders[:0:-1]], strict=True):
        node.order = order
    return copied[::-1]


class _Search:
    """All ways to bond the atoms of a chain so that each valence is filled."""

    def __init__(self, chain: list[_Node]) -> None:
        self._nodes: list[_Node] = []
        #: of each atom the one that may precede it in its chain, and where the chain begins
        self._before: list[int | None] = []
        self._begin: list[int | None] = []
        self._lay(chain, None)
        self._tried = 0

    def _lay(self, chain: list[_Node], root: int | None) -> None:
        before = root
        for place, node in enumerate(chain):
            index = len(self._nodes)
            self._nodes.append(node)
            self._before.append(before)
            self._begin.append(root if place == 0 else None)
            for branch in node.branches:
                self._lay(branch, index)
            before = index

    def smiles(self) -> Iterator[str]:
        """The likeliest; SMILES. None where there are too many ways to have tried them all."""
        found = [(self._unlikely(bonds), bonds) for bonds in self._place(0, [], [])]
        if self._tried > _MOST_TRIED:
            return
        least = min((rank for rank, _ in found), default=None)
        for rank, bonds in found:
            if rank == least:
                yield self._written(bonds)

    def _unlikely(self, bonds: list[tuple[int, int, int]]) -> tuple[int, int]:
        """Oxygens that lead on from nitrogen, oxygen, sulfur or phosphorus, then all bonds: CH3SOCH3 is a sulfoxide."""
        around: dict[int, list[str]] = {}
        for first, second, _ in bonds:
            around.setdefault(first, []).append(self._nodes[second].symbol)
            around.setdefault(second, []).append(self._nodes[first].symbol)
        leading = [
            atom
            for atom, others in around.items()
            if self._nodes[atom].symbol == "O" and len(others) > 1 and set(others) & {"N", "O", "S", "P"}
        ]
        return len(leading), sum(order for *_, order in bonds)

    def _place(
        self, atom: int, free: list[int], bonds: list[tuple[int, int, int]]
    ) -> Iterator[list[tuple[int, int, int]]]:
        """Bonds (first, second, order) of all atoms; free: valences left of those placed."""
        self._tried += 1
        if self._tried > _MOST_TRIED:
            return
        if atom == len(self._nodes):
            if not any(free):
                yield bonds
            return
        node = self._nodes[atom]
        for valence in (1,) if node.symbol == "Ph" or node.symbol in _LEAVES else _VALENCES[node.symbol]:
            own = valence - len(node.leaves)
            # nitrogen of five bonds is a nitro group's
            if own < 0 or (node.symbol == "N" and valence == 5 and node.leaves):
                continue
            if atom == 0:
                yield from self._place(1, [own], bonds)
                continue
            for other in self._candidates(atom, bonds):
                for order in (1, 2, 3) if node.order is None else (node.order,):
                    if order > min(own, free[other]):
                        continue
                    left = [*free, own - order]
                    left[other] -= order
                    yield from self._place(atom + 1, left, [*bonds, (other, atom, order)])

    def _candidates(self, atom: int, bonds: list[tuple[int, int, int]]) -> Iterator[int]:
        """The atom before, and its predecessors in the same chain; of a branch only the atom that carries it."""
        before = self._before[atom]
        if before is None:
            return
        yield before
        if self._begin[atom] is not None:
            return
        parents = {second: first for first, second, _ in bonds}
        while self._begin[before] is None and before in parents:
            before = parents[before]
            yield before

    def _written(self, bonds: list[tuple[int, int, int]]) -> str:
        below: dict[int, list[tuple[int, int]]] = {}
        for first, second, order in bonds:
            below.setdefault(first, []).append((second, order))

        def write(atom: int) -> str:
            node = self._nodes[atom]
            halogens = [leaf for leaf in node.leaves if leaf != "H"]
            parts = [*halogens, *(("", "=", "#")[order - 1] + write(other) for other, order in below.get(atom, ()))]
            if node.symbol == "Ph":
                return "c1ccccc1" + "".join(parts)
            hydrogens = len(node.leaves) - len(halogens)
            # bare symbols would fill their own valences
            own = f"[{node.symbol}{f'H{hydrogens}' if hydrogens else ''}]"
            return own + "".join(f"({part})" for part in parts)

        return write(0)
