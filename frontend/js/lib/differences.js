/**
 * Differences: what the second network says less what the first says, SchNet − BP: of each atom, of each pair, and of each
 * point of an envelope or a slice. Isosurfaces of two networks have no points in common.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Surface} Surface
 *
 * @typedef {object} Difference
 * @property {string} name "SchNet − BP"
 * @property {import("../types.js").Dimension} dimension
 * @property {number[]} values (n_atoms) eV or e
 * @property {number} total eV, or debye of lengths of dipole moments
 */
import { shownPairs } from "./pairs.js";
import { atomValues, dimensionOf, predictionsOf, QUANTITIES, shortName } from "./quantities.js";
import { text } from "./text.js";

/** @param {State} state @returns {[{model: Model, prediction: Prediction}, {model: Model, prediction: Prediction}] | null} the two networks of a molecule that are shown */
function both(state) {
  const { property } = QUANTITIES[state.quantity];
  if (!state.molecule || state.molecule.cell || state.comparison || !property) return null;
  const [first, second] = predictionsOf(state, property);
  return first && second ? [first, second] : null;
}

/** @param {State} state @returns {string | null} "SchNet − BP"; null where the picture has nothing to be subtracted */
export function differenceName(state) {
  const found = both(state);
  if (!found || (QUANTITIES[state.quantity].field && state.probe.mode === "isosurface")) return null;
  return text.comparison.difference(shortName(found[1].model), shortName(found[0].model));
}

/** @param {State} state @returns {boolean} whether the picture and the table show it */
export function isDifferenceShown(state) {
  return state.layout === "difference" && differenceName(state) !== null;
}

/** @param {State} state @returns {Difference | null} null unless two networks say something of every atom of a molecule */
export function differenceOf(state) {
  const { property, field } = QUANTITIES[state.quantity];
  const name = differenceName(state);
  const found = both(state);
  if (!found || !name || !property || field || state.quantity === "pairs") return null;
  const [less, values] = found.map(({ model, prediction }) => atomValues(state, model, prediction));
  return {
    name,
    dimension: dimensionOf(property),
    values: (values ?? []).map((value, atom) => value - (less?.[atom] ?? NaN)),
    total: found[1].prediction.total - found[0].prediction.total,
  };
}

/** @param {State} state @returns {Difference | null} the one that the picture and the table show */
export function shownDifference(state) {
  return state.layout === "difference" ? differenceOf(state) : null;
}

/** @type {Surface[]} the same one each time, so that nothing is drawn anew */
const NONE = [];
/** @type {WeakMap<Surface, {of: Surface, surfaces: Surface[]}>} the last difference by its second surface */
const known = new WeakMap();

/**
 * The surface of both networks with what the second says of each of its points less what the first says.
 *
 * @param {State} state
 * @returns {Surface[]} the same array for the same surfaces; empty where they are not there, or not of the same points
 */
export function differenceSurfaces(state) {
  if (!isDifferenceShown(state) || QUANTITIES[state.quantity].field === null) return NONE;
  const [first, second] = (both(state) ?? []).map(({ model }) => state.surfaces[model.name]?.[0]);
  if (!first || !second || first.level !== null || second.level !== null || !sameNumbers(first.mesh.positions, second.mesh.positions)) return NONE;
  const before = known.get(second);
  if (before?.of === first) return before.surfaces;
  const mesh = { ...second.mesh, values: second.mesh.values.map((value, i) => value - (first.mesh.values[i] ?? NaN)) };
  const surfaces = [{ ...second, key: `${second.key}-${first.key}`, mesh, median: second.median - first.median, ...(second.sheet ? { sheet: { ...second.sheet, mesh } } : {}) }];
  known.set(second, { of: first, surfaces });
  return surfaces;
}

/** @param {State} state @returns {import("./pairs.js").Pair[]} of both networks, with the difference of their values; empty where they are not there */
export function differencePairs(state) {
  if (!isDifferenceShown(state) || state.quantity !== "pairs") return [];
  const [first, second] = (both(state) ?? []).map(({ model }) => state.pairs[model.name]);
  if (!first || !second) return [];
  const less = new Map(shownPairs(state, first).map(({ atoms, value }) => [atoms.join(), value]));
  return shownPairs(state, second).flatMap((pair) => {
    const value = less.get(pair.atoms.join());
    return value === undefined ? [] : [{ ...pair, value: pair.value - value }]; // beyond the shorter cutoff one has nothing to say
  });
}

/** @param {Float32Array} a @param {Float32Array} b */
function sameNumbers(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
