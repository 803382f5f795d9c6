/** The data that pass between the page's parts. Energies in eV, lengths in Å, charges in e; atoms from 0. */

export type Property = "energy" | "dipole";
export type Trust = "inside" | "unusual" | "outside";
export type EnergyUnit = "kcal/mol" | "kJ/mol" | "eV" | "Ha";
export type Dimension = "energy" | "charge";
export type Quantity = "contributions" | "pairs" | "charges" | "potential" | "probe_charge" | "elements";
export type ContributionView = "output" | "atomization";
export type ScaleKey = "output" | "sites" | "pairs" | "atomization" | "charge" | "potential" | "potential_median" | "probe_charge" | "probe_charge_median";
export type Labels = "values" | "atoms" | "none";
/** The networks side by side; with what the second says less what the first says; or one of them. */
export type Layout = "both" | "first" | "second" | "difference";
export type ProbeMode = "isosurface" | "envelope" | "slice";
/** What the pictures keep free for the captions over them: pixels by which molecules stand lower, where the panes are so wide. */
export type Captions = { lift: number; width: number };
/** The first picture, pixels, and whether somebody has turned, moved or zoomed the camera before it. */
export type Frame = { width: number; height: number; lift: number; touched: boolean };

/** What a plane through a field is set by: the molecule's own plane, an axis of the box, three atoms, or the camera. */
export type Orientation = "molecule" | "x" | "y" | "z" | "atoms" | "camera";
/** Where the colours of an envelope have their zero: where the field has its own, or at the envelope's median. */
export type Centre = "zero" | "median";
export type Theme = "system" | "light" | "dark";
export type Vector = [number, number, number];
/** 3Dmol's view: translation of the model, depth of its centre, quaternion x, y, z, w. */
export type View = [number, number, number, number, number, number, number, number];

export interface Model {
  name: string;
  title: string;
  family: string;
  /** what its molecules are called; the same for models that learned from the same ones */
  training_set: string;
  /** whether it has learned geometries away from minima */
  knows_displaced?: boolean;
  /** short name among the models of the page; absent: the family's */
  label?: string;
  property: Property;
  /** of crystals, not of molecules */
  periodic?: boolean;
  unit: string;
  contribution_unit: string;
  elements: string[];
  checkpoint: string;
  members: number;
  test: { mae: number; unit: string; n: number } | null;
  heavy_atoms_max_trained: number | null;
  free_atom_energies: Record<string, number> | null;
}

export interface Molecule {
  id: string;
  name: string | null;
  formula: string;
  symbols: string[];
  numbers: number[];
  positions: Vector[];
  bonds: [number, number, number][];
  charge: number;
  smiles: string | null;
  geometry: { source: string; method: string | null; note: string | null } | null;
  warnings: string[];
  /** of a crystal: rows lattice vectors, Å */
  cell?: [Vector, Vector, Vector] | null;
}

/** The answer of the service for a molecule. */
export interface Explained {
  molecule: Molecule;
  predictions: Prediction[];
  choice: ModelChoice[];
}

export interface Prediction {
  model: string;
  checkpoint: string;
  property: Property;
  unit: string;
  contribution_unit: string;
  total: number;
  uncertainty: number | null;
  vector: Vector | null;
  contributions: number[];
  references: number[] | null;
  contribution_spread: number[] | null;
  /** (n_atoms); null where it was not measured */
  trust: Trust[] | null;
  /** (n_atoms) what speaks most against each atom; absent in links of earlier versions */
  trust_reasons?: (TrustReason | null)[] | null;
  molecule_trust?: MoleculeTrust | null;
}

/** Of the models of one property and family the one that the service would show, and why. */
export interface ModelChoice {
  property: Property;
  family: string;
  model: string;
  /** "kept": by the page, which showed it of another geometry of the molecule */
  reason: "elements" | "closer" | "accurate" | "agree" | "together" | "only" | "kept";
  /** best first; at the end those that do not know all elements */
  others: string[];
  /** elements that one of the others does not know */
  unknown: string[];
}

export type TrustReason = "spread" | "distance" | "small" | "large" | "composition" | "torn" | "turned" | "pulled" | "twisted" | "distorted" | "geometry" | "volume" | "sites" | "bent";

export interface MoleculeTrust {
  grade: Trust;
  reason: TrustReason | null;
  /** standard deviation of the error that is expected, eV; null where it is not known */
  expected_error: number | null;
  /** of an error beyond 5 kcal/mol */
  probability: number | null;
}

/** How a model's contributions to an element, or charges, are distributed over test atoms; eV or e. */
export interface Distribution {
  model: string;
  element: string;
  data: string;
  /** whose atoms they are */
  molecules: number;
  n: number;
  /** of the histograms */
  edges: number[];
  /** `quantiles` at 0, 1, .. 100 % */
  groups: { name: string; n: number; quantiles: number[]; counts: number[] }[];
}

/** A molecule of a model's data set; Å. */
export interface ReferenceMolecule {
  id: string;
  smiles: string;
  formula: string;
  symbols: string[];
  positions: Vector[];
  bonds: [number, number, number][];
}

/** A training atom whose environment is near. */
export interface Neighbour {
  molecule: ReferenceMolecule;
  /** from 0 */
  atom: number;
  group: string;
  distance: number;
  contribution: number;
}

/** Where an atom stands in a model's atlas. */
export interface Surroundings {
  model: string;
  atom: number;
  element: string;
  /** (n_atoms) environment of every atom of the molecule */
  groups: string[];
  contribution: number;
  percentile: number | null;
  group_percentile: number | null;
  test_atoms: number;
  group_test_atoms: number;
  nearest: Neighbour[];
}

/** What a model gives an atom of a ring on average, eV. */
export interface Ring {
  name: string;
  geometry: string;
  contribution: number;
  versus_free_atoms: number | null;
}

export interface Rings {
  model: string;
  rings: Ring[];
}

export interface Histogram {
  edges: number[];
  counts: number[];
}

export interface FieldElement {
  minimum: number;
  maximum: number;
  at_infinity: number;
  histogram: Histogram;
  suggested_isovalue: number;
}

export interface Field {
  id: string;
  molecule: string;
  model: string;
  quantity: "potential" | "charge";
  unit: string;
  origin: Vector;
  spacing: Vector;
  shape: Vector;
  elements: Record<string, FieldElement>;
}

/** A field's values on its grid. */
export interface Volume extends Pick<Field, "origin" | "spacing" | "shape"> {
  /** C order, z fastest; eV relative to Ω(∞), or e */
  values: Float32Array;
}

export interface Plane {
  /** Å */
  origin: Vector;
  /** of length one */
  normal: Vector;
}

export interface Slice {
  orientation: Orientation;
  /** Å along the normal */
  offset: number;
  opacity: number;
  /** as it was when three atoms or the camera set it; null: given by the molecule or an axis */
  plane: Plane | null;
}

/** The field on a plane: points in rows and columns, and the mesh of the squares between them. */
export interface Sheet {
  rows: number;
  columns: number;
  normal: Vector;
  mesh: Mesh;
}

export interface Mesh {
  /** (3 n) Å */
  positions: Float32Array;
  /** (3 n) */
  normals: Float32Array;
  /** (n) eV or e */
  values: Float32Array;
  /** (3 n_triangles) */
  indices: Uint32Array;
}

/** A mesh as it is drawn: one colour, or one for every vertex. */
export interface Surface {
  key: string;
  mesh: Mesh;
  /** the level of an isosurface; null where vertices carry values of their own */
  level: number | null;
  /** of the values on the vertices, where they are coloured by them */
  median: number;
  /** the plane of a slice, with its rows and columns; absent for other surfaces */
  sheet?: Sheet;
}

export interface FieldState {
  field: Field | null;
  /** whether a finer grid is still to come */
  refining: boolean;
  error: Problem | null;
}

/** Something that went wrong, as people read it. */
export interface Problem {
  code: string;
  message: string;
  hint: string | null;
  field: string | null;
}

export interface Alert extends Problem {
  /** beside which part of the page it is said */
  place: "molecule" | "share" | "probe" | "alchemy" | "relaxation" | "pairs" | "atlas" | "export" | "gallery" | "vectors" | "trajectory" | "batch" | "reactions" | "sketch" | "edit" | "conformers" | "reading" | "comparison";
  retry: (() => void) | null;
  /** where to go on instead */
  link?: { href: string; label: string };
}

export interface Probe {
  element: string;
  mode: ProbeMode;
  /** by `quantity:element`; `chosen` tells a person's choice from the server's suggestion */
  levels: Record<string, { value: number; chosen: boolean }>;
  opacity: number;
  bothSigns: boolean;
  centre: Centre;
  /** what colours an isosurface: "level", "other" (network), or an element whose probe's values are on it */
  by: string;
  slice: Slice;
}

export interface ShareState {
  /** "" while another is made */
  url: string;
  /** what of the page it holds, as `sharedOf` writes it */
  of: string;
  id: string;
  deleteToken: string;
}

/** How much one energy model leans on each pair of atoms, nearest first. */
export interface ModelPairs {
  model: string;
  cutoff: number;
  /** (n_pairs) */
  atoms: [number, number][];
  /** (n_pairs) Å */
  distances: number[];
  /** (n_pairs) eV */
  values: number[];
  bonded: boolean[];
}

/** Statistics of the pairs of two elements over test molecules; one entry for every step of distance. */
export interface DecayOfElements {
  elements: string[];
  /** Å, middles of the steps, ascending; steps with few pairs are missing */
  distances: number[];
  /** quantiles of |P| in eV: 10, 50 and 90 % */
  low: number[];
  median: number[];
  high: number[];
}

/** How much a model leans on pairs of atoms against their distance. */
export interface PairDecay {
  model: string;
  checkpoint: string;
  cutoff: number;
  /** Å, of a step */
  width: number;
  molecules: number;
  pairs: DecayOfElements[];
}

/** A probe at points along a line: felt by nobody, and put in; eV. */
export interface ModelPoints {
  model: string;
  one_way: number[];
  insertion: number[];
}

export interface Profile {
  /** what was asked: molecule, element, and atoms or the point */
  key: string;
  /** null until the models have answered */
  probes: ModelPoints[] | null;
  /** the same at the chosen point alone; null where there is none, or no answer yet */
  at: ModelPoints[] | null;
}

export interface AlchemyChange {
  /** from 0 */
  atom: number;
  to?: string;
  fade?: "out" | "in";
  /** from 0, where it is left out: stages come one after another */
  stage?: number;
}

export interface AlchemyPath {
  model: string;
  property: Property;
  /** (n_steps) eV; null for a dipole model */
  energies: number[] | null;
  /** (n_steps) debye; null for an energy model */
  dipoles: number[] | null;
  excess: number[];
  /** (n_steps, n_atoms) */
  contributions: number[][];
  vectors: Vector[] | null;
  /** (n_stages + 1) of the molecules at the borders of the stages */
  border_trust: (MoleculeTrust | null)[];
}

export interface AlchemyAnswer {
  lambda: number[];
  changes: AlchemyChange[];
  paths: AlchemyPath[];
  /** where on the way there is no molecule that the networks could know */
  warnings: string[];
}

export interface Alchemy {
  changes: AlchemyChange[];
  lambda: number;
  /** whether the dial moves by itself */
  playing: boolean;
  /** null until the models have answered */
  answer: AlchemyAnswer | null;
  /** the predictions of the molecule itself */
  base: Prediction[];
}

/** A molecule's way downhill to a network's minimum; one entry for every geometry, the first included. */
export interface RelaxationAnswer {
  id: string;
  start: string;
  model: string;
  converged: boolean;
  steps: number;
  /** eV/Å */
  fmax: number;
  /** (n_frames) eV */
  energies: number[];
  /** (n_frames) eV/Å */
  largest_forces: number[];
  /** (n_frames, n_atoms) eV */
  contributions: number[][];
  /** (n_frames, n_atoms) Å */
  positions: Vector[][];
  /** at the end */
  molecule: Molecule;
}

/** A molecule's way through several geometries, of which one is the molecule itself. */
export interface Way<Answer extends { positions: Vector[][] }> {
  answer: Answer;
  /** which geometry is shown */
  frame: number;
  /** which is the molecule */
  rest: number;
  playing: boolean;
  /** the predictions of the molecule that are shown */
  base: Prediction[];
}

/** `paths`: what the networks shown say along it; of the one that relaxes the answer has the energies already */
export type Relaxation = Way<RelaxationAnswer> & { paths: TrajectoryPath[] };

/** One model's predictions, frame by frame. */
export interface TrajectoryPath {
  model: string;
  checkpoint: string;
  property: Property;
  /** (n_frames) eV or debye */
  totals: number[];
  uncertainties: number[] | null;
  /** (n_frames, n_atoms) eV or e */
  contributions: number[][];
  vectors: Vector[] | null;
  grades: Trust[] | null;
}

/** One molecule in the geometries of a file. */
export interface TrajectoryAnswer {
  id: string;
  /** in the first frame */
  molecule: Molecule;
  /** (n_frames, n_atoms) Å */
  positions: Vector[][];
  /** (n_frames) what the file says of each */
  labels: string[];
  paths: TrajectoryPath[];
}

export type Trajectory = Way<TrajectoryAnswer>;

/** The page's molecule as it stood at some time, to go back to. */
export interface Standing {
  molecule: Molecule;
  /** of all models */
  answers: Prediction[];
  choice: ModelChoice[];
  relaxation: Relaxation | null;
  trajectory: Trajectory | null;
  conformers: State["conformers"];
  opened: State["opened"];
  /** what stood in the box */
  text: string;
  /** path and query */
  address: string;
}

/** A prediction without its atoms. */
export interface ShortPrediction {
  model: string;
  property: Property;
  unit: string;
  total: number;
  uncertainty: number | null;
  /** eV; null where the model has no free atoms */
  atomization: number | null;
  molecule_trust: MoleculeTrust | null;
}

/** One of many molecules; `error`: why there is none, or no prediction of it. */
export interface BatchRow {
  file: string;
  /** in its file, from 1 */
  record: number;
  input: string;
  name: string;
  molecule: string | null;
  formula: string;
  smiles: string;
  atoms: number;
  warnings: string[];
  predictions: ShortPrediction[];
  /** of each property and family the model that fits the molecule best */
  shown: string[];
  error: Problem | null;
}

export interface Batch {
  /** while it is being computed: of the rows those that are there */
  partial?: boolean;
  id: string;
  models: string[];
  rows: BatchRow[];
}

/** A text of many molecules; `name`: of the file, or "". */
export interface BatchFile {
  name: string;
  text: string;
}

export type Doubt = TrustReason | "open_shell";

/** A molecule of a reaction. */
export interface Species {
  coefficient: number;
  /** what stood for it */
  text: string;
  open_shell: boolean;
  molecule: Molecule;
}

/** What one model makes of a molecule of the reaction, and of the reaction. */
export interface ReactionPrediction {
  model: string;
  /** eV */
  energy: number;
  uncertainty: number | null;
  /** of the worst molecule */
  grade: Trust;
  species: { total: number; contributions: number[]; grade: Trust; reason: Doubt | null }[];
  /** eV, of every pair of atoms in `matches` */
  changes: number[];
}

export interface ReactionAnswer {
  equation: string;
  reactants: Species[];
  products: Species[];
  balance: {
    balanced: boolean;
    message: string;
    differences: { element: string; left: number; right: number }[];
    coefficients: number[] | null;
    /** what would balance it */
    equation: string | null;
  };
  /** atoms that become one another: species over both sides, copy, atom; from 0 */
  matches: { reactant: Vector; product: Vector }[];
  /** none where it does not balance */
  predictions: ReactionPrediction[];
  choice: ModelChoice[];
  /** agents of a reaction SMILES */
  left_out: string[];
}

/** A molecule's envelope, and on it the potential of every network and probe. */
export interface GalleryMolecule {
  name: string;
  formula: string;
  symbols: string[];
  positions: Vector[];
  bonds: [number, number, number][];
  /** (3 n) Å */
  vertices: Float32Array;
  /** (3 n) outward */
  normals: Float32Array;
  /** (3 n_triangles) */
  triangles: Uint16Array;
  /** by model and element of the probe; eV, values (n) */
  values: Record<string, Record<string, { minimum: number; median: number; maximum: number; values: Float32Array }>>;
}

export interface SameGroup {
  share: number;
  chance: number;
  p: number;
}

/** The element vectors of one network. */
export interface VectorsOfMember {
  /** (n_elements, n_features) */
  vectors: number[][];
  /** (n_elements, at most 4) */
  components: number[][];
  explained_variance: number[];
  correlations: { property: string; component: number; rho: number; p: number; adjusted: number; n: number }[];
  same_group: { euclidean: SameGroup; cosine: SameGroup } | null;
}

/** The element vectors of a model and the order in them. */
export interface ElementVectors {
  elements: string[];
  /** groups "1" to "18", or beyond them */
  families: string[];
  properties: Record<string, (number | null)[]>;
  structures: number[] | null;
  measured: boolean[];
  members: VectorsOfMember[];
  agreement: number | null;
  additive: { euclidean: SameGroup; cosine: SameGroup } | null;
}

export interface Gallery {
  elements: string[];
  models: { name: string; family: string; checkpoint: string }[];
  molecules: GalleryMolecule[];
}

/** What is asked of the service while something moves. */
export interface LiveRequest {
  molecule: string;
  models: string[];
  fine: boolean;
  /** Å */
  positions?: Vector[];
  changes?: AlchemyChange[];
  lambda?: number;
  element?: string;
  /** eV or e */
  isovalues?: number[];
  envelope?: number;
  plane?: Plane;
}

export interface LiveAnswer {
  id: number;
  fine: boolean;
  models: { model: string; prediction: Prediction | null; surfaces: Surface[] }[];
}

export interface StoredView {
  id: string;
  created: string;
  version: string;
  state: unknown;
  molecule: Molecule;
  predictions: Prediction[];
  checkpoints: Record<string, string>;
  changed: string[];
}

export interface Route {
  page: "main" | "view" | "embed" | "gallery" | "vectors" | "batch" | "reactions" | "offline" | "help";
  id: string | null;
  query: string | null;
  /** a stored trajectory, of the page of one molecule */
  trajectory?: string;
  /** which of its frames, from 0 */
  frame?: number;
  /** the name of a bundled example, where the address asks for one */
  example?: string;
}

/** How far work is that takes a while: for the eye, which sees every step, and for the ear, which hears what it is. */
export interface Progress {
  said: string;
  seen: string;
}

export interface State {
  route: Route;
  models: Model[];
  /** what stands in the molecule box */
  text: string;
  molecule: Molecule | null;
  /** of every model that knows the molecule */
  answers: Prediction[];
  /** which of them the service would show; empty where all are, as of a crystal */
  choice: ModelChoice[];
  /** the training set that a person chose; null: the service chooses */
  trainedOn: string | null;
  /** those shown, on the way to another molecule with their values there */
  predictions: Prediction[];
  /** the stored view that is shown, until another molecule is explained */
  opened: { id: string; created: string; changed: string[] } | null;
  /** whether a link is being opened: what it shows may not be complete */
  restoring: boolean;
  quantity: Quantity;
  contributionView: ContributionView;
  unit: EnergyUnit;
  labels: Labels;
  layout: Layout;
  theme: Theme;
  /** limits of the scales in eV or e that a person set; absent: the default of the quantity */
  limits: Partial<Record<ScaleKey, number>>;
  /** whether the scale follows the molecule instead */
  fit: boolean;
  probe: Probe;
  fields: Record<string, FieldState>;
  surfaces: Record<string, Surface[]>;
  /** by model; of the molecule shown, once they were asked for */
  pairs: Record<string, ModelPairs>;
  /** whether pairs that are not bonded are drawn and listed too */
  pairsBeyond: boolean;
  /** by model, once pairs were asked for; null where nobody took the statistics */
  decays: Record<string, PairDecay | null>;
  profile: Profile | null;
  /** of the atom selected last; null until they were asked for */
  surroundings: { key: string; found: Surroundings[] } | null;
  /** by model and element */
  distributions: Record<string, Distribution>;
  /** by model, once a reader asked for them */
  rings: Record<string, Rings>;
  /** null until it was read, on its own page */
  gallery: Gallery | null;
  /** null until they were read, on their own page */
  vectors: { model: string; found: ElementVectors } | null;
  /** Å: where a surface was clicked; counts as long as no atom is selected */
  point: Vector | null;
  /** the molecule on its way to another */
  alchemy: Alchemy | null;
  /** whether its curve is the whole energy, and not what is left of it without the straight line */
  wholeEnergy: boolean;
  /** whether a finer surface of a molecule on its way to another is being computed */
  refiningWay: boolean;
  /** how the molecule came to its minimum; null where it did not */
  relaxation: Relaxation | null;
  /** share of a relaxation that is being computed; null: none is */
  relaxing: number | null;
  /** the network that relaxes; null: the fittest */
  relaxer: string | null;
  /** the molecule while a hand moves its atoms */
  moving: { molecule: Molecule; from: Standing } | null;
  /** whether a hand moves atoms, and not the picture */
  hand: boolean;
  /** the molecule before each movement, oldest first */
  before: Standing[];
  /** the atom that is pointed at */
  hover: number | null;
  /** the atoms of the pair that is pointed at */
  hoverPair: [number, number] | null;
  selected: number[];
  camera: View | null;
  /** of the opened link */
  captions: Captions | null;
  /** of the opened link: in which its camera stood */
  frame: Frame | null;
  /** what is being done, as seen and as read out in role=status; null: nothing */
  busy: string | Progress | null;
  /** for role=status when nothing is being done */
  done: string;
  /** the same, where it is seen for a while too: what happened without being asked for */
  told: string;
  alert: Alert | null;
  offline: boolean;
  share: ShareState | null;
  viewerError: string | null;
  /** the frames of a file, one of which is the molecule; null where there was one alone */
  trajectory: Trajectory | null;
  /** many molecules, on their own page */
  batch: Batch | null;
  /** share of what is being computed of many molecules; null: nothing is */
  batching: number | null;
  /** what stands in the box of many molecules */
  batchText: string;
  /** what the energies of the last table were */
  batchKind: import("./lib/batch.js").EnergyKind;
  reaction: ReactionAnswer | null;
  /** what stands in the box of the reaction */
  equation: string;
  /** molecules that were taken back, the last one at the end */
  after: Standing[];
  /** first molecules with their drawings; empty until they were read */
  examples: Example[];
  /** newest first */
  recent: Recent[];
  /** structural formulas of recent molecules, by their ids; null: the service has forgotten it */
  structures: Record<string, Structure | null>;
  /** whether the sketcher is open */
  sketching: boolean;
  /** null until they were asked for */
  conformers: Conformers | null;
  /** by model; of the molecule shown, once a sum of atoms was asked for */
  members: Record<string, ModelMembers>;
  /** by model; of the molecule shown, once they were to be drawn */
  forces: Record<string, ModelForces>;
  /** of the molecule shown; null until they were read */
  parts: Part[] | null;
  references: Reference[] | null;
  dipoleArrow: DipoleArrow;
  showForces: boolean;
  /** place on the line along which a probe is compared with an atom, from 0 */
  along: number;
  barOrder: BarOrder;
  /** of the table of atoms */
  atomOrder: import("./lib/sorting.js").Order;
  /** of the table of two molecules */
  compareOrder: import("./lib/sorting.js").Order;
  /** a second molecule beside the first; null: none */
  comparison: Comparison | null;
  /** in a saved page: the quantities that it holds; null: the service has all */
  kept: Quantity[] | null;
  /** what an opened link has set: it is its maker's, and no preference of this reader */
  ofLink: { theme?: Theme; unit?: EnergyUnit; labels?: State["labels"] };
  /** of the link that is made or opened, once a reader asked for it */
  receipt: ReceiptState | null;
  language: Language;
  /** whether the first steps were seen or dismissed */
  welcomed: boolean;
  /** what is read out to those who walk from atom to atom */
  spoken: string;
}

/** A structural formula: paths on a plane of `size` pixels; none where no bonds are known. */
export interface Structure {
  size: [number, number];
  paths: { element: string; fill: boolean; d: string }[];
}

/** A first molecule of the page, with its drawing. */
export interface Example extends Structure {
  name: string;
  formula: string;
  /** of its geometry */
  source: string;
}

/** A molecule that was explained in this browser before. */
export interface Recent {
  id: string;
  title: string;
  formula: string;
  /** of its geometry */
  source: string;
  method: string;
  /** how it was asked for, where a line of text says it; it is read again should the service have forgotten the id */
  input: { format: string; text: string } | null;
}

/** One change by hand (docs/http.md); atoms from 0. */
export type MoleculeChange =
  | { kind: "element"; atom: number; to: string }
  | { kind: "delete"; atoms: number[] }
  | { kind: "hydrogens"; atoms: number[] }
  | { kind: "attach"; atom: number; group: string };

/** Other conformers of a molecule. */
export interface Conformers {
  molecule: Molecule;
  /** strain: kcal/mol by the force field above the lowest */
  conformers: { molecule: Molecule; strain: number }[];
  /** totals in eV: of the molecule, and of each conformer */
  energies: { model: string; molecule: number; conformers: number[] }[];
}

/** How the networks of one ensemble divide the molecule among its atoms. */
export interface ModelMembers {
  model: string;
  checkpoint: string;
  /** (n_members, n_atoms) eV or e */
  contributions: number[][];
}

export interface ModelForces {
  model: string;
  checkpoint: string;
  /** (n_atoms) eV/Å */
  forces: Vector[];
}

/** Atoms that are looked at together: a functional group, a ring, a heavy atom with its hydrogens. */
export interface Part {
  kind: "group" | "ring" | "atom";
  name: string;
  atoms: number[];
}

/** What quantum chemistry gives this constitution at a geometry of its own. */
export interface Reference {
  set: string;
  training_set: string;
  level: string;
  source: string;
  licence: string;
  identifier: string;
  /** of the data that models of the set learned from */
  part: "train" | "validation" | "test" | null;
  /** eV */
  energy: number | null;
  energy_error: number | null;
  /** debye */
  dipole: number | null;
  same_geometry: boolean;
  molecule: Molecule;
}

/** Which way the arrow of the dipole moment points; none: it is not drawn. */
export type DipoleArrow = "none" | "physics" | "chemistry";
export type BarOrder = "number" | "value";

/** Another molecule beside this one, the first. */
export interface Comparison {
  /** as the service keeps it */
  other: Molecule;
  /** the same laid over the first */
  laid: Molecule;
  /** turns a vector of the other as it was laid */
  rotation: [Vector, Vector, Vector];
  /** atoms of the first and of the other that correspond */
  pairs: [number, number][];
  /** Å */
  rmsd: number | null;
  complete: boolean;
  /** of every model that knows the other */
  answers: Prediction[];
  /** of the first, where those of an opened link have no model in common with the answers; absent: the page's */
  own?: Prediction[];
  choice: ModelChoice[];
}

export interface ReceiptState {
  view: string;
  /** null until it came */
  receipt: Receipt | null;
  /** null until the models have computed once more */
  recomputed: Recomputation | null;
}

/** What to cite. */
export interface Citation {
  of: "program" | "method" | "data";
  text: string;
  url: string | null;
}

/** What a link was made with. */
export interface Receipt {
  view: string;
  created: string;
  program: { name: string; version: string; today: string };
  molecule: Pick<Molecule, "id" | "name" | "formula" | "smiles" | "charge" | "geometry">;
  models: {
    model: string;
    property: Property;
    unit: string;
    total: number;
    uncertainty: number | null;
    checkpoint: string;
    today: string | null;
    card: { title: string; family: string; cutoff: number; members: number; data: string | null; level: string | null; licence: string | null } | null;
  }[];
  parameters: Record<string, unknown>;
  cite: Citation[];
}

/** A link's numbers computed once more. */
export interface Recomputation {
  version: string;
  same: boolean;
  /** eV, debye and e */
  tolerance: number;
  models: { model: string; unit: string; contribution_unit: string; checkpoint: string; today: string | null; same: boolean; total_difference: number | null; largest_difference: number | null }[];
}

/** What a saved page holds (lib/offline.js). */
export interface KeptExplanation {
  /** what the page could show, and could not be computed when the file was made */
  missing: { quantity: Quantity; model: string }[];
  version: string;
  /** ISO 8601 */
  created: string;
  /** in which it was saved; none of the command line */
  language?: string;
  molecule: Molecule;
  predictions: Prediction[];
  models: Model[];
  /** as a link stores it */
  state: Record<string, unknown>;
  surfaces: Partial<Record<Quantity, KeptSurfaces>>;
  pairs: Record<string, ModelPairs>;
  /** by model; none where arrows of them cannot be shown */
  forces?: Record<string, ModelForces>;
  cite: Citation[];
}

/** Surfaces of a quantity, by model; meshes in base64 of their binary form. */
export interface KeptSurfaces {
  mode: ProbeMode;
  element: string;
  /** of an isosurface, eV or e; its surfaces have none of their own where they carry another field's values */
  level: number | null;
  drawn: Record<string, { level: number | null; mesh: string; sheet: Omit<Sheet, "mesh"> | null }[]>;
}

export type Language = "system" | "en" | "de";

/** The sentences of another language: of the catalogue's form, where some may be missing. */
export type Translation = Translated<typeof import("./lib/text.js").english>;
type Translated<T> = T extends (...values: infer Values) => infer Answer ? (...values: Values) => (Answer extends string ? string : Answer)
  : T extends string ? string
  : T extends readonly unknown[] ? { [K in keyof T]: Translated<T[K]> }
  : { [K in keyof T]?: Translated<T[K]> };

export interface NameSuggestion {
  name: string;
  smiles: string;
  formula: string;
}
