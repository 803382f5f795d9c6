"""Many molecules, trajectories and reactions over HTTP: at once or as a job, kept, refused in place."""

import csv
import io
import json

import pytest
from api_server import serving

from atomlens.api.app import create_app
from atomlens.service.executor import InlineExecutor

ENERGY = "qm9-schnet-energy"
WATER = "3\nfirst\nO 0 0 0\nH 0.76 0.59 0\nH -0.76 0.59 0\n"
WIDER = WATER.replace("0.76", "0.86").replace("first", "wider")


def batch(client, *texts, **more):
    files = [text if isinstance(text, dict) else {"text": text} for text in texts]
    return client.post("/api/v1/batches", json={"files": files, **more})


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_every_row_is_what_the_molecule_alone_would_get(client):
    answer = batch(client, "CCO spirit\nwater\n", {"name": "b.xyz", "text": WATER})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(row["file"], row["record"], row["name"], row["formula"], row["atoms"]) for row in found["rows"]] == [
        ("", 1, "spirit", "C2H6O", 9),
        ("", 2, "water", "H2O", 3),
        ("b.xyz", 1, "first", "H2O", 3),
    ]
    for row in found["rows"]:
        alone = client.post("/api/v1/predictions", json={"molecule": row["molecule"], "models": None}).json()
        assert row["shown"] == [choice["model"] for choice in alone["choice"]]
        for short, whole in zip(row["predictions"], alone["predictions"], strict=True):
            assert short["model"] == whole["model"]
            assert short["total"] == pytest.approx(whole["total"], abs=1e-8)
            assert short["molecule_trust"] == whole["molecule_trust"]
            assert (short["atomization"] is not None) == (short["property"] == "energy")
    assert client.get(f"/api/v1/batches/{found['id']}").json() == found
    assert batch(client, "CCO spirit\nwater\n", {"name": "b.xyz", "text": WATER}).json() == found, "kept"


def test_what_is_wrong_with_one_stands_in_its_row(client):
    rows = batch(client, "CCO\nC1CC\nCCl\n[Na+].[Cl-]\nO=O\nC\n").json()["rows"]
    assert [row["error"] and row["error"]["code"] for row in rows] == [
        None,
        "unreadable",
        "unknown_element",
        "several_fragments",
        "open_shell",
        None,
    ]
    assert "knows Cl" in rows[2]["error"]["message"]
    assert [len(row["predictions"]) for row in rows] == [4, 0, 0, 0, 0, 4]


def test_only_the_models_named_answer(client):
    found = batch(client, "C\n", models=[ENERGY]).json()
    assert found["models"] == [ENERGY]
    assert [one["model"] for one in found["rows"][0]["predictions"]] == [ENERGY]


def test_the_table_is_a_file_too(client):
    found = batch(client, "CCO\nC1CC\nC[N+](=O)[O-] nitro\n").json()
    table = client.get(f"/api/v1/batches/{found['id']}/file")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == 3
    assert float(rows[0][f"{ENERGY}_total_eV"]) == next(
        one["total"] for one in found["rows"][0]["predictions"] if one["model"] == ENERGY
    )
    from rdkit import Chem

    supplier = Chem.SDMolSupplier()
    supplier.SetData(client.get(f"/api/v1/batches/{found['id']}/file?format=sdf").text)
    molecules = list(supplier)
    assert [mol.GetProp("_Name") for mol in molecules] == ["ethanol", "nitro"]
    assert float(molecules[0].GetProp(f"{ENERGY}_total_eV")) == float(rows[0][f"{ENERGY}_total_eV"])


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"files": [{"text": "C\n" * 1001}]}, (413, "too_many_molecules")),
        ({"files": [{"text": "C\n" * 600}, {"text": "C\n" * 600}]}, (413, "too_many_molecules")),
        ({"files": [{"text": " \n"}]}, (400, "empty")),
        ({"files": [{"name": "a.csv", "text": "a,b\n1,2\n"}]}, (400, "no_smiles_column")),
        ({"files": [{"name": "a.pdf", "text": "x"}]}, (400, "unknown_format")),
        ({"files": [{"text": "C", "format": "pdb"}]}, (400, "invalid_request")),
        ({"files": []}, (400, "invalid_request")),
        ({"files": [{"text": "C"}], "models": ["nothing"]}, (404, "unknown_model")),
    ],
)
def test_what_cannot_be_cut_into_molecules_is_refused(client, body, wrong):
    assert code(client.post("/api/v1/batches", json=body)) == wrong


def test_there_is_no_other(client):
    assert code(client.get("/api/v1/batches/nothing")) == (404, "unknown_batch")
    assert code(client.get("/api/v1/batches/nothing/file")) == (404, "unknown_batch")
    assert code(client.get("/api/v1/trajectories/nothing")) == (404, "unknown_trajectory")
    assert code(client.get("/api/v1/trajectories/nothing/frames/0")) == (404, "unknown_trajectory")


@pytest.fixture(scope="module")
def patient(make_settings):
    """A server that never waits: what takes time is a job."""
    settings = make_settings(short_wait=0.0, rate_limit="")
    with serving(create_app(settings, InlineExecutor(settings.service_config()))) as client:
        yield client


def test_a_job_says_how_far_it_is_and_leads_to_the_table(patient):
    started = batch(patient, "".join(f"{'C' * n}O\n" for n in range(1, 21)))
    assert started.status_code == 202
    with patient.stream("GET", f"/api/v1/jobs/{started.json()['job']}/events") as stream:
        events = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line]
    progress = [event["progress"] for event in events]
    assert progress == sorted(progress)
    assert sum(0 < value < 1 for value in progress) > 2
    assert len(patient.get(events[-1]["result"]).json()["rows"]) == 20


def test_rows_are_there_while_the_others_are_computed(patient):
    started = batch(patient, "".join(f"{'C' * (n % 7)}CS{'C' * (n // 7)}\n" for n in range(49))).json()
    job, table = f"/api/v1/jobs/{started['job']}", started["result"]
    parts: list[list[dict]] = []
    while (now := patient.get(job).json())["status"] in ("queued", "running"):
        if now["progress"] == 0:
            continue  # nobody has begun
        there = patient.get(f"{table}/rows").json()
        assert there["of"] == 49
        parts.append(there["rows"])
    whole = patient.get(table).json()["rows"]
    assert len(whole) == 49
    assert any(0 < len(rows) < 49 for rows in parts), [len(rows) for rows in parts]
    assert all(rows == whole[: len(rows)] for rows in parts)
    assert patient.get(f"{table}/rows?start=40").json() == {"rows": whole[40:], "of": 49}
    assert code(patient.get("/api/v1/batches/nothing/rows")) == (404, "unknown_batch")


def test_a_batch_that_is_given_up_is_not_kept(patient):
    text = "".join(f"{'C' * n}N\n" for n in range(1, 31))
    job = batch(patient, text).json()["job"]
    assert patient.delete(f"/api/v1/jobs/{job}").json()["status"] == "cancelled"
    assert batch(patient, text).status_code == 202, "computed anew"


def test_a_record_that_never_ends_spoils_no_other(client, app, monkeypatch):
    from atomlens.errors import ComputationFailed
    from atomlens.service import batches

    batches_of_app = app.state.service.batches
    read = batches_of_app._read

    async def hanging(records):
        if any(record.text == "CCCCC" for record in records):
            raise ComputationFailed("The computation took longer than 20 seconds and was stopped.", code="timeout")
        return await read(records)

    monkeypatch.setattr(batches_of_app, "_read", hanging)
    rows = batch(client, "CC\nCCCCC\nCCC\n").json()["rows"]
    assert [row["error"] and row["error"]["code"] for row in rows] == [None, "timeout", None]
    assert batches.READ_AT_ONCE > 3, "they were read together"


def trajectory(client, text, **more):
    return client.post("/api/v1/trajectories", json={"text": text, **more})


def test_every_frame_is_predicted_as_its_molecule_alone(client):
    answer = trajectory(client, WATER + WIDER)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["labels"] == ["first", "wider"]
    assert {path["model"] for path in found["paths"]} == {
        f"qm9-{f}-{q}" for f in ("bp", "schnet") for q in ("energy", "dipole")
    }
    for frame in (0, 1):
        molecule = client.get(f"/api/v1/trajectories/{found['id']}/frames/{frame}").json()
        assert molecule["positions"] == found["positions"][frame]
        assert client.get(f"/api/v1/molecules/{molecule['id']}").json() == molecule
        assert f"frame {frame + 1} of 2" in molecule["geometry"]["note"]
        alone = client.post("/api/v1/predictions", json={"molecule": molecule["id"], "models": None}).json()
        for path, whole in zip(found["paths"], alone["predictions"], strict=True):
            assert path["model"] == whole["model"]
            assert path["totals"][frame] == pytest.approx(whole["total"], abs=1e-8)
            assert path["contributions"][frame] == pytest.approx(whole["contributions"], abs=1e-9)
            assert path["references"] == whole["references"]
            assert (path["vectors"] or [None] * 2)[frame] == pytest.approx(whole["vector"], abs=1e-8)
    assert client.get(f"/api/v1/trajectories/{found['id']}").json() == found
    assert code(client.get(f"/api/v1/trajectories/{found['id']}/frames/2")) == (404, "unknown_frame")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (WATER, (400, "one_frame")),
        (WATER + "2\n\nH 0 0 0\nH 0.74 0 0\n", (400, "other_atoms")),
        (WATER * 1001, (413, "too_many_frames")),
        (WATER.replace("O", "Xe") + WIDER.replace("O", "Xe"), (422, "unknown_element")),
    ],
)
def test_what_is_no_trajectory_is_refused(client, text, wrong):
    assert code(trajectory(client, text)) == wrong


def reaction(client, **body):
    return client.post("/api/v1/reactions", json=body)


def test_agents_of_a_reaction_smiles_are_named_as_left_out(client):
    found = reaction(client, equation="CC(=O)O.OCC>[H+]>CC(=O)OCC.O").json()
    assert (found["balance"]["balanced"], found["left_out"]) == (True, ["[H+]"])
    assert reaction(client, equation="C=C.[HH]>>CC").json()["left_out"] == []


def test_a_reaction_has_the_difference_of_its_molecules(client):
    answer = reaction(client, equation="C=C + [HH] -> CC")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["balance"] == {
        "balanced": True, "message": "", "differences": [], "coefficients": None, "equation": None,
    }  # fmt: skip
    assert {one["model"] for one in found["predictions"]} == {"qm9-bp-energy", ENERGY}
    molecules = [one["molecule"]["id"] for one in found["reactants"] + found["products"]]
    for one in found["predictions"]:
        totals = [
            client.post("/api/v1/predictions", json={"molecule": molecule, "models": [one["model"]]}).json()[
                "predictions"
            ][0]["total"]
            for molecule in molecules
        ]
        assert one["energy"] == pytest.approx(totals[2] - totals[0] - totals[1], abs=1e-7)
        assert sum(one["changes"]) == pytest.approx(one["energy"], abs=1e-7)
    assert len(found["matches"]) == 8
    written = {
        "reactants": [{"text": "ethene"}, {"text": "H2", "coefficient": 1}],
        "products": [{"text": "ethane"}],
    }
    assert reaction(client, **written).json()["predictions"] == found["predictions"]


def test_an_equation_that_is_off_is_told_and_balanced_on_demand(client):
    found = reaction(client, equation="methane + O2 -> CO2 + H2O").json()
    assert found["predictions"] == found["choice"] == []
    assert found["balance"]["equation"] == "methane + 2 O2 -> CO2 + 2 H2O"
    assert found["balance"]["differences"][0] == {"element": "H", "left": 4, "right": 2}
    balanced = reaction(client, equation="methane + O2 -> CO2 + H2O", balance=True).json()
    assert balanced["equation"] == "methane + 2 O2 -> CO2 + 2 H2O"
    for one in balanced["predictions"]:
        oxygen = one["species"][1]
        assert (oxygen["grade"], oxygen["reason"], one["grade"]) == ("outside", "open_shell", "outside")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"equation": "C=C + [HH]"}, (400, "bad_equation")),
        ({"equation": "nonsense + O -> O"}, (400, "unknown_name")),
        ({"equation": "CCl -> CCl"}, (422, "unknown_element")),
        ({"equation": "O -> O", "models": ["qm9-bp-dipole"]}, (400, "energies_only")),
        ({"equation": "O -> O", "reactants": [{"text": "O"}], "products": [{"text": "O"}]}, (400, "invalid_request")),
        ({"reactants": [{"text": "O"}]}, (400, "invalid_request")),
        ({"equation": " + ".join(["O"] * 11) + " -> O"}, (413, "too_many_molecules")),
        ({"equation": "99 CCCC -> 99 CCCC"}, (413, "too_many_atoms")),
    ],
)
def test_what_is_no_reaction_is_refused(client, body, wrong):
    assert code(reaction(client, **body)) == wrong
