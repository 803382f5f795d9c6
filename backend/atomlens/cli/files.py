"""What commands write, and where: files, and - for stdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from atomlens.errors import InputError

if TYPE_CHECKING:
    from atomlens.chem.molecule import Molecule
    from atomlens.cli.options import DrawnValues
    from atomlens.networks.registry import ModelRegistry


def check_target(path: Path) -> None:
    """Complain of a file that cannot be written before the work, not after it.

    Raises `InputError`.
    """
    if path.is_dir():
        raise InputError(f"{path} cannot be written: it is a folder.", field="out")
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}.", field="out")


def check_text_target(file: str | None) -> None:
    """`check_target` of an option, such as --json, that may be left out and takes - for stdout."""
    if file not in (None, "-"):
        check_target(Path(file))


def write_json(answer: dict[str, Any], file: str) -> None:
    """One line of JSON to the file, or to stdout for -."""
    write_text(json.dumps(answer, allow_nan=False) + "\n", file)


def write_text(text: str, file: str) -> None:
    """To the file, or to stdout for -."""
    if file == "-":
        typer.echo(text, nl=False)
    else:
        write_file(Path(file), text.encode())


def write_file(path: Path, data: bytes) -> None:
    """The bytes to the file. Raises `InputError` where it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def extxyz_with_forces(registry: ModelRegistry, molecule: Molecule, predictions: list[dict[str, Any]]) -> str:
    """Extended XYZ of predictions, with forces of the energy models; crystals have none."""
    from atomlens.explain.extxyz_file import explanation_extxyz
    from atomlens.networks.protocol import Batch

    energies = [p["model"] for p in predictions if p["property"] == "energy" and molecule.cell is None]
    forces = {name: registry.load(name).forces(Batch.of([molecule])).tolist() for name in energies}
    return explanation_extxyz(molecule, predictions, forces)


def drawing_svg(
    registry: ModelRegistry,
    molecule: Molecule,
    predictions: list[dict[str, Any]],
    quantity: DrawnValues,
    unit: str,
    limit: float | None,
) -> str:
    """SVG of the molecule, flat, its atoms in the colours of their values."""
    from atomlens.chem.depiction import flat_positions
    from atomlens.explain.drawing import drawing, free_atoms, panels

    energies = {p["model"]: registry.card(p["model"]).free_atom_energies for p in predictions}
    chosen = panels(predictions, quantity.value, free_atoms(molecule, energies))
    return drawing(molecule, flat_positions(molecule), chosen, quantity.value, unit=unit, limit=limit)


def offline_html(registry: ModelRegistry, molecule: Molecule, predictions: list[dict[str, Any]], frontend: Path) -> str:
    """The page of this explanation as one file; `frontend` is the folder of the page."""
    from atomlens.service.offline import offline_explanation, offline_page

    names = [p["model"] for p in predictions]
    models, cards = [registry.load(name) for name in names], [registry.card(name) for name in names]
    title = f"{molecule.name or molecule.formula} · atomlens"
    explanation = offline_explanation(molecule, predictions, models, cards)
    return offline_page(frontend, explanation, title)


def relaxed_xyz(molecule: Molecule, energy: float) -> str:
    """XYZ in Å, whose comment says where the geometry is from; `energy` in eV."""
    lines = (
        f"{symbol} {x:.8f} {y:.8f} {z:.8f}"
        for symbol, (x, y, z) in zip(molecule.symbols, molecule.positions.tolist(), strict=True)
    )
    comment = f"relaxed with {molecule.geometry.method}, {energy:.6f} eV"
    return "\n".join([str(len(molecule)), comment, *lines, ""])
