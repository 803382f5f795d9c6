/**
 * The theme: light or dark, as the system says until the reader chooses; and the colours that the pictures,
 * which no style sheet reaches, take from it.
 *
 * @typedef {import("../types.js").Theme} Theme
 */

const DARK = "(prefers-color-scheme: dark)";

/** @param {Theme} theme @returns {"light" | "dark"} */
export function resolveTheme(theme) {
  if (theme !== "system") return theme;
  return matchMedia(DARK).matches ? "dark" : "light";
}

/** @param {Theme} theme */
export function applyTheme(theme) {
  document.documentElement.dataset.theme = resolveTheme(theme);
}

/** @param {() => void} listener told when the system's theme changes */
export function onSystemTheme(listener) {
  matchMedia(DARK).addEventListener("change", listener);
}

/** @returns {import("../viewer.js").Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { background: color("--stage"), edge: color("--edge"), ink: color("--ink"), accent: color("--accent") };
}
