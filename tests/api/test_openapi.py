"""Every answer to every request that the OpenAPI document allows, or nearly allows, is one that it names."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from atomlens.api.routes import router


def document() -> dict:
    app = FastAPI()
    app.include_router(router)
    return app.openapi()


OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in schemathesis.openapi.from_dict(document()).get_all_operations())
}


def can_be_wrong(operation) -> bool:
    """Whether there is a body or query that does not fit: any bytes are bytes."""
    return bool(operation.query) or any(body.media_type == "application/json" for body in operation.body)


#: Each operation with what fits; with what does not fit, where there is such a thing.
CASES = [(label, GenerationMode.POSITIVE) for label in OPERATIONS] + [
    (label, GenerationMode.NEGATIVE) for label, operation in OPERATIONS.items() if can_be_wrong(operation)
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="session")
def existing(client, ethanol, field) -> dict[str, dict[str, str]]:
    """Parameters that name something, by the beginning of a path: at random nothing would be found."""
    view = client.post("/api/v1/views", json={"state": {"molecule": ethanol["id"]}}).json()
    return {
        "/api/v1/views/": {"identifier": view["id"]},
        "/api/v1/models/": {"name": "qm9-schnet-energy"},
        "/api/v1/molecules/": {"identifier": ethanol["id"]},
        "/api/v1/fields/": {"identifier": field["id"], "element": "C"},
    }


@pytest.mark.parametrize(("label", "mode"), CASES, ids=lambda part: getattr(part, "value", part))
def test_answers_conform_to_the_document(client, existing, label, mode):
    operation = OPERATIONS[label]
    parameters = next((p for start, p in existing.items() if operation.path.startswith(start)), {})

    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def check(case, real):
        if real:
            names = {k: v for k, v in parameters.items() if k in case.path_parameters}
            case.path_parameters = {**case.path_parameters, **names}
            if isinstance(case.body, dict) and "molecule" in case.body:
                case.body["molecule"] = existing["/api/v1/molecules/"]["identifier"]
        response = case.call(base_url=str(client.base_url), timeout=60)
        case.validate_response(response, checks=CHECKS)

    check()
