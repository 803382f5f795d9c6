/**
 * A line that leads away from an atom, along which a probe is compared with an atom that is put in.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Vector} Vector
 *
 * @typedef {object} Line
 * @property {readonly number[]} distances (n) from its atom, Å
 * @property {Vector[]} points (n, 3) there, Å
 * @property {Vector | null} chosen the point through which it leads, where one was clicked
 */
import { nearestAtom } from "./readout.js";

/** Å from the atom: nearer, values are extrapolations of any size; farther, nothing is felt any more. */
const NEAREST = 1;
const FARTHEST = 7;
/** Å: on a line through a clicked point, since envelopes lie nearer to hydrogen. */
const NEAREST_TO_POINT = 0.5;
const POINTS = 61;

/** @param {number} nearest Å @returns {readonly number[]} Å */
const spaced = (nearest) => Object.freeze(Array.from({ length: POINTS }, (_, i) => nearest + ((FARTHEST - nearest) * i) / (POINTS - 1)));

/** Distances of the points from the atom, Å. */
export const DISTANCES = spaced(NEAREST);
/** Of them the last, counted from 0. */
export const PLACES = POINTS - 1;
const DISTANCES_TO_POINT = spaced(NEAREST_TO_POINT);

/** @param {State} state @returns {Vector | null} the point that was clicked; selected atoms take its place */
export function chosenPoint({ point, selected }) {
  return selected.length === 0 ? point : null;
}

/** @param {State} state @returns {Line | null} from the atom nearest to the point through it, or away from the selected atoms; null for neither */
export function profileLine(state) {
  const { molecule, selected } = state;
  if (!molecule) return null;
  const chosen = chosenPoint(state);
  if (!chosen) {
    const points = lineAwayFrom(molecule.positions, selected);
    return points && { distances: DISTANCES, points, chosen: null };
  }
  const nearest = nearestAtom(molecule.positions, chosen);
  const points = nearest && lineFrom(/** @type {Vector} */ (molecule.positions[nearest.atom]), chosen, DISTANCES_TO_POINT);
  return points && { distances: DISTANCES_TO_POINT, points, chosen };
}

/** @param {Vector} atom @param {Vector} through @param {readonly number[]} distances @returns {Vector[] | null} null where both are one point */
function lineFrom(atom, through, distances) {
  const away = through.map((x, axis) => x - (atom[axis] ?? 0));
  const length = Math.hypot(...away);
  if (length < 1e-6) return null;
  return distances.map((d) => /** @type {Vector} */ (atom.map((x, axis) => x + (d * (away[axis] ?? 0)) / length)));
}

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
  return lineFrom(atom, /** @type {Vector} */ (atom.map((x, axis) => 2 * x - (from[axis] ?? 0))), DISTANCES);
}
