/**
 * Differences: what the second network says of each atom less what the first says, SchNet − BP.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 *
 * @typedef {object} Difference
 * @property {string} name "SchNet − BP"
 * @property {import("../types.js").Dimension} dimension
 * @property {number[]} values (n_atoms) eV or e
 * @property {number} total eV, or debye of lengths of dipole moments
 */
import { atomValues, dimensionOf, predictionsOf, QUANTITIES, shortName } from "./quantities.js";
import { text } from "./text.js";

/** @param {State} state @returns {Difference | null} null unless two networks say something of every atom of a molecule */
export function differenceOf(state) {
  const { property, field } = QUANTITIES[state.quantity];
  if (!state.molecule || state.molecule.cell || state.comparison || !property || field || state.quantity === "pairs") return null;
  const [first, second] = predictionsOf(state, property);
  if (!first || !second) return null;
  const values = (/** @type {{model: Model, prediction: Prediction}} */ { model, prediction }) => atomValues(state, model, prediction);
  const less = values(first);
  return {
    name: text.comparison.difference(shortName(second.model), shortName(first.model)),
    dimension: dimensionOf(property),
    values: values(second).map((value, atom) => value - (less[atom] ?? NaN)),
    total: second.prediction.total - first.prediction.total,
  };
}

/** @param {State} state @returns {Difference | null} the one that the picture and the table show */
export function shownDifference(state) {
  return state.layout === "difference" ? differenceOf(state) : null;
}
