/** The receipt of a link: with what it was made, whether it comes out the same today, and how to cite it. */
import { Citations } from "../lib/citations.js";
import { html, useStore } from "../lib/html.js";
import { largestDifferences, trainedOn } from "../lib/receipt.js";
import { text } from "../lib/text.js";
import { decimals, localized, prettyNumber, withUnit } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function ReceiptPanel({ store, actions }) {
  const { opened, share, receipt, unit } = useStore(store, (state) => ({ opened: state.opened, share: state.share, receipt: state.receipt, unit: state.unit }));
  const id = share?.id ?? opened?.id;
  if (!id) return null;
  const known = receipt?.view === id ? receipt : null;
  const onToggle = (/** @type {any} */ event) => {
    if (event.currentTarget.open && !known) actions.checkReceipt(id);
  };
  return html`<section class="card receipt" aria-label=${text.receipt.region}>
    <details key=${id} onToggle=${onToggle}><summary><h2>${text.receipt.heading}</h2></summary>
      ${known?.receipt ? html`<${Body} receipt=${known.receipt} recomputed=${known.recomputed} unit=${unit} />
        <p class="receipt-actions"><button type="button" class="quiet" onClick=${() => actions.checkReceipt(id)}>${text.receipt.again}</button>
          <a href=${`/api/v1/views/${encodeURIComponent(id)}/receipt`}>${text.receipt.json}</a></p>` : null}
    </details></section>`;
}

/**
 * @param {{receipt: import("../types.js").Receipt, recomputed: import("../types.js").Recomputation | null, unit: import("../types.js").EnergyUnit}} props
 */
function Body({ receipt, recomputed, unit }) {
  const { program, molecule, models, parameters, cite } = receipt;
  const date = new Date(receipt.created).toLocaleString(text.number.locale, { dateStyle: "long", timeStyle: "short" });
  return html`<p>${text.receipt.made(date, program.version, program.today)} ${text.receipt.molecule(text.molecule(molecule.name) || molecule.formula, molecule.id)}</p>
    <p class="receipt-check" role="status">${verdict(recomputed, unit)}</p>
    <ul class="receipt-list">${models.map((model) => html`<${Model} key=${model.model} model=${model} unit=${unit}
      difference=${recomputed ? largestDifferences(recomputed.models.filter((one) => one.model === model.model), unit) : ""} />`)}</ul>
    <details class="link-part"><summary>${text.receipt.parameters}</summary><pre class="receipt-parameters" tabindex="0">${JSON.stringify(parameters, null, 1)}</pre></details>
    <${Citations} cite=${cite} />`;
}

/**
 * @param {{model: import("../types.js").Receipt["models"][number], unit: import("../types.js").EnergyUnit, difference: string}} props
 *   `difference`: between what it says today and what it said
 */
function Model({ model: { model, total, unit: of, checkpoint, today, card }, unit, difference }) {
  const rows = [
    [text.receipt.total, of === "eV" ? withUnit(total, "energy", unit) : `${prettyNumber(total, decimals("D"))}\u00a0D`],
    [text.receipt.difference, difference],
    [text.receipt.data, card ? trainedOn(card) : ""],
    [text.receipt.cutoff, card ? `${localized(String(card.cutoff))}\u00a0Å` : ""],
    [text.receipt.members, card ? String(card.members) : ""],
  ];
  return html`<li><strong>${model}</strong>${today === checkpoint ? null : html` <span class="tag">${today === null ? text.receipt.gone : text.receipt.replaced}</span>`}
    <dl>${rows.filter(([, value]) => value).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      <div class="receipt-hash"><dt>${text.receipt.checkpoint}</dt><dd><code>${checkpoint}</code></dd></div></dl></li>`;
}

/** @param {import("../types.js").Recomputation | null} recomputed @param {import("../types.js").EnergyUnit} unit @returns {string} */
function verdict(recomputed, unit) {
  if (!recomputed) return text.receipt.checking;
  const largest = largestDifferences(recomputed.models, unit);
  if (recomputed.same) return text.receipt.same(largest);
  return recomputed.models.some(({ today }) => today === null) ? text.receipt.missing : text.receipt.differs(largest);
}
