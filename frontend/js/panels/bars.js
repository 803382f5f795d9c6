/** The values of the atoms as bars: linked with the pictures and the table by what is pointed at and selected. */
import { Bars } from "../charts/bars.js";
import { barAxis, barChart } from "../lib/bars.js";
import { Choice } from "../lib/controls.js";
import { html, useStore } from "../lib/html.js";
import { limitOf } from "../lib/scale.js";
import { toggled } from "../lib/selection.js";
import { text } from "../lib/text.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** @param {import("../main.js").Parts} props */
export function BarsPanel({ store }) {
  const state = useStore(store, (all) => all);
  const chart = barChart(state);
  if (!chart) return null;
  const { series, dimension, rows } = chart;
  const unit = shownUnit(dimension, state.unit);
  const { low, high, ticks } = barAxis(rows);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const show = (/** @type {number} */ value, sign = true) => prettyNumber(value, decimals(unit), { sign });
  const describe = (/** @type {import("../lib/bars.js").BarRow} */ { name, values, spreads }) => `${name}: ${values.flatMap((value, k) => (value === null ? []
    : `${series[k]} ${show(value)}${spreads[k] ? ` ${text.table.spread(show(spreads[k] ?? 0, false))}` : ""}`)).join(", ")} ${unit}`;
  const name = text.quantity.names[state.quantity];
  return html`<section class="card bars-card" aria-label=${text.reading.bars.region}>
    <div class="bars-head"><h2>${text.reading.bars.heading(name, unit)}</h2>
      <span class="bars-key">${series.map((title, k) => html`<span key=${title} class=${`bar-key series-${k}`}>${title}</span>`)}</span>
      <${Choice} label=${text.reading.bars.order} className="inline" value=${state.barOrder} options=${Object.entries(text.reading.bars.orders).map(([value, label]) => ({ value, label }))}
        onChange=${(/** @type {import("../types.js").BarOrder} */ barOrder) => store.set({ barOrder })} /></div>
    <${Bars} rows=${rows} low=${low} high=${high} ticks=${ticks.map((value) => ({ value, label: prettyNumber(value, digits, { sign: true }) }))} limit=${toShown(limitOf(state), dimension, state.unit)}
      label=${text.reading.bars.label(name, unit)} describe=${describe} hover=${state.hover} selected=${state.selected}
      onHover=${(/** @type {number | null} */ hover) => store.set({ hover })}
      onToggle=${(/** @type {number} */ atom, /** @type {boolean} */ add) => store.set({ selected: toggled(store.get().selected, atom, add) })} />
    <p class="muted probe-note">${text.reading.bars.note}</p>
  </section>`;
}
