"""How much a model leans on pairs of atoms against their distance: models/NAME/pairs.json, beside the card.

Statistics over the test molecules of its data, per pair of elements and distance; no molecule is in it. Written by
`training.pair_decay`, whose docstring has the definition; reading it needs no torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atomlens.errors import CheckpointError, NotFound
from atomlens.networks.card import Card

DECAY = "pairs.json"


def read_decay(folder: Path, card: Card) -> dict[str, Any]:
    """The statistics of the model in `folder` (docs/http.md, Models).

    Raises `NotFound` where none were taken, or those of an earlier checkpoint; `CheckpointError` for a broken file.
    """
    path, hint = folder / DECAY, f"atomlens decay {card.name} takes them."
    if not path.is_file():
        raise NotFound(f"There are no statistics of pairs of {card.name}.", code="no_decay", field="model", hint=hint)
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        checkpoint = found["checkpoint"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} cannot be read: {error!r}.", hint=hint) from error
    if checkpoint != card.checkpoint_hash:
        raise NotFound(
            f"The statistics of pairs of {card.name} are of an earlier checkpoint.",
            code="no_decay",
            field="model",
            hint=hint,
        )
    return found
