"""A flat drawing of a molecule whose atoms carry what networks give them, as SVG: a panel for each network, one scale.

Every atom is a disc in the colour of its value, with its symbol and the value in it; colours are those of the page
(`explain.colors`), and the legend says quantity, unit and limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.german import in_german
from atomlens.chem.molecule import Molecule
from atomlens.errors import InputError
from atomlens.explain.colors import hex_colors
from atomlens.units import ENERGY_UNITS_PER_EV, EV_KCAL_PER_MOL

DrawnQuantity = Literal["contributions", "atomization", "charges"]
Language = Literal["en", "de"]

#: Where colours end unless somebody says otherwise, eV and e: the page's own limits (frontend/js/lib/scale.js).
LIMITS: Final[Mapping[DrawnQuantity, float]] = MappingProxyType(
    {"contributions": 10.0 / EV_KCAL_PER_MOL, "atomization": 200.0 / EV_KCAL_PER_MOL, "charges": 0.6}
)
#: Decimals of an atom's value, and one more of a total, by unit.
DECIMALS: Final = MappingProxyType({"kcal/mol": 1, "kJ/mol": 0, "eV": 2, "Ha": 4, "e": 2, "debye": 2})

#: Pixels: of a bond, of the discs of heavy atoms and of hydrogens, around and between panels, of their heads.
BOND, HEAVY, HYDROGEN, MARGIN, HEAD, LEGEND = 84.0, 29.0, 22.5, 26.0, 58.0, 112.0
LEAST_WIDTH, BAR = 440.0, 300.0
INK, MUTED, LINE, PAPER = "#1b2229", "#5a646e", "#8b9299", "#ffffff"
FONT = "ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Words:
    """What a drawing says in one language. names: of quantities; spoken: values for who cannot see them."""

    names: Mapping[DrawnQuantity, str]
    energy: str
    dipole: str
    split: str
    latent: str
    spoken: str
    decimal: str

    def said_of(self, quantity: DrawnQuantity) -> str:
        """What of it was trained."""
        return self.latent if quantity == "charges" else self.split


WORDS: Final[Mapping[Language, Words]] = MappingProxyType(
    {
        "en": Words(
            names={
                "contributions": "Contributions to the energy",
                "atomization": "Contributions relative to free atoms",
                "charges": "Latent charges",
            },
            energy="Total energy",
            dipole="Dipole moment",
            split="Only the sum over atoms is trained: the split is each network's own.",
            latent="Only the dipole moment that the charges make is trained: the charges are each network's own.",
            spoken="Values in {unit}, colours from {low} to {high} {unit}.",
            decimal=".",
        ),
        "de": Words(
            names={
                "contributions": "Beiträge zur Energie",
                "atomization": "Beiträge, bezogen auf freie Atome",
                "charges": "Latente Ladungen",
            },
            energy="Gesamtenergie",
            dipole="Dipolmoment",
            split="Nur die Summe über die Atome wird trainiert: Die Aufteilung ist Sache jedes Netzes.",
            latent="Nur das Dipolmoment aus den Ladungen wird trainiert: Die Ladungen sind Sache jedes Netzes.",
            spoken="Werte in {unit}, Farben von {low} bis {high} {unit}.",
            decimal=",",
        ),
    }
)


@dataclass(frozen=True, eq=False)
class Panel:
    """One network's drawing. values: (n_atoms,) eV or e; total: eV or debye; spread: of the total, or None."""

    model: str
    values: NDArray[np.float64]
    total: float
    spread: float | None


def panels(
    predictions: Sequence[Mapping[str, Any]],
    quantity: DrawnQuantity,
    free: Mapping[str, NDArray[np.float64]],
) -> list[Panel]:
    """Of predictions in JSON form those that have the quantity.

    free: energies of free atoms (`free_atoms`), which "atomization" needs. Raises `InputError`, code "no_values",
    where none has it.
    """
    wanted = "dipole" if quantity == "charges" else "energy"
    made = []
    for p in predictions:
        if p["property"] != wanted or (quantity == "atomization" and p["model"] not in free):
            continue
        values = np.array(p["contributions"], dtype=np.float64)
        if quantity == "atomization":
            values = values + np.array(p["references"], dtype=np.float64) - free[p["model"]]
        made.append(Panel(p["model"], values, p["total"], p["uncertainty"]))
    if not made:
        raise InputError(
            f"None of these models gives {WORDS['en'].names[quantity].lower()}.",
            code="no_values",
            field="quantity",
            hint="Name a model that does, or none for all of them.",
        )
    return made


def free_atoms(
    molecule: Molecule, energies: Mapping[str, Mapping[str, float] | None]
) -> dict[str, NDArray[np.float64]]:
    """(n_atoms,) eV by model, of those that know the free atoms of all elements. energies: by model and symbol, eV."""
    return {
        model: np.array([known[symbol] for symbol in molecule.symbols])
        for model, known in energies.items()
        if known and set(molecule.symbols) <= set(known)
    }


def drawing(
    molecule: Molecule,
    places: NDArray[np.float64],
    drawn: Sequence[Panel],
    quantity: DrawnQuantity,
    *,
    unit: str,
    limit: float | None = None,
    language: Language = "en",
) -> str:
    """SVG 1.1. places: (n_atoms, 2), a bond about 1 long (`chem.depiction`); unit: of energies; limit: eV or e."""
    words = WORDS[language]
    shown = "e" if quantity == "charges" else unit
    factor = 1.0 if quantity == "charges" else ENERGY_UNITS_PER_EV[unit]
    end = LIMITS[quantity] if limit is None else limit
    radii = np.where(molecule.numbers == 1, HYDROGEN, HEAVY)
    pixels = places * [1.0, -1.0] * _scale(places, radii)
    low, high = (pixels - radii[:, None]).min(axis=0), (pixels + radii[:, None]).max(axis=0)
    width = max(LEAST_WIDTH, float(high[0] - low[0])) + 2 * MARGIN
    height = HEAD + float(high[1] - low[1]) + 2 * MARGIN
    middle = (low + high) / 2
    pixels = pixels - middle + [width / 2, HEAD + MARGIN + (high[1] - low[1]) / 2]
    whole, tall = width * len(drawn), height + LEGEND
    # in German nouns keep their capitals
    name = words.names[quantity] if language == "de" else words.names[quantity].lower()
    called = in_german(molecule.name) if language == "de" else molecule.name
    title = f"{called or molecule.formula}: {name}, {shown}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:.0f} {tall:.0f}" width="{whole:.0f}" '
        f'height="{tall:.0f}" role="img" xml:lang="{language}" font-family={quoteattr(FONT)} fill="{INK}" '
        'text-anchor="middle">',
        f"<title>{_text(title)}</title>",
        f"<desc>{_text(_spoken(molecule, drawn, shown, factor, end * factor, words, quantity))}</desc>",
        _gradient(),
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
    ]
    for index, panel in enumerate(drawn):
        parts.append(f'<g transform="translate({index * width:.0f} 0)" class="panel" id={quoteattr(panel.model)}>')
        parts += [_head(panel, quantity, unit, width, words), *_bonds(molecule, pixels)]
        parts += _discs(molecule, pixels, radii, panel.values, end, shown, factor, words.decimal)
        parts.append("</g>")
    parts += [_legend(words, quantity, shown, end * factor, whole, height), "</svg>"]
    return "\n".join(parts) + "\n"


def _scale(places: NDArray[np.float64], radii: NDArray[np.float64]) -> float:
    """Pixels of one unit of length: of a bond, or more where discs would lie on one another."""
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    touching = (radii[:, None] + radii[None]) / np.maximum(distances, 1e-3)
    # two atoms that RDKit puts on the same place shall not blow up the whole drawing
    return float(np.clip(1.04 * touching.max(initial=0.0), BOND, 3 * BOND))


def _number(value: float, digits: int, decimal: str, *, sign: bool = False) -> str:
    plain = f"{abs(value):,.{digits}f}".translate(str.maketrans(",.", ".," if decimal == "," else ",."))
    if float(f"{value:.{digits}f}") == 0.0:
        return plain
    return f"\u2212{plain}" if value < 0 else f"+{plain}" if sign else plain


def _text(text: str) -> str:
    """Escaped, without the characters that XML has no way to hold."""
    return escape("".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))


def _spoken(
    molecule: Molecule,
    drawn: Sequence[Panel],
    unit: str,
    factor: float,
    end: float,
    words: Words,
    quantity: DrawnQuantity,
) -> str:
    digits = DECIMALS[unit] + 1
    lists = []
    for panel in drawn:
        atoms = zip(molecule.symbols, panel.values * factor, strict=True)
        separator = ", " if words.decimal == "." else "; "
        values = separator.join(
            f"{s}{i + 1} {_number(float(v), digits, words.decimal, sign=True)}" for i, (s, v) in enumerate(atoms)
        )
        lists.append(f"{panel.model}: {values}.")
    limit = f"{end:.6g}".replace(".", words.decimal)
    return " ".join(
        [words.spoken.format(unit=unit, low=f"−{limit}", high=f"+{limit}"), *lists, words.said_of(quantity)]
    )


def _gradient() -> str:
    stops = hex_colors(np.linspace(-1.0, 1.0, 17))
    marks = "".join(f'<stop offset="{i / 16:.4f}" stop-color="{color}"/>' for i, color in enumerate(stops))
    return f'<defs><linearGradient id="scale">{marks}</linearGradient></defs>'


def _head(panel: Panel, quantity: DrawnQuantity, unit: str, width: float, words: Words) -> str:
    if quantity == "charges":
        name, shown, factor = words.dipole, "debye", 1.0
    else:
        name, shown, factor = words.energy, unit, ENERGY_UNITS_PER_EV[unit]
    digits = DECIMALS[shown] + 1
    spread = "" if panel.spread is None else f" ± {_number(panel.spread * factor, digits, words.decimal)}"
    total = f"{name} {_number(panel.total * factor, digits, words.decimal)}{spread} {shown}"
    return (
        f'<text x="{width / 2:.1f}" y="28" font-size="17" font-weight="600">{_text(panel.model)}</text>'
        f'<text x="{width / 2:.1f}" y="50" font-size="14" fill="{MUTED}">{_text(total)}</text>'
    )


def _bonds(molecule: Molecule, pixels: NDArray[np.float64]) -> list[str]:
    lines = []
    for first, second, order in molecule.bonds:
        a, b = pixels[first], pixels[second]
        along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
        aside = np.array([-along[1], along[0]])
        shifts = {1.0: [0.0], 2.0: [-3.5, 3.5], 3.0: [-6.0, 0.0, 6.0], 1.5: [-3.5, 3.5]}.get(order, [0.0])
        for k, shift in enumerate(shifts):
            (x1, y1), (x2, y2) = a + shift * aside, b + shift * aside
            dashes = ' stroke-dasharray="5 4"' if order == 1.5 and k else ""
            lines.append(
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}" '
                f'stroke-width="2.6"{dashes}/>'
            )
    return lines


def _discs(
    molecule: Molecule,
    pixels: NDArray[np.float64],
    radii: NDArray[np.float64],
    values: NDArray[np.float64],
    limit: float,
    unit: str,
    factor: float,
    decimal: str,
) -> list[str]:
    groups = []
    for atom, (symbol, color) in enumerate(zip(molecule.symbols, hex_colors(values / limit), strict=True)):
        value = float(values[atom]) * factor
        (x, y), radius = pixels[atom], float(radii[atom])
        number = _number(value, DECIMALS[unit], decimal, sign=True)
        size = min(12.5, 1.72 * radius / (0.6 * len(number)))
        precise = f"{symbol}{atom + 1}: {_number(value, DECIMALS[unit] + 1, decimal, sign=True)} {unit}"
        groups.append(
            f'<g class="atom" data-atom="{atom}" data-value="{float(values[atom])!r}"><title>{precise}</title>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{color}" stroke="{LINE}"/>'
            f'<g fill="{_ink(color)}"><text x="{x:.1f}" y="{y - 0.12 * radius:.1f}" font-size="{0.54 * radius:.1f}" '
            f'font-weight="650">{symbol}</text>'
            f'<text x="{x:.1f}" y="{y + 0.46 * radius:.1f}" font-size="{size:.1f}">{number}</text></g></g>'
        )
    return groups


def _ink(color: str) -> str:
    """Dark or white, whichever stands out more (WCAG 2.2, relative luminance)."""
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    dark = 0.0161  # of INK
    return INK if (luminance + 0.05) / (dark + 0.05) >= 1.05 / (luminance + 0.05) else PAPER


def _legend(words: Words, quantity: DrawnQuantity, unit: str, end: float, width: float, top: float) -> str:
    left, bar = width / 2 - BAR / 2, top + 34
    ticks = []
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        value = share * end
        label = f"{'−' if value < 0 else '+' if value > 0 else ''}{abs(value):.4g}".replace(".", words.decimal)
        ticks.append(f'<text x="{width / 2 + share * BAR / 2:.1f}" y="{bar + 32:.1f}" font-size="13">{label}</text>')
    return (
        f'<g class="legend"><text x="{width / 2:.1f}" y="{top + 22:.1f}" font-size="15" font-weight="600">'
        f"{_text(words.names[quantity])}, {unit}</text>"
        f'<rect x="{left:.1f}" y="{bar:.1f}" width="{BAR:.0f}" height="14" rx="3" '
        f'fill="url(#scale)" stroke="{LINE}"/>{"".join(ticks)}'
        f'<text x="{width / 2:.1f}" y="{bar + 58:.1f}" font-size="12.5" fill="{MUTED}">'
        f"{_text(words.said_of(quantity))}</text></g>"
    )
