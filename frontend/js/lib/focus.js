/**
 * The focus of a reader at the keyboard is never lost: where the element that has it leaves the page, or is switched off, a
 * neighbour takes it, and not the top of the page. Who clicked or touched is left alone: on a phone a box that gets the focus
 * brings up the keyboard.
 */

const FOCUSABLE = 'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])';

/** @param {Element} element @returns {boolean} whether it can be seen */
const isSeen = (element) => element.getClientRects().length > 0;

/** What is switched off for longer does not come back soon, ms. */
const SWITCHED_OFF_MS = 600;

/** @param {Element} root of the page @param {() => HTMLElement | null} last what takes the focus where no neighbour is left */
export function keepFocus(root, last) {
  /** @type {Element[]} what has the focus, and what is around it, innermost first */
  let path = [];
  /** whether it was switched off while it had it */
  let off = false;
  /** whether a key was the last that was pressed, and no button of a mouse */
  let keys = false;
  let timer = 0;

  const isLost = () => keys && path.length > 0 && document.activeElement === document.body;

  function moveOn() {
    if (!isLost()) return;
    for (const around of path.slice(1)) {
      if (!around.isConnected || around === root) continue;
      const neighbour = [...around.querySelectorAll(FOCUSABLE)].find(isSeen);
      if (neighbour instanceof HTMLElement) return neighbour.focus({ preventScroll: true });
    }
    last()?.focus({ preventScroll: true });
  }

  function look() {
    const [held] = path;
    if (!held || !isLost()) return;
    clearTimeout(timer);
    if (!held.isConnected) return moveOn();
    if (held.matches(":disabled")) timer = window.setTimeout(moveOn, SWITCHED_OFF_MS);
    else if (off && held instanceof HTMLElement) held.focus({ preventScroll: true });
  }

  document.addEventListener("focusin", ({ target }) => {
    path = [];
    off = false;
    for (let element = target instanceof Element ? target : null; element; element = element.parentElement) path.push(element);
  });
  document.addEventListener("keydown", () => (keys = true), true);
  document.addEventListener("pointerdown", () => (keys = false), true);
  document.addEventListener("focusout", ({ target }) => {
    // who clicks beside everything has let go of it
    setTimeout(() => {
      if (target !== path[0] || document.activeElement !== document.body || !path[0]?.isConnected || path[0].matches(":disabled")) return;
      if (off) look(); // switched on again before the browser took the focus from it
      else path = [];
    });
  });
  new MutationObserver(() => {
    // the browser takes the focus from what is switched off only with the next frame, when it may be on again
    if (path[0]?.matches(":disabled")) off = true;
    if (path.length > 0) requestAnimationFrame(look);
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}
