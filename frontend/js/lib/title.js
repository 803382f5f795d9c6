/**
 * What the browser calls the page: in tabs, in its history, and as a screen reader begins it.
 *
 * @typedef {import("../types.js").State} State
 */
import { nameOf, namesOf } from "./comparison.js";
import { text } from "./text.js";

/** @param {Pick<State, "route" | "molecule" | "comparison">} state @returns {string} */
export function pageTitle({ route, molecule, comparison }) {
  const pages = /** @type {Record<string, string>} */ (text.pages.names);
  const molecules = !molecule ? [] : comparison ? namesOf(molecule, comparison.other) : [nameOf(molecule)];
  const here = ["main", "view", "embed"].includes(route.page) ? molecules.join(", ") : (pages[route.page] ?? "");
  return here ? `${here} – ${text.brand}` : text.brand;
}
