"""The field of a probe atom: ours, the plain ways, and the floor, in one run.

    .venv/bin/python benchmarks/field.py [--threads N] [--quick] [--write]

For molecules of growing size and grids of 30³ to 100³ points, one element, single precision, untrained networks
(SchNet of 64 features, 6 interactions, 5 Å; Behler–Parrinello of the released size), as quick as trained ones:

ours       `explain.field.compute`, from molecule to finished grid
supers     the naive way: molecule and probe as one molecule for every point, filter network for every pair
bipartite  the molecule once, then filter network and sums over the pairs of points and atoms, in torch
dense      the matrix products alone that a probe's layers are, of the points within reach: the floor

The plain ways are measured on a part of the points, spread evenly over the grid, and scaled up; that they give the same
values is checked. --write puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
OPEN, CLOSE = "<!-- fields: benchmarks/field.py -->\n", "<!-- end of fields -->"
MOLECULES = {
    "ethanol": "CCO",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "quinine": "COc1ccc2nccc(C(O)C3CC4CCN3CC4C=C)c2c1",
    "peptide": "CC(=O)" + "NC(C)C(=O)" * 14 + "NC",
}
SIDES = (30, 50, 100)
ELEMENTS = (1, 6, 7, 8)
PROBE = 6
#: Points that a plain way is measured on, and how many it treats at a time.
SAMPLE, SUPERS_A_BATCH, BIPARTITE_A_BATCH = 512, 16, 1024
AGREE = 1e-3


@dataclass(frozen=True)
class Case:
    """A model of one network, that network in single precision, and a molecule in a grid."""

    model: Any
    network: Any
    molecule: Any
    grid: Any


def untrained(family: str) -> tuple[Any, Any]:
    """A model of one network, and the network in single precision."""
    from atomlens.networks.behler_parrinello import BehlerParrinello, BehlerParrinelloSettings
    from atomlens.networks.model import Ensemble, TrainedModel, member_of
    from atomlens.networks.registry import ModelRegistry
    from atomlens.networks.schnet import SchNet, SchNetSettings

    torch.manual_seed(0)
    card = ModelRegistry(ROOT / "models").cards[f"qm9-{family}-energy"]
    if family == "schnet":
        network: Any = SchNet(SchNetSettings(64, 6, 50, 5.0, 128), ELEMENTS)
    else:
        settings = BehlerParrinelloSettings.from_dict(card.raw["members"][0]["network"])
        network = BehlerParrinello(settings, ELEMENTS)
    member = member_of(network)
    raw = {**card.raw, "members": [{}], "cutoff": network.cutoff}
    model = TrainedModel(type(card)(raw), [member], {}, Ensemble.equal(1))
    return model, member.single


def ours(case: Case) -> np.ndarray:
    """(n_points,) raw values on the whole grid."""
    from atomlens.explain.field import compute

    field = compute(case.model, case.molecule, "potential", [PROBE], case.grid)
    return field.values.reshape(-1) + field.at_infinity[0]


def supers_schnet(case: Case, points: np.ndarray) -> np.ndarray:
    """Every point a molecule of its own, of which the probe is the last atom."""
    network, molecule = case.network, case.molecule
    n = len(molecule.numbers) + 1
    own = np.searchsorted(ELEMENTS, np.append(molecule.numbers, PROBE))
    values = []
    for first in range(0, len(points), SUPERS_A_BATCH):
        block = points[first : first + SUPERS_A_BATCH]
        positions = np.concatenate([np.vstack([molecule.positions, point]) for point in block]).astype(np.float32)
        positions = torch.from_numpy(positions).view(len(block), n, 3)
        distances = torch.cdist(positions, positions, compute_mode="donot_use_mm_for_euclid_dist")
        near = (distances < network.cutoff) & ~torch.eye(n, dtype=torch.bool)
        # the molecule does not feel the probe
        near[:, :-1, -1] = False
        batch, centre, neighbour = near.nonzero(as_tuple=True)
        expansion, envelope = network.expand(distances[batch, centre, neighbour])
        x = network.embedding[np.tile(own, len(block))]
        for layer in network.layers:
            messages = layer.inward(x)[batch * n + neighbour] * layer.filters(expansion, envelope)
            x = layer.update(x, torch.zeros_like(x).index_add(0, batch * n + centre, messages))
        values.append(network.output(x).view(len(block), n)[:, -1])
    return torch.cat(values).numpy()


def bipartite_schnet(case: Case, points: np.ndarray) -> np.ndarray:
    """The molecule once; then pairs of points and atoms."""
    from atomlens.networks.convolution import MoleculePairs
    from atomlens.networks.schnet import species_index

    network, molecule = case.network, case.molecule
    pairs = MoleculePairs.within(molecule.positions, np.array([0, len(molecule.numbers)]), network.cutoff)
    own = species_index(molecule.numbers, network.elements)
    _, inputs = network(own, torch.from_numpy(pairs.distances), pairs)
    atoms = torch.from_numpy(molecule.positions.astype(np.float32))
    values = []
    for first in range(0, len(points), BIPARTITE_A_BATCH):
        block = torch.from_numpy(points[first : first + BIPARTITE_A_BATCH].astype(np.float32))
        distances = torch.cdist(block, atoms, compute_mode="donot_use_mm_for_euclid_dist")
        centre, neighbour = (distances < network.cutoff).nonzero(as_tuple=True)
        expansion, envelope = network.expand(distances[centre, neighbour])
        total = network.embedding[ELEMENTS.index(PROBE)].expand(len(block), -1)
        for layer, x in zip(network.layers, inputs, strict=True):
            messages = layer.inward(x)[neighbour] * layer.filters(expansion, envelope)
            total = layer.update(total, torch.zeros((len(block), x.shape[1])).index_add(0, centre, messages))
        values.append(network.output(total))
    return torch.cat(values).numpy()


def dense_schnet(case: Case, n_points: int) -> None:
    """Two layers for every interaction, and the output network."""
    network = case.network
    for first in range(0, n_points, BIPARTITE_A_BATCH):
        x = torch.ones((min(BIPARTITE_A_BATCH, n_points - first), network.settings.features))
        for layer in network.layers:
            x @ layer.first.weight.t() @ layer.second.weight.t()
        x @ network.out_first.weight.t() @ network.out_second.weight.t()


def supers_bp(case: Case, points: np.ndarray) -> np.ndarray:
    """The symmetry functions of all atoms of molecule and probe, and their networks, for every point."""
    network, molecule = case.network, case.molecule
    numbers = np.append(molecule.numbers, PROBE)
    species = torch.from_numpy(np.searchsorted(ELEMENTS, numbers))
    values = []
    for point in points:
        positions = torch.from_numpy(np.vstack([molecule.positions, point]).astype(np.float32))
        functions = network.settings.functions.reference(torch.from_numpy(numbers), positions)
        values.append(network(species, network.standardized(species, functions))[-1:])
    return torch.cat(values).numpy()


def dense_bp(case: Case, n_points: int) -> None:
    """The three layers of one element's network."""
    network = case.network.networks[ELEMENTS.index(PROBE)]
    for first in range(0, n_points, BIPARTITE_A_BATCH):
        x = torch.ones((min(BIPARTITE_A_BATCH, n_points - first), network.first.in_features))
        x @ network.first.weight.t() @ network.second.weight.t() @ network.out.weight.t()


def seconds(work: Callable[[], Any], at_least: float = 0.3) -> float:
    """Of one call: the fastest of as many as fill that time, two at least."""
    times: list[float] = []
    while len(times) < 2 or sum(times) < at_least:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def scaled(way: Callable[[Case, np.ndarray], np.ndarray], case: Case, sample: int, values: np.ndarray) -> float:
    """Seconds of a plain way for the whole grid, measured on some points, whose values are compared with ours."""
    places = np.linspace(0, case.grid.n_points - 1, sample).astype(np.int64)
    points = case.grid.points(places)
    found = way(case, points)
    if np.abs(found - values[places]).max() > AGREE * np.ptp(values):
        sys.exit(f"{way.__name__} gives other values: {np.abs(found - values[places]).max()}")
    return seconds(lambda: way(case, points), at_least=0.0) / sample * case.grid.n_points


def row(case: Case, name: str, side: int) -> str:
    """A line of the table."""
    from atomlens.explain.field import _regions

    values = ours(case)
    reached = len(_regions(case.model.cutoff, case.molecule, case.grid, lambda: None)[0])
    mine = seconds(lambda: ours(case))
    if case.model.family == "schnet":
        floor = seconds(lambda: dense_schnet(case, reached))
        # megabytes for each point of the largest molecule
        supers = scaled(supers_schnet, case, SAMPLE // 4 if len(case.molecule.numbers) > 100 else SAMPLE, values)
        bipartite = f"{scaled(bipartite_schnet, case, SAMPLE * 8, values) / mine:.0f}"
    else:
        floor = seconds(lambda: dense_bp(case, reached))
        # hundreds of megabytes for each point of the largest molecule
        supers = scaled(supers_bp, case, max(2, 40_000 // len(case.molecule.numbers) ** 2), values)
        bipartite = ""
    label = {"schnet": "SchNet", "bp": "Behler–Parrinello"}[case.model.family]
    cells = [label, f"{name}, {len(case.molecule.numbers)} atoms", f"{side}³", f"{mine * 1e3:.0f}"]
    cells += [f"{mine / reached * 1e6:.2f}", f"{mine / floor:.1f}", f"{supers / mine:,.0f}", bipartite]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| model | molecule | grid | ours, ms | µs for each point within reach | times the floor | supers, times ours "
    "| bipartite, times ours |",
    "|---|---|---|---|---|---|---|---|",
)


def table(sides: tuple[int, ...], names: list[str]) -> str:
    """Markdown, printed line by line."""
    from atomlens.chem.smiles import read_smiles
    from atomlens.explain.grid import grid_around

    lines = list(HEAD)
    print(*lines, sep="\n", flush=True)
    molecules = {name: read_smiles(MOLECULES[name], 300) for name in names}
    for family in ("schnet", "bp"):
        model, network = untrained(family)
        for name, molecule in molecules.items():
            for side in sides:
                case = Case(model, network, molecule, grid_around(molecule, shape=(side, side, side)))
                lines.append(row(case, name, side))
                print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write on demand."""
    import os

    import numba

    parser = argparse.ArgumentParser(description="The field of a probe atom: ours, the plain ways, and the floor.")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--quick", action="store_true", help="the two smaller molecules and 30³ points")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.set_grad_enabled(False)
    numba.set_num_threads(given.threads)
    text = table(SIDES[:1] if given.quick else SIDES, list(MOLECULES)[: 2 if given.quick else None])
    if given.write:
        from atomlens.training.report import between

        made = "\n".join(
            [
                "## Fields of a probe atom",
                "",
                f"One element, single precision, {given.threads} threads; `benchmarks/field.py` says what is compared.",
                "",
                text,
                "",
            ]
        )
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), OPEN, CLOSE, made), encoding="utf-8")


if __name__ == "__main__":
    main()
