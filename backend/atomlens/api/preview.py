"""What a link says of itself to the programs that announce it elsewhere: Open Graph and Twitter tags in its page.

Open Graph: https://ogp.me. Everything in the tags is somebody's text, and is escaped.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

from atomlens.chem.elements import NUMBERS, formula
from atomlens.units import ENERGY_UNITS_PER_EV

#: Decimals of totals by unit: about a hundredth of a kcal/mol.
DECIMALS = {"kcal/mol": 2, "kJ/mol": 1, "eV": 3, "Ha": 5, "debye": 3}
#: Size of the picture that the page sends, pixels.
PICTURE_SIZE = (1200, 630)
_NAMES = {
    "contributions": "Contributions of the atoms",
    "pairs": "Pairs of atoms",
    "charges": "Latent charges",
    "potential": "Potential of a probe atom",
    "probe_charge": "Charge of a probe atom",
    "elements": "Structure",
}
_MODES = {"isosurface": "isosurface", "envelope": "on the envelope of the molecule", "slice": "in a slice"}


def preview_tags(
    view: dict[str, Any],
    address: str,
    picture: str | None,
    size: tuple[int, int] = PICTURE_SIZE,
    beside: dict[str, Any] | None = None,
) -> str:
    """Tags for the head of a page, one a line. view: of `Views.get`; address, picture: absolute; size: in pixels;
    beside: the molecule that the link shows beside its own, None for none.
    """
    title, description = describe(view, beside)
    tags = [
        ("name", "description", description),
        ("property", "og:site_name", "atomlens"),
        ("property", "og:type", "website"),
        ("property", "og:title", title),
        ("property", "og:description", description),
        ("property", "og:url", address),
        ("name", "twitter:card", "summary" if picture is None else "summary_large_image"),
        ("name", "twitter:title", title),
        ("name", "twitter:description", description),
    ]
    if picture is not None:
        width, height = size
        tags += [
            ("property", "og:image", picture),
            ("property", "og:image:type", "image/png"),
            ("property", "og:image:width", str(width)),
            ("property", "og:image:height", str(height)),
            ("property", "og:image:alt", description),
            ("name", "twitter:image", picture),
            ("name", "twitter:image:alt", description),
        ]
    return "\n".join(f'  <meta {kind}="{name}" content="{escape(content)}">' for kind, name, content in tags)


def compared(view: dict[str, Any]) -> str | None:
    """The identifier of the molecule that a link shows beside its own, or None."""
    compare = view["state"].get("compare")
    identifier = compare.get("molecule") if isinstance(compare, dict) else None
    return identifier if isinstance(identifier, str) else None


def describe(view: dict[str, Any], beside: dict[str, Any] | None = None) -> tuple[str, str]:
    """Title, and sentences: what is shown of what, and the totals in the unit of the link; beside: as above."""
    molecule, state = view["molecule"], view["state"]
    name = molecule["name"] or molecule["formula"]
    quantity = state.get("quantity")
    shown = _NAMES.get(quantity, _NAMES["contributions"]) if isinstance(quantity, str) else _NAMES["contributions"]
    dipole = quantity in ("charges", "probe_charge")
    way = _way(view)
    # totals are stored of the molecule itself, not of what is between two
    totals = [] if way else [p for p in _seen(view) if (p["property"] == "dipole") == dipole]
    energy = "total energy" if molecule.get("cell") is None else "formation energy of the cell"
    what = "dipole moment" if dipole else energy
    parts = "; ".join(f"{p['model']} {_total(p, state.get('unit'))}" for p in totals)
    numbers = f" {what.capitalize()}: {parts}." if parts else ""
    composition = "" if name == molecule["formula"] else f" ({molecule['formula']})"
    if beside is not None:
        # totals are stored of the first molecule alone, which is half of what is shown
        name, numbers, composition = f"{name} and {beside['name'] or beside['formula']}", "", ", side by side"
    return f"{name}{way}: {shown.lower()} · atomlens", f"{shown} of {name}{composition}{way}{_probe(state)}.{numbers}"


def _way(view: dict[str, Any]) -> str:
    """How far on an alchemical path to which formula; "" of the molecule itself, and of what is no path."""
    path = view["state"].get("alchemy")
    changes = path.get("changes") if isinstance(path, dict) else None
    passed = path.get("lambda") if isinstance(path, dict) else None
    if not isinstance(changes, list) or not isinstance(passed, float | int) or not 0 < passed <= 1:
        return ""
    end: dict[int, object] = dict(enumerate(view["molecule"]["symbols"]))
    for change in sorted((one for one in changes if isinstance(one, dict)), key=_stage):
        atom = change.get("atom")
        if isinstance(atom, int) and atom in end:
            end[atom] = None if change.get("fade") == "out" else change.get("to", end[atom])
    numbers = [NUMBERS[symbol] for symbol in end.values() if isinstance(symbol, str) and symbol in NUMBERS]
    return f", {100 * passed:.0f} % of the way to {formula(numbers)}"


def _stage(change: dict[str, Any]) -> int:
    stage = change.get("stage", 0)
    return stage if isinstance(stage, int) else 0


def _seen(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Predictions that the page shows: beside a second molecule those of the networks that know both."""
    compare = view["state"].get("compare")
    models = compare.get("models") if isinstance(compare, dict) else None
    seen = [p for p in view["predictions"] if p["model"] in models] if isinstance(models, list) else []
    return seen or view["predictions"]


def _probe(state: dict[str, Any]) -> str:
    """Of a field: the element of the probe and what of the field is drawn; "" of anything else."""
    probe, quantity = state.get("probe"), state.get("quantity")
    if quantity not in ("potential", "probe_charge") or not isinstance(probe, dict):
        return ""
    element, mode, levels = probe.get("element"), probe.get("mode"), probe.get("levels")
    if not isinstance(element, str) or element not in NUMBERS or not isinstance(mode, str) or mode not in _MODES:
        return ""
    level = levels.get(f"{quantity}:{element}") if isinstance(levels, dict) else None
    at = ""
    if mode == "isosurface" and isinstance(level, float | int) and math.isfinite(level):
        unit = _energy_unit(state.get("unit"))
        shown = (
            f"{level:.3f} e"
            if quantity == "probe_charge"
            else f"{level * ENERGY_UNITS_PER_EV[unit]:,.{DECIMALS[unit]}f} {unit}"
        )
        at = f" at {shown}".replace("-", "−")
    return f", probe {element}, {_MODES[mode]}{at}"


def _energy_unit(wanted: object) -> str:
    """The unit that is wanted, where it is one of energies."""
    return wanted if isinstance(wanted, str) and wanted in ENERGY_UNITS_PER_EV else "kcal/mol"


def _total(prediction: dict[str, Any], wanted: object) -> str:
    unit, factor = prediction["unit"], 1.0
    if prediction["property"] == "energy":
        unit = _energy_unit(wanted)
        factor = ENERGY_UNITS_PER_EV[unit]
    digits = DECIMALS[unit]
    number = f"{abs(prediction['total']) * factor:,.{digits}f}"
    spread = prediction["uncertainty"]
    return (
        f"{'−' if prediction['total'] < 0 else ''}{number}"
        f"{'' if spread is None else f' ± {spread * factor:.{digits}f}'} {unit}"
    )
