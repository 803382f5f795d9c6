/** What the numbers mean: the totals in words, the values of quantum chemistry beside them, and what arrows stand for. */
import { forceScale, forcesWanted, shownForces } from "../lib/arrows.js";
import { atomName } from "../lib/atoms.js";
import { html, useStore } from "../lib/html.js";
import { setName } from "../lib/choice.js";
import { meaningOf } from "../lib/meaning.js";
import { modelOf, predictionsOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { comparable } from "../lib/references.js";
import { isStill } from "../lib/fragment.js";
import { text } from "../lib/text.js";
import { decimals, localized, PER_EV, prettyNumber, withUnit } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function Meaning({ store }) {
  const state = useStore(store, (all) => all);
  const sentences = meaningOf(state);
  if (sentences.length === 0) return null;
  return html`<section class="summary meaning" aria-label=${text.reading.meaning.region}><h2>${text.reading.meaning.heading}</h2><p>${sentences.join(" ")}</p></section>`;
}

/** @param {import("../main.js").Parts} props */
export function ReferencePanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const [reference] = state.references ?? [];
  if (!reference || state.comparison) return null;
  const words = text.reading.reference;
  const shown = QUANTITIES[state.quantity].property ?? "energy";
  const value = shown === "energy" ? reference.energy : reference.dipole;
  const show = (/** @type {number} */ found, sign = false) => (shown === "energy" ? withUnit(found, "energy", state.unit, { sign }) : `${prettyNumber(found, decimals("D"), { sign })}\u00a0D`);
  const rows = predictionsOf(state, shown).slice(0, 2).map(({ model, prediction }) => ({ name: shortName(model), total: prediction.total, found: comparable(state, model, prediction), same: model.training_set === reference.training_set }));
  const [about, level] = [words.about(reference.set, reference.identifier), words.level(reference.level)];
  // what the rows say and what stands below them have one condition
  const verdict = !isStill(state) ? words.passing(reference.set)
    : rows.some(({ found }) => found) ? `${words.here(reference.set)} ${reference.part ? words.parts[reference.part] : ""}` : words.hereAlone(reference.set);
  return html`<section class="card quantum" aria-label=${words.region}>
    <h2>${words.heading}</h2>
    ${value === null ? html`<p class="muted probe-note">${words.none(reference.set, words.properties[shown])}</p>` : html`
    <div class="table-wide" tabindex="0"><table class="value-table"><caption class="visually-hidden">${words.table(words.properties[shown])}</caption>
      <thead><tr><th scope="col">${words.by}</th><th scope="col">${words.properties[shown]}</th><th scope="col">${text.reading.error}</th></tr></thead>
      <tbody>
        <tr><th scope="row">${about} <small class="muted">${level}</small></th><td>${show(value)}</td><td></td></tr>
        ${rows.map(({ name, total, found }) => html`<tr key=${name}><th scope="row">${name}</th><td>${show(total)}</td>${found ? html`<td>${show(found.error, true)}</td>` : html`<td class="muted">${words.notComparable}</td>`}</tr>`)}
      </tbody></table></div>`}
    ${reference.same_geometry ? html`<p class="muted probe-note">${verdict}</p>`
      : html`<p class="muted probe-note">${words.elsewhere(reference.set)}</p>
        <button type="button" class="quiet" onClick=${() => actions.explainStored(reference.molecule.id)}>${words.open(reference.set)}</button>`}
    ${rows.length > 0 && !rows.some(({ same }) => same) && reference.same_geometry && state.answers.some((answer) => modelOf(state.models, answer).training_set === reference.training_set)
      ? html`<button type="button" class="quiet" onClick=${() => actions.train(reference.training_set)}>${words.others(setName(reference.training_set))}</button>` : null}
    ${rows.some(({ same }) => !same) ? html`<p class="muted probe-note">${words.otherLevel[shown]}</p>` : null}
    <p class="muted probe-note">${words.source(reference.source, reference.licence)}</p>
  </section>`;
}

/** What an arrow in the picture stands for. @param {import("../main.js").Parts} props */
export function ArrowNote({ store }) {
  const state = useStore(store, (all) => all);
  if (!state.molecule) return null;
  const { notes } = text.reading.arrows;
  const dipole = state.quantity === "charges" && state.dipoleArrow !== "none" && predictionsOf(state, "dipole").some(({ prediction }) => prediction.vector);
  if (dipole && state.dipoleArrow !== "none") return html`<p class="arrow-note">${notes[state.dipoleArrow]} ${notes.dipoleScale}</p>`;
  if (!forcesWanted(state)) return null;
  const found = shownForces(state);
  if (found.length === 0) return html`<p class="arrow-note" aria-busy="true">${notes.loading}</p>`;
  const unit = `${state.unit}/Å`;
  const most = found.map(({ model, forces }) => {
    const sizes = forces.map((force) => Math.hypot(...force));
    const atom = sizes.indexOf(Math.max(...sizes));
    const prediction = state.predictions.find((one) => one.model === model);
    const name = prediction ? shortName(modelOf(state.models, prediction)) : model;
    return notes.largest(name, `${prettyNumber((sizes[atom] ?? 0) * PER_EV[state.unit], decimals(state.unit))}\u00a0${unit}`, atomName(state.molecule?.symbols[atom] ?? "", atom));
  });
  const atRest = found.some(({ model }) => !state.models.find(({ name }) => name === model)?.knows_displaced);
  return html`<p class="arrow-note">${atRest ? `${notes.atRest} ` : ""}${notes.forces(`${localized(String(Number(forceScale(state).toPrecision(3))))}\u00a0${unit}`, text.choice.list(most))}</p>`;
}
