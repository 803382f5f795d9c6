/** Markup: preact's virtual nodes written as tagged templates (htm), and the hooks that panels use. */
import { h, render } from "../../vendor/preact.js";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/hooks.js";
import htm from "../../vendor/htm.js";

export const html = htm.bind(h);
export { render, useEffect, useLayoutEffect, useMemo, useRef, useState };

let ids = 0;

/** @returns {string} an id that no other element has: preact's own begin anew when the whole page is drawn again */
export function useId() {
  return useState(() => `id-${(ids += 1)}`)[0];
}

/**
 * The part of the state that a panel shows; the panel is drawn anew only when that part changes.
 *
 * @template S, T
 * @param {{get: () => S, subscribe: (listener: (state: S) => void) => () => void}} store
 * @param {(state: S) => T} select
 * @returns {T}
 */
export function useStore(store, select) {
  const selected = select(store.get());
  const [, redraw] = useState(0);
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useEffect(() => {
    const check = (/** @type {S} */ state) => {
      if (!sameShallow(latest.current.select(state), latest.current.selected)) redraw((n) => n + 1);
    };
    check(store.get());
    return store.subscribe(check);
  }, [store]);
  return selected;
}

/** @param {string} query of CSS media @returns {boolean} whether it holds; the component is drawn anew when that changes */
export function useMedia(query) {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const listen = () => setHolds(media.matches);
    listen();
    media.addEventListener("change", listen);
    return () => media.removeEventListener("change", listen);
  }, [query]);
  return holds;
}

/** @param {unknown} a @param {unknown} b  @returns {boolean} equal, or objects whose entries are the same */
export function sameShallow(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = /** @type {Record<string, unknown>} */ (b);
  return left.length === Object.keys(right).length && left.every(([key, value]) => Object.is(value, right[key]));
}
