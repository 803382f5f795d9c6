/**
 * Exports: which surface is saved, and what the files are called that the page makes itself.
 *
 * @typedef {import("../types.js").State} State
 */
import { colorSource, currentLevel, fieldModels, probeElement } from "./fields.js";
import { panes } from "./panes.js";
import { QUANTITIES } from "./quantities.js";

/**
 * @param {State} state
 * @param {string} name of the model
 * @param {number} envelope Å⁻²
 * @returns {import("../api.js").Shape | null} the surface that the model's pane shows
 */
export function surfaceShape(state, name, envelope) {
  if (state.probe.mode === "envelope") return { envelope };
  const model = fieldModels(state).find((one) => one.name === name);
  const isovalue = currentLevel(state);
  if (!model || isovalue === null) return null;
  const source = colorSource(state, model);
  const other = source && state.fields[source.model.name]?.field;
  return { isovalue, ...(source && other ? { values: other.id, values_element: source.element } : {}) };
}

/** @param {State} state @returns {string} molecule, networks, quantity, element and level of the picture */
export function pictureName(state) {
  const { molecule, quantity, probe } = state;
  const models = panes(state).flatMap(({ model }) => model?.name ?? []);
  const level = currentLevel(state);
  const surface = probe.mode === "envelope" ? "envelope" : level === null ? "" : `isovalue${Number(level.toPrecision(4))}`;
  const parts = [molecule?.name || molecule?.formula, ...models, quantity, ...(QUANTITIES[quantity].field ? [probeElement(state), surface] : [])];
  return `${parts.filter(Boolean).join("_").replaceAll(/[^A-Za-z0-9.,+-]+/g, "_")}.png`;
}
