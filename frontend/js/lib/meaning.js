/**
 * Meanings: what the totals say, in plain words, with the numbers of this molecule.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 */
import { compared, nameOf, namesOf } from "./comparison.js";
import { onTheWay } from "./live.js";
import { freeAtoms, predictionsOf, QUANTITIES, shortName } from "./quantities.js";
import { text } from "./text.js";
import { D_PER_E_ANGSTROM, decimals, inEv, prettyNumber, testError, withUnit } from "./units.js";

/** The networks differ about as much as they usually err where it is at most so many times that. */
const USUAL = 1.5;

/** @param {State} state @returns {string[]} sentences; none where there is no total of one molecule */
export function meaningOf(state) {
  const { molecule, quantity } = state;
  const { property, field } = QUANTITIES[quantity];
  if (!molecule || molecule.cell || onTheWay(state) || !property || field) return [];
  if (state.comparison) return ofBoth(state);
  const shown = predictionsOf(state, property).slice(0, 2);
  if (shown.length === 0) return [];
  const total = property === "energy" ? energyMeaning(state, shown) : dipoleMeaning(shown);
  const words = text.reading.meaning;
  const errors = shown.flatMap(({ model }) => (model.test ? [testError(model.test.mae, model.test.unit, state.unit)] : []));
  const usual = errors.length === shown.length ? [words.usual(text.choice.list(errors))] : [];
  return [...total, ...usual, ...agreement(state, shown), words.split];
}

/** @param {State} state @param {{model: Model, prediction: Prediction}[]} shown @returns {string[]} */
function energyMeaning(state, shown) {
  const words = text.reading.meaning;
  const name = state.molecule ? nameOf(state.molecule) : "";
  const say = (/** @type {(one: {model: Model, prediction: Prediction}) => number | null} */ value) => shown.flatMap((one) => {
    const found = value(one);
    return found === null ? [] : [words.says(shortName(one.model), withUnit(found, "energy", state.unit))];
  });
  const binding = say(({ model, prediction }) => atomization(state.molecule, model, prediction));
  return [words.energy(name, text.choice.list(say(({ prediction }) => prediction.total))), ...(binding.length === shown.length ? [words.binding(text.choice.list(binding))] : [])];
}

/** @param {import("../types.js").Molecule | null} molecule @param {Model} model @param {Prediction} prediction @returns {number | null} eV */
function atomization(molecule, model, prediction) {
  const free = molecule && freeAtoms(model, molecule);
  return free ? free.reduce((sum, energy) => sum + energy, 0) - prediction.total : null;
}

/** @param {{model: Model, prediction: Prediction}[]} shown @returns {string[]} */
function dipoleMeaning(shown) {
  const words = text.reading.meaning;
  const says = shown.map(({ model, prediction }) => words.says(shortName(model), debye(prediction.total)));
  const mean = shown.reduce((sum, { prediction }) => sum + prediction.total, 0) / shown.length;
  return [words.dipole(text.choice.list(says), `${prettyNumber(mean / D_PER_E_ANGSTROM, 2)}\u00a0Å`)];
}

/** @param {State} state @param {{model: Model, prediction: Prediction}[]} shown @returns {string[]} how far two networks agree, against their usual errors */
function agreement(state, [first, second]) {
  if (!first || !second || first.model.training_set !== second.model.training_set) return [];
  const words = text.reading.meaning;
  const apart = Math.abs(first.prediction.total - second.prediction.total);
  const energy = first.model.property === "energy";
  const errors = [first, second].flatMap(({ model: { test } }) => (test ? [energy ? (inEv(test.mae, test.unit) ?? NaN) : test.mae] : []));
  const shown = energy ? withUnit(apart, "energy", state.unit) : debye(apart);
  const verdict = errors.length < 2 || !errors.every(Number.isFinite) ? "" : apart <= Math.max(...errors) ? words.agree : apart <= USUAL * Math.max(...errors) ? words.about : words.disagree;
  return [words.apart(shown, verdict)];
}

/** @param {State} state @returns {string[]} */
function ofBoth(state) {
  const { molecule, comparison } = state;
  const found = compared(state);
  const words = text.reading.meaning;
  if (!molecule || !comparison || !found) return [text.comparison.nothing];
  const { model, first, second } = found.network;
  const [one, other] = namesOf(molecule, comparison.other);
  if (model.property === "dipole") return [text.comparison.dipoles(one, debye(first.total), other, debye(second.total)), words.split];
  const bound = [atomization(molecule, model, first), atomization(comparison.other, model, second)];
  const show = (/** @type {number} */ value) => withUnit(value, "energy", state.unit);
  const [a, b] = bound;
  return [
    ...(typeof a === "number" && typeof b === "number" ? [text.comparison.binding(one, show(a), other, show(b))] : []),
    text.comparison.totals, words.split,
  ];
}

/** @param {number} value @returns {string} */
function debye(value) {
  return `${prettyNumber(value, decimals("D"))}\u00a0D`;
}
