/**
 * What the browser calls the page: in tabs, in its history, and as a screen reader begins it.
 *
 * @typedef {import("../types.js").State} State
 */
import { nameOf } from "./comparison.js";
import { text } from "./text.js";

/** @param {Pick<State, "route" | "molecule" | "comparison">} state @returns {string} */
export function pageTitle({ route, molecule, comparison }) {
  const pages = /** @type {Record<string, string>} */ (text.pages.names);
  const molecules = molecule ? [molecule, ...(comparison ? [comparison.other] : [])] : [];
  const here = ["main", "view", "embed"].includes(route.page) ? molecules.map(nameOf).join(", ") : (pages[route.page] ?? "");
  return here ? `${here} – ${text.brand}` : text.brand;
}
