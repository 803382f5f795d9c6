/** Drawings of molecules: the paths of a structural formula in the colours of the page. */
import { html } from "./html.js";

/** @param {{drawing: import("../types.js").Structure}} props */
export function Drawing({ drawing: { size, paths } }) {
  return html`<svg class="drawing" viewBox=${`0 0 ${size[0]} ${size[1]}`} aria-hidden="true">
    ${paths.map(({ element, fill, d }, i) => html`<path key=${i} class=${`${fill ? "letter" : "line"} of-${element || "C"}`} d=${d} />`)}
  </svg>`;
}
