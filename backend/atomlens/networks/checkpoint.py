"""Checkpoints: weights as safetensors beside their card. Loading refuses what does not fit its card.

Tensors are named ``members.<k>.<parameter>``, ``environments.<...>`` for the statistics of the training
environments, and ``ensemble.weights`` and ``ensemble.factor`` where an ensemble is not a plain mean. A member's entry
on the card holds its hyperparameters under ``network``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import nn

from atomlens.errors import CheckpointError
from atomlens.networks.behler_parrinello import BehlerParrinello, BehlerParrinelloSettings
from atomlens.networks.card import CARD, WEIGHTS, Card
from atomlens.networks.model import Ensemble, Member, TrainedModel, member_of
from atomlens.networks.schnet import SchNet, SchNetSettings
from atomlens.networks.schnet_imported import ImportedSchNet, ImportedSettings

_ENVIRONMENTS, _ENSEMBLE = "environments.", "ensemble."


def save(
    folder: Path,
    card: dict[str, Any],
    members: Sequence[nn.Module],
    environments: Mapping[str, NDArray[np.floating]],
) -> Card:
    """Write folder/model.safetensors and folder/card.json (with the hash of the weights); float32."""
    tensors = {
        f"members.{k}.{name}": value.detach().float().contiguous()
        for k, member in enumerate(members)
        for name, value in member.state_dict().items()
    }
    return _write(folder, card, tensors | _environment_tensors(environments))


def replace_environments(folder: Path, environments: Mapping[str, NDArray[np.floating]]) -> Card:
    """Put these statistics of the training environments beside the weights; their hash changes."""
    card = Card.read(folder)
    kept = {name: value for name, value in _tensors(folder).items() if not name.startswith(_ENVIRONMENTS)}
    return _write(folder, card.raw, kept | _environment_tensors(environments))


def replace_ensemble(folder: Path, ensemble: Ensemble) -> Card:
    """Combine the members in this way from now on; the hash of the weights changes, as the answers do."""
    card = Card.read(folder)
    tensors = _tensors(folder)
    tensors[f"{_ENSEMBLE}weights"] = torch.from_numpy(ensemble.weights)
    tensors[f"{_ENSEMBLE}factor"] = torch.tensor(ensemble.factor, dtype=torch.float64)
    return _write(folder, card.raw, tensors)


def read_networks(folder: Path) -> list[SchNet | BehlerParrinello]:
    """The networks of every member in single precision, as they were saved."""
    card, tensors = Card.read(folder), _tensors(folder)
    networks = [build(card, entry) for entry in card.raw["members"]]
    for k, network in enumerate(networks):
        network.load_state_dict(_under(tensors, f"members.{k}."))
    return networks


def read_environments(folder: Path) -> dict[str, NDArray[np.float64]]:
    """The statistics of the training environments, as they were saved."""
    return _environments(_tensors(folder))


def _tensors(folder: Path) -> dict[str, torch.Tensor]:
    return load_tensors((folder / WEIGHTS).read_bytes())


def _environments(tensors: Mapping[str, torch.Tensor]) -> dict[str, NDArray[np.float64]]:
    return {name: value.double().numpy() for name, value in tensors.items() if name.startswith(_ENVIRONMENTS)}


def _environment_tensors(environments: Mapping[str, NDArray[np.floating]]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.asarray(value, dtype=np.float32)) for name, value in environments.items()}


def _write(folder: Path, card: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Card:
    data = save_tensors(tensors)
    whole = {**card, "sha256": hashlib.sha256(data).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(data)
    (folder / CARD).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return Card.read(folder)


def load(folder: Path) -> TrainedModel:
    """Load a model; raises `CheckpointError` where weights and card disagree."""
    card = Card.read(folder)
    try:
        data = (folder / WEIGHTS).read_bytes()
    except OSError as error:
        raise CheckpointError(f"The weights of {card.name} cannot be read: {error}.") from error
    if hashlib.sha256(data).hexdigest() != card.checkpoint_hash:
        raise CheckpointError(f"The weights of {card.name} are not those that its card names (sha256).")
    try:
        tensors = load_tensors(data)
        members = [
            _member(card, entry, _under(tensors, f"members.{k}.")) for k, entry in enumerate(card.raw["members"])
        ]
    except (SafetensorError, RuntimeError, KeyError, TypeError) as error:
        raise CheckpointError(f"The weights of {card.name} do not fit its card: {error}.") from error
    return TrainedModel(card, members, _environments(tensors), _ensemble(card, _under(tensors, _ENSEMBLE)))


def _ensemble(card: Card, tensors: dict[str, torch.Tensor]) -> Ensemble:
    if not tensors:
        return Ensemble.equal(card.n_members)
    weights, factor = tensors["weights"].double().numpy(), float(tensors["factor"])
    if weights.shape != (card.n_members,) or abs(weights.sum() - 1.0) > 1e-6 or not factor > 0.0:
        raise CheckpointError(f"{card.name}: the weights of its {card.n_members} members cannot be right.")
    return Ensemble(weights, factor)


def build(card: Card, entry: dict[str, Any]) -> SchNet | BehlerParrinello:
    """A fresh network with the hyperparameters of one member's entry on the card."""
    if card.family == "schnet" and "output_hidden" in entry["network"]:
        return ImportedSchNet(ImportedSettings.from_dict(entry["network"]), card.elements)
    if card.family == "schnet":
        return SchNet(SchNetSettings(**entry["network"]), card.elements)
    if card.family == "bp":
        return BehlerParrinello(BehlerParrinelloSettings.from_dict(entry["network"]), card.elements)
    raise CheckpointError(f"{card.name}: there is no family {card.family}.")


def _member(card: Card, entry: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Member:
    network = build(card, entry)
    if network.cutoff != card.cutoff:
        raise CheckpointError(f"{card.name}: cutoff {network.cutoff} of a member, {card.cutoff} on the card.")
    network.load_state_dict(tensors)
    return member_of(network)


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
