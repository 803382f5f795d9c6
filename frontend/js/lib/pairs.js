/**
 * Pairs: those that are drawn and listed, and how.
 *
 * @typedef {import("../types.js").ModelPairs} ModelPairs
 * @typedef {import("../types.js").State} State
 * @typedef {{atoms: [number, number], distance: number, value: number, bonded: boolean}} Pair
 */

/** Radii of lines, Å: of a pair of no weight, and of one at the end of the scale. */
const THIN = 0.03;
const THICK = 0.2;
/** Part of the scale below which a pair that is not bonded is not drawn. */
const FAINT = 0.05;

/** @param {Pick<State, "pairsBeyond">} state @param {ModelPairs} found @returns {Pair[]} nearest first */
export function shownPairs({ pairsBeyond }, { atoms, distances, values, bonded }) {
  return atoms.flatMap((pair, i) => {
    const one = { atoms: pair, distance: distances[i] ?? 0, value: values[i] ?? 0, bonded: bonded[i] ?? false };
    return pairsBeyond || one.bonded ? [one] : [];
  });
}

/** @param {Pair[]} pairs @param {number} limit eV @returns {Pair[]} those strong enough to be seen */
export function drawnPairs(pairs, limit) {
  return pairs.filter(({ bonded, value }) => bonded || Math.abs(value) > FAINT * limit);
}

/** @param {number} value @param {number} limit of the scale, eV @returns {number} radius of the line, Å */
export function lineRadius(value, limit) {
  return THIN + (THICK - THIN) * Math.min(1, Math.abs(value) / limit);
}
