/**
 * View states: what a link stores of the page, and the page that a stored state gives back. A state comes from
 * outside, so every part of it is checked, and a part that does not fit is left at its default.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").View} View
 */
import { seenPredictions } from "./comparison.js";
import { PLACES } from "./profile.js";
import { isQuantity } from "./quantities.js";
import { isEnergyUnit } from "./units.js";
import { DEFAULT_LIMITS } from "./scale.js";

const VERSION = 1;

/** @param {State} state with a molecule @param {{camera: View | null, captions: State["captions"], pictureFrame?: State["frame"]} | null} stage @returns {Record<string, unknown>} */
export function encodeView(state, stage) {
  if (!state.molecule) throw new Error("a view without a molecule");
  const seen = seenPredictions(state).map(({ model }) => model);
  const alone = state.predictions.map(({ model }) => model);
  return {
    version: VERSION,
    molecule: state.molecule.id,
    models: [...new Set([...seen, ...alone])],
    trained_on: state.trainedOn,
    choice: state.choice,
    text: state.text.length <= 200 ? state.text : "",
    ...encodeSight(state),
    unit: state.unit,
    labels: state.labels,
    selected: state.selected,
    point: state.point,
    ...encodeWays(state),
    camera: stage?.camera ?? null,
    captions: stage?.captions ?? null,
    frame: stage?.pictureFrame ?? null,
    trajectory: placeOn(state.trajectory),
    bar_order: state.barOrder,
    atom_order: state.atomOrder,
    compare_order: state.compareOrder,
    // the networks that know both, and those to which the end of the comparison comes back
    compare: state.comparison && { molecule: state.comparison.other.id, models: seen, alone },
    conformers: state.conformers && { molecule: state.conformers.molecule.id, models: state.conformers.energies.map(({ model }) => model) },
    theme: state.theme,
    relaxer: state.relaxer,
  };
}

/** Ways on which a molecule may be that its address does not name. */
export const WAYS = /** @type {const} */ (["alchemy", "relaxation"]);

/** @param {Pick<State, typeof WAYS[number]>} state @returns {Record<typeof WAYS[number], unknown>} */
export function encodeWays({ alchemy, relaxation }) {
  return { alchemy: alchemy && { changes: alchemy.changes, lambda: alchemy.lambda }, relaxation: placeOn(relaxation) };
}

/** What of a molecule is looked at, and how: it comes back with the page where it is read anew. */
export const SIGHT = /** @type {const} */ (["quantity", "contributionView", "layout", "limits", "fit", "probe", "dipoleArrow", "showForces", "pairsBeyond", "along", "wholeEnergy"]);

/** @param {Pick<State, typeof SIGHT[number]>} state @returns {Record<string, unknown>} */
export function encodeSight(state) {
  return {
    quantity: state.quantity,
    contribution_view: state.contributionView,
    layout: state.layout,
    limits: state.limits,
    fit: state.fit,
    probe: {
      element: state.probe.element,
      mode: state.probe.mode,
      opacity: state.probe.opacity,
      both_signs: state.probe.bothSigns,
      centre: state.probe.centre,
      by: state.probe.by,
      slice: state.probe.slice,
      levels: Object.fromEntries(Object.entries(state.probe.levels).map(([key, level]) => [key, level.value])),
      // those that the next molecule does not inherit
      suggested: Object.entries(state.probe.levels).flatMap(([key, level]) => (level.chosen ? [] : [key])),
    },
    dipole_arrow: state.dipoleArrow,
    show_forces: state.showForces,
    pairs_beyond: state.pairsBeyond,
    along_line: state.along,
    whole_energy: state.wholeEnergy,
  };
}

/** @param {unknown} raw as `encodeSight` gave it to the browser; null: none @param {State["probe"]} probe the page's own @returns {Partial<State>} */
export function decodeSight(raw, probe) {
  if (!raw) return {};
  const state = decodeView(raw, 0, probe);
  return dropUndefined(/** @type {Partial<State>} */ (Object.fromEntries(SIGHT.map((key) => [key, state[key]]))));
}

/** @param {unknown} value @returns {value is number} */
const isFinite = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {unknown} value @returns {Record<string, unknown>} */
const record = (value) => (typeof value === "object" && value !== null ? /** @type {Record<string, unknown>} */ (value) : {});

/**
 * @template T
 * @param {unknown} value
 * @param {readonly T[]} choices
 * @returns {T | undefined}
 */
const oneOf = (value, choices) => choices.find((choice) => choice === value);

/** @param {unknown} value @returns {View | null} */
export function readCamera(value) {
  const valid = Array.isArray(value) && value.length === 8 && value.every(isFinite);
  return valid && Math.hypot(...value.slice(4)) > 1e-6 ? /** @type {View} */ ([...value]) : null;
}

/** @param {unknown} value @returns {State["captions"]} */
function readCaptions(value) {
  const { lift, width } = record(value);
  return isFinite(lift) && isFinite(width) && lift >= 0 && width > 0 ? { lift, width } : null;
}

/** @param {unknown} value @returns {State["frame"]} */
function readFrame(value) {
  const { width, height, lift, touched } = record(value);
  const valid = isFinite(width) && isFinite(height) && isFinite(lift) && width > 0 && height > 0 && lift >= 0 && typeof touched === "boolean";
  return valid ? { width, height, lift, touched } : null;
}

/**
 * @param {unknown} raw the stored state
 * @param {number} atoms of the stored molecule
 * @param {State["probe"]} probe the page's own, for what the state does not say
 * @returns {Partial<State>}
 */
export function decodeView(raw, atoms, probe) {
  const state = record(raw);
  const selected = Array.isArray(state.selected) ? state.selected : [];
  return dropUndefined({
    trainedOn: typeof state.trained_on === "string" ? state.trained_on : undefined,
    choice: readChoice(state.choice),
    quantity: isQuantity(state.quantity) ? state.quantity : undefined,
    contributionView: oneOf(state.contribution_view, /** @type {const} */ (["output", "atomization"])),
    unit: isEnergyUnit(state.unit) ? state.unit : undefined,
    labels: oneOf(state.labels, /** @type {const} */ (["values", "atoms", "none"])),
    layout: oneOf(state.layout, /** @type {const} */ (["both", "first", "second", "difference"])),
    text: typeof state.text === "string" && state.text ? state.text : undefined,
    fit: typeof state.fit === "boolean" ? state.fit : undefined,
    limits: readLimits(state.limits),
    probe: readProbe(state.probe, probe),
    selected: selected.filter((atom) => Number.isInteger(atom) && atom >= 0 && atom < atoms),
    point: readVector(state.point),
    camera: readCamera(state.camera),
    captions: readCaptions(state.captions),
    frame: readFrame(state.frame),
    dipoleArrow: oneOf(state.dipole_arrow, /** @type {const} */ (["none", "physics", "chemistry"])),
    showForces: typeof state.show_forces === "boolean" ? state.show_forces : undefined,
    along: Number.isInteger(state.along_line) && isFinite(state.along_line) && state.along_line >= 0 && state.along_line <= PLACES ? state.along_line : undefined,
    wholeEnergy: typeof state.whole_energy === "boolean" ? state.whole_energy : undefined,
    barOrder: oneOf(state.bar_order, /** @type {const} */ (["number", "value"])),
    atomOrder: readOrder(state.atom_order),
    compareOrder: readOrder(state.compare_order),
    theme: oneOf(state.theme, /** @type {const} */ (["light", "dark"])),
    pairsBeyond: typeof state.pairs_beyond === "boolean" ? state.pairs_beyond : undefined,
    relaxer: typeof state.relaxer === "string" ? state.relaxer : undefined,
  });
}

/**
 * @param {unknown} raw the stored state
 * @param {number} atoms of the stored molecule
 * @returns {{changes: import("../types.js").AlchemyChange[], lambda: number} | null} the path on which the molecule was; null without one
 */
export function readAlchemy(raw, atoms) {
  const { changes, lambda } = record(record(raw).alchemy);
  if (!Array.isArray(changes) || !isFinite(lambda)) return null;
  const read = changes.map(record).flatMap(({ atom, to, fade, stage = 0 }) => {
    const known = Number.isInteger(atom) && Number(atom) >= 0 && Number(atom) < atoms && Number.isInteger(stage);
    const what = typeof to === "string" ? { to } : { fade: oneOf(fade, /** @type {const} */ (["out", "in"])) };
    return known && (what.to || what.fade) ? [/** @type {import("../types.js").AlchemyChange} */ ({ atom, ...what, ...(stage ? { stage } : {}) })] : [];
  });
  return read.length > 0 && read.length === changes.length ? { changes: read, lambda: Math.min(1, Math.max(0, lambda)) } : null;
}

/** @param {unknown} raw the stored state @returns {string | null} id of the molecule that stood beside its own */
export function readCompared(raw) {
  const { molecule } = record(record(raw).compare);
  return typeof molecule === "string" && molecule ? molecule : null;
}

/** @param {unknown} raw the stored state @returns {{molecule: string, models: string[]} | null} the molecule whose conformers were listed, and the networks that gave their energies */
export function readConformers(raw) {
  const { molecule, models } = record(record(raw).conformers);
  const named = Array.isArray(models) && models.every((model) => typeof model === "string");
  return typeof molecule === "string" && molecule && named ? { molecule, models } : null;
}

/**
 * @param {unknown} raw the stored state
 * @param {import("../types.js").Prediction[]} predictions of the stored molecule
 * @returns {import("../types.js").Prediction[]} those that are shown where no second molecule stands beside it
 */
export function readAlone(raw, predictions) {
  const { alone } = record(record(raw).compare);
  const chosen = Array.isArray(alone) ? predictions.filter(({ model }) => alone.includes(model)) : [];
  return chosen.length > 0 ? chosen : predictions;
}

/** @param {unknown} raw @returns {State["choice"] | undefined} */
function readChoice(raw) {
  const names = (/** @type {unknown} */ list) => Array.isArray(list) && list.every((name) => typeof name === "string");
  const read = (Array.isArray(raw) ? raw : []).map(record).flatMap(({ property, family, model, reason, others, unknown }) => {
    const known = oneOf(property, /** @type {const} */ (["energy", "dipole"])) && oneOf(reason, /** @type {const} */ (["elements", "closer", "accurate", "agree", "together", "only", "kept"]));
    const whole = known && typeof family === "string" && typeof model === "string" && names(others) && names(unknown);
    return whole ? [/** @type {import("../types.js").ModelChoice} */ ({ property, family, model, reason, others, unknown })] : [];
  });
  return read.length > 0 ? read : undefined;
}

/** @param {unknown} raw @returns {State["limits"]} */
function readLimits(raw) {
  const entries = Object.entries(record(raw)).filter(([key, value]) => Object.hasOwn(DEFAULT_LIMITS, key) && isFinite(value) && value > 0);
  return /** @type {State["limits"]} */ (Object.fromEntries(entries));
}

/** @param {unknown} raw @param {State["probe"]} fallback @returns {State["probe"]} */
function readProbe(raw, fallback) {
  const probe = record(raw);
  const levels = Object.entries(record(probe.levels)).filter(([, value]) => isFinite(value));
  const suggested = new Set(Array.isArray(probe.suggested) ? probe.suggested : []);
  return {
    element: typeof probe.element === "string" ? probe.element : fallback.element,
    mode: oneOf(probe.mode, /** @type {const} */ (["isosurface", "envelope", "slice"])) ?? fallback.mode,
    opacity: readOpacity(probe.opacity) ?? fallback.opacity,
    bothSigns: typeof probe.both_signs === "boolean" ? probe.both_signs : fallback.bothSigns,
    centre: oneOf(probe.centre, /** @type {const} */ (["zero", "median"])) ?? fallback.centre,
    by: typeof probe.by === "string" ? probe.by : fallback.by,
    slice: readSlice(probe.slice, fallback.slice),
    levels: Object.fromEntries(levels.map(([key, value]) => [key, { value: /** @type {number} */ (value), chosen: !suggested.has(key) }])),
  };
}

/** @param {unknown} raw @returns {import("./sorting.js").Order | undefined} */
function readOrder(raw) {
  const { key, direction } = record(raw);
  const known = oneOf(direction, /** @type {const} */ (["ascending", "descending"]));
  return typeof key === "string" && known ? { key, direction: known } : undefined;
}

/** @param {unknown} raw @returns {import("../types.js").Vector | null} */
function readVector(raw) {
  return Array.isArray(raw) && raw.length === 3 && raw.every(isFinite) ? /** @type {import("../types.js").Vector} */ ([...raw]) : null;
}

/** @param {unknown} raw @returns {number | null} */
const readOpacity = (raw) => (isFinite(raw) ? Math.min(1, Math.max(0.1, raw)) : null);

/** @param {unknown} raw @param {import("../types.js").Slice} fallback where it does not say whole where the plane lies @returns {import("../types.js").Slice} */
function readSlice(raw, fallback) {
  const { orientation, offset, plane, ...others } = record(raw);
  const opacity = readOpacity(others.opacity) ?? fallback.opacity;
  const known = oneOf(orientation, /** @type {const} */ (["molecule", "x", "y", "z", "atoms", "camera"]));
  if (!known || !isFinite(offset)) return fallback;
  if (known !== "atoms" && known !== "camera") return { orientation: known, offset, opacity, plane: null };
  const [origin, normal] = [readVector(record(plane).origin), readVector(record(plane).normal)];
  const length = normal ? Math.hypot(...normal) : 0;
  if (!origin || !normal || Math.abs(length - 1) > 1e-3) return fallback;
  return { orientation: known, offset, opacity, plane: { origin, normal } };
}

/** @param {Record<string, unknown>} object @returns {Partial<State>} */
function dropUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** @param {State["trajectory"] | State["relaxation"]} way @returns {{id: string, frame: number} | null} where on it the molecule is, wherever the player is */
function placeOn(way) {
  return way && { id: way.answer.id, frame: way.rest };
}

/** @param {unknown} raw the stored state @param {"trajectory" | "relaxation"} key @returns {{id: string, frame: number} | null} the way on which the molecule is */
export function readWay(raw, key) {
  const { id, frame } = record(record(raw)[key]);
  return typeof id === "string" && Number.isInteger(frame) && Number(frame) >= 0 ? { id, frame: Number(frame) } : null;
}
