"""Fields that take longer than the short wait; rate limits; a service without its parts."""

import json
import pickle

import pytest
from api_server import serving

from atomlens.api.app import create_app
from atomlens.api.responses import error_response, status_of
from atomlens.errors import ComputationFailed, Defect
from atomlens.service.executor import InlineExecutor


@pytest.fixture(scope="module")
def patient(make_settings):
    """A server that never waits: each field is a job."""
    settings = make_settings(short_wait=0.0, rate_limit="")
    app = create_app(settings, InlineExecutor(settings.service_config()))
    with serving(app) as client:
        yield client


@pytest.fixture(scope="module")
def water(patient) -> str:
    body = {"format": "smiles", "text": "O"}
    return patient.post("/api/v1/molecules", json=body).json()["id"]


def ask(client, molecule, n):
    body = {
        "molecule": molecule,
        "model": "qm9-bp-dipole",
        "quantity": "charge",
        "elements": ["H", "C", "N", "O"],
        "shape": [n, n, n],
    }
    return client.post("/api/v1/fields", json=body)


def test_a_long_field_is_a_job_whose_events_lead_to_the_result(patient, water):
    started = ask(patient, water, 30)
    assert started.status_code == 202
    job = started.json()["job"]
    assert started.headers["location"] == f"/api/v1/jobs/{job}"
    with patient.stream("GET", f"/api/v1/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line]
    last = events[-1]
    assert (last["status"], last["progress"], last["error"]) == ("done", 1.0, None)
    assert [e["progress"] for e in events] == sorted(e["progress"] for e in events)
    assert patient.get(f"/api/v1/jobs/{job}").json() == last
    field = patient.get(last["result"]).json()
    assert field["unit"] == "e"
    assert ask(patient, water, 30).json() == field


def test_a_cancelled_job_leaves_no_field(patient, water):
    job = ask(patient, water, 70).json()["job"]
    cancelled = patient.delete(f"/api/v1/jobs/{job}").json()
    assert cancelled["status"] == "cancelled"
    assert cancelled["error"]["code"] == "cancelled"
    assert ask(patient, water, 70).status_code == 202


def test_who_asks_too_often_is_told_when_to_come_back(make_settings):
    settings = make_settings(rate_limit="3/minute")
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        assert [client.get("/api/v1/models").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = client.get("/api/v1/models")
        assert refused.json()["error"]["code"] == "rate_limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert client.get("/healthz").status_code == 200


def test_without_models_the_server_answers_but_is_not_ready(make_settings, tmp_path):
    settings = make_settings(models_dir=tmp_path)
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/api/v1/models").json() == {"models": []}


def test_an_unforeseen_error_has_the_one_shape_and_tells_no_secrets(make_settings, monkeypatch, capsys):
    settings = make_settings()
    app = create_app(settings, InlineExecutor(settings.service_config()))

    def broken():
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(app.state.service.models, "all", broken)
    with serving(app) as client:
        answer = client.get("/api/v1/models")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "swordfish" not in answer.text
    assert "swordfish" in capsys.readouterr().out


def test_a_view_says_which_checkpoints_have_changed_since(make_settings, tmp_path):
    from tiny import tiny_models_dir

    settings = make_settings(models_dir=tiny_models_dir(tmp_path / "models"))
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        molecule = client.post("/api/v1/molecules", json={"format": "smiles", "text": "C"}).json()["id"]
        view = client.post("/api/v1/views", json={"state": {"molecule": molecule}}).json()["id"]
        before = client.get(f"/api/v1/views/{view}").json()
    assert before["changed"] == []
    card = tmp_path / "models" / "qm9-bp-energy" / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "sha256": "another"}))
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        after = client.get(f"/api/v1/views/{view}").json()
    assert after == {**before, "changed": ["qm9-bp-energy"]}


def test_a_defect_is_no_busy_server():
    """Asking again helps against a computation that took too long, and not against the program's own fault."""
    assert status_of(ComputationFailed("too long", code="timeout")) == 503
    assert status_of(Defect("a worker's exception")) == 500
    assert "Retry-After" not in error_response(Defect("a worker's exception")).headers
    assert pickle.loads(pickle.dumps(Defect("as it comes from the worker"))).code == "internal"
