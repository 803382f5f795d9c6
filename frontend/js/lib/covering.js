/** Covering: what a card covers is out of sight as a whole as long as it does, since a part of a button is no target. */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/** @param {Box} a @param {Box} b @returns {boolean} */
export function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Hides whatever yields to cards (`data-yields`) where this one lies over it.
 *
 * @param {Element} card
 * @returns {() => void} once the card is closed
 */
export function cover(card) {
  const each = (/** @type {(part: Element) => boolean} */ covered) => {
    for (const part of document.querySelectorAll("[data-yields]")) part.classList.toggle("covered", covered(part));
  };
  const look = () => {
    const own = card.getBoundingClientRect();
    each((part) => overlap(own, part.getBoundingClientRect()));
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(card);
  const changes = /** @type {const} */ (["scroll", "resize"]);
  for (const change of changes) window.addEventListener(change, look, { passive: true });
  look();
  return () => {
    sizes.disconnect();
    for (const change of changes) window.removeEventListener(change, look);
    each(() => false);
  };
}
