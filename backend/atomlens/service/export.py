"""Files that the service hands out, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

#: Longest part of a file's name that a molecule's name fills.
NAME_LENGTH = 60


@dataclass(frozen=True)
class Export:
    """A file to hand out: its content, and a name that says what it is of."""

    content: bytes
    name: str


def stem_of(molecule: dict[str, Any]) -> str:
    """A molecule's name as part of a file's: ASCII, no spaces."""
    plain = re.sub(r"[^A-Za-z0-9.,+-]+", "_", molecule["name"] or "").strip("_.")[:NAME_LENGTH]
    return plain or str(molecule["formula"])
