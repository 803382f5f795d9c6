"""Content keys: the hash of everything that an answer depends on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

#: Raised when the meaning of stored answers changes, so that older ones are computed anew.
ANSWERS_VERSION = 7


def content_key(kind: str, **parts: Any) -> str:
    """32 hexadecimal digits, a pure function of the kind and the parts (JSON values)."""
    text = json.dumps({"kind": kind, "version": ANSWERS_VERSION, **parts}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
