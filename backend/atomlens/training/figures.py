"""Drawings of a model's figures for docs/models.md, made from its card like the tables.

Every drawing holds the numbers that it shows in its SVG description, so that a test can hold it against the card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atomlens.networks.card import Card

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Folder of the drawings, relative to the root of the repository.
FOLDER = Path("docs/figures")
#: Blue and orange of Okabe and Ito's palette, which colour-blind people tell apart.
COLOURS = ("#0072b2", "#d55e00")


def drawings(cards: Sequence[Card]) -> dict[str, tuple[Figure, dict[str, Any]]]:
    """File names with what is drawn and the numbers behind it."""
    made = {}
    # those of one unit, which share the axes
    molecules = [card for card in cards if card.test and card.test["unit"] == "kcal/mol"]
    ensembles = {card.name: (card.test or {})["ensemble"] for card in molecules if "ensemble" in (card.test or {})}
    if ensembles:
        numbers = {name: found["bins"] for name, found in ensembles.items()}
        made["reliability.svg"] = (_reliability(numbers), numbers)
    curves = {card.name: card.raw["learning_curve"] for card in cards if card.raw.get("learning_curve")}
    if curves:
        points = {name: curve["points"] for name, curve in curves.items()}
        made["learning.svg"] = (_learning(points), points)
    return made


def draw(root: Path, cards: Sequence[Card]) -> list[Path]:
    """Write all drawings under `root`; returns their paths."""
    import matplotlib

    paths = []
    for name, (figure, numbers) in drawings(cards).items():
        path = root / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # no date and a fixed salt: the same numbers give the same file
        with matplotlib.rc_context({"svg.hashsalt": name}):
            figure.savefig(path, format="svg", metadata={"Date": None, "Description": json.dumps(numbers)})
        paths.append(path)
    return paths


def _axes(xlabel: str, ylabel: str) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 4.2), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    axes.grid(visible=True, which="both", alpha=0.25)
    return figure, axes


def _reliability(numbers: dict[str, list[dict[str, float]]]) -> Figure:
    figure, axes = _axes("predicted standard deviation, kcal/mol", "root mean square error, kcal/mol")
    shown = [value for bins in numbers.values() for part in bins for value in (part["predicted"], part["rmse"])]
    limits = (min(shown) * 0.8, max(shown) * 1.25)
    axes.plot(limits, limits, color="0.5", linewidth=1, label="as predicted")
    for colour, marker, (name, bins) in zip(COLOURS, "os", numbers.items(), strict=False):
        x, y = ([part[key] for part in bins] for key in ("predicted", "rmse"))
        axes.plot(x, y, marker=marker, color=colour, label=name)
    axes.legend()
    return figure


def _learning(numbers: dict[str, list[dict[str, float]]]) -> Figure:
    figure, axes = _axes("training molecules", "mean absolute error, kcal/mol")
    for colour, marker, (name, points) in zip(COLOURS, "os", numbers.items(), strict=False):
        x, y = ([point[key] for point in points] for key in ("train", "mae"))
        axes.plot(x, y, marker=marker, color=colour, label=name)
    axes.legend()
    return figure
