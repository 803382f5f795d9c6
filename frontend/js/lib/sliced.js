/**
 * What a pane shows beside a slice's colours: its contours with their numbers.
 *
 * @typedef {import("../types.js").Mesh} Mesh
 * @typedef {import("../types.js").Sheet} Sheet
 * @typedef {import("../types.js").State} State
 * @typedef {import("./annotations.js").Note} Note
 */
import { bands, contourLevels, contourOf, labelPlace } from "./contours.js";
import { QUANTITIES } from "./quantities.js";
import { limitOf } from "./scale.js";
import { fromShown, prettyNumber, toShown } from "./units.js";

/** Part of the step that a field must reach on both sides of zero for its contour there: where it fades out it is zero and noise. */
const NOISE = 0.1;

/** @type {WeakMap<Sheet, {step: number, lines: {contours: Mesh, notes: Note[]}}>} the last of every sheet, by the step of its levels */
const known = new WeakMap();

/** @param {State} state @returns {import("../types.js").Dimension} of the field that is shown */
export function fieldDimension(state) {
  return QUANTITIES[state.quantity].field === "charge" ? "charge" : "energy";
}

/**
 * Contours at round values of the unit shown, within the limits of the scale; beyond, the colour is the scale's end and
 * says no more.
 *
 * @param {State} state
 * @param {Sheet} sheet
 * @returns {{contours: Mesh, notes: Note[]}}
 */
export function sliceLines(state, sheet) {
  const dimension = fieldDimension(state);
  const { step, levels } = contourLevels(toShown(limitOf(state), dimension, state.unit));
  const before = known.get(sheet);
  const stepInside = fromShown(step, dimension, state.unit);
  if (before?.step === stepInside) return before.lines;
  const digits = String(step).split(".")[1]?.length ?? 0;
  const values = sheet.mesh.values;
  const passed = [1, -1].every((sign) => values.some((value) => sign * value > NOISE * stepInside));
  const contours = levels.filter((level) => level !== 0 || passed).map((level) => contourOf(sheet, fromShown(level, dimension, state.unit)));
  const notes = contours.flatMap((contour) => {
    const position = labelPlace(contour);
    return position ? [{ text: prettyNumber(toShown(contour.level, dimension, state.unit), digits, { sign: true }), position }] : [];
  });
  const lines = { contours: bands(contours, sheet.normal), notes };
  known.set(sheet, { step: stepInside, lines });
  return lines;
}
