"""What commands work with: the settings, the models, the molecule that INPUT names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from atomlens.cli.files import check_text_target
from atomlens.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atomlens.chem.molecule import Molecule
    from atomlens.networks.card import Card
    from atomlens.networks.registry import ModelRegistry
    from atomlens.settings import Settings

#: Files that INPUT may name; anything else is a common name or a SMILES.
FILES = (".xyz", ".extxyz", ".sdf", ".mol", ".cif")


def read_settings() -> Settings:
    """The settings. Raises `InputError` where they cannot be used."""
    from pydantic import ValidationError

    from atomlens.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"ATOMLENS_{'_'.join(str(part) for part in e['loc']).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors()
        )
        raise InputError(f"The settings cannot be used: {wrong}.", hint="docs/settings.md lists them.") from error


def open_registry(settings: Settings) -> ModelRegistry:
    """The models of the settings' folder. Raises `NotFound` where it has none."""
    from atomlens.networks.registry import ModelRegistry

    registry = ModelRegistry(settings.models_dir)
    if not registry.cards:
        raise NotFound(f"There are no models in {settings.models_dir}.", hint="Set ATOMLENS_MODELS_DIR.")
    return registry


def checkpoint_folder(model: str) -> Path:
    """Folder of the checkpoint of this name."""
    registry = open_registry(read_settings())
    return registry.folder / registry.card(model).name


def input_molecule(text: str, registry: ModelRegistry, max_atoms: int, *, crystals: bool = False) -> Molecule:
    """The molecule that INPUT names, for these models: a file, a common name, or a SMILES.

    Raises `InputError` of its kind; for a crystal too, unless `crystals` allows them.
    """
    from atomlens.chem.check import check_no_crystal
    from atomlens.chem.read import read_file, read_molecule
    from atomlens.service.alone import run_alone

    suffix = Path(text).suffix.lower()
    # a file of another kind gets the reader's message about kinds, not one about SMILES
    read = read_file if suffix in FILES or (suffix and _is_file(text)) else read_molecule
    found = run_alone(read, text, max_atoms=max_atoms, known=registry.molecular_elements())
    if not crystals:
        check_no_crystal(found)
    return found


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        # a SMILES longer than any file name, or with characters that none has
        return False


def asked_for(
    molecule: str, model: list[str] | None, json_file: str | None, *, crystals: bool = False
) -> tuple[ModelRegistry, list[Card], Molecule]:
    """Models, the cards of those named, and the molecule; what is wrong is said before anything is computed."""
    settings = read_settings()
    registry = open_registry(settings)
    check_text_target(json_file)
    named = [registry.card(name) for name in model or ()]
    return registry, named, input_molecule(molecule, registry, settings.max_atoms, crystals=crystals)


def cards_for(
    numbers: Sequence[int], named: list[Card], registry: ModelRegistry, *, crystal: bool = False
) -> list[Card]:
    """The cards of the models named, or of all of molecules (or crystals) that know these elements.

    Raises `UnknownElement`, and `InputError` for models of the other kind.
    """
    from atomlens.chem.check import check_elements, check_known_to_one
    from atomlens.networks.card import check_kind

    cards = named
    if not named:
        listed = list(registry.cards.values())
        everyone = [card for card in listed if card.periodic == crystal] or listed[:1]
        cards = [card for card in everyone if set(numbers) <= set(card.elements)]
        if not cards:
            check_kind(everyone[0].name, everyone[0].periodic, crystal)
            check_known_to_one(numbers, [card.elements for card in everyone], crystal=crystal)
    for card in cards:
        check_kind(card.name, card.periodic, crystal)
        check_elements(numbers, card.elements, card.name)
    return cards
