/** The scale bar: the colours of a diverging scale with its limits, and a tick for every atom's value. */
import { gradientCss } from "../lib/color.js";
import { html } from "../lib/html.js";
import { text } from "../lib/text.js";
import { limitDecimals, scaleTicks } from "../lib/scale.js";
import { prettyNumber } from "../lib/units.js";

/** Part of the bar within which names would run into one another: they stand in one line then. */
const NEAR = 0.25;

/**
 * @param {{value: number, name: string}[]} marked
 * @param {(value: number) => number} place 0..1
 * @returns {{name: string, at: number}[]} names from left to right, those of near places together
 */
export function markNames(marked, place) {
  /** @type {{names: string[], places: number[]}[]} */
  const groups = [];
  for (const { value, name } of [...marked].sort((a, b) => a.value - b.value)) {
    const last = groups.at(-1);
    if (last && place(value) - (last.places.at(-1) ?? 0) < NEAR) {
      last.names.push(name);
      last.places.push(place(value));
    } else groups.push({ names: [name], places: [place(value)] });
  }
  return groups.map(({ names, places }) => ({ name: names.join(" · "), at: places.reduce((sum, one) => sum + one, 0) / places.length }));
}

/**
 * @param {{limit: number, unit: string, label: string, values: number[], marked: {value: number, name: string}[]}} props
 *   `limit`, `values`, `marked`: in the unit shown
 */
export function ScaleBar({ limit, unit, label, values, marked }) {
  const along = (/** @type {number} */ value) => 0.5 + 0.5 * Math.min(1, Math.max(-1, value / limit));
  const place = (/** @type {number} */ value) => `${100 * along(value)}%`;
  const end = prettyNumber(limit, limitDecimals(limit));
  const ticks = scaleTicks(limit);
  return html`<div class="scalebar" role="img" aria-label=${text.spoken.scale(label, end, unit)}>
    <div class="scalebar-marks" aria-hidden="true">
      ${markNames(marked, along).map(({ name, at }) => html`<span key=${name} class="scalebar-mark" style=${{ left: `${100 * at}%`, "--place": `${100 * at}%` }}>${name}</span>`)}
      ${marked.map(({ value, name }) => html`<i key=${name} style=${{ left: place(value) }}></i>`)}
    </div>
    <div class="scalebar-bar" style=${{ backgroundImage: gradientCss() }}>
      ${values.map((value, i) => html`<i key=${i} style=${{ left: place(value) }}></i>`)}
    </div>
    <div class="scalebar-ticks" aria-hidden="true">
      ${ticks.values.map((value) => {
        const number = value === 0 ? "0" : prettyNumber(value, ticks.digits, { sign: true });
        return html`<span key=${value} style=${{ "--place": place(value), "--half": `${number.length / 2}ch` }}>${number}</span>`;
      })}
    </div>
  </div>`;
}
