/**
 * How much a network leans on pairs against their distance: of test molecules, beside the pairs of the molecule shown.
 *
 * @typedef {import("../types.js").DecayOfElements} DecayOfElements
 * @typedef {import("../types.js").PairDecay} PairDecay
 * @typedef {import("../types.js").ModelPairs} ModelPairs
 * @typedef {import("../types.js").State} State
 */
import { localized, prettyNumber } from "./units.js";

/** Decades that a plot shows at most: a pair near the cutoff has as good as nothing. */
const DECADES = 5;

/** @param {string[]} symbols @returns {string} as a choice names two elements */
export function elementsKey(symbols) {
  return symbols.join("–");
}

/**
 * The pairs of elements that the molecule has and whose statistics are known, in the order of the statistics.
 *
 * @param {State} state
 * @returns {string[]}
 */
export function offeredElements({ molecule, decays }) {
  if (!molecule) return [];
  const count = (/** @type {string | undefined} */ symbol) => molecule.symbols.filter((other) => other === symbol).length;
  const known = Object.values(decays).flatMap((decay) => decay?.pairs ?? []).map(({ elements }) => elements);
  const held = known.filter(([first, second]) => (first === second ? count(first) > 1 : count(first) > 0 && count(second) > 0));
  return [...new Set(held.map(elementsKey))];
}

/**
 * Those of the nearest pair of heavy atoms, else of the nearest pair.
 *
 * @param {State} state
 * @param {string[]} offered
 * @returns {string}
 */
export function usualElements({ molecule, pairs }, offered) {
  const [found] = Object.values(pairs);
  const keys = (found?.atoms ?? []).map((pair) => pairElements(molecule?.symbols ?? [], pair, offered)).filter((key) => key !== null);
  return keys.find((key) => !key.includes("H")) ?? keys[0] ?? offered[0] ?? "";
}

/** @param {string[]} symbols @param {[number, number]} pair @param {string[]} offered @returns {string | null} */
function pairElements(symbols, [first, second], offered) {
  const both = [symbols[first] ?? "", symbols[second] ?? ""];
  return [elementsKey(both), elementsKey(both.reverse())].find((key) => offered.includes(key)) ?? null;
}

/** @param {PairDecay | null | undefined} decay @param {string} key @returns {DecayOfElements | null} */
export function decayOf(decay, key) {
  return decay?.pairs.find(({ elements }) => elementsKey(elements) === key) ?? null;
}

/**
 * The molecule's own pairs of these elements.
 *
 * @param {State} state
 * @param {string} model
 * @param {string} key
 * @returns {{distance: number, value: number, marked: boolean}[]} eV; `marked`: pointed at, or both atoms are selected
 */
export function ownPairs({ molecule, pairs, selected, hoverPair }, model, key) {
  const found = pairs[model];
  if (!found || !molecule) return [];
  return found.atoms.flatMap((pair, i) => pairElements(molecule.symbols, pair, [key]) === null ? [] : [{
    distance: found.distances[i] ?? 0, value: found.values[i] ?? 0, marked: pair.every((atom) => (hoverPair ?? selected.slice(-2)).includes(atom)),
  }]);
}

/**
 * Places without a gap between: bonds stand apart from the distances that are none.
 *
 * @param {number[]} distances ascending, Å
 * @param {number} width of a step, Å
 * @returns {[number, number][]} first and last index of each stretch
 */
export function stretches(distances, width) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [i, distance] of distances.entries()) {
    const last = found.at(-1);
    if (last && distance - (distances[i - 1] ?? 0) < 1.5 * width) last[1] = i;
    else found.push([i, i]);
  }
  return found;
}

/**
 * The decades of a logarithmic axis.
 *
 * @param {number[]} magnitudes in the unit shown
 * @returns {{low: number, high: number}} powers of ten
 */
export function decades(magnitudes) {
  const positive = magnitudes.filter((value) => value > 0);
  if (positive.length === 0) return { low: -1, high: 1 };
  const high = Math.ceil(Math.log10(Math.max(...positive)) - 1e-9);
  const low = Math.floor(Math.log10(Math.min(...positive)) + 1e-9);
  return { low: Math.max(Math.min(low, high - 1), high - DECADES), high };
}

/** @param {number} value not negative @returns {string} two significant digits, for values of any size */
export function twoDigits(value) {
  if (value === 0 || value >= 0.001) return localized(String(Number(value.toPrecision(2))));
  const [mantissa, power] = value.toExponential(1).split("e");
  return `${localized(mantissa ?? "")}·${decadeName(Number(power))}`;
}

/** @param {number} power of ten @returns {string} */
export function decadeName(power) {
  if (power >= -3 && power <= 3) return power < 0 ? prettyNumber(10 ** power, -power) : String(10 ** power);
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  return `10${power < 0 ? "⁻" : ""}${[...String(Math.abs(power))].map((digit) => digits[Number(digit)]).join("")}`;
}
