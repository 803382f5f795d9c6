"""A SchNetPack 2 model as numbers: what its pickled modules say, checked to be a SchNet that this program has.

SchNetPack (Schütt, Hessmann, Gebauer, Lederer, Gastegger, J. Chem. Phys. 158, 144801 (2023)) saves a model as its
pickled torch modules: ``NeuralNetworkPotential`` with ``representation``, ``input_modules``, ``output_modules`` and
``postprocessors``. They are read by `training.torch_archive`; SchNetPack need not be installed.

Its energy is E = scale · Σ_i y_i + Σ_i (atomref_{Z_i} + mean), its dipole moment Σ_i q_i r_i with neutral q. The y_i
and q_i are outputs of dense layers on the representation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import CheckpointError
from atomlens.networks.protocol import Quantity
from atomlens.training.torch_archive import Standin, Tensor, TorchArchive

Array = NDArray[np.float64]
#: Names of activations in SchNetPack and torch, and on our cards.
ACTIVATIONS = {"shifted_softplus": "ssp", "silu": "silu", "SiLU": "silu", "Identity": ""}


@dataclass(frozen=True, eq=False)
class Dense:
    """weight: (n_out, n_in); bias: (n_out,); activation: "ssp", "silu", or "" for none."""

    weight: Array
    bias: Array
    activation: str


@dataclass(frozen=True, eq=False)
class InteractionLayers:
    """Layers of one interaction, in the order of use: filter network, in2f, f2out."""

    filter_first: Dense
    filter_second: Dense
    inward: Dense
    first: Dense
    second: Dense


@dataclass(eq=False)
class SchNetPackModel:
    """Everything that decides its predictions, in its own units.

    embedding: (n_rows, n_features) by atomic number; centres, widths: (n_gaussians,) and cutoff, lengths;
    scale: factor of the outputs' sum; atomrefs: (n_rows,) by atomic number, and mean, a constant per atom.
    """

    quantity: Quantity
    version: str
    cutoff: float
    centres: Array
    widths: Array
    embedding: Array
    interactions: list[InteractionLayers]
    output: list[Dense]
    magnitude: bool = False
    scale: float = 1.0
    atomrefs: Array = field(default_factory=lambda: np.zeros(100))
    mean: float = 0.0


class Module:
    """One pickled module of torch: its parameters, buffers, submodules and attributes."""

    def __init__(self, archive: TorchArchive, standin: Any, path: str) -> None:
        if not isinstance(standin, Standin) or "_modules" not in standin.state:
            raise CheckpointError(f"{archive.path} is no model of SchNetPack 2: its {path} is no module.")
        self._archive, self._state, self.path = archive, standin.state, path
        self.standin = standin
        self.kind = standin.where.rsplit(".", 1)[-1]

    def attribute(self, name: str, default: Any = None) -> Any:
        """A plain attribute."""
        return self._state.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self._state["_modules"]

    def __getitem__(self, name: str) -> Module:
        return Module(self._archive, self._state["_modules"].get(name), f"{self.path}.{name}")

    def __iter__(self) -> Iterator[Module]:
        return iter([self[name] for name in self._state["_modules"]])

    def array(self, name: str) -> Array:
        """A parameter or buffer; raises `CheckpointError` where there is none, or where it is not finite."""
        found = self._state.get("_parameters", {}).get(name)
        found = self._state.get("_buffers", {}).get(name) if found is None else found
        if not isinstance(found, Tensor):
            raise self.refused(f"has no {name}")
        values = self._archive.array(found)
        if not np.isfinite(values).all():
            raise self.refused(f"has values in {name} that are no finite numbers")
        return values

    def number(self, name: str) -> float:
        """A parameter or buffer of one element."""
        values = self.array(name)
        if values.size != 1:
            raise self.refused(f"has a {name} of {values.size} values instead of one")
        return float(values.reshape(()))

    def refused(self, why: str, hint: str | None = None) -> CheckpointError:
        """The error that says which module cannot be imported and why."""
        return CheckpointError(f"{self._archive.path} cannot be imported: its {self.path} {why}.", hint=hint)

    def must_be(self, *kinds: str) -> Module:
        """This module, where it is of one of these classes."""
        if self.kind not in kinds:
            raise self.refused(f"is a {self.kind}", hint=f"Only {' or '.join(kinds)} can be imported there.")
        return self

    def dense(self) -> Dense:
        """This module as a dense layer."""
        self.must_be("Dense", "Linear")
        weight = self.array("weight")
        if weight.ndim != 2:
            raise self.refused("has a weight that is no matrix")
        without = self._state.get("_parameters", {}).get("bias") is None
        bias = np.zeros(len(weight)) if without else self.array("bias")
        if bias.shape != weight.shape[:1]:
            raise self.refused("has a bias that does not fit its weight")
        return Dense(weight, bias, self._activation())

    def _activation(self) -> str:
        if "activation" in self:
            name = self["activation"].kind
        else:
            found = self.attribute("activation")
            name = "Identity" if found is None else str(getattr(found, "where", found)).rsplit(".", 1)[-1]
        if name not in ACTIVATIONS:
            raise self.refused(f"has the activation {name}", hint="shifted_softplus and silu can be imported.")
        return ACTIVATIONS[name]


def read_model(archive: TorchArchive) -> SchNetPackModel:
    """The model in an archive; raises `CheckpointError` for one that is not an energy or dipole model of SchNet."""
    root = _root(archive)
    for module in root["input_modules"]:
        module.must_be("PairwiseDistances", "Strain")
    representation = root["representation"].must_be("SchNet")
    outputs = [module for module in root["output_modules"] if module.kind != "Forces"]
    if len(outputs) != 1:
        raise root["output_modules"].refused(f"are {', '.join(m.kind for m in outputs) or 'none'}, not one")
    output = outputs[0].must_be("Atomwise", "DipoleMoment")
    basis = representation["radial_basis"].must_be("GaussianRBF")
    model = SchNetPackModel(
        quantity="energy" if output.kind == "Atomwise" else "dipole",
        version=str(root.attribute("spk_version", "2.0")),
        cutoff=representation["cutoff_fn"].must_be("CosineCutoff").number("cutoff"),
        centres=basis.array("offsets"),
        widths=basis.array("widths"),
        embedding=representation["embedding"].must_be("Embedding").array("weight"),
        interactions=_interactions(representation),
        output=[layer.dense() for layer in output["outnet"].must_be("Sequential")],
    )
    _check_output(output, model)
    _check_shapes(root, model)
    if root.attribute("do_postprocessing", True):
        for module in root["postprocessors"]:
            _postprocess(module, model, output)
    return model


def _root(archive: TorchArchive) -> Module:
    root = archive.root
    if isinstance(root, dict):
        raise CheckpointError(
            f"{archive.path} holds weights or a state of training, not a model.",
            hint="Give the model that SchNetPack saved whole: best_model in the folder of its training.",
        )
    module = Module(archive, root, "model")
    # a saved task holds the model that it trained
    module = module["model"] if module.kind == "AtomisticTask" else module
    return module.must_be("NeuralNetworkPotential")


def _interactions(representation: Module) -> list[InteractionLayers]:
    if "electronic_embeddings" in representation and list(representation["electronic_embeddings"]):
        raise representation.refused("has electronic embeddings (charge or spin)")
    blocks = list(representation["interactions"])
    if len({id(block.standin) for block in blocks}) < len(blocks):
        raise representation.refused("has interactions that share their weights (shared_interactions)")
    layers = []
    for block in blocks:
        filters, outward = block.must_be("SchNetInteraction")["filter_network"], block["f2out"]
        found = InteractionLayers(
            filters["0"].dense(),
            filters["1"].dense(),
            block["in2f"].dense(),
            outward["0"].dense(),
            outward["1"].dense(),
        )
        activations = tuple(layer.activation for layer in vars(found).values())
        if activations != ("ssp", "", "", "ssp", ""):
            raise block.refused(f"has the activations {activations}", hint="SchNet has shifted_softplus there.")
        if np.any(found.inward.bias):
            raise block.refused("has a bias in in2f")
        layers.append(found)
    return layers


def _check_output(output: Module, model: SchNetPackModel) -> None:
    if output.kind == "Atomwise":
        if output.attribute("aggregation_mode", "sum") != "sum":
            raise output.refused("averages over atoms", hint="Only a sum is a sum of the atoms' contributions.")
    else:
        if output.attribute("use_vector_representation", False):
            raise output.refused("uses vectors, which SchNet has not")
        if not output.attribute("correct_charges", True):
            raise output.refused("leaves charges uncorrected", hint="The charges here are always made neutral.")
        model.magnitude = bool(output.attribute("predict_magnitude", False))
    *hidden, last = [layer.activation for layer in model.output]
    if last or len(set(hidden)) > 1 or "" in hidden:
        raise output.refused(f"has layers of the activations {hidden} and {last or 'none'}")


def _check_shapes(root: Module, model: SchNetPackModel) -> None:
    """Every layer's input is the layer's before it."""
    features, gaussians = model.embedding.shape[1] if model.embedding.ndim == 2 else -1, model.centres.shape[0]
    chains = [[*(layer.weight.shape for layer in model.output)]]
    for block in model.interactions:
        filters = block.inward.weight.shape[0]
        chains.append([block.filter_first.weight.shape, block.filter_second.weight.shape])
        chains.append([block.inward.weight.shape, block.first.weight.shape, block.second.weight.shape])
        whole = (block.filter_first.weight.shape[1], block.filter_second.weight.shape[0])
        if whole != (gaussians, filters) or block.second.weight.shape[0] != features:
            raise root.refused("has an interaction whose layers do not fit")
    fits = all(a[0] == b[1] for chain in chains for a, b in pairwise(chain))
    starts = all(chain[0][1] == features for chain in chains if chain[0][1] != gaussians)
    if not fits or not starts or model.widths.shape != model.centres.shape or model.output[-1].weight.shape[0] != 1:
        raise root.refused("has layers that do not fit one another")
    if not model.cutoff > 0 or not (model.widths != 0).all() or gaussians < 2:
        raise root.refused("has a cutoff or Gaussians that are no lengths")


def _postprocess(module: Module, model: SchNetPackModel, output: Module) -> None:
    key = output.attribute("output_key" if output.kind == "Atomwise" else "dipole_key")
    if module.kind in ("CastTo64", "CastTo32", "CastMap"):
        return
    module.must_be("AddOffsets", "ScaleProperty", "CastTo64", "CastTo32")
    if module.kind == "ScaleProperty":
        if not module.attribute("input_key") == module.attribute("output_key") == key:
            raise module.refused(f"scales something else than {key}")
        factor = module.number("scale")
        model.scale, model.atomrefs, model.mean = model.scale * factor, model.atomrefs * factor, model.mean * factor
        return
    if module.attribute("_property") != key or model.quantity != "energy":
        raise module.refused(f"adds to something else than an energy {key}")
    if not module.attribute("is_extensive", True):
        raise module.refused("adds a mean per molecule", hint="Only a mean per atom can be given to the atoms.")
    if module.attribute("add_mean", False):
        model.mean += module.number("mean")
    if module.attribute("add_atomrefs", False):
        added = module.array("atomref").reshape(-1)
        size = max(len(added), len(model.atomrefs))
        model.atomrefs = np.pad(model.atomrefs, (0, size - len(model.atomrefs))) + np.pad(added, (0, size - len(added)))
