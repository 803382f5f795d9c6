/** How the values of one environment are distributed: an outline, the middle 80 % and the median; atoms are marked on it. */
import { apartFrom, placeOn, ridge } from "../lib/atlas.js";
import { html, useLayoutEffect, useRef, useState } from "../lib/html.js";

const HEIGHT = 20;
/** px: of a mark's button, and of the narrowest strip (css/atlas.css). */
const BUTTON = 24;
const NARROWEST = 112;

/**
 * @param {{row: import("../lib/atlas.js").Row, edges: number[], name: (atom: number) => string, onChoose: (atom: number) => void}} props
 *   `name`: of the button that marks an atom
 */
export function Strip({ row, edges, name, onChoose }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(NARROWEST);
  useLayoutEffect(() => setWidth(box.current?.clientWidth || NARROWEST), []);
  const at = (/** @type {number} */ value) => placeOn(edges, value);
  const apart = apartFrom(row.own.map(({ value, chosen }) => ({ place: (at(value) * width) / 100, first: chosen })), BUTTON);
  return html`<div class="strip" ref=${box}>
    <svg viewBox=${`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <line class="strip-base" x1="0" x2="100" y1=${HEIGHT} y2=${HEIGHT} />
      <path class="strip-ridge" d=${ridge(row.counts, HEIGHT - 1)} />
      ${row.n === 0 ? null : html`<line class="strip-middle" x1=${at(row.low)} x2=${at(row.high)} y1=${HEIGHT - 1} y2=${HEIGHT - 1} />
      <line class="strip-median" x1=${at(row.median)} x2=${at(row.median)} y1="4" y2=${HEIGHT} />`}
    </svg>
    ${row.own.map(({ atom, value, chosen }, k) => {
      const mark = { class: "strip-mark", style: { left: `${at(value)}%` }, title: name(atom), onClick: () => onChoose(atom) };
      // of marks on top of one another only one can be hit for certain: the others are reached in the table of atoms
      return apart[k]
        ? html`<button key=${atom} type="button" ...${mark} aria-pressed=${chosen} aria-label=${name(atom)}></button>`
        : html`<span key=${atom} ...${mark} aria-hidden="true"></span>`;
    })}
  </div>`;
}
