/** Other conformers: a list of the molecule's shapes with the energies that the networks give them. */
import { Explained, Problem } from "../lib/controls.js";
import { html, useStore } from "../lib/html.js";
import { shortNameOf } from "../lib/quantities.js";
import { text } from "../lib/text.js";
import { decimals, fromShown, prettyNumber, toShown } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function ConformersPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { molecule, conformers, busy } = state;
  if (!molecule || molecule.cell || molecule.symbols.length < 2) return null;
  const said = text.molecules.conformers;
  return html`<details class="card alchemy conformers" open=${conformers !== null}>
    <summary>${said.heading}</summary>
    <p class="muted">${said.about} <${Explained} term="conformer" /></p>
    ${conformers ? html`<${Table} state=${state} found=${conformers} actions=${actions} />` : null}
    <button type="button" class="quiet" disabled=${busy !== null} onClick=${() => actions.findConformers()}>${conformers ? said.again : said.find}</button>
    <${Problem} alert=${state.alert} place="conformers" onDismiss=${actions.dismiss} />
  </details>`;
}

/** @param {{state: import("../types.js").State, found: import("../types.js").Conformers, actions: import("../main.js").Actions}} props */
function Table({ state: { molecule, models, unit }, found, actions }) {
  const said = text.molecules.conformers;
  const columns = found.energies.map(({ model, molecule: own, conformers }) => {
    const lowest = Math.min(own, ...conformers);
    return { name: shortNameOf(models, model), values: [own, ...conformers].map((total) => toShown(total - lowest, "energy", unit)) };
  });
  const digits = decimals(unit);
  const number = (/** @type {number | undefined} */ value) => (value === undefined ? "" : prettyNumber(value, digits));
  const rows = [{ shape: found.molecule, name: said.start, strain: undefined }, ...found.conformers.map(({ molecule: shape, strain }, i) => ({ shape, name: said.number(i + 1), strain: toShown(fromShown(strain, "energy", "kcal/mol"), "energy", unit) }))];
  return html`<div class="table-scroll"><table class="conformer-table">
    <caption>${said.caption(unit)}</caption>
    <thead><tr><th scope="col">${said.conformer}</th>${columns.map(({ name }) => html`<th key=${name} scope="col" class="number">${name}</th>`)}<th scope="col" class="number">${said.forceField}</th></tr></thead>
    <tbody>${rows.map(({ shape, name, strain }, row) => {
      const now = shape.id === molecule?.id;
      return html`<tr key=${shape.id} aria-current=${now ? "true" : undefined}>
        <th scope="row"><button type="button" class="textual" aria-disabled=${now ? "true" : undefined} onClick=${() => now || actions.showConformer(shape)}>${name}</button>${now ? html` <span class="tag">${said.now}</span>` : null}</th>
        ${columns.map((column) => html`<td key=${column.name} class="number">${number(column.values[row])}</td>`)}
        <td class="number">${number(strain)}</td></tr>`;
    })}</tbody>
  </table></div>
  ${found.conformers.length === 1 ? html`<p class="muted">${said.one}</p>` : null}`;
}
