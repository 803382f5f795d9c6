/** A value as a bar from zero to its side, in the colour that it has in the picture. */
import { valueColor } from "../lib/color.js";
import { html } from "../lib/html.js";

/** @param {{value: number, limit: number}} props of the same unit */
export function ValueBar({ value, limit }) {
  const part = Math.min(1, Math.abs(value) / limit) * 50;
  const style = { left: `${value < 0 ? 50 - part : 50}%`, width: `${part}%`, background: valueColor(value, limit) };
  return html`<span class="valuebar" aria-hidden="true"><i style=${style}></i></span>`;
}
