"""Tasks: what runs inside a worker. Each imports what it needs when it runs, so that the process that answers
HTTP never loads torch, numba or RDKit.

Molecules cross as their JSON form, arrays as numpy, files by path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.changes import Change
from atomlens.chem.elements import NUMBERS
from atomlens.chem.equation import Term
from atomlens.chem.molecule import Geometry, Molecule
from atomlens.chem.records import Record
from atomlens.errors import ComputationFailed
from atomlens.service.context import Control, WorkerContext

if TYPE_CHECKING:
    from atomlens.explain.alchemy import Path as AlchemicalPath
    from atomlens.explain.colors import ColorScale
    from atomlens.explain.grid import Grid
    from atomlens.explain.mesh import Mesh
    from atomlens.networks.protocol import AtomicModel

_WATER = {
    "numbers": [8, 1, 1],
    "positions": [[0.0, 0.0, 0.119], [0.0, 0.763, -0.477], [0.0, -0.763, -0.477]],
    "bonds": [],
    "charge": 0,
    "smiles": "",
    "name": "",
    "geometry": {"source": "file", "method": "", "note": ""},
    "warnings": [],
}
#: The same as a crystal of waters.
_ICE = {**_WATER, "cell": [[6.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 6.0]]}


@dataclass(frozen=True)
class GridSpec:
    """A grid as numbers: origin and spacing in Å, shape in points."""

    origin: tuple[float, float, float]
    spacing: tuple[float, float, float]
    shape: tuple[int, int, int]


@dataclass(frozen=True)
class Wanted:
    """What of the field of a probe: surfaces at isovalues (eV or e), or at the envelope's level (Å⁻²), or a plane.

    element: atomic number; plane: origin and normal, Å; max_points: of a fine grid.
    """

    element: int
    isovalues: tuple[float, ...]
    envelope: float | None
    plane: tuple[tuple[float, ...], tuple[float, ...]] | None
    max_points: int


@dataclass(frozen=True)
class Seen:
    """A model's answer for a molecule in motion.

    prediction: JSON form, None on a path; surfaces: binary; volume: a grid, and float32 values on it, C order.
    """

    prediction: dict[str, Any] | None
    surfaces: list[bytes]
    volume: tuple[GridSpec, bytes] | None = None


@dataclass(frozen=True)
class StoredField:
    """One element's values of a field that is kept: little-endian float32 in a file, C order."""

    file: Path
    grid: GridSpec
    model: str
    checkpoint: str
    quantity: Literal["potential", "charge"]
    element: str
    unit: str

    @property
    def where(self) -> Grid:
        """Its grid."""
        from atomlens.explain.grid import Grid

        return Grid(self.grid.origin, self.grid.spacing, self.grid.shape)

    def read(self) -> NDArray[np.float32]:
        """(nx, ny, nz)."""
        return np.fromfile(self.file, dtype="<f4").reshape(self.grid.shape)


@dataclass(frozen=True, eq=False)
class ComputedField:
    """values: (n_elements, nx, ny, nz) float32; summary: per-element metadata; unit: eV or e."""

    values: NDArray[np.float32]
    summary: dict[str, Any]
    unit: str


def warm(context: WorkerContext, lane: str) -> None:
    """Load what the lane needs and compile the kernels, before the worker counts as ready."""
    silent = Control(lambda _: None, lambda: False)
    if lane == "chem":
        complete(context, silent, prefix="wat", limit=1)
        read(context, silent, text="O", format="smiles", max_atoms=10)
        return
    from atomlens.explain.field import field_quantity

    grid = GridSpec((-2.0, -2.0, -2.0), (2.0, 2.0, 2.0), (3, 3, 3))
    for name, card in context.registry.cards.items():
        if not {1, 8} <= set(card.elements):
            context.registry.load(name)
            continue
        if card.periodic:
            predict(context, silent, molecule=_ICE, model=name, checkpoint=card.checkpoint_hash)
            continue
        chosen: dict[str, Any] = {"molecule": _WATER, "model": name, "checkpoint": card.checkpoint_hash}
        predict(context, silent, **chosen)
        field(context, silent, **chosen, quantity=field_quantity(card.quantity), elements=(1,), grid=grid)


def read(context: WorkerContext, __: Control, *, text: str, format: str, max_atoms: int) -> dict[str, Any]:
    """Read a molecule from text; its JSON form."""
    from atomlens.chem.read import read_molecule

    molecule: Molecule = read_molecule(
        text, cast(Any, format), max_atoms=max_atoms, known=context.registry.molecular_elements()
    )
    return molecule.to_dict()


def read_many(_: WorkerContext, control: Control, *, records: Sequence[Record], max_atoms: int) -> list[Any]:
    """The molecule of each record, JSON form, or the error that says why there is none."""
    from atomlens.chem.many import read_records

    found = []
    for record in records:
        control.look()
        (one,) = read_records([record], max_atoms)
        found.append(one.to_dict() if isinstance(one, Molecule) else one)
    return found


def read_trajectory(_: WorkerContext, __: Control, *, text: str, format: str, max_atoms: int) -> dict[str, Any]:
    """The frames of a text: `molecule`, the first; `positions` (n_frames, n_atoms, 3), Å; `labels`."""
    from atomlens.chem.many import read_frames

    found = read_frames(text, format, max_atoms)
    return {
        "molecule": found.molecule.to_dict(),
        "positions": found.positions.tolist(),
        "labels": list(found.labels),
    }


def read_equation(
    _: WorkerContext,
    __: Control,
    *,
    reactants: Sequence[Term],
    products: Sequence[Term],
    balanced: bool,
    max_atoms: int,
) -> dict[str, Any]:
    """Read a reaction; its JSON form."""
    from atomlens.chem.reaction import read_reaction

    return read_reaction(reactants, products, max_atoms, balanced=balanced).to_dict()


def edit(_: WorkerContext, __: Control, *, molecule: dict[str, Any], change: Change, max_atoms: int) -> dict[str, Any]:
    """A molecule after a change by hand; its JSON form."""
    from atomlens.chem.edit import edit as edit_molecule

    return edit_molecule(Molecule.from_dict(molecule), change, max_atoms).to_dict()


def conformers(_: WorkerContext, __: Control, *, molecule: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Other conformers of a molecule by the force field, JSON form."""
    from atomlens.chem.conformers import conformers as turn

    return [conformer.to_dict() for conformer in turn(Molecule.from_dict(molecule), count)]


def complete(_: WorkerContext, __: Control, *, prefix: str, limit: int) -> list[dict[str, str]]:
    """Names of the bundled list that begin so."""
    from atomlens.chem.names import complete as names_from

    return [{"name": name, "smiles": smiles, "formula": formula} for name, smiles, formula in names_from(prefix, limit)]


def predict(
    context: WorkerContext, _: Control, *, molecule: dict[str, Any], model: str, checkpoint: str
) -> dict[str, Any]:
    """One model's prediction, JSON form."""
    return _predicted(_load(context, model, checkpoint), Molecule.from_dict(molecule))


def depict(_: WorkerContext, __: Control, *, molecule: dict[str, Any]) -> list[list[float]]:
    """Places of the atoms on a flat drawing, (n_atoms, 2), a bond about 1 long."""
    from atomlens.chem.depiction import flat_positions

    places: list[list[float]] = flat_positions(Molecule.from_dict(molecule)).tolist()
    return places


def predict_many(
    context: WorkerContext, _: Control, *, molecules: Sequence[dict[str, Any]], model: str, checkpoint: str
) -> list[dict[str, Any] | None]:
    """One model's predictions of many molecules in short, JSON form; None where one is not a finite number."""
    from atomlens.explain.batch import in_short
    from atomlens.explain.prediction import explain_all

    loaded, card = _load(context, model, checkpoint), context.registry.card(model)
    read = [Molecule.from_dict(data) for data in molecules]
    short = [in_short(found, molecule, card) for found, molecule in zip(explain_all(loaded, read), read, strict=True)]
    return [one if np.isfinite(one["total"]) else None for one in short]


def predict_frames(
    context: WorkerContext,
    _: Control,
    *,
    molecule: dict[str, Any],
    positions: Sequence[Sequence[Sequence[float]]],
    source: str | None,
    model: str,
    checkpoint: str,
) -> list[dict[str, Any]]:
    """One model's prediction of a molecule in each of several geometries, JSON form.

    source: of those geometries that are not the molecule's own, where it is another than that one's.
    """
    from atomlens.explain.prediction import explain_all

    loaded, first = _load(context, model, checkpoint), Molecule.from_dict(molecule)
    frames = [np.array(frame) for frame in positions]
    left = first.geometry if source is None else Geometry(source)
    geometries = [first.geometry if np.array_equal(frame, first.positions) else left for frame in frames]
    read = [replace(first, positions=f, geometry=g) for f, g in zip(frames, geometries, strict=True)]
    found = explain_all(loaded, read)
    for one in found:
        _check_finite(
            f"The answer of {model} for a frame is not a finite number.", np.array(one.total), one.contributions
        )
    return [one.to_dict() for one in found]


def react(
    context: WorkerContext,
    _: Control,
    *,
    molecules: Sequence[dict[str, Any]],
    coefficients: Sequence[int],
    model: str,
    checkpoint: str,
) -> dict[str, Any]:
    """One model's energy of a reaction, JSON form; coefficients: negative for reactants."""
    from atomlens.explain.reaction import reaction_energy

    read = [Molecule.from_dict(data) for data in molecules]
    found = reaction_energy(_load(context, model, checkpoint), read, coefficients)
    _check_finite(f"The energy of this reaction by {model} is not a finite number.", np.array(found["energy"]))
    return found


def batch_file(
    _: WorkerContext,
    control: Control,
    *,
    rows: Sequence[dict[str, Any]],
    molecules: Sequence[dict[str, Any] | None],
    format: Literal["csv", "sdf"],
) -> bytes:
    """The rows of a batch as a table, or their molecules as an SDF; molecules: needed for an SDF alone."""
    from atomlens.explain.batch import batch_csv, batch_sdf

    if format == "csv":
        return batch_csv(rows).encode()
    control.look()
    read = (None if data is None else Molecule.from_dict(data) for data in molecules)
    return batch_sdf(zip(rows, read, strict=True)).encode()


def members(
    context: WorkerContext, _: Control, *, molecule: dict[str, Any], model: str, checkpoint: str
) -> dict[str, Any]:
    """How each network of one model divides the molecule, JSON form."""
    from atomlens.explain.members import members as divide

    found = divide(_load(context, model, checkpoint), Molecule.from_dict(molecule))
    _check_finite(f"The answer of {model} for this geometry is not a finite number.", np.array(found["contributions"]))
    return found


def forces(
    context: WorkerContext, _: Control, *, molecule: dict[str, Any], model: str, checkpoint: str
) -> dict[str, Any]:
    """One energy model's forces, JSON form."""
    from atomlens.explain.forces import forces as pull

    found = pull(_load(context, model, checkpoint), Molecule.from_dict(molecule))
    _check_finite(f"The forces of {model} for this geometry are not finite numbers.", np.array(found["forces"]))
    return found


def parts(_: WorkerContext, __: Control, *, molecule: dict[str, Any]) -> dict[str, Any]:
    """Groups, rings and heavy atoms with their hydrogens, JSON form."""
    from atomlens.chem.parts import parts as parts_of

    return {"parts": parts_of(Molecule.from_dict(molecule))}


def structure(_: WorkerContext, __: Control, *, molecule: dict[str, Any]) -> dict[str, Any]:
    """The structural formula as paths, JSON form."""
    from atomlens.chem.structure import draw_structure

    return draw_structure(molecule["smiles"])


def match(_: WorkerContext, __: Control, *, first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Corresponding atoms of two molecules, and the second laid over the first, JSON form."""
    from atomlens.chem.matching import match as lay_over

    return lay_over(Molecule.from_dict(first), Molecule.from_dict(second)).to_dict()


def pairs(
    context: WorkerContext, _: Control, *, molecule: dict[str, Any], model: str, checkpoint: str
) -> dict[str, Any]:
    """How much one model leans on each pair, JSON form."""
    from atomlens.explain.pairs import sensitivities

    found = sensitivities(_load(context, model, checkpoint), Molecule.from_dict(molecule))
    _check_finite(f"The pairs of {model} for this geometry are not finite numbers.", found.values)
    return found.to_dict()


def surroundings(
    context: WorkerContext,
    _: Control,
    *,
    molecule: dict[str, Any],
    atom: int,
    nearest: int,
    model: str,
    checkpoint: str,
) -> dict[str, Any]:
    """Where an atom stands in one model's atlas, JSON form."""
    from atomlens.explain.environments import surroundings as look_up

    loaded = _load(context, model, checkpoint)
    found = look_up(loaded, context.registry.atlas(model), Molecule.from_dict(molecule), atom, nearest)
    _check_finite(f"The answer of {model} for this geometry is not a finite number.", np.array(found.contribution))
    return found.to_dict()


def rings(context: WorkerContext, _: Control, *, model: str, checkpoint: str) -> dict[str, Any]:
    """Rings ranked by what one model gives their atoms, JSON form."""
    from atomlens.explain.rings import rank_rings

    free_atoms = context.registry.card(model).free_atom_energies
    rows = rank_rings(_load(context, model, checkpoint), free_atoms, context.registry.atlas_if_any(model))
    return {"model": model, "checkpoint": checkpoint, "unit": "eV", "rings": rows}


def points(
    context: WorkerContext,
    _: Control,
    *,
    molecule: dict[str, Any],
    element: int,
    points: Sequence[Sequence[float]],
    model: str,
    checkpoint: str,
) -> dict[str, Any]:
    """One model's probe at single points, JSON form."""
    from atomlens.explain.insertion import insert

    where = np.array(points, dtype=np.float64).reshape(-1, 3)
    found = insert(_load(context, model, checkpoint), Molecule.from_dict(molecule), element, where)
    _check_finite(f"The answer of {model} at these points is not a finite number.", found.one_way, found.insertion)
    return found.to_dict()


def follow_path(
    context: WorkerContext, _: Control, *, path: AlchemicalPath, model: str, checkpoint: str
) -> dict[str, Any]:
    """One model's answer along an alchemical path, JSON form."""
    from atomlens.explain.alchemy import follow

    found = follow(_load(context, model, checkpoint), path)
    _check_finite(f"The answer of {model} along this path is not a finite number.", found.totals)
    return found.to_dict()


def relax(
    context: WorkerContext,
    control: Control,
    *,
    molecule: dict[str, Any],
    steps: int,
    fmax: float,
    model: str,
    checkpoint: str,
) -> dict[str, Any]:
    """The way downhill to one model's minimum, JSON form."""
    from atomlens.explain.relaxation import relax as descend

    loaded, where = _load(context, model, checkpoint), Molecule.from_dict(molecule)
    found = descend(loaded, where, steps=steps, fmax=fmax, progress=control.progress, look=control.look)
    return found.to_dict()


def glimpse(
    context: WorkerContext,
    control: Control,
    *,
    molecule: Molecule,
    path: AlchemicalPath | None,
    share: float,
    wanted: Wanted | None,
    fine: bool,
    model: str,
    checkpoint: str,
) -> Seen:
    """One model's prediction for a molecule in motion, and what is wanted of its field.

    path: the molecule is at λ = share of it, and the path has the prediction already.
    """
    from atomlens.explain.live import near_plane, surfaces

    loaded = _load(context, model, checkpoint)
    prediction = _predicted(loaded, molecule) if path is None else None
    if wanted is None:
        return Seen(prediction, [])
    mixture = None if path is None else path.mixture(np.array([share]))
    how: dict[str, Any] = {"mixture": mixture, "fine": fine, "max_points": wanted.max_points}
    how["cancelled"] = control.cancelled
    if wanted.plane is not None:
        origin, normal = (np.array(vector, dtype=np.float64) for vector in wanted.plane)
        grid, values = near_plane(loaded, molecule, wanted.element, origin, normal, **how)
        spec = GridSpec(grid.origin, grid.spacing, grid.shape)
        return Seen(prediction, [], (spec, np.ascontiguousarray(values, "<f4").tobytes()))
    how |= {"isovalues": wanted.isovalues, "envelope_level": wanted.envelope}
    meshes = surfaces(loaded, molecule, wanted.element, **how)
    return Seen(prediction, [mesh.to_bytes() for mesh in meshes])


def embeddings(context: WorkerContext, _: Control, *, model: str, checkpoint: str) -> dict[str, Any]:
    """The element vectors of every member and the order in them, JSON form."""
    from atomlens.explain.embeddings import element_vectors

    card = context.registry.card(model)
    return element_vectors(_load(context, model, checkpoint), card.structures_of_element, card.additive_coefficients)


def field(
    context: WorkerContext,
    control: Control,
    *,
    molecule: dict[str, Any],
    model: str,
    checkpoint: str,
    quantity: Literal["potential", "charge"],
    elements: Sequence[int],
    grid: GridSpec,
) -> ComputedField:
    """A probe's field on a grid."""
    from atomlens.explain.field import compute
    from atomlens.explain.grid import Grid

    result = compute(
        _load(context, model, checkpoint),
        Molecule.from_dict(molecule),
        quantity,
        elements,
        Grid(grid.origin, grid.spacing, grid.shape),
        progress=control.progress,
        cancelled=control.cancelled,
    )
    _check_finite(f"The field of {model} around this geometry is not finite.", result.values)
    return ComputedField(result.values, result.summary(look=control.look), result.unit)


def surface(
    context: WorkerContext,
    _: Control,
    *,
    field: StoredField,
    isovalues: tuple[float, ...],
    envelope: float | None,
    values: StoredField | None,
    less: StoredField | None,
    molecule: dict[str, Any],
    format: Literal["json", "binary", "glb", "stl", "csv"],
    title: str,
    scale: ColorScale,
    opacity: float,
) -> bytes | dict[str, Any]:
    """Isosurfaces of a stored field, or the envelope; with that field's values on it, or those of another, or the
    difference of two.

    Of isosurfaces without a file there is one.
    Values of an envelope are computed there: of the grid's, cubics make some kcal/mol more or less where a field is
    steep. A field whose checkpoint is gone is interpolated.
    """
    from atomlens.explain.envelope import ENVELOPE_LEVEL
    from atomlens.explain.envelope import envelope as envelope_of
    from atomlens.explain.surface import isosurface
    from atomlens.explain.surface_files import surface_file

    where = Molecule.from_dict(molecule)
    shown = values or field
    if isovalues:
        meshes = [isosurface(field.where, field.read(), isovalue, field.unit) for isovalue in isovalues]
    else:
        level = ENVELOPE_LEVEL if envelope is None else envelope
        meshes = [envelope_of(where, level, max(0.25, min(field.grid.spacing)))]
    there = not isovalues
    if there or values is not None:
        meshes = [_carrying(context, mesh, shown, where, there=there) for mesh in meshes]
    if less is not None:
        subtracted = [_carrying(context, mesh, less, where, there=there) for mesh in meshes]
        meshes = [replace(a, values=a.values - b.values) for a, b in zip(meshes, subtracted, strict=True)]
    if format == "json":
        return meshes[0].to_dict()
    if format == "binary":
        return meshes[0].to_bytes()
    return surface_file(
        meshes,
        format,
        where,
        title=title,
        quantity=shown.quantity if less is None else f"{shown.quantity}_difference",
        levels=isovalues if isovalues and values is None and less is None else None,
        scale=scale,
        opacity=opacity,
    )


def _carrying(context: WorkerContext, mesh: Mesh, field: StoredField, where: Molecule, *, there: bool) -> Mesh:
    """The mesh with a field's values on its vertices; there: computed there, where its checkpoint is still the same."""
    from atomlens.explain.surface import envelope_values, values_on

    card = context.registry.cards.get(field.model)
    if there and card is not None and card.checkpoint_hash == field.checkpoint:
        model = context.registry.load(field.model)
        return envelope_values(model, where, field.quantity, NUMBERS[field.element], mesh)
    return values_on(mesh, field.where, field.read(), field.unit)


def field_file(
    _: WorkerContext, control: Control, *, field: StoredField, molecule: dict[str, Any], format: Literal["cube", "csv"]
) -> bytes:
    """A stored field as a Gaussian cube file or as a table of its points."""
    import io

    from atomlens.explain.cube import write_cube
    from atomlens.explain.points_csv import field_csv

    if format == "csv":
        return field_csv(field.where, field.read(), field.quantity, field.unit, control.look).encode()
    text = io.StringIO()
    write_cube(
        text,
        field.where,
        field.read(),
        Molecule.from_dict(molecule),
        quantity=field.quantity,
        element=NUMBERS[field.element],
        model=field.model,
        look=control.look,
    )
    return text.getvalue().encode()


def _predicted(model: AtomicModel, molecule: Molecule) -> dict[str, Any]:
    """The prediction's JSON form; raises `ComputationFailed` where it is not finite."""
    from atomlens.explain.prediction import explain

    prediction = explain(model, molecule)
    wrong = f"The answer of {model.name} for this geometry is not a finite number."
    _check_finite(wrong, np.array(prediction.total), prediction.contributions)
    return prediction.to_dict()


def _check_finite(wrong: str, *arrays: NDArray[np.floating]) -> None:
    """Raise `ComputationFailed` that says what is wrong where a number is not finite."""
    if not all(np.isfinite(array).all() for array in arrays):
        raise ComputationFailed(wrong, code="not_finite")


def _load(context: WorkerContext, name: str, checkpoint: str) -> AtomicModel:
    """The model, if it is still the one that was asked for."""
    model = context.registry.load(name)
    if model.checkpoint_hash != checkpoint:
        raise ComputationFailed(
            f"The checkpoint of {name} was replaced while the server ran.",
            code="checkpoint_replaced",
            hint="The server must be started again.",
        )
    return model
