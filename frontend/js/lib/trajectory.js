/**
 * Trajectories: whether a file holds several frames, and what is predicted of each.
 *
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Trajectory} Trajectory
 * @typedef {import("../types.js").TrajectoryPath} TrajectoryPath
 */
import { predictionsOf, shortName } from "./quantities.js";
import { atRest, inPassing } from "./relaxation.js";

const COUNT = /^\s*\d+\s*$/;
/** Of a record of an SDF. */
const RECORD_END = /^\$\$\$\$.*$/m;

/** @param {string} input @returns {boolean} whether the text is an SDF of several records */
export function holdsRecords(input) {
  return input.split(RECORD_END).filter((record) => record.trim()).length > 1;
}

/** @param {string} input @returns {boolean} whether the text is an XYZ of several frames, or an SDF of several records */
export function holdsFrames(input) {
  if (RECORD_END.test(input)) return holdsRecords(input);
  const lines = input.trimStart().split(/\r\n?|\n/);
  if (!COUNT.test(lines[0] ?? "")) return false;
  const after = Number(lines[0]) + 2;
  const next = lines.findIndex((line, place) => place >= after && line.trim() !== "");
  // frequencies follow the atoms in QM9's own files
  return next >= 0 && COUNT.test(lines[next] ?? "") && next + 2 < lines.length && !(lines[1] ?? "").startsWith("gdb ");
}

/** @param {Trajectory} way @returns {Prediction[]} of the frame shown, by the models that are shown */
export function predictionsAlong(way) {
  const { answer, frame, base } = way;
  return atRest(way) ? base : inPassing(base, answer.paths, frame);
}

/**
 * @param {State} state
 * @param {import("../types.js").Property} property
 * @returns {{name: string, path: TrajectoryPath}[]} of the models shown, BP first
 */
export function pathsShown({ models, trajectory }, property) {
  if (!trajectory) return [];
  return predictionsOf({ models, predictions: trajectory.base }, property).flatMap(({ model }) => {
    const path = trajectory.answer.paths.find((one) => one.model === model.name);
    return path ? [{ name: shortName(model), path }] : [];
  });
}
