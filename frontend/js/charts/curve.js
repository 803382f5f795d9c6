/** Curves along a path: one for each network, and where the dial stands. */
import { html } from "../lib/html.js";

const WIDTH = 400;
const HEIGHT = 120;
/** Pixels of the picture above the highest and below the lowest value. */
const ROOM = 6;

/** @typedef {{name: string, values: number[], doubtful?: boolean[]}} Series `doubtful`: drawn faint there */

/**
 * Pieces of a curve that are drawn alike; neighbours share the value between them.
 *
 * @param {Series} series
 * @returns {{first: number, last: number, faint: boolean}[]} from one place of the values to another
 */
export function pieces({ values, doubtful }) {
  const faint = (/** @type {number} */ i) => Boolean(doubtful?.[i] || doubtful?.[i + 1]);
  /** @type {{first: number, last: number, faint: boolean}[]} */
  const found = [];
  for (let i = 0; i + 1 < values.length; i += 1) {
    const last = found.at(-1);
    if (last && last.faint === faint(i)) last.last = i + 1;
    else found.push({ first: i, last: i + 1, faint: faint(i) });
  }
  return found;
}

/**
 * @param {{series: Series[], at: number, label: string, mark?: number | null, onPick?: ((part: number) => void) | null, zero?: boolean}} props `values`: evenly
 *   spaced from 0 to 1, in the unit shown; `at`: where the dial stands, 0 to 1; `mark`: a place that stands out, 0 to 1;
 *   `onPick`: told where somebody clicks, 0 to 1, beside a slider that keys move; `zero`: whether zero is in the picture
 */
export function CurveChart({ series, at, label, mark = null, onPick = null, zero = true }) {
  const all = [...(zero ? [0] : []), ...series.flatMap(({ values }) => values)];
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const x = (/** @type {number} */ part) => WIDTH * part;
  const y = (/** @type {number} */ value) => HEIGHT - ROOM - ((HEIGHT - 2 * ROOM) * (value - low)) / span;
  const line = (/** @type {number[]} */ values, /** @type {number} */ first, /** @type {number} */ last) =>
    values.slice(first, last + 1).map((value, i) => `${x((first + i) / Math.max(1, values.length - 1)).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return html`<svg class="curve" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}
    onClick=${onPick && ((/** @type {any} */ event) => {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      onPick(Math.min(1, Math.max(0, (event.clientX - left) / width)));
    })}>
    ${zero ? html`<line class="curve-zero" x1="0" x2=${WIDTH} y1=${y(0)} y2=${y(0)} />` : null}
    ${series.map((one, i) => pieces(one).map(({ first, last, faint }) => html`<polyline key=${`${one.name} ${first}`} class=${`curve-series series-${i}${faint ? " doubtful" : ""}`} points=${line(one.values, first, last)} />`))}
    ${mark === null ? null : html`<line class="curve-mark" x1=${x(mark)} x2=${x(mark)} y1="0" y2=${HEIGHT} />`}
    <line class="curve-dial" x1=${x(at)} x2=${x(at)} y1="0" y2=${HEIGHT} />
  </svg>`;
}
