/**
 * Fragments: the sum of what a network gives to selected atoms, and how far the networks of its ensemble agree on it.
 *
 * @typedef {import("../types.js").State} State
 *
 * @typedef {object} FragmentRow
 * @property {string} name of the network
 * @property {import("../types.js").Dimension} dimension
 * @property {number} sum eV or e
 * @property {number | null} spread standard deviation of the members' sums; null where there are no members to ask
 * @property {number | null} independent what it would be if the members' deviations on each atom had nothing to do with one another
 */
import { differenceOf } from "./differences.js";
import { onTheWay } from "./live.js";
import { columns, shortName } from "./quantities.js";
import { isUnderWay } from "./relaxation.js";

/** @param {number[]} values @returns {number | null} standard deviation (n − 1); null for fewer than two */
export function deviation(values) {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** @param {number[]} values (n_atoms) @param {number[]} atoms @returns {number} */
export function sumOf(values, atoms) {
  return atoms.reduce((sum, atom) => sum + (values[atom] ?? 0), 0);
}

/** @param {number[][]} contributions (n_members, n_atoms) @param {number[]} atoms @returns {number | null} of the members' sums */
export function spreadOfSum(contributions, atoms) {
  return deviation(contributions.map((member) => sumOf(member, atoms)));
}

/** @param {State} state @returns {boolean} whether the molecule of the picture is the one that was explained, and nothing moves */
export function isStill(state) {
  return !state.moving && !onTheWay(state) && !isUnderWay(state);
}

/** @param {State} state @param {number[]} atoms @returns {FragmentRow[]} one for each network shown, and their difference */
export function fragmentRows(state, atoms) {
  const rows = columns(state).map(({ model, prediction, dimension, values }) => {
    const members = state.members[model.name];
    const known = isStill(state) && members?.checkpoint === prediction.checkpoint ? members.contributions : [];
    const single = prediction.contribution_spread;
    return {
      name: shortName(model), dimension, sum: sumOf(values, atoms), spread: spreadOfSum(known, atoms),
      independent: single ? Math.hypot(...atoms.map((atom) => single[atom] ?? 0)) : null,
    };
  });
  const difference = differenceOf(state);
  return difference ? [...rows, { name: difference.name, dimension: difference.dimension, sum: sumOf(difference.values, atoms), spread: null, independent: null }] : rows;
}
