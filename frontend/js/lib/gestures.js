/**
 * Gestures: pointers, wheel and keys become turns, shifts and zooms of the picture.
 *
 * The page must scroll over a picture as it does elsewhere: a plain wheel scrolls (with Ctrl, or by a pinch on
 * a touchpad, it zooms), and so does one finger moved up or down (`touch-action: pan-y`). One finger moved
 * sideways and two fingers turn, two fingers apart zoom.
 *
 * @typedef {object} Handlers
 * @property {(dx: number, dy: number) => void} turn pixels
 * @property {(dx: number, dy: number) => void} shift pixels
 * @property {(factor: number) => void} zoom
 * @property {(x: number, y: number, add: boolean) => void} tap pixels in the element; `add`: with Shift, or with Ctrl or Command
 * @property {(x: number, y: number) => boolean} [grab] whether something that can be dragged is there
 * @property {(dx: number, dy: number) => void} [drag] pixels
 * @property {() => void} [drop]
 * @property {(dx: number, dy: number) => boolean} [nudge] -1, 0 or 1 to the right and down; whether something could be moved
 * @property {import("../actions/walking.js").Walker} [walker] of the keys that go from atom to atom
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {() => void} reset
 * @property {() => void} wheelRefused a plain wheel passed over the picture
 */

const TAP_SLOP = 5;
const KEY_TURN = 18;
const KEY_ZOOM = 1.15;

/** @type {Readonly<Record<string, [number, number]>>} */
const ARROWS = Object.freeze({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/**
 * @param {HTMLElement} element
 * @param {Handlers} on
 */
export function attachGestures(element, on) {
  listenToPointers(element, on);
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) {
      on.wheelRefused();
      return;
    }
    event.preventDefault();
    on.zoom(Math.exp(-event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 0.05 : 0.004)));
  }, { passive: false });
  // two fingers belong to the picture, or the browser would scroll under them
  element.addEventListener("touchstart", (event) => {
    if (event.touches.length > 1) event.preventDefault();
  }, { passive: false });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
}

/**
 * @param {HTMLElement} element that has the focus
 * @param {Handlers} on
 */
export function attachKeys(element, on) {
  element.addEventListener("keydown", (event) => {
    const arrow = event.altKey && !event.ctrlKey && !event.metaKey ? ARROWS[event.key] : undefined;
    if (arrow && on.nudge?.(...arrow)) event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onKey(event.key, event.shiftKey, on)) event.preventDefault();
  });
}

/** @param {string} key @param {boolean} shift @param {Handlers} on @returns {boolean} whether the key meant something */
function onKey(key, shift, on) {
  const arrow = ARROWS[key];
  if (arrow) (shift ? on.shift : on.turn)(arrow[0] * KEY_TURN, arrow[1] * KEY_TURN);
  else if (key === "+" || key === "=") on.zoom(KEY_ZOOM);
  else if (key === "-" || key === "_") on.zoom(1 / KEY_ZOOM);
  else if (key === "0" || key === "Home") on.reset();
  else return on.walker !== undefined && onWalkKey(key, on.walker);
  return true;
}

/** @param {string} key @param {import("../actions/walking.js").Walker} walker @returns {boolean} whether the key meant something */
function onWalkKey(key, walker) {
  const letter = key.toLowerCase();
  if (letter === "n" || key === "]") walker.walk({ by: 1 });
  else if (letter === "p" || key === "[") walker.walk({ by: -1 });
  else if (/^[1-9]$/.test(key)) walker.walk({ bond: Number(key) - 1 });
  else if (key === "Enter" || key === " ") walker.choose();
  else if (letter === "d") walker.describe();
  else {
    if (key === "Escape") walker.leave(); // and what lies over the picture closes with it
    return false;
  }
  return true;
}

/** @param {HTMLElement} element @param {Handlers} on */
function listenToPointers(element, on) {
  /** @type {Map<number, {x: number, y: number}>} */
  const held = new Map();
  let travelled = 0;
  let several = false;
  let grabbed = false;
  /** @type {boolean | null} whether a finger scrolls the page, which the browser finds a moment later; null: not known yet */
  let scrolls = null;
  let begun = { x: 0, y: 0 };

  const place = (/** @type {PointerEvent} */ event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener("pointerdown", (event) => {
    if (held.size === 0) [travelled, several, scrolls, begun] = [0, false, event.pointerType === "touch" ? null : false, place(event)];
    held.set(event.pointerId, place(event));
    several ||= held.size > 1;
    const { x, y } = place(event);
    grabbed = !several && event.button === 0 && (on.grab?.(x, y) ?? false);
    element.setPointerCapture(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    const now = place(event);
    if (!before) {
      if (event.pointerType === "mouse") on.hover(now.x, now.y);
      return;
    }
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.hypot(dx, dy);
    if (travelled > TAP_SLOP) scrolls ??= Math.abs(now.y - begun.y) > Math.abs(now.x - begun.x);
    if (held.size > 1) pinch(held, event.pointerId, now, on);
    else if (grabbed) {
      if (travelled > TAP_SLOP) on.drag?.(dx, dy);
    } else if (travelled > TAP_SLOP && !scrolls) (event.buttons & 6 || event.shiftKey ? on.shift : on.turn)(dx, dy);
    held.set(event.pointerId, now);
  });

  const release = (/** @type {PointerEvent} */ event) => {
    const at = held.get(event.pointerId);
    held.delete(event.pointerId);
    if (grabbed && travelled > TAP_SLOP) on.drop?.();
    grabbed = false;
    if (event.type === "pointerup" && at && travelled <= TAP_SLOP && !several && event.button === 0) on.tap(at.x, at.y, event.shiftKey || event.ctrlKey || event.metaKey);
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("pointerleave", (event) => {
    // a finger leaves whenever it is lifted; what it has shown stays
    if (event.pointerType === "mouse" && !held.has(event.pointerId)) on.leave();
  });
}

/**
 * One of two fingers has moved: their middle turns the picture, their distance zooms it.
 *
 * @param {Map<number, {x: number, y: number}>} held
 * @param {number} moved
 * @param {{x: number, y: number}} now
 * @param {Handlers} on
 */
function pinch(held, moved, now, on) {
  const before = held.get(moved);
  const other = [...held].find(([id]) => id !== moved)?.[1];
  if (!before || !other) return;
  const apart = Math.hypot(before.x - other.x, before.y - other.y);
  if (apart > 1) on.zoom(Math.hypot(now.x - other.x, now.y - other.y) / apart);
  on.turn((now.x - before.x) / 2, (now.y - before.y) / 2);
}
