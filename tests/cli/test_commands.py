"""The commands themselves: documented, quick to help, and plain about what is missing or broken."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import typer

from atomlens import __version__
from atomlens.cli import app

ROOT = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(app).commands


def sections() -> dict[str, str]:
    """Text of docs/cli.md by command."""
    parts = re.split(r"^## atomlens ?([a-z-]*).*$", (ROOT / "docs" / "cli.md").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options_of(command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")} - {"--help"}


def test_every_command_is_documented_and_no_other():
    assert set(sections()) == {"", *COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_no_other(name):
    documented = re.findall(r"^- `(--[a-z-]+)", sections()[name], re.MULTILINE)
    assert sorted(documented) == sorted(options_of(COMMANDS[name]))


def test_commands_in_the_readme_exist_with_their_options():
    lines = re.findall(r"^atomlens ([^#\n]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert lines
    for line in lines:
        name, *words = line.split()
        assert set(filter(lambda word: word.startswith("--"), words)) <= options_of(COMMANDS[name]), line


def test_the_version_is_printed(atomlens):
    assert atomlens("--version").out == f"{__version__}\n"


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from atomlens.cli import app\n"
        "try: app(['explain', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*({'torch', 'numba', 'rdkit', 'numpy', 'fastapi', 'sqlalchemy'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--json" in done.stdout
    assert done.stderr.strip() == ""


def test_models_are_listed_and_their_cards_are_json(atomlens):
    listed = atomlens("models").out
    cards = atomlens("models", "--json").json()["models"]
    names = ["qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole"]
    assert [card["name"] for card in cards] == names
    assert all(name in listed for name in names)


@pytest.mark.parametrize("command", [("models",), ("explain", "C"), ("serve", "--port", "0")])
def test_without_models_every_command_says_so(refused, monkeypatch, tmp_path, command):
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(tmp_path / "none"))
    assert "Set ATOMLENS_MODELS_DIR" in refused(*command)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("card.json", b"{", "cannot be read"),
        ("card.json", b"\xff\xfe", "cannot be read"),
        ("card.json", b"[]", "lacks"),
        ("card.json", b'{"name": "qm9-bp-energy"}', "lacks title"),
        ("model.safetensors", b"", "not those that its card names"),
        ("model.safetensors", None, "cannot be read"),
    ],
)
def test_a_broken_model_is_refused(refused, monkeypatch, models_dir, tmp_path, file, content, says):
    shutil.copytree(models_dir / "qm9-bp-energy", tmp_path / "models" / "qm9-bp-energy")
    broken = tmp_path / "models" / "qm9-bp-energy" / file
    broken.unlink()
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(tmp_path / "models"))
    assert says in refused("explain", "O", "--json", "-")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "ATOMLENS_PORT"),
        ("WORKERS", "1000", "1000 workers"),
        ("LOG_LEVEL", "loud", "ATOMLENS_LOG_LEVEL"),
        ("RATE_LIMIT", "often", "no rate"),
        ("DATABASE_URL", "nonsense", "address of the database"),
        ("DATABASE_URL", "sqlite:///x.db", "asynchronous driver"),
        ("DATA_DIR", "/dev/null/data", "cannot be written"),
        ("HOST", "300.300.300.300", "cannot listen"),
    ],
)
def test_settings_that_cannot_work_stop_the_server_with_one_message(refused, monkeypatch, tmp_path, name, value, says):
    monkeypatch.setenv("ATOMLENS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv(f"ATOMLENS_{name}", value)
    assert says in refused("serve", *(() if name == "PORT" else ("--port", "0")))


def test_a_port_in_use_is_told(refused, monkeypatch, tmp_path):
    monkeypatch.setenv("ATOMLENS_DATA_DIR", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 is in use" in refused("serve", "--port", str(port))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_server_tells_its_address_serves_and_ends_in_order(models_dir, tmp_path, ending):
    environment = {"ATOMLENS_MODELS_DIR": str(models_dir), "ATOMLENS_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [str(Path(sys.executable).with_name("atomlens")), "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        answer = httpx.get(f"{address}/healthz", timeout=60, trust_env=False)
        assert answer.json()["version"] == __version__
        process.send_signal(ending)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (0, -ending)
    assert "Traceback" not in err


def test_json_of_cards_has_what_the_page_needs(atomlens):
    for card in atomlens("models", "--json").json()["models"]:
        assert {"name", "property", "unit", "elements", "cutoff", "sha256", "test"} <= set(card)
        assert json.loads(json.dumps(card)) == card
