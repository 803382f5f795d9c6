/**
 * The language of the page: as the browser prefers until the reader chooses. What is not English is loaded when it is wanted.
 *
 * @typedef {import("../types.js").Language} Language
 * @typedef {<T>(load: () => Promise<T>) => Promise<T>} Part loads a part of the page, or says that the server does not answer
 */
import { speak } from "./text.js";

/** By code, each under its own name. */
export const LANGUAGES = Object.freeze({
  en: { name: "English", load: async (/** @type {Part} */ _) => null },
  de: { name: "Deutsch", load: async (/** @type {Part} */ part) => (await part(() => import("./text-de.js"))).german },
});

/** @param {unknown} value @returns {value is Language} */
export function isLanguage(value) {
  return value === "system" || (typeof value === "string" && Object.hasOwn(LANGUAGES, value));
}

/**
 * @param {Language} chosen
 * @param {readonly string[]} preferred by the browser, best first: "de-AT"
 * @returns {keyof typeof LANGUAGES}
 */
export function resolveLanguage(chosen, preferred) {
  if (chosen !== "system") return chosen;
  const codes = preferred.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  const known = codes.find((code) => Object.hasOwn(LANGUAGES, code));
  return /** @type {keyof typeof LANGUAGES} */ (known ?? "en");
}

/** Speaks it from now on; what is on the page must be drawn anew. @param {Language} chosen @param {Part} part */
export async function useLanguage(chosen, part) {
  const code = resolveLanguage(chosen, navigator.languages);
  speak(await LANGUAGES[code].load(part));
  document.documentElement.lang = code;
}
