"""Schemas of requests (strict) and of answers (for the OpenAPI document); see docs/http.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from atomlens.chem import changes
from atomlens.networks.grades import TrustReason


def _sendable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("the text holds a lone surrogate, which is no character") from error
    return text


Text = Annotated[str, AfterValidator(_sendable)]
Name = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_sendable)]
Symbol = Annotated[str, Field(min_length=1, max_length=3), AfterValidator(_sendable)]


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class MoleculeRequest(_Request):
    """Text to read a molecule from."""

    format: Literal["auto", "name", "example", "smiles", "xyz", "extxyz", "sdf", "mol", "cif"] = "auto"
    text: Text


class PredictionRequest(_Request):
    """A stored molecule, and models; null: every model that knows its elements."""

    molecule: Name
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None


class FieldRequest(_Request):
    """A field of probe atoms around a stored molecule, by spacing (Å; coarser: or the finest that is allowed) or by
    shape.
    """

    molecule: Name
    model: Name
    quantity: Literal["potential", "charge"]
    elements: Annotated[list[Symbol], Field(min_length=1, max_length=118)]
    spacing: Annotated[float, Field(ge=0.01, le=10.0, allow_inf_nan=False)] | None = None
    shape: Annotated[list[Annotated[int, Field(ge=2, le=4096)]], Field(min_length=3, max_length=3)] | None = None
    margin: Annotated[float, Field(ge=0.0, le=20.0, allow_inf_nan=False)] = 3.0
    coarser: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> FieldRequest:
        if (self.spacing is None) == (self.shape is None):
            raise ValueError("give either a spacing or a shape")
        return self


class AlchemyChange(_Request):
    """What happens to one atom (counted from 0) in a stage of the path: it becomes an element, or it fades."""

    atom: Annotated[int, Field(ge=0, le=1_000_000)]
    to: Symbol | None = None
    fade: Literal["out", "in"] | None = None
    stage: Annotated[int, Field(ge=0, le=7)] = 0


Position = Annotated[
    list[Annotated[float, Field(ge=-1e4, le=1e4, allow_inf_nan=False)]], Field(min_length=3, max_length=3)
]


class MovedRequest(_Request):
    """Where the atoms of a stored molecule are moved to, Å."""

    positions: Annotated[list[Position], Field(min_length=1, max_length=10_000)]


Atoms = list[Annotated[int, Field(ge=0, le=1_000_000)]]


class ToElement(_Request):
    """An atom becomes another element."""

    kind: Literal["element"]
    atom: Annotated[int, Field(ge=0, le=1_000_000)]
    to: Symbol

    def change(self) -> changes.Change:
        """As `chem.edit` takes it."""
        return changes.ToElement(self.atom, self.to)


class DeleteAtoms(_Request):
    """Atoms go, and with them the hydrogens that are bound to them."""

    kind: Literal["delete"]
    atoms: Annotated[Atoms, Field(min_length=1, max_length=1000)]

    def change(self) -> changes.Change:
        """As `chem.edit` takes it."""
        return changes.Delete(tuple(self.atoms))


class AddHydrogens(_Request):
    """Hydrogens are added across multiple bonds of these atoms; none named: wherever any are missing."""

    kind: Literal["hydrogens"]
    atoms: Annotated[Atoms, Field(max_length=1000)] = []

    def change(self) -> changes.Change:
        """As `chem.edit` takes it."""
        return changes.AddHydrogens(tuple(self.atoms))


class AttachGroup(_Request):
    """A group takes the place of a hydrogen: of the atom, or of one bound to it."""

    kind: Literal["attach"]
    atom: Annotated[int, Field(ge=0, le=1_000_000)]
    group: changes.Group

    def change(self) -> changes.Change:
        """As `chem.edit` takes it."""
        return changes.Attach(self.atom, self.group)


class EditRequest(_Request):
    """One change of a stored molecule."""

    change: Annotated[ToElement | DeleteAtoms | AddHydrogens | AttachGroup, Field(discriminator="kind")]


class ConformersRequest(_Request):
    """How many conformers at most, and energy models; null: every one that knows the elements."""

    count: Annotated[int, Field(ge=1, le=20)] = 8
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None


class Plane(_Request):
    """A point on a plane and a direction across it, Å."""

    origin: Position
    normal: Position


class LiveRequest(_Request):
    """A stored molecule as it is now: its atoms moved, or on an alchemical path. `id` comes back with the answer."""

    id: Annotated[int, Field(ge=0, le=2**53)]
    molecule: Name
    models: Annotated[list[Name], Field(min_length=1, max_length=64)]
    positions: Annotated[list[Position], Field(min_length=1, max_length=10_000)] | None = None
    changes: Annotated[list[AlchemyChange], Field(max_length=1000)] = []
    share: Annotated[float, Field(ge=0.0, le=1.0, alias="lambda", allow_inf_nan=False)] = 0.0
    element: Symbol | None = None
    isovalues: Annotated[list[Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]], Field(max_length=4)] = []
    envelope: Annotated[float, Field(ge=0.2, le=50.0, allow_inf_nan=False)] | None = None
    plane: Plane | None = None
    fine: bool = False


class AlchemyRequest(_Request):
    """A stored molecule, its changes, and models; null: every model that knows the elements of both ends."""

    molecule: Name
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None
    changes: Annotated[list[AlchemyChange], Field(min_length=1, max_length=1000)]
    steps: Annotated[int, Field(ge=2, le=201)] = 21
    end_positions: Annotated[list[Position], Field(min_length=1, max_length=10_000)] | None = None


class EnvironmentsRequest(_Request):
    """A stored molecule, one of its atoms (from 0), and models; null: every one with an atlas."""

    molecule: Name
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None
    atom: Annotated[int, Field(ge=0, le=1_000_000)]
    nearest: Annotated[int, Field(ge=1, le=50)] = 6


class PointsRequest(_Request):
    """A stored molecule, an element, and points (Å); models null: every energy model that knows the elements."""

    molecule: Name
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None
    element: Symbol
    points: Annotated[list[Position], Field(min_length=1, max_length=201)]


class ComparisonRequest(_Request):
    """Two stored molecules."""

    first: Name
    second: Name


class RelaxationRequest(_Request):
    """A stored molecule, an energy model (null: the service chooses), most steps, and the largest force (eV/Å)."""

    molecule: Name
    model: Name | None = None
    steps: Annotated[int, Field(ge=1, le=1000)] = 300
    fmax: Annotated[float, Field(ge=1e-4, le=10.0, allow_inf_nan=False)] = 0.01


class BatchFile(_Request):
    """A text of many molecules; name: of the file, or ""."""

    name: Annotated[str, Field(max_length=200), AfterValidator(_sendable)] = ""
    format: Literal["auto", "sdf", "xyz", "extxyz", "csv", "smi"] = "auto"
    text: Text


class BatchRequest(_Request):
    """Many molecules, in one text or several, and models; null: every model of molecules."""

    files: Annotated[list[BatchFile], Field(min_length=1, max_length=100)]
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None


class TrajectoryRequest(_Request):
    """A text of several frames of one molecule, or a kept relaxation, and models; null: every model that knows the
    elements.
    """

    format: Literal["auto", "xyz", "extxyz", "sdf"] = "auto"
    text: Text | None = None
    relaxation: Name | None = None
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> TrajectoryRequest:
        if (self.text is None) == (self.relaxation is None):
            raise ValueError("give either a text or a relaxation")
        return self


class ReactionTerm(_Request):
    """A molecule of a reaction, by name, SMILES or text of a file, and how often it takes part."""

    text: Text
    coefficient: Annotated[int, Field(ge=1, le=99)] = 1


class ReactionRequest(_Request):
    """A reaction, as one line or as its molecules; balance: with the coefficients that balance it; models null: every
    energy model that knows the elements.
    """

    equation: Text | None = None
    reactants: Annotated[list[ReactionTerm], Field(min_length=1, max_length=10)] | None = None
    products: Annotated[list[ReactionTerm], Field(min_length=1, max_length=10)] | None = None
    balance: bool = False
    models: Annotated[list[Name], Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> ReactionRequest:
        sides = [self.reactants is not None, self.products is not None]
        if (self.equation is None) != all(sides) or any(sides) != all(sides):
            raise ValueError("give either an equation, or reactants and products")
        return self


class ViewRequest(_Request):
    """The page's state; must name a stored molecule."""

    state: dict[str, Any]


class Error(BaseModel):
    """What was wrong, where, and what to do."""

    code: str
    message: str
    field: str | None
    hint: str | None


class ErrorAnswer(BaseModel):
    """The one shape of errors."""

    error: Error


class Test(BaseModel):
    """Error on the test molecules."""

    model_config = ConfigDict(extra="allow")
    mae: float
    unit: str
    n: int


class Model(BaseModel):
    """A released model."""

    name: str
    title: str
    family: str
    training_set: str
    property: Literal["energy", "dipole"]
    periodic: bool
    unit: str
    contribution_unit: str
    elements: list[str]
    cutoff: float
    members: int
    checkpoint: str
    test: Test | None
    atoms_max_trained: int | None
    heavy_atoms_max_trained: int | None
    description: str
    limits: list[str]
    knows_displaced: bool
    free_atom_energies: dict[str, float] | None


class ModelList(BaseModel):
    """All models."""

    models: list[Model]


class Correlation(BaseModel):
    """Spearman's ρ of a principal component with a property of the elements, and what chance gives."""

    property: str
    component: int
    rho: float
    p: float
    adjusted: float
    n: int


class SameGroup(BaseModel):
    """Share of elements whose nearest neighbour is of the same group, and what chance gives."""

    share: float
    chance: float
    p: float


class EmbeddingMember(BaseModel):
    """Element vectors of one network."""

    vectors: list[list[float]]
    components: list[list[float]]
    explained_variance: list[float]
    correlations: list[Correlation]
    same_group: dict[str, SameGroup] | None


class Embeddings(BaseModel):
    """Element vectors of every member, their principal components, and the order in them."""

    elements: list[str]
    components: list[list[float]]
    explained_variance: list[float]
    families: list[str]
    properties: dict[str, list[float | None]]
    structures: list[int] | None
    measured: list[bool]
    members: list[EmbeddingMember]
    agreement: float | None
    additive: dict[str, SameGroup] | None


class DecayOfElements(BaseModel):
    """Statistics of the pairs of two elements, one entry for every step of distance that has enough of them."""

    elements: list[str]
    distances: list[float]
    n: list[int]
    mean: list[float]
    low: list[float]
    median: list[float]
    high: list[float]


class PairDecay(BaseModel):
    """How much a model leans on pairs of atoms against their distance, over test molecules."""

    model: str
    checkpoint: str
    unit: str
    cutoff: float
    width: float
    molecules: int
    pairs: list[DecayOfElements]


class DistributionOfGroup(BaseModel):
    """Of the test atoms of an element in one environment."""

    name: str
    smarts: str | None
    n: int
    mean: float
    sd: float
    quantiles: list[float]
    counts: list[int]


class Distribution(BaseModel):
    """How a model's contributions to an element, or charges, are distributed over test atoms."""

    model: str
    checkpoint: str
    unit: str
    data: str
    licence: str
    molecules: int
    element: str
    edges: list[float]
    n: int
    mean: float
    sd: float
    quantiles: list[float]
    counts: list[int]
    groups: list[DistributionOfGroup]


class RingOnConformer(BaseModel):
    """The same ring on the geometry that a force field gives it."""

    method: str
    contribution: float
    versus_free_atoms: float | None


class Ring(BaseModel):
    """What a model gives an atom of a ring, on average."""

    name: str
    smiles: str
    atoms: int
    geometry: str
    contribution: float
    versus_free_atoms: float | None
    force_field: RingOnConformer


class Rings(BaseModel):
    """Rings, the most stable first."""

    model: str
    checkpoint: str
    unit: str
    rings: list[Ring]


class Geometry(BaseModel):
    """Where the positions came from."""

    source: str
    method: str
    note: str


class Molecule(BaseModel):
    """A molecule; lengths in Å."""

    id: str
    name: str
    formula: str
    symbols: list[str]
    numbers: list[int]
    positions: list[list[float]]
    bonds: list[list[float]]
    charge: int
    smiles: str
    geometry: Geometry
    warnings: list[str]
    #: rows lattice vectors; null for a molecule
    cell: list[list[float]] | None = None


class NameEntry(BaseModel):
    """A common name."""

    name: str
    smiles: str
    formula: str


class NameList(BaseModel):
    """Names that begin as asked."""

    names: list[NameEntry]


class MoleculeTrust(BaseModel):
    """How far a whole molecule is like what a model learned from."""

    grade: Literal["inside", "unusual", "outside"]
    reason: TrustReason | None
    expected_error: float | None
    probability: float | None


class Prediction(BaseModel):
    """One model's answer."""

    model: str
    checkpoint: str
    property: Literal["energy", "dipole"]
    unit: str
    contribution_unit: str
    total: float
    uncertainty: float | None
    vector: list[float] | None
    contributions: list[float]
    references: list[float] | None
    contribution_spread: list[float] | None
    trust: list[str] | None
    trust_reasons: list[str | None] | None
    molecule_trust: MoleculeTrust | None


class ModelChoice(BaseModel):
    """Of the models of one property and family the one to show, why, and the others, best first."""

    property: Literal["energy", "dipole"]
    family: str
    model: str
    reason: Literal["elements", "closer", "accurate", "agree", "together", "only"]
    others: list[str]
    unknown: list[str]


class Predictions(BaseModel):
    """A molecule and the models' answers."""

    molecule: Molecule
    predictions: list[Prediction]
    choice: list[ModelChoice]


class ReferenceMolecule(BaseModel):
    """A molecule of a model's data set; Å."""

    id: str
    smiles: str
    formula: str
    symbols: list[str]
    positions: list[list[float]]
    bonds: list[list[float]]


class Neighbour(BaseModel):
    """A training atom whose environment is near."""

    molecule: ReferenceMolecule
    atom: int
    group: str
    distance: float
    contribution: float


class Surroundings(BaseModel):
    """Where an atom stands in one model's atlas."""

    model: str
    checkpoint: str
    unit: str
    atom: int
    element: str
    groups: list[str]
    contribution: float
    percentile: float | None
    group_percentile: float | None
    test_atoms: int
    group_test_atoms: int
    nearest: list[Neighbour]


class EnvironmentsAnswer(BaseModel):
    """A molecule, and where one of its atoms stands, model by model."""

    molecule: Molecule
    environments: list[Surroundings]


class ModelPairs(BaseModel):
    """How much one model leans on each pair of atoms."""

    model: str
    checkpoint: str
    unit: str
    cutoff: float
    atoms: list[list[int]]
    distances: list[float]
    values: list[float]
    bonded: list[bool]


class PairsAnswer(BaseModel):
    """A molecule and its pairs, model by model."""

    molecule: Molecule
    pairs: list[ModelPairs]


class Conformer(BaseModel):
    """A minimum of the force field; strain: its energy above the lowest of them, kcal/mol."""

    molecule: Molecule
    strain: float


class ConformerEnergies(BaseModel):
    """One model's totals, references included: of the molecule asked for, and of each conformer."""

    model: str
    checkpoint: str
    unit: str
    molecule: float
    conformers: list[float]


class Conformers(BaseModel):
    """A molecule and its other conformers."""

    molecule: Molecule
    conformers: list[Conformer]
    energies: list[ConformerEnergies]


class ModelPoints(BaseModel):
    """One model's probe at points: felt by nobody, and put in."""

    model: str
    checkpoint: str
    element: str
    unit: str
    one_way: list[float]
    insertion: list[float]


class PointsAnswer(BaseModel):
    """A molecule, points around it, and a probe there, model by model."""

    molecule: Molecule
    points: list[list[float]]
    probes: list[ModelPoints]


class AlchemyPath(BaseModel):
    """One model's answer along a path."""

    model: str
    checkpoint: str
    property: Literal["energy", "dipole"]
    unit: str
    contribution_unit: str
    energies: list[float] | None
    dipoles: list[float] | None
    excess: list[float]
    contributions: list[list[float]]
    references: list[list[float]] | None
    vectors: list[list[float]] | None
    spread: list[float] | None
    border_trust: list[MoleculeTrust | None]


class AlchemyAnswer(BaseModel):
    """A molecule, what happens to it, and the models' answers step by step."""

    model_config = ConfigDict(populate_by_name=True)
    molecule: Molecule
    changes: list[dict[str, int | str]]
    lambda_: Annotated[list[float], Field(alias="lambda")]
    paths: list[AlchemyPath]
    warnings: list[str]


class Relaxation(BaseModel):
    """A way downhill; one entry for every geometry, the first included."""

    id: str
    start: str
    model: str
    checkpoint: str
    unit: str
    force_unit: str
    fmax: float
    converged: bool
    steps: int
    energies: list[float]
    largest_forces: list[float]
    contributions: list[list[float]]
    positions: list[list[list[float]]]
    molecule: Molecule
    molecule_trust: MoleculeTrust | None


class Histogram(BaseModel):
    """counts[k] values between edges[k] and edges[k + 1]."""

    edges: list[float]
    counts: list[int]


class FieldElement(BaseModel):
    """The field of one probe element."""

    minimum: float
    maximum: float
    at_infinity: float
    histogram: Histogram
    suggested_isovalue: float


class FieldAnswer(BaseModel):
    """A field's description; its values are at /fields/{id}/data/{element}."""

    id: str
    molecule: str
    model: str
    checkpoint: str
    quantity: Literal["potential", "charge"]
    unit: str
    origin: list[float]
    spacing: list[float]
    shape: list[int]
    margin: float
    order: str
    elements: dict[str, FieldElement]


class Surface(BaseModel):
    """A mesh, flat arrays."""

    positions: list[float]
    normals: list[float]
    values: list[float]
    indices: list[int]
    unit: str


class JobStarted(BaseModel):
    """What was asked for is being computed; result: path where it will be."""

    job: str
    status: str
    result: str


class Job(BaseModel):
    """A job."""

    id: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float
    result: str | None
    error: Error | None


class ViewCreated(BaseModel):
    """A link, and the token that deletes it."""

    id: str
    url: str
    delete_token: str


class View(BaseModel):
    """What was shared."""

    id: str
    created: str
    version: str
    state: dict[str, Any]
    molecule: Molecule
    predictions: list[Prediction]
    checkpoints: dict[str, str]
    changed: list[str]


class ShortPrediction(BaseModel):
    """A prediction without its atoms; atomization: of an energy, in eV."""

    model: str
    property: Literal["energy", "dipole"]
    unit: str
    total: float
    uncertainty: float | None
    atomization: float | None
    molecule_trust: MoleculeTrust | None


class BatchRow(BaseModel):
    """One of many molecules; error: why there is none, or no prediction of it."""

    file: str
    record: int
    input: str
    name: str
    molecule: str | None
    formula: str
    smiles: str
    atoms: int
    warnings: list[str]
    predictions: list[ShortPrediction]
    shown: list[str]
    error: Error | None


class Batch(BaseModel):
    """Many molecules and what the models predict of each."""

    id: str
    models: list[str]
    rows: list[BatchRow]


class BatchRows(BaseModel):
    """Rows that are there so far; of: how many there will be."""

    rows: list[BatchRow]
    of: int


class TrajectoryPath(BaseModel):
    """One model's predictions, frame by frame."""

    model: str
    checkpoint: str
    property: Literal["energy", "dipole"]
    unit: str
    contribution_unit: str
    references: list[float] | None
    totals: list[float]
    uncertainties: list[float] | None
    contributions: list[list[float]]
    vectors: list[list[float]] | None
    grades: list[Literal["inside", "unusual", "outside"]] | None


class Trajectory(BaseModel):
    """One molecule in several geometries, and what the models predict of each; molecule: in the first."""

    id: str
    relaxation: str | None
    molecule: Molecule
    positions: list[list[list[float]]]
    labels: list[str]
    paths: list[TrajectoryPath]


class Species(BaseModel):
    """A molecule of a reaction; text: what stood for it."""

    coefficient: int
    text: str
    open_shell: bool
    molecule: Molecule


class ElementBalance(BaseModel):
    """Atoms of an element on both sides, where they differ."""

    element: str
    left: int
    right: int


class ReactionBalance(BaseModel):
    """Whether both sides hold the same atoms, and with which coefficients they would."""

    balanced: bool
    message: str
    differences: list[ElementBalance]
    coefficients: list[int] | None
    equation: str | None


class AtomMatch(BaseModel):
    """An atom that becomes another: species (from 0, reactants first), copy, atom."""

    reactant: list[int]
    product: list[int]


class SpeciesPrediction(BaseModel):
    """What one model makes of one molecule of the reaction."""

    total: float
    uncertainty: float | None
    contributions: list[float]
    molecule_trust: MoleculeTrust | None
    grade: Literal["inside", "unusual", "outside"]
    reason: TrustReason | Literal["open_shell"] | None


class ReactionPrediction(BaseModel):
    """One model's energy of the reaction; changes: of the contribution of every pair of atoms in `matches`."""

    model: str
    checkpoint: str
    energy: float
    uncertainty: float | None
    grade: Literal["inside", "unusual", "outside"]
    species: list[SpeciesPrediction]
    changes: list[float]


class ReactionAnswer(BaseModel):
    """A reaction, its balance, which atom becomes which, and its energy by every model; none where it is unbalanced.

    left_out: agents of a reaction SMILES.
    """

    equation: str
    reactants: list[Species]
    products: list[Species]
    balance: ReactionBalance
    matches: list[AtomMatch]
    predictions: list[ReactionPrediction]
    choice: list[ModelChoice]
    left_out: list[str]


class ModelMembers(BaseModel):
    """How each network of one model divides a molecule among its atoms."""

    model: str
    checkpoint: str
    unit: str
    weights: list[float]
    contributions: list[list[float]]


class MembersAnswer(BaseModel):
    """A molecule, and how the networks of each model divide it."""

    molecule: Molecule
    members: list[ModelMembers]


class ModelForces(BaseModel):
    """One model's forces on the atoms."""

    model: str
    checkpoint: str
    unit: str
    forces: list[list[float]]


class ForcesAnswer(BaseModel):
    """A molecule and the forces on its atoms, model by model."""

    molecule: Molecule
    forces: list[ModelForces]


class Part(BaseModel):
    """Atoms of a molecule that are looked at together."""

    kind: Literal["group", "ring", "atom"]
    name: str
    atoms: list[int]


class StructurePath(BaseModel):
    """What is drawn in one colour: lines of an element, "" for carbon, or filled letters."""

    element: str
    fill: bool
    d: str


class Structure(BaseModel):
    """A structural formula: width and height, and paths of SVG."""

    size: list[int]
    paths: list[StructurePath]


class PartsAnswer(BaseModel):
    """Parts of a molecule."""

    parts: list[Part]


class ReferenceValue(BaseModel):
    """What quantum chemistry gives a constitution at a geometry of its own."""

    set: str
    training_set: str
    level: str
    source: str
    licence: str
    identifier: str
    part: str | None
    energy: float | None
    energy_error: float | None
    dipole: float | None
    same_geometry: bool
    molecule: Molecule


class ReferencesAnswer(BaseModel):
    """Reference values of a molecule."""

    references: list[ReferenceValue]


class Comparison(BaseModel):
    """Two molecules, their corresponding atoms, and the second laid over the first."""

    first: Molecule
    second: Molecule
    pairs: list[list[int]]
    positions: list[list[float]]
    rotation: list[list[float]]
    rmsd: float | None
    complete: bool


class Program(BaseModel):
    """The program that made a link, and the one that answers."""

    name: str
    version: str
    today: str


class ReceiptMolecule(BaseModel):
    """The molecule of a link, without its atoms."""

    id: str
    name: str
    formula: str
    smiles: str
    charge: int
    geometry: Geometry


class CardParameters(BaseModel):
    """What of a model card says how numbers came about."""

    title: str
    family: str
    cutoff: float
    members: int
    data: str | None
    level: str | None
    licence: str | None


class ReceiptModel(BaseModel):
    """A model of a link: what it gave, and its checkpoint then and today."""

    model: str
    property: str
    unit: str
    total: float
    uncertainty: float | None
    checkpoint: str
    today: str | None
    card: CardParameters | None


class Citation(BaseModel):
    """What to cite, and where it is found."""

    of: Literal["program", "method", "data"]
    text: str
    url: str | None


class Citations(BaseModel):
    """What to cite, and the version that answers."""

    version: str
    cite: list[Citation]


class Receipt(BaseModel):
    """What a link was made with, and how to cite it."""

    view: str
    created: str
    program: Program
    molecule: ReceiptMolecule
    models: list[ReceiptModel]
    parameters: dict[str, Any]
    cite: list[Citation]


class Compared(BaseModel):
    """A model's numbers of today beside those of a link; null where there are none to compare."""

    model: str
    unit: str
    contribution_unit: str
    checkpoint: str
    today: str | None
    same: bool
    total_difference: float | None
    largest_difference: float | None


class Recomputation(BaseModel):
    """Whether a link comes out the same today."""

    view: str
    version: str
    same: bool
    tolerance: float
    models: list[Compared]
