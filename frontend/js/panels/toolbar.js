/** The toolbar: what molecule this is, and which of its quantities is shown how. */
import { cellParameters } from "../lib/cell.js";
import { choiceOptions, choiceText, isChoiceOffered } from "../lib/choice.js";
import { Choice, Explained, Formula } from "../lib/controls.js";
import { html, useStore } from "../lib/html.js";
import { formulaAtEnd } from "../lib/alchemy.js";
import { atomizationOffered, effectiveView, isOffered, predictionsOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { hasAtomValues, shownLabels } from "../lib/panes.js";
import { text } from "../lib/text.js";
import { ENERGY_UNITS, shownNumber } from "../lib/units.js";

/** What explains each quantity. @type {Readonly<Record<import("../types.js").Quantity, import("../lib/controls.js").Term | undefined>>} */
const TERMS = Object.freeze({ contributions: "contribution", pairs: "pair", charges: "charge", potential: "potential", probe_charge: "probeCharge", elements: undefined });

/** @param {import("../types.js").Molecule} molecule @returns {string} where the positions come from */
function geometryText({ geometry }) {
  if (!geometry) return "";
  const { source, method } = geometry;
  if (source === "force field") return text.geometry["force field"](method ?? "");
  if (source === "relaxed") return text.geometry.relaxed(method ?? "");
  if (source === "file" || source === "moved by hand") return text.geometry[source]();
  return text.geometry.other(source, method ?? "");
}

/** @param {import("../lib/cell.js").Cell} cell @returns {string} its lengths, its angles where they are not right, its volume */
function cellText(cell) {
  const { lengths, angles, volume } = cellParameters(cell);
  const skewed = angles.some((angle) => Math.abs(angle - 90) > 0.05);
  return text.crystal.cell(lengths.map((length) => shownNumber(length, 2)).join(" × "), skewed ? angles.map((angle) => shownNumber(angle, 1)).join("°, ") : null, shownNumber(volume, 1));
}

/** @param {string} created ISO 8601 @returns {string} "25 November 2026" in the reader's time zone */
function dateText(created) {
  return new Date(created).toLocaleDateString(text.number.locale, { dateStyle: "long" });
}

/** @param {import("../main.js").Parts} props */
export function Title({ store }) {
  const { molecule, opened, alchemy } = useStore(store, (state) => ({ molecule: state.molecule, opened: state.opened, alchemy: state.alchemy }));
  if (!molecule) return html`<div class="title"><h1>${text.tagline}</h1></div>`;
  const geometry = geometryText(molecule);
  return html`<div class="title">
    <h1>${molecule.name || html`<${Formula} formula=${molecule.formula} />`}</h1>
    ${molecule.name ? html`<${Formula} formula=${molecule.formula} />` : null}
    ${molecule.smiles ? html`<code class="smiles" title=${molecule.smiles}>${molecule.smiles}</code>` : null}
    ${molecule.cell ? html`<span class="tag">${cellText(molecule.cell)}</span>` : null}
    ${geometry ? html`<span class="tag">${geometry}</span><${Explained} term="geometry" />` : null}
    ${alchemy?.lambda ? html`<span class="tag">${text.alchemy.onTheWay(formulaAtEnd(molecule, alchemy.changes), Math.round(100 * alchemy.lambda))}</span>` : null}
    ${opened ? html`<span class="tag">${text.notice.stored(dateText(opened.created))}</span>` : null}
  </div>`;
}

/** @param {import("../main.js").Parts} props */
export function Toolbar({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { property } = QUANTITIES[state.quantity];
  const families = property ? predictionsOf(state, property).slice(0, 2).map(({ model }) => shortName(model)) : [];
  const offered = atomizationOffered(state);
  const reason = choiceText(state);
  const names = text.quantity.names;
  return html`<div class="toolbar">
    <${Choice} label=${text.quantity.label} className="strong" term=${TERMS[state.quantity]} value=${state.quantity} title=${text.quantity.explained[state.quantity]}
      options=${Object.keys(QUANTITIES).map((value) => ({ value, label: names[/** @type {keyof typeof names} */ (value)],
        disabled: state.molecule !== null && !isOffered(state, /** @type {import("../types.js").Quantity} */ (value)) }))}
      onChange=${(/** @type {import("../types.js").Quantity} */ quantity) => store.set({ quantity })} />
    ${state.quantity === "contributions" ? html`<${Choice} label=${text.view.label} term=${effectiveView(state) === "output" ? "reference" : "freeAtom"} value=${effectiveView(state)}
      title=${offered ? text.view.explained[effectiveView(state)] : text.view.none}
      options=${[
        { value: "output", label: text.view.names.output },
        { value: "atomization", label: text.view.names.atomization, disabled: !offered },
      ]}
      onChange=${(/** @type {import("../types.js").ContributionView} */ contributionView) => store.set({ contributionView })} />` : null}
    <${Choice} label=${text.unit.label} value=${state.unit} options=${ENERGY_UNITS.map((value) => ({ value, label: value }))}
      onChange=${(/** @type {import("../types.js").EnergyUnit} */ unit) => store.set({ unit })} />
    <${Choice} label=${text.labels.label} value=${shownLabels(state)}
      options=${Object.entries(text.labels.names).filter(([value]) => value !== "values" || hasAtomValues(state)).map(([value, label]) => ({ value, label }))}
      onChange=${(/** @type {import("../types.js").Labels} */ labels) => store.set({ labels })} />
    ${families.length > 1 ? html`<${Choice} label=${text.layout.label} value=${state.layout}
      options=${[
        { value: "both", label: text.layout.both },
        { value: "first", label: families[0] ?? "" },
        { value: "second", label: families[1] ?? "" },
      ]}
      onChange=${(/** @type {import("../types.js").Layout} */ layout) => store.set({ layout })} />` : null}
  </div>
  ${isChoiceOffered(state) ? html`<div class="training-choice"><${Choice} label=${text.choice.label} term="trainedOn" value=${state.trainedOn ?? ""} options=${choiceOptions(state)}
      onChange=${(/** @type {string} */ set) => actions.train(set || null)} /><p class="muted" aria-live="polite">${reason}</p></div>` : null}`;
}
