"""Builds, trains and saves models with SchNetPack, and writes what they predict.

    python schnetpack_models.py CASES.json FOLDER

CASES.json: ``molecules``, a list of ``numbers`` and ``positions`` (Å), and ``cases``, name → how the model is built
(see `build`). For every case FOLDER gets NAME.model, the pickled model, and NAME.npz: its weights under
``weights.…``, and its predictions in double precision: ``total`` (M,) or (M, 3), ``atoms`` (n_atoms,) of the output
network or the charges, ``forces`` (n_atoms, 3) of an energy.
"""

import copy
import json
import sys
from pathlib import Path

import numpy as np
import schnetpack_package
import torch

schnetpack_package.prepare()

import schnetpack.nn as snn  # noqa: E402
from schnetpack import properties  # noqa: E402
from schnetpack.atomistic import Atomwise, DipoleMoment, Forces, PairwiseDistances  # noqa: E402
from schnetpack.model import NeuralNetworkPotential  # noqa: E402
from schnetpack.nn.activations import shifted_softplus  # noqa: E402
from schnetpack.representation import PaiNN, SchNet  # noqa: E402
from schnetpack.transform import AddOffsets, CastTo64  # noqa: E402

ACTIVATIONS = {"ssp": shifted_softplus, "silu": torch.nn.functional.silu, "relu": torch.nn.functional.relu}
BASES = {"gaussian": snn.GaussianRBF, "centred": snn.GaussianRBFCentered, "bessel": snn.BesselRBF}
CUTOFFS = {"cosine": snn.CosineCutoff, "mollifier": snn.MollifierCutoff}


def build(case: dict) -> NeuralNetworkPotential:
    """A model with random weights, none of which is zero."""
    torch.manual_seed(case.get("seed", 0))
    representation = (PaiNN if case.get("painn") else SchNet)(
        n_atom_basis=case["features"],
        n_interactions=case["interactions"],
        radial_basis=BASES[case.get("basis", "gaussian")](case["gaussians"], case["cutoff"], **case.get("rbf", {})),
        cutoff_fn=CUTOFFS[case.get("cutoff_function", "cosine")](case["cutoff"]),
        shared_interactions=case.get("shared", False),
        **({"n_filters": case["filters"]} if "filters" in case else {}),
    )
    options = {"activation": ACTIVATIONS[case.get("activation", "silu")], **case.get("output", {})}
    if case["property"] == "energy":
        outputs = [Atomwise(case["features"], output_key="energy", per_atom_output_key="atoms", **options)]
    else:
        outputs = [DipoleMoment(case["features"], return_charges=True, **options)]
    if case.get("forces"):
        outputs.append(Forces())
    model = NeuralNetworkPotential(
        representation, input_modules=[PairwiseDistances()], output_modules=outputs, postprocessors=offsets(case)
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model


def offsets(case: dict) -> list:
    """As SchNetPack's training sets them from its data: a buffer by atomic number, and a mean per atom."""
    if "atomrefs" not in case:
        return [CastTo64()]
    add = AddOffsets("energy", add_mean=True, add_atomrefs=True)
    add.atomref = torch.zeros(100)
    for number, energy in case["atomrefs"].items():
        add.atomref[int(number)] = energy
    add.mean = torch.tensor([case["mean"]])
    return [CastTo64(), add]


def inputs(molecules: list, cutoff: float, dtype: torch.dtype) -> dict:
    """A batch as SchNetPack's data loaders make it."""
    sizes = [len(molecule["numbers"]) for molecule in molecules]
    positions = torch.tensor(np.concatenate([molecule["positions"] for molecule in molecules]), dtype=dtype)
    index = np.repeat(np.arange(len(sizes)), sizes)
    distance = np.linalg.norm(positions[:, None].numpy() - positions[None].numpy(), axis=-1)
    near = (distance < cutoff) & (index[:, None] == index) & ~np.eye(len(index), dtype=bool)
    centres, neighbours = (torch.from_numpy(column) for column in np.nonzero(near))
    return {
        properties.Z: torch.tensor(np.concatenate([molecule["numbers"] for molecule in molecules])),
        properties.R: positions,
        properties.n_atoms: torch.tensor(sizes),
        properties.idx_m: torch.from_numpy(index),
        properties.idx_i: centres,
        properties.idx_j: neighbours,
        properties.offsets: torch.zeros((len(centres), 3), dtype=dtype),
    }


def train(model: NeuralNetworkPotential, molecules: list, case: dict) -> None:
    """A few steps towards targets that only have to move every weight."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    key = "energy" if case["property"] == "energy" else "dipole_moment"
    model.do_postprocessing = False
    for step in range(case["steps"]):
        prediction = model(inputs(molecules, case["cutoff"], torch.float32))[key]
        loss = ((prediction - torch.sin(torch.arange(prediction.numel()) + step).view_as(prediction)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.do_postprocessing = True


def predict(model: NeuralNetworkPotential, molecules: list, case: dict) -> dict:
    """Predictions in double precision."""
    model = copy.deepcopy(model).double().eval()
    if case.get("exact"):
        # SchNetPack keeps the centres of its Gaussians rounded to single precision
        basis = model.representation.radial_basis
        basis.offsets = torch.linspace(0.0, case["cutoff"], case["gaussians"], dtype=torch.float64)
        basis.widths = torch.full_like(basis.offsets, case["cutoff"] / (case["gaussians"] - 1))
    batch = inputs(molecules, case["cutoff"], torch.float64)
    batch[properties.R].requires_grad_()
    found = model(dict(batch))
    if case["property"] != "energy":
        return {"total": found["dipole_moment"], "atoms": found["partial_charges"].squeeze(-1)}
    forces = found.get("forces")
    if forces is None:
        forces = -torch.autograd.grad(found["energy"].sum(), batch[properties.R])[0]
    return {"total": found["energy"], "atoms": found["atoms"].squeeze(-1), "forces": forces}


def main(cases: Path, folder: Path) -> None:
    """Every case of the file."""
    task = json.loads(cases.read_text())
    for name, case in task["cases"].items():
        model = build(case)
        if case.get("steps"):
            train(model, task["molecules"], case)
        torch.save(model, folder / f"{name}.model")
        arrays = {f"weights.{key}": value for key, value in model.state_dict().items()}
        if not case.get("refused"):
            arrays |= predict(model, task["molecules"], case)
        np.savez(folder / f"{name}.npz", **{key: value.detach().numpy() for key, value in arrays.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
