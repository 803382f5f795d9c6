/**
 * Bars: what the networks give each atom, as a chart beside the pictures.
 *
 * @typedef {import("../types.js").State} State
 *
 * @typedef {object} BarRow
 * @property {string} key
 * @property {number | null} atom of the page's molecule; null for one of the second molecule that has no partner
 * @property {string} name "C1"
 * @property {(number | null)[]} values one for each series, in the unit shown
 * @property {(number | null)[]} spreads among the members of the ensemble
 */
import { atomName } from "./atoms.js";
import { panes, unmatched, valueAt } from "./panes.js";
import { sorted } from "./sorting.js";
import { toShown } from "./units.js";

/** Ticks of the axis, about. */
const TICKS = 5;

/** @param {State} state @returns {{series: string[], dimension: import("../types.js").Dimension, rows: BarRow[]} | null} null where atoms have no values */
export function barChart(state) {
  const shown = panes(state).filter(({ values, dimension }) => values && dimension);
  const dimension = shown[0]?.dimension;
  if (!state.molecule || !dimension) return null;
  const show = (/** @type {number | null | undefined} */ value) => (typeof value === "number" ? toShown(value, dimension, state.unit) : null);
  const own = (/** @type {import("./panes.js").Pane} */ pane, /** @type {number} */ atom) => (pane.laid ? (pane.compared?.partner[atom] ?? null) : atom);
  /** @type {BarRow[]} */
  const rows = state.molecule.symbols.map((symbol, atom) => ({
    key: String(atom), atom, name: atomName(symbol, atom),
    values: shown.map((pane) => show(valueAt(pane, atom))),
    spreads: shown.map((pane) => show(pane.prediction?.contribution_spread?.[own(pane, atom) ?? -1])),
  }));
  for (const pane of shown.filter(({ laid }) => laid)) {
    for (const atom of unmatched(pane)) {
      rows.push({
        key: `second ${atom}`, atom: null, name: atomName(state.comparison?.other.symbols[atom] ?? "", atom),
        values: shown.map((one) => (one === pane ? show(pane.values?.[atom]) : null)),
        spreads: shown.map((one) => (one === pane ? show(pane.prediction?.contribution_spread?.[atom]) : null)),
      });
    }
  }
  const ordered = state.barOrder === "value" ? sorted(rows, ({ values }) => values.find((value) => value !== null) ?? 0, "ascending") : rows;
  return { series: shown.map(({ title }) => title), dimension, rows: ordered };
}

/** @param {BarRow[]} rows @returns {{low: number, high: number, ticks: number[]}} round ends, zero between them */
export function barAxis(rows) {
  const ends = rows.flatMap(({ values, spreads }) => values.flatMap((value, i) => (value === null ? [] : [value - (spreads[i] ?? 0), value + (spreads[i] ?? 0)])));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const rough = (most - least || 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((s) => s * power >= rough) ?? 10) * power;
  const [first, last] = [Math.floor(least / step), Math.ceil(most / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { low: first * step, high: Math.max(last, first + 1) * step, ticks };
}
