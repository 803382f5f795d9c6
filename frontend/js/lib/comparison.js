/**
 * Comparison: two molecules by one network, atom by atom where they correspond.
 *
 * @typedef {import("../types.js").Comparison} Comparison
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 *
 * @typedef {{model: Model, first: Prediction, second: Prediction}} Network that knows both molecules
 *
 * @typedef {object} Compared
 * @property {Network} network
 * @property {import("../types.js").Dimension} dimension
 * @property {import("../types.js").ContributionView} view of energies: against free atoms, or not
 * @property {number[]} first (n_first) eV or e
 * @property {number[]} second (n_second)
 * @property {(number | null)[]} partner (n_first) the second's atom that corresponds
 * @property {(number | null)[]} shared (n_second) the first's atom that corresponds
 * @property {(number | null)[]} differences (n_first) second less first; null where nothing corresponds
 */
import { text } from "./text.js";
import { heavyAtoms, effectiveView, freeAtoms, dimensionOf, predictionsOf, QUANTITIES, valuesIn } from "./quantities.js";

/** Whatever two networks split, of molecules. */
const PROPERTIES = /** @type {const} */ (["energy", "dipole"]);

/**
 * Networks of a property that know both molecules, one of each family: the one shown of the first molecule, else the one
 * that the service would show of the second, else any; unless the reader chose a training set, those come last whose set
 * has a network to which either molecule is outside.
 *
 * @param {State} state
 * @param {import("../types.js").Property | null} property
 * @returns {Network[]} BP first
 */
function networksOf({ comparison, models, answers, predictions, trainedOn }, property) {
  if (!comparison || !property) return [];
  const both = predictionsOf({ models, predictions: comparison.own ?? answers }, property).flatMap(({ model, prediction }) => {
    const second = comparison.answers.find((answer) => answer.model === model.name && answer.checkpoint === prediction.checkpoint);
    return second ? [{ model, first: prediction, second }] : [];
  });
  const outside = (/** @type {Network} */ { first, second }) => [first, second].some((answer) => answer.molecule_trust?.grade === "outside");
  const lost = trainedOn === null ? new Set(both.filter(outside).map(({ model }) => model.training_set)) : new Set();
  const rank = (/** @type {Network} */ { model: { name, training_set: set } }) =>
    (lost.has(set) ? 3 : 0) + (predictions.some(({ model }) => model === name) ? 0 : comparison.choice.some(({ model }) => model === name) ? 1 : 2);
  const families = [...new Set(both.map(({ model }) => model.family))];
  return families.flatMap((family) => both.filter(({ model }) => model.family === family).sort((a, b) => rank(a) - rank(b)).slice(0, 1));
}

/** @param {State} state @returns {Network[]} those among which the reader chooses, BP first */
export function networks(state) {
  return networksOf(state, QUANTITIES[state.quantity].property);
}

/**
 * What is seen of the page's molecule: beside a second one the networks that know both, which need not be those that were
 * shown of the first alone.
 *
 * @param {State} state
 * @returns {Prediction[]}
 */
export function seenPredictions(state) {
  const seen = PROPERTIES.flatMap((property) => networksOf(state, property)).map(({ first }) => first);
  return seen.length > 0 ? seen : state.predictions;
}

/**
 * @param {Prediction[]} first of one molecule
 * @param {Prediction[]} second of another
 * @returns {boolean} whether of some property that both have no network is the same
 */
export function shareTooFew(first, second) {
  return PROPERTIES.some((property) => {
    const [ours, theirs] = [first, second].map((answers) => answers.filter((answer) => answer.property === property));
    return theirs !== undefined && theirs.length > 0 && !ours?.some(({ model, checkpoint }) => theirs.some((one) => one.model === model && one.checkpoint === checkpoint));
  });
}

/** @param {Prediction[]} kept of a link @param {Prediction[]} asked of today's networks @returns {Prediction[]} those of the link, and what it has not */
export function completed(kept, asked) {
  return [...kept, ...asked.filter(({ model, checkpoint }) => !kept.some((one) => one.model === model && one.checkpoint === checkpoint))];
}

/** @param {State} state @returns {Network | null} the one that is shown */
export function shownNetwork(state) {
  const known = networks(state);
  return (state.layout === "second" ? known[1] : known[0]) ?? known[0] ?? null;
}

/** @param {State} state @returns {Compared | null} null where there is nothing to compare */
export function compared(state) {
  const { molecule, comparison } = state;
  const network = shownNetwork(state);
  if (!molecule || !comparison || !network) return null;
  const { model } = network;
  // both molecules against free atoms, or neither
  const view = freeAtoms(model, molecule) && freeAtoms(model, comparison.other) ? effectiveView(state) : "output";
  const first = valuesIn(view, molecule, model, network.first);
  const second = valuesIn(view, comparison.other, model, network.second);
  const partner = first.map((_, atom) => comparison.pairs.find(([i]) => i === atom)?.[1] ?? null);
  const shared = second.map((_, atom) => comparison.pairs.find(([, j]) => j === atom)?.[0] ?? null);
  const differences = first.map((value, atom) => {
    const other = partner[atom] ?? null;
    return other === null ? null : (second[other] ?? NaN) - value;
  });
  return { network, dimension: dimensionOf(model.property), view, first, second, partner, shared, differences };
}

/** @param {State} state @returns {"first" | "second"} which of `networks` is shown */
export function shownPlace(state) {
  const known = networks(state);
  return known.length > 1 && known[1]?.model.name === shownNetwork(state)?.model.name ? "second" : "first";
}

/**
 * What ends a comparison, wherever that is: the page's molecule alone, by its networks side by side, and a word that it is so.
 *
 * @param {State} state
 * @returns {Partial<State>} nothing where there is none
 */
export function withoutComparison({ comparison }) {
  if (!comparison) return {};
  const said = text.comparison.ended(nameOf(comparison.other));
  return { comparison: null, layout: "both", hover: null, share: null, alert: null, done: said, told: said };
}

/** @param {Molecule} molecule @returns {string} what sentences call it, as its heading does */
export function nameOf({ name, formula }) {
  return text.molecule(name) || formula;
}

/**
 * What sentences call two molecules beside each other, so that one knows which is meant.
 *
 * @param {Molecule} first
 * @param {Molecule} second
 * @returns {[string, string]} of one name with numbers, in their order on the page
 */
export function namesOf(first, second) {
  const [one, other] = [nameOf(first), nameOf(second)];
  return one === other ? [text.comparison.numbered(one, 1), text.comparison.numbered(other, 2)] : [one, other];
}

/** @param {State} state @returns {{name: string, heavy: number, trained: number}[]} of two molecules those larger than what the network shown was trained on */
export function beyondEither(state) {
  const { molecule, comparison } = state;
  const trained = shownNetwork(state)?.model.heavy_atoms_max_trained ?? null;
  if (!molecule || !comparison || trained === null) return [];
  const names = namesOf(molecule, comparison.other);
  return [molecule, comparison.other]
    .map((one, k) => ({ name: names[k] ?? "", heavy: heavyAtoms(one), trained }))
    .filter(({ heavy }) => heavy > trained);
}

/** @param {Comparison["rotation"]} rotation @param {import("../types.js").Vector} vector @returns {import("../types.js").Vector} turned */
export function rotated(rotation, vector) {
  return /** @type {import("../types.js").Vector} */ (rotation.map((row) => row.reduce((sum, x, k) => sum + x * (vector[k] ?? 0), 0)));
}

