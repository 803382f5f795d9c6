/**
 * The gallery page: the potential of four probes on the envelopes of five molecules side by side, as the literature's figure
 * has them (Nature Commun. 8, 13890 (2017)). All pictures have one scale of length and of colour, and turn together.
 *
 * @typedef {import("../types.js").Gallery} GalleryData
 */
import { ScaleBar } from "../charts/scalebar.js";
import { Choice, Explained, Formula, Problem } from "../lib/controls.js";
import { outdated } from "../lib/gallery.js";
import { html, useLayoutEffect, useMemo, useRef, useState, useStore } from "../lib/html.js";
import { familyName } from "../lib/quantities.js";
import { envelopeAddress } from "../lib/route.js";
import { DEFAULT_LIMITS } from "../lib/scale.js";
import { elementName, text } from "../lib/text.js";
import { decimals, ENERGY_UNITS, prettyNumber, toShown } from "../lib/units.js";
import { NO_WEBGL } from "../envelopes.js";
import { Sheet } from "../sheet.js";

/** @param {import("../main.js").Parts} props */
export function Gallery({ store, actions }) {
  const { gallery, models, unit, alert, probe } = useStore(store, (all) => all);
  const [chosen, setChosen] = useState("schnet");
  const model = gallery?.models.find(({ family }) => family === chosen) ?? gallery?.models[0];
  const { centre } = probe;
  const limit = DEFAULT_LIMITS[centre === "median" ? "potential_median" : "potential"];
  const show = (/** @type {number} */ value) => toShown(value, "energy", unit);
  const old = gallery ? outdated(gallery, models) : [];
  return html`<main class="gallery">
    <div class="card gallery-head">
      <h1>${text.gallery.heading}</h1>
      <p class="muted">${text.gallery.about} <${Explained} term="potential" /><${Explained} term="envelope" /></p>
      <div class="gallery-controls">
        <${Choice} label=${text.gallery.network} value=${model?.family ?? chosen} onChange=${setChosen}
          options=${(gallery?.models ?? []).map(({ family }) => ({ value: family, label: familyName(family) }))} />
        <${Choice} label=${text.probe.centre} value=${centre} onChange=${(/** @type {import("../types.js").Centre} */ to) => store.set({ probe: { ...probe, centre: to } })}
          options=${Object.entries(text.probe.centres.potential).map(([value, label]) => ({ value, label }))} />
        <${Choice} label=${text.unit.label} value=${unit} onChange=${(/** @type {import("../types.js").EnergyUnit} */ to) => store.set({ unit: to })}
          options=${ENERGY_UNITS.map((value) => ({ value, label: value }))} />
        <div class="gallery-scale" role="group" aria-label=${text.legend.label}>
          <strong>${centre === "median" ? text.legend.centred(text.gallery.quantity) : text.gallery.quantity}, ${unit}</strong>
          <${ScaleBar} limit=${show(limit)} unit=${unit} label=${text.gallery.quantity} values=${[]} marked=${[]} />
        </div>
      </div>
      <${Problem} alert=${alert} place="gallery" onDismiss=${actions.dismiss} />
      ${old.length > 0 ? html`<p class="notice">${text.gallery.outdated(old.join(", "))}</p>` : null}
    </div>
    ${gallery && model ? html`<${Pictures} gallery=${gallery} model=${model} centre=${centre} limit=${limit} unit=${unit} />` : null}
  </main>`;
}

/**
 * @param {{gallery: GalleryData, model: GalleryData["models"][number], centre: import("../types.js").Centre, limit: number,
 *   unit: import("../types.js").EnergyUnit}} props `limit`: eV
 */
function Pictures({ gallery, model, centre, limit, unit }) {
  const table = useRef(/** @type {HTMLElement | null} */ (null));
  const sheet = useMemo(makeSheet, []);
  useLayoutEffect(() => {
    if (!sheet || !table.current) return;
    for (const canvas of table.current.querySelectorAll("canvas")) sheet.attach(canvas.dataset.cell ?? "", canvas);
    sheet.listen(table.current);
  }, [sheet, gallery]);
  useLayoutEffect(() => {
    const shown = gallery.molecules.flatMap((molecule) => gallery.elements.map((element) => {
      const { values, median } = molecule.values[model.name]?.[element] ?? NOTHING;
      return /** @type {const} */ ([`${molecule.name} ${element}`, { molecule, values, zero: centre === "median" ? median : 0 }]);
    }));
    sheet?.show(new Map(shown), limit);
  }, [sheet, gallery, model, centre, limit]);
  return html`${sheet ? null : html`<p class="notice">${text.errors.noWebgl}</p>`}
  <div class="card gallery-table" role="table" tabindex="0" aria-label=${text.gallery.table(familyName(model.family), unit)} ref=${table}>
    <div role="row" class="gallery-row gallery-elements"><span role="columnheader">${text.gallery.molecule}</span>
      ${gallery.elements.map((element) => html`<span key=${element} role="columnheader">${text.gallery.probe(element)} <span class="muted">${elementName(element)}</span></span>`)}</div>
    ${gallery.molecules.map((molecule) => html`<div key=${molecule.name} role="row" class="gallery-row">
      <span role="rowheader">${text.molecule(molecule.name)} <span class="muted"><${Formula} formula=${molecule.formula} /></span></span>
      ${gallery.elements.map((element) => html`<${Cell} key=${element} molecule=${molecule} element=${element} found=${molecule.values[model.name]?.[element] ?? NOTHING} unit=${unit} />`)}</div>`)}
  </div>`;
}

/** Of a probe that a model does not know. */
const NOTHING = { minimum: 0, median: 0, maximum: 0, values: new Float32Array() };

/**
 * @param {{molecule: import("../types.js").GalleryMolecule, element: string, found: typeof NOTHING,
 *   unit: import("../types.js").EnergyUnit}} props
 */
function Cell({ molecule, element, found, unit }) {
  const number = (/** @type {number} */ value) => prettyNumber(toShown(value, "energy", unit), Math.max(0, decimals(unit) - 1), { sign: true });
  const [low, middle, high] = [number(found.minimum), number(found.median), number(found.maximum)];
  return html`<span role="cell" class="gallery-cell"><canvas data-cell=${`${molecule.name} ${element}`} aria-hidden="true"></canvas>
    <a href=${envelopeAddress(molecule.name, element)} aria-label=${text.gallery.cell(molecule.name, element, low, high, middle, unit)}><span>${low} …</span> <span>${high}</span></a>
    <span class="muted">${text.gallery.median(middle)}</span></span>`;
}

/** @returns {Sheet | null} null: the browser draws nothing in three dimensions */
function makeSheet() {
  try {
    return new Sheet();
  } catch (error) {
    if (error instanceof Error && error.message === NO_WEBGL) return null;
    throw error;
  }
}
