"""What the server keeps: over restarts, when files are lost, when it cannot write; and that it computes once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from atomlens.service.executor import InlineExecutor


class CountingExecutor(InlineExecutor):
    """Counts the tasks by name."""

    def __init__(self, config):
        super().__init__(config)
        self.tasks = []

    async def run(self, task, arguments, **options):
        self.tasks.append(task.__name__)
        return await super().run(task, arguments, **options)


def served(settings):
    executor = CountingExecutor(settings.service_config())
    return serving(create_app(settings, executor)), executor


def post_field(client, molecule, n=9):
    body = {"molecule": molecule, "model": "qm9-bp-energy", "quantity": "potential", "elements": ["C"]}
    return client.post("/api/v1/fields", json={**body, "shape": [n, n, n]})


def post_ethanol(client) -> str:
    return client.post("/api/v1/molecules", json={"format": "smiles", "text": "CCO"}).json()["id"]


def blobs_of(settings, field) -> list[Path]:
    return list((settings.data_dir / "blobs" / field[:2]).glob(f"{field}-*"))


def test_molecules_views_fields_and_answers_outlive_a_restart(make_settings):
    settings = make_settings()
    server, _ = served(settings)
    with server as client:
        molecule = post_ethanol(client)
        view = client.post("/api/v1/views", json={"state": {"molecule": molecule}}).json()["id"]
        field = post_field(client, molecule).json()
        paths = [f"/api/v1/molecules/{molecule}", f"/api/v1/views/{view}", f"/api/v1/fields/{field['id']}/data/C"]
        before = [client.get(path).content for path in paths]
    server, executor = served(settings)
    with server as client:
        assert [client.get(path).content for path in paths] == before
        assert post_field(client, molecule).json() == field
        assert len(client.post("/api/v1/predictions", json={"molecule": molecule}).json()["predictions"]) == 4
    assert executor.tasks == []


def test_many_who_ask_the_same_at_once_cause_one_computation(make_settings):
    server, executor = served(make_settings())
    with server as client, ThreadPoolExecutor(12) as crowd:
        molecule = post_ethanol(client)
        fields = list(crowd.map(lambda _: post_field(client, molecule, 24), range(12)))
        assert {answer.status_code for answer in fields} == {200}
        assert len({answer.text for answer in fields}) == 1
        where = f"/api/v1/fields/{fields[0].json()['id']}/surface/C"
        meshes = list(crowd.map(lambda _: client.get(where, params={"envelope": 3.8}).content, range(12)))
        assert len(set(meshes)) == 1
        asked = {"molecule": molecule, "models": ["qm9-schnet-energy"]}
        answers = list(crowd.map(lambda _: client.post("/api/v1/predictions", json=asked).text, range(12)))
        assert len(set(answers)) == 1
    assert executor.tasks.count("field") == 1
    assert executor.tasks.count("predict") == 1
    # surfaces are not kept: whoever comes after the end of the first computation causes another
    assert executor.tasks.count("surface") < 12


@pytest.mark.parametrize("harm", [lambda blob: blob.unlink(), lambda blob: blob.write_bytes(blob.read_bytes()[:100])])
def test_a_field_whose_file_is_lost_or_cut_is_computed_anew(make_settings, harm):
    settings = make_settings()
    server, _ = served(settings)
    with server as client:
        molecule = post_ethanol(client)
        field = post_field(client, molecule).json()
        data = f"/api/v1/fields/{field['id']}/data/C"
        before = client.get(data).content
        (blob,) = blobs_of(settings, field["id"])
        harm(blob)
        for path in (data, f"/api/v1/fields/{field['id']}", f"/api/v1/fields/{field['id']}/surface/C?isovalue=0"):
            assert client.get(path).status_code == 404
        assert post_field(client, molecule).json() == field
        after = np.frombuffer(client.get(data).content, dtype="<f4")
        np.testing.assert_allclose(after, np.frombuffer(before, dtype="<f4"), rtol=1e-6)


def test_a_molecule_that_takes_too_long_is_given_up_and_the_next_one_is_read(make_settings):
    # ninety-eight carbons keep a force field busy for seconds; the processes are real and one is killed
    with serving(create_app(make_settings(read_timeout=1.0))) as client:
        wait_until_ready(client)
        answer = client.post("/api/v1/molecules", json={"format": "smiles", "text": "C" * 98})
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["error"]["code"] == "timeout"
        assert client.post("/api/v1/molecules", json={"format": "smiles", "text": "O"}).status_code == 200


def test_a_server_that_cannot_write_says_so_to_the_caller_and_where_to_its_log(make_settings, capsys):
    settings = make_settings()
    server, _ = served(settings)
    with server as client:
        molecule = post_ethanol(client)
        (settings.data_dir / "blobs").rmdir()
        (settings.data_dir / "blobs").write_text("a file in the place of the folder")
        answer = post_field(client, molecule)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["error"]["code"] == "storage"
        assert str(settings.data_dir) not in answer.text
        assert str(settings.data_dir) in capsys.readouterr().out
        # what needs no file goes on
        assert client.post("/api/v1/predictions", json={"molecule": molecule}).status_code == 200
