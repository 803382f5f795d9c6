/**
 * Scales: the limits between which a quantity is coloured, the same for every model and, unless the reader
 * asks otherwise, for every molecule, so that two pictures can be compared.
 *
 * @typedef {import("../types.js").ScaleKey} ScaleKey
 * @typedef {import("../types.js").State} State
 */
import { isValued } from "./fields.js";
import { compared } from "./comparison.js";
import { differencePairs, differenceSurfaces, shownDifference } from "./differences.js";
import { atomScale, columns, isOffered, QUANTITIES } from "./quantities.js";
import { shownPairs } from "./pairs.js";
import { PER_EV, plainNumber } from "./units.js";

/** @param {number} value @returns {number} eV; round in the unit that the page opens with */
function kcalPerMol(value) {
  return value / PER_EV["kcal/mol"];
}

/**
 * Limits that hold for every molecule, eV and e. Chosen once to cover most atoms of the molecules that the
 * models were trained on; an atom beyond takes the end's colour and the legend counts it.
 *
 * @type {Readonly<Record<ScaleKey, number>>}
 */
export const DEFAULT_LIMITS = Object.freeze({
  output: kcalPerMol(10), sites: kcalPerMol(30), pairs: kcalPerMol(20), atomization: kcalPerMol(200), charge: 0.6,
  potential: kcalPerMol(150), potential_median: kcalPerMol(40), probe_charge: 1, probe_charge_median: 1,
});

/** Limits to which a scale fitted to a molecule is rounded up: 1, 1.5, 2, 3, 5, 7 times a power of ten. */
const ROUND_STEPS = [1, 1.5, 2, 3, 5, 7, 10];

/** @param {number} value above zero @returns {number} the next round number */
export function roundUp(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = ROUND_STEPS.find((s) => s * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(3));
}

/** @param {number} limit in the unit shown @returns {number} to four digits, as it is written everywhere */
export function roundedLimit(limit) {
  return Number(limit.toPrecision(4));
}

/** @param {number} limit in the unit shown @returns {number} decimals that it and its half need, so that the ends of the scale say what its box says */
export function limitDecimals(limit) {
  const end = roundedLimit(limit);
  for (let digits = 0; digits < 12; digits++) {
    if (Number(plainNumber(end, digits)) === end && Math.abs(Number(plainNumber(end / 2, digits)) - end / 2) < 1e-9 + 0.004 * end) return digits;
  }
  return 12;
}

/** Steps between the ticks of a scale, times a power of ten. */
const TICK_STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * Where a scale has its numbers: at its ends and their halves if those are round, else at the round numbers next to them.
 *
 * @param {number} limit above zero, in the unit shown
 * @returns {{values: number[], digits: number}} from the lowest, zero in the middle, and the decimals that they need
 */
export function scaleTicks(limit) {
  const half = roundedLimit(limit) / 2;
  const power = 10 ** Math.floor(Math.log10(half));
  const own = Number((half / power).toPrecision(2)) * power;
  const below = Math.max(...TICK_STEPS.filter((step) => step * power <= half * (1 + 1e-9))) * power;
  const step = Number((Math.abs(own - half) < 1e-9 * half ? own : below).toPrecision(2));
  const values = [-2, -1, 0, 1, 2].map((n) => Number((n * step).toPrecision(3)));
  let digits = 0;
  while (digits < 12 && values.some((value) => Number(plainNumber(value, digits)) !== value)) digits++;
  return { values, digits };
}

/**
 * The values that the picture colours: those of the atoms, or of the surfaces' vertices.
 *
 * @param {State} state
 * @returns {number[]} eV or e
 */
export function coloredValues(state) {
  if (state.quantity === "pairs") return [...Object.values(state.pairs).flatMap((found) => shownPairs(state, found)), ...differencePairs(state)].map(({ value }) => value);
  const pair = compared(state);
  if (pair) return [...pair.first, ...pair.second, ...pair.differences.flatMap((value) => value ?? [])];
  if (!QUANTITIES[state.quantity].field) return [...columns(state).flatMap(({ values }) => values), ...(shownDifference(state)?.values ?? [])];
  const values = [];
  for (const surface of [...Object.values(state.surfaces).flat(), ...differenceSurfaces(state)]) {
    if (surface.level !== null) values.push(surface.level);
    else for (const value of surface.mesh.values) values.push(value - zeroOf(state, surface));
  }
  return values;
}

/**
 * The value that has the colour of zero on a surface. Near a molecule a field lies far from its value far away,
 * which is an extrapolation besides; from the median the differences along the surface are seen.
 *
 * @param {State} state
 * @param {import("../types.js").Surface} surface
 * @returns {number} eV or e
 */
export function zeroOf(state, { level, median, sheet }) {
  return level === null && !sheet && state.probe.centre === "median" ? median : 0;
}

/** @param {number[]} values @returns {number} the largest absolute value, 0 for none */
export function largest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** @param {State} state @returns {ScaleKey | null} the scale of the colours in the picture */
export function shownScale(state) {
  const { property } = QUANTITIES[state.quantity];
  if (!isOffered(state, state.quantity)) return null;
  const levels = levelScale(state);
  if (levels) return isValued(state) && state.probe.centre === "median" ? /** @type {ScaleKey} */ (`${levels}_median`) : levels;
  if (state.quantity === "pairs") return "pairs";
  return property ? atomScale(property, state) : null;
}

/** @param {State} state @returns {"potential" | "probe_charge" | null} the scale of a field's own values, whatever surfaces carry */
export function levelScale({ quantity }) {
  const { field } = QUANTITIES[quantity];
  return field && (field === "potential" ? "potential" : "probe_charge");
}

/** @param {State} state @param {ScaleKey | null} [key] @returns {number} eV or e: where a scale ends, that of the picture unless another is named */
export function limitOf(state, key = shownScale(state)) {
  if (!key) return 1;
  if (state.fit && key === shownScale(state)) {
    const most = largest(coloredValues(state));
    if (most > 0) return roundUp(most);
  }
  return state.limits[key] ?? DEFAULT_LIMITS[key];
}

/** @param {State} state @param {ScaleKey} key @param {number[]} values @returns {number} the same for one column */
export function columnLimit(state, key, values) {
  if (key === shownScale(state)) return limitOf(state);
  return state.fit ? roundUp(largest(values)) : (state.limits[key] ?? DEFAULT_LIMITS[key]);
}

/** @param {ScaleKey} key @returns {import("../types.js").Dimension} */
export function dimensionOfScale(key) {
  return key === "charge" || key === "probe_charge" || key === "probe_charge_median" ? "charge" : "energy";
}
