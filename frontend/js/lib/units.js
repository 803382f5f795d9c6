/**
 * Units: energies are in eV inside the page and shown in the unit that the reader chose.
 *
 * Factors by CODATA 2018 (Tiesinga, Mohr, Newell, Taylor, Rev. Mod. Phys. 93, 025010 (2021)): elementary
 * charge and Avogadro constant (exact), hartree in eV; thermochemical calorie 4.184 J (ISO 80000-5). The same
 * numbers as in the service's own module.
 *
 * @typedef {import("../types.js").EnergyUnit} EnergyUnit
 * @typedef {import("../types.js").Dimension} Dimension
 */
import { text } from "./text.js";
import { parted } from "./written.js";

const EV_KJ_PER_MOL = (1.602176634e-19 * 6.02214076e23) / 1000;

/** How many of each unit make one eV, in the order of the choice on the page. @type {Readonly<Record<EnergyUnit, number>>} */
export const PER_EV = Object.freeze({
  "kcal/mol": EV_KJ_PER_MOL / 4.184,
  "kJ/mol": EV_KJ_PER_MOL,
  eV: 1,
  Ha: 1 / 27.211386245988,
});

/** Debye in one e·Å: 1 D = 1e-21/c C·m, c in m/s (exact). */
export const D_PER_E_ANGSTROM = (1.602176634e-19 * 1e-10 * 299792458) / 1e-21;

/** eV: an error that grades count as large, 5 kcal/mol (docs/models.md). */
export const LARGE_ERROR = 5 / PER_EV["kcal/mol"];

export const ENERGY_UNITS = /** @type {EnergyUnit[]} */ (Object.keys(PER_EV));

/** Decimals that show about a hundredth of a kcal/mol, the scale on which the models differ. */
const DECIMALS = Object.freeze({ "kcal/mol": 2, "kJ/mol": 1, eV: 3, Ha: 5, e: 3, D: 3 });

/** @param {unknown} value @returns {value is EnergyUnit} */
export function isEnergyUnit(value) {
  return typeof value === "string" && Object.hasOwn(PER_EV, value);
}

/**
 * @param {Dimension} dimension
 * @param {EnergyUnit} unit
 * @returns {EnergyUnit | "e"} the unit in which a quantity of this dimension is shown
 */
export function shownUnit(dimension, unit) {
  return dimension === "energy" ? unit : "e";
}

/**
 * @param {number} value eV or e
 * @param {Dimension} dimension
 * @param {EnergyUnit} unit
 * @returns {number} the same in the unit shown
 */
export function toShown(value, dimension, unit) {
  return dimension === "energy" ? value * PER_EV[unit] : value;
}

/**
 * @param {number} value in the unit shown
 * @param {Dimension} dimension
 * @param {EnergyUnit} unit
 * @returns {number} eV or e
 */
export function fromShown(value, dimension, unit) {
  return dimension === "energy" ? value / PER_EV[unit] : value;
}

/** @param {string} unit @returns {number} decimals shown for values in it */
export function decimals(unit) {
  return Object.hasOwn(DECIMALS, unit) ? DECIMALS[/** @type {keyof typeof DECIMALS} */ (unit)] : 3;
}

/**
 * A number for files and other programs: decimal point, ASCII minus, no grouping, never "-0.00".
 *
 * @param {number} value
 * @param {number} digits decimals
 * @returns {string}
 */
export function plainNumber(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** @param {string} number as programs write it @returns {string} with the decimal mark of the language */
export function localized(number) {
  return number.replace(".", text.number.decimal);
}

/** @param {number | string} n whole @returns {string} how many there are, thousands as the language writes them */
export function countText(n) {
  return parted(n, text.number.thousands);
}

/**
 * A number for reading: true minus sign, decimal mark and thousands as the language writes them.
 *
 * @param {number} value
 * @param {number} digits decimals
 * @param {{sign?: boolean}} [options] `sign`: write the plus sign too
 * @returns {string}
 */
export function prettyNumber(value, digits, { sign = false } = {}) {
  const plain = plainNumber(Math.abs(value), digits);
  const [whole = "", fraction] = plain.split(".");
  const grouped = countText(whole);
  const magnitude = fraction === undefined ? grouped : `${grouped}${text.number.decimal}${fraction}`;
  if (Number(plain) === 0) return magnitude;
  return value < 0 ? `\u2212${magnitude}` : sign ? `+${magnitude}` : magnitude;
}

/**
 * @param {number} value eV or e
 * @param {Dimension} dimension
 * @param {EnergyUnit} unit
 * @param {{sign?: boolean, fewer?: number}} [options] `fewer`: decimals to leave out
 * @returns {string} for example "−12.30 kcal/mol"
 */
export function withUnit(value, dimension, unit, { sign = false, fewer = 0 } = {}) {
  const shown = shownUnit(dimension, unit);
  const digits = Math.max(0, decimals(shown) - fewer);
  return `${prettyNumber(toShown(value, dimension, unit), digits, { sign })}\u00a0${shown}`;
}

/** Factors between units in which figures of merit are given. @param {string} unit */
function perEv(unit) {
  return isEnergyUnit(unit) ? PER_EV[unit] : null;
}

/** Of errors that are given per atom, as the service writes it. */
const PER_ATOM = "/atom";

/**
 * A model's test error in the reader's unit; dipole errors stay in debye.
 *
 * @param {number} value in `from`
 * @param {string} from
 * @param {EnergyUnit} to
 * @returns {string}
 */
export function testError(value, from, to) {
  if (from.endsWith(PER_ATOM)) return `${testError(value, from.slice(0, -PER_ATOM.length), to)}${text.crystal.perAtom}`;
  const factor = perEv(from);
  if (factor === null) return `${prettyNumber(value, 3)}\u00a0${from === "debye" ? "D" : from}`;
  return `${prettyNumber((value / factor) * PER_EV[to], decimals(to))}\u00a0${to}`;
}

/** @param {number} value @param {string} unit of a figure of merit @returns {number | null} eV; null for other than energies */
export function inEv(value, unit) {
  const factor = perEv(unit);
  return factor === null ? null : value / factor;
}
