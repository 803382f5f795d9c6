"""Writes the gold values of every released checkpoint: what it answers for the molecules of molecules.json, or, as a
model of crystals, for those of crystals.json.

    python tests/gold/make.py

A checkpoint's answers may never change. So the values of a checkpoint that has some are never written again; where
the program answers otherwise now, this fails. The values of a model whose weights were replaced are replaced.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from atomlens.chem.elements import NUMBERS
from atomlens.explain.prediction import predict_batch
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "models"
#: Largest change of a total or a contribution: eV, debye, or e.
TOLERANCE = 1e-6


def structures(kind: str) -> Batch:
    """The twenty "molecules", or the "crystals"."""
    listed = json.loads((HERE / f"{kind}.json").read_text(encoding="utf-8"))[kind]
    numbers = [[NUMBERS[symbol] for symbol in molecule["symbols"]] for molecule in listed]
    return Batch(
        np.concatenate(numbers).astype(np.int64),
        np.concatenate([molecule["positions"] for molecule in listed]).astype(np.float64),
        np.cumsum([0, *map(len, numbers)], dtype=np.int64),
        np.zeros(len(listed), dtype=np.int64),
        np.array([crystal["cell"] for crystal in listed]) if kind == "crystals" else None,
    )


def answers(registry: ModelRegistry, name: str) -> dict[str, object]:
    """What the checkpoint answers now; null where it does not know an element."""
    kind = "crystals" if registry.card(name).periodic else "molecules"
    found = predict_batch(registry.load(name), structures(kind))
    return {
        "checkpoint": registry.card(name).checkpoint_hash,
        "unit": found.unit,
        "total": _rounded(found.total),
        "contributions": _rounded(found.contributions),
    }


def path(name: str) -> Path:
    """Where the gold values of a model are kept."""
    return HERE / "values" / f"{name}.json"


def kept(name: str) -> dict[str, object] | None:
    """The gold values of a model, None where it has none."""
    return json.loads(path(name).read_text(encoding="utf-8")) if path(name).is_file() else None


def differences(now: dict[str, object], gold: dict[str, object]) -> dict[str, float]:
    """Largest change of totals and of contributions; infinite where one has a value and the other has none."""
    changes = {}
    for key in ("total", "contributions"):
        ours, theirs = (np.array(values[key], dtype=np.float64) for values in (now, gold))
        same = ours.shape == theirs.shape and bool((np.isnan(ours) == np.isnan(theirs)).all())
        changes[key] = float(np.nanmax(np.abs(ours - theirs), initial=0.0)) if same else float("inf")
    return changes


def main() -> int:
    """Write what is missing; 1 where an answer has changed."""
    registry, failed = ModelRegistry(MODELS), False
    for name in registry.cards:
        now, gold = answers(registry, name), kept(name)
        if gold is not None and gold["checkpoint"] == now["checkpoint"]:
            changed = {key: value for key, value in differences(now, gold).items() if not value <= TOLERANCE}
            print(f"{name}: {f'CHANGED by {changed}' if changed else 'as before'}")
            failed |= bool(changed)
            continue
        path(name).parent.mkdir(exist_ok=True)
        path(name).write_text(json.dumps(now) + "\n", encoding="utf-8")
        print(f"{name}: written for {str(now['checkpoint'])[:12]}")
    for stale in set((HERE / "values").glob("*.json")) - {path(name) for name in registry.cards}:
        stale.unlink()
        print(f"{stale.stem}: removed, it is released no more")
    return int(failed)


def _rounded(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 9) for value in values]


if __name__ == "__main__":
    sys.exit(main())
