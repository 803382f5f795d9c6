"""Kinds of labelled configurations, in the order of their numbers in a file."""

from __future__ import annotations

#: What `displaced` makes. relaxed: where a released network's forces lead from the anchor.
DISPLACED = ("anchor", "stretch", "turn", "bend", "shake", "frame", "dimer", "angle", "relaxed")
KINDS = (*DISPLACED, "conformer", "atom")
#: Numbers of those that are one anchor displaced: not the anchor itself, nor two molecules that meet.
MOVED = tuple(KINDS.index(name) for name in DISPLACED if name not in ("anchor", "dimer"))
