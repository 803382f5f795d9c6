/** The atlas: the selected atom among the atoms of the test molecules, and the training molecules with atoms like it. */
import { Strip } from "../charts/strip.js";
import { atlasAtom, drawn, isAtlasOffered, predictionOf, rowsOf, shiftOf } from "../lib/atlas.js";
import { atomName } from "../lib/atoms.js";
import { elementColor } from "../lib/color.js";
import { Choice, Explained, Formula, Problem } from "../lib/controls.js";
import { html, useLayoutEffect, useRef, useState, useStore } from "../lib/html.js";
import { dimensionOf, effectiveView, modelOf, predictionsOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { elementName, text } from "../lib/text.js";
import { countText, decimals, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** Å around the atoms of a training molecule. */
const MARGIN = 0.9;

/** @param {import("../main.js").Parts} props */
export function AtlasPanel({ store, actions, reference }) {
  const state = useStore(store, (all) => all);
  const [chosen, setChosen] = useState("");
  const [shown, setShown] = useState(/** @type {string | null} */ (null));
  const { property } = QUANTITIES[state.quantity];
  if (!isAtlasOffered(state) || QUANTITIES[state.quantity].field || state.quantity === "pairs" || !property) return null;
  const offered = (state.surroundings?.found ?? []).filter((found) => predictionOf(state, found)?.property === property);
  const found = offered.find(({ model }) => model === chosen) ?? offered[0];
  const atom = atlasAtom(state);
  const families = offered.map(({ model }) => ({ value: model, label: family(state, model) }));
  return html`<section class="card atlas" aria-label=${text.atlas.region}>
    <div class="headed"><h2>${text.atlas.heading}</h2><${Explained} term="environment" /></div>
    <${Problem} alert=${state.alert} place="atlas" onDismiss=${actions.dismiss} />
    ${atom === null ? html`<p class="muted probe-note">${text.atlas.choose}</p>` : null}
    ${atom !== null && found && found.atom === atom ? html`
      ${families.length > 1 ? html`<${Choice} label=${text.atlas.network} value=${found.model} options=${families} onChange=${setChosen} />` : null}
      <${Distribution} state=${state} found=${found} onChoose=${(/** @type {number} */ other) => store.set({ selected: [other] })} />
      <${Nearest} state=${state} found=${found} shown=${shown} onShow=${setShown} stage=${reference} />` : null}
    ${property === "energy" ? html`<${Rings} state=${state} onOpen=${() => actions.loadRings()} />` : null}
  </section>`;
}

/** @param {import("../types.js").State} state @param {string} model @returns {string} */
function family(state, model) {
  const prediction = state.predictions.find((one) => one.model === model);
  return prediction ? shortName(modelOf(state.models, prediction)) : model;
}

/**
 * @param {{state: import("../types.js").State, found: import("../types.js").Surroundings, onChoose: (atom: number) => void}} props
 */
function Distribution({ state, found, onChoose }) {
  const { molecule, unit } = state;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const ready = `${found.model} ${found.element}` in state.distributions;
  // the atom's own environment may lie below what is seen of the list
  useLayoutEffect(() => {
    const row = /** @type {HTMLElement | null} */ (list.current?.querySelector("tr.own") ?? null);
    if (list.current && row) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  }, [found, ready]);
  const prediction = predictionOf(state, found);
  const distribution = state.distributions[`${found.model} ${found.element}`];
  if (!molecule || !prediction || !distribution) return null;
  const model = modelOf(state.models, prediction);
  const dimension = dimensionOf(model.property);
  const shift = shiftOf(state, model, prediction, found.atom);
  const here = shownUnit(dimension, unit);
  const number = (/** @type {number} */ value) => prettyNumber(toShown(value + shift, dimension, unit), Math.max(0, decimals(here) - 1), { sign: true });
  const rows = rowsOf(distribution, molecule, found, prediction.contributions);
  const name = (/** @type {number} */ atom) => text.atlas.mark(atomName(molecule.symbols[atom] ?? "", atom), withUnit((prediction.contributions[atom] ?? 0) + shift, dimension, unit, { sign: true }));
  const { edges } = distribution;
  const group = found.groups[found.atom] ?? "";
  const size = rows.find((row) => row.name === group)?.n ?? 0;
  const ticks = [edges[0] ?? 0, ((edges[0] ?? 0) + (edges.at(-1) ?? 0)) / 2, edges.at(-1) ?? 0];
  const sentences = [
    text.atlas.where(name(found.atom), text.environment(group)),
    found.percentile === null ? "" : text.atlas.percentile(found.percentile, distribution.n, elementName(found.element)),
    found.group_percentile === null ? text.atlas.unknownGroup : text.atlas.groupPercentile(found.group_percentile, size),
  ];
  return html`<p class="probe-note">${sentences.join(" ")} <${Explained} term="percentile" /></p>
    <div class="atlas-rows" tabindex="0" role="group" ref=${list} aria-label=${text.atlas.table(elementName(found.element))}>
    <table><caption class="visually-hidden">${text.atlas.table(elementName(found.element))}</caption>
      <thead><tr><th scope="col">${text.atlas.environment}</th><th scope="col" class="number">${text.atlas.count}</th>
        <th scope="col" class="strip-head"><span class="visually-hidden">${text.atlas.spread(here)}</span>
          <span class="strip-ticks" aria-hidden="true">${ticks.map((value, i) => html`<span key=${i}>${number(value)}</span>`)}</span></th>
        <th scope="col" class="number">${text.atlas.median(here)}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.name} class=${row.name === group ? "own" : ""}>
        <th scope="row">${text.environment(row.name)}</th><td class="number">${countText(row.n)}</td>
        <td><${Strip} row=${row} edges=${edges} name=${name} onChoose=${onChoose} /></td>
        <td class="number">${row.n === 0 ? text.atlas.none : number(row.median)}</td></tr>`)}</tbody>
    </table></div>
    <p class="muted probe-note">${text.atlas.about(distribution.n, elementName(found.element), distribution.molecules, text.card(distribution.data))} ${effectiveView(state) === "atomization" && dimension === "energy" ? text.view.explained.atomization : ""}</p>`;
}

/**
 * @param {{state: import("../types.js").State, found: import("../types.js").Surroundings, shown: string | null,
 *   onShow: (neighbour: string | null) => void, stage: import("../stage.js").Stage | null}} props
 */
function Nearest({ state, found, shown, onShow, stage }) {
  const prediction = predictionOf(state, found);
  if (!prediction) return null;
  const model = modelOf(state.models, prediction);
  const shift = shiftOf(state, model, prediction, found.atom);
  const value = (/** @type {number} */ contribution) => withUnit(contribution + shift, dimensionOf(model.property), state.unit, { sign: true, fewer: 1 });
  // by name: the same place among the neighbours of another atom, or by another network, is another molecule's
  const nameOf = (/** @type {import("../types.js").Neighbour} */ { molecule, atom }) => `${molecule.id} ${atom}`;
  const open = found.nearest.find((neighbour) => nameOf(neighbour) === shown);
  return html`<h3>${text.atlas.nearest}</h3>
    <ol class="neighbours">${found.nearest.map((neighbour) => ({ ...neighbour, own: nameOf(neighbour) })).map(({ molecule, atom, group, distance, contribution, own }) => html`<li key=${own}>
      <button type="button" class="neighbour" aria-pressed=${shown === own} onClick=${() => onShow(shown === own ? null : own)}>
        <span><strong>${atomName(molecule.symbols[atom] ?? "", atom)}</strong> ${text.atlas.of} <${Formula} formula=${molecule.formula} /> <span class="muted">${molecule.id}</span></span>
        <span class="neighbour-value">${value(contribution)}</span>
        <span class="muted">${text.environment(group)}</span><span class="muted neighbour-value">${text.atlas.distance(prettyNumber(distance, 2))}</span>
      </button></li>`)}</ol>
    ${open ? html`<${Reference} neighbour=${open} stage=${stage} onClose=${() => onShow(null)} />` : html`<p class="muted probe-note">${text.atlas.show}</p>`}`;
}

/** A training molecule in a small picture of its own. @param {{neighbour: import("../types.js").Neighbour, stage: import("../stage.js").Stage | null, onClose: () => void}} props */
function Reference({ neighbour: { molecule, atom }, stage, onClose }) {
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const [broken, setBroken] = useState(false);
  useLayoutEffect(() => {
    if (!stage || !host.current) return undefined;
    try {
      stage.attach("reference", host.current);
    } catch (error) {
      console.error(error);
      setBroken(true);
    }
    return () => stage.detach("reference");
  }, [stage]);
  useLayoutEffect(() => {
    if (!stage || broken) return;
    const labels = molecule.symbols.map((symbol, i) => (i === atom ? atomName(symbol, i) : ""));
    stage.show("reference", {
      molecule: drawn(molecule), atomColors: molecule.symbols.map(elementColor), stickColor: null, labels, lines: null, surfaces: [], surfaceColor: () => [0, 0, 0],
      levelColor: () => [0, 0, 0], zeroAt: "zero", opacity: 1, limit: 1, contours: null, notes: [], pin: null, grip: null, arrows: [], shared: null, apart: [],
    });
    stage.setMargin(MARGIN);
    stage.mark([], [atom]);
    stage.lookAtNew();
  }, [stage, broken, molecule, atom]);
  return html`<figure class="reference">
    <div class="reference-view" ref=${host} tabindex="0" role="application" aria-label=${text.atlas.picture(molecule.id, molecule.formula, atomName(molecule.symbols[atom] ?? "", atom))}></div>
    ${broken ? html`<p class="notice">${text.errors.noWebgl}</p>` : null}
    <figcaption class="muted">${molecule.id === molecule.smiles ? null : `${molecule.id} · `}<code>${molecule.smiles}</code>
      <button type="button" class="textual" onClick=${onClose}>${text.atlas.close}</button></figcaption>
  </figure>`;
}

/** @param {{state: import("../types.js").State, onOpen: () => void}} props */
function Rings({ state, onOpen }) {
  const models = predictionsOf(state, "energy").filter(({ model }) => model.name in state.rings);
  // references of elements are zeros of their own: rings of different elements are compared against free atoms where those are known
  const free = models.every(({ model }) => state.rings[model.name]?.rings.every(({ versus_free_atoms: against }) => against !== null));
  const unit = shownUnit("energy", state.unit);
  const value = (/** @type {import("../types.js").Ring | undefined} */ ring) => (free ? ring?.versus_free_atoms : ring?.contribution) ?? null;
  const names = [...(state.rings[models[0]?.model.name ?? ""]?.rings ?? [])].sort((a, b) => (value(a) ?? 0) - (value(b) ?? 0));
  const cell = (/** @type {string} */ model, /** @type {string} */ name) => {
    const found = value(state.rings[model]?.rings.find((ring) => ring.name === name));
    return found === null ? text.atlas.none : prettyNumber(toShown(found, "energy", state.unit), Math.max(0, decimals(unit) - 1), { sign: true });
  };
  return html`<details class="rings" onToggle=${(/** @type {any} */ event) => event.target.open && onOpen()}>
    <summary>${text.atlas.rings}</summary>
    <p class="muted probe-note">${text.atlas.aboutRings} ${text.view.explained[free ? "atomization" : "output"]}</p>
    ${names.length === 0 ? null : html`<div class="pairs-list" tabindex="0" role="group" aria-label=${text.atlas.rings}><table>
      <caption class="visually-hidden">${text.atlas.rings}</caption>
      <thead><tr><th scope="col">${text.atlas.ring}</th>${models.map(({ model }) => html`<th key=${model.name} scope="col">${shortName(model)}, ${unit}</th>`)}</tr></thead>
      <tbody>${names.map(({ name, geometry }) => html`<tr key=${name}><td><a href=${`/?q=${encodeURIComponent(name)}`}>${text.environment(name)}</a> <small class="muted">${geometry.replace(/^.*(?= )/, text.card)}</small></td>
        ${models.map(({ model }) => html`<td key=${model.name}>${cell(model.name, name)}</td>`)}</tr>`)}</tbody>
    </table></div>`}
  </details>`;
}
