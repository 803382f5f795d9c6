"""The routes under /api/v1, as docs/http.md describes them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from atomlens.api import schemas
from atomlens.api.responses import SafeJSON, error_body
from atomlens.chem.equation import agents_of, parse_equation, term
from atomlens.errors import Forbidden
from atomlens.service.explanations import Drawn, ExplanationFormat
from atomlens.service.export import Export
from atomlens.service.jobs import Job
from atomlens.service.service import Service
from atomlens.service.surfaces import Wanted

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.ErrorAnswer} for status in (400, 403, 404, 413, 422, 429, 503)
}
router = APIRouter(prefix="/api/v1", responses=_ERRORS)

#: What never changes under its address may be kept for good.
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(_service)]
Number = Annotated[float | None, Query(allow_inf_nan=False)]


@router.get("/models", response_model=schemas.ModelList)
async def list_models(service: ServiceOf) -> Response:
    """Every model."""
    return SafeJSON({"models": service.models.all()})


@router.get("/models/{name}", response_model=schemas.Model)
async def get_model(name: str, service: ServiceOf) -> Response:
    """One model."""
    card = service.models.card(name)
    return SafeJSON(next(model for model in service.models.all() if model["name"] == card.name))


@router.get("/models/{name}/card", response_model=dict[str, Any])
async def get_card(name: str, service: ServiceOf) -> Response:
    """The model card as stored."""
    return SafeJSON(service.models.card(name).raw)


@router.get("/models/{name}/embeddings", response_model=schemas.Embeddings)
async def get_embeddings(name: str, service: ServiceOf) -> Response:
    """The element vectors of every member, their principal components, and the order in them."""
    return SafeJSON(await service.models.embeddings(name))


@router.get("/models/{name}/pairs", response_model=schemas.PairDecay)
def get_pair_decay(name: str, service: ServiceOf) -> Response:
    """How much the model leans on pairs of atoms against their distance, over test molecules."""
    return SafeJSON(service.models.decay(name))


@router.get("/models/{name}/environments/{element}", response_model=schemas.Distribution)
def get_environments(name: str, element: str, service: ServiceOf) -> Response:
    """How the model's contributions to an element, or its charges, are distributed over test atoms."""
    return SafeJSON(service.models.environments(name, element))


@router.get("/models/{name}/rings", response_model=schemas.Rings)
async def get_rings(name: str, service: ServiceOf) -> Response:
    """Rings ranked by what the model gives their atoms."""
    return SafeJSON(await service.models.rings(name))


@router.get("/citations", response_model=schemas.Citations)
async def get_citations(service: ServiceOf, model: Annotated[list[str] | None, Query()] = None) -> Response:
    """What to cite of results of these models."""
    return SafeJSON(service.receipts.citations(model or []))


@router.get("/names", response_model=schemas.NameList)
async def complete_name(
    service: ServiceOf,
    prefix: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Common names that begin so."""
    return SafeJSON({"names": await service.molecules.names(prefix, limit)})


@router.post("/molecules", response_model=schemas.Molecule)
async def post_molecule(body: schemas.MoleculeRequest, service: ServiceOf) -> Response:
    """Read a molecule from text and keep it."""
    return SafeJSON(await service.molecules.read(body.text, body.format))


@router.get("/molecules/{identifier}", response_model=schemas.Molecule)
async def get_molecule(identifier: str, service: ServiceOf) -> Response:
    """A stored molecule."""
    return SafeJSON(await service.molecules.get(identifier), headers=_FOREVER)


@router.post("/molecules/{identifier}/moved", response_model=schemas.Molecule)
async def post_moved(identifier: str, body: schemas.MovedRequest, service: ServiceOf) -> Response:
    """The same molecule with its atoms elsewhere, kept as one of its own."""
    return SafeJSON(await service.molecules.moved(identifier, body.positions))


@router.post("/molecules/{identifier}/edited", response_model=schemas.Molecule)
async def post_edited(identifier: str, body: schemas.EditRequest, service: ServiceOf) -> Response:
    """The molecule after a change by hand, kept as one of its own."""
    return SafeJSON(await service.molecules.edited(identifier, body.change.change()))


@router.post("/molecules/{identifier}/conformers", response_model=schemas.Conformers)
async def post_conformers(identifier: str, body: schemas.ConformersRequest, service: ServiceOf) -> Response:
    """Other conformers of the molecule, and their energies by the models."""
    return SafeJSON(await service.predictions.conformers(identifier, body.models, body.count))


@router.get("/molecules/{identifier}/parts", response_model=schemas.PartsAnswer)
async def get_parts(identifier: str, service: ServiceOf) -> Response:
    """Functional groups, rings, and heavy atoms with their hydrogens."""
    return SafeJSON(await service.molecules.parts(identifier))


@router.get("/molecules/{identifier}/structure", response_model=schemas.Structure)
async def get_structure(identifier: str, service: ServiceOf) -> Response:
    """The structural formula as paths, for a page to colour."""
    return SafeJSON(await service.molecules.structure(identifier), headers=_FOREVER)


@router.get("/molecules/{identifier}/references", response_model=schemas.ReferencesAnswer)
async def get_references(identifier: str, service: ServiceOf) -> Response:
    """What quantum chemistry gives this constitution."""
    return SafeJSON(await service.molecules.references(identifier))


@router.post("/comparisons", response_model=schemas.Comparison)
async def post_comparison(body: schemas.ComparisonRequest, service: ServiceOf) -> Response:
    """Corresponding atoms of two molecules, and the second laid over the first."""
    return SafeJSON(await service.molecules.compare(body.first, body.second))


@router.post("/members", response_model=schemas.MembersAnswer)
async def post_members(body: schemas.PredictionRequest, service: ServiceOf) -> Response:
    """How each network of an ensemble divides a molecule among its atoms."""
    return SafeJSON(await service.predictions.members(body.molecule, body.models))


@router.post("/forces", response_model=schemas.ForcesAnswer)
async def post_forces(body: schemas.PredictionRequest, service: ServiceOf) -> Response:
    """Forces of each energy model on the atoms."""
    return SafeJSON(await service.predictions.forces(body.molecule, body.models))


@router.post("/predictions", response_model=schemas.Predictions)
async def post_prediction(body: schemas.PredictionRequest, service: ServiceOf) -> Response:
    """Totals and contributions, model by model."""
    return SafeJSON(await service.predictions.predict(body.molecule, body.models))


@router.post("/environments", response_model=schemas.EnvironmentsAnswer)
async def post_environments(body: schemas.EnvironmentsRequest, service: ServiceOf) -> Response:
    """Where an atom stands among those that the models know, and the training atoms most like it."""
    return SafeJSON(await service.predictions.environments(body.molecule, body.models, body.atom, body.nearest))


@router.post("/pairs", response_model=schemas.PairsAnswer)
async def post_pairs(body: schemas.PredictionRequest, service: ServiceOf) -> Response:
    """How much each energy model leans on each pair of atoms."""
    return SafeJSON(await service.predictions.pairs(body.molecule, body.models))


@router.post("/points", response_model=schemas.PointsAnswer)
async def post_points(body: schemas.PointsRequest, service: ServiceOf) -> Response:
    """A probe atom at single points: what it would be given, and what putting it in would cost."""
    return SafeJSON(await service.predictions.points(body.molecule, body.models, body.element, body.points))


@router.post("/alchemy", response_model=schemas.AlchemyAnswer)
async def post_alchemy(body: schemas.AlchemyRequest, service: ServiceOf) -> Response:
    """Totals and contributions while a molecule turns into another."""
    changes = [change.model_dump() for change in body.changes]
    return SafeJSON(await service.alchemy.follow(body.molecule, body.models, changes, body.steps, body.end_positions))


@router.post("/relaxations", response_model=schemas.Relaxation, responses={202: {"model": schemas.JobStarted}})
async def post_relaxation(body: schemas.RelaxationRequest, service: ServiceOf) -> Response:
    """A molecule on its way to a model's minimum: at once where it is ready soon, else a job."""
    return _ready_or_job(
        await service.relaxations.request(body.molecule, body.model, steps=body.steps, fmax=float(body.fmax))
    )


@router.get("/relaxations/{identifier}", response_model=schemas.Relaxation)
async def get_relaxation(identifier: str, service: ServiceOf) -> Response:
    """A kept relaxation."""
    return SafeJSON(await service.relaxations.get(identifier), headers=_FOREVER)


@router.get("/relaxations/{identifier}/frames/{frame}", response_model=schemas.Molecule)
async def get_step(identifier: str, frame: Annotated[int, Path(ge=0, le=1_000_000)], service: ServiceOf) -> Response:
    """The molecule after so many steps of a relaxation, kept as one of its own."""
    return SafeJSON(await service.relaxations.frame(identifier, frame), headers=_FOREVER)


def _content(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Of the OpenAPI document: an answer that may be of these kinds, which are no JSON."""
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}}}


#: Content types by format, as they are registered or, of cube files, in use.
_TYPES = {
    "raw": "application/octet-stream",
    "cube": "chemical/x-gaussian-cube",
    "csv": "text/csv; charset=utf-8",
    "glb": "model/gltf-binary",
    "stl": "model/stl",
    "sdf": "chemical/x-mdl-sdfile",
    "json": "application/json",
    "extxyz": "chemical/x-xyz",
    "svg": "image/svg+xml",
}
#: Beside JSON, whose form is that of predictions.
_FILES = _content("text/csv", "chemical/x-xyz", "image/svg+xml")
_PICTURE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _drawn(
    quantity: Annotated[Literal["contributions", "atomization", "charges"], Query()] = "contributions",
    unit: Annotated[Literal["eV", "kcal/mol", "kJ/mol", "Ha"], Query()] = "kcal/mol",
    limit: Annotated[float | None, Query(gt=0, allow_inf_nan=False)] = None,
    language: Annotated[Literal["en", "de"], Query()] = "en",
) -> Drawn:
    return Drawn(quantity, unit, limit, language)


def _download(export: Export, kind: str) -> Response:
    headers = {**_FOREVER, "Content-Disposition": f'attachment; filename="{export.name}"'}
    return Response(export.content, media_type=_TYPES[kind], headers=headers)


@router.post("/batches", response_model=schemas.Batch, responses={202: {"model": schemas.JobStarted}})
async def post_batch(body: schemas.BatchRequest, service: ServiceOf) -> Response:
    """A table of predictions of many molecules: at once where it is ready soon, else a job."""
    files = [file.model_dump() for file in body.files]
    return _ready_or_job(await service.batches.request(files, body.models))


@router.get("/batches/{identifier}", response_model=schemas.Batch)
async def get_batch(identifier: str, service: ServiceOf) -> Response:
    """A kept table."""
    return SafeJSON(await service.batches.get(identifier), headers=_FOREVER)


@router.get("/batches/{identifier}/rows", response_model=schemas.BatchRows)
async def get_batch_rows(
    identifier: str, service: ServiceOf, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """The rows of a table that are there, from one on, while it is computed and after."""
    rows, of = await service.batches.rows(identifier)
    return SafeJSON({"rows": rows[start:], "of": of}, headers={"Cache-Control": "no-store"})


@router.get(
    "/batches/{identifier}/file",
    response_class=Response,
    responses=_content("text/csv", "chemical/x-mdl-sdfile"),
)
async def get_batch_file(
    identifier: str, service: ServiceOf, format: Annotated[Literal["csv", "sdf"], Query()] = "csv"
) -> Response:
    """A kept table as comma-separated values, or its molecules as an SDF with their values."""
    content = await service.batches.file(identifier, format)
    return _download(Export(content, f"atomlens_batch_{identifier[:8]}.{format}"), format)


@router.post("/trajectories", response_model=schemas.Trajectory, responses={202: {"model": schemas.JobStarted}})
async def post_trajectory(body: schemas.TrajectoryRequest, service: ServiceOf) -> Response:
    """Predictions of every frame of a trajectory: at once where they are ready soon, else a job."""
    if body.text is not None:
        return _ready_or_job(await service.trajectories.request(body.text, body.format, body.models))
    return _ready_or_job(await service.trajectories.along_relaxation(body.relaxation or "", body.models))


@router.get("/trajectories/{identifier}", response_model=schemas.Trajectory)
async def get_trajectory(identifier: str, service: ServiceOf) -> Response:
    """A kept trajectory."""
    return SafeJSON(await service.trajectories.get(identifier), headers=_FOREVER)


@router.get("/trajectories/{identifier}/frames/{frame}", response_model=schemas.Molecule)
async def get_frame(identifier: str, frame: Annotated[int, Path(ge=0, le=1_000_000)], service: ServiceOf) -> Response:
    """The molecule of a frame, from 0, kept as one of its own."""
    return SafeJSON(await service.trajectories.frame(identifier, frame), headers=_FOREVER)


@router.post("/reactions", response_model=schemas.ReactionAnswer)
async def post_reaction(body: schemas.ReactionRequest, service: ServiceOf) -> Response:
    """The energy of a reaction, model by model, and which atoms change most."""
    if body.equation is not None:
        reactants, products = parse_equation(body.equation)
    else:
        reactants, products = (
            [term(one.text, one.coefficient) for one in side or ()] for side in (body.reactants, body.products)
        )
    found = await service.reactions.energy(reactants, products, body.models, balanced=body.balance)
    return SafeJSON({**found, "left_out": agents_of(body.equation or "")})


@router.post("/fields", response_model=schemas.FieldAnswer, responses={202: {"model": schemas.JobStarted}})
async def post_field(body: schemas.FieldRequest, service: ServiceOf) -> Response:
    """A probe's field: at once where it is ready soon, else a job."""
    shape = (body.shape[0], body.shape[1], body.shape[2]) if body.shape else None
    found = await service.fields.request(
        body.molecule,
        body.model,
        body.quantity,
        body.elements,
        spacing=body.spacing,
        shape=shape,
        margin=float(body.margin),
        coarser=body.coarser,
    )
    return _ready_or_job(found)


@router.get("/fields/{identifier}", response_model=schemas.FieldAnswer)
async def get_field(identifier: str, service: ServiceOf) -> Response:
    """A field's description."""
    return SafeJSON(await service.fields.get(identifier), headers=_FOREVER)


@router.get(
    "/fields/{identifier}/data/{element}",
    response_class=Response,
    responses=_content("application/octet-stream", "chemical/x-gaussian-cube", "text/csv"),
)
async def get_field_data(
    identifier: str,
    element: str,
    service: ServiceOf,
    format: Annotated[Literal["raw", "cube", "csv"], Query()] = "raw",
) -> Response:
    """Little-endian float32, C order, z fastest; or the same as a Gaussian cube file, or as a table of its points."""
    if format != "raw":
        return _download(await service.surfaces.field_file(identifier, element, format), format)
    data = await service.fields.data(identifier, element)
    return Response(data, media_type=_TYPES[format], headers=_FOREVER)


@router.get(
    "/fields/{identifier}/surface/{element}",
    response_model=schemas.Surface,
    responses=_content("application/octet-stream", "model/gltf-binary", "model/stl", "text/csv"),
)
async def get_surface(
    identifier: str,
    element: str,
    service: ServiceOf,
    isovalue: Number = None,
    envelope: Number = None,
    values: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    values_element: Annotated[str | None, Query(min_length=1, max_length=3)] = None,
    format: Annotated[Literal["glb", "stl", "csv"] | None, Query()] = None,
    limit: Annotated[float | None, Query(gt=0, allow_inf_nan=False)] = None,
    zero: Annotated[float, Query(allow_inf_nan=False)] = 0.0,
    opacity: Annotated[float, Query(ge=0.05, le=1.0, allow_inf_nan=False)] = 1.0,
    both_signs: bool = False,
    less: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    accept: Annotated[str, Header()] = "application/json",
) -> Response:
    """An isosurface or the envelope, with the values of the field or another, or how they differ from those of a third
    (`less`); a file by `format`, else by `Accept`."""
    wanted = Wanted(isovalue, envelope, values, values_element, limit, zero, opacity, both_signs, less)
    if format is not None:
        return _download(await service.surfaces.file(identifier, element, wanted, format), format)
    made = await service.surfaces.mesh(identifier, element, wanted, binary="application/octet-stream" in accept)
    headers = {**_FOREVER, "Vary": "Accept"}
    if isinstance(made, bytes):
        return Response(made, media_type=_TYPES["raw"], headers=headers)
    return SafeJSON(made, headers=headers)


@router.get("/jobs/{identifier}", response_model=schemas.Job)
async def get_job(identifier: str, service: ServiceOf) -> Response:
    """A job as it stands."""
    return SafeJSON(_job(service.jobs.get(identifier)))


@router.delete("/jobs/{identifier}", response_model=schemas.Job)
async def cancel_job(identifier: str, service: ServiceOf) -> Response:
    """Give a job up."""
    return SafeJSON(_job(await service.jobs.cancel(identifier)))


@router.get(
    "/jobs/{identifier}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def watch_job(identifier: str, service: ServiceOf) -> Response:
    """Server-sent events of the job until its end."""
    service.jobs.get(identifier)

    async def events() -> AsyncIterator[str]:
        async for job in service.jobs.watch(identifier):
            yield f"data: {json.dumps(_job(job))}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.post("/views", status_code=201, response_model=schemas.ViewCreated)
async def post_view(body: schemas.ViewRequest, service: ServiceOf) -> Response:
    """Keep a state under a link."""
    made = await service.views.create(body.state)
    return SafeJSON(made, 201, {"Location": f"/api/v1/views/{made['id']}"})


@router.get("/views/{identifier}", response_model=schemas.View)
async def get_view(identifier: str, service: ServiceOf) -> Response:
    """What was shared."""
    return SafeJSON(await service.views.get(identifier))


@router.delete("/views/{identifier}", status_code=204, response_class=Response)
async def delete_view(
    identifier: str, service: ServiceOf, x_delete_token: Annotated[str | None, Header()] = None
) -> Response:
    """Remove a link."""
    if x_delete_token is None:
        raise Forbidden("The header X-Delete-Token is missing.", field="X-Delete-Token")
    await service.views.delete(identifier, x_delete_token)
    return Response(status_code=204)


@router.put("/views/{identifier}/picture", status_code=204, response_class=Response, openapi_extra=_PICTURE_BODY)
async def put_picture(
    identifier: str, request: Request, service: ServiceOf, x_delete_token: Annotated[str | None, Header()] = None
) -> Response:
    """Keep the picture that announces a link elsewhere."""
    if x_delete_token is None:
        raise Forbidden("The header X-Delete-Token is missing.", field="X-Delete-Token")
    await service.views.keep_picture(identifier, x_delete_token, await request.body())
    return Response(status_code=204)


@router.get("/views/{identifier}/receipt", response_model=schemas.Receipt)
async def get_receipt(identifier: str, service: ServiceOf) -> Response:
    """What a link was made with, and how to cite it."""
    return SafeJSON(await service.receipts.of(identifier))


@router.post("/views/{identifier}/recomputation", response_model=schemas.Recomputation)
async def post_recomputation(identifier: str, service: ServiceOf) -> Response:
    """Whether a link's numbers come out the same today."""
    return SafeJSON(await service.receipts.recompute(identifier))


ExplanationFormatOf = Annotated[ExplanationFormat, Query(alias="format")]
DrawnOf = Annotated[Drawn, Depends(_drawn)]


@router.get("/molecules/{identifier}/explanation", response_model=schemas.Predictions, responses=_FILES)
async def get_explanation(
    identifier: str,
    service: ServiceOf,
    format: ExplanationFormatOf,
    drawn: DrawnOf,
    model: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The whole explanation as a file: JSON, a table, extended XYZ, or a flat drawing."""
    return _explanation(await service.explanations.of_molecule(identifier, model, format, drawn), format)


@router.get("/views/{identifier}/explanation", response_model=schemas.Predictions, responses=_FILES)
async def get_stored_explanation(
    identifier: str, service: ServiceOf, format: ExplanationFormatOf, drawn: DrawnOf
) -> Response:
    """The same of the numbers that a link has stored."""
    return _explanation(await service.explanations.of_view(identifier, format, drawn), format)


def _explanation(export: Export, format: ExplanationFormat) -> Response:
    # a checkpoint may be replaced: browsers ask again
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{export.name}"'}
    return Response(export.content, media_type=_TYPES[format], headers=headers)


def _ready_or_job(found: dict[str, Any] | Job) -> Response:
    """What was computed within the short wait, or 202 with the job that goes on."""
    if isinstance(found, Job):
        where = {"Location": f"/api/v1/jobs/{found.id}"}
        return SafeJSON({"job": found.id, "status": found.status, "result": found.target}, 202, where)
    return SafeJSON(found)


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "status": job.status,
        "progress": job.progress,
        "result": job.result,
        "error": error_body(job.error) if job.error is not None else None,
    }
