/** The probe: its element, the level of the surface over the histogram of the field, and how it is drawn. */
import { HistogramChart } from "../charts/histogram.js";
import { Check, Choice, Problem, SliderValue } from "../lib/controls.js";
import { colorChoices, currentLevel, drawnLevels, drawnOpacity, fieldModels, isValued, levelKey, levelRange, probeElement, probeElements, shownFields, sliderStep, suggestedLevel } from "../lib/fields.js";
import { html, useId, useStore } from "../lib/html.js";
import { QUANTITIES, shortName } from "../lib/quantities.js";
import { levelScale, limitOf } from "../lib/scale.js";
import { elementName, text } from "../lib/text.js";
import { fromShown, prettyNumber, decimals, shownUnit, toShown, withUnit } from "../lib/units.js";

/** Part of the slider's range within which a level counts as the suggested one: a finer grid moves it a little. */
const SAME_LEVEL = 0.02;

/** @param {import("../main.js").Parts} props */
export function ProbePanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const { field } = QUANTITIES[state.quantity];
  if (!field || probeElements(state).length === 0) return null;
  const { probe } = state;
  const change = (/** @type {Partial<import("../types.js").Probe>} */ patch) => store.set({ probe: { ...store.get().probe, ...patch } });
  return html`<section class="card probe" aria-label=${text.probe.region}>
    <div class="probe-choices">
      <${Choice} label=${text.probe.element} term="probe" value=${probeElement(state)}
        options=${probeElements(state).map((value) => ({ value, label: `${value} · ${elementName(value)}` }))}
        onChange=${(/** @type {string} */ element) => change({ element })} />
      <${Choice} label=${text.probe.mode} term=${probe.mode === "isosurface" ? "isovalue" : probe.mode} value=${probe.mode}
        options=${Object.entries(text.probe.modes).map(([value, label]) => ({ value, label }))}
        onChange=${(/** @type {import("../types.js").ProbeMode} */ mode) => change({ mode })} />
    </div>
    ${probe.mode === "isosurface" ? html`<${LevelSlider} state=${state} store=${store} />` : html`<p class="muted probe-note">${probe.mode === "slice" ? text.slice.about : text.probe.envelope}</p>`}
    <div class="probe-drawing">
      <${Opacity} opacity=${drawnOpacity(state)} onChange=${(/** @type {number} */ opacity) => change(probe.mode === "slice" ? { slice: { ...probe.slice, opacity } } : { opacity })} />
      ${probe.mode === "isosurface" ? html`<${Choice} label=${text.probe.colorBy} value=${isValued(state) ? probe.by : "level"} options=${colorChoices(state)}
        onChange=${(/** @type {string} */ by) => change({ by })} />` : null}
      ${isValued(state) ? html`<${Choice} label=${text.probe.centre} value=${probe.centre}
        options=${Object.entries(text.probe.centres[field]).map(([value, label]) => ({ value, label }))}
        onChange=${(/** @type {import("../types.js").Centre} */ centre) => change({ centre })} />` : null}
      ${probe.mode === "isosurface" ? html`<${Check} label=${text.probe.bothSigns} checked=${probe.bothSigns} onChange=${(/** @type {boolean} */ bothSigns) => change({ bothSigns })} />` : null}
    </div>
    <p class="muted probe-note">${text.probe.relative[field]}</p>
    <${Problem} alert=${state.alert} place="probe" onDismiss=${actions.dismiss} />
  </section>`;
}

/** @param {{opacity: number, onChange: (opacity: number) => void}} props */
function Opacity({ opacity, onChange }) {
  const id = useId();
  return html`<div class="field slider-field"><label for=${id}>${text.probe.opacity}</label>
    <input id=${id} type="range" min="10" max="100" step="5" value=${Math.round(opacity * 100)} aria-valuetext=${`${Math.round(opacity * 100)} %`}
      onInput=${(/** @type {any} */ event) => onChange(Number(event.target.value) / 100)} /></div>`;
}

/** @param {{state: import("../types.js").State, store: import("../store.js").Store}} props */
function LevelSlider({ state, store }) {
  const id = useId();
  const dimension = QUANTITIES[state.quantity].field === "potential" ? "energy" : "charge";
  const level = currentLevel(state);
  const fields = shownFields(state);
  const range = levelRange(fields, level);
  const unit = shownUnit(dimension, state.unit);
  const show = (/** @type {number} */ value) => toShown(value, dimension, state.unit);
  const [low, high] = range ? [show(range.low), show(range.high)] : [-1, 1];
  const step = sliderStep(low, high);
  const snap = (/** @type {number} */ value) => Number((Math.round(value / step) * step).toPrecision(12));
  const digits = Math.max(decimals(unit) - 1, 0);

  /** @param {number} shown */
  function setLevel(shown) {
    const { probe } = store.get();
    const chosen = { value: fromShown(shown, dimension, state.unit), chosen: true };
    store.set({ probe: { ...probe, levels: { ...probe.levels, [levelKey(state)]: chosen } } });
  }

  const series = fieldModels(state).flatMap((model) => {
    const field = state.fields[model.name]?.field?.elements[probeElement(state)];
    return field ? [{ name: shortName(model), histogram: field.histogram }] : [];
  });
  const suggested = suggestedLevel(fields);
  return html`<div class="level">
    <div class="level-head"><label for=${id}>${text.probe.isovalue}</label>
      <${SliderValue} slider=${id}>${level === null ? "…" : `${prettyNumber(show(level), digits, { sign: true })} ${unit}`}<//>
      ${suggested !== null && level !== null && Math.abs(level - suggested) > SAME_LEVEL * (range ? range.high - range.low : 1) ? html`<button type="button" class="textual" onClick=${() => setLevel(show(suggested))}>${text.probe.suggested}: ${withUnit(suggested, dimension, state.unit, { sign: true, fewer: 1 })}</button>` : null}
    </div>
    <div class="level-chart">
      ${range && series.length > 0 ? html`<${HistogramChart} series=${series} low=${range.low} high=${range.high} limit=${limitOf(state, levelScale(state))} level=${level}
        levels=${level === null ? [] : drawnLevels(state, level)} label=${text.probe.histogram} onLevel=${(/** @type {number} */ value) => setLevel(snap(show(value)))} />` : html`<div class="histogram placeholder"></div>`}
      <input id=${id} type="range" disabled=${level === null} min=${snap(low)} max=${snap(high)} step=${step} value=${level === null ? 0 : snap(show(level))}
        aria-valuetext=${level === null ? "" : withUnit(level, dimension, state.unit)}
        onInput=${(/** @type {any} */ event) => setLevel(Number(event.target.value))} />
    </div>
    <div class="level-ends muted" aria-hidden="true"><span>${prettyNumber(low, digits, { sign: true })}</span>
      <span>${series.map(({ name }, i) => html`<span key=${name} class=${`series-key series-${i}`}>${name}</span>`)}</span>
      <span>${prettyNumber(high, digits, { sign: true })} ${unit}</span></div>
  </div>`;
}
