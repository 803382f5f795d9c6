"""Pages that state how good the models are: their tables are made from the cards, never typed in.

A page holds the table between ``<!-- models -->`` and ``<!-- /models -->``; `atomlens evaluate` rewrites it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from atomlens.errors import CheckpointError
from atomlens.networks.card import Card

_SECTION = re.compile(r"(?<=<!-- models -->\n).*?(?=<!-- /models -->)", re.DOTALL)
#: Pages of the repository that state figures, relative to its root.
PAGES = ("README.md", "docs/models.md")


def table(cards: Iterable[Card]) -> str:
    """Markdown: each model, its error on the test molecules, and the published one."""
    lines = [
        "| model | mean absolute error | test molecules | trained on | published (110,000 molecules) |",
        "|---|---|---|---|---|",
    ]
    for card in cards:
        test, published, data = card.test, card.raw.get("published"), card.raw.get("data", {})
        error = f"{test['mae']:.3f} {test['unit']}" if test else "not measured"
        lines.append(
            f"| `{card.name}` | {error} | {test.get('n', '') if test else ''} | {data.get('train', '')} "
            f"| {_published(published)} |"
        )
    return "\n".join(lines) + "\n"


def _published(figures: dict[str, object] | None) -> str:
    return f"{figures['mae']:g} {figures['unit']} ({figures['target']})" if figures else ""


def rewrite(page: Path, cards: Iterable[Card]) -> bool:
    """Put the table of these cards into a page; whether that changed it. Raises `CheckpointError` without its marks."""
    text = page.read_text(encoding="utf-8")
    if not _SECTION.search(text):
        raise CheckpointError(f"{page} has no lines <!-- models --> and <!-- /models -->.")
    made = table(cards)
    new = _SECTION.sub(lambda _: made, text)
    page.write_text(new, encoding="utf-8")
    return new != text
