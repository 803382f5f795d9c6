"""docs/http.md describes what the server does: every route, every field of an answer, every status."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from atomlens.api import live, schemas
from atomlens.api.responses import STATUS
from atomlens.api.routes import router

DOCUMENT = (Path(__file__).parents[2] / "docs" / "http.md").read_text("utf-8")
ANSWERS = [
    schemas.Error, schemas.Model, schemas.Embeddings, schemas.Molecule, schemas.Geometry, schemas.NameEntry,
    schemas.Prediction, schemas.FieldAnswer, schemas.FieldElement, schemas.Histogram, schemas.Surface,
    schemas.JobStarted, schemas.Job, schemas.ViewCreated, schemas.View, schemas.Distribution,
    schemas.DistributionOfGroup, schemas.Surroundings, schemas.Neighbour, schemas.ReferenceMolecule, schemas.Ring,
    schemas.RingOnConformer, schemas.Rings, schemas.MoleculeTrust, schemas.Batch, schemas.BatchRow,
    schemas.ShortPrediction, schemas.Trajectory, schemas.TrajectoryPath, schemas.ReactionAnswer, schemas.Species,
    schemas.ReactionBalance, schemas.ElementBalance, schemas.AtomMatch, schemas.ReactionPrediction,
    schemas.SpeciesPrediction,
    schemas.Conformers, schemas.Conformer,
    schemas.ConformerEnergies,
    schemas.ModelMembers, schemas.MembersAnswer,
    schemas.Receipt, schemas.ReceiptModel, schemas.ReceiptMolecule, schemas.CardParameters, schemas.Program,
    schemas.Citation, schemas.Citations, schemas.Recomputation, schemas.Compared,
    schemas.ModelForces, schemas.ForcesAnswer, schemas.Part, schemas.ReferenceValue, schemas.Comparison,
]  # fmt: skip
REQUESTS = [
    schemas.MoleculeRequest, schemas.PredictionRequest, schemas.FieldRequest, schemas.ViewRequest, schemas.LiveRequest,
    schemas.EnvironmentsRequest, schemas.BatchFile, schemas.BatchRequest, schemas.TrajectoryRequest,
    schemas.ReactionTerm, schemas.ReactionRequest,
    schemas.ToElement, schemas.DeleteAtoms, schemas.AddHydrogens, schemas.AttachGroup,
    schemas.EditRequest, schemas.ConformersRequest,
    schemas.ComparisonRequest,
]  # fmt: skip


def shape(path: str) -> str:
    """A path without its query and whatever its parameters are called."""
    return re.sub(r"\{\w+\}", "{}", path.split("?", maxsplit=1)[0])


def test_every_route_is_documented_and_no_other():
    served = {
        # a WebSocket begins as a GET
        f"{method} {shape(route.path.removeprefix('/api/v1'))}"
        for route in [*router.routes, *live.router.routes]
        for method in getattr(route, "methods", ["GET"])
    }
    documented = {
        f"{method} {shape(path)}" for method, path in re.findall(r"`(GET|POST|PUT|DELETE) (/[^` ]*)", DOCUMENT)
    }
    assert documented == served


def test_health_and_pages_are_documented_and_served(client):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert f"`{path}`" in DOCUMENT
        assert client.get(path).status_code == 200
    for path in ("/v/{id}", "/embed/{id}"):
        assert f"`{path}`" in DOCUMENT
        assert client.get(path.format(id="abc")).status_code == 404, "the page, which says so"


@pytest.mark.parametrize("schema", [*ANSWERS, *REQUESTS], ids=lambda schema: schema.__name__)
def test_every_field_is_documented(schema: type[BaseModel]):
    names = [field.alias or name for name, field in schema.model_fields.items()]
    missing = [name for name in names if f'"{name}"' not in DOCUMENT]
    assert missing == []


def test_every_status_is_documented():
    table = {int(status) for status in re.findall(r"^\| (\d{3}) \|", DOCUMENT, re.MULTILINE)}
    # 405 and 500 are the framework's; 429 is the rate limit's
    assert table == {status for _, status in STATUS} | {405, 429, 500}


def test_formats_are_documented():
    formats = re.search(r'"format": ([^,]+), "text"', DOCUMENT)[1]
    declared = schemas.MoleculeRequest.model_json_schema()["properties"]["format"]["enum"]
    assert re.findall(r'"(\w+)"', formats) == declared


def test_every_code_of_an_error_is_documented():
    package = Path(__file__).parents[2] / "backend" / "atomlens"
    of_other_commands = {"unreadable_file", "address"}  # files, listening, and training
    found = {
        code
        for file in package.rglob("*.py")
        for code in re.findall(r'(?:default_)?code ?= ?"([a-z_]+)"', file.read_text("utf-8"))
        if "training" not in file.parts
    }
    codes = DOCUMENT[DOCUMENT.index("Codes, by") : DOCUMENT.index("## Models")]
    documented = set(re.findall(r"`([a-z_]+)`", codes))
    assert documented >= found - of_other_commands
    assert documented - found == {"method_not_allowed"}
