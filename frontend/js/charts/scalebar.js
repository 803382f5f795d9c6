/** The scale bar: the colours of a diverging scale with its limits, and a tick for every atom's value. */
import { gradientCss } from "../lib/color.js";
import { html } from "../lib/html.js";
import { text } from "../lib/text.js";
import { limitDecimals } from "../lib/scale.js";
import { prettyNumber } from "../lib/units.js";

const STOPS = [-1, -0.5, 0, 0.5, 1];

/**
 * @param {{limit: number, unit: string, label: string, values: number[], marked: {value: number, name: string}[]}} props
 *   `limit`, `values`, `marked`: in the unit shown
 */
export function ScaleBar({ limit, unit, label, values, marked }) {
  const place = (/** @type {number} */ value) => `${50 + 50 * Math.min(1, Math.max(-1, value / limit))}%`;
  const digits = limitDecimals(limit);
  const end = prettyNumber(limit, digits);
  return html`<div class="scalebar" role="img" aria-label=${text.spoken.scale(label, end, unit)}>
    <div class="scalebar-marks" aria-hidden="true">
      ${marked.map(({ value, name }) => html`<span key=${name} class="scalebar-mark" style=${{ left: place(value) }}>${name}</span>`)}
    </div>
    <div class="scalebar-bar" style=${{ backgroundImage: gradientCss() }}>
      ${values.map((value, i) => html`<i key=${i} style=${{ left: place(value) }}></i>`)}
    </div>
    <div class="scalebar-ticks" aria-hidden="true">
      ${STOPS.map((stop) => html`<span key=${stop} style=${{ left: place(stop * limit) }}>${stop === 0 ? "0" : prettyNumber(stop * limit, digits, { sign: true })}</span>`)}
    </div>
  </div>`;
}
