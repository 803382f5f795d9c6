"""Our training step against SchNetPack's: the same molecules, sizes, batch and threads, in turn, in one run.

    make .make/reference && .venv/bin/python benchmarks/train_step.py [--threads N] [--rounds N] [--write]

Either step is a whole one, from molecules in memory to averaged weights: a batch is put together, then model, loss,
gradient, clipping, AdamW, moving average of the weights. Ours finds the neighbours of each batch; SchNetPack's
molecules have theirs ready, as its cache keeps them. Both in single precision with the energy as the target. What
counts is the ratio; --write puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / ".make" / "reference-packages"), str(ROOT / "tests" / "reference")]

SIZES = ((64, 6), (128, 6))
BATCH, MOLECULES, GAUSSIANS, CUTOFF = 100, 2000, 50, 5.0
#: Of the filter tables, as in recipes/.
INTERVALS = 128
PAGE = ROOT / "docs" / "performance.md"
OPEN, CLOSE = "<!-- training step: benchmarks/train_step.py -->\n", "<!-- end of training step -->"


def our_trainer(features: int, interactions: int, data: Path):
    """A trainer on some molecules of QM9."""
    from atomlens.training.fit import Trainer
    from atomlens.training.problem import read_problem
    from atomlens.training.recipe import Fit, Recipe

    network = {"features": features, "interactions": interactions, "gaussians": GAUSSIANS, "cutoff": CUTOFF}
    network["intervals"] = INTERVALS
    fit = Fit(batch=BATCH, epochs=1000, half_gradients=True)
    recipe = Recipe(ROOT, "benchmark", "benchmark", "schnet", "energy", data, network, fit, train_size=MOLECULES)
    return Trainer(recipe, read_problem(recipe), ROOT / "runs" / "benchmark")


def their_steps(trainer, features: int, interactions: int) -> Callable[[], float]:
    """A step of SchNetPack on the molecules of the trainer's first epoch, batch after batch."""
    import schnetpack_models as spk
    import schnetpack_package
    import torch
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    case = {"features": features, "interactions": interactions, "gaussians": GAUSSIANS, "cutoff": CUTOFF}
    model = spk.build(case | {"property": "energy", "activation": "ssp"})
    model.do_postprocessing = False
    fit = trainer.recipe.fit
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(fit.average))
    collate = schnetpack_package.collate()
    batch = trainer.problem.splits.train.batch
    bounds = list(zip(batch.offsets[:-1], batch.offsets[1:], strict=True))
    molecules = [{"numbers": batch.numbers[a:b], "positions": batch.positions[a:b]} for a, b in bounds]
    ready = [spk.inputs([molecule], CUTOFF, torch.float32) for molecule in molecules]
    order = np.random.default_rng([fit.seed, 0]).permutation(len(trainer.targets))
    place = iter(range(10**9))

    def step() -> float:
        first = next(place) % (len(order) // BATCH) * BATCH
        chosen = order[first : first + BATCH]
        loss = (model(collate([ready[i] for i in chosen]))["energy"] - trainer.targets[chosen]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), fit.clip)
        optimizer.step()
        average.update_parameters(model)
        return float(loss.detach())

    return step


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of a step, round by round; each round takes every batch of an epoch's quarter once by either."""
    steps = MOLECULES // BATCH // 4
    for step in (ours, theirs):
        for _ in range(2):
            step()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for step, kept in zip((ours, theirs), times, strict=True):
            started = time.perf_counter()
            for _ in range(steps):
                step()
            kept.append((time.perf_counter() - started) / steps * 1e3)
    return times


def measure(rounds: int, data: Path) -> list[dict[str, float]]:
    """One row a size."""
    rows = []
    for features, interactions in SIZES:
        trainer = our_trainer(features, interactions, data)
        ours, theirs = in_turn(trainer.step, their_steps(trainer, features, interactions), rounds)
        ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
        row = {"features": features, "interactions": interactions, "ours": statistics.median(ours)}
        row |= {"theirs": statistics.median(theirs), "ratio": statistics.median(ratios)}
        row |= {"lowest": min(ratios), "highest": max(ratios)}
        rows.append(row)
        print(line(row), flush=True)
    return rows


def line(row: dict[str, float]) -> str:
    """A row of the table."""
    spread = f"{row['lowest']:.1f}–{row['highest']:.1f}"
    size = f"{row['features']} × {row['interactions']}"
    return f"| {size} | {row['ours']:.0f} | {row['theirs']:.0f} | {row['ratio']:.1f} | {spread} |"


def section(rows: list[dict[str, float]], threads: int, versions: str) -> str:
    """The part of the page."""
    return "\n".join(
        [
            "## A training step against SchNetPack's",
            "",
            f"SchNet, {BATCH} molecules of QM9 a step, {GAUSSIANS} Gaussians to {CUTOFF:g} Å, energies, single",
            f"precision, {threads} thread{'s' if threads > 1 else ''} each, in turn in one run of",
            f"`benchmarks/train_step.py`; {versions}. Whole steps, from molecules in memory to averaged",
            "weights; ours finds neighbours, SchNetPack gets them ready made, and ours takes gradients from factors in",
            "half precision, as the recipes do. Times are of one machine, medians of rounds; what counts is the ratio.",
            "",
            "| features × interactions | ours, ms | SchNetPack, ms | ratio | over rounds |",
            "|---|---|---|---|---|",
            *map(line, rows),
            "",
        ]
    )


def write(text: str) -> None:
    """Put the section into the page."""
    from atomlens.training.report import between

    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), OPEN, CLOSE, text), encoding="utf-8")


def main() -> None:
    """Measure, print, and write on demand."""
    parser = argparse.ArgumentParser(description="Our training step against SchNetPack's.")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    import numba
    import torch

    torch.set_num_threads(given.threads)
    numba.set_num_threads(given.threads)
    rows = measure(given.rounds, given.data)
    if given.write:
        import schnetpack

        write(section(rows, given.threads, f"SchNetPack {schnetpack.__version__}, torch {torch.__version__}"))


if __name__ == "__main__":
    main()
