/**
 * The atlas: where the selected atom stands among those of the test molecules, and the training atoms most like it.
 *
 * @typedef {import("../types.js").Distribution} Distribution
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").ReferenceMolecule} ReferenceMolecule
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Surroundings} Surroundings
 *
 * @typedef {{atom: number, value: number, chosen: boolean}} Mark an atom of the molecule shown; eV or e
 * @typedef {object} Row of an environment; eV or e
 * @property {string} name
 * @property {number} n test atoms
 * @property {number[]} counts
 * @property {number} low 10 % quantile
 * @property {number} median
 * @property {number} high 90 % quantile
 * @property {Mark[]} own
 */
import { hasAtomValues } from "./panes.js";
import { atomValues } from "./quantities.js";

/** Quantiles come for every hundredth. */
const [LOW, MIDDLE, HIGH] = [10, 50, 90];

/** @param {State} state @returns {boolean} whether the page has an atlas: of one molecule, no crystal, and with a service, a link's too */
export function isAtlasOffered({ molecule, route }) {
  return molecule !== null && !molecule.cell && ["main", "view"].includes(route.page);
}

/** @param {State} state @returns {number | null} the atom that the atlas is of: the one selected last */
export function atlasAtom(state) {
  const { molecule, selected, alchemy, moving } = state;
  const still = isAtlasOffered(state) && !moving && !alchemy?.lambda;
  const last = selected.at(-1);
  return still && molecule && hasAtomValues(state) && last !== undefined && last < molecule.symbols.length ? last : null;
}

/** @param {State} state @param {Surroundings} found @returns {Prediction | null} of the same model and checkpoint: a link may hold that of an earlier one */
export function predictionOf({ predictions, opened }, found) {
  if (opened?.changed.includes(found.model)) return null;
  return predictions.find(({ model }) => model === found.model) ?? null;
}

/**
 * What the page's own view adds to the contributions of an element: zero, or its reference against the free atom.
 *
 * @param {State} state
 * @param {import("../types.js").Model} model
 * @param {Prediction} prediction
 * @param {number} atom
 * @returns {number} eV or e
 */
export function shiftOf(state, model, prediction, atom) {
  return (atomValues(state, model, prediction)[atom] ?? 0) - (prediction.contributions[atom] ?? 0);
}

/**
 * The environments of an element, the lowest median first, with the molecule's own atoms in them.
 *
 * @param {Distribution} distribution
 * @param {Molecule} molecule
 * @param {Surroundings} found
 * @param {number[]} contributions (n_atoms)
 * @returns {Row[]}
 */
export function rowsOf(distribution, { symbols }, found, contributions) {
  const marks = (/** @type {string} */ name) => symbols.flatMap((symbol, atom) =>
    symbol === distribution.element && found.groups[atom] === name ? [{ atom, value: contributions[atom] ?? NaN, chosen: atom === found.atom }] : []);
  const rows = distribution.groups.map(({ name, n, counts, quantiles }) => ({
    name, n, counts, low: quantiles[LOW] ?? NaN, median: quantiles[MIDDLE] ?? NaN, high: quantiles[HIGH] ?? NaN, own: marks(name),
  }));
  const missing = [...new Set(found.groups.filter((name, atom) => symbols[atom] === distribution.element && rows.every((row) => row.name !== name)))];
  return [...rows.sort((a, b) => a.median - b.median), ...missing.map((name) => ({ name, n: 0, counts: [], low: NaN, median: NaN, high: NaN, own: marks(name) }))];
}

/** @param {number[]} edges of a histogram @param {number} value @returns {number} per cent of the way from the first to the last; 0 to 100 */
export function placeOn(edges, value) {
  const [first = 0, last = 1] = [edges[0], edges.at(-1)];
  return Math.min(100, Math.max(0, (100 * (value - first)) / (last - first)));
}

/**
 * The outline of a histogram over a line.
 *
 * @param {number[]} counts
 * @param {number} height of the fullest step
 * @returns {string} path of an SVG picture that is 100 wide; empty where nothing was counted
 */
export function ridge(counts, height) {
  const most = Math.max(0, ...counts);
  if (most === 0) return "";
  const width = 100 / counts.length;
  const steps = counts.map((count, i) => `L${round(i * width)} ${round(height - (height * count) / most)}L${round((i + 1) * width)} ${round(height - (height * count) / most)}`);
  return `M0 ${height}${steps.join("")}L100 ${height}Z`;
}

/** @param {number} value @returns {number} */
const round = (value) => Math.round(100 * value) / 100;

/** @param {ReferenceMolecule} molecule @returns {Molecule} as the pictures take it */
export function drawn(molecule) {
  return { ...molecule, name: molecule.id, numbers: [], charge: 0, geometry: null, warnings: [] };
}

/**
 * Which of some marks have room for a button.
 *
 * @param {{place: number, first: boolean}[]} marks `first`: goes before the others
 * @param {number} room that one needs on both sides together, as `place`
 * @returns {boolean[]}
 */
export function apartFrom(marks, room) {
  /** @type {number[]} */
  const taken = [];
  const kept = marks.map(() => false);
  const order = marks.map((_, k) => k).sort((a, b) => Number(marks[b]?.first) - Number(marks[a]?.first) || (marks[a]?.place ?? 0) - (marks[b]?.place ?? 0));
  for (const k of order) {
    const place = marks[k]?.place ?? 0;
    if (taken.some((other) => Math.abs(place - other) < room)) continue;
    taken.push(place);
    kept[k] = true;
  }
  return kept;
}
