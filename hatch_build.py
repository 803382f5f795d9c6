"""Build hook: puts the page and the released models into the package.

The wheel holds the page as ``atomlens/_frontend`` and the models as ``atomlens/_models``; an editable install
reads both from the repository. What is built of the page's modules (frontend/bundle) and its third-party modules
(frontend/vendor) are not in the repository: where they are missing they are built with npm; the source distribution
carries them.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# what only the page's build and its type checks need
_BUILD_FILES = {"package.json", "package-lock.json", "tsconfig.json", "build.mjs", "gallery.py", "examples.py"}
_MODEL_FILES = ("card.json", "model.safetensors", "pairs.json", "atlas.safetensors")


class PageAndModels(BuildHookInterface[Any]):
    """Adds frontend and models to a wheel, and what is built of the page to a source distribution."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page if it is not built; in wheels, map the files of page and models."""
        if version == "editable":
            return
        root = Path(self.root)
        _build_page(root / "frontend")
        if self.target_name == "wheel":
            files = page_files(root / "frontend") | model_files(root / "models")
            build_data["force_include"].update(files)


def page_files(folder: Path) -> dict[str, str]:
    """Every file that the browser may ask for, and its place in the package."""
    return {
        str(path): f"atomlens/_frontend/{path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_served(path.relative_to(folder))
    }


def _is_served(path: Path) -> bool:
    if path.parts[0] == "node_modules" or any(part.startswith(".") for part in path.parts):
        return False
    return path.name not in _BUILD_FILES and not path.name.endswith(".d.ts")


def model_files(folder: Path) -> dict[str, str]:
    """Card, weights and statistics of every released model: models/NAME, nothing deeper (snapshots in models/wip)."""
    return {
        str(path): f"atomlens/_models/{path.parent.name}/{path.name}"
        for card in sorted(folder.glob("*/card.json"))
        for path in (card.with_name(name) for name in _MODEL_FILES)
        if path.is_file()  # a dipole model has no pairs
    }


def _build_page(frontend: Path) -> None:
    if all((frontend / folder).is_dir() and any((frontend / folder).iterdir()) for folder in ("vendor", "bundle")):
        return
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise RuntimeError(
            "The page (frontend/bundle) is not built, and building them needs Node.js 18 or newer with "
            "npm, which is not on the PATH. Install Node.js, or install atomlens from a wheel or a source "
            "distribution, which carry them."
        )
    if not (frontend / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--omit=dev", "--no-audit", "--no-fund"], cwd=frontend, check=True)
    subprocess.run([node, "build.mjs"], cwd=frontend, check=True)
