/** The page of many molecules: a box for them, and the table of what the networks predict. */
import { Choice, Formula, hintOf, Icon, Problem, TrustBadge, Wrong } from "../lib/controls.js";
import { BATCH_FILES, batchColumns, blamed, cellOf, matches, MOST_MOLECULES, rowName, rowTrust, valueOf } from "../lib/batch.js";
import { setName, trainingSets } from "../lib/choice.js";
import { html, useEffect, useId, useMemo, useRef, useState, useStore } from "../lib/html.js";
import { familyName, shortSet } from "../lib/quantities.js";
import { keepLook, moleculeAddress, parseOrder, parseTable } from "../lib/route.js";
import { nextOrder, sorted } from "../lib/sorting.js";
import { keepInPlace } from "../lib/sight.js";
import { text } from "../lib/text.js";
import { decimals, ENERGY_UNITS, prettyNumber, toShown } from "../lib/units.js";

const RANK = Object.freeze({ inside: 0, unusual: 1, outside: 2 });

/** @typedef {import("../types.js").BatchRow} BatchRow */
/** @typedef {import("../lib/batch.js").Column} Column */

/** @param {import("../main.js").Parts} parts */
export function BatchPage(parts) {
  const { store, actions, api } = parts;
  const { batch, alert } = useStore(store, (state) => ({ batch: state.batch, alert: state.alert }));
  useDrop((files) => actions.predictFiles(files));
  return html`<main class="many">
    <div class="card many-head">
      <h1>${text.batch.heading}</h1>
      <p class="muted">${text.batch.about}</p>
      <${Input} ...${parts} />
      <${Problem} alert=${alert} place="batch" onDismiss=${actions.dismiss} />
    </div>
    ${batch ? html`<${Results} key=${batch.id} store=${store} api=${api} batch=${batch} />` : null}
  </main>`;
}

/** Files let go anywhere over the page. @param {(files: File[]) => void} open */
function useDrop(open) {
  useEffect(() => {
    const over = (/** @type {DragEvent} */ event) => event.preventDefault();
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) open(files);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, []);
}

/** @param {import("../main.js").Parts} props */
function Input({ store, actions }) {
  const { typed, batching } = useStore(store, (state) => ({ typed: state.batchText, batching: state.batching }));
  const id = useId();
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`<form class="many-form" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <div class="field"><label for=${id}>${text.batch.box}</label>
      <textarea id=${id} rows="5" spellcheck=${false} autocapitalize="off" placeholder=${text.batch.placeholder} value=${typed}
        onInput=${(/** @type {any} */ event) => store.set({ batchText: event.target.value })}></textarea></div>
    <div class="many-actions">
      ${batching === null
        ? html`<button type="button" class="primary" onClick=${() => actions.predictText()}>${text.batch.button}</button>`
        : html`<button type="button" class="quiet" onClick=${actions.stopBatch}>${text.batch.stop}</button>`}
      <input type="file" ref=${file} hidden multiple accept=${BATCH_FILES.join(",")} tabindex="-1" aria-hidden="true"
        onChange=${(/** @type {any} */ event) => {
          const files = [...event.target.files];
          event.target.value = "";
          if (files.length > 0) actions.predictFiles(files);
        }} />
      <button type="button" class="quiet" onClick=${() => file.current?.click()}><${Icon} name="open" /><span>${text.batch.open}</span></button>
      <button type="button" class="textual" onClick=${() => {
        store.set({ batchText: text.batch.example });
        actions.predictText();
      }}>${text.batch.exampleButton}</button>
      <span class="muted">${text.batch.limit(MOST_MOLECULES)}</span>
    </div>
    ${batching === null ? null : html`<progress max="1" value=${batching} aria-label=${text.batch.progressLabel}></progress>`}
  </form>`;
}

/**
 * How a table is looked at: its address says it all, so that whoever comes back from one of its molecules finds it as it
 * was, and whoever is sent its address, too.
 *
 * @typedef {{kind: import("../lib/batch.js").EnergyKind, trainedOn: string, words: string, only: import("../lib/route.js").Rows, order: import("../lib/sorting.js").Order}} Sight
 * What the energies are is the reader's choice, as their unit is: the next table has it, too.
 *
 * @param {import("../types.js").Batch} batch
 * @param {import("../store.js").Store} store
 * @returns {[Sight, (change: Partial<Sight>) => void]}
 */
function useSight(batch, store) {
  const [sight, setSight] = useState(/** @returns {Sight} */ () => {
    const { kind, trainedOn, words, only } = parseTable(location);
    return { kind: kind ?? store.get().batchKind, trainedOn, words, only, order: parseOrder(location) };
  });
  const unit = useStore(store, (state) => state.unit);
  useEffect(() => keepLook({ unit, ...sight }), [unit, sight, batch]);
  return [sight, (change) => {
    setSight({ ...sight, ...change });
    if (change.kind) store.set({ batchKind: change.kind });
  }];
}

/**
 * How far a table is scrolled, and the page with it; kept likewise.
 *
 * @param {string | null} id of the table; null: it is not whole yet
 * @returns {{current: HTMLElement | null}} of what scrolls
 */
function useScrolled(id) {
  const part = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const own = part.current;
    if (!own || id === null) return undefined;
    const kept = history.state?.scrolled;
    if (kept?.id === id) {
      own.scrollTop = kept.table;
      window.scrollTo(0, kept.page);
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const keep = () => {
      clearTimeout(timer);
      timer = setTimeout(() => keepInPlace({ scrolled: { id, table: own.scrollTop, page: window.scrollY } }), SCROLLED_MS);
    };
    own.addEventListener("scroll", keep, { passive: true });
    window.addEventListener("scroll", keep, { passive: true });
    return () => {
      clearTimeout(timer);
      own.removeEventListener("scroll", keep);
      window.removeEventListener("scroll", keep);
    };
  }, [id]);
  return part;
}

/** @param {{store: import("../store.js").Store, api: typeof import("../api.js"), batch: import("../types.js").Batch}} props */
function Results({ store, api, batch }) {
  const { models, unit } = useStore(store, (state) => ({ models: state.models, unit: state.unit }));
  const [{ kind, words, only, order, ...chosen }, look] = useSight(batch, store);
  const table = useScrolled(batch.partial ? null : batch.id);
  const filter = useId();
  const sets = trainingSets(models);
  const trainedOn = sets.includes(chosen.trainedOn) ? chosen.trainedOn : ""; // an address may name one that is not here
  const columns = useMemo(() => batchColumns(batch, models), [batch, models]);
  const rows = batch.rows.map((row, place) => ({ row, place, cells: columns.map((column) => cellOf(row, column, models, trainedOn || null)) }));
  const kept = rows.filter(({ row, cells }) => matches(row, words) && (only === "all" || (only === "failed" ? row.error !== null : rowTrust(cells) === only)));
  const shown = sorted(kept, (entry) => sortValue(entry, order, columns, kind), order.direction);
  const mixed = kind === "total" && !trainedOn && new Set(rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell?.property === "energy" ? (setOf(models, cell.model) ?? []) : [])))).size > 1;
  const head = (/** @type {string} */ key, /** @type {unknown} */ label, className = "") =>
    html`<th key=${key} scope="col" class=${className} aria-sort=${order.key === key ? order.direction : undefined}>
      <button type="button" onClick=${() => look({ order: nextOrder(order, key) })}>${label}<${Icon} name=${order.key === key ? (order.direction === "ascending" ? "up" : "down") : "sort"} /></button></th>`;
  return html`<section class="card many-results" aria-label=${text.batch.results}>
    <div class="many-controls">
      <div class="field many-filter"><label for=${filter}>${text.batch.filter}</label>
        <input id=${filter} type="search" value=${words} onInput=${(/** @type {any} */ event) => look({ words: event.target.value })} /></div>
      <${Choice} label=${text.batch.show} value=${only} onChange=${(/** @type {import("../lib/route.js").Rows} */ to) => look({ only: to })} options=${Object.entries(text.batch.shows).map(([value, label]) => ({ value, label }))} />
      <${Choice} label=${text.batch.energy} value=${kind} onChange=${(/** @type {import("../lib/batch.js").EnergyKind} */ to) => look({ kind: to })} options=${Object.entries(text.batch.energies).map(([value, label]) => ({ value, label }))} />
      <${Choice} label=${text.unit.label} value=${unit} onChange=${(/** @type {import("../types.js").EnergyUnit} */ to) => store.set({ unit: to })} options=${ENERGY_UNITS.map((value) => ({ value, label: value }))} />
      ${sets.length > 1 ? html`<${Choice} label=${text.choice.label} value=${trainedOn} onChange=${(/** @type {string} */ to) => look({ trainedOn: to })}
        options=${[{ value: "", label: text.batch.automatic }, ...sets.map((set) => ({ value: set, label: setName(set) }))]} />` : null}
      ${batch.partial ? null : html`<div class="many-exports" role="group" aria-label=${text.batch.exports}>
        <a href=${api.batchFile(batch.id, "csv")} download>CSV</a>
        <a href=${api.batchAddress(batch.id)} download=${`atomlens_batch_${batch.id.slice(0, 8)}.json`}>JSON</a>
        <a href=${api.batchFile(batch.id, "sdf")} download>SDF</a>
      </div>`}
    </div>
    <p class="muted many-note" aria-live=${batch.partial ? "off" : "polite"}>${text.batch.count(shown.length, rows.length)} ${text.batch.kinds[kind]}${mixed ? ` ${text.batch.mixed}` : ""}</p>
    <div class="many-scroll" ref=${table} tabindex="0" role="region" aria-label=${text.batch.table}><table class="atoms many-table">
      <caption class="visually-hidden">${text.batch.table}</caption>
      <thead><tr>
        ${head("number", html`<abbr title=${text.batch.numberLong}>${text.batch.number}</abbr>`, "narrow")}
        ${head("name", text.batch.molecule)}
        ${head("formula", text.batch.formula)}
        ${head("atoms", text.batch.atoms, "number")}
        ${columns.map((column) => head(column.key, html`<span class="column-head"><span>${columnName(column, kind)}</span> <span class="muted">${column.property === "dipole" ? "D" : unit}</span></span>`, "number"))}
        ${head("trust", html`<span class="column-head"><span>${text.table.trust}</span> <span class="muted">${text.batch.worst}</span></span>`)}
      </tr></thead>
      <tbody>${shown.map(({ row, place, cells }) => html`<${Row} key=${place} row=${row} place=${place} cells=${cells} columns=${columns} kind=${kind} unit=${unit} models=${models} sets=${sets.length > 1 && !trainedOn} />`)}</tbody>
    </table></div>
    ${shown.length === 0 ? html`<p class="muted many-note">${text.batch.nothing}</p>` : null}
  </section>`;
}

/** ms after the last scrolling: browsers refuse hundreds of entries in half a minute. */
const SCROLLED_MS = 150;
/** Behind every word. */
const BEHIND_ALL = "\uffff";

/** @param {Column} column @param {import("../lib/batch.js").EnergyKind} kind @returns {string} */
const columnName = ({ family, property }, kind) => `${familyName(family)} ${property === "dipole" ? text.batch.dipole : text.batch.short[kind]}`;

/** @param {import("../types.js").Model[]} models @param {string} name */
const setOf = (models, name) => models.find((model) => model.name === name)?.training_set;

/**
 * @param {{row: BatchRow, place: number, cells: (import("../types.js").ShortPrediction | null)[]}} entry
 * @param {import("../lib/sorting.js").Order} order
 * @param {Column[]} columns
 * @param {import("../lib/batch.js").EnergyKind} kind
 * @returns {number | string} what the row is sorted by; rows without a value come last
 */
function sortValue({ row, place, cells }, { key, direction }, columns, kind) {
  const last = direction === "ascending" ? Infinity : -Infinity;
  if (key === "number") return place;
  if (key === "name") return rowName(row).toLowerCase();
  if (key === "formula") return row.formula || (direction === "ascending" ? BEHIND_ALL : "");
  if (key === "atoms") return row.atoms || last;
  if (key === "trust") {
    const trust = rowTrust(cells);
    return trust ? RANK[trust] : last;
  }
  return valueOf(cells[columns.findIndex((column) => column.key === key)] ?? null, kind) ?? last;
}

/**
 * @param {{row: BatchRow, place: number, cells: (import("../types.js").ShortPrediction | null)[], columns: Column[], sets: boolean,
 *   kind: import("../lib/batch.js").EnergyKind, unit: import("../types.js").EnergyUnit, models: import("../types.js").Model[]}} props
 */
function Row({ row, place, cells, columns, kind, unit, models, sets }) {
  const trust = rowTrust(cells);
  const reason = cells.find((cell) => cell?.molecule_trust?.grade === trust)?.molecule_trust?.reason ?? null;
  const of = blamed(columns, cells).map((column) => columnName(column, kind)).join(", ");
  const set = cells.flatMap((cell) => (cell ? (setOf(models, cell.model) ?? []) : []))[0];
  const open = row.molecule && row.predictions.length > 0 ? moleculeAddress(row.molecule) : null;
  const where = row.file ? text.batch.place(row.file, row.record) : "";
  const name = html`${text.molecule(row.name) || row.smiles || row.input || row.formula || text.batch.unnamed}`;
  return html`<tr class=${open ? "many-row" : "many-failed"} onClick=${(/** @type {MouseEvent} */ event) => {
    // the link itself does what links do
    if (open && !(/** @type {HTMLElement} */ (event.target).closest("a"))) location.assign(open);
  }}>
    <td class="narrow">${place + 1}</td>
    <td class="many-name">${open ? html`<a href=${open} title=${text.batch.openIt}>${name}</a>` : name}${where ? html`<small class="muted">${where}</small>` : null}</td>
    ${row.error
      ? html`<td colspan=${columns.length + 3} class="many-error"><span><${Icon} name="warning" /> <${RowError} error=${row.error} /></span></td>`
      : html`<td><${Formula} formula=${row.formula} /></td><td class="number">${row.atoms}</td>
        ${cells.map((cell, i) => html`<${Value} key=${columns[i]?.key} cell=${cell} kind=${kind} unit=${unit} />`)}
        <td class="trust">${trust ? html`<${TrustBadge} trust=${trust} reason=${reason} />` : null}${of ? html`<small class="muted many-set">${of}</small>` : null}${sets && set ? html`<small class="muted many-set">${shortSet(set)}</small>` : null}</td>`}
  </tr>`;
}

/** Why a row has no prediction. @param {{error: import("../types.js").Problem}} props */
function RowError({ error }) {
  return html`<${Wrong} error=${error} /> <span class="muted">${hintOf(error)}</span>`;
}

/** @param {{cell: import("../types.js").ShortPrediction | null, kind: import("../lib/batch.js").EnergyKind, unit: import("../types.js").EnergyUnit}} props */
function Value({ cell, kind, unit }) {
  const value = valueOf(cell, kind);
  if (!cell || value === null) return html`<td class="number muted">–</td>`;
  const energy = cell.property === "energy";
  const digits = decimals(energy ? unit : "D");
  const show = (/** @type {number} */ one) => prettyNumber(energy ? toShown(one, "energy", unit) : one, digits);
  return html`<td class="number" title=${cell.model}><span>${show(value)}</span>${cell.uncertainty === null ? null : html` <small class="spread muted" title=${text.stage.uncertaintyTitle}>${text.table.spread(show(cell.uncertainty))}</small>`}</td>`;
}
