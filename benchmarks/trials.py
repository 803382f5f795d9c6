"""What was tried for the recipes: each change alone, on part of the training molecules, in one run.

    .venv/bin/python benchmarks/trials.py RECIPE [--molecules N] [--epochs N] [--write]

RECIPE is bp-energy, schnet-energy, bp-dipole or schnet-dipole. A trial is the recipe with a smaller network, fewer
molecules and epochs, and one change. Printed is the mean absolute error of the averaged weights on the validation
molecules, which choose recipes; test molecules are not looked at. --write puts the table into docs/models.md. Takes
minutes for each line. Of energies the second figure says how wild the network's field is (`extent`).
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "models.md"
#: Changes of [network] and [fit]; the first is what the others are compared with.
TRIALS: dict[str, dict[str, dict[str, dict[str, Any]]]] = {
    "bp-energy": {
        "as the recipe, two hidden layers of 128": {},
        "not whitened": {"fit": {"whitening": 0.0}},
        "whitening floor 1e-1": {"fit": {"whitening": 1e-1}},
        "whitening floor 1e-3": {"fit": {"whitening": 1e-3}},
        "whitening floor 1e-4": {"fit": {"whitening": 1e-4}},
        "24 radial functions, 8 shells, ζ = 1, 4": {"network": {"radial": 24, "shells": 8, "zetas": [1, 4]}},
        "10 shells, ζ = 1, 2, 4, 8": {"network": {"shells": 10, "zetas": [1, 2, 4, 8]}},
        "cutoff 5 Å": {"network": {"cutoff": 5.0}},
        "two hidden layers of 256": {"network": {"hidden": 256}},
        "batch of 32 molecules": {"fit": {"batch": 32}},
        "weight decay 0.01": {"fit": {"weight_decay": 0.01}},
    },
    "schnet-energy": {
        "as the recipe, 64 features, 4 interactions": {},
        "6 interactions": {"network": {"interactions": 6}},
        "128 features": {"network": {"features": 128}},
        "cutoff 6 Å": {"network": {"cutoff": 6.0}},
        "25 Gaussians": {"network": {"gaussians": 25}},
        "learning rate 5e-4": {"fit": {"learning_rate": 5e-4}},
        "learning rate 2e-3": {"fit": {"learning_rate": 2e-3}},
        "batch of 32 molecules": {"fit": {"batch": 32}},
        "gradients in single precision": {"fit": {"half_gradients": False}},
    },
    "bp-dipole": {
        "as the recipe": {},
        "not whitened": {"fit": {"whitening": 0.0}},
        "output at full scale": {"fit": {"scale": 1.0}},
    },
    "schnet-dipole": {
        "as the recipe, 128 features, 4 interactions": {},
        "lengths alone": {"fit": {"components": False}},
        "output at full scale": {"fit": {"scale": 1.0}},
        "64 features": {"network": {"features": 64}},
        "64 features, output at full scale": {"network": {"features": 64}, "fit": {"scale": 1.0}},
    },
}
SMALLER: dict[str, dict[str, Any]] = {
    "bp-energy": {"hidden": 128},
    "schnet-energy": {"features": 64, "interactions": 4},
    "bp-dipole": {},
    "schnet-dipole": {"interactions": 4},
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """error: on the validation molecules, kcal/mol or debye; field: see `extent`, kcal/mol, of energies alone."""

    error: float
    field: float | None


def trial(name: str, change: dict[str, dict[str, Any]], molecules: int, epochs: int) -> Outcome:
    """Train and measure."""
    from atomlens.training.recipe import read_recipe
    from atomlens.training.train import trainer_of

    recipe = read_recipe(ROOT / "recipes" / f"qm9-{name}.toml")
    network = {**recipe.network, **SMALLER[name], **change.get("network", {})}
    # no auxiliary target: it would bring in molecules beyond those counted
    fit = dataclasses.replace(recipe.fit, auxiliary=0.0, epochs=epochs, **change.get("fit", {}))
    recipe = dataclasses.replace(recipe, network=network, fit=fit, train_size=molecules)
    trainer = trainer_of(recipe, ROOT / "runs" / "trial")
    while trainer.progress.step < trainer.total_steps:
        trainer.step()
    errors = trainer.errors(trainer.validation, trainer.problem.splits.validation)
    return Outcome(float(np.abs(errors).mean()), extent(trainer.finished()) if recipe.quantity == "energy" else None)


def extent(network: Any) -> float:
    """95th percentile of |Ω_H(r) − Ω_H(∞)| over the envelope of acetamide, kcal/mol.

    It says how wild the field is where no atom of the training data ever was.
    """
    from atomlens.chem.smiles import read_smiles
    from atomlens.explain.envelope import envelope
    from atomlens.networks.model import member_of
    from atomlens.networks.protocol import Batch
    from atomlens.units import EV_KCAL_PER_MOL

    molecule = read_smiles("CC(=O)N", 100)
    hydrogen = [network.elements.index(1)]
    batch = Batch.of([molecule])
    values, infinite = member_of(network).probe(batch, envelope(molecule).positions, hydrogen, "float64", {})
    return float(np.percentile(np.abs(values - infinite[:, None]), 95)) * EV_KCAL_PER_MOL


def table(name: str, molecules: int, epochs: int, measure: Callable[[dict[str, Any]], Outcome]) -> str:
    """Markdown, printed line by line as it is measured."""
    energy = name.endswith("energy")
    columns = [f"{name}: {molecules} molecules, {epochs} epochs", f"error, {'kcal/mol' if energy else 'D'}"]
    columns += ["field of H, kcal/mol"] if energy else []
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    print(*lines, sep="\n", flush=True)
    for what, change in TRIALS[name].items():
        outcome = measure(change)
        field = "" if outcome.field is None else f" {outcome.field:,.0f} |"
        lines.append(f"| {what} | {outcome.error:.3f} |{field}")
        print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def write(name: str, text: str) -> None:
    """Put the table into the page between its marks."""
    from atomlens.training.report import between

    opened, closed = f"<!-- trials of {name}: benchmarks/trials.py -->\n", f"<!-- end of trials of {name} -->"
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), opened, closed, text), encoding="utf-8")


def main() -> None:
    """Measure, print, and write on demand."""
    parser = argparse.ArgumentParser(description="What was tried for the recipes.")
    parser.add_argument("recipe", choices=TRIALS)
    parser.add_argument("--molecules", type=int, default=20_000)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--write", action="store_true", help="put the table into docs/models.md")
    given = parser.parse_args()

    def measure(change: dict[str, Any]) -> Outcome:
        return trial(given.recipe, change, given.molecules, given.epochs)

    text = table(given.recipe, given.molecules, given.epochs, measure)
    if given.write:
        write(given.recipe, text)


if __name__ == "__main__":
    main()
