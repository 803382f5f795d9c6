/**
 * What is looked at stays with its place in the history of the browser: a page that is read anew, or come back to, shows
 * the same quantity in the same way, on the same way from one molecule or geometry to another. Links carry it for others
 * (viewstate.js).
 */
import { decodeSight, encodeSight, encodeWays, SIGHT, WAYS } from "./viewstate.js";

const KEPT = /** @type {const} */ ([...SIGHT, ...WAYS]);

/** ms after the last change: browsers refuse hundreds of entries in half a minute, and a slider makes as many. */
const REST_MS = 200;

/** @param {import("../types.js").State["probe"]} probe the page's own @returns {Partial<import("../types.js").State>} what was looked at in this place */
export function readSight(probe) {
  return decodeSight(history.state?.sight, probe);
}

/** @returns {unknown} the ways on which the molecule of this place was, as `readAlchemy` and `readWay` read them */
export function readWays() {
  return history.state?.ways;
}

/** What is to be written yet of this place. @type {(() => void) | null} */
let due = null;

/** Before the browser goes to another place: what was looked at in this one until now. */
export function settleSight() {
  due?.();
}

/** @param {object} part of what the browser keeps with this place */
export function keepInPlace(part) {
  history.replaceState({ ...history.state, ...part }, "", location.href);
}

/** @param {import("../store.js").Store} store */
export function keepSight(store) {
  /** @type {readonly unknown[]} */
  let kept = KEPT.map((key) => store.get()[key]);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const write = () => {
    clearTimeout(timer);
    due = null;
    keepInPlace({ sight: encodeSight(store.get()), ways: encodeWays(store.get()) });
  };
  store.subscribe((state) => {
    const now = KEPT.map((key) => state[key]);
    // another molecule begins a place of its own, which holds nothing yet
    if (now.every((value, k) => value === kept[k]) && history.state?.sight) return;
    kept = now;
    clearTimeout(timer);
    due = write;
    timer = setTimeout(write, REST_MS);
  });
}
