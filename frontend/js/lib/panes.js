/**
 * Panes: the pictures that stand side by side, and what each shows.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Prediction} Prediction
 *
 * @typedef {object} Pane
 * @property {string} slot which of the pictures it is
 * @property {string} title
 * @property {Model | null} model null: the structure alone
 * @property {Prediction | null} prediction
 * @property {number[] | null} values (n_atoms) eV or e, where atoms are coloured by value
 */
import { atomName } from "./atoms.js";
import { elementColor, STICK, valueColor } from "./color.js";
import { atomValues, dimensionOf, isOffered, predictionsOf, QUANTITIES, shortName } from "./quantities.js";
import { drawnPairs, lineRadius, shownPairs } from "./pairs.js";
import { limitOf } from "./scale.js";
import { text } from "./text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "./units.js";

/** @param {State} state @returns {Pane[]} */
export function panes(state) {
  if (!state.molecule) return [];
  const { property, field } = QUANTITIES[state.quantity];
  if (!property || !isOffered(state, state.quantity)) return [{ slot: "0", title: text.stage.structure, model: null, prediction: null, values: null }];
  const all = predictionsOf(state, property).slice(0, 2).map(({ model, prediction }, i) => ({
    slot: String(i), title: shortName(model), model, prediction, values: field || state.quantity === "pairs" ? null : atomValues(state, model, prediction),
  }));
  if (all.length < 2 || state.layout === "both") return all;
  return state.layout === "first" ? all.slice(0, 1) : all.slice(1);
}

/** @param {State} state @param {Pane} pane @returns {{atomColors: string[], stickColor: string | null, labels: string[]}} */
export function paneAtoms(state, { values, model }) {
  const symbols = state.molecule?.symbols ?? [];
  const labels = paneLabels(state, values, model);
  if (!values) return { atomColors: symbols.map(elementColor), stickColor: null, labels };
  const limit = limitOf(state);
  return { atomColors: values.map((value) => valueColor(value, limit)), stickColor: STICK, labels };
}

/**
 * @param {State} state
 * @param {Pane} pane
 * @returns {import("../viewer.js").Line[] | null} pairs as coloured lines; null: none are to be drawn
 */
export function paneLines(state, { model }) {
  if (state.quantity !== "pairs" || !model) return null;
  const found = state.pairs[model.name];
  if (!found) return [];
  const limit = limitOf(state);
  return drawnPairs(shownPairs(state, found), limit).map(({ atoms: [from, to], value, bonded }) => ({
    from, to, bonded, color: valueColor(value, limit), radius: lineRadius(value, limit),
  }));
}

/** @param {State} state @returns {boolean} whether the atoms of the picture carry values */
export function hasAtomValues({ quantity }) {
  return quantity !== "pairs" && QUANTITIES[quantity].property !== null && QUANTITIES[quantity].field === null;
}

/** @param {State} state @returns {import("../types.js").Labels} those drawn: where atoms have no values, the structure's names or none */
export function shownLabels(state) {
  if (state.labels !== "values" || hasAtomValues(state)) return state.labels;
  return state.quantity === "elements" || state.quantity === "pairs" ? "atoms" : "none";
}

/** @param {State} state @param {number[] | null} values @param {Model | null} model @returns {string[]} */
function paneLabels(state, values, model) {
  const symbols = state.molecule?.symbols ?? [];
  const labels = shownLabels(state);
  if (labels === "atoms") return symbols.map(atomName);
  if (labels === "none" || !values || !model) return symbols.map(() => "");
  const dimension = dimensionOf(model.property);
  const unit = shownUnit(dimension, state.unit);
  return values.map((value) => prettyNumber(toShown(value, dimension, state.unit), Math.max(0, decimals(unit) - 1), { sign: true }));
}
