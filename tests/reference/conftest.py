"""Runs the programs that are compared with, each in a process of its own beside the packages it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from schnetpack_cases import CASES

from atomlens.chem.elements import NUMBERS
from atomlens.networks.protocol import Batch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGES = ROOT / ".make" / "reference-packages"


@pytest.fixture(scope="session")
def run_reference() -> Callable[..., None]:
    """Runs a script of this folder with SchNetPack and DScribe importable."""

    def run(script: str, *arguments: Path) -> None:
        if not (PACKAGES / "schnetpack").is_dir():
            pytest.fail("SchNetPack and DScribe are not installed: make .make/reference", pytrace=False)
        environment = os.environ | {"PYTHONPATH": str(PACKAGES)}
        command = [sys.executable, str(HERE / script), *map(str, arguments)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr

    return run


@pytest.fixture(scope="session")
def molecules() -> list[dict]:
    """The molecules of the gold values."""
    listed = json.loads((ROOT / "tests" / "gold" / "molecules.json").read_text(encoding="utf-8"))["molecules"]
    return [{"numbers": [NUMBERS[s] for s in m["symbols"]], "positions": m["positions"]} for m in listed]


@pytest.fixture(scope="session")
def batch(molecules) -> Batch:
    """The same as a batch."""
    sizes = [len(m["numbers"]) for m in molecules]
    return Batch(
        np.concatenate([m["numbers"] for m in molecules]).astype(np.int64),
        np.concatenate([m["positions"] for m in molecules]).astype(np.float64),
        np.cumsum([0, *sizes], dtype=np.int64),
        np.zeros(len(sizes), dtype=np.int64),
    )


@dataclass(frozen=True)
class Reference:
    """One case: the file that SchNetPack saved, and the arrays of schnetpack_models.py."""

    file: Path
    arrays: dict[str, np.ndarray]

    def weights(self) -> dict[str, np.ndarray]:
        """By their names in SchNetPack."""
        prefix = "weights."
        return {key.removeprefix(prefix): value for key, value in self.arrays.items() if key.startswith(prefix)}


@pytest.fixture(scope="session")
def schnetpack(run_reference, molecules, tmp_path_factory) -> dict[str, Reference]:
    """Every case of schnetpack_cases.py, built, trained and evaluated by SchNetPack."""
    folder = tmp_path_factory.mktemp("schnetpack")
    (folder / "cases.json").write_text(json.dumps({"molecules": molecules, "cases": CASES}))
    run_reference("schnetpack_models.py", folder / "cases.json", folder)
    return {name: Reference(folder / f"{name}.model", dict(np.load(folder / f"{name}.npz"))) for name in CASES}
