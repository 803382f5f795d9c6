/** A link's own picture: where a processor draws, it is there long before the page has drawn what it shows. */
import { hasSurfaces } from "./fields.js";
import { html, useEffect, useState } from "./html.js";

/** What ends it by hand: whoever wants to turn the molecule need not wait for a surface. */
const TOUCHES = /** @type {const} */ (["pointerdown", "wheel", "keydown"]);

/** @returns {string | null} address of the picture, which the page of a link names in its head (backend/atomlens/api/pages.py) */
function pictureOfLink() {
  return document.querySelector('link[rel="preload"][as="image"]')?.getAttribute("href") ?? null;
}

/**
 * Over the panes until all that the link shows is drawn in them, or it ends in another way; not at all where it comes
 * after the page has begun to draw. The panes say in words what it shows.
 *
 * @param {{state: import("../types.js").State, stage: import("../stage.js").Stage | null}} props
 */
export function Poster({ state, stage }) {
  const [address, setAddress] = useState(pictureOfLink);
  const [seen, setSeen] = useState(false);
  const over = stage !== null && isShown(state);
  const ended = state.alert !== null || state.viewerError !== null || (state.molecule !== null && state.opened === null);
  useEffect(() => {
    if (!address) return undefined;
    const end = () => setAddress(null);
    if (ended) end();
    for (const touch of TOUCHES) window.addEventListener(touch, end, { capture: true, passive: true });
    // what was told to the panes is on the screen one frame later
    const frame = over ? requestAnimationFrame(() => setTimeout(end)) : 0;
    return () => {
      cancelAnimationFrame(frame);
      for (const touch of TOUCHES) window.removeEventListener(touch, end, { capture: true });
    };
  }, [address, over, ended]);
  return address ? html`<img class="poster" src=${address} alt="" data-seen=${seen} onLoad=${() => (stage ? setAddress(null) : setSeen(true))} onError=${() => setAddress(null)} />` : null;
}

/** @param {import("../types.js").State} state @returns {boolean} whether nothing is missing that the panes are to show */
function isShown(state) {
  const { restoring, molecule, models, predictions, quantity, pairs } = state;
  if (restoring || molecule === null || models.length === 0 || predictions.length === 0) return false;
  return hasSurfaces(state) && (quantity !== "pairs" || Object.keys(pairs).length > 0);
}
