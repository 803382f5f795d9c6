/** The toolbar: what molecule this is, and which of its quantities is shown how. */
import { cellParameters } from "../lib/cell.js";
import { choiceOptions, choiceText, isChoiceOffered } from "../lib/choice.js";
import { Choice, Explained, Formula, Saying } from "../lib/controls.js";
import { html, useId, useState, useStore } from "../lib/html.js";
import { isComposition } from "../lib/atoms.js";
import { nameOf, networks, shownPlace } from "../lib/comparison.js";
import { differenceName } from "../lib/differences.js";
import { atomizationOffered, effectiveView, isOffered, predictionsOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { hasAtomValues, shownLabels } from "../lib/panes.js";
import { geometryText } from "../lib/geometry.js";
import { wayOf } from "../lib/live.js";
import { stepText } from "../lib/relaxation.js";
import { text } from "../lib/text.js";
import { ENERGY_UNITS, prettyNumber } from "../lib/units.js";
import { longDate } from "../lib/written.js";

/** What explains each quantity. @type {Readonly<Record<import("../types.js").Quantity, import("../lib/controls.js").Term | undefined>>} */
const TERMS = Object.freeze({ contributions: "contribution", pairs: "pair", charges: "charge", potential: "potential", probe_charge: "probeCharge", elements: undefined });

/** @param {import("../lib/cell.js").Cell} cell @returns {string} its lengths, its angles where they are not right, its volume */
function cellText(cell) {
  const { lengths, angles, volume } = cellParameters(cell);
  const skewed = angles.some((angle) => Math.abs(angle - 90) > 0.05);
  return text.crystal.cell(lengths.map((length) => prettyNumber(length, 2)).join(" × "), skewed ? angles.map((angle) => prettyNumber(angle, 1)).join("°, ") : null, prettyNumber(volume, 1));
}

/** @param {import("../main.js").Parts} props */
export function Title({ store }) {
  const shown = useStore(store, ({ molecule, opened, alchemy, relaxation }) => ({ molecule, opened, alchemy, relaxation }));
  const { molecule, opened } = shown;
  if (!molecule) return html`<div class="title"><h1>${text.tagline}</h1></div>`;
  const way = wayOf(shown);
  const stored = opened ? html`<span class="tag">${text.notice.stored(longDate(opened.created, text.date))}</span>` : null;
  if (way?.lambda === 1) {
    return html`<div class="title"><h1><${Saying} said=${way.to} formula=${way.formula} /></h1>${way.to === way.formula ? null : html`<${Formula} formula=${way.formula} />`}
      <${WayTag} way=${way} formula=${molecule.formula} />${stored}</div>`;
  }
  const geometry = stepText(shown.relaxation) ?? geometryText(molecule);
  return html`<div class="title">
    <h1>${isComposition(molecule) || !molecule.name ? html`<${Formula} formula=${molecule.name || molecule.formula} />` : text.molecule(molecule.name)}</h1>
    ${molecule.name ? html`<${Formula} formula=${molecule.formula} />` : null}
    ${molecule.smiles ? html`<code class="smiles" title=${molecule.smiles}>${molecule.smiles}</code>` : null}
    ${molecule.cell ? html`<span class="tag">${cellText(molecule.cell)}</span>` : null}
    ${geometry ? html`<span class="tagged"><span class="tag">${geometry}</span><${Explained} term="geometry" /></span>` : null}
    ${way ? html`<${WayTag} way=${way} formula=${molecule.formula} />` : null}
    ${stored}
  </div>`;
}

/** Where on its way to another the molecule is. @param {{way: import("../lib/live.js").Way, formula: string}} props `formula`: of the molecule at the beginning */
function WayTag({ way: { lambda, percent, from, formula: end }, formula }) {
  const [said, named] = lambda === 1 ? [text.alchemy.atEnd(from), formula] : [text.alchemy.onTheWay(end, percent), end];
  return html`<span class="tag"><span><${Saying} said=${said} formula=${named} /></span></span>`;
}

/** The same in one line, to be seen where `Title` is only read out. @param {import("../main.js").Parts} props */
export function Named({ store }) {
  const shown = useStore(store, ({ molecule, alchemy, relaxation }) => ({ molecule, alchemy, relaxation }));
  const { molecule } = shown;
  if (!molecule) return null;
  const way = wayOf(shown);
  const geometry = way?.lambda === 1 ? "" : (stepText(shown.relaxation) ?? geometryText(molecule));
  const [name, formula] = way?.lambda === 1 ? [way.to, way.formula] : [nameOf(molecule), molecule.formula];
  return html`<p class="embed-name" aria-hidden="true"><strong><${Saying} said=${name} formula=${formula} /></strong>${geometry ? html` <span class="muted">${geometry}</span>` : null}${way ? html` <${WayTag} way=${way} formula=${molecule.formula} />` : null}</p>`;
}

/** @param {import("../main.js").Parts} props */
export function Toolbar({ store }) {
  const state = useStore(store, (all) => all);
  const { property } = QUANTITIES[state.quantity];
  const families = property ? predictionsOf(state, property).slice(0, 2).map(({ model }) => shortName(model)) : [];
  const offered = atomizationOffered(state);
  const names = text.quantity.names;
  const [open, setOpen] = useState(false);
  const more = useId();
  return html`<div class="toolbar">
    <${Choice} label=${text.quantity.label} className="strong" term=${TERMS[state.quantity]} value=${state.quantity} title=${text.quantity.explained[state.quantity]}
      options=${Object.keys(QUANTITIES).map((value) => ({ value, label: names[/** @type {keyof typeof names} */ (value)],
        disabled: state.molecule !== null && !isOffered(state, /** @type {import("../types.js").Quantity} */ (value)) }))}
      onChange=${(/** @type {import("../types.js").Quantity} */ quantity) => store.set({ quantity, done: "" })} />
    ${state.quantity === "contributions" ? html`<${Choice} label=${text.view.label} term=${effectiveView(state) === "output" ? "reference" : "freeAtom"} value=${effectiveView(state)}
      title=${offered ? text.view.explained[effectiveView(state)] : text.view.none}
      options=${[
        { value: "output", label: text.view.names.output },
        { value: "atomization", label: text.view.names.atomization, disabled: !offered },
      ]}
      onChange=${(/** @type {import("../types.js").ContributionView} */ contributionView) => store.set({ contributionView })} />` : null}
    <button type="button" class="quiet toolbar-open" aria-expanded=${open} aria-controls=${more} onClick=${() => setOpen(!open)}>${text.moreChoices}</button>
    <div class="toolbar-more" id=${more} data-open=${open}>
    <${Choice} label=${text.unit.label} value=${state.unit} options=${ENERGY_UNITS.map((value) => ({ value, label: value }))}
      onChange=${(/** @type {import("../types.js").EnergyUnit} */ unit) => store.set({ unit })} />
    <${Choice} label=${text.labels.label} value=${shownLabels(state)}
      options=${Object.entries(text.labels.names).filter(([value]) => value !== "values" || hasAtomValues(state)).map(([value, label]) => ({ value, label }))}
      onChange=${(/** @type {import("../types.js").Labels} */ labels) => store.set({ labels })} />
    ${state.comparison ? html`<${Networks} state=${state} store=${store} />` : families.length > 1 ? html`<${Choice} label=${text.layout.label} value=${state.layout === "difference" && !differenceName(state) ? "both" : state.layout}
      options=${[
        { value: "both", label: text.layout.both },
        ...(differenceName(state) ? [{ value: "difference", label: text.comparison.withDifference }] : []),
        { value: "first", label: families[0] ?? "" },
        { value: "second", label: families[1] ?? "" },
      ]}
      onChange=${(/** @type {import("../types.js").Layout} */ layout) => store.set({ layout })} />` : null}
    <${Arrows} state=${state} store=${store} />
    </div>
  </div>`;
}

/** By the networks of which training set, and why. @param {import("../main.js").Parts} props */
export function TrainingChoice({ store, actions }) {
  const state = useStore(store, (all) => all);
  if (!isChoiceOffered(state) || state.comparison) return null;
  return html`<div class="training-choice">
    <${Choice} label=${text.choice.label} term="trainedOn" value=${state.trainedOn ?? ""} options=${choiceOptions(state)} onChange=${(/** @type {string} */ set) => actions.train(set || null)} />
    <p class="muted" aria-live="polite">${choiceText(state)}</p></div>`;
}

/** By which network two molecules are compared. @param {{state: import("../types.js").State, store: import("../store.js").Store}} props */
function Networks({ state, store }) {
  const known = networks(state);
  if (known.length === 0) return null;
  return html`<${Choice} label=${text.comparison.network} value=${shownPlace(state)}
    options=${known.map(({ model }, i) => ({ value: i === 0 ? "first" : "second", label: shortName(model) }))}
    onChange=${(/** @type {import("../types.js").Layout} */ layout) => store.set({ layout })} />`;
}

/** What is drawn as arrows. @param {{state: import("../types.js").State, store: import("../store.js").Store}} props */
function Arrows({ state, store }) {
  const { label, dipoleLabel, dipole, forces, none } = text.reading.arrows;
  if (!state.molecule || state.molecule.cell) return null;
  if (state.quantity === "charges") {
    return html`<${Choice} label=${dipoleLabel} value=${state.dipoleArrow} options=${[...Object.entries(dipole).map(([value, name]) => ({ value, label: name })), { value: "none", label: none }]}
      onChange=${(/** @type {import("../types.js").DipoleArrow} */ dipoleArrow) => store.set({ dipoleArrow })} />`;
  }
  // a saved page has those that were put into it
  const held = state.kept === null || Object.keys(state.forces).length > 0;
  if (state.quantity !== "contributions" || state.comparison || !held) return null;
  return html`<${Choice} label=${label} value=${state.showForces ? "forces" : "none"} options=${[{ value: "none", label: none }, { value: "forces", label: forces }]}
    onChange=${(/** @type {string} */ value) => store.set({ showForces: value === "forces" })} />`;
}
