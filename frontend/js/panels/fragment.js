/** The sum of selected atoms, network by network, and how far the networks of each ensemble agree on it. */
import { atomName } from "../lib/atoms.js";
import { Choice, Explained, Problem } from "../lib/controls.js";
import { fragmentRows } from "../lib/fragment.js";
import { html, useStore } from "../lib/html.js";
import { isSelection } from "../lib/selection.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** Atoms that are named one by one. */
const NAMED = 14;

/** @param {import("../main.js").Parts} props */
export function FragmentPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { molecule, selected, parts } = state;
  if (!molecule || state.comparison) return null;
  const words = text.reading.fragment;
  const name = (/** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  const atoms = [...selected].sort((a, b) => a - b);
  const rows = atoms.length > 0 ? fragmentRows(state, atoms) : [];
  const choices = [
    { value: "", label: atoms.length > 0 ? words.own : words.choose },
    ...(parts ?? []).map((part, i) => ({ value: String(i), label: words.part(part.kind, part.name, part.atoms.slice(0, 3).map(name).join(" "), part.atoms.length) })),
    { value: "all", label: words.all },
  ];
  const all = molecule.symbols.map((_, atom) => atom);
  const found = (parts ?? []).findIndex((part) => isSelection(selected, part.atoms));
  const spread = (/** @type {number | null} */ value, /** @type {import("../types.js").Dimension} */ dimension) => {
    const unit = shownUnit(dimension, state.unit);
    return value === null ? words.unknown : text.table.spread(prettyNumber(toShown(value, dimension, state.unit), decimals(unit)));
  };
  return html`<section class="card fragment" aria-label=${words.region}>
    <div class="headed"><h2>${words.heading}</h2><${Explained} term="fragment" /></div>
    <${Choice} label=${molecule.cell ? words.selectSites : words.select} value=${isSelection(selected, all) ? "all" : found >= 0 ? String(found) : ""} options=${choices}
      onChange=${(/** @type {string} */ value) => store.set({ selected: value === "all" ? all : value === "" ? [] : (parts?.[Number(value)]?.atoms ?? []) })} />
    ${atoms.length === 0 ? html`<p class="muted probe-note">${words.hint}</p>` : html`
      <p class="fragment-atoms"><strong>${words.count(atoms.length)}</strong> ${atoms.slice(0, NAMED).map(name).join(", ")}${atoms.length > NAMED ? ` ${words.more(atoms.length - NAMED)}` : ""}
        <button type="button" class="textual" onClick=${() => store.set({ selected: [] })}>${text.table.clear}</button></p>
      <div class="table-wide" tabindex="0"><table class="value-table fragment-table">
        <caption class="visually-hidden">${words.table(atoms.map(name).join(", "))}</caption>
        <thead><tr><th scope="col">${words.network}</th><th scope="col">${words.sum}</th><th scope="col" title=${words.spreadTitle}>${words.spread}</th><th scope="col" title=${words.independentTitle}>${words.independent}</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr key=${row.name + row.dimension}><th scope="row">${row.name}</th>
          <td>${withUnit(row.sum, row.dimension, state.unit, { sign: true })}</td><td>${spread(row.spread, row.dimension)}</td><td>${spread(row.independent, row.dimension)}</td></tr>`)}</tbody>
      </table></div>
      <p class="muted probe-note">${words.about}</p>`}
    <${Problem} alert=${state.alert} place="reading" onDismiss=${actions.dismiss} />
  </section>`;
}
