/**
 * Preferences: what a reader's browser remembers (unit, theme, labels). Nothing of it is sent anywhere.
 *
 * @typedef {import("../types.js").State} State
 */
import { isEnergyUnit } from "./units.js";

const KEY = "atomlens.preferences";
const LABELS = ["values", "atoms", "none"];
const THEMES = ["system", "light", "dark"];

/** @returns {Storage | null} null where the browser keeps nothing (private windows, embedded frames) */
function storage() {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/**
 * @param {string | null} text as stored
 * @returns {Partial<Pick<State, "unit" | "theme" | "labels">>} what of it is valid
 */
export function parsePreferences(text) {
  if (!text) return {};
  let raw;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  if (typeof raw !== "object" || raw === null) return {};
  return {
    ...(isEnergyUnit(raw.unit) ? { unit: raw.unit } : {}),
    ...(LABELS.includes(raw.labels) ? { labels: raw.labels } : {}),
    ...(THEMES.includes(raw.theme) ? { theme: raw.theme } : {}),
  };
}

export function readPreferences() {
  return parsePreferences(storage()?.getItem(KEY) ?? null);
}

let written = "";

/** @param {Pick<State, "unit" | "theme" | "labels">} state */
export function writePreferences({ unit, theme, labels }) {
  const preferences = JSON.stringify({ unit, theme, labels });
  if (preferences === written) return;
  written = preferences;
  try {
    storage()?.setItem(KEY, preferences);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a full or forbidden storage only forgets
  }
}
