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
 * @property {(number | null)[] | null} values (n_atoms) eV or e, where atoms are coloured by value; null for one without
 * @property {import("../types.js").Dimension | null} dimension of the values
 * @property {Compared | null} [compared] of two molecules
 * @property {boolean} [laid] whether it shows the second of them
 * @property {boolean} [difference] whether it shows a difference
 *
 * @typedef {import("./comparison.js").Compared} Compared
 */
import { atomName } from "./atoms.js";
import { elementColor, STICK, valueColor } from "./color.js";
import { compared, namesOf } from "./comparison.js";
import { differenceName, differencePairs, differenceSurfaces, shownDifference } from "./differences.js";
import { atomValues, dimensionOf, isOffered, predictionsOf, QUANTITIES, shortName } from "./quantities.js";
import { drawnPairs, lineRadius, shownPairs } from "./pairs.js";
import { onTheWay, shownAtomNames } from "./live.js";
import { limitOf } from "./scale.js";
import { text } from "./text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "./units.js";

/** @param {State} state @returns {Pane[]} */
export function panes(state) {
  if (!state.molecule) return [];
  const { property, field } = QUANTITIES[state.quantity];
  if (state.comparison) return comparedPanes(state, state.molecule, state.comparison);
  if (!property || !isOffered(state, state.quantity)) return [{ slot: "0", title: text.stage.structure, ...BARE }];
  const valued = !field && state.quantity !== "pairs";
  /** @type {Pane[]} */
  const all = predictionsOf(state, property).slice(0, 2).map(({ model, prediction }, i) => ({
    slot: String(i), title: shortName(model), model, prediction, dimension: valued ? dimensionOf(property) : null, values: valued ? atomValues(state, model, prediction) : null,
  }));
  const name = state.layout === "difference" && differenceName(state);
  if (name) {
    const less = shownDifference(state);
    return [...all, { slot: String(all.length), title: name, ...BARE, values: less?.values ?? null, dimension: less?.dimension ?? null, difference: true }];
  }
  if (all.length < 2 || state.layout === "both" || state.layout === "difference") return all;
  return state.layout === "first" ? all.slice(0, 1) : all.slice(1);
}

const BARE = Object.freeze({ model: null, prediction: null, values: null, dimension: null });

/**
 * Both molecules, and what the second has less of the first on the first's atoms.
 *
 * @param {State} state
 * @param {import("../types.js").Molecule} molecule
 * @param {import("../types.js").Comparison} comparison
 * @returns {Pane[]}
 */
function comparedPanes(state, molecule, { other }) {
  const found = compared(state);
  const [first, second] = namesOf(molecule, other);
  if (!found) return [{ slot: "0", title: first, ...BARE }, { slot: "1", title: second, ...BARE, laid: true }];
  const { network, dimension } = found;
  const of = { model: network.model, dimension, compared: found };
  return [
    { slot: "0", title: first, ...of, prediction: network.first, values: found.first },
    { slot: "1", title: second, ...of, prediction: network.second, values: found.second, laid: true },
    { slot: "2", title: text.comparison.difference(second, first), ...BARE, dimension, compared: found, values: found.differences, difference: true },
  ];
}

/** @param {Pane} pane @returns {number[]} atoms of the pane's molecule to which none of the other molecule corresponds */
export function unmatched({ compared: found, laid }) {
  return (laid ? found?.shared : found?.partner)?.flatMap((other, atom) => (other === null ? [atom] : [])) ?? [];
}

/** @param {Pane} pane @param {number} atom of the page's molecule @returns {number | null} what the pane shows of it; null where nothing */
export function valueAt({ values, compared: found, laid }, atom) {
  const own = laid ? (found?.partner[atom] ?? null) : atom;
  return own === null ? null : (values?.[own] ?? null);
}

/** @param {State} state @param {Pane} pane @returns {{atomColors: string[], stickColor: string | null, labels: string[]}} */
export function paneAtoms(state, pane) {
  const { values } = pane;
  const symbols = (pane.laid ? state.comparison?.other : state.molecule)?.symbols ?? [];
  const labels = paneLabels(state, symbols, pane);
  if (!values) return { atomColors: symbols.map(elementColor), stickColor: null, labels };
  const limit = limitOf(state);
  return { atomColors: values.map((value) => (value === null ? STICK : valueColor(value, limit))), stickColor: STICK, labels };
}

/**
 * @param {State} state
 * @param {Pane} pane
 * @returns {import("../viewer.js").Line[] | null} pairs as coloured lines; null: none are to be drawn
 */
export function paneLines(state, { model, difference }) {
  if (state.quantity !== "pairs" || onTheWay(state) || !(model || difference)) return null;
  const found = model && state.pairs[model.name];
  const pairs = difference ? differencePairs(state) : found ? shownPairs(state, found) : [];
  const limit = limitOf(state);
  return drawnPairs(pairs, limit).map(({ atoms: [from, to], value, bonded }) => ({
    from, to, bonded, color: valueColor(value, limit), radius: lineRadius(value, limit),
  }));
}

/** @type {import("../types.js").Surface[]} the same one each time, so that nothing is drawn anew */
const NONE = [];

/** @param {State} state @param {Pane} pane @returns {import("../types.js").Surface[]} that it shows, if its quantity is one of surfaces */
export function paneSurfaces(state, { model, difference }) {
  return difference ? differenceSurfaces(state) : (state.surfaces[model?.name ?? ""] ?? NONE);
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

/** @param {State} state @param {string[]} symbols @param {Pane} pane @returns {string[]} */
function paneLabels(state, symbols, { values, dimension, laid }) {
  const labels = shownLabels(state);
  if (labels === "atoms") return laid ? symbols.map(atomName) : shownAtomNames(state);
  if (labels === "none" || !values || !dimension) return symbols.map(() => "");
  const unit = shownUnit(dimension, state.unit);
  return values.map((value) => (value === null ? text.comparison.noPartner : prettyNumber(toShown(value, dimension, state.unit), Math.max(0, decimals(unit) - 1), { sign: true })));
}
