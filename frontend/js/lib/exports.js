/**
 * Exports: which surface is saved, what drawings show, and what the files are called that the page makes itself.
 *
 * @typedef {import("../types.js").State} State
 */
import { namesOf, seenPredictions } from "./comparison.js";
import { isDifferenceShown } from "./differences.js";
import { colorSource, currentLevel, drawnLevels, fieldModels, probeElement } from "./fields.js";
import { titleOf } from "./input.js";
import { onTheWay, shownMolecule, wayOf } from "./live.js";
import { panes } from "./panes.js";
import { effectiveView, predictionsOf, QUANTITIES } from "./quantities.js";
import { limitOf } from "./scale.js";
import { text } from "./text.js";
import { withUnit } from "./units.js";

/**
 * @param {State} state
 * @param {string} name of the model
 * @param {number} envelope Å⁻²
 * @returns {import("../api.js").Shape | null} the surface that the model's pane shows; null for a slice, which is none
 */
export function surfaceShape(state, name, envelope) {
  if (state.probe.mode === "slice") return null;
  if (state.probe.mode === "envelope") return { envelope };
  const model = fieldModels(state).find((one) => one.name === name);
  const isovalue = currentLevel(state);
  if (!model || isovalue === null) return null;
  const source = colorSource(state, model);
  const other = source && state.fields[source.model.name]?.field;
  const both = drawnLevels(state, isovalue).length > 1;
  return { isovalue, ...(both ? { both_signs: true } : {}), ...(source && other ? { values: other.id, values_element: source.element } : {}) };
}

/**
 * @param {State} state
 * @param {number} envelope Å⁻²
 * @returns {{field: string, shape: import("../api.js").Shape} | null} the envelope with the difference of both networks, and of
 *   which field the service makes it; null where the picture shows none, or that of a slice
 */
export function differenceShape(state, envelope) {
  const [first, second] = fieldModels(state).map(({ name }) => state.fields[name]?.field?.id);
  if (!isDifferenceShown(state) || state.probe.mode !== "envelope" || !first || !second) return null;
  return { field: second, shape: { envelope, less: first } };
}

/** @param {State} state @param {string} ending of the file @returns {string} molecule, its way to another, networks, their difference, quantity, element and level of the picture */
export function pictureName(state, ending = "png") {
  const { molecule, comparison, quantity, probe } = state;
  const level = currentLevel(state);
  const surface = probe.mode !== "isosurface" ? probe.mode : level === null ? "" : levelName(state, level);
  const shown = [molecule, comparison?.other].map((one) => one?.name || one?.formula);
  const way = wayOf(state);
  const parts = [...shown, way && `lambda${way.lambda}_to_${way.formula}`, ...paneModels(state), isDifferenceShown(state) && "difference", quantity, ...(QUANTITIES[quantity].field ? [probeElement(state), surface] : [])];
  return `${parts.filter(Boolean).join("_").replaceAll(/[^A-Za-z0-9.,+-]+/g, "_")}.${ending}`;
}

/** @param {State} state @param {number} level eV or e @returns {string} as the service names it in files of surfaces */
function levelName(state, level) {
  const signed = drawnLevels(state, level).length > 1 ? `+-${Number(Math.abs(level).toPrecision(4))}` : Number(level.toPrecision(4));
  return `isovalue${signed}${state.quantity === "probe_charge" ? "e" : "eV"}`;
}

/** @param {State} state @returns {string[]} names of the models of the panes, left to right */
function paneModels(state) {
  return [...new Set(panes(state).flatMap(({ model }) => model?.name ?? []))];
}

/** @param {State} state @returns {[string, string]} what the picture shows: molecule, its way to another, quantity, probe and level; and by which models */
export function pictureHeading(state) {
  const { molecule, comparison, quantity, probe } = state;
  const shown = shownMolecule(state) ?? molecule;
  const whole = shown ? text.molecule(titleOf(shown)) : "";
  const name = comparison && shown ? text.spoken.and(namesOf(shown, comparison.other)) : whole;
  const surface = QUANTITIES[quantity].field ? surfaceWords(state, probe.mode, probeElement(state), currentLevel(state), quantity) : "";
  const what = [text.quantity.names[quantity], surface].filter(Boolean).join(", ");
  const way = wayOf(state);
  return [[name, ...(way ? [text.alchemy.onTheWay(way.formula, way.percent)] : []), what].join(" · "), paneModels(state).join(" · ")];
}

/**
 * @param {Pick<State, "unit">} state
 * @param {import("../types.js").ProbeMode} mode
 * @param {string} element of the probe
 * @param {number | null} level of an isosurface, eV or e
 * @param {import("../types.js").Quantity} quantity
 * @returns {string} how a surface was made
 */
export function surfaceWords({ unit }, mode, element, level, quantity) {
  const value = level === null ? "" : withUnit(level, quantity === "probe_charge" ? "charge" : "energy", unit, { sign: true });
  return text.export.surfaceWords[mode](element, value);
}

/** @param {State} state @returns {boolean} whether the service can make files of what is shown: it knows the molecule, and not what is between two */
export function isFiled(state) {
  return state.molecule !== null && !onTheWay(state) && state.moving === null;
}

/**
 * What a file of one molecule holds: beside a second molecule the page's own alone, by the networks that are on the screen.
 *
 * @param {State} state
 * @returns {State}
 */
export function filedState(state) {
  return state.comparison ? { ...state, predictions: seenPredictions(state), comparison: null } : state;
}

/** @param {State} state @returns {{molecule: string, models: string[]} | {view: string} | null} whose numbers are shown */
export function explanationOf(state) {
  const { opened, molecule, comparison, answers } = state;
  const { predictions } = filedState(state);
  // what was asked for beside a second molecule is not in the link
  const linked = !comparison?.own || predictions.every((one) => answers.includes(one));
  // the link of a comparison holds more networks than are seen
  const whole = predictions.length === answers.length || predictions.some(({ model }) => opened?.changed.includes(model));
  if (opened && linked && whole) return { view: opened.id };
  return molecule && { molecule: molecule.id, models: predictions.map(({ model }) => model) };
}

/** @param {State} state @returns {"contributions" | "atomization" | "charges" | null} what a flat drawing shows; null where it cannot be drawn */
export function drawnQuantity(state) {
  if (!state.molecule || state.molecule.cell) return null;
  const charges = QUANTITIES[state.quantity].property === "dipole" || predictionsOf(state, "energy").length === 0;
  if (charges) return predictionsOf(state, "dipole").length > 0 ? "charges" : null;
  return effectiveView(state) === "atomization" ? "atomization" : "contributions";
}

/** @param {State} state @returns {Record<string, string>} of a flat drawing: quantity, unit and limit as on the page */
export function drawingParameters(state) {
  const quantity = drawnQuantity(state) ?? "contributions";
  const scale = /** @type {const} */ ({ contributions: "output", atomization: "atomization", charges: "charge" })[quantity];
  return { quantity, unit: state.unit, limit: String(limitOf(state, scale)) };
}
