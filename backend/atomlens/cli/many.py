"""Commands about many molecules: arrays of them, files of them, reactions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atomlens.cli.files import check_target, check_text_target, write_file, write_json
from atomlens.cli.inputs import cards_for, open_registry, read_settings
from atomlens.cli.options import EnergyUnit, JsonFile, ModelName, ModelNames, TableUnit
from atomlens.cli.tables import print_batch, print_notes, print_reaction, progress_bar
from atomlens.errors import AtomlensError, InputError, MalformedInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atomlens.chem.molecule import Molecule
    from atomlens.chem.reaction import Reaction
    from atomlens.chem.records import Record
    from atomlens.networks.card import Card
    from atomlens.networks.registry import ModelRegistry

#: What `batch` writes, by a file's ending.
BATCH_FILES = (".csv", ".json", ".sdf")
#: Of a file of many molecules.
MOST_BATCH_CHARACTERS = 1_000_000_000
#: Molecules of a batch that pass through the networks together.
BATCH_BLOCK = 256


def predict(
    model: ModelName,
    source: Annotated[Path, typer.Option("--in", metavar="FILE.npz", help="n_atoms, numbers, positions (Å)")],
    target: Annotated[
        Path, typer.Option("--out", metavar="FILE.npz", help="To write: total, contributions, uncertainty, unit")
    ],
) -> None:
    """Predict many molecules; those with an element that the model does not know get NaN."""
    registry = open_registry(read_settings())
    registry.card(model)
    check_target(target)
    from atomlens.explain.npz import read_batch, to_npz

    batch = read_batch(source)
    from atomlens.explain.prediction import predict_batch

    result = predict_batch(registry.load(model), batch)
    write_file(target, to_npz(result))
    if result.unknown:
        typer.echo(f"{result.unknown} of {len(batch)} molecules have elements that {model} does not know.", err=True)


def batch(
    source: Annotated[
        Path,
        typer.Argument(metavar="INPUT", help="Many molecules: .sdf, .csv (a column of SMILES), .smi, .xyz, .extxyz"),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="To write: .csv, .json, or .sdf; default: a table")
    ] = None,
    model: ModelNames = None,
    unit: TableUnit = EnergyUnit.EV,
) -> None:
    """Predict many molecules: a row for each, with energies, dipole moments, spread and trust, or why not."""
    if out is not None:
        if out.suffix.lower() not in BATCH_FILES:
            raise MalformedInput(f"{out} is none of {', '.join(BATCH_FILES)}.", field="out")
        check_target(out)
    settings = read_settings()
    registry = open_registry(settings)
    cards = [registry.card(name) for name in model or ()]
    cards = cards or [card for card in registry.cards.values() if not card.periodic]
    if not cards:
        raise NotFound(f"There are no models of molecules in {registry.folder}.", field="model")
    from atomlens.chem.records import format_of_file, split_records
    from atomlens.chem.text import read_text_file
    from atomlens.networks.card import check_kind

    for card in cards:
        check_kind(card.name, card.periodic, False)
    format = format_of_file(source.name)
    text = read_text_file(source, MOST_BATCH_CHARACTERS)
    records = split_records(text, format, source.name, characters=MOST_BATCH_CHARACTERS)
    rows, molecules = _batch(registry, cards, records, settings.max_atoms)
    failed = sum(row["error"] is not None for row in rows)
    if out is None:
        print_batch(rows, unit)
    else:
        from atomlens.explain.batch import batch_csv, batch_sdf

        kind = out.suffix.lower()
        if kind == ".json":
            answer = {"models": [card.name for card in cards], "rows": rows}
            write_file(out, (json.dumps(answer, allow_nan=False) + "\n").encode())
        else:
            made = batch_csv(rows) if kind == ".csv" else batch_sdf(zip(rows, molecules, strict=True))
            write_file(out, made.encode())
    if failed:
        without = "molecule has" if len(rows) == 1 else "molecules have" if failed > 1 else "molecules has"
        typer.echo(f"{failed} of {len(rows)} {without} no prediction; the rows say why.", err=True)


def reaction(
    equation: Annotated[
        str, typer.Argument(metavar="EQUATION", help='Names or SMILES: "C=C + [HH] -> CC", "3 acetylene -> benzene"')
    ],
    balance: Annotated[bool, typer.Option("--balance", help="Take the coefficients that balance the equation")] = False,
    model: ModelNames = None,
    json_file: JsonFile = None,
    unit: TableUnit = EnergyUnit.EV,
) -> None:
    """The electronic energy of a reaction by every energy model, and the atoms that change most."""
    settings = read_settings()
    registry = open_registry(settings)
    named = [registry.card(name) for name in model or ()]
    check_text_target(json_file)
    from atomlens.chem.equation import agents_of, parse_equation
    from atomlens.chem.reaction import read_reaction
    from atomlens.service.alone import run_alone

    reactants, products = parse_equation(equation)
    found = run_alone(read_reaction, reactants, products, settings.max_atoms, balanced=balance)
    agents = agents_of(equation)
    left_out = [f"Left out, for it stands above the arrow: {', '.join(agents)}."] if agents else []
    remarks = [*left_out, *found.remarks]
    if not found.balance.balanced:
        better = found.balanced_equation
        hint = f"Balanced: {better} (--balance takes this)." if better else "No coefficients balance it."
        # a molecule that was taken for another is why most do not balance
        hint = " ".join([*remarks, hint])
        raise MalformedInput(found.balance.sentence, code="unbalanced", field="equation", hint=hint)
    answer = {**_reaction(registry, named, found), "left_out": agents}
    if json_file is None:
        print_reaction(answer, unit)
        print_notes(remarks)
        return
    write_json(answer, json_file)


def _batch(
    registry: ModelRegistry, cards: list[Card], records: Sequence[Record], max_atoms: int
) -> tuple[list[dict[str, Any]], list[Molecule | None]]:
    """Rows, and molecules, None where a record could not be read; with a bar of the progress."""
    from atomlens.chem.many import read_records
    from atomlens.explain.batch import in_short, row, unknown_to_all
    from atomlens.explain.prediction import explain_all
    from atomlens.service.alone import run_alone

    rows: list[dict[str, Any]] = []
    molecules: list[Molecule | None] = []
    with progress_bar() as bar:
        task = bar.add_task(f"{len(records):,} molecules", total=len(records))
        for start in range(0, len(records), BATCH_BLOCK):
            part = records[start : start + BATCH_BLOCK]
            read = run_alone(read_records, part, max_atoms)
            answers: list[list[dict[str, Any]]] = [[] for _ in part]
            for card in cards:
                known = {
                    k: one for k, one in enumerate(read) if not isinstance(one, AtomlensError) and _knows(card, one)
                }
                found = explain_all(registry.load(card.name), list(known.values())) if known else []
                for (k, molecule), prediction in zip(known.items(), found, strict=True):
                    answers[k].append(in_short(prediction, molecule, card))
            for record, one, given in zip(part, read, answers, strict=True):
                there = None if isinstance(one, AtomlensError) else one
                data = None if there is None else there.to_dict()
                error = one if isinstance(one, AtomlensError) else unknown_to_all(data, given, cards)
                rows.append(row(record, data, given, cards, error))
                molecules.append(there)
            bar.update(task, completed=len(rows))
    return rows, molecules


def _knows(card: Card, molecule: Molecule) -> bool:
    return set(molecule.numbers.tolist()) <= set(card.elements)


def _reaction(registry: ModelRegistry, named: list[Card], found: Reaction) -> dict[str, Any]:
    """The answer of `POST /reactions`."""
    from atomlens.explain.reaction import changes_of_atoms, chosen_models, judged, reaction_energy

    numbers = [z for one in found.species for z in one.molecule.numbers.tolist()]
    cards = [card for card in cards_for(numbers, named, registry) if card.quantity == "energy"]
    if not cards or (named and len(cards) < len(named)):
        raise InputError("The energy of a reaction needs models of the energy.", code="energies_only", field="model")
    signs = [-1] * len(found.reactants) + [1] * len(found.products)
    nu = [sign * one.coefficient for sign, one in zip(signs, found.species, strict=True)]
    molecules = [one.molecule for one in found.species]
    unpaired = [bool(one.open_shell) for one in found.species]
    predictions = []
    for card in cards:
        one = judged(reaction_energy(registry.load(card.name), molecules, nu), unpaired)
        predictions.append({**one, "changes": changes_of_atoms(one, found.matches)})
    asked = named or [card for card in registry.cards.values() if not card.periodic and card.quantity == "energy"]
    return {**found.to_dict(), "predictions": predictions, "choice": chosen_models(predictions, asked, numbers)}
