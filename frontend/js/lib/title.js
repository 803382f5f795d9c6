/**
 * What the browser calls the page: in tabs, in its history, and as a screen reader begins it.
 *
 * @typedef {import("../types.js").State} State
 */
import { namesOf } from "./comparison.js";
import { shownName, wayOf } from "./live.js";
import { text } from "./text.js";

/** @param {State} state @returns {string} */
export function pageTitle(state) {
  const { route, molecule, comparison } = state;
  const way = wayOf(state);
  const shown = way && way.lambda < 1 ? `${way.from} → ${way.to}` : shownName(state); // the same for all places between
  const pages = /** @type {Record<string, string>} */ (text.pages.names);
  const molecules = !molecule ? [] : comparison ? namesOf(molecule, comparison.other) : [shown];
  const here = ["main", "view", "embed"].includes(route.page) ? molecules.join(", ") : (pages[route.page] ?? "");
  return here ? `${here} – ${text.brand}` : text.brand;
}
