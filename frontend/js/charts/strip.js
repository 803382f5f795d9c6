/** How the values of one environment are distributed: an outline, the middle 80 % and the median; atoms are marked on it. */
import { placeOn, ridge } from "../lib/atlas.js";
import { html } from "../lib/html.js";

const HEIGHT = 20;

/**
 * @param {{row: import("../lib/atlas.js").Row, edges: number[], name: (atom: number) => string, onChoose: (atom: number) => void}} props
 *   `name`: of the button that marks an atom
 */
export function Strip({ row, edges, name, onChoose }) {
  const at = (/** @type {number} */ value) => placeOn(edges, value);
  return html`<div class="strip">
    <svg viewBox=${`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <line class="strip-base" x1="0" x2="100" y1=${HEIGHT} y2=${HEIGHT} />
      <path class="strip-ridge" d=${ridge(row.counts, HEIGHT - 1)} />
      ${row.n === 0 ? null : html`<line class="strip-middle" x1=${at(row.low)} x2=${at(row.high)} y1=${HEIGHT - 1} y2=${HEIGHT - 1} />
      <line class="strip-median" x1=${at(row.median)} x2=${at(row.median)} y1="4" y2=${HEIGHT} />`}
    </svg>
    ${row.own.map(({ atom, value, chosen }) => html`<button key=${atom} type="button" class="strip-mark" aria-pressed=${chosen}
      style=${{ left: `${at(value)}%` }} aria-label=${name(atom)} title=${name(atom)} onClick=${() => onChoose(atom)}></button>`)}
  </div>`;
}
