/** Points with a name in each, on two axes without numbers of their own: only distances between points mean something. */
import { html } from "../lib/html.js";

const SIZE = Object.freeze({ width: 640, height: 470 });
const EDGE = Object.freeze({ left: 34, right: 18, top: 18, bottom: 34 });
const RADIUS = 10.5;

/**
 * @param {{points: {name: string, x: number, y: number, color: string, ink: string, faint: boolean}[], xLabel: string, yLabel: string,
 *   label: string, pointed: string | null, chosen: string | null, onPoint: (name: string | null) => void, onChoose: (name: string) => void}} props
 */
export function Scatter({ points, xLabel, yLabel, label, pointed, chosen, onPoint, onChoose }) {
  const [x, y] = [scale(points.map((p) => p.x), EDGE.left + RADIUS, SIZE.width - EDGE.right - RADIUS), scale(points.map((p) => p.y), SIZE.height - EDGE.bottom - RADIUS, EDGE.top + RADIUS)];
  const drawn = [...points].sort((a, b) => Number(a.name === pointed || a.name === chosen) - Number(b.name === pointed || b.name === chosen));
  return html`<svg class="scatter" viewBox=${`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label=${label} onMouseLeave=${() => onPoint(null)}>
    <rect class="scatter-frame" x=${EDGE.left} y=${EDGE.top} width=${SIZE.width - EDGE.left - EDGE.right} height=${SIZE.height - EDGE.top - EDGE.bottom} />
    <line class="scatter-zero" x1=${x(0)} x2=${x(0)} y1=${EDGE.top} y2=${SIZE.height - EDGE.bottom} />
    <line class="scatter-zero" x1=${EDGE.left} x2=${SIZE.width - EDGE.right} y1=${y(0)} y2=${y(0)} />
    <text x=${(EDGE.left + SIZE.width - EDGE.right) / 2} y=${SIZE.height - 10} text-anchor="middle">${xLabel}</text>
    <text x=${-(EDGE.top + SIZE.height - EDGE.bottom) / 2} y="20" text-anchor="middle" transform="rotate(-90)">${yLabel}</text>
    ${drawn.map((p) => html`<g key=${p.name} data-element=${p.name} class=${`scatter-point${p.faint ? " faint" : ""}${p.name === pointed ? " pointed" : ""}${p.name === chosen ? " chosen" : ""}`}
      onMouseEnter=${() => onPoint(p.name)} onClick=${() => onChoose(p.name)}>
      <circle cx=${x(p.x)} cy=${y(p.y)} r=${RADIUS} style=${{ fill: p.color }} />
      <text x=${x(p.x)} y=${y(p.y) + 4.2} text-anchor="middle" style=${{ fill: p.ink }}>${p.name}</text></g>`)}
  </svg>`;
}

/** @param {number[]} values @param {number} from @param {number} to @returns {(value: number) => number} */
function scale(values, from, to) {
  const [low, high] = [Math.min(...values, 0), Math.max(...values, 0)];
  return (value) => Math.round(10 * (from + ((to - from) * (value - low)) / (high - low || 1))) / 10;
}
