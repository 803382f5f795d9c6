/** The table of atoms: every value, linked with the pictures both ways. */
import { ValueBar } from "../charts/valuebar.js";
import { atomName } from "../lib/atoms.js";
import { Explained, Icon, TrustBadge } from "../lib/controls.js";
import { shownDifference } from "../lib/differences.js";
import { html, useStore } from "../lib/html.js";
import { atomReason, atomTrust, columns, shortName } from "../lib/quantities.js";
import { useRows } from "../lib/rows.js";
import { columnLimit, limitOf } from "../lib/scale.js";
import { adds, toggled } from "../lib/selection.js";
import { nextOrder, sorted } from "../lib/sorting.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

const TRUST_RANK = Object.freeze({ inside: 0, unusual: 1, outside: 2 });

/** @typedef {import("../lib/quantities.js").Column} Column */
/** @typedef {import("../lib/differences.js").Difference} Difference */
/** @typedef {{atom: number, symbol: string, values: number[], difference: number | null, trust: import("../types.js").Trust | null, reason: import("../types.js").TrustReason | null}} Row */

/** @param {import("../types.js").State} state @param {Column[]} shown @param {Difference | null} less @returns {Row[]} */
function rowsOf(state, shown, less) {
  return (state.molecule?.symbols ?? []).map((symbol, atom) => ({
    atom, symbol,
    values: shown.map(({ values }) => values[atom] ?? NaN),
    difference: less?.values[atom] ?? null,
    trust: atomTrust(shown.map(({ prediction }) => prediction), atom),
    reason: atomReason(shown.map(({ prediction }) => prediction), atom),
  }));
}

/** @param {Row} row @param {string} key @param {Column[]} shown @returns {number | string} what the row is sorted by */
function sortValue(row, key, shown) {
  if (key === "element") return row.symbol;
  if (key === "difference") return row.difference ?? 0;
  if (key === "trust") return row.trust ? TRUST_RANK[row.trust] : -1;
  const column = shown.findIndex((c) => c.key === key);
  return column >= 0 ? (row.values[column] ?? 0) : row.atom;
}

/** @param {Column} column @param {import("../types.js").State} state @returns {{model: string, quantity: string, unit: string}} */
function columnHead({ model, dimension, scale }, state) {
  const quantity = dimension === "charge" ? text.table.charge : text.table.contribution[scale === "atomization" ? "atomization" : "output"];
  return { model: shortName(model), quantity, unit: shownUnit(dimension, state.unit) };
}

/** @param {import("../main.js").Parts} props */
export function AtomsPanel({ store }) {
  const state = useStore(store, (all) => all);
  const order = state.atomOrder;
  const { body, tab, onKey } = useRows();
  if (!state.molecule || state.comparison) return null;
  const shown = columns(state);
  const less = shownDifference(state);
  const graded = shown.some(({ prediction }) => prediction.trust !== null);
  /** @type {import("../lib/controls.js").Term[]} what the table speaks of */
  const terms = [...(shown.some(({ prediction }) => prediction.contribution_spread) ? /** @type {const} */ (["spread", "ensemble"]) : []), ...(graded ? /** @type {const} */ (["trust"]) : [])];
  const rows = sorted(rowsOf(state, shown, less), (row) => sortValue(row, order.key, shown), order.direction);

  /** @param {number} atom @param {boolean} add */
  function toggle(atom, add) {
    store.set({ selected: toggled(store.get().selected, atom, add) });
  }

  const head = (/** @type {string} */ key, /** @type {unknown} */ label, className = "") =>
    html`<th key=${key} scope="col" class=${className} aria-sort=${order.key === key ? order.direction : undefined}>
      <button type="button" onClick=${() => store.set({ atomOrder: nextOrder(order, key) })}>${label}<${Icon} name=${order.key === key ? (order.direction === "ascending" ? "up" : "down") : "sort"} /></button></th>`;

  return html`<div class="table-scroll"><table class=${`atoms${shown.length + (less ? 1 : 0) > 2 ? " crowded" : ""}${less ? " alike" : ""}`}>
    <caption>${text.table.caption}</caption>
    <thead><tr>
      ${head("number", html`<abbr title=${text.table.numberLong}>${text.table.number}</abbr>`, "narrow")}
      ${head("element", text.table.element, "narrow")}
      ${shown.map((column) => {
        const { model, quantity, unit } = columnHead(column, state);
        const spreads = column.prediction.contribution_spread !== null;
        return head(column.key, html`<span class="column-head"><span>${model} <span class="column-quantity">${quantity}</span></span> <span class="muted" title=${spreads ? text.table.spreadTitle : undefined}>${spreads ? text.reading.withSpread(unit) : unit}</span></span>`, "number");
      })}
      ${less ? head("difference", html`<span class="column-head"><span>${text.comparison.column}</span> <span class="muted" title=${less.name}>${shownUnit(less.dimension, state.unit)}</span></span>`, "number") : null}
      ${graded ? head("trust", text.table.trust) : null}
    </tr></thead>
    <tbody ref=${body} onMouseLeave=${() => store.set({ hover: null })}>
      ${rows.map((row, index) => html`<${AtomRow} key=${row.atom} row=${row} shown=${shown} graded=${graded} state=${state}
        tab=${tab(index, rows.length)}
        onEnter=${() => store.set({ hover: row.atom })} onLeave=${() => store.set({ hover: null })}
        onToggle=${(/** @type {MouseEvent} */ event) => toggle(row.atom, adds(event))} onCheck=${() => toggle(row.atom, true)} less=${less} onKey=${(/** @type {KeyboardEvent} */ event) => onKey(event, index, rows.length, (add) => toggle(row.atom, add))} />`)}
    </tbody>
    <${Sums} state=${state} shown=${shown} less=${less} graded=${graded} store=${store} />
  </table></div>
  <p class="muted table-hint">${text.table.hint} ${terms.map((term) => html`<${Explained} key=${term} term=${term} word=${text.glossary[term].term} /> `)}</p>`;
}

/**
 * @param {{row: Row, shown: Column[], graded: boolean, state: import("../types.js").State, tab: number, onEnter: () => void, onLeave: () => void,
 *   less: Difference | null, onCheck: () => void, onToggle: (event: MouseEvent) => void, onKey: (event: KeyboardEvent) => void}} props
 */
function AtomRow({ row, shown, less, graded, state, tab, onEnter, onLeave, onCheck, onToggle, onKey }) {
  const chosen = state.selected.includes(row.atom);
  // Shift adds a row to the selection, where the browser would mark the text between
  return html`<tr class=${state.hover === row.atom ? "pointed" : ""} aria-selected=${chosen ? "true" : "false"} tabindex=${tab}
    onMouseDown=${(/** @type {MouseEvent} */ event) => event.shiftKey && event.preventDefault()}
    onMouseEnter=${onEnter} onFocus=${onEnter} onBlur=${onLeave} onClick=${onToggle} onKeyDown=${onKey}>
    <td class="narrow atom-number"><input type="checkbox" tabindex="-1" checked=${chosen} aria-label=${text.reading.selectAtom(atomName(row.symbol, row.atom))}
      onClick=${(/** @type {Event} */ event) => {
        event.stopPropagation(); // the row would select it alone
        onCheck();
      }} />${row.atom + 1}</td>
    <td class="narrow">${row.symbol}</td>
    ${shown.map((column, i) => html`<${ValueCell} key=${column.key} column=${column} value=${row.values[i] ?? NaN} spread=${column.prediction.contribution_spread?.[row.atom] ?? null} state=${state} />`)}
    ${less ? html`<td class="number"><${ValueBar} value=${row.difference ?? 0} limit=${limitOf(state)} /><span>${prettyNumber(toShown(row.difference ?? 0, less.dimension, state.unit), decimals(shownUnit(less.dimension, state.unit)))}</span></td>` : null}
    ${graded ? html`<td class="trust">${row.trust ? html`<${TrustBadge} trust=${row.trust} reason=${row.reason} />` : null}</td>` : null}
  </tr>`;
}

/** @param {{column: Column, value: number, spread: number | null, state: import("../types.js").State}} props */
function ValueCell({ column, value, spread, state }) {
  const show = (/** @type {number} */ v) => prettyNumber(toShown(v, column.dimension, state.unit), decimals(shownUnit(column.dimension, state.unit)));
  return html`<td class="number">
    <${ValueBar} value=${value} limit=${columnLimit(state, column.scale, column.values)} /><span>${show(value)}</span>
    ${spread === null ? null : html` <small class="spread muted" title=${text.table.spreadTitle}>${text.table.spread(show(spread))}</small>`}</td>`;
}

/** @param {{state: import("../types.js").State, shown: Column[], less: Difference | null, graded: boolean, store: import("../store.js").Store}} props */
function Sums({ state, shown, less, graded, store }) {
  const sum = (/** @type {Column} */ column, /** @type {number[]} */ atoms) =>
    prettyNumber(toShown(atoms.reduce((total, atom) => total + (column.values[atom] ?? 0), 0), column.dimension, state.unit), decimals(shownUnit(column.dimension, state.unit)));
  const all = (state.molecule?.symbols ?? []).map((_, atom) => atom);
  const rest = graded ? html`<td></td>` : null;
  const differenceOf = (/** @type {number[]} */ atoms) => less && html`<td class="number"><span>${prettyNumber(toShown(atoms.reduce((total, atom) => total + (less.values[atom] ?? 0), 0), less.dimension, state.unit), decimals(shownUnit(less.dimension, state.unit)))}</span></td>`;
  return html`<tfoot>
    ${state.selected.length > 0 ? html`<tr class="selected-sum"><th scope="row" colspan="2">${text.table.selected(state.selected.length)}
      <button type="button" class="textual" onClick=${() => store.set({ selected: [] })}>${text.table.clear}</button></th>
      ${shown.map((column) => html`<td key=${column.key} class="number"><span>${sum(column, state.selected)}</span></td>`)}
      ${differenceOf(state.selected)}${rest}</tr>` : null}
    <tr><th scope="row" colspan="2">${text.table.sum}</th>
      ${shown.map((column) => html`<td key=${column.key} class="number"><span>${sum(column, all)}</span></td>`)}${differenceOf(all)}${rest}</tr>
  </tfoot>`;
}
