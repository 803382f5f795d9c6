/** The numbers under the pointer, beside it: what a surface says there, and where that is; or what the networks give an atom. */
import { html, useEffect, useState, useStore } from "../lib/html.js";
import { atomReadout, readoutOf } from "../lib/readout.js";

/** Pixels between the pointer and its number, which stands on the side where there is more room. */
const GAP = 14;

/** @param {import("../main.js").Parts} props */
export function Readout({ store, stage }) {
  const state = useStore(store, (all) => all);
  const [pointed, setPointed] = useState(/** @type {import("../stage.js").Pointed | null} */ (null));
  useEffect(() => stage?.onPointed(setPointed), [stage]);
  useEffect(() => {
    const leave = () => setPointed(null); // the picture goes away under it
    addEventListener("scroll", leave, { passive: true });
    return () => removeEventListener("scroll", leave);
  }, []);
  // the surface under the pointer has changed: its number is of before
  useEffect(() => setPointed(null), [state.surfaces, state.quantity]);
  const found = pointed?.hit ? readoutOf(state, pointed.slot, pointed.hit) : null;
  const atom = pointed && pointed.atom !== null ? atomReadout(state, pointed.slot, pointed.atom) : null;
  if (!pointed || (!found && !atom)) return null;
  const place = {
    ...(pointed.x < innerWidth / 2 ? { left: `${pointed.x + GAP}px` } : { right: `${innerWidth - pointed.x + GAP}px` }),
    ...(pointed.y > innerHeight / 2 ? { bottom: `${innerHeight - pointed.y + GAP}px` } : { top: `${pointed.y + GAP}px` }),
  };
  if (atom) {
    return html`<div class="readout" style=${place} aria-hidden="true"><strong>${atom.name}</strong>
      ${atom.lines.map(({ title, value }) => html`<div key=${title}><span class="muted">${title}</span> ${value}</div>`)}</div>`;
  }
  // with the keyboard the same comes from the profile, which reads it out
  return html`<div class="readout" style=${place} aria-hidden="true">
    <span class="muted">${found?.model}</span> <strong>${found?.value}</strong><br /><span class="muted">${found?.place}</span></div>`;
}
