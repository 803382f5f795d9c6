/**
 * The histogram of a field: how often each value occurs, on a logarithmic height, since most of the box is far
 * from the molecule and near zero. It stands behind the slider of the level.
 */
import { diverging, hex } from "../lib/color.js";
import { html, useId } from "../lib/html.js";

const WIDTH = 400;
const HEIGHT = 56;
const GRADIENT_STOPS = 24;

/**
 * The outline of a histogram within a range.
 *
 * @param {import("../types.js").Histogram} histogram
 * @param {number} low
 * @param {number} high
 * @returns {string} path of an SVG picture of 400 × 56
 */
export function outline({ edges, counts }, low, high) {
  const top = Math.log1p(Math.max(1, ...counts));
  const x = (/** @type {number} */ value) => (WIDTH * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
  const y = (/** @type {number} */ count) => HEIGHT - (HEIGHT - 4) * (Math.log1p(count) / top);
  const steps = counts
    .map((count, i) => ({ count, from: edges[i] ?? 0, to: edges[i + 1] ?? 0 }))
    .filter(({ from, to }) => to > low && from < high)
    .map(({ count, from, to }) => `L${x(from).toFixed(1)} ${y(count).toFixed(1)}L${x(to).toFixed(1)} ${y(count).toFixed(1)}`);
  const first = x(edges[0] ?? low).toFixed(1);
  const last = x(edges.at(-1) ?? high).toFixed(1);
  return `M${first} ${HEIGHT}${steps.join("")}L${last} ${HEIGHT}Z`;
}

/**
 * @param {{series: {name: string, histogram: import("../types.js").Histogram}[], low: number, high: number, limit: number,
 *   levels: number[], level: number | null, label: string, onLevel: (level: number) => void}} props eV or e; `level`: that of the handle
 */
export function HistogramChart({ series, low, high, limit, levels, level, label, onLevel }) {
  const id = useId();
  const at = (/** @type {number} */ value) => (WIDTH * (value - low)) / (high - low);
  const stops = Array.from({ length: GRADIENT_STOPS + 1 }, (_, i) => i / GRADIENT_STOPS);

  /** The level goes where the pointer is; the slider below does the same for keys and screen readers. @param {PointerEvent} event */
  function pull(event) {
    const plot = /** @type {HTMLElement} */ (event.currentTarget);
    if (event.type === "pointerdown") plot.setPointerCapture(event.pointerId);
    else if (!plot.hasPointerCapture(event.pointerId)) return;
    const { left, width } = plot.getBoundingClientRect();
    onLevel(low + (high - low) * Math.min(1, Math.max(0, (event.clientX - left) / width)));
  }

  return html`<div class="histogram-plot" onPointerDown=${pull} onPointerMove=${pull}>
    <svg class="histogram" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}>
      <defs><linearGradient id=${id}>${stops.map((part) => html`<stop key=${part} offset=${part} stop-color=${hex(diverging((low + part * (high - low)) / limit))} />`)}</linearGradient></defs>
      ${series.map(({ name, histogram }, i) => html`<path key=${name} class=${`histogram-series series-${i}`} d=${outline(histogram, low, high)}
        fill=${i === 0 ? `url(#${id})` : "none"} />`)}
      <line class="histogram-zero" x1=${at(0)} x2=${at(0)} y1="0" y2=${HEIGHT} />
      ${levels.filter((one) => one > low && one < high).map((one, i) => html`<line key=${i} class="histogram-level" x1=${at(one)} x2=${at(one)} y1="0" y2=${HEIGHT} />`)}
    </svg>
    ${level === null ? null : html`<i class="histogram-handle" aria-hidden="true" style=${{ left: `${Math.min(100, Math.max(0, at(level) / (WIDTH / 100)))}%` }}></i>`}
  </div>`;
}
