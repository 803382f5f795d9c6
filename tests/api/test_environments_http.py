"""Where atoms stand in the atlas, rings, and the trust in a whole molecule, over HTTP."""

import pytest
from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from atomlens.training.atlas import write_atlas
from tiny import tiny_models_dir, tiny_source, with_statistics


@pytest.fixture(scope="module")
def atlas_client(make_settings, tmp_path_factory):
    """A server whose Behler–Parrinello models have an atlas, and whose SchNets have none."""
    folder = tiny_models_dir(tmp_path_factory.mktemp("atlas-models"), members=2)
    for name in ("qm9-bp-energy", "qm9-bp-dipole"):
        with_statistics(folder / name)
        write_atlas(folder / name, tiny_source())
    with serving(create_app(make_settings(models_dir=folder))) as made:
        wait_until_ready(made)
        yield made


@pytest.fixture(scope="module")
def alcohol(atlas_client) -> dict:
    return atlas_client.post("/api/v1/molecules", json={"text": "CCO"}).json()


def test_distributions_are_served_by_element(atlas_client):
    found = atlas_client.get("/api/v1/models/qm9-bp-energy/environments/C").json()
    assert (found["element"], found["unit"], found["data"], found["licence"]) == ("C", "eV", "tiny", "CC0")
    assert found["n"] == sum(group["n"] for group in found["groups"])
    assert len(found["edges"]) == len(found["counts"]) + 1
    assert {"methyl", "alcohol", "aromatic C–H"} <= {group["name"] for group in found["groups"]}
    charges = atlas_client.get("/api/v1/models/qm9-bp-dipole/environments/O").json()
    assert charges["unit"] == "e"


@pytest.mark.parametrize(
    "path", ["/models/qm9-schnet-energy/environments/C", "/models/qm9-bp-energy/environments/S", "/models/x/rings"]
)
def test_what_has_no_atlas_is_not_found(atlas_client, path):
    answer = atlas_client.get("/api/v1" + path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] in ("no_atlas", "unknown_model")


def test_an_atom_is_told_its_environment_and_the_nearest_of_the_training_data(atlas_client, alcohol):
    body = {"molecule": alcohol["id"], "atom": 1, "nearest": 3}
    answer = atlas_client.post("/api/v1/environments", json=body).json()
    assert answer["molecule"] == alcohol
    # SchNets have no atlas, and nobody asked for them
    assert [one["model"] for one in answer["environments"]] == ["qm9-bp-energy", "qm9-bp-dipole"]
    predictions = atlas_client.post("/api/v1/predictions", json={"molecule": alcohol["id"]}).json()["predictions"]
    contributions = {p["model"]: p["contributions"] for p in predictions}
    for one in answer["environments"]:
        assert one["groups"][:3] == ["methyl", "alcohol", "alcohol"]
        assert (one["element"], one["atom"]) == ("C", 1)
        assert one["contribution"] == pytest.approx(contributions[one["model"]][1])
        assert 0.0 <= one["percentile"] <= 100.0
        table = atlas_client.get(f"/api/v1/models/{one['model']}/environments/C").json()
        assert one["test_atoms"] == table["n"]
        sizes = {group["name"]: group["n"] for group in table["groups"]}
        assert one["group_test_atoms"] == sizes.get("alcohol", 0)
        distances = [neighbour["distance"] for neighbour in one["nearest"]]
        assert len(distances) == 3
        assert distances == sorted(distances)
        for neighbour in one["nearest"]:
            assert neighbour["molecule"]["symbols"][neighbour["atom"]] == "C"
            assert len(neighbour["molecule"]["positions"]) == len(neighbour["molecule"]["symbols"])


def test_an_atom_that_is_not_there_and_a_model_without_an_atlas_are_refused(atlas_client, alcohol):
    missing = atlas_client.post("/api/v1/environments", json={"molecule": alcohol["id"], "atom": 9})
    assert (missing.status_code, missing.json()["error"]["field"]) == (400, "atom")
    named = {"molecule": alcohol["id"], "atom": 0, "models": ["qm9-schnet-energy"]}
    assert atlas_client.post("/api/v1/environments", json=named).json()["error"]["code"] == "no_atlas"


def test_rings_are_ranked_with_and_without_an_atlas(atlas_client):
    for name in ("qm9-bp-energy", "qm9-schnet-energy"):
        found = atlas_client.get(f"/api/v1/models/{name}/rings").json()
        values = [ring["versus_free_atoms"] for ring in found["rings"]]
        assert values == sorted(values)
        assert {"benzene", "pyrrole", "cyclopropane"} <= {ring["name"] for ring in found["rings"]}
    refused = atlas_client.get("/api/v1/models/qm9-bp-dipole/rings")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "energies_only")


def test_a_prediction_grades_the_molecule_too(atlas_client, alcohol):
    predictions = atlas_client.post("/api/v1/predictions", json={"molecule": alcohol["id"]}).json()["predictions"]
    for prediction in predictions:
        if prediction["model"].startswith("qm9-schnet"):
            assert prediction["trust"] is prediction["trust_reasons"] is prediction["molecule_trust"] is None
        else:
            assert len(prediction["trust"]) == len(prediction["trust_reasons"]) == 9
            assert prediction["molecule_trust"]["grade"] in ("inside", "unusual", "outside")
