"""Pages that state how good the models are: their tables are made from the cards, never typed in.

A page holds a table between ``<!-- NAME -->`` and ``<!-- /NAME -->``, NAME a key of `SECTIONS`; `atomlens evaluate`
rewrites them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from atomlens.errors import CheckpointError
from atomlens.networks.card import Card

_MARK = re.compile(r"<!-- (\w+) -->\n")
#: Pages of the repository that state figures, relative to its root.
PAGES = ("README.md", "docs/models.md")


def models(cards: Sequence[Card]) -> str:
    """Each model, its error on the test molecules, and the published one."""
    rows = []
    for card in cards:
        test, published, data = card.test, card.raw.get("published"), card.raw.get("data", {})
        error = f"{test['mae']:.3f} {test['unit']}" if test else "not measured"
        rows.append(
            [f"`{card.name}`", error, test.get("n", "") if test else "", data.get("train", ""), _published(published)]
        )
    heads = [
        "model",
        "mean absolute error",
        "tested on (geometries)",
        "trained on (geometries)",
        "published (110,000 molecules)",
    ]
    return _table(heads, rows)


def _published(figures: dict[str, object] | None) -> str:
    return f"{figures['mae']:g} {figures['unit']} ({figures['target']})" if figures else ""


def sizes(cards: Sequence[Card]) -> str:
    """Mean absolute error by number of heavy atoms."""
    return _broken_down(cards, "by_heavy_atoms", "heavy atoms")


def groups(cards: Sequence[Card]) -> str:
    """Mean absolute error by functional group."""
    return _broken_down(cards, "by_group", "functional group")


def _broken_down(cards: Sequence[Card], key: str, head: str) -> str:
    measured = [card for card in cards if card.test and key in card.test]
    columns = [{row["name"]: row for row in (card.test or {})[key]} for card in measured]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = []
    for name in names:
        n = max(column[name]["n"] for column in columns if name in column)
        rows.append([name, n, *(f"{column[name]['mae']:.3f}" if name in column else "" for column in columns)])
    return _table([head, "molecules", *(f"`{card.name}`, {(card.test or {})['unit']}" for card in measured)], rows)


def crystals(cards: Sequence[Card]) -> str:
    """Models of crystals beside an additive model of the same data."""
    rows: list[list[Any]] = []
    for card in cards:
        if card.periodic and card.test:
            rows.append(
                [
                    f"`{card.name}`",
                    f"{card.test['mae']:.3f} {card.test['unit']}",
                    f"{card.test['additive']['mae']:.3f} {card.test['unit']}",
                    len(card.elements),
                    card.raw["data"]["train"],
                    card.test["n"],
                ]
            )
    heads = ["model", "mean absolute error", "additive model", "elements", "training crystals", "test crystals"]
    return _table(heads, rows) if rows else "No model is of crystals yet.\n"


def organic(cards: Sequence[Card]) -> str:
    """Conformers, displaced geometries and forces, of models that know geometries away from minima."""
    rows = []
    for card in cards:
        test = card.test or {}
        if "displaced" in test:
            away = test["displaced"]
            rows.append(
                [
                    f"`{card.name}`",
                    f"{test['mae']:.2f}",
                    f"{test['relative_mae']:.2f}",
                    f"{test['median_rank_correlation']:.2f}",
                    f"{away['mae']:.2f}",
                    f"{away['force_mae']:.2f} ({away['force_median']:.2f})",
                ]
            )
    heads = ["model", "totals", "among conformers", "median rank correlation", "displaced", "force component (median)"]
    return _table(heads, rows)


def organic_dipoles(cards: Sequence[Card]) -> str:
    """Vectors of dipole moments and latent charges beside GFN2-xTB's."""
    measured = [card for card in cards if card.test and "correlation_with_xtb_charges" in card.test]
    elements = list(dict.fromkeys(e for card in measured for e in (card.test or {})["correlation_with_xtb_charges"]))
    rows = []
    for card in measured:
        test = card.test or {}
        charges = test["correlation_with_xtb_charges"]
        vector, cosine = f"{test['vector_mae']:.3f}", f"{test['median_cosine_with_xtb_dipole']:.4f}"
        rows.append([f"`{card.name}`", vector, cosine, *(f"{charges[e]:.2f}" for e in elements)])
    return _table(["model", "vector, debye", "median cosine", *(f"charge, {e}" for e in elements)], rows)


def ensembles(cards: Sequence[Card]) -> str:
    """Members of each ensemble and how its spread goes with its error."""
    rows: list[list[Any]] = []
    for card in cards:
        found = (card.test or {}).get("ensemble")
        if found is not None:
            members = ", ".join(f"{mae:.3f}" for mae in found["members_mae"]) + f" {(card.test or {})['unit']}"
            weights = ", ".join(f"{weight:.2f}" for weight in found["weights"])
            rows.append(
                [f"`{card.name}`", members, weights, f"{found['factor']:.2f}", found["pearson"], found["spearman"]]
            )
    if not rows:
        return "No model has several members yet.\n"
    heads = ["model", "error of each member", "weights", "factor", "correlation", "rank correlation"]
    return _table(heads, rows)


def learning(cards: Sequence[Card]) -> str:
    """Error against the number of training molecules."""
    curves = {card.name: card.raw["learning_curve"] for card in cards if card.raw.get("learning_curve")}
    if not curves:
        return "No learning curve has been measured yet.\n"
    numbers = sorted({point["train"] for curve in curves.values() for point in curve["points"]})
    rows: list[list[Any]] = []
    for number in numbers:
        found = [{p["train"]: p["mae"] for p in curve["points"]}.get(number) for curve in curves.values()]
        rows.append([number, *("" if mae is None else f"{mae:.3f}" for mae in found)])
    return _table(["training molecules", *(f"`{n}`, {c['unit']}, {c['steps']} steps" for n, c in curves.items())], rows)


def crystal_trust(cards: Sequence[Card]) -> str:
    """How often the energies of crystals are far off in each grade, on test crystals and on those of other sets."""
    rows: list[list[Any]] = []
    for card in cards:
        found = card.raw.get("trust")
        if found is not None and card.periodic:
            for data, part in (("its own test crystals", found["test"]), *((o["data"], o) for o in found["others"])):
                graded = []
                for row in part["grades"].values():
                    beyond = (
                        "" if row["share_beyond"] is None else f", {100 * row['share_beyond']:.0f} % of them far off"
                    )
                    graded.append(f"{100 * row['n'] / part['n']:.1f} %{beyond}")
                area = f"{found['auc']:.2f}" if part is found["test"] else ""
                rows.append([f"`{card.name}`", data, part["n"], f"{100 * part['share_beyond']:.0f} %", area, *graded])
            moved = found["moved"]
            graded = [f"{100 * n / moved['n']:.1f} %" for n in moved["grades"].values()]
            rows.append(
                [f"`{card.name}`", f"its own, an atom moved by {moved['angstrom']} Å", moved["n"], "", "", *graded]
            )
    if not rows:
        return "This has been measured of no model yet.\n"
    return _table(["model", "on", "crystals", "far off", "area: spread", "inside", "unusual", "outside"], rows)


def trust(cards: Sequence[Card]) -> str:
    """How well what a model expects of its own error flags large ones, on molecules that no fit has seen."""
    rows: list[list[Any]] = []
    for card in cards:
        found = card.raw.get("trust")
        if found is not None and not card.periodic:
            relative, totals = found["relative"], found["totals"]
            shares = [f"{100 * row['share_beyond']:.0f} %" for row in relative["by_probability"]]
            areas = list(relative["auc"].values())
            inside = f"{100 * found['test']['inside']:.1f} %"
            rows.append([f"`{card.name}`", found["measured_on"], *areas, *shares, totals["auc"], inside])
    if not rows:
        return "This has been measured of no model yet.\n"
    scores = list(next(c.raw["trust"]["relative"]["auc"] for c in cards if c.raw.get("trust") and not c.periodic))
    heads = [
        "model",
        "molecules",
        *(f"area: {score}" for score in scores),
        "large if inside",
        "if unusual",
        "if outside",
    ]
    return _table([*heads, "area, totals", "test molecules inside"], rows)


SECTIONS: dict[str, Callable[[Sequence[Card]], str]] = {
    "models": models,
    "sizes": sizes,
    "groups": groups,
    "crystals": crystals,
    "ensembles": ensembles,
    "trust": trust,
    "crystal_trust": crystal_trust,
    "learning": learning,
    "organic": organic,
    "organic_dipoles": organic_dipoles,
}


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    rule = "|" + "---|" * len(heads) + "\n"
    head, *body = (f"| {' | '.join(map(str, cells))} |\n" for cells in (heads, *rows))
    return "".join([head, rule, *body])


def between(text: str, opened: str, closed: str, made: str) -> str:
    """The text with what stands between two marks replaced; raises `CheckpointError` where they do not stand there."""
    before, found, rest = text.partition(opened)
    _, end, after = rest.partition(closed)
    if not (found and end):
        raise CheckpointError(f"The page needs {opened.strip()} and after it {closed}.")
    return before + opened + made + closed + after


def rewrite(page: Path, cards: Iterable[Card]) -> bool:
    """Put the tables of these cards into a page; whether that changed it.

    Raises `CheckpointError` for a page without marks, with unknown ones, or with one that does not end.
    """
    text, listed = page.read_text(encoding="utf-8"), list(cards)
    names = _MARK.findall(text)
    if not names or not set(names) <= SECTIONS.keys():
        raise CheckpointError(f"{page} needs marks <!-- NAME --> with NAME of {', '.join(SECTIONS)}; it has {names}.")
    new = text
    for name in names:
        new = between(new, f"<!-- {name} -->\n", f"<!-- /{name} -->", SECTIONS[name](listed))
    page.write_text(new, encoding="utf-8")
    return new != text
