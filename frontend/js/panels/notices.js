/** Notices: what the page is doing, and what a reader must know before believing the numbers. */
import { Icon, Problem } from "../lib/controls.js";
import { describeMolecule } from "../lib/describe.js";
import { html, useEffect, useState, useStore } from "../lib/html.js";
import { probeElement } from "../lib/fields.js";
import { modelOf, QUANTITIES, shortName } from "../lib/quantities.js";
import { remarksOn } from "../lib/remarks.js";
import { elementName, text } from "../lib/text.js";
import { namesOf } from "../lib/comparison.js";
import { onTheWay, shownName } from "../lib/live.js";
import { createAnnouncer, seenOf } from "../lib/progress.js";

/** A sentence of two lines is read within it. */
const TOLD_MS = 8000;

/** @param {import("../main.js").Parts} props */
export function Status({ store }) {
  const { busy, done, told } = useStore(store, (state) => ({ busy: state.busy, done: state.done, told: state.told }));
  const [announced] = useState(createAnnouncer);
  useEffect(() => {
    const timer = told ? setTimeout(() => store.set({ told: "" }), TOLD_MS) : undefined;
    return () => clearTimeout(timer);
  }, [told]);
  const seen = busy !== null || (told !== "" && told === done);
  return html`<div class="status" data-busy=${busy !== null} data-seen=${seen}>
    ${seen ? html`<span class="status-seen" aria-hidden="true">${busy ? html`<i class="spinner"></i>` : null}<span>${busy ? seenOf(busy) : done}</span></span>` : null}
    <span class="visually-hidden" role="status">${announced(busy, done)}</span></div>`;
}

/** That the server is away, wherever one looks; the alert beside its cause has said it aloud. @param {import("../main.js").Parts} props */
export function Connection({ store }) {
  const offline = useStore(store, (state) => state.offline);
  return offline ? html`<div class="connection"><i class="spinner" aria-hidden="true"></i><span>${text.connection.lost}</span></div>` : null;
}

/** What went wrong, where the part of the page that it concerns is not drawn. @param {import("../main.js").Parts} props */
export function Problems({ store, actions }) {
  const alert = useStore(store, (state) => state.alert);
  return html`<${Problem} alert=${alert} place=${alert?.place ?? ""} onDismiss=${actions.dismiss} />`;
}

/** @param {import("../main.js").Parts} props */
export function Notices({ store, actions }) {
  const state = useStore(store, (all) => all);
  if (!state.molecule) return null;
  const changed = state.opened?.changed ?? [];
  const names = changed.map((name) => {
    const prediction = state.predictions.find(({ model }) => model === name);
    return prediction ? `${shortName(modelOf(state.models, prediction))} (${prediction.property})` : name;
  });
  const notes = remarksOn(state);
  if (notes.length === 0 && changed.length === 0) return null;
  return html`<ul class="notices">
    ${changed.length > 0 ? html`<li class="notice"><${Icon} name="info" /><p>${text.notice.changed(names.join(", "))} <button type="button" class="textual" onClick=${() => actions.recompute()}>${text.notice.recompute}</button></p></li>` : null}
    ${notes.map((note) => html`<li key=${note} class="notice"><${Icon} name="info" /><p>${note}</p></li>`)}
  </ul>`;
}

/** @param {import("../main.js").Parts} props */
export function Summary({ store }) {
  const state = useStore(store, (all) => all);
  if (!state.molecule) return null;
  const name = shownName(state);
  const sentences = text.summary;
  const { property, field } = QUANTITIES[state.quantity];
  const sentence = state.comparison ? text.comparison.summary(...namesOf(state.molecule, state.comparison.other)) : field && (state.quantity === "potential" || state.quantity === "probe_charge")
    ? sentences[state.quantity](name, elementName(probeElement(state)))
    : state.molecule.cell && property === "energy" ? sentences.crystal(name)
    : state.quantity === "pairs" ? (onTheWay(state) ? text.pairs.onTheWay : sentences.pairs(name)) : property === "energy" ? sentences.energy(name) : property === "dipole" ? sentences.dipole(name) : sentences.elements(name);
  return html`<section class="summary"><h2>${sentences.heading}</h2><p elementtiming="explanation">${sentence}</p><${InWords} state=${state} /></section>`;
}

/** The picture in words. @param {{state: import("../types.js").State}} props */
function InWords({ state }) {
  const [open, setOpen] = useState(false);
  return html`<details class="describe" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${text.spoken.heading}</summary>${open ? describeMolecule(state).map((said) => html`<p key=${said}>${said}</p>`) : null}</details>`;
}
