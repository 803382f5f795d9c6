"""Many molecules as a table: one row for each, with what every model predicts in short; rows that failed say why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from atomlens.chem.check import check_known_to_one
from atomlens.chem.molecule import Molecule
from atomlens.chem.records import Record
from atomlens.errors import AtomlensError, ComputationFailed
from atomlens.explain.choice import choose
from atomlens.explain.prediction import Prediction
from atomlens.networks.card import Card


def in_short(prediction: Prediction, molecule: Molecule, card: Card) -> dict[str, Any]:
    """A prediction without its atoms; atomization: Σ E(free atom) − E in eV, None where the model has no free atoms."""
    free = card.free_atom_energies if prediction.quantity == "energy" else None
    known = free is not None and all(symbol in free for symbol in molecule.symbols)
    return {
        "model": prediction.model,
        "property": prediction.quantity,
        "unit": prediction.unit,
        "total": prediction.total,
        "uncertainty": prediction.uncertainty,
        "atomization": sum(free[symbol] for symbol in molecule.symbols) - prediction.total if free and known else None,
        "molecule_trust": None if prediction.trust is None else prediction.trust.of_molecule(),
    }


def row(
    record: Record,
    molecule: Mapping[str, Any] | None,
    predictions: Sequence[Mapping[str, Any]],
    cards: Sequence[Card],
    error: AtomlensError | None,
) -> dict[str, Any]:
    """One row (docs/http.md, Batches); molecule: its JSON form, None where there is none; cards: of all asked."""
    shown = [] if molecule is None else choose(predictions, cards, molecule["numbers"])
    return {
        "file": record.source,
        "record": record.place,
        "input": record.text.strip()[:200] if record.format in ("line", "smiles") else "",
        "name": record.name or ("" if molecule is None else molecule["name"]),
        "molecule": None if molecule is None else molecule["id"],
        "formula": "" if molecule is None else molecule["formula"],
        "smiles": "" if molecule is None else molecule["smiles"],
        "atoms": 0 if molecule is None else len(molecule["numbers"]),
        "warnings": [] if molecule is None else list(molecule["warnings"]),
        "predictions": list(predictions),
        "shown": [choice["model"] for choice in shown],
        "error": None
        if error is None
        else {"code": error.code, "message": error.message, "field": error.field, "hint": error.hint},
    }


def unknown_to_all(
    molecule: Mapping[str, Any] | None, answers: Sequence[Mapping[str, Any]], cards: Sequence[Card]
) -> AtomlensError | None:
    """Why no model has answered for a molecule; None where one has."""
    if molecule is None or answers or not cards:
        return None
    try:
        crystal = molecule.get("cell") is not None
        check_known_to_one(molecule["numbers"], [card.elements for card in cards], crystal=crystal)
    except AtomlensError as error:
        return error
    return ComputationFailed("No model gave a finite number for this geometry.", code="not_finite")


def batch_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Comma-separated values with a head, a line for each row; columns of every model, empty where it has no answer."""
    models = {one["model"]: one for found in rows for one in found["predictions"]}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    heads = [head for one in models.values() for head in _heads(one)]
    table.writerow(
        ["file", "record", "name", "input", "smiles", "formula", "atoms", *heads, "shown", "warnings", "error"]
    )
    for found in rows:
        by_model = {one["model"]: one for one in found["predictions"]}
        cells = [cell for name, one in models.items() for cell in _cells(by_model.get(name), one)]
        error = found["error"]
        said = "" if error is None else " ".join(filter(None, (error["message"], error["hint"])))
        own = [found[key] for key in ("file", "record", "name", "input", "smiles", "formula")]
        tail = [" ".join(found["shown"]), " ".join(found["warnings"]), said]
        table.writerow([*map(_harmless, own), found["atoms"] or "", *cells, *map(_harmless, tail)])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    """A spreadsheet would run a text that begins so as a formula."""
    # a SMILES may begin with = or - only where it is none
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def batch_sdf(found: Iterable[tuple[Mapping[str, Any], Molecule | None]]) -> str:
    """The molecules with their geometries, their values as properties; rows without a molecule are left out."""
    from atomlens.chem.sdf_file import sdf_record

    parts = []
    for one, molecule in found:
        if molecule is None:
            continue
        values = {
            head: cell
            for prediction in one["predictions"]
            for head, cell in zip(_heads(prediction), _cells(prediction, prediction), strict=True)
            if cell
        }
        parts.append(sdf_record(molecule, {**values, "shown": " ".join(one["shown"])}))
    return "".join(parts)


def _heads(one: Mapping[str, Any]) -> list[str]:
    energy = ["atomization_eV"] if one["property"] == "energy" else []
    names = [f"total_{one['unit']}", f"uncertainty_{one['unit']}", *energy, "trust", "trust_reason"]
    return [f"{one['model']}_{name}" for name in names]


def _cells(one: Mapping[str, Any] | None, like: Mapping[str, Any]) -> list[str]:
    """Numbers with all their digits; empty where there is none."""
    if one is None:
        return [""] * len(_heads(like))
    trust = one["molecule_trust"] or {"grade": "", "reason": ""}
    values = [one["total"], one["uncertainty"], *([one["atomization"]] if one["property"] == "energy" else [])]
    return ["" if value is None else repr(float(value)) for value in values] + [trust["grade"], trust["reason"] or ""]
