/** Atoms in the picture: the size of their balls and the words that name them. */

/** Van der Waals radii, Å: Bondi, J. Phys. Chem. 68, 441 (1964); H: Rowland & Taylor, ibid. 100, 7384 (1996). */
const VAN_DER_WAALS = Object.freeze({
  H: 1.1, C: 1.7, N: 1.55, O: 1.52, F: 1.47, Si: 2.1, P: 1.8, S: 1.8, Cl: 1.75, Br: 1.85, I: 1.98,
});
const OTHER_RADIUS = 1.9;
const BALL_SCALE = 0.27;

/** @param {string} symbol @returns {number} radius of the drawn ball, Å */
export function ballRadius(symbol) {
  const radius = Object.hasOwn(VAN_DER_WAALS, symbol)
    ? VAN_DER_WAALS[/** @type {keyof typeof VAN_DER_WAALS} */ (symbol)]
    : OTHER_RADIUS;
  return BALL_SCALE * radius;
}

/** @param {string} symbol @param {number} index from 0 @returns {string} "C1": atoms count from 1 on the page */
export function atomName(symbol, index) {
  return `${symbol}${index + 1}`;
}

/** @param {import("../types.js").Molecule} molecule @returns {boolean} whether its name is its composition, as that of many a crystal */
export function isComposition({ name, symbols }) {
  if (!name) return false;
  const rest = [...new Set(symbols)].sort((a, b) => b.length - a.length).reduce((/** @type {string} */ left, symbol) => left.replaceAll(symbol, ""), name);
  return /\d/.test(name) && /^[\d.]*$/.test(rest);
}

/** @param {string} formula "C2H5NO" @returns {{text: string, subscript: boolean}[]} */
export function formulaParts(formula) {
  return (formula.match(/\d+|[^\d]+/g) ?? []).map((text) => ({ text, subscript: /^\d/.test(text) }));
}
