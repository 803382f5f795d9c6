"""The repository as others receive it: what git keeps, what a container build is sent, which models are shipped."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parents[2]


def _patterns(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _walk(is_pruned: Callable[[str], bool]) -> Iterator[PurePosixPath]:
    for folder, subfolders, names in os.walk(ROOT):
        place = PurePosixPath(Path(folder).relative_to(ROOT).as_posix())
        subfolders[:] = [name for name in subfolders if not is_pruned((place / name).as_posix())]
        yield from (place / name for name in names)


def kept_files() -> list[PurePosixPath]:
    """Every file of a fresh clone: those that git does not ignore, committed or about to be."""
    ignored = GitIgnoreSpec.from_lines(_patterns(".gitignore"))
    walk = _walk(lambda folder: folder == ".git" or ignored.match_file(f"{folder}/"))
    return [path for path in walk if not ignored.match_file(path.as_posix())]


def sent_files() -> list[str]:
    """Every file that .dockerignore lets through to a container build.

    There a pattern holds for a path and all below it, `*` stays within one name, and the last pattern that fits
    decides.
    """
    rules = [(not line.startswith("!"), _docker_pattern(line.removeprefix("!"))) for line in _patterns(".dockerignore")]

    def is_sent(path: PurePosixPath) -> bool:
        places = [place.as_posix() for place in (path, *path.parents)]
        fitting = [excludes for excludes, rule in rules if any(rule.fullmatch(place) for place in places)]
        return not (fitting and fitting[-1])

    return [path.as_posix() for path in _walk(lambda folder: folder in (".git", ".venv")) if is_sent(path)]


def _docker_pattern(text: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*)", text)))


def released_models() -> list[str]:
    """Names of the models that are shipped."""
    return sorted(card.parent.name for card in (ROOT / "models").glob("*/card.json"))
