/** The pairs that the pictures show as lines, listed with their distances. */
import { Check, Explained, Problem } from "../lib/controls.js";
import { atomName } from "../lib/atoms.js";
import { differenceName, differencePairs, isDifferenceShown } from "../lib/differences.js";
import { html, useStore } from "../lib/html.js";
import { onTheWay } from "../lib/live.js";
import { shownPairs } from "../lib/pairs.js";
import { modelOf, predictionsOf, shortName } from "../lib/quantities.js";
import { useRows } from "../lib/rows.js";
import { adds, isSelection } from "../lib/selection.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** Rows of the list; a large molecule has thousands of pairs. */
const LISTED = 60;

/** @param {import("../main.js").Parts} props */
export function PairsPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { body, tab, onKey } = useRows();
  const { molecule, quantity, unit, selected, hoverPair } = state;
  if (quantity !== "pairs" || !molecule) return null;
  if (onTheWay(state)) return html`<section class="card pairs" aria-label=${text.pairs.region}><p class="muted probe-note">${text.pairs.onTheWay} <${Explained} term="pair" /></p></section>`;
  const models = predictionsOf(state, "energy").map(({ prediction }) => modelOf(state.models, prediction)).filter(({ name }) => state.pairs[name]);
  const [widest] = models.map(({ name }) => state.pairs[name]).sort((a, b) => (b?.cutoff ?? 0) - (a?.cutoff ?? 0));
  const rows = widest ? shownPairs(state, widest) : [];
  const shown = shownUnit("energy", unit);
  const less = isDifferenceShown(state) ? new Map(differencePairs(state).map(({ atoms, value }) => [atoms.join(), value])) : null;
  const number = (/** @type {number | undefined} */ value) => (value === undefined ? "" : prettyNumber(toShown(value, "energy", unit), decimals(shown)));
  const valueOf = (/** @type {string} */ model, /** @type {[number, number]} */ pair) => {
    const found = state.pairs[model];
    const place = found?.atoms.findIndex(([a, b]) => a === pair[0] && b === pair[1]) ?? -1;
    return number(place < 0 ? undefined : found?.values[place]);
  };
  const listed = rows.slice(0, LISTED);
  /** @param {[number, number]} atoms @param {boolean} add */
  const choose = (atoms, add) => store.set({ selected: add ? [...new Set([...selected, ...atoms])] : isSelection(selected, atoms) ? [] : atoms });
  const point = (/** @type {[number, number] | null} */ atoms) => store.set({ hoverPair: atoms });
  const name = (/** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  return html`<section class="card pairs" aria-label=${text.pairs.region}>
    <p class="muted probe-note">${text.pairs.about} <${Explained} term="pair" /></p>
    <${Check} label=${text.pairs.beyond} checked=${state.pairsBeyond} onChange=${(/** @type {boolean} */ pairsBeyond) => store.set({ pairsBeyond })} />
    <div class="pairs-list pairs-chosen" role="group" aria-label=${text.pairs.heading}>
      <table aria-label=${text.pairs.heading}>
        <thead><tr><th scope="col">${text.pairs.pair}</th><th scope="col">${text.pairs.distance}</th>
          ${models.map((model) => html`<th key=${model.name} scope="col">${shortName(model)}, ${shown}</th>`)}
          ${less ? html`<th scope="col">${differenceName(state)}, ${shown}</th>` : null}</tr></thead>
        <tbody ref=${body} onMouseLeave=${() => point(null)}>${listed.map(({ atoms, distance }, index) => html`<tr key=${atoms.join()}
            class=${hoverPair?.join() === atoms.join() ? "pointed" : ""} aria-selected=${isSelection(selected, atoms) ? "true" : "false"} tabindex=${tab(index, listed.length)}
            onMouseEnter=${() => point(atoms)} onFocus=${() => point(atoms)} onBlur=${() => point(null)}
            onMouseDown=${(/** @type {MouseEvent} */ event) => event.shiftKey && event.preventDefault()}
            onClick=${(/** @type {MouseEvent} */ event) => choose(atoms, adds(event))}
            onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, index, listed.length, (add) => choose(atoms, add))}>
          <td>${name(atoms[0])}–${name(atoms[1])}</td><td>${prettyNumber(distance, 2)}</td>
          ${models.map((model) => html`<td key=${model.name}>${valueOf(model.name, atoms)}</td>`)}
          ${less ? html`<td>${number(less.get(atoms.join()))}</td>` : null}</tr>`)}</tbody>
      </table>
    </div>
    ${rows.length > LISTED ? html`<p class="muted probe-note">${text.pairs.more(rows.length - LISTED)}</p>` : null}
    <${Problem} alert=${state.alert} place="pairs" onDismiss=${actions.dismiss} />
  </section>`;
}
