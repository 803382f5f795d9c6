/**
 * Walking from atom to atom with the keyboard: the atom under the walker is marked as the one under a pointer is, and read out.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {ReturnType<typeof createWalkActions>} Walker
 */
import { describeAtom, describeMolecule, walked } from "../lib/describe.js";
import { text } from "../lib/text.js";

/** @param {Store} store */
export function createWalkActions(store) {
  /** @param {string} said what is the same as before would not be read out again */
  const speak = (said) => store.set({ spoken: said === store.get().spoken ? `${said}\u00a0` : said });

  return {
    /** @param {{by: 1 | -1} | {bond: number}} step */
    walk(step) {
      const { hover, selected } = store.get();
      const to = walked(store.get(), hover ?? selected.at(-1) ?? null, step);
      if (to === null) return speak(store.get().molecule?.cell ? text.spoken.sites : text.spoken.nowhere);
      store.set({ hover: to });
      return speak(describeAtom(store.get(), to));
    },
    /** Selects the atom, or lets it go. */
    choose() {
      const { hover, selected } = store.get();
      if (hover === null) return;
      store.set({ selected: selected.includes(hover) ? selected.filter((atom) => atom !== hover) : [...selected, hover] });
      speak(describeAtom(store.get(), hover));
    },
    leave() {
      store.set({ hover: null, selected: [] });
      speak(text.spoken.left);
    },
    describe() {
      speak(describeMolecule(store.get()).join(" "));
    },
  };
}
