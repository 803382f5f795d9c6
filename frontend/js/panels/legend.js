/** The legend: the scale of the picture with its unit and limits, held for all molecules unless it is fitted. */
import { ScaleBar } from "../charts/scalebar.js";
import { elementColor } from "../lib/color.js";
import { Check, useTyped } from "../lib/controls.js";
import { html, useEffect, useId, useState, useStore } from "../lib/html.js";
import { isCentred, legendName, levelKeys, zeroTexts } from "../lib/legend.js";
import { panes, shownLabels, valueAt } from "../lib/panes.js";
import { shownName } from "../lib/fields.js";
import { QUANTITIES } from "../lib/quantities.js";
import { coloredValues, dimensionOfScale, limitDecimals, limitOf, roundedLimit, shownScale } from "../lib/scale.js";
import { elementName, text } from "../lib/text.js";
import { fromShown, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function Legend({ store, stage }) {
  const state = useStore(store, (all) => all);
  if (!state.molecule) return null;
  const key = shownScale(state);
  return html`<div class="legend" role="group" aria-label=${text.legend.label}>
    ${key ? html`<${ValueLegend} state=${state} scale=${key} store=${store} />` : null}
    ${!key || key === "pairs" || QUANTITIES[state.quantity].field ? html`<${ElementLegend} symbols=${state.molecule.symbols} />` : null}
    ${shownLabels(state) === "none" ? null : html`<${LeftOut} labels=${shownLabels(state)} stage=${stage} table=${state.route.page !== "embed"} />`}
  </div>`;
}

/**
 * How many labels the pictures have no place for. Its line is kept free, so that nothing moves when it comes and goes.
 *
 * @param {{labels: import("../types.js").Labels, stage: import("../stage.js").Stage | null, table: boolean}} props `table`: whether the page has one
 */
function LeftOut({ labels, stage, table }) {
  const [count, setCount] = useState(0);
  useEffect(() => stage?.onLabels(setCount), [stage]);
  return html`<p class="left-out muted">${count === 0 ? null : labels === "values" ? text.legend.numbersLeftOut(count, table) : text.legend.namesLeftOut(count)}</p>`;
}

/** @param {{symbols: string[]}} props */
function ElementLegend({ symbols }) {
  return html`<ul class="element-legend" aria-label=${text.legend.elements}>
    ${[...new Set(symbols)].sort().map((symbol) => html`<li key=${symbol}><i style=${{ background: elementColor(symbol) }}></i>${symbol}
      <span class="muted">${elementName(symbol)}</span></li>`)}
  </ul>`;
}

/**
 * @param {{state: import("../types.js").State, scale: import("../types.js").ScaleKey, store: import("../store.js").Store}} props
 */
function ValueLegend({ state, scale, store }) {
  const dimension = dimensionOfScale(scale);
  const unit = shownUnit(dimension, state.unit);
  const show = (/** @type {number} */ value) => toShown(value, dimension, state.unit);
  const limit = limitOf(state);
  const surface = QUANTITIES[state.quantity].field !== null;
  const beyond = coloredValues(state).filter((value) => Math.abs(value) > limit * (1 + 1e-9)).length;
  const pointed = state.hover;
  const marked = pointed === null || surface || scale === "pairs" ? [] : panes(state).flatMap((pane) => {
    const value = valueAt(pane, pointed);
    return value === null ? [] : [{ value: show(value), name: pane.difference ? text.comparison.delta : pane.title }];
  });
  const values = surface ? [] : coloredValues(state).map(show);
  const centred = isCentred(scale);
  const ends = centred ? [text.legend.below, text.legend.above]
    : dimension === "energy" ? [text.legend.stabilizing, text.legend.destabilizing]
    : [text.legend.negative, text.legend.positive];
  const zeros = zeroTexts(state);
  const levels = levelKeys(state);
  return html`<div class="value-legend">
    <div class="legend-ends"><span>${ends[0]}</span><strong>${legendName(state)}</strong><span>${ends[1]}</span></div>
    <${ScaleBar} limit=${show(limit)} unit=${unit} label=${shownName(state)} values=${values} marked=${marked} />
    ${levels.length > 0 ? html`<ul class="element-legend level-keys">${levels.map(({ color, value, stronger }) => html`<li key=${value}><i style=${{ background: color }}></i>${text.legend.isosurface(value)}
      ${stronger ? html`<span class="muted">${text.legend.stronger}</span>` : null}</li>`)}</ul>` : null}
    <div class="legend-controls">
      <${LimitBox} state=${state} scale=${scale} store=${store} limit=${show(limit)} unit=${unit} dimension=${dimension} />
      <${Check} label=${text.legend.fit(Boolean(state.molecule?.cell))} checked=${state.fit} onChange=${(/** @type {boolean} */ fit) => store.set({ fit })} />
      ${zeros ? html`<span class="muted">${text.legend.zero(zeros)}</span>` : null}
      ${beyond > 0 ? html`<span class="legend-beyond">${surface ? text.legend.beyondSurface : scale === "pairs" ? text.legend.beyondPairs(beyond) : text.legend.beyond(beyond)}</span>` : null}
    </div>
  </div>`;
}

/**
 * @param {{state: import("../types.js").State, scale: import("../types.js").ScaleKey, store: import("../store.js").Store,
 *   limit: number, unit: string, dimension: import("../types.js").Dimension}} props
 */
function LimitBox({ state, scale, store, limit, unit, dimension }) {
  const id = useId();
  const rule = useId();
  const [refused, setRefused] = useState(/** @type {"typed" | "left" | null} */ (null));
  const shown = roundedLimit(limit);
  const box = useTyped(shown);
  useEffect(() => setRefused(null), [shown]);
  const allowed = (/** @type {string} */ typed) => Number(typed) > 0 && Number.isFinite(Number(typed));
  return html`<span class="limit-box"><label for=${id}>±<span class="visually-hidden">${text.legend.limit}, ${unit}</span></label>
    <input id=${id} type="number" min="0" step="any" value=${box.value} aria-invalid=${refused === "typed" ? "true" : undefined} aria-describedby=${refused ? rule : undefined}
      onInput=${(/** @type {any} */ event) => {
        box.type(event.target.value);
        if (allowed(event.target.value)) setRefused(null);
      }}
      onChange=${(/** @type {any} */ event) => {
        setRefused(allowed(event.target.value) ? null : "typed");
        if (!allowed(event.target.value)) return;
        box.leave();
        store.set({ fit: false, limits: { ...state.limits, [scale]: fromShown(Number(event.target.value), dimension, state.unit) } });
      }}
      onFocus=${() => setRefused(null)}
      onBlur=${() => {
        box.leave();
        // the limit that stays stands there again, with the word that it does
        setRefused((now) => now && "left");
      }} /></span>
    ${refused ? html`<span class="legend-beyond" id=${rule} role="alert">${text.legend.limitRule(`±${prettyNumber(shown, limitDecimals(shown))}\u00a0${unit}`)}</span>` : null}`;
}
