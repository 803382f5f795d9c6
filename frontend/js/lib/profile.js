/**
 * A line that leads away from an atom, along which a probe is compared with an atom that is put in.
 *
 * @typedef {import("../types.js").Vector} Vector
 */

/** Å from the atom: nearer, values are extrapolations of any size; farther, nothing is felt any more. */
const NEAREST = 1;
const FARTHEST = 7;
const POINTS = 61;

/** Distances of the points from the atom, Å. */
export const DISTANCES = Object.freeze(Array.from({ length: POINTS }, (_, i) => NEAREST + ((FARTHEST - NEAREST) * i) / (POINTS - 1)));

/**
 * @param {Vector[]} positions of the atoms, Å
 * @param {number[]} selected the line begins at the last of them and leads away from the one before, or from the middle
 * @returns {Vector[] | null} null where no direction is given
 */
export function lineAwayFrom(positions, selected) {
  const atom = positions[selected.at(-1) ?? -1];
  if (!atom) return null;
  const before = positions[selected.at(-2) ?? -1];
  const middle = [0, 1, 2].map((axis) => positions.reduce((sum, p) => sum + (p[axis] ?? 0), 0) / positions.length);
  const from = before ?? middle;
  const away = atom.map((x, axis) => x - (from[axis] ?? 0));
  const length = Math.hypot(...away);
  if (length < 1e-6) return null;
  return DISTANCES.map((d) => /** @type {Vector} */ (atom.map((x, axis) => x + (d * (away[axis] ?? 0)) / length)));
}
