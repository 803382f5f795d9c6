/** Points with a name in each, on two axes without numbers of their own: only distances between points mean something. */
import { html } from "../lib/html.js";
import { apart } from "../lib/vectors.js";

const WIDE = Object.freeze({ width: 640, height: 470 });
/** About as many points as there are pixels on a phone, so that names are as large there. */
const NARROW = Object.freeze({ width: 380, height: 440 });
const EDGE = Object.freeze({ left: 34, right: 18, top: 18, bottom: 34 });
const RADIUS = 10.5;
/** Between the middles of two, so that their names are read. */
const APART = 2.35 * RADIUS;

/**
 * Where points would lie over one another they are moved apart, each on a line to its own place.
 *
 * @param {{narrow: boolean, points: {name: string, title: string, x: number, y: number, color: string, shape: (radius: number) => string, ink: string, faint: boolean}[], xLabel: string, yLabel: string,
 *   label: string, pointed: string | null, chosen: string | null, onPoint: (name: string | null) => void, onChoose: (name: string) => void}} props
 */
export function Scatter({ narrow, points, xLabel, yLabel, label, pointed, chosen, onPoint, onChoose }) {
  const size = narrow ? NARROW : WIDE;
  const [x, y] = [scale(points.map((p) => p.x), EDGE.left + RADIUS, size.width - EDGE.right - RADIUS), scale(points.map((p) => p.y), size.height - EDGE.bottom - RADIUS, EDGE.top + RADIUS)];
  const frame = { left: EDGE.left + RADIUS, right: size.width - EDGE.right - RADIUS, top: EDGE.top + RADIUS, bottom: size.height - EDGE.bottom - RADIUS };
  const places = apart(points.map((p) => ({ x: x(p.x), y: y(p.y) })), APART, frame);
  const drawn = points.map((p, i) => ({ ...p, own: { x: x(p.x), y: y(p.y) }, at: places[i] ?? { x: x(p.x), y: y(p.y) } })).sort((a, b) => Number(a.name === pointed || a.name === chosen) - Number(b.name === pointed || b.name === chosen));
  return html`<svg class="scatter" viewBox=${`0 0 ${size.width} ${size.height}`} role="img" aria-label=${label} onMouseLeave=${() => onPoint(null)}>
    <rect class="scatter-frame" x=${EDGE.left} y=${EDGE.top} width=${size.width - EDGE.left - EDGE.right} height=${size.height - EDGE.top - EDGE.bottom} />
    <line class="scatter-zero" x1=${x(0)} x2=${x(0)} y1=${EDGE.top} y2=${size.height - EDGE.bottom} />
    <line class="scatter-zero" x1=${EDGE.left} x2=${size.width - EDGE.right} y1=${y(0)} y2=${y(0)} />
    <text x=${(EDGE.left + size.width - EDGE.right) / 2} y=${size.height - 10} text-anchor="middle">${xLabel}</text>
    <text x=${-(EDGE.top + size.height - EDGE.bottom) / 2} y="20" text-anchor="middle" transform="rotate(-90)">${yLabel}</text>
    ${drawn.filter(({ own, at }) => Math.hypot(own.x - at.x, own.y - at.y) > 1).map(({ name, own, at }) => html`<g key=${`way ${name}`} class="scatter-way" data-of=${name}>
      <line x1=${own.x} y1=${own.y} x2=${at.x} y2=${at.y} /><circle cx=${own.x} cy=${own.y} r="2" /></g>`)}
    ${drawn.map((p) => html`<g key=${p.name} data-element=${p.name} transform=${`translate(${p.at.x.toFixed(1)} ${p.at.y.toFixed(1)})`} class=${`scatter-point${p.faint ? " faint" : ""}${p.name === pointed ? " pointed" : ""}${p.name === chosen ? " chosen" : ""}`}
      onMouseEnter=${() => onPoint(p.name)} onClick=${() => onChoose(p.name)}>
      <title>${p.title}</title><path d=${p.shape(RADIUS)} style=${{ fill: p.color }} />
      <text y="4.2" text-anchor="middle" style=${{ fill: p.ink }}>${p.name}</text></g>`)}
  </svg>`;
}

/** @param {number[]} values @param {number} from @param {number} to @returns {(value: number) => number} */
function scale(values, from, to) {
  const [low, high] = [Math.min(...values, 0), Math.max(...values, 0)];
  return (value) => Math.round(10 * (from + ((to - from) * (value - low)) / (high - low || 1))) / 10;
}
