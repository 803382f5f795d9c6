"""The import contracts of pyproject.toml bite: a copy of the package with one wrong import breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repository import ROOT


@pytest.fixture
def package(tmp_path):
    shutil.copytree(ROOT / "backend", tmp_path / "backend", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # the copy comes before the installed package
    environment = os.environ | {"PYTHONPATH": str(folder / "backend"), "COLUMNS": "200"}
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_package_keeps_its_contracts(package):
    result = lint_imports(package)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("chem/stray.py", "atomlens.networks"),
        ("networks/stray.py", "atomlens.explain"),
        ("networks/stray.py", "atomlens.training"),
        ("explain/stray.py", "atomlens.training"),
        ("training/stray.py", "atomlens.storage"),
        ("storage/stray.py", "atomlens.explain"),
        ("service/stray.py", "atomlens.settings"),
        ("service/stray.py", "atomlens.api"),
        ("api/stray.py", "atomlens.cli"),
    ],
)
def test_an_import_that_points_upward_or_sideways_is_refused(package, module, imported):
    (package / "backend" / "atomlens" / module).write_text(f"import {imported}\n")
    result = lint_imports(package)
    assert result.returncode == 1, result.stdout
    assert "Imports point downward BROKEN" in result.stdout
    assert imported in result.stdout


@pytest.mark.parametrize("layer", ["chem", "networks", "explain", "training"])
def test_science_that_imports_the_web_or_the_database_is_refused(package, layer):
    libraries = ["fastapi", "starlette", "pydantic", "pydantic_settings", "sqlalchemy"]
    stray = "\n".join(f"import {library}" for library in libraries)
    (package / "backend" / "atomlens" / layer / "stray.py").write_text(stray)
    result = lint_imports(package)
    assert result.returncode == 1, result.stdout
    assert "Science knows nothing of the web BROKEN" in result.stdout
    for library in libraries:
        assert f"atomlens.{layer}.stray -> {library}" in result.stdout


@pytest.mark.parametrize("layer", ["networks", "explain", "training", "service", "api"])
def test_rdkit_outside_of_chem_is_refused(package, layer):
    (package / "backend" / "atomlens" / layer / "stray.py").write_text("from rdkit import Chem\n")
    result = lint_imports(package)
    assert result.returncode == 1, result.stdout
    assert "Only chem imports RDKit BROKEN" in result.stdout


def test_a_module_outside_of_the_layers_is_refused(package):
    (package / "backend" / "atomlens" / "helpers.py").write_text('"""Stray."""\n')
    result = lint_imports(package)
    assert result.returncode == 1, result.stdout
    assert "helpers" in result.stdout
