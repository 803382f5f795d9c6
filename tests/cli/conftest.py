import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from atomlens.cli import main
from tiny import tiny_models_dir


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory) -> Path:
    return tiny_models_dir(tmp_path_factory.mktemp("models"))


class Ran:
    """Exit code and output of a command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def json(self):
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def atomlens(monkeypatch, capfd, tmp_path, models_dir):
    """Run a command in this process, in an empty folder, with the tiny models."""
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["atomlens", *arguments])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def refused(atomlens):
    """Run a command that must end with code 2 and a message, not a traceback; the message."""

    def run(*arguments: str) -> str:
        ran = atomlens(*arguments)
        assert ran.code == 2, ran.out + ran.err
        assert ran.err.startswith("atomlens: ")
        assert "Traceback" not in ran.err
        assert ran.out == ""
        return ran.err

    return run
