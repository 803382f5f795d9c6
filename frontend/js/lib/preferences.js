/**
 * Preferences: what a reader's browser remembers (unit, theme, labels, language, whether the first steps were seen). Nothing
 * of it is sent anywhere.
 *
 * @typedef {import("../types.js").State} State
 */
import { isLanguage } from "./language.js";
import { isEnergyUnit } from "./units.js";

const KEY = "atomlens.preferences";
const TRAINED_ON = "atomlens.trained-on";
const LABELS = ["values", "atoms", "none"];
const THEMES = ["system", "light", "dark"];

/** @param {"localStorage" | "sessionStorage"} [kind] @returns {Storage | null} null where the browser keeps nothing (private windows, embedded frames) */
export function storage(kind = "localStorage") {
  try {
    return window[kind];
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/**
 * @param {string | null} text as stored
 * @returns {Partial<Pick<State, "unit" | "theme" | "labels" | "language" | "welcomed">>} what of it is valid
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
    ...(isLanguage(raw.language) ? { language: raw.language } : {}),
    ...(raw.welcomed === true ? { welcomed: true } : {}),
  };
}

export function readPreferences() {
  return parsePreferences(storage()?.getItem(KEY) ?? null);
}

let written = "";

/** @param {Pick<State, "unit" | "theme" | "labels" | "language" | "welcomed">} state */
export function writePreferences({ unit, theme, labels, language, welcomed }) {
  const preferences = JSON.stringify({ unit, theme, labels, language, welcomed });
  if (preferences === written) return;
  written = preferences;
  keep(storage(), KEY, preferences);
}

/** @param {Storage | null} where @param {string} key @param {string} value */
export function keep(where, key, value) {
  try {
    where?.setItem(key, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a full or forbidden storage only forgets
  }
}

/** @returns {string | null} the training set chosen in this tab; null: none */
export function readTrainedOn() {
  return storage("sessionStorage")?.getItem(TRAINED_ON) || null;
}

/** @param {string | null} set for as long as the tab is there */
export function writeTrainedOn(set) {
  keep(storage("sessionStorage"), TRAINED_ON, set ?? "");
}
