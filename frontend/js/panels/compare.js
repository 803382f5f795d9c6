/** A second molecule beside the first: where it is asked for, what corresponds, and the values of both atom by atom. */
import { ValueBar } from "../charts/valuebar.js";
import { atomName } from "../lib/atoms.js";
import { compared, namesOf } from "../lib/comparison.js";
import { Explained, Icon, Problem } from "../lib/controls.js";
import { geometryText } from "../lib/geometry.js";
import { html, useEffect, useId, useLayoutEffect, useRef, useState, useStore } from "../lib/html.js";
import { useRows } from "../lib/rows.js";
import { shortenedApart } from "../lib/shortening.js";
import { limitOf } from "../lib/scale.js";
import { adds, toggled } from "../lib/selection.js";
import { nextOrder, sorted } from "../lib/sorting.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

const ASK_AFTER_MS = 150;
/** What is wrong with the second molecule. */
const PROBLEM = "comparison-problem";

/** @param {import("../main.js").Parts} props */
export function ComparePanel({ store, actions, api }) {
  const state = useStore(store, (all) => all);
  const { molecule, comparison, alert } = state;
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const left = useRef(false);
  // before the picture is drawn: a key that follows at once is heard where it belongs
  useLayoutEffect(() => {
    if (open) box.current?.focus();
    else if (left.current) host.current?.querySelector(/** @type {"button"} */ ("button.quiet"))?.focus();
    left.current = false;
  }, [open]);
  useEffect(() => setOpen(false), [comparison]);
  if (!molecule || molecule.cell) return null;
  const words = text.comparison;
  const problem = html`<${Problem} alert=${alert} place="comparison" id=${PROBLEM} onDismiss=${actions.dismiss} />`;
  if (comparison && !open) {
    return html`<div class="compare" role="group" aria-label=${words.region} ref=${host}>
      <p>${words.with(namesOf(molecule, comparison.other)[1], comparison.pairs.length)} <span class="tag">${geometryText(comparison.other)}</span>${comparison.complete ? "" : ` ${words.incomplete}`} <span class="muted">${words.marks}</span> <${Explained} term="substructure" /></p>
      <button type="button" class="quiet" onClick=${() => setOpen(true)}>${words.another}</button>
      <button type="button" class="quiet" onClick=${() => actions.endComparison()}>${words.end}</button>${problem}</div>`;
  }
  if (!open) return html`<div class="compare closed" ref=${host}><button type="button" class="quiet" aria-expanded="false" onClick=${() => setOpen(true)}>${words.open}</button>${problem}</div>`;
  const leave = () => {
    left.current = true;
    setOpen(false);
  };
  return html`<div class="compare" role="group" aria-label=${words.region} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && leave()}>
    <${SecondBox} inputRef=${box} ask=${api.names} busy=${state.busy !== null} wrong=${alert?.place === "comparison"} onEmpty=${actions.dismiss} onCompare=${(/** @type {string} */ input) => actions.compareWith(input)} />
    <button type="button" class="icon" aria-label=${text.errors.dismiss} title=${text.errors.dismiss} onClick=${leave}><${Icon} name="close" /></button>
    ${problem}
  </div>`;
}

/**
 * @param {{inputRef: {current: HTMLInputElement | null}, ask: typeof import("../api.js").names, busy: boolean, wrong: boolean, onEmpty: () => void, onCompare: (input: string) => void}} props
 */
function SecondBox({ inputRef, ask, busy, wrong, onEmpty, onCompare }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState(/** @type {import("../types.js").NameSuggestion[]} */ ([]));
  useEffect(() => {
    if (typed.trim().length < 2) return undefined;
    const stop = new AbortController();
    // completion is a courtesy: without it the box still compares what stands in it
    const timer = setTimeout(() => ask(typed.trim(), { signal: stop.signal }).then(setNames, () => setNames([])), ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed]);
  return html`<form class="compare-form" onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    onCompare(typed);
  }}>
    <label for=${id}>${text.comparison.second}</label>
    <input id=${id} ref=${inputRef} type="text" list=${`${id}-names`} placeholder=${text.comparison.placeholder} autocomplete="off" autocapitalize="off" spellcheck=${false} value=${typed}
      aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? PROBLEM : undefined}
      onInput=${(/** @type {any} */ event) => {
        setTyped(event.target.value);
        if (wrong && event.target.value === "") onEmpty(); // what was wrong is gone
      }}
      onPaste=${(/** @type {ClipboardEvent} */ event) => {
        // several lines are a file's text; a box of one line would lose their ends
        const pasted = event.clipboardData?.getData("text") ?? "";
        if (!pasted.trim().includes("\n")) return;
        event.preventDefault();
        onCompare(pasted);
      }} />
    <datalist id=${`${id}-names`}>${names.map(({ name, formula }) => html`<option key=${name} value=${name}>${formula}</option>`)}</datalist>
    <button type="submit" class="primary" disabled=${busy || typed.trim() === ""}>${text.comparison.compare}</button>
  </form>`;
}

/** Letters of a molecule's name at the head of a column of values, and of one of atoms: five columns stand beside each other. */
const [HEAD, NARROW] = [13, 10];
/** The same of atoms where the name is a formula: capitals and figures are broad. */
const NARROW_FORMULA = 8;

/** @typedef {{key: string, atom: number | null, names: (string | null)[], values: (number | null)[]}} Row */

/** @param {import("../main.js").Parts} props */
export function CompareTable({ store }) {
  const state = useStore(store, (all) => all);
  const order = state.compareOrder;
  const { body, tab, onKey } = useRows();
  const found = compared(state);
  const { molecule, comparison } = state;
  if (!molecule || !comparison || !found) return null;
  const words = text.comparison;
  const titles = namesOf(molecule, comparison.other);
  const unit = shownUnit(found.dimension, state.unit);
  const show = (/** @type {number} */ value) => prettyNumber(toShown(value, found.dimension, state.unit), decimals(unit));
  const rows = rowsOf(found, molecule, comparison.other);
  const ordered = sorted(rows, (row) => sortValue(row, order.key, rows.length), order.direction);
  const sums = [0, 1, 2].map((k) => ({ matched: sum(rows.filter(({ values }) => values[2] !== null), k), all: k < 2 ? sum(rows, k) : null }));
  const left = [0, 1].map((k) => sum(rows.filter(({ values }) => values[2] === null), k));
  const head = (/** @type {string} */ key, /** @type {string} */ title, /** @type {unknown} */ label, className = "") => html`<th key=${key} scope="col" class=${className} aria-sort=${order.key === key ? order.direction : undefined}>
    <button type="button" title=${title} onClick=${() => store.set({ compareOrder: nextOrder(order, key) })}>${label}<${Icon} name=${order.key === key ? (order.direction === "ascending" ? "up" : "down") : "sort"} /></button></th>`;
  const less = (/** @type {string[]} */ [first = "", second = ""]) => text.comparison.difference(second, first);
  const short = shortenedApart([...titles], HEAD);
  const narrow = shortenedApart([...titles], titles.some((title) => /[A-Z]\d/.test(title)) ? NARROW_FORMULA : NARROW);
  const heads = [...short, less(short)];
  const whole = [...titles, less([...titles])];
  const toggle = (/** @type {number} */ atom, /** @type {boolean} */ add) => store.set({ selected: toggled(store.get().selected, atom, add) });
  return html`<div class="table-scroll"><table class="atoms compare-table">
    <caption>${words.table}</caption>
    <thead><tr>${head("first", titles[0] ?? "", narrow[0], "narrow")}${head("second", titles[1] ?? "", narrow[1], "narrow")}
      ${heads.map((name, k) => head(`value ${k}`, whole[k] ?? "", html`<span class="column-head"><span>${name}</span> <span class="muted">${unit}</span></span>`, "number"))}</tr></thead>
    <tbody ref=${body} onMouseLeave=${() => store.set({ hover: null })}>${ordered.map((row, index) => html`<tr key=${row.key} class=${row.atom !== null && state.hover === row.atom ? "pointed" : ""}
      aria-selected=${row.atom !== null && state.selected.includes(row.atom) ? "true" : "false"} tabindex=${tab(index, ordered.length)}
      onMouseEnter=${() => store.set({ hover: row.atom })} onFocus=${() => store.set({ hover: row.atom })} onBlur=${() => store.set({ hover: null })}
      onMouseDown=${(/** @type {MouseEvent} */ event) => event.shiftKey && event.preventDefault()}
      onClick=${(/** @type {MouseEvent} */ event) => row.atom !== null && toggle(row.atom, adds(event))}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, index, ordered.length, (add) => row.atom !== null && toggle(row.atom, add))}>
      ${row.names.map((name, k) => html`<td key=${k} class="narrow">${name ?? html`<span class="muted">${words.noPartner}</span>`}</td>`)}
      ${row.values.map((value, k) => html`<td key=${k} class="number">${value === null ? html`<span class="muted">${words.noPartner}</span>` : html`<${ValueBar} value=${value} limit=${limitOf(state)} /><span>${show(value)}</span>`}</td>`)}
    </tr>`)}</tbody>
    <tfoot>
      <tr><th scope="row" colspan="2">${words.matchedSum}</th>${sums.map(({ matched }, k) => html`<td key=${k} class="number"><span>${show(matched)}</span></td>`)}</tr>
      <tr><th scope="row" colspan="2">${words.unmatchedSum}</th>${left.map((value, k) => html`<td key=${k} class="number"><span>${show(value)}</span></td>`)}<td></td></tr>
      <tr><th scope="row" colspan="2">${text.table.sum}</th>${sums.map(({ all }, k) => html`<td key=${k} class="number"><span>${show(all ?? (sums[1]?.all ?? 0) - (sums[0]?.all ?? 0))}</span></td>`)}</tr>
    </tfoot>
  </table></div>
  <p class="muted table-hint">${words.hint}</p>`;
}

/**
 * @param {import("../lib/comparison.js").Compared} found
 * @param {import("../types.js").Molecule} first
 * @param {import("../types.js").Molecule} second
 * @returns {Row[]} the first's atoms, then those of the second without a partner
 */
function rowsOf({ first: ours, second: theirs, partner, shared, differences }, first, second) {
  const name = (/** @type {import("../types.js").Molecule} */ molecule, /** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  return [
    ...ours.map((value, atom) => {
      const other = partner[atom] ?? null;
      return { key: String(atom), atom, names: [name(first, atom), other === null ? null : name(second, other)], values: [value, other === null ? null : (theirs[other] ?? null), differences[atom] ?? null] };
    }),
    ...theirs.flatMap((value, atom) => (shared[atom] === null ? [{ key: `second ${atom}`, atom: null, names: [null, name(second, atom)], values: [null, value, null] }] : [])),
  ];
}

/** @param {Row} row @param {string} key @param {number} last where rows without a value stand @returns {number | string} */
function sortValue({ names, values, key: own, atom }, key, last) {
  if (key.startsWith("value")) return values[Number(key.slice(6))] ?? Infinity;
  const number = (/** @type {string | null | undefined} */ name) => (name ? Number(name.replace(/\D/g, "")) : Infinity);
  return key === "second" ? number(names[1]) : (atom ?? last + Number(own.slice(7)));
}

/** @param {Row[]} rows @param {number} column @returns {number} */
function sum(rows, column) {
  return rows.reduce((total, { values }) => total + (values[column] ?? 0), 0);
}
