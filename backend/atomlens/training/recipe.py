"""The recipe of a training: what is trained, on what, how long; a TOML file."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Quantity


@dataclass(frozen=True)
class Fit:
    """How the fit goes.

    batch: molecules a step
    epochs: passes over the training set
    steps: of the whole fit, in place of epochs and without validating in between (0: by epochs)
    learning_rate: peak; schedule: "cosine" or "plateau"; warmup: steps
    average: decay of the moving average of weights; weight_decay: decoupled; clip: largest norm of the gradient
    patience: epochs without improvement before a plateau schedule halves the rate
    free_atoms: weight of the free atoms in the loss (energies; 0: left out)
    auxiliary: weight of G4MP2 energies in the loss, of which more molecules have one (energies; 0: left out)
    components: whether dipole moments are compared component by component (`training.dipole_components`)
    scale: of the network's output while it is trained; with Adam a smaller one means finer steps of the output
    half_gradients: weights' gradients from half-precision factors, where the processor is faster with them (SchNet)
    parcel: configurations of one group that come together in a batch (fits with forces or differences)
    absolute, relative, force: weights of totals, differences within a parcel, force components in the loss (likewise)
    minima: how many times more a difference counts where the geometry is an anchor of its own level
    displaced: the same where it is displaced; far: eV from which such a difference counts by its square (0: nowhere)
    share: of the displaced geometries but turned ones and those of few atoms, that each epoch meets
    small: how many times more the total of a molecule of up to a dozen atoms counts at its minimum
    keep: share of the network from which a fit went on in what is released: a mean of the weights loses less of what it
        knew (Wortsman et al., CVPR 2022, arXiv:2109.01903)
    whitening: floor of the variances when symmetry functions are decorrelated (Behler–Parrinello; 0: they are not)
    """

    batch: int = 64
    epochs: int = 40
    steps: int = 0
    learning_rate: float = 1e-3
    schedule: str = "cosine"
    warmup: int = 1000
    average: float = 0.999
    weight_decay: float = 0.0
    free_atoms: float = 0.0
    auxiliary: float = 0.0
    components: bool = False
    scale: float = 1.0
    whitening: float = 0.0
    half_gradients: bool = False
    parcel: int = 1
    absolute: float = 1.0
    relative: float = 0.0
    force: float = 0.0
    minima: float = 1.0
    displaced: float = 1.0
    far: float = 0.0
    share: float = 1.0
    small: float = 1.0
    keep: float = 0.0
    clip: float = 10.0
    patience: int = 5
    seed: int = 0


@dataclass(frozen=True)
class Recipe:
    """The training of one network. `path`: of the TOML file; relative folders in it are relative to the file.

    data: name of the data set (`training.catalogue`); folder: where its files are; member: place of the network in the
    ensemble of that name, 0 for the main one; tune: whether the fit goes on from the released network.
    """

    path: Path
    name: str
    title: str
    family: str
    quantity: Quantity
    data: str
    folder: Path
    network: dict[str, Any]
    fit: Fit
    description: str = ""
    limits: tuple[str, ...] = ()
    train_size: int | None = None
    member: int = 0
    tune: bool = False
    released: Path = field(default=Path("models"))

    @property
    def run(self) -> str:
        """Name of the folder of snapshots."""
        return f"{self.name}{f'-{self.member}' if self.member else ''}{'-tune' if self.tune else ''}"


def read_recipe(path: Path, member: int = 0, tune: bool = False) -> Recipe:
    """Read and check a recipe; raises `CheckpointError` naming what is wrong.

    member: which network of the ensemble: 0 is the recipe's own, k changes it by what the k-th [[members]] says under
    `network` and `fit`; tune: the fit changed by what `tune` says, of the recipe and then of that member.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CheckpointError(f"The recipe {path} cannot be read: {error}.") from error
    others = data.get("members", [])
    if not 0 <= member <= len(others):
        raise CheckpointError(f"{path} has no member {member}: it has {len(others)} under [[members]].")
    changes = others[member - 1] if member else {}
    fit = {**data.get("fit", {}), **changes.get("fit", {}), **(_tuning(path, data, changes) if tune else {})}
    try:
        network = {**data["network"], **changes.get("network", {})}
        recipe = Recipe(
            path=path,
            name=data["name"],
            title=data["title"],
            family=network.pop("family"),
            quantity=data["quantity"],
            data=data["data"].get("set", "qm9"),
            folder=(path.parent / data["data"]["folder"]).resolve(),
            network=network,
            fit=_fit(path, fit),
            description=data.get("description", ""),
            limits=tuple(data.get("limits", ())),
            train_size=data["data"].get("train_size"),
            member=member,
            tune=tune,
            released=(path.parent / data.get("released", "../models")).resolve(),
        )
    except KeyError as error:
        raise CheckpointError(f"{path}: {error} is missing.") from error
    _check(recipe)
    return recipe


def _tuning(path: Path, data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {**data.get("tune", {}), **changes.get("tune", {})}
    if not given:
        raise CheckpointError(f"{path} does not say under [tune] how a released network is trained on.")
    return given


def _fit(path: Path, given: dict[str, Any]) -> Fit:
    known = {item.name for item in dataclasses.fields(Fit)}
    surplus = set(given) - known
    if surplus:
        raise CheckpointError(f"{path}: [fit] does not know {sorted(surplus)}; it knows {sorted(known)}.")
    return Fit(**given)


def _check(recipe: Recipe) -> None:
    path = recipe.path
    if recipe.family not in ("schnet", "bp") or recipe.quantity not in ("energy", "dipole"):
        raise CheckpointError(f"{path}: family is schnet or bp, quantity energy or dipole.")
    if recipe.fit.auxiliary > 0.0 and recipe.quantity != "energy":
        raise CheckpointError(f"{path}: only energies have an auxiliary target.")
    if recipe.fit.components and recipe.quantity != "dipole":
        raise CheckpointError(f"{path}: only dipole moments have components.")
    if recipe.fit.whitening > 0.0 and recipe.family != "bp":
        raise CheckpointError(f"{path}: only symmetry functions are whitened.")
    if recipe.fit.half_gradients and recipe.fit.force > 0.0:
        raise CheckpointError(f"{path}: forces are learned from small differences, which half_gradients would drown.")
    if recipe.fit.schedule not in ("cosine", "plateau"):
        raise CheckpointError(f"{path}: schedule is cosine or plateau, not {recipe.fit.schedule}.")
