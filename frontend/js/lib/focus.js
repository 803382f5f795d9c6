/**
 * The focus is never lost: where the element that has it leaves the page, or is switched off, a neighbour takes it. A reader
 * without a mouse would begin at the top of the page again.
 */

const FOCUSABLE = 'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])';

/** @param {Element} element @returns {boolean} whether it can be seen */
const isSeen = (element) => element.getClientRects().length > 0;

/** @param {Element} root of the page @param {() => HTMLElement | null} last what takes the focus where no neighbour is left */
export function keepFocus(root, last) {
  /** @type {Element[]} what has the focus, and what is around it, innermost first */
  let path = [];

  function restore() {
    const [held] = path;
    if (!held || document.activeElement !== document.body || (held.isConnected && !held.matches(":disabled"))) return;
    for (const around of path.slice(1)) {
      if (!around.isConnected || around === root) continue;
      const neighbour = [...around.querySelectorAll(FOCUSABLE)].find(isSeen);
      if (neighbour instanceof HTMLElement) return neighbour.focus({ preventScroll: true });
    }
    last()?.focus({ preventScroll: true });
  }

  document.addEventListener("focusin", ({ target }) => {
    path = [];
    for (let element = target instanceof Element ? target : null; element; element = element.parentElement) path.push(element);
  });
  document.addEventListener("focusout", ({ target }) => {
    // who clicks beside everything has let go of it
    setTimeout(() => {
      if (target === path[0] && document.activeElement === document.body && path[0]?.isConnected && !path[0].matches(":disabled")) path = [];
    });
  });
  new MutationObserver(() => {
    if (path.length > 0) requestAnimationFrame(restore);
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}
