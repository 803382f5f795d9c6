"""Turns a SchNetPack 2 model into a model of this program: weights as safetensors beside a complete card.

Lengths and energies may be in other units there; all are converted (the cutoff and the Gaussians with the lengths,
the last layer and the references with the energies). Where its filters have another width than its atoms' features,
the narrower is filled up with zeros, which changes no prediction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import nn

from atomlens import __version__
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.errors import CheckpointError, MalformedInput
from atomlens.networks.card import Card
from atomlens.networks.checkpoint import save
from atomlens.networks.schnet_imported import ImportedSchNet, ImportedSettings
from atomlens.networks.spline import evaluate
from atomlens.training.schnetpack_model import Array, Dense, InteractionLayers, SchNetPackModel, read_model
from atomlens.training.torch_archive import TorchArchive
from atomlens.units import ATOMIC_UNIT_DEBYE, BOHR_ANGSTROM, E_ANGSTROM_DEBYE, ENERGY_UNITS_PER_EV

#: How many Å one unit of length is.
LENGTHS: Mapping[str, float] = MappingProxyType({"Å": 1.0, "Bohr": BOHR_ANGSTROM})
#: How many debye one unit of the dipole moment is.
DIPOLES: Mapping[str, float] = MappingProxyType({"debye": 1.0, "e·Å": E_ANGSTROM_DEBYE, "au": ATOMIC_UNIT_DEBYE})
#: Intervals of the filter table that are tried, and the error (a share of the largest filter) that is enough.
INTERVALS, TABLE_ERROR = (256, 512, 1024, 2048), 1e-8
#: Distances at which the table is compared with the filter network.
SAMPLES = 5003

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def import_schnetpack(
    source: Path,
    models: Path,
    name: str,
    *,
    elements: Sequence[str] = (),
    unit: str | None = None,
    length_unit: str = "Å",
    title: str | None = None,
) -> Card:
    """Write models/NAME from the file of a SchNetPack model, and return its card.

    elements: symbols; none: those with a reference energy in the file. unit: of its energies (eV, kcal/mol, kJ/mol,
    Ha; default eV) or of its dipole moments (debye, e·Å, au; default debye). length_unit: Å or Bohr.
    Raises `MalformedInput` for a wrong argument, `CheckpointError` for a file that cannot be imported.
    """
    if not _NAME.fullmatch(name):
        raise MalformedInput(
            f"{name!r} is no name of a model.", field="name", hint="Small letters, digits and hyphens: qm9-mine-energy."
        )
    if (models / name).exists():
        raise MalformedInput(f"There is a model {name} already.", field="name", hint="Give another name.")
    archive = TorchArchive(source)
    model = read_model(archive)
    numbers = _elements(model, elements)
    model = _in_our_units(model, unit, length_unit)
    network, error = _network(model, numbers)
    card = _card(model, numbers, name, title, network)
    card["imported"] = {
        "program": "SchNetPack",
        "version": model.version,
        "sha256": hashlib.sha256(archive.data).hexdigest(),
        "unit": unit or _default_unit(model),
        "length_unit": length_unit,
        "table_error": float(f"{error:.1e}"),
    }
    try:
        return save(models / name, card, [network], {})
    except OSError as failure:
        raise CheckpointError(
            f"{models / name} cannot be written: {failure.strerror}.", hint="ATOMLENS_MODELS_DIR names another folder."
        ) from failure


def _default_unit(model: SchNetPackModel) -> str:
    return "eV" if model.quantity == "energy" else "debye"


def _elements(model: SchNetPackModel, symbols: Sequence[str]) -> tuple[int, ...]:
    rows = min(len(model.embedding), 119)
    if not symbols:
        found = tuple(int(z) for z in np.flatnonzero(model.atomrefs[:rows]) if z > 0)
        if not found:
            raise MalformedInput(
                "The file does not say which elements the model was trained on: it has no reference energies.",
                field="elements",
                hint="Name them: --elements H,C,N,O.",
            )
        return found
    unknown = [symbol for symbol in symbols if not 0 < NUMBERS.get(symbol, 0) < rows]
    if unknown:
        raise MalformedInput(f"The model has no element {', '.join(unknown)}.", field="elements")
    return tuple(sorted({NUMBERS[symbol] for symbol in symbols}))


def _in_our_units(model: SchNetPackModel, unit: str | None, length_unit: str) -> SchNetPackModel:
    """Lengths in Å, energies in eV, charges in e; the scale goes into the last layer."""
    energy = model.quantity == "energy"
    known = {key: 1.0 / value for key, value in ENERGY_UNITS_PER_EV.items()} if energy else dict(DIPOLES)
    unit = unit or _default_unit(model)
    if unit not in known or length_unit not in LENGTHS:
        raise MalformedInput(
            f"{unit} and {length_unit} are no units of {'an energy' if energy else 'a dipole moment'} and a length.",
            field="unit",
            hint=f"There are {', '.join(known)}; and {', '.join(LENGTHS)}.",
        )
    length = LENGTHS[length_unit]
    # a dipole moment is charge times length: raw charges there are in its unit over the unit of length
    factor = known[unit] if energy else known[unit] / length / E_ANGSTROM_DEBYE
    last, whole = model.output[-1], factor * model.scale
    if not energy and model.magnitude and model.scale < 0:
        raise CheckpointError("The length of its dipole moment is scaled by a negative number.")
    return replace(
        model,
        cutoff=model.cutoff * length,
        centres=model.centres * length,
        widths=model.widths * length,
        output=[*model.output[:-1], Dense(last.weight * whole, last.bias * whole, last.activation)],
        scale=1.0,
        atomrefs=model.atomrefs * factor,
        mean=model.mean * factor,
    )


def _network(model: SchNetPackModel, numbers: tuple[int, ...]) -> tuple[ImportedSchNet, float]:
    """The network with the model's weights, and the error of its filter table as a share of the largest filter."""
    for intervals in INTERVALS:
        network = _filled(model, numbers, intervals)
        error = _table_error(network)
        if error <= TABLE_ERROR:
            break
    return network, error


def _filled(model: SchNetPackModel, numbers: tuple[int, ...], intervals: int) -> ImportedSchNet:
    width = max([model.embedding.shape[1], *(len(block.inward.weight) for block in model.interactions)])
    settings = ImportedSettings(
        features=width,
        interactions=len(model.interactions),
        gaussians=len(model.centres),
        cutoff=model.cutoff,
        intervals=intervals,
        output_hidden=tuple(len(layer.weight) for layer in model.output[:-1]),
        output_activation=model.output[0].activation or "ssp",
    )
    network = ImportedSchNet(settings, numbers).double()
    tensors = {"embedding": _padded(model.embedding[list(numbers)], len(numbers), width)}
    tensors |= {"centres": model.centres, "widths": model.widths}
    for k, block in enumerate(model.interactions):
        for part, layer in _layers(block).items():
            inputs = len(model.centres) if part == "filter_first" else width
            tensors[f"interactions.{k}.{part}.weight"] = _padded(layer.weight, width, inputs)
            if part != "inward":
                tensors[f"interactions.{k}.{part}.bias"] = _padded(layer.bias[None], 1, width)[0]
    for k, layer in enumerate(model.output):
        inputs = width if k == 0 else layer.weight.shape[1]
        tensors[f"output_layers.{k}.weight"] = _padded(layer.weight, len(layer.weight), inputs)
        tensors[f"output_layers.{k}.bias"] = layer.bias
    network.load_state_dict({key: torch.from_numpy(value) for key, value in tensors.items()})
    return network


def _layers(block: InteractionLayers) -> dict[str, Dense]:
    return vars(block)


def _padded(matrix: Array, rows: int, columns: int) -> Array:
    return np.pad(matrix, ((0, rows - matrix.shape[0]), (0, columns - matrix.shape[1])))


def _table_error(network: ImportedSchNet) -> float:
    distances = torch.linspace(0.0, network.cutoff, SAMPLES, dtype=torch.float64)[:-1]
    worst = 0.0
    with torch.no_grad():
        expanded = network.expand(distances)
        for layer, table in zip(network.interactions, network.tables(), strict=True):
            exact = layer.filters(*expanded)  # type: ignore[operator]
            off = (exact - evaluate(table, distances, network.cutoff)).abs().max() / exact.abs().max()
            worst = max(worst, float(off))
    return worst


def _card(
    model: SchNetPackModel, numbers: tuple[int, ...], name: str, title: str | None, network: nn.Module
) -> dict[str, Any]:
    energy, symbols = model.quantity == "energy", [SYMBOLS[z] for z in numbers]
    references = np.pad(model.atomrefs, (0, 119)) + model.mean
    limits = [
        f"Imported: what it was trained on, and its error, are not known here; it has weights for {' '.join(symbols)}.",
        "Only the sum over atoms is trained: the split among atoms is the model's own.",
    ]
    if model.magnitude:
        limits.append("Trained on the length of the dipole moment: the sign of all charges together is arbitrary.")
    return {
        "name": name,
        "title": title or f"SchNet, {model.quantity}, imported from SchNetPack",
        "family": "schnet",
        "property": model.quantity,
        "unit": "eV" if energy else "debye",
        "contribution_unit": "eV" if energy else "e",
        "elements": symbols,
        "cutoff": model.cutoff,
        "reference_energies": {SYMBOLS[z]: float(references[z]) for z in numbers} if energy else None,
        "free_atom_energies": None,
        "description": f"A SchNet trained with SchNetPack {model.version} elsewhere, imported.",
        "limits": limits,
        # nothing is known of either: null and nothing, never a figure
        "trained": {},
        "test": None,
        "data": None,
        "published": None,
        "version": __version__,
        "members": [{"network": network.settings.to_dict(), "sign": 1}],  # type: ignore[union-attr, operator]
    }
