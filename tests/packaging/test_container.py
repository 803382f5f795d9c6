"""The Dockerfile and docker-compose.yml agree with the repository and with the server's settings."""

import json
import re

import pytest
import yaml
from repository import ROOT, sent_files

from atomlens.settings import Settings


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile: its word and the rest, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def last_stage(instructions):
    start = max(index for index, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


def test_every_instruction_is_one_that_docker_knows(instructions):
    known = {"FROM", "ARG", "ENV", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert {word for word, _ in instructions} <= known


def test_everything_that_is_copied_exists_and_reaches_the_build(instructions):
    sent = sent_files()
    stages = {rest.split(" AS ")[1] for word, rest in instructions if word == "FROM" and " AS " in rest}
    for word, rest in instructions:
        if word != "COPY":
            continue
        origin = re.match(r"--from=(\S+)\s", rest)
        if origin:
            assert origin[1] in stages
            continue
        for source in rest.split()[:-1]:
            assert any(path == source or path.startswith(f"{source}/") for path in sent), f"{source} is not sent"


def test_neither_training_data_nor_installed_packages_are_sent_to_the_build():
    sent = sent_files()
    assert {path.split("/")[0] for path in sent} <= {
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "backend",
        "frontend",
        "models",
    }
    assert [path for path in sent if re.search(r"node_modules|__pycache__|/wip/|/vendor/|/bundle/", path)] == []


def test_the_server_runs_as_an_ordinary_user_and_reports_its_health(instructions):
    stage = last_stage(instructions)
    words = [word for word, _ in stage]
    user = dict(stage)["USER"]
    assert user not in ("root", "0")
    assert words.index("USER") < words.index("CMD")
    assert "/healthz" in dict(stage)["HEALTHCHECK"]
    assert "atomlens serve" in json.loads(dict(stage)["CMD"])[-1]


def test_the_build_argument_for_torch_is_empty_by_default(instructions, compose):
    assert ("ARG", 'TORCH_INDEX=""') in instructions
    assert compose["services"]["atomlens"]["build"]["args"] == {"TORCH_INDEX": "${TORCH_INDEX:-}"}


def test_every_setting_of_the_image_is_a_setting_of_the_server(instructions, compose):
    environment = " ".join(rest for word, rest in instructions if word == "ENV")
    named = set(re.findall(r"ATOMLENS_(\w+)=", environment))
    named |= {key.removeprefix("ATOMLENS_") for key in compose["services"]["atomlens"].get("environment", {})}
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_composed_service_keeps_its_data_and_can_write_nowhere_else(instructions, compose):
    service = compose["services"]["atomlens"]
    stage = last_stage(instructions)
    assert "ATOMLENS_DATA_DIR=/data" in dict(stage)["ENV"]
    assert dict(stage)["VOLUME"] == "/data"
    assert service["volumes"] == ["data:/data"]
    assert "data" in compose["volumes"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert "NUMBA_CACHE_DIR=/tmp/" in dict(stage)["ENV"]


def test_the_port_that_is_published_is_the_one_that_is_served(instructions, compose):
    stage = dict(last_stage(instructions))
    assert f"ATOMLENS_PORT={stage['EXPOSE']}" in stage["ENV"]
    assert compose["services"]["atomlens"]["ports"] == [f"{stage['EXPOSE']}:{stage['EXPOSE']}"]
