import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from atomlens.settings import Settings
from tiny import tiny_models_dir

PAGE = "<!doctype html><html lang='en'><head><title>atomlens</title></head></html>"


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory) -> Path:
    return tiny_models_dir(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def make_settings(tmp_path_factory, models_dir):
    def make(**changes) -> Settings:
        folder = tmp_path_factory.mktemp("server")
        frontend = folder / "frontend"
        for name in ("bundle", "js"):
            (frontend / name).mkdir(parents=True)
        (frontend / "bundle" / "index.html").write_text(PAGE)
        (frontend / "package.json").write_text("{}")
        (frontend / "js" / "main.js").write_text("export {};\n")
        usual = {
            "data_dir": folder / "data",
            "models_dir": models_dir,
            "frontend_dir": frontend,
            "workers": 1,
            "threads": 1,
            "rate_limit": "",
            "short_wait": 30.0,
        }
        return Settings(**{**usual, **changes})

    return make


@pytest.fixture(scope="session")
def settings(make_settings) -> Settings:
    return make_settings()


@pytest.fixture(scope="session")
def app(settings):
    return create_app(settings)


@pytest.fixture(scope="session")
def client(app):
    """The real application with its pool of processes, and tiny models."""
    with serving(app) as made:
        wait_until_ready(made)
        yield made


@pytest.fixture(scope="session")
def ethanol(client) -> dict:
    answer = client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCO"})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="session")
def field(client, ethanol) -> dict:
    body = {
        "molecule": ethanol["id"],
        "model": "qm9-schnet-energy",
        "quantity": "potential",
        "elements": ["C", "H"],
        "shape": [9, 10, 11],
    }
    answer = client.post("/api/v1/fields", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()
