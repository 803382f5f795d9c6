/**
 * Exporting: the picture, the atoms, the surfaces and fields shown, and the whole as a page that needs no server.
 *
 * @typedef {import("../actions/exports.js").SurfaceFormat} SurfaceFormat
 */
import { Check, Choice, Icon, Problem, useCard, useTyped } from "../lib/controls.js";
import { nameOf } from "../lib/comparison.js";
import { cover } from "../lib/covering.js";
import { differenceName, differenceSurfaces, isDifferenceShown } from "../lib/differences.js";
import { drawnQuantity, filedState, isFiled } from "../lib/exports.js";
import { fieldModels, isDrawn } from "../lib/fields.js";
import { onTheWay } from "../lib/live.js";
import { html, useEffect, useId, useRef, useState, useStore } from "../lib/html.js";
import { QUANTITIES, shortName } from "../lib/quantities.js";
import { text } from "../lib/text.js";

const EXPLANATION_FORMATS = /** @type {const} */ (["svg", "csv", "json", "extxyz"]);
const SURFACE_FORMATS = /** @type {const} */ (["glb", "stl", "csv"]);
const FIELD_FORMATS = /** @type {const} */ (["cube", "csv"]);
const SIZES = ["1", "2", "4"];
/** Pixels a side: what graphics processors draw at one time. */
const SIDE = Object.freeze({ least: 64, most: 8192 });

/** @param {import("../main.js").Parts} props */
export function Export({ store, actions }) {
  const { ready, share, alert } = useStore(store, (state) => ({ ready: state.molecule !== null, share: state.share, alert: state.alert }));
  const [open, setOpen] = useState(false);
  const id = useId();
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => (open && card.current ? cover(card.current) : undefined), [open]);
  useEffect(() => {
    if (share) setOpen(false);
  }, [share]);
  const toggle = () => {
    if (!open) actions.closeShare();
    setOpen(!open);
  };
  const { host, onKeyDown } = useCard(open, () => setOpen(false), true);
  return html`<div class="share" ref=${host} onKeyDown=${onKeyDown}>
    <button type="button" class="quiet export-open" aria-label=${text.export.button} title=${text.export.button} disabled=${!ready} aria-expanded=${open ? "true" : "false"} aria-controls=${open ? id : null} onClick=${toggle}>
      <${Icon} name="save" /><span>${text.export.button}</span></button>
    ${open ? html`<div id=${id} class="card link-card export-card" ref=${card} role="group" aria-label=${text.export.button}>
      <${PictureForm} actions=${actions} /><${AtomFiles} store=${store} actions=${actions} /><${FieldFiles} store=${store} actions=${actions} />
      <${PageFile} store=${store} actions=${actions} />
      <${Problem} alert=${alert} place="export" onDismiss=${actions.dismiss} />
    </div>` : null}
  </div>`;
}

/** @param {Pick<import("../main.js").Parts, "actions">} props */
function PictureForm({ actions }) {
  const [times, setTimes] = useState("2");
  const [size, setSize] = useState(() => scaled(actions.pictureSize(), 2));
  const [transparent, setTransparent] = useState(false);
  const [heading, setHeading] = useState(true);
  const choose = (/** @type {string} */ chosen) => {
    setTimes(chosen);
    if (chosen !== OWN) setSize(scaled(actions.pictureSize(), Number(chosen)));
  };
  const side = (/** @type {"width" | "height"} */ name) => html`<${Pixels} label=${text.files[name]} value=${size[name]} onChange=${(/** @type {number} */ value) => {
    setTimes(OWN);
    setSize({ ...size, [name]: value });
  }} />`;
  const fits = Object.values(size).every((pixels) => pixels >= SIDE.least && pixels <= SIDE.most);
  return html`<section><h3>${text.files.picture}</h3><div class="export-picture">
    <${Choice} label=${text.export.size} value=${times} options=${[...SIZES.map((value) => ({ value, label: text.export.times(value) })), ...(times === OWN ? [{ value: OWN, label: `${size.width} × ${size.height}` }] : [])]} onChange=${choose} />
    ${side("width")}${side("height")}
    <${Check} label=${text.export.transparent} checked=${transparent} onChange=${setTransparent} />
    <${Check} label=${text.export.heading} checked=${heading} onChange=${setHeading} />
    <button type="button" class="primary" disabled=${!fits} onClick=${() => actions.savePicture(size, { transparent, heading })}>${text.export.picture}</button>
  </div>${fits ? null : html`<p class="muted" role="status">${text.files.limits(SIDE.most)}</p>`}</section>`;
}

/** @param {Pick<import("../main.js").Parts, "store" | "actions">} props */
function PageFile({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { saving, saved } = useSaving();
  return html`<section><h3>${text.files.whole}</h3><div class="export-row"><p class="muted">${onTheWay(state) ? text.files.between : text.files.pageNote}</p>
      <button type="button" class="quiet" disabled=${onTheWay(state)} aria-disabled=${saving ? "true" : undefined} onClick=${() => saved(() => actions.savePage())}>${text.files.page}</button></div>
    <${Alone} state=${state} />
    <${Waiting} saving=${saving} state=${state} /></section>`;
}

/** One file after another: those that wait for a surface take their time. */
function useSaving() {
  const [saving, setSaving] = useState(false);
  /** @param {() => Promise<void>} save */
  const saved = (save) => {
    if (saving) return;
    setSaving(true);
    save().finally(() => setSaving(false));
  };
  return { saving, saved };
}

/** @param {{saving: boolean, state: import("../types.js").State}} props */
function Waiting({ saving, state }) {
  return html`<p class="muted" role="status">${saving && !isDrawn(state) ? text.files.waiting : ""}</p>`;
}

/** That of two molecules a file has the first. @param {{state: import("../types.js").State}} props */
function Alone({ state }) {
  return state.comparison && state.molecule ? html`<p class="muted">${text.files.alone(nameOf(state.molecule))}</p>` : null;
}

/** Stands for a size that is none of the multiples. */
const OWN = "own";

/** @param {{width: number, height: number}} size CSS pixels @param {number} times */
function scaled({ width, height }, times) {
  return { width: Math.round(width * times), height: Math.round(height * times) };
}

/** @param {{label: string, value: number, onChange: (value: number) => void}} props */
function Pixels({ label, value, onChange }) {
  const id = useId();
  const box = useTyped(value);
  return html`<div class="field pixels"><label for=${id}>${label}</label>
    <input id=${id} type="number" min=${SIDE.least} max=${SIDE.most} step="1" value=${box.value} onBlur=${box.leave} onInput=${(/** @type {any} */ event) => {
      box.type(event.target.value);
      onChange(Math.round(Number(event.target.value)));
    }} /></div>`;
}

/** @param {Pick<import("../main.js").Parts, "store" | "actions">} props */
function AtomFiles({ store, actions }) {
  const state = useStore(store, (all) => all);
  const filed = isFiled(state);
  return html`<section><h3>${text.files.atoms}</h3><div class="export-buttons">
    ${EXPLANATION_FORMATS.map((format) => html`<button key=${format} type="button" class="quiet" disabled=${!filed || (format === "svg" && drawnQuantity(filedState(state)) === null)}
      title=${text.files.formatsLong[format]} onClick=${() => actions.saveExplanation(format)}>${text.files.formats[format]}</button>`)}</div>
    <p class="muted">${filed ? text.files.atomsNote(Boolean(state.molecule?.cell), QUANTITIES[state.quantity].field !== null) : text.files.between}</p><${Alone} state=${state} /></section>`;
}

/** @param {{name: string, drawn: import("../types.js").Surface[], saving: boolean, onSave: (format: SurfaceFormat) => void}} props `drawn`: of the row's picture; without triangles there is no file */
function SurfaceButtons({ name, drawn, saving, onSave }) {
  const disabled = !drawn.some(({ mesh }) => mesh.indices.length > 0);
  return SURFACE_FORMATS.map((format) => html`<button key=${format} type="button" class="quiet" disabled=${disabled} aria-disabled=${saving ? "true" : undefined} title=${text.export.formats[format]}
    aria-label=${text.export.surfaceOf(name, format.toUpperCase())} onClick=${() => onSave(format)}>${format.toUpperCase()}</button>`);
}

/** @param {Pick<import("../main.js").Parts, "store" | "actions">} props */
function FieldFiles({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { saving, saved } = useSaving();
  if (state.molecule?.cell) return null; // no field is computed in a crystal
  if (!QUANTITIES[state.quantity].field) return html`<section><h3>${text.files.surfaces}</h3><p class="muted">${text.export.noField}</p></section>`;
  if (onTheWay(state)) return html`<section><h3>${text.files.surfaces}</h3><p class="muted">${text.files.between}</p></section>`;
  const sliced = state.probe.mode === "slice";
  return html`<section><h3>${text.files.surfaces}</h3><table class="export-files"><thead><tr><td></td><th scope="col">${text.export.surface}</th><th scope="col">${text.export.field}</th></tr></thead>
    <tbody>${fieldModels(state).map((shown) => {
      const { name } = shown;
      const drawn = state.surfaces[name] ?? [];
      return html`<tr key=${name}><th scope="row">${shortName(shown)}</th>
        <td><${SurfaceButtons} name=${shortName(shown)} drawn=${sliced ? [] : drawn} saving=${saving} onSave=${(/** @type {SurfaceFormat} */ format) => saved(() => actions.saveSurface(name, format))} /></td>
        <td>${FIELD_FORMATS.map((format) => html`<button key=${format} type="button" class="quiet" disabled=${!state.fields[name]?.field} aria-disabled=${saving ? "true" : undefined} title=${text.export.fieldFormats[format]}
          aria-label=${text.export.fieldOf(shortName(shown), format.toUpperCase())} onClick=${() => saved(() => actions.saveField(name, format))}>${format.toUpperCase()}</button>`)}</td></tr>`;
    })}${isDifferenceShown(state) ? html`<tr key="difference"><th scope="row">${differenceName(state)}</th>
        <td><${SurfaceButtons} name=${differenceName(state)} drawn=${sliced ? [] : differenceSurfaces(state)} saving=${saving} onSave=${(/** @type {SurfaceFormat} */ format) => saved(() => actions.saveDifference(format))} /></td><td></td></tr>` : null}</tbody></table>
    <p class="muted">${sliced ? text.export.sliceNote : text.export.note}</p><${Waiting} saving=${saving} state=${state} /></section>`;
}
