/** Relaxation: the button, the way downhill with its dial, and the curves of energy and contributions along it. */
import { CurveChart } from "../charts/curve.js";
import { atomName } from "../lib/atoms.js";
import { Choice, Explained, Problem, SliderValue } from "../lib/controls.js";
import { html, useId, useStore } from "../lib/html.js";
import { familyName, shortNameOf, shortSet } from "../lib/quantities.js";
import { followedAtoms, relaxer, relaxers, wayOf } from "../lib/relaxation.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown, withUnit } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function RelaxationPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const chosen = relaxer(state);
  const { relaxing, relaxation, alchemy } = state;
  if (!state.molecule || state.molecule.cell || !chosen || (state.opened && !relaxation) || state.comparison) return null;
  return html`<section class="card relaxation" aria-label=${text.relaxation.region}>
    <div class="headed"><h2>${text.relaxation.heading}</h2><${Explained} term="relaxation" /></div>
    <p class="muted probe-note">${text.relaxation.about}</p>
    <div class="relaxation-choices">
      <${Choice} label=${text.relaxation.by} value=${chosen.name}
        options=${relaxers(state).map(({ name, family, training_set: set }) => ({ value: name, label: text.relaxation.network(familyName(family), set ? shortSet(set) : name) }))}
        onChange=${(/** @type {string} */ name) => store.set({ relaxer: name })} />
      ${relaxing === null
        ? html`<button type="button" class="primary" disabled=${alchemy !== null} onClick=${() => actions.relax()}>${text.relaxation.button}</button>`
        : html`<button type="button" class="quiet" onClick=${actions.stopRelaxing}>${text.relaxation.stop}</button>`}
    </div>
    ${relaxing === null ? null : html`<progress max="1" value=${relaxing} aria-label=${text.relaxation.progress}></progress>`}
    ${relaxation ? html`<${Way} state=${state} relaxation=${relaxation} actions=${actions} />` : null}
    <${Problem} alert=${state.alert} place="relaxation" onDismiss=${actions.dismiss} />
  </section>`;
}

/**
 * @param {{state: import("../types.js").State, relaxation: import("../types.js").Relaxation, actions: import("../main.js").Actions}} props
 */
function Way({ state, relaxation, actions }) {
  const id = useId();
  const { answer, frame, playing } = relaxation;
  const { unit, molecule, selected } = state;
  const last = answer.energies.length - 1;
  const place = last > 0 ? frame / last : 1;
  const shown = shownUnit("energy", unit);
  const end = answer.energies[last] ?? 0;
  const model = shortNameOf(state.models, answer.model);
  const digits = decimals(shown);
  const above = answer.energies.map((energy) => toShown(energy - end, "energy", unit));
  const atoms = followedAtoms(answer, selected).map((atom) => ({
    name: atomName(molecule?.symbols[atom] ?? "", atom),
    values: answer.contributions.map((row) => toShown((row[atom] ?? 0) - (answer.contributions[0]?.[atom] ?? 0), "energy", unit)),
  }));
  const force = withUnit(answer.largest_forces[frame] ?? 0, "energy", unit);
  const lower = withUnit((answer.energies[0] ?? 0) - end, "energy", unit);
  return html`<div class="relaxation-way">
    <p class="relaxation-result">${text.relaxation.result(model, answer.steps, lower, prettyNumber(wayOf(answer), 2), answer.converged)}</p>
    <div class="level-head"><label for=${id}>${text.relaxation.step}</label><${SliderValue} slider=${id}>${text.relaxation.stepOf(frame, last)}<//>
      <button type="button" class="textual" onClick=${() => actions.playRelaxation()}>${playing ? text.relaxation.pause : text.relaxation.play}</button></div>
    <input id=${id} type="range" min="0" max=${last} step="1" value=${frame} aria-valuetext=${text.relaxation.stepText(frame, last, withUnit((answer.energies[frame] ?? 0) - end, "energy", unit), force)}
      onInput=${(/** @type {any} */ event) => actions.turnRelaxation(Number(event.target.value))} />
    <div class="level-ends muted" aria-hidden="true"><span>${text.relaxation.before}</span><span>${text.relaxation.force(force)}</span><span>${text.relaxation.relaxed}</span></div>
    <${CurveChart} series=${[{ name: text.relaxation.energy, values: above }]} at=${place} label=${text.relaxation.curve(model, shown)} />
    <div class="level-ends muted"><span class="series-key series-0">${text.relaxation.energy}</span><span>${prettyNumber(above[frame] ?? 0, digits, { sign: true })} ${shown}</span></div>
    <${CurveChart} series=${atoms} at=${place} label=${text.relaxation.atomCurve(atoms.map(({ name }) => name).join(", "), shown)} />
    <div class="level-ends muted">${atoms.map(({ name, values }, i) => html`<span key=${name} class=${`series-key series-${i}`}>${name} ${prettyNumber(values[frame] ?? 0, digits, { sign: true })}</span>`)}<span>${shown}</span></div>
    <p class="muted probe-note">${selected.length > 0 ? text.relaxation.selectedNote : text.relaxation.atomsNote}</p>
  </div>`;
}
