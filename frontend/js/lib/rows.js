/** Rows of a table that are walked with the arrow keys: the Tab key reaches one of them, Enter and Space choose it. */
import { useRef, useState } from "./html.js";
import { adds } from "./selection.js";

/**
 * @returns {{body: {current: HTMLElement | null}, tab: (index: number, count: number) => 0 | -1,
 *   onKey: (event: KeyboardEvent, index: number, count: number, choose: (add: boolean) => void) => void}} `body`: holds the rows;
 *   `tab`: the tabindex of one of `count`; `add`: to what is chosen already
 */
export function useRows() {
  const [cursor, setCursor] = useState(0);
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  return {
    body,
    tab: (index, count) => (index === Math.min(cursor, count - 1) ? 0 : -1),
    onKey(event, index, count, choose) {
      if (event.target instanceof HTMLInputElement) return; // a check has a key of its own
      const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 }[event.key];
      if (event.key === "Enter" || event.key === " ") choose(adds(event));
      else if (target === undefined || target < 0 || target >= count) return;
      else {
        setCursor(target);
        /** @type {HTMLElement | undefined} */ (body.current?.children[target])?.focus();
      }
      event.preventDefault();
    },
  };
}
