"""Settings: read from the environment, documented, and refused where they cannot work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from atomlens.settings import Settings, available_cores

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_document_and_the_settings_agree():
    documented = re.findall(r"^\| `(ATOMLENS_[A-Z_]+)` \| `?([^`|]*)", DOCUMENT.read_text(), re.MULTILINE)
    assert [name for name, _ in documented] == [f"ATOMLENS_{name.upper()}" for name in Settings.model_fields]
    for name, default in documented:
        field = Settings.model_fields[name.removeprefix("ATOMLENS_").lower()]
        if isinstance(field.default, int | float) and field.default:
            assert float(default) == field.default, name


def test_the_environment_sets_them(monkeypatch, tmp_path):
    monkeypatch.setenv("ATOMLENS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ATOMLENS_PORT", "9000")
    settings = Settings()
    assert settings.port == 9000
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/atomlens.sqlite3"


def test_workers_times_threads_never_exceed_the_cores():
    cores = available_cores()
    settings = Settings()
    assert settings.workers * settings.threads <= cores
    with pytest.raises(ValidationError, match="cores"):
        Settings(workers=cores + 1, threads=1)
    with pytest.raises(ValidationError, match="cores"):
        Settings(workers=1, threads=cores + 1)


def test_the_process_that_answers_loads_no_torch_numba_or_rdkit():
    code = (
        "import sys, atomlens.api.app, atomlens.api.server; "
        "print(*({'torch', 'numba', 'rdkit', 'skimage'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
