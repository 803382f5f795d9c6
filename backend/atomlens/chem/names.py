"""Common names of molecules, from the tables `names.tsv` and `names_de.tsv` that were written for this project.

A German name is a synonym. Names are found whatever their case, with spaces, hyphens and underscores or without, and
with Greek letters written out or not. No name is at the same time a SMILES, so that neither hides the other (the tests
see to it).
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from atomlens.chem.formulas import counts
from atomlens.chem.german import german, parts, rows
from atomlens.chem.smiles import canonical, without_stereochemistry

_GREEK: Final = MappingProxyType(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "’": "'", "′": "'"}
)
_IGNORED: Final = str.maketrans(dict.fromkeys(" \t\n-_‐‑–−"))

#: Species that people ask for and the models cannot treat: read, so that the reason can be given.
OUTSIDE_NAMES: Final = MappingProxyType(
    {
        "oxygen": "O=O",
        "dioxygen": "O=O",
        "O2": "O=O",
        "singlet oxygen": "O=O",
        "nitric oxide": "[N]=O",
        "nitrogen monoxide": "[N]=O",
        "nitrogen dioxide": "[O-][N+]=O",
        "NO2": "[O-][N+]=O",
        "hydroxyl radical": "[OH]",
        "methyl radical": "[CH3]",
        "methylene": "[CH2]",
        "carbene": "[CH2]",
        "hydrogen atom": "[H]",
        "superoxide": "[O-][O]",
        "disulfur": "S=S",
        "sulfur monoxide": "S=O",
        "chlorine dioxide": "O=[Cl+][O-]",
        "TEMPO": "CC1(C)CCCC(C)(C)N1[O]",
        # salts, and elements that no network of molecules knows
        "sodium chloride": "[Na+].[Cl-]",
        "table salt": "[Na+].[Cl-]",
        "Natriumchlorid": "[Na+].[Cl-]",
        "Kochsalz": "[Na+].[Cl-]",
        "NaCl": "[Na+].[Cl-]",
        "sodium hydroxide": "[Na+].[OH-]",
        "Natriumhydroxid": "[Na+].[OH-]",
        "NaOH": "[Na+].[OH-]",
        "baking soda": "[Na+].OC(=O)[O-]",
        "sodium bicarbonate": "[Na+].OC(=O)[O-]",
        "Natron": "[Na+].OC(=O)[O-]",
        "calcium carbonate": "[Ca+2].[O-]C(=O)[O-]",
        "Calciumcarbonat": "[Ca+2].[O-]C(=O)[O-]",
        "potassium permanganate": "[K+].[O-][Mn](=O)(=O)=O",
        "Kaliumpermanganat": "[K+].[O-][Mn](=O)(=O)=O",
        "ammonium chloride": "[NH4+].[Cl-]",
        "Ammoniumchlorid": "[NH4+].[Cl-]",
        "NaHCO3": "[Na+].OC(=O)[O-]",
        "CaCO3": "[Ca+2].[O-]C(=O)[O-]",
        "KMnO4": "[K+].[O-][Mn](=O)(=O)=O",
        "NH4Cl": "[NH4+].[Cl-]",
        "CuSO4": "[Cu+2].[O-]S(=O)(=O)[O-]",
        "boron trifluoride": "FB(F)F",
        "Bortrifluorid": "FB(F)F",
        "BF3": "FB(F)F",
        "SiH4": "[SiH4]",
        "xenon tetrafluoride": "F[Xe](F)(F)F",
        "XeF4": "F[Xe](F)(F)F",
        "ferrocene": "[Fe+2].c1cc[cH-]c1.c1cc[cH-]c1",
        "Ferrocen": "[Fe+2].c1cc[cH-]c1.c1cc[cH-]c1",
        "cisplatin": "[NH3][Pt]([NH3])(Cl)Cl",
        "tetramethylsilane": "C[Si](C)(C)C",
        "Tetramethylsilan": "C[Si](C)(C)C",
        "silane": "[SiH4]",
        "iron": "[Fe]",
        "Eisen": "[Fe]",
        "copper": "[Cu]",
        "Kupfer": "[Cu]",
        "silver": "[Ag]",
        "Silber": "[Ag]",
        "gold": "[Au]",
        "sodium": "[Na]",
        "Natrium": "[Na]",
        "mercury": "[Hg]",
        "Quecksilber": "[Hg]",
        "uranium": "[U]",
        "Uran": "[U]",
    }
)


@dataclass(frozen=True)
class Entry:
    """One molecule of the table; formula in Hill order."""

    name: str
    formula: str
    smiles: str
    synonyms: tuple[str, ...]


def lookup(name: str) -> str | None:
    """The SMILES of a name or synonym, or None."""
    entry = find(name)
    return entry.smiles if entry else None


def find(name: str) -> Entry | None:
    """The entry of a name or synonym, or None."""
    return _index().get(key(name))


def outside(name: str) -> str | None:
    """The SMILES of a well-known species that the models cannot treat, or None."""
    return _outside_index().get(key(name))


def complete(prefix: str, limit: int) -> list[tuple[str, str, str]]:
    """Up to `limit` (name, SMILES, formula) whose name or synonym begins with the prefix; then those that contain it.

    Each molecule is listed once, under the name that matched (its main one where that matches); the shortest
    names are first. An empty prefix gives the beginning of the table.
    """
    wanted = key(prefix)
    ranked: list[tuple[int, int, str, Entry]] = []
    for place, entry in enumerate(entries()):
        best: tuple[int, int, str, Entry] | None = None
        for rank, name in enumerate((entry.name, *entry.synonyms)):
            found = key(name).find(wanted)
            if found < 0 or (found > 0 and len(wanted) < 3):
                continue
            this = (2 * (found > 0) + (rank > 0), len(name) if wanted else place, name, entry)
            best = this if best is None else min(best, this, key=lambda item: item[:3])
        if best is not None:
            ranked.append(best)
    ranked.sort(key=lambda item: item[:3])
    return [(name, entry.smiles, entry.formula) for _, _, name, entry in ranked[: max(limit, 0)]]


def near(name: str, limit: int = 3) -> list[str]:
    """Names that look like `name`, the likeliest first; none for one or two letters, which look like anything."""
    if len(key(name)) < 3:
        return []
    index = _index()
    matches = difflib.get_close_matches(key(name)[:60], list(index), n=2 * limit, cutoff=0.7)
    # two spellings of one molecule are one suggestion
    return list(dict.fromkeys(index[match].name for match in matches))[:limit]


def of_formula(text: str, limit: int = 3) -> list[str]:
    """Names of the molecules that a sum formula such as CHCl3 can mean, in the table's order."""
    wanted = counts(text)
    if wanted is None:
        return []
    return [entry.name for entry in entries() if counts(entry.formula) == wanted][:limit]


def name_of(smiles: str) -> str:
    """The common name of a canonical SMILES, or ""; one stereoisomer of several has the name of them all."""
    table = _by_canonical()
    return table.get(smiles) or table.get(without_stereochemistry(smiles), "")


def key(name: str) -> str:
    """What is compared: the name without case, spaces and hyphens, its Greek letters written out."""
    # names of files have their umlauts in two characters
    folded = unicodedata.normalize("NFC", name).casefold().translate(_IGNORED)
    return "".join(_GREEK.get(character, character) for character in folded)


@cache
def entries() -> tuple[Entry, ...]:
    """The table, in its own order."""
    names_in_german = german()
    found = []
    for name, formula, smiles, *rest in rows("names.tsv"):
        synonyms = {key(each): each for each in (*names_in_german.get(name, ()), *parts("".join(rest)))}
        synonyms.pop(key(name), None)  # many a German name differs in its capital letter alone
        found.append(Entry(name, formula, smiles, tuple(synonyms.values())))
    return tuple(found)


@cache
def _index() -> MappingProxyType[str, Entry]:
    return MappingProxyType({key(name): entry for entry in entries() for name in (entry.name, *entry.synonyms)})


@cache
def _outside_index() -> MappingProxyType[str, str]:
    return MappingProxyType({key(name): smiles for name, smiles in OUTSIDE_NAMES.items()})


@cache
def _by_canonical() -> MappingProxyType[str, str]:
    return MappingProxyType({canonical(entry.smiles): entry.name for entry in entries()})
