"""The gallery's envelopes (frontend/examples/gallery.json): five molecules, probes of all elements, every energy model.

    python frontend/gallery.py

Σ|r − r_i|⁻² = 3.8 Å⁻² with Ω(r) − Ω(∞) of a probe that the molecule does not feel (`explain.envelope`,
`explain.field`), for the molecules of the literature's figure (Schütt, Arbabzadah, Chmiela, Müller, Tkatchenko,
Nat. Commun. 8, 13890 (2017)). To be run again when an energy model has changed: a test compares the hashes of the
checkpoints.

Numbers in base64 are little-endian uint16: positions and values are fractions of 65,535 between their limits.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.chem.read import read_molecule
from atomlens.explain.envelope import ENVELOPE_LEVEL, envelope
from atomlens.explain.field import at_points
from atomlens.networks.card import Card
from atomlens.networks.protocol import AtomicModel
from atomlens.networks.registry import ModelRegistry

FRONTEND = Path(__file__).resolve().parent
TARGET = FRONTEND / "examples" / "gallery.json"
#: In the order of the figure.
MOLECULES = ("benzene", "toluene", "methane", "pyrazine", "propane")
#: Å, of the grid on which an envelope is found; its vertices are exact.
SPACING = 0.2
#: Steps between the limits of what is stored.
STEPS = 65_535


def main() -> None:
    """Write the file."""
    registry = ModelRegistry(FRONTEND.parent / "models")
    models = [registry.load(card.name) for card in pictured(registry.cards.values())]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(gallery(models), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(FRONTEND.parent)}: {TARGET.stat().st_size:,} bytes")


def pictured(cards: Iterable[Card]) -> list[Card]:
    """Of each family the energy model of molecules that errs least on its own test molecules, which are like these."""
    energies = [card for card in cards if card.quantity == "energy" and not card.periodic]
    families = dict.fromkeys(card.family for card in energies)
    return [
        min((c for c in energies if c.family == family), key=lambda c: (c.test or {})["mae"]) for family in families
    ]


def gallery(models: list[AtomicModel]) -> dict[str, Any]:
    """What the file holds; energies in eV, lengths in Å."""
    elements = sorted(set.intersection(*(set(model.elements) for model in models)))
    return {
        "level": ENVELOPE_LEVEL,
        "unit": "eV",
        "elements": [SYMBOLS[z] for z in elements],
        "models": [{"name": m.name, "family": m.family, "checkpoint": m.checkpoint_hash} for m in models],
        "molecules": [picture(read_molecule(name, "example"), models, elements) for name in MOLECULES],
    }


def picture(molecule: Molecule, models: list[AtomicModel], elements: list[int]) -> dict[str, Any]:
    """One molecule's envelope with the values of every model and probe on it."""
    mesh = envelope(molecule, ENVELOPE_LEVEL, SPACING)
    # the values belong to the places that are stored, which rounding has moved
    stored, places = packed(mesh.positions, 0)
    return {
        "name": molecule.name,
        "formula": molecule.formula,
        "symbols": list(molecule.symbols),
        "positions": molecule.positions.round(5).tolist(),
        "bonds": [list(bond) for bond in molecule.bonds],
        "vertices": stored,
        "triangles": encoded(mesh.triangles),
        "values": {model.name: values(model, molecule, places, elements) for model in models},
    }


def values(
    model: AtomicModel, molecule: Molecule, places: NDArray[np.float64], elements: list[int]
) -> dict[str, dict[str, Any]]:
    """By the probe's symbol: limits, median and values at these places."""
    found = at_points(model, molecule, places, elements, "float64")
    return {
        SYMBOLS[z]: {**packed(one, None)[0], "median": float(np.median(one))}
        for z, one in zip(elements, found, strict=True)
    }


def packed(numbers: NDArray[np.floating], axis: int | None) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """`numbers` as steps between their limits (along `axis`), and the numbers that these steps stand for."""
    low, high = numbers.min(axis), numbers.max(axis)
    steps = np.round((numbers - low) / (high - low) * STEPS)
    limits = {"minimum": np.asarray(low).tolist(), "maximum": np.asarray(high).tolist()}
    return {**limits, "steps": encoded(steps)}, low + steps * (high - low) / STEPS


def encoded(whole: NDArray[Any]) -> str:
    """Little-endian uint16 in base64."""
    return base64.b64encode(whole.astype("<u2").tobytes()).decode("ascii")


if __name__ == "__main__":
    main()
