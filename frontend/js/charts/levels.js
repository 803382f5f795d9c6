/** Levels of energy before and after a reaction, one pair for each network, with the spread of the difference. */
import { html } from "../lib/html.js";

const HEIGHT = 230;
const COLUMN = 200;
const LEVEL = 62;
/** Beside the level, where it crosses neither the line nor its words. */
const WHISKER = Object.freeze({ away: 11, cap: 4 });
/** For names above, and values above or below. */
const ROOM = Object.freeze({ top: 54, bottom: 34 });

/**
 * @param {{series: {name: string, value: number, spread: number | null, said: string}[], label: string, before: string, after: string}} props
 *   `value` of the products relative to the reactants, in the unit shown
 */
export function LevelChart({ series, label, before, after }) {
  const ends = series.flatMap(({ value, spread }) => [value + (spread ?? 0), value - (spread ?? 0)]);
  const low = Math.min(0, ...ends);
  const span = Math.max(0, ...ends) - low || 1;
  const y = (/** @type {number} */ value) => HEIGHT - ROOM.bottom - ((HEIGHT - ROOM.top - ROOM.bottom) * (value - low)) / span;
  const width = COLUMN * series.length;
  return html`<svg class="levels" viewBox=${`0 0 ${width} ${HEIGHT}`} style=${{ maxWidth: `${width * 1.5}px` }} role="img" aria-label=${label}>
    <line class="levels-zero" x1="0" x2=${width} y1=${y(0)} y2=${y(0)} />
    ${series.map(({ name, value, spread, said }, i) => {
      const left = COLUMN * i + 20;
      const right = left + LEVEL + 26;
      const middle = right + LEVEL / 2;
      return html`<g key=${name}>
        <line class=${`levels-level series-${i}`} x1=${left} x2=${left + LEVEL} y1=${y(0)} y2=${y(0)} />
        <line class="levels-way" x1=${left + LEVEL} x2=${right} y1=${y(0)} y2=${y(value)} />
        <line class=${`levels-level series-${i}`} x1=${right} x2=${right + LEVEL} y1=${y(value)} y2=${y(value)} />
        ${spread === null ? null : html`<path class="levels-spread" d=${whisker(right + LEVEL + WHISKER.away, y(value + spread), y(value), y(value - spread))} />`}
        <text class="levels-name" x=${(left + right + LEVEL) / 2} y="14">${name}</text>
        <text class="levels-value" x=${right + LEVEL} y=${y(value) + (value < 0 ? 19 : -9)}>${said}</text>
        <text class="levels-side" x=${left + LEVEL / 2} y=${value < 0 ? y(0) - 6 : y(0) + 14}>${before}</text>
        <text class="levels-side" x=${middle} y=${y(value) + (value < 0 ? -6 : 14)}>${after}</text>
      </g>`;
    })}
  </svg>`;
}

/** @param {number} x @param {number} top @param {number} middle @param {number} bottom @returns {string} the path of a whisker with caps at its ends and a short line where the value is */
function whisker(x, top, middle, bottom) {
  const cap = (/** @type {number} */ y, /** @type {number} */ half) => `M${x - half} ${y}h${2 * half}`;
  return `${cap(top, WHISKER.cap)}M${x} ${top}V${bottom}${cap(bottom, WHISKER.cap)}${cap(middle, WHISKER.cap / 2)}`;
}
