"""Commands about the models that there are: their cards, and what their networks have learned."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from atomlens.cli.files import check_text_target, write_json
from atomlens.cli.inputs import open_registry, read_settings
from atomlens.cli.options import EnergyUnit, JsonFile, ModelArgument, TableUnit
from atomlens.cli.tables import print_embeddings, print_models, print_rings


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print the cards as JSON")] = False,
) -> None:
    """List the models, their elements and their errors on the test molecules."""
    cards = open_registry(read_settings()).cards
    if as_json:
        typer.echo(json.dumps({"models": [card.raw for card in cards.values()]}))
        return
    print_models(cards.values())


def embeddings(model: ModelArgument, json_file: JsonFile = None) -> None:
    """The order of the periodic table in a SchNet's element vectors: what is measured, beside chance."""
    registry = open_registry(read_settings())
    card = registry.card(model)
    check_text_target(json_file)
    from atomlens.explain.embeddings import element_vectors

    found = element_vectors(registry.load(model), card.structures_of_element, card.additive_coefficients)
    if json_file is None:
        print_embeddings(found)
        return
    write_json(found, json_file)


def rings(
    model: ModelArgument,
    unit: TableUnit = EnergyUnit.EV,
    json_file: JsonFile = None,
) -> None:
    """Rank rings by stability: what an energy model gives an atom of the ring, on average."""
    registry = open_registry(read_settings())
    card = registry.card(model)
    check_text_target(json_file)
    from atomlens.explain.rings import rank_rings

    found = rank_rings(registry.load(model), card.free_atom_energies, registry.atlas_if_any(model))
    if json_file is None:
        print_rings(found, unit)
        return
    write_json({"model": model, "checkpoint": card.checkpoint_hash, "unit": "eV", "rings": found}, json_file)
