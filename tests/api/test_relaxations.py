"""Relaxations over HTTP: at once or as a job, kept, cancelled, refused."""

import json

import pytest
from api_server import serving

from atomlens.api.app import create_app
from atomlens.chem import frames
from atomlens.service.executor import InlineExecutor

MODEL = "qm9-schnet-energy"


def ask(client, molecule, **more):
    return client.post("/api/v1/relaxations", json={"molecule": molecule, "model": MODEL, **more})


def test_a_relaxation_holds_every_step_and_a_molecule_of_its_own(client, ethanol):
    answer = ask(client, ethanol["id"], steps=3)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["start"], found["model"], found["unit"], found["force_unit"]) == (ethanol["id"], MODEL, "eV", "eV/Å")
    assert (found["steps"], found["converged"]) == (3, False)
    assert [len(found[key]) for key in ("energies", "largest_forces", "contributions", "positions")] == [4] * 4
    assert found["positions"][0] == ethanol["positions"]
    relaxed = client.get(f"/api/v1/molecules/{found['molecule']['id']}").json()
    assert relaxed == found["molecule"]
    assert relaxed["positions"] == found["positions"][-1]
    assert (relaxed["geometry"]["source"], relaxed["geometry"]["method"]) == ("relaxed", MODEL)
    predicted = client.post("/api/v1/predictions", json={"molecule": relaxed["id"], "models": [MODEL]}).json()
    (prediction,) = predicted["predictions"]
    assert prediction["total"] == pytest.approx(found["energies"][-1], abs=1e-8)
    assert prediction["contributions"] == pytest.approx(found["contributions"][-1], abs=1e-9)
    assert client.get(f"/api/v1/relaxations/{found['id']}").json() == found
    assert ask(client, ethanol["id"], steps=3).json() == found, "kept, not computed again"


def test_every_step_is_a_molecule_of_its_own(client, ethanol):
    found = ask(client, ethanol["id"], steps=3).json()
    steps = [client.get(f"/api/v1/relaxations/{found['id']}/frames/{step}").json() for step in range(4)]
    assert [step["positions"] for step in steps] == found["positions"]
    assert (steps[0], steps[3]) == (ethanol, found["molecule"])
    assert [step["geometry"]["source"] for step in steps[1:3]] == ["partly relaxed"] * 2
    assert (
        steps[2]["geometry"]["note"] == f"The geometry is step 2 of 3 of a relaxation with {MODEL}: not yet a minimum."
    )
    assert ethanol["geometry"]["note"] not in steps[1]["warnings"]
    assert client.get(f"/api/v1/molecules/{steps[1]['id']}").json() == steps[1]
    beyond = client.get(f"/api/v1/relaxations/{found['id']}/frames/4")
    assert (beyond.status_code, beyond.json()["error"]["code"]) == (404, "unknown_frame")


def test_what_other_models_say_along_it_is_a_trajectory(client, ethanol):
    way = ask(client, ethanol["id"], steps=3).json()
    asked = {"relaxation": way["id"], "models": [MODEL, "qm9-bp-energy", "qm9-bp-dipole"]}
    found = client.post("/api/v1/trajectories", json=asked).json()
    assert (found["relaxation"], found["molecule"], found["positions"]) == (way["id"], ethanol, way["positions"])
    own, *others = found["paths"]
    assert [path["model"] for path in found["paths"]] == asked["models"]
    assert own["totals"] == pytest.approx(way["energies"], abs=1e-8)
    for step in (0, 2):
        molecule = client.get(f"/api/v1/trajectories/{found['id']}/frames/{step}").json()
        assert molecule == client.get(f"/api/v1/relaxations/{way['id']}/frames/{step}").json()
        alone = client.post("/api/v1/predictions", json={"molecule": molecule["id"], "models": asked["models"][1:]})
        for path, whole in zip(others, alone.json()["predictions"], strict=True):
            assert path["totals"][step] == pytest.approx(whole["total"], abs=1e-8)
            assert path["contributions"][step] == pytest.approx(whole["contributions"], abs=1e-9)
    unknown = client.post("/api/v1/trajectories", json={"relaxation": "0" * 64})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_relaxation")
    both = client.post("/api/v1/trajectories", json={"relaxation": way["id"], "text": "CC"})
    assert both.status_code == 400


def test_a_way_of_more_atoms_than_are_played_has_its_own_models_numbers_alone(client, ethanol, monkeypatch):
    way = ask(client, ethanol["id"], steps=3).json()
    monkeypatch.setattr(frames, "MOST_ATOM_FRAMES", 4 * 9 - 1)
    refused = client.post("/api/v1/trajectories", json={"relaxation": way["id"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_many_frames")


def test_without_a_model_an_energy_model_is_taken(client, ethanol):
    found = ask(client, ethanol["id"], model=None, steps=1).json()
    assert found["model"] in ("qm9-bp-energy", "qm9-schnet-energy")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"model": "qm9-bp-dipole"}, 400, "no_forces"),
        ({"model": "nothing"}, 404, "unknown_model"),
        ({"molecule": "nothing"}, 404, "unknown_molecule"),
        ({"steps": 0}, 400, "invalid_request"),
        ({"steps": 1.5}, 400, "invalid_request"),
        ({"fmax": -1.0}, 400, "invalid_request"),
        ({"more": 1}, 400, "invalid_request"),
    ],
)
def test_what_cannot_be_relaxed_is_refused(client, ethanol, more, status, code):
    answer = client.post("/api/v1/relaxations", json={"molecule": ethanol["id"], "model": MODEL, **more})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_an_element_that_the_model_does_not_know_is_refused(client):
    molecule = client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCl"}).json()["id"]
    answer = ask(client, molecule)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_element")


def test_there_is_no_other_relaxation(client):
    answer = client.get("/api/v1/relaxations/nothing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_relaxation")


@pytest.fixture(scope="module")
def patient(make_settings):
    """A server that never waits: each relaxation is a job."""
    settings = make_settings(short_wait=0.0, rate_limit="")
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        yield client


@pytest.fixture(scope="module")
def octane(patient) -> str:
    return patient.post("/api/v1/molecules", json={"format": "smiles", "text": "CCCCCCCC"}).json()["id"]


def test_a_long_relaxation_is_a_job_whose_events_lead_to_the_result(patient):
    ethanol = patient.post("/api/v1/molecules", json={"format": "smiles", "text": "CCO"}).json()["id"]
    started = ask(patient, ethanol, steps=3, fmax=0.0001)
    assert started.status_code == 202
    job = started.json()["job"]
    with patient.stream("GET", f"/api/v1/jobs/{job}/events") as stream:
        events = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line]
    assert (events[-1]["status"], events[-1]["error"]) == ("done", None)
    progress = [event["progress"] for event in events]
    assert progress == sorted(progress)
    assert any(0 < value < 1 for value in progress)
    assert patient.get(events[-1]["result"]).json()["start"] == ethanol


def test_a_cancelled_relaxation_leaves_nothing(patient, octane):
    job = ask(patient, octane, steps=900, fmax=0.0001).json()["job"]
    cancelled = patient.delete(f"/api/v1/jobs/{job}").json()
    assert (cancelled["status"], cancelled["error"]["code"]) == ("cancelled", "cancelled")
    assert ask(patient, octane, steps=900, fmax=0.0001).status_code == 202, "computed anew"
