/** The legend's words: what the colours show, in which unit, between which limits. */
import { diverging, hex } from "./color.js";
import { currentLevel, drawnLevels, reaches, shownFields, shownName } from "./fields.js";
import { panes, paneSurfaces } from "./panes.js";
import { QUANTITIES } from "./quantities.js";
import { dimensionOfScale, limitDecimals, limitOf, shownScale, zeroOf } from "./scale.js";
import { text } from "./text.js";
import { prettyNumber, shownUnit, toShown, withUnit } from "./units.js";

/** @typedef {import("../types.js").State} State */

/** @param {State} state @returns {string | null} the quantity and its unit; null where colours are those of elements */
export function legendName(state) {
  const scale = shownScale(state);
  if (!scale) return null;
  const name = shownName(state);
  return `${isCentred(scale) ? text.legend.centred(name) : name}, ${shownUnit(dimensionOfScale(scale), state.unit)}`;
}

/** @param {import("../types.js").ScaleKey} scale @returns {boolean} whether its zero is the median of a surface's values */
export function isCentred(scale) {
  return scale === "potential_median" || scale === "probe_charge_median";
}

/** Of an isosurface: near zero it would be as pale as the background, so it has half the strength of the scale's ends at least. */
const LEVEL_STRENGTH = 0.5;

/** @param {number} level @param {number} limit of the scale, of the same unit @returns {[number, number, number]} sRGB 0..1 of its isosurface */
export function levelColor(level, limit) {
  return diverging(Math.sign(level) * Math.max(LEVEL_STRENGTH, Math.abs(level / limit)));
}

/** @param {State} state @returns {{color: string, value: string, stronger: boolean}[]} of the isosurfaces drawn; `stronger` than the scale is there */
export function levelKeys(state) {
  const scale = shownScale(state);
  const level = currentLevel(state);
  if (!scale || level === null || state.probe.mode !== "isosurface" || QUANTITIES[state.quantity].field === null) return [];
  const limit = limitOf(state);
  return drawnLevels(state, level).filter((drawn) => isReached(state, drawn)).map((drawn) => ({
    color: hex(levelColor(drawn, limit)), value: withUnit(drawn, dimensionOfScale(scale), state.unit, { sign: true, fewer: 1 }), stronger: Math.abs(drawn / limit) < LEVEL_STRENGTH,
  }));
}

/** @param {State} state @param {number} level @returns {boolean} whether some picture has an isosurface there; a saved page holds those, and no fields */
function isReached(state, level) {
  if (state.kept === null) return shownFields(state).some((field) => reaches(field, level));
  return Object.values(state.surfaces).flat().some((surface) => surface.mesh.indices.length > 0 && (surface.level === null || Math.abs(surface.level - level) < 1e-6));
}

/** @param {State} state @returns {string} the value of zero's colour in each pane; empty where it is zero itself */
export function zeroTexts(state) {
  const scale = shownScale(state);
  if (!scale || !isCentred(scale)) return "";
  return panes(state).flatMap((pane) => {
    const [surface] = paneSurfaces(state, pane);
    return surface ? `${pane.title} ${withUnit(zeroOf(state, surface), dimensionOfScale(scale), state.unit, { sign: true, fewer: 1 })}` : [];
  }).join(", ");
}

/** @param {State} state @returns {import("./picture.js").LegendTexts | null} */
export function legendTexts(state) {
  const scale = shownScale(state);
  const name = legendName(state);
  if (!scale || !name) return null;
  const zeros = zeroTexts(state);
  const dimension = dimensionOfScale(scale);
  const limit = toShown(limitOf(state), dimension, state.unit);
  const end = (/** @type {number} */ value) => `${prettyNumber(value, limitDecimals(limit), { sign: true })}\u00a0${shownUnit(dimension, state.unit)}`;
  return { name, from: end(-limit), to: end(limit), zeros: zeros && text.legend.zero(zeros) };
}
