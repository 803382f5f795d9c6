/** The slice: how its plane lies, how far along, and what stands on it. */
import { contourLevels } from "../lib/contours.js";
import { Choice, SliderValue } from "../lib/controls.js";
import { fieldModels } from "../lib/fields.js";
import { html, useId, useStore } from "../lib/html.js";
import { panes } from "../lib/panes.js";
import { QUANTITIES } from "../lib/quantities.js";
import { limitOf } from "../lib/scale.js";
import { basePlane, facingCamera, offsetRange, throughAtoms } from "../lib/slice.js";
import { fieldDimension } from "../lib/sliced.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** Å */
const STEP = 0.05;

/** @param {import("../main.js").Parts} props */
export function SlicePanel({ store, stage }) {
  const state = useStore(store, (all) => all);
  const id = useId();
  const { molecule, probe: { mode, slice } } = state;
  const kind = QUANTITIES[state.quantity].field;
  if (!kind || !molecule || mode !== "slice") return null;
  const set = (/** @type {Partial<import("../types.js").Slice>} */ patch) => {
    const { probe } = store.get();
    store.set({ probe: { ...probe, slice: { ...probe.slice, ...patch } } });
  };
  const chosen = state.selected.flatMap((atom) => molecule.positions.slice(atom, atom + 1));
  const atoms = throughAtoms(chosen);
  const advice = adviceOn(chosen.length, atoms !== null, slice.orientation === "atoms");
  const orient = (/** @type {import("../types.js").Orientation} */ orientation) => {
    const camera = stage?.camera;
    if (orientation === "atoms" && atoms) set({ orientation, offset: 0, plane: atoms });
    else if (orientation === "camera" && camera) set({ orientation, offset: 0, plane: facingCamera(camera, molecule.positions) });
    else set({ orientation, offset: 0, plane: null });
  };
  const [field] = fieldModels(state).flatMap((model) => state.fields[model.name]?.field ?? []);
  const range = field ? offsetRange(field, basePlane(slice, molecule.positions)) : { low: 0, high: 0 };
  const [low, high] = [Math.ceil(range.low / STEP) * STEP, Math.floor(range.high / STEP) * STEP];
  const shown = `${prettyNumber(slice.offset, 2, { sign: true })} Å`;
  const again = slice.orientation === "camera" || (slice.orientation === "atoms" && atoms);
  return html`<section class="card slice" aria-label=${text.slice.region}>
    <div class="slice-plane">
      <${Choice} label=${text.slice.orientation} value=${slice.orientation} onChange=${orient}
        options=${Object.entries(text.slice.orientations).map(([value, label]) => ({
          value, label, disabled: (value === "atoms" && !atoms && slice.orientation !== "atoms") || (value === "camera" && !stage?.camera),
        }))} />
      ${again ? html`<button type="button" class="textual" onClick=${() => orient(slice.orientation)}>${text.slice.again[slice.orientation === "atoms" ? "atoms" : "camera"]}</button>` : null}
      ${advice ? html`<p class="muted probe-note">${advice}</p>` : null}
    </div>
    <div><div class="level-head"><label for=${id}>${text.slice.offset}</label><${SliderValue} slider=${id}>${shown}<//></div>
      <input id=${id} type="range" min=${low.toFixed(2)} max=${high.toFixed(2)} step=${STEP} value=${slice.offset} disabled=${!field} aria-valuetext=${shown}
        onInput=${(/** @type {any} */ event) => set({ offset: Number(event.target.value) })} /></div>
    <${Values} state=${state} dimension=${fieldDimension(state)} />
  </section>`;
}

/** @param {number} n atoms that are selected @param {boolean} plane whether one can go through them @param {boolean} taken whether such a one is shown @returns {string} what to do, or what is shown; "" for nothing */
function adviceOn(n, plane, taken) {
  if (!plane && n >= 3) return text.slice.onOneLine;
  if (taken) return plane && n > 3 ? text.slice.nearest(n) : "";
  return plane ? "" : text.slice.chooseAtoms;
}

/** What stands on the plane, in words: the step of the contours, and the values of each network. @param {{state: import("../types.js").State, dimension: import("../types.js").Dimension}} props */
function Values({ state, dimension }) {
  const unit = shownUnit(dimension, state.unit);
  const { step } = contourLevels(toShown(limitOf(state), dimension, state.unit));
  const digits = Math.max(0, decimals(unit) - 1);
  const ranges = panes(state).flatMap(({ title, model }) => {
    const [surface] = state.surfaces[model?.name ?? ""] ?? [];
    if (!surface?.sheet) return [];
    let [least, most] = [Infinity, -Infinity];
    for (const value of surface.mesh.values) [least, most] = [Math.min(least, value), Math.max(most, value)];
    const show = (/** @type {number} */ value) => prettyNumber(toShown(value, dimension, state.unit), digits, { sign: true });
    return [{ title, range: text.slice.range(show(least), show(most), unit) }];
  });
  return html`<p class="muted probe-note">${text.slice.contours(`${step} ${unit}`)}</p>
    <dl class="slice-values">${ranges.map(({ title, range }) => html`<div key=${title}><dt>${title}</dt><dd>${range}</dd></div>`)}</dl>`;
}
