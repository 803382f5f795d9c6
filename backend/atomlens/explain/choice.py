"""The choice of one model for each property and family, where several know a molecule.

Networks of one property are shown side by side, so they are chosen together: where training sets have a network of
every family that could answer, all are of one such set, and so of one level of theory. It is the set whose training
data are closest to the molecule (the grades of `networks.grades`, added up over the families; what was not graded
counts as outside; what is unusual by its distance alone, without an expected error, as inside), and of equally
close ones that whose networks err least on their own test molecules, or, of what is unusual, by as much as their
ensembles spread where that is more; the errors of a set's families add up to what lies between their answers at
least. Where no set has all families each chooses for itself by the same rules. Only errors in one unit are compared:
one in another, or none, counts as larger than any.

A test error says nothing of what lies outside all training data. Who knows an error that is to be expected there
(`expected`) has it decide between the two; else those networks do that have learned more than geometries at rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from atomlens.chem.elements import SYMBOLS
from atomlens.networks.card import Card
from atomlens.networks.grades import GRADES
from atomlens.units import EV_KCAL_PER_MOL


@dataclass(frozen=True, order=True)
class Rank:
    """What candidates are ordered by, each added up: grades, errors expected outside, how many are outside and know
    geometries at rest alone, errors. Those on test molecules alone, `tested`, order nothing: they tell a reason.
    """

    grade: int
    expected: float
    lost: int
    error: float
    tested: float = field(compare=False)

    def __add__(self, other: Rank) -> Rank:
        return Rank(
            self.grade + other.grade,
            self.expected + other.expected,
            self.lost + other.lost,
            self.error + other.error,
            self.tested + other.tested,
        )

    @property
    def closeness(self) -> tuple[int, float, int]:
        """What decides before errors on test molecules do."""
        return self.grade, self.expected, self.lost


def choose(
    predictions: Sequence[Mapping[str, Any]],
    cards: Sequence[Card],
    numbers: Sequence[int],
    expected: Mapping[str, float] | None = None,
) -> list[dict[str, Any]]:
    """For each property and family, the model to show and why (docs/http.md, Predictions).

    predictions: of one molecule, in their JSON form; cards: of all models that were in question, those too that do not
    know the molecule's elements; numbers: its atomic numbers; expected: errors that decide among equal grades, by
    model, zero where none is given. Groups come in the order of the predictions.
    """
    expected = expected or {}
    by_name = {card.name: card for card in cards}
    by_model = {found["model"]: found for found in predictions}
    grades = {name: _grade(found) for name, found in by_model.items()}
    # where nothing was graded, that nothing is close says nothing
    graded = any(found["molecule_trust"] for found in predictions)
    groups: dict[tuple[str, str], list[Card]] = {}
    for found in predictions:
        card = by_name[found["model"]]
        groups.setdefault((card.quantity, card.family), []).append(card)
    ranks = {
        card.name: Rank(
            grades[card.name],
            expected.get(card.name, 0.0),
            int(graded and grades[card.name] == GRADES.index("outside") and not card.knows_displaced),
            *_errors(card, known, by_model[card.name]),
        )
        for known in groups.values()
        for card in known
    }
    choice = []
    for (quantity, family), known in groups.items():
        families = [group for (other, _), group in groups.items() if other == quantity]
        whole = _whole_sets(families, ranks, by_model)
        # those of whole sets first, as their sets rank
        order = {name: place for place, name in enumerate(sorted(whole, key=whole.__getitem__))}
        places = {card.name: (order.get(card.training_set, len(order)), ranks[card.name]) for card in known}
        best, *others = sorted(known, key=lambda card: places[card.name])
        strange = [c for c in cards if (c.quantity, c.family) == (quantity, family) and c.name not in grades]
        missing = sorted({z for card in strange for z in set(numbers) - set(card.elements)})
        choice.append(
            {
                "property": quantity,
                "family": family,
                "model": best.name,
                "reason": _reason(best, others, strange, whole, ranks),
                "others": [card.name for card in [*others, *strange]],
                "unknown": [SYMBOLS[z] for z in missing],
            }
        )
    return choice


def _whole_sets(
    families: Sequence[Sequence[Card]], ranks: Mapping[str, Rank], predictions: Mapping[str, Mapping[str, Any]]
) -> dict[str, Rank]:
    """Training sets with a network of each of these families, and how they rank."""
    found: dict[str, Rank] = {}
    for name in {card.training_set for card in families[0]}:
        own = [[card for card in known if card.training_set == name] for known in families]
        if all(own):
            best = [min(candidates, key=lambda card: ranks[card.name]) for candidates in own]
            rank = sum((ranks[card.name] for card in best), Rank(0, 0.0, 0, 0.0, 0.0))
            totals = [total for card in best if (total := predictions[card.name].get("total")) is not None]
            # one of them is wrong by half of what lies between them, or the other by more
            apart = (max(totals) - min(totals)) * _scale(best[0]) if totals else 0.0
            found[name] = replace(rank, error=max(rank.error, apart))
    return found


def _reason(
    best: Card, others: Sequence[Card], strange: Sequence[Card], whole: Mapping[str, Rank], ranks: Mapping[str, Rank]
) -> str:
    if not others:
        return "elements" if strange else "only"
    chosen, next_best = (whole.get(card.training_set) for card in (best, others[0]))
    if chosen is not None and next_best is None:
        return "together"
    if chosen is None or next_best is None or best.training_set == others[0].training_set:
        chosen, next_best = ranks[best.name], ranks[others[0].name]
    if chosen.closeness < next_best.closeness:
        return "closer"
    return "accurate" if chosen.tested <= next_best.tested else "agree"


def _grade(prediction: Mapping[str, Any]) -> int:
    trust = prediction["molecule_trust"]
    if trust is None:
        return GRADES.index("outside")
    # told by distances alone, "unusual" announces no error that would weigh against a smaller one on test molecules
    by_distance = (
        trust["grade"] == "unusual"
        and trust.get("expected_error") is None
        and trust.get("reason") not in ("spread", "large")
    )
    return GRADES.index("inside" if by_distance else trust["grade"])


def _errors(card: Card, known: Sequence[Card], prediction: Mapping[str, Any]) -> tuple[float, float]:
    """That of this molecule, as far as it is known, and that on test molecules."""
    unit = next((other.test["unit"] for other in known if other.test), None)
    if not card.test or card.test["unit"] != unit:
        return float("inf"), float("inf")
    error, trust, spread = float(card.test["mae"]), prediction["molecule_trust"], prediction.get("uncertainty")
    if spread is None or trust is None or trust["grade"] == GRADES[0]:
        return error, error
    return max(error, float(spread) * _scale(card)), error


def _scale(card: Card) -> float:
    """What turns a prediction (eV, debye) into the unit of the card's errors."""
    return EV_KCAL_PER_MOL if card.test and card.test["unit"] == "kcal/mol" else 1.0
