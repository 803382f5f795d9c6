/** The legend's words: what the colours show, in which unit, between which limits. */
import { shownName } from "./fields.js";
import { panes } from "./panes.js";
import { dimensionOfScale, limitOf, shownScale, zeroOf } from "./scale.js";
import { text } from "./text.js";
import { shownUnit, withUnit } from "./units.js";

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

/** @param {State} state @returns {string} the value of zero's colour in each pane; empty where it is zero itself */
export function zeroTexts(state) {
  const scale = shownScale(state);
  if (!scale || !isCentred(scale)) return "";
  return panes(state).flatMap(({ title, model }) => {
    const [surface] = state.surfaces[model?.name ?? ""] ?? [];
    return surface ? `${title} ${withUnit(zeroOf(state, surface), dimensionOfScale(scale), state.unit, { sign: true, fewer: 1 })}` : [];
  }).join(", ");
}

/** @param {State} state @returns {import("./picture.js").LegendTexts | null} */
export function legendTexts(state) {
  const scale = shownScale(state);
  const name = legendName(state);
  if (!scale || !name) return null;
  const zeros = zeroTexts(state);
  const end = (/** @type {number} */ value) => withUnit(value, dimensionOfScale(scale), state.unit, { sign: true, fewer: 1 });
  return { name, from: end(-limitOf(state)), to: end(limitOf(state)), zeros: zeros && text.legend.zero(zeros) };
}
