"""The models that several training sets give, and which of them the service proposes for a molecule."""

import pytest
from api_server import serving, wait_until_ready

from atomlens.api.app import create_app
from tiny import tiny_models_dir, tiny_organic


@pytest.fixture(scope="module")
def choosing(make_settings, tmp_path_factory):
    """A server with models of two training sets, none of which has statistics."""
    folder = tiny_organic(tiny_models_dir(tmp_path_factory.mktemp("two-sets")))
    with serving(create_app(make_settings(models_dir=folder))) as made:
        wait_until_ready(made)
        yield made


def predictions(client, text, models=None):
    molecule = client.post("/api/v1/molecules", json={"format": "smiles", "text": text}).json()
    answer = client.post("/api/v1/predictions", json={"molecule": molecule["id"], "models": models})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_equally_close_the_one_of_the_smaller_error_is_chosen_and_all_answer(choosing):
    found = predictions(choosing, "CCO")
    assert len(found["predictions"]) == 8
    assert len(found["choice"]) == 4
    # by themselves: both families together may contradict each other, which untrained ones do
    for kind in ("bp-energy", "schnet-energy", "bp-dipole", "schnet-dipole"):
        (one,) = predictions(choosing, "CCO", [f"organic-{kind}", f"qm9-{kind}"])["choice"]
        assert one["model"] == f"qm9-{kind}"
        assert (one["reason"], one["others"], one["unknown"]) == ("accurate", [f"organic-{kind}"], [])


@pytest.mark.parametrize(("smiles", "unknown"), [("CS(C)=O", ["S"]), ("ClC(Cl)Cl", ["Cl"]), ("CSCCl", ["S", "Cl"])])
def test_molecules_of_further_elements_are_explained_by_those_that_know_them(choosing, smiles, unknown):
    found = predictions(choosing, smiles)
    assert {one["model"].split("-")[0] for one in found["predictions"]} == {"organic"}
    assert [(one["reason"], one["unknown"]) for one in found["choice"]] == [("elements", unknown)] * 4


def test_where_models_are_named_the_choice_is_among_those(choosing):
    found = predictions(choosing, "CCO", ["organic-bp-energy"])
    (one,) = found["choice"]
    assert (one["model"], one["reason"], one["others"]) == ("organic-bp-energy", "only", [])


def test_models_say_their_training_set_and_whether_they_know_more_than_minima(choosing):
    found = choosing.get("/api/v1/models").json()["models"]
    assert {(one["training_set"], one["knows_displaced"]) for one in found} == {("qm9", False), ("organic", True)}


def test_a_molecule_relaxes_by_a_model_that_knows_more_than_minima(choosing):
    molecule = choosing.post("/api/v1/molecules", json={"text": "CCO"}).json()
    body = {"molecule": molecule["id"], "steps": 1, "fmax": 10.0}
    answer = choosing.post("/api/v1/relaxations", json=body).json()
    assert answer["model"].startswith("organic-")
