/**
 * Ways of a molecule through several geometries, downhill to a network's minimum or frame by frame of a file: what the page
 * makes of them.
 *
 * @typedef {{positions: import("../types.js").Vector[][]}} Geometries
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").Relaxation} Relaxation
 * @typedef {import("../types.js").RelaxationAnswer} RelaxationAnswer
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").TrajectoryPath} TrajectoryPath
 */
import { predictionsOf } from "./quantities.js";
import { text } from "./text.js";

/** Atoms whose curves are drawn where none are selected: those that change most. */
const MOST_CHANGED = 2;

/** @param {State} state @returns {import("../types.js").Relaxation | import("../types.js").Trajectory | null} the way on which the molecule is */
export function shownWay({ relaxation, trajectory }) {
  return relaxation ?? trajectory;
}

/** @param {{answer: Geometries}} way @returns {number} its last geometry, from 0 */
export function lastFrame({ answer }) {
  return answer.positions.length - 1;
}

/** @param {{frame: number, rest: number}} way @returns {boolean} whether what is shown is the molecule itself */
export function atRest({ frame, rest }) {
  return frame === rest;
}

/**
 * @template {Relaxation | import("../types.js").Trajectory} T
 * @param {T | null} way
 * @param {Prediction[]} base of the molecule
 * @returns {T | null} where the molecule is on it
 */
export function resting(way, base) {
  return way && { ...way, base, frame: way.rest, playing: false };
}

/** @param {State} state @returns {boolean} whether the molecule is elsewhere on its way, where there are contributions alone */
export function isUnderWay(state) {
  const way = shownWay(state);
  return way !== null && !atRest(way);
}

/** @param {Relaxation | null} relaxation @returns {string | null} which of its steps is shown; null for the end */
export function stepText(relaxation) {
  if (!relaxation || relaxation.frame === lastFrame(relaxation)) return null;
  return text.geometry.relaxing(relaxation.answer.model, relaxation.frame, lastFrame(relaxation));
}

/** One molecule for one geometry, so that nothing is drawn twice. @type {WeakMap<import("../types.js").Vector[], Molecule>} */
const FRAMES = new WeakMap();

/** @param {{answer: Geometries, frame: number}} way @param {Molecule} molecule @returns {Molecule} as it was on the way */
export function frameOf({ answer, frame }, molecule) {
  const positions = answer.positions[frame];
  if (!positions) return molecule;
  const made = FRAMES.get(positions) ?? { ...molecule, positions };
  FRAMES.set(positions, made);
  return made;
}

/**
 * @param {Prediction[]} base of the molecule
 * @param {Omit<TrajectoryPath, "checkpoint" | "property">[]} paths
 * @param {number} frame
 * @returns {Prediction[]} of a frame in passing, by the models of which there is a path
 */
export function inPassing(base, paths, frame) {
  return base.flatMap((prediction) => {
    const path = paths.find(({ model }) => model === prediction.model);
    if (!path) return [];
    const grade = path.grades?.[frame];
    return [{
      ...prediction,
      total: path.totals[frame] ?? NaN,
      uncertainty: path.uncertainties?.[frame] ?? null,
      contributions: path.contributions[frame] ?? [],
      vector: path.vectors?.[frame] ?? null,
      // of a frame in passing the service gives these alone
      contribution_spread: null, trust: null, trust_reasons: null,
      molecule_trust: grade ? { grade, reason: null, expected_error: null, probability: null } : null,
    }];
  });
}

/**
 * The predictions on the way: of the networks shown, or of the one that relaxes where the others were not asked there.
 *
 * @param {Relaxation} relaxation
 * @param {Prediction[]} answers of all models, of the molecule
 * @returns {Prediction[]}
 */
export function predictionsAt(relaxation, answers) {
  const { answer, frame, base, paths } = relaxation;
  if (atRest(relaxation)) return base;
  const shown = inPassing(base, paths, frame);
  if (shown.length > 0) return shown;
  const { model, energies: totals, contributions } = answer;
  return inPassing(answers, [{ model, totals, contributions, uncertainties: null, vectors: null, grades: null }], frame);
}

/** @param {Relaxation} relaxation @returns {Prediction[]} of the networks shown, those that were not asked along the way */
export function unasked({ base, paths }) {
  return base.filter(({ model }) => paths.every((path) => path.model !== model));
}

/** @param {State} state @returns {Model[]} energy networks that could relax the molecule */
export function relaxers(state) {
  return predictionsOf({ models: state.models, predictions: state.answers }, "energy").map(({ model }) => model);
}

/**
 * @param {State} state
 * @returns {Model | null} the one chosen, or else one that knows geometries away from minima, and of those the one that errs
 *   least on its test molecules
 */
export function relaxer(state) {
  const offered = relaxers(state);
  const error = (/** @type {Model} */ { test }) => test?.mae ?? Infinity;
  const fitness = (/** @type {Model} */ a, /** @type {Model} */ b) => Number(b.knows_displaced ?? false) - Number(a.knows_displaced ?? false) || error(a) - error(b);
  return offered.find(({ name }) => name === state.relaxer) ?? [...offered].sort(fitness)[0] ?? null;
}

/**
 * Atoms whose contributions are drawn along the way.
 *
 * @param {{contributions: number[][]}} answer (n_frames, n_atoms)
 * @param {number[]} selected
 * @param {number} [most] of the selected
 * @returns {number[]} the last two selected, or those that change most, from 0
 */
export function followedAtoms({ contributions }, selected, most = MOST_CHANGED) {
  if (selected.length > 0) return selected.slice(-most);
  const [first = []] = contributions;
  const change = (/** @type {number} */ atom) => {
    const values = contributions.map((row) => row[atom] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  return first.map((_, atom) => atom).sort((a, b) => change(b) - change(a)).slice(0, MOST_CHANGED);
}

/** @param {RelaxationAnswer} answer @returns {number} how far the atoms went, root of the mean square, Å */
export function wayOf({ positions }) {
  const [first = [], last = []] = [positions[0], positions.at(-1)];
  const squares = first.map((from, atom) => from.reduce((sum, x, axis) => sum + (x - (last[atom]?.[axis] ?? 0)) ** 2, 0));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length));
}
