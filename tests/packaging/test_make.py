"""`make serve` and `make test`: what they run, what they skip the second time, what they say is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repository import ROOT

MAKE = shutil.which("make")
STAMPS = ("tools", "python", "page-packages", "frontend", "chromium", "reference")
# what the recipes need of a bare system
SYSTEM = ("sh", "mkdir", "touch")


@pytest.fixture
def checkout(tmp_path):
    """The files that make looks at, and nothing installed."""
    for name in (
        "Makefile",
        "pyproject.toml",
        "hatch_build.py",
        "tests/chromium.py",
        "tests/reference/requirements.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "frontend").mkdir()
    for name in ("package.json", "package-lock.json", "build.mjs", "index.html", "js/main.js", "css/base.css"):
        (tmp_path / "frontend" / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "frontend" / name, tmp_path / "frontend" / name)
    return tmp_path


@pytest.fixture
def installed(checkout):
    """The same after everything has been installed."""
    for name in (
        ".venv/bin/atomlens",
        "frontend/node_modules/.package-lock.json",
        "frontend/vendor/preact.js",
        "frontend/bundle/main.js",
    ):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    (checkout / ".make" / "reference-packages" / "schnetpack").mkdir(parents=True)
    newest = max(path.stat().st_mtime for path in checkout.rglob("*"))
    for later, name in enumerate(STAMPS, 1):
        (checkout / ".make" / name).touch()
        os.utime(checkout / ".make" / name, (newest + later, newest + later))
    return checkout


def make(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    # a make that runs these tests must not lend its options and variables to the one that is tested
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment |= {"PATH": path} if path else {}
    return subprocess.run([MAKE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commands(folder: Path, target: str) -> list[str]:
    result = make(folder, "--dry-run", target)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_once_installed_make_serve_only_starts_the_server(installed):
    assert commands(installed, "serve") == [".venv/bin/atomlens serve"]


def test_make_test_runs_every_check_and_ends_with_pytest(installed):
    assert commands(installed, "test") == [
        ".venv/bin/ruff check .",
        ".venv/bin/ruff format --check .",
        ".venv/bin/lint-imports",
        ".venv/bin/mypy",
        "cd frontend && npm run --silent typecheck",
        "cd frontend && npm test --silent",
        '.venv/bin/pytest -n 2 --dist loadfile --durations=10 -m "not browser"',
        ".venv/bin/pytest -n 2 --dist loadfile --durations=10 -m browser",
    ]


@pytest.mark.parametrize(
    ("changed", "installer"),
    [
        ("pyproject.toml", "pip install"),
        ("frontend/package-lock.json", "npm ci"),
        ("frontend/build.mjs", "build.mjs"),
        ("frontend/js/main.js", "build.mjs"),
        ("frontend/css/base.css", "build.mjs"),
    ],
)
def test_a_changed_list_of_dependencies_is_installed_anew(installed, changed, installer):
    future = (installed / ".make" / "chromium").stat().st_mtime + 10
    os.utime(installed / changed, (future, future))
    assert any(installer in line for line in commands(installed, "serve"))


@pytest.mark.parametrize(
    ("removed", "installer"),
    [
        (".venv", "-m venv"),
        ("frontend/node_modules", "npm ci"),
        ("frontend/vendor", "node build.mjs"),
        ("frontend/bundle", "node build.mjs"),
    ],
)
def test_what_was_removed_by_hand_is_installed_anew(installed, removed, installer):
    shutil.rmtree(installed / removed)
    assert any(installer in line for line in commands(installed, "serve"))


@pytest.mark.parametrize("what", ["a changed list", "removed by hand"])
def test_what_the_reference_tests_compare_with_is_installed_by_make_test_alone(installed, what):
    if what == "removed by hand":
        shutil.rmtree(installed / ".make" / "reference-packages")
    else:
        future = (installed / ".make" / "reference").stat().st_mtime + 10
        os.utime(installed / "tests" / "reference" / "requirements.txt", (future, future))
    assert any("--no-deps --target" in line for line in commands(installed, "test"))
    assert commands(installed, "serve") == [".venv/bin/atomlens serve"]


def test_an_extra_index_for_torch_is_passed_on(checkout):
    lines = make(checkout, "--dry-run", "serve", "TORCH_INDEX=file:///wheels").stdout
    assert """--extra-index-url "file:///wheels" 'torch>=2.4,<2.14'""" in lines
    assert "--extra-index-url" not in make(checkout, "--dry-run", "serve").stdout


def bare_machine(folder: Path, programs: dict[str, str]) -> str:
    """A PATH with a shell and the scripts given: name and text."""
    folder.mkdir()
    for name in SYSTEM:
        (folder / name).symlink_to(shutil.which(name))
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


PYTHON = f'exec "{sys.executable}" "$@"'
OLD_PYTHON = 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi'
NODE = "exit 0"
OLD_NODE = 'if [ "$1" = --version ]; then echo v16.20.0; else exit 1; fi'


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({"node": NODE, "npm": NODE}, "Python is missing: install Python 3.11"),
        ({"python3": OLD_PYTHON, "node": NODE, "npm": NODE}, "Python 3.9.2 is too old"),
        ({"python3": PYTHON, "npm": NODE}, "Node.js is missing: install Node.js 18"),
        ({"python3": PYTHON, "node": OLD_NODE, "npm": NODE}, "Node.js v16.20.0 is too old"),
        ({"python3": PYTHON, "node": NODE}, "npm is missing"),
    ],
)
@pytest.mark.parametrize("target", ["serve", "test"])
def test_a_missing_tool_is_named_before_anything_is_installed(checkout, tmp_path, target, programs, said):
    result = make(checkout, target, path=bare_machine(tmp_path / "bin", programs))
    assert result.returncode != 0
    assert said in result.stdout
    assert not (checkout / ".venv").exists()
    assert not (checkout / ".make" / "tools").exists()


def test_make_alone_lists_the_targets(checkout):
    result = make(checkout)
    assert result.returncode == 0
    named = {line.split()[1] for line in result.stdout.splitlines() if line.startswith("make ")}
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    assert named == set(phony.split()[1:]) - {"help", "missing"}


def test_continuous_integration_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
