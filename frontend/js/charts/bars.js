/** Bars of the atoms: each a button, so that pointing, choosing and keys work as in the table; whiskers are spreads. */
import { valueColor } from "../lib/color.js";
import { html, useRef, useState } from "../lib/html.js";
import { adds } from "../lib/selection.js";

/**
 * @param {{rows: import("../lib/bars.js").BarRow[], low: number, high: number, ticks: {value: number, label: string}[], limit: number, label: string,
 *   describe: (row: import("../lib/bars.js").BarRow) => string, hover: number | null, selected: number[],
 *   onHover: (atom: number | null) => void, onToggle: (atom: number, add: boolean) => void}} props values and `limit` in the unit shown
 */
export function Bars({ rows, low, high, ticks, limit, label, describe, hover, selected, onHover, onToggle }) {
  const [cursor, setCursor] = useState(0);
  const group = useRef(/** @type {HTMLElement | null} */ (null));
  const at = (/** @type {number} */ value) => (100 * (value - low)) / (high - low);

  /** @param {KeyboardEvent} event @param {number} index */
  function onKey(event, index) {
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (target === undefined || target < 0 || target >= rows.length) return;
    event.preventDefault();
    setCursor(target);
    const button = group.current?.querySelectorAll("button")[target];
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  return html`<div class="bars">
    <div class="bars-axis" aria-hidden="true">${ticks.map(({ value, label: name }) => html`<span key=${value} style=${{ bottom: `${at(value)}%` }}>${name}</span>`)}</div>
    <div class="bars-scroll"><div class="bars-atoms" role="group" aria-label=${label} ref=${group} onMouseLeave=${() => onHover(null)}>
      <div class="bars-grid" aria-hidden="true">${ticks.map(({ value }) => html`<i key=${value} class=${value === 0 ? "zero" : ""} style=${{ bottom: `${at(value)}%` }}></i>`)}</div>
      ${rows.map((row, index) => {
        const { atom, values, spreads, name } = row;
        const point = () => onHover(atom);
        return html`<button key=${row.key} type="button" class=${`bar-atom${atom !== null && hover === atom ? " pointed" : ""}`} disabled=${false}
          aria-pressed=${atom !== null && selected.includes(atom) ? "true" : "false"} aria-disabled=${atom === null ? "true" : undefined} aria-label=${describe(row)} title=${describe(row)}
          tabindex=${index === Math.min(cursor, rows.length - 1) ? 0 : -1} onMouseEnter=${point} onFocus=${point} onBlur=${() => onHover(null)}
          onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, index)}
          onClick=${(/** @type {MouseEvent} */ event) => {
            setCursor(index);
            if (atom !== null) onToggle(atom, adds(event));
          }}>
          <span class="bar-track">${values.map((value, k) => (value === null ? null : html`<span key=${k} class="bar-slot" style=${{ left: `${(100 * k) / values.length}%`, width: `${100 / values.length}%` }}>
            <i class=${`bar series-${k}`} style=${{ bottom: `${at(Math.min(0, value))}%`, height: `${Math.abs(at(value) - at(0))}%`, backgroundColor: valueColor(value, limit) }}></i>
            ${spreads[k] ? html`<i class="bar-spread" style=${{ bottom: `${at(value - (spreads[k] ?? 0))}%`, height: `${at(2 * (spreads[k] ?? 0)) - at(0)}%` }}></i>` : null}
          </span>`))}</span>
          <span class="bar-name">${name}</span></button>`;
      })}
    </div></div>
  </div>`;
}
