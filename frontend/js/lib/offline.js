/**
 * Saved pages: what a page without a server holds, and the state that it opens with.
 *
 * @typedef {import("../types.js").KeptExplanation} KeptExplanation
 * @typedef {import("../types.js").KeptSurfaces} KeptSurfaces
 * @typedef {import("../types.js").Quantity} Quantity
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Surface} Surface
 */
import { median } from "./fields.js";
import { decodeMesh, encodeMesh } from "./mesh.js";
import { QUANTITIES } from "./quantities.js";
import { decodeView } from "./viewstate.js";

/** Bytes that become letters at one time: a call takes no more arguments. */
const PART = 0x8000;

/** @param {Uint8Array} bytes @returns {string} base64 */
export function toBase64(bytes) {
  let letters = "";
  for (let start = 0; start < bytes.length; start += PART) letters += String.fromCharCode(...bytes.subarray(start, start + PART));
  return btoa(letters);
}

/** @param {string} text base64 @returns {Uint8Array} */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {Surface[]} surfaces @returns {KeptSurfaces["drawn"][string]} */
export function packSurfaces(surfaces) {
  return surfaces.map(({ level, mesh, sheet }) => ({
    level, mesh: toBase64(encodeMesh(mesh)),
    sheet: sheet ? { rows: sheet.rows, columns: sheet.columns, normal: sheet.normal } : null,
  }));
}

/** @param {KeptSurfaces["drawn"]} drawn @returns {Record<string, Surface[]>} */
export function unpackSurfaces(drawn) {
  return Object.fromEntries(Object.entries(drawn).map(([model, kept]) => [model, kept.map(({ level, mesh, sheet }, i) => {
    const whole = decodeMesh(/** @type {ArrayBuffer} */ (fromBase64(mesh).buffer));
    return { key: `${model} ${i}`, mesh: whole, level, median: level ?? median(whole.values), ...(sheet ? { sheet: { ...sheet, mesh: whole } } : {}) };
  })]));
}

/** @param {KeptExplanation} kept @returns {Quantity[]} that can be shown */
export function keptQuantities({ molecule, surfaces, pairs }) {
  return /** @type {Quantity[]} */ (Object.keys(QUANTITIES)).filter((quantity) => {
    if (quantity === "pairs") return !molecule.cell && Object.keys(pairs).length > 0;
    return QUANTITIES[quantity].field === null || surfaces[quantity] !== undefined;
  });
}

/**
 * @param {KeptExplanation} kept
 * @param {State["probe"]} probe the page's own
 * @returns {Partial<State>} with which the saved page opens
 */
export function openKept(kept, probe) {
  const { molecule, predictions, models, pairs, forces = {} } = kept;
  const view = decodeView(kept.state, molecule.symbols.length, probe);
  const offered = keptQuantities(kept);
  const quantity = view.quantity && offered.includes(view.quantity) ? view.quantity : "contributions";
  return {
    route: { page: "offline", id: null, query: null },
    ...view, molecule, predictions, answers: predictions, choice: [], models, pairs, forces, kept: offered, quantity,
  };
}

/**
 * What of the state follows the quantity: its surfaces, and how they were made.
 *
 * @param {KeptExplanation} kept
 * @param {State} state
 * @returns {Partial<State>}
 */
export function surfacesOf({ surfaces }, { quantity, probe }) {
  const found = surfaces[quantity];
  if (!found) return { surfaces: {} };
  const { drawn, mode, element, level } = found;
  const levels = level === null ? probe.levels : { ...probe.levels, [`${quantity}:${element}`]: { value: level, chosen: false } };
  return { surfaces: unpackSurfaces(drawn), probe: { ...probe, mode, element, levels } };
}
