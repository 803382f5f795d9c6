/**
 * |P| of pairs against their distance: of every network the median over test molecules as a line and the middle 80 % as
 * a band, and the pairs of the molecule shown as marks. The height is logarithmic.
 */
import { decadeName, decades, stretches } from "../lib/decay.js";
import { html, useId } from "../lib/html.js";

const WIDTH = 420;
const HEIGHT = 250;
const EDGE = Object.freeze({ left: 52, right: 8, top: 8, bottom: 36 });

/** Outlines of a mark at a place: a circle for the first network, a diamond for the second. */
const MARKS = [
  (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r) => `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z`,
];

/**
 * @param {{series: {name: string, width: number, distances: number[], low: number[], median: number[], high: number[],
 *   own: {distance: number, value: number, marked: boolean}[]}[], farthest: number, xLabel: string, yLabel: string,
 *   label: string}} props energies: magnitudes in the unit shown; lengths: Å
 */
export function DecayChart({ series, farthest, xLabel, yLabel, label }) {
  const clip = useId();
  const all = series.flatMap(({ low, high, own }) => [...low, ...high, ...own.map(({ value }) => value)]);
  const { low: bottom, high: top } = decades(all);
  const nearest = Math.floor(Math.min(...series.flatMap(({ distances, width, own }) => [...distances.map((d) => d - width / 2), ...own.map(({ distance }) => distance)]), farthest - 1));
  const x = (/** @type {number} */ d) => round(EDGE.left + ((WIDTH - EDGE.left - EDGE.right) * (d - nearest)) / (farthest - nearest));
  const y = (/** @type {number} */ value) => {
    const power = value > 0 ? Math.max(bottom - 1, Math.log10(value)) : bottom - 1; // below the axis: cut off
    return round(EDGE.top + ((HEIGHT - EDGE.top - EDGE.bottom) * (top - power)) / (top - bottom));
  };
  const powers = Array.from({ length: top - bottom + 1 }, (_, i) => bottom + i);
  const ticks = Array.from({ length: Math.floor(farthest) - nearest + 1 }, (_, i) => nearest + i);
  return html`<svg class="decay" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${label}>
    <clipPath id=${clip}><rect x=${EDGE.left} y=${EDGE.top} width=${WIDTH - EDGE.left - EDGE.right} height=${HEIGHT - EDGE.top - EDGE.bottom} /></clipPath>
    ${powers.map((power) => html`<g key=${power}><line class="decay-grid" x1=${EDGE.left} x2=${WIDTH - EDGE.right} y1=${y(10 ** power)} y2=${y(10 ** power)} />
      <text x=${EDGE.left - 6} y=${y(10 ** power) + 4} text-anchor="end">${decadeName(power)}</text></g>`)}
    ${ticks.map((d) => html`<g key=${d}><line class="decay-grid" x1=${x(d)} x2=${x(d)} y1=${EDGE.top} y2=${HEIGHT - EDGE.bottom} />
      <text x=${x(d)} y=${HEIGHT - EDGE.bottom + 15} text-anchor="middle">${d}</text></g>`)}
    <text x=${(EDGE.left + WIDTH - EDGE.right) / 2} y=${HEIGHT - 4} text-anchor="middle">${xLabel}</text>
    <text x=${-(EDGE.top + HEIGHT - EDGE.bottom) / 2} y="11" text-anchor="middle" transform="rotate(-90)">${yLabel}</text>
    <g clip-path=${`url(#${clip})`}>
      ${series.map(({ name, width, distances, low, high }, i) => html`<path key=${name} class=${`decay-band series-${i}`} d=${stretches(distances, width)
        .map(([from, to]) => `M${outline(distances, high, from, to, width, x, y).join("L")}L${outline(distances, low, from, to, width, x, y).reverse().join("L")}Z`).join("")} />`)}
      ${series.map(({ name, width, distances, median }, i) => html`<path key=${name} class=${`decay-line series-${i}`} d=${stretches(distances, width)
        .map(([from, to]) => `M${outline(distances, median, from, to, width, x, y).join("L")}`).join("")} />`)}
      ${series.map(({ name, own }, i) => html`<path key=${name} class=${`decay-own series-${i}`} d=${own.map(({ distance, value, marked }) => MARKS[i % 2]?.(x(distance), y(value), marked ? 7 : 3.2)).join("")} />`)}
    </g>
  </svg>`;
}

/**
 * @param {number[]} distances @param {number[]} values @param {number} from @param {number} to @param {number} width
 * @param {(d: number) => number} x @param {(value: number) => number} y
 * @returns {string[]} points through the middles of the steps, out to the ends of the first and the last
 */
function outline(distances, values, from, to, width, x, y) {
  const inner = distances.slice(from, to + 1).map((d, i) => `${x(d)} ${y(values[from + i] ?? 0)}`);
  return [`${x((distances[from] ?? 0) - width / 2)} ${y(values[from] ?? 0)}`, ...inner, `${x((distances[to] ?? 0) + width / 2)} ${y(values[to] ?? 0)}`];
}

/** @param {number} value @returns {number} */
function round(value) {
  return Math.round(10 * value) / 10;
}
