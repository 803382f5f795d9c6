/**
 * Recent molecules: those explained before in this browser, which keeps them for itself.
 *
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Recent} Recent
 */
import { keep, storage } from "./preferences.js";

const KEY = "atomlens.recent";
const MOST = 12;

/** @param {unknown} raw @returns {raw is Recent} */
function isRecent(raw) {
  if (typeof raw !== "object" || raw === null) return false;
  const { id, title, formula, source, method, input } = /** @type {Record<string, any>} */ (raw);
  const texts = [id, title, formula, source, method];
  return texts.every((one) => typeof one === "string") && id !== "" && (input === null || (typeof input?.format === "string" && typeof input?.text === "string"));
}

/** @param {string | null} text as stored @returns {Recent[]} what of it is valid */
export function parseRecent(text) {
  if (!text) return [];
  try {
    const raw = JSON.parse(text);
    return Array.isArray(raw) ? raw.filter(isRecent).slice(0, MOST) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * @param {Recent[]} recent newest first
 * @param {Molecule} molecule
 * @param {string} title
 * @param {Recent["input"]} input
 * @returns {Recent[]} with the molecule at the front, once
 */
export function withRecent(recent, molecule, title, input) {
  const { id, formula, geometry } = molecule;
  const entry = { id, title, formula, source: geometry?.source ?? "", method: geometry?.method ?? "", input };
  return [entry, ...recent.filter((other) => other.id !== id)].slice(0, MOST);
}

export function readRecent() {
  return parseRecent(storage()?.getItem(KEY) ?? null);
}

/** @param {Recent[]} own of this tab @returns {Recent[]} with those of the browser's other tabs, where it keeps them */
export function allRecent(own) {
  const kept = storage()?.getItem(KEY) ?? null;
  return kept === null ? own : parseRecent(kept);
}

/** @param {(recent: Recent[]) => void} changed another tab has kept one */
export function onOthersRecent(changed) {
  window.addEventListener("storage", ({ key }) => key === KEY && changed(readRecent()));
}

/** @param {Recent[]} recent */
export function writeRecent(recent) {
  keep(storage(), KEY, JSON.stringify(recent));
}
