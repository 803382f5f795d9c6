"""The choice of one model for each property and family, where several know a molecule.

Of the models that know the molecule's elements the one is chosen whose training data are closer to the molecule (the
grade of `explain.trust`; what was not graded counts as outside), and of equally close ones the one that errs less on
its own test molecules. Only errors in one unit are compared: one in another, or none, counts as larger than any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atomlens.chem.elements import SYMBOLS
from atomlens.explain.trust import GRADES
from atomlens.networks.card import Card


def choose(
    predictions: Sequence[Mapping[str, Any]], cards: Sequence[Card], numbers: Sequence[int]
) -> list[dict[str, Any]]:
    """For each property and family, the model to show and why (docs/http.md, Predictions).

    predictions: of one molecule, in their JSON form; cards: of all models that were in question, those too that do not
    know the molecule's elements; numbers: its atomic numbers. Groups come in the order of the predictions.
    """
    by_name = {card.name: card for card in cards}
    grades = {found["model"]: _grade(found) for found in predictions}
    groups: dict[tuple[str, str], list[Card]] = {}
    for found in predictions:
        card = by_name[found["model"]]
        groups.setdefault((card.quantity, card.family), []).append(card)
    choice = []
    for (quantity, family), known in groups.items():
        unit = next((card.test["unit"] for card in known if card.test), None)
        best, *others = sorted(known, key=lambda card: (grades[card.name], _error(card, unit)))
        strange = [c for c in cards if (c.quantity, c.family) == (quantity, family) and c.name not in grades]
        missing = sorted({z for card in strange for z in set(numbers) - set(card.elements)})
        if others:
            reason = "closer" if grades[best.name] < grades[others[0].name] else "accurate"
        else:
            reason = "elements" if strange else "only"
        choice.append(
            {
                "property": quantity,
                "family": family,
                "model": best.name,
                "reason": reason,
                "others": [card.name for card in [*others, *strange]],
                "unknown": [SYMBOLS[z] for z in missing],
            }
        )
    return choice


def _grade(prediction: Mapping[str, Any]) -> int:
    trust = prediction["molecule_trust"]
    return GRADES.index("outside" if trust is None else trust["grade"])


def _error(card: Card, unit: str | None) -> float:
    return float(card.test["mae"]) if card.test and card.test["unit"] == unit else float("inf")
