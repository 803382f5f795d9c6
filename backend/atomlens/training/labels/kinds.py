"""Kinds of labelled configurations, in the order of their numbers in a file."""

from __future__ import annotations

#: What `displaced` makes.
DISPLACED = ("anchor", "stretch", "turn", "bend", "shake", "frame", "dimer")
KINDS = (*DISPLACED, "conformer", "atom")
