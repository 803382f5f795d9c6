/** Exporting: the picture, and the surfaces and fields in it, as files of other programs. */
import { Check, Choice, Icon, Problem } from "../lib/controls.js";
import { fieldModels } from "../lib/fields.js";
import { html, useEffect, useId, useRef, useState, useStore } from "../lib/html.js";
import { QUANTITIES, shortName } from "../lib/quantities.js";
import { text } from "../lib/text.js";

const SURFACE_FORMATS = /** @type {const} */ (["glb", "stl", "csv"]);
const FIELD_FORMATS = /** @type {const} */ (["cube", "csv"]);
const SIZES = ["1", "2", "4"];

/** @param {import("../main.js").Parts} props */
export function Export({ store, actions }) {
  const { ready, share, alert } = useStore(store, (state) => ({ ready: state.molecule !== null, share: state.share, alert: state.alert }));
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (share) setOpen(false);
  }, [share]);
  const toggle = () => {
    if (!open) actions.closeShare();
    setOpen(!open);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return html`<div class="share" onKeyDown=${onKeyDown}>
    <button type="button" class="quiet export-open" ref=${button} aria-label=${text.export.button} title=${text.export.button} disabled=${!ready} aria-expanded=${open ? "true" : "false"} aria-controls=${open ? id : null} onClick=${toggle}>
      <${Icon} name="save" /><span>${text.export.button}</span></button>
    ${open ? html`<div id=${id} class="card link-card export-card" role="group" aria-label=${text.export.button}>
      <${PictureForm} actions=${actions} /><${FieldFiles} store=${store} actions=${actions} />
      <${Problem} alert=${alert} place="export" onDismiss=${actions.dismiss} />
    </div>` : null}
  </div>`;
}

/** @param {Pick<import("../main.js").Parts, "actions">} props */
function PictureForm({ actions }) {
  const [size, setSize] = useState("2");
  const [transparent, setTransparent] = useState(false);
  return html`<div class="export-picture">
    <${Choice} label=${text.export.size} value=${size} options=${SIZES.map((value) => ({ value, label: text.export.times(value) }))} onChange=${setSize} />
    <${Check} label=${text.export.transparent} checked=${transparent} onChange=${setTransparent} />
    <button type="button" class="primary" onClick=${() => actions.savePicture(Number(size), transparent)}>${text.export.picture}</button>
  </div>`;
}

/** @param {Pick<import("../main.js").Parts, "store" | "actions">} props */
function FieldFiles({ store, actions }) {
  const state = useStore(store, (all) => all);
  if (!QUANTITIES[state.quantity].field) return html`<p class="muted">${text.export.noField}</p>`;
  return html`<table class="export-files"><thead><tr><td></td><th scope="col">${text.export.surface}</th><th scope="col">${text.export.field}</th></tr></thead>
    <tbody>${fieldModels(state).map((shown) => {
      const { name } = shown;
      const model = shortName(shown);
      const noSurface = !(state.surfaces[name] ?? []).some(({ mesh }) => mesh.indices.length > 0);
      return html`<tr key=${name}><th scope="row">${model}</th>
        <td>${SURFACE_FORMATS.map((format) => html`<button key=${format} type="button" class="quiet" disabled=${noSurface} title=${text.export.formats[format]}
          aria-label=${text.export.surfaceOf(model, format.toUpperCase())} onClick=${() => actions.saveSurface(name, format)}>${format.toUpperCase()}</button>`)}</td>
        <td>${FIELD_FORMATS.map((format) => html`<button key=${format} type="button" class="quiet" disabled=${!state.fields[name]?.field} title=${text.export.fieldFormats[format]}
          aria-label=${text.export.fieldOf(model, format.toUpperCase())} onClick=${() => actions.saveField(name, format)}>${format.toUpperCase()}</button>`)}</td></tr>`;
    })}</tbody></table>
    <p class="muted">${text.export.note}</p>`;
}
